"""Fine-tuning: the upper layers of an encoder learn the labels, in cross-fitted ensemble members.

The lower layers stay as they are, so their outputs are computed once a text and shared by all members;
that is what makes tuning affordable without a GPU. Each member leaves one fold of the labelled texts out
and scores it, which gives out-of-fold scores of every labelled text for calibration; new texts get the mean of
the members (cross-fitting as in Chernozhukov et al. 2018; the ensemble as in Lakshminarayanan et al. 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing.classify.state import State
from framing.classify.tuned.forecast import describe_tuning, forecast_tuning
from framing.classify.tuned.plan import TuningPlan
from framing.classify.tuned.rivals import Rival, choose_rival, describe_plan, read_arrays
from framing.classify.tuned.scoring_format import find_scoring_dtype
from framing.classify.tuned.training import train_member
from framing.encoders.costs import Machine
from framing.encoders.weights import ModelSource
from framing.encoders.windows import join_pieces, split_long
from framing.errors import FramingError
from framing.executors.forked import SharedSteps, map_forked
from framing.files.machine import count_available_cores
from framing.steps import Say, count_steps

if TYPE_CHECKING:
    from framing.classify.tuned.backbone import Backbone, Member

__all__ = ["TunedEncoder"]

Array = NDArray[np.float64]

_WINDOW_TEXTS = 256  # whose states are in memory at once
_LONG = 200  # steps from which members are trained side by side, each in a process


class TunedEncoder:
    """Members of one architecture, each trained on all labelled texts but one fold.

    Parameters
    ----------
    source : ModelSource
        The encoder that is tuned.
    multi_label : bool
        Whether a text may carry several frames.
    plan : TuningPlan
        How members are trained.
    random_seed : int
        Of the training.

    Attributes
    ----------
    members_ : list of Member
        One a fold.
    plan_ : TuningPlan
        The one used, of those that compete on the first fold.
    dtype_ : str
        Number format in which matrices were multiplied while training.
    left_out_ : ndarray, shape (n, K)
        Log-odds (several labels) or log-probabilities (one label); NaN in rows that are in no fold.
    """

    def __init__(self, source: ModelSource, *, multi_label: bool, plan: TuningPlan, random_seed: int = 0) -> None:
        self.source = source
        self.multi_label = multi_label
        self.plan = self.plan_ = plan
        self.random_seed = random_seed
        self.members_: list[Member] = []
        self._backbone: Backbone | None = None

    @property
    def backbone(self) -> Backbone:
        """The encoder, cut in two; it is loaded at the first use.

        Returns
        -------
        Backbone
            Shared by all members.
        """
        if self._backbone is None:
            from framing.classify.tuned.backbone import Backbone  # here, since its classes need torch

            self._backbone = Backbone(
                self.source, trained_layers=self.plan.trained_layers, max_tokens=self.plan.max_tokens
            )
        return self._backbone

    def fit(
        self,
        texts: Sequence[str],
        targets: NDArray[np.bool_],
        weights: Array,
        folds: NDArray[np.int64],
        *,
        known: NDArray[np.bool_] | None = None,
        progress: str = "",
        say: Say | None = None,
    ) -> TunedEncoder:
        """Train one member a fold.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        targets : ndarray of bool, shape (n, K)
            Which frames they carry.
        weights : ndarray, shape (n,)
            At most 1: the probability that a text is part of an epoch, which weighs it in the loss and costs no more
            time than it is worth.
        folds : ndarray of int, shape (n,)
            Which member leaves a text out; -1: none does (seeds).
        known : ndarray of bool, shape (n, K), optional
            Whether it is known that a text carries a frame or does not; by default all is.
        progress : str
            Title of a bar, on a terminal.
        say : callable, optional
            Is called with what there is to do and about how long it takes, and without a terminal with how far it is.

        Returns
        -------
        TunedEncoder
            Itself.
        """
        import torch

        hidden = self.backbone.encode_lower(list(texts))
        known = np.ones_like(targets) if known is None else known
        self.dtype_ = self.backbone.choose_dtype(self.plan.dtype)
        self.members_, self.left_out_ = [], np.full(targets.shape, np.nan)
        n_labelled, n_frames = int((folds >= 0).sum()), targets.shape[1]
        self.plan_, *others = plans = self.plan.list_rivals(n_labelled, n_frames)
        numbers = sorted(set(folds.tolist()) - {-1})
        steps = [self.plan.count_steps(weights[folds != number].sum()) for number in numbers]
        total = sum(steps) + len(others) * steps[0]  # rivals of the first member
        if say is not None:
            say(
                f"fine-tuning: {n_labelled:,} labelled passages, {n_frames} frames, {len(numbers)} members"
                f"{f', {len(plans)} plans compete for the first' if others else ''}, {total:,} steps"
            )
            place = Machine(count_available_cores(), self.dtype_ == "bfloat16", self.backbone.device == "cuda")
            forecast = partial(forecast_tuning, self.backbone.n_trained, steps=steps, n_rivals=len(plans))
            seconds = forecast(float(np.mean([len(states) for states in hidden])), machine=place)
            say(describe_tuning(self.source.name, n_labelled, seconds, place))
            if n_long := int(self.backbone.find_long(texts)[folds >= 0].sum()):
                say(
                    f"fine-tuning: {n_long:,} labelled passages have more than {self.plan.max_tokens} tokens; it "
                    "learns from their beginning, and scores all of a passage"
                )
        with torch.random.fork_rng(devices=[]), count_steps(progress, total, say=say) as bar:
            shared = SharedSteps(bar)

            def fit(jobs: list[tuple[int, TuningPlan]]) -> list[Rival]:  # side by side in processes, where it is long
                def fit_one(job: tuple[int, TuningPlan]) -> Rival:
                    return self._fit_fold(*job, texts, hidden, targets, weights, known, folds, shared)

                is_long = self.backbone.device == "cpu" and sum(steps) >= _LONG
                n_processes = None if is_long and count_available_cores() <= 2 * len(jobs) else 1
                run = partial(map_forked, n_processes=n_processes, first_here=False, meanwhile=shared.collect)
                return list(run(fit_one, jobs))

            rest = numbers[1:] if others else numbers
            if others:
                inside = folds == numbers[0]
                rivals = fit([(numbers[0], plan) for plan in plans])
                best = choose_rival(rivals, targets[inside], multi_label=self.multi_label)
                self.plan_ = plans[best]
                self._add_member(rivals[best], inside)
                if say is not None:
                    say(f"fine-tuning: best of {len(plans)} plans on the first fold: {describe_plan(self.plan_)}")
            for number, rival in zip(rest, fit([(number, self.plan_) for number in rest]), strict=True):
                self._add_member(rival, folds == number)
            shared.collect()
        return self

    def _fit_fold(
        self,
        number: int,
        plan: TuningPlan,
        texts: Sequence[str],
        hidden: list[Any],
        targets: NDArray[np.bool_],
        weights: Array,
        known: NDArray[np.bool_],
        folds: NDArray[np.int64],
        bar: SharedSteps,
    ) -> Rival:
        """Train the member that leaves a fold out, and score the fold."""
        if bar.is_forked:  # one thread each: threads are none in a forked process, and many small products gain little
            import torch

            torch.set_num_threads(1)
        outside, inside = np.flatnonzero(folds != number), np.flatnonzero(folds == number)
        pieces, owners = split_long([texts[int(row)] for row in inside], self.backbone.find_long)
        has_pieces = len(pieces) > len(inside)
        states = self.backbone.encode_lower(pieces) if has_pieces else [hidden[row] for row in inside]
        member = train_member(
            self.backbone,
            [hidden[row] for row in outside],
            targets[outside],
            weights[outside],
            known[outside],
            plan=plan,
            dtype=self.dtype_,
            multi_label=self.multi_label,
            random_seed=self.random_seed + number,
            bar=bar,
        )
        logits = join_pieces(self._predict(member, states), owners, len(inside))
        return Rival(None if bar.is_forked else member, read_arrays(member), logits)

    def _add_member(self, rival: Rival, inside: NDArray[np.bool_]) -> None:
        if not np.isfinite(rival.logits).all():
            raise FramingError("fine-tuning: the scores are not finite; take a smaller learning_rate.")
        member = rival.member if rival.member is not None else self._make_member(rival.arrays)
        self.members_.append(member)
        self.left_out_[inside] = rival.logits

    def _make_member(self, arrays: dict[str, NDArray[Any]]) -> Member:
        import torch

        member: Member = self.backbone.make_member(len(arrays["lin.weight"]))
        member.load_state_dict({name: torch.from_numpy(value) for name, value in arrays.items()})
        member.requires_grad_(False).eval()
        return member

    def score(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Score texts by the mean of the members; long texts in pieces, of which the best counts.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (n, K)
            Log-odds or log-probabilities.
        """
        return np.asarray(self.score_members(texts, progress=progress).mean(axis=0))

    def score_members(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Score texts by each member.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (J, n, K)
            Log-odds or log-probabilities, members in the order of the folds.
        """
        pieces, owners = split_long(texts, self.backbone.find_long)
        scores = np.zeros((len(self.members_), len(pieces), self.members_[0].lin.out_features))
        order = sorted(range(len(pieces)), key=lambda row: (len(pieces[row]), pieces[row]))
        formats = {self._find_dtype(member) for member in self.members_}
        lower_dtype = formats.pop() if len(formats) == 1 else "float32"
        with count_steps(progress, len(pieces), what="texts") as bar:
            for start in range(0, len(order), _WINDOW_TEXTS):
                rows = order[start : start + _WINDOW_TEXTS]
                with self.backbone.multiply_in(lower_dtype):
                    hidden = self.backbone.encode_lower([pieces[row] for row in rows])
                for number, member in enumerate(self.members_):
                    scores[number, rows] = self._predict(member, hidden)
                bar.update(len(rows))
        return np.stack([join_pieces(by_piece, owners, len(texts)) for by_piece in scores])

    def _predict(self, member: Member, hidden: list[Any]) -> Array:
        """Log-odds or log-probabilities by one member, computed alike for texts that it left out and for new ones."""
        with self.backbone.multiply_in(self._find_dtype(member)):
            return member.predict_logits(hidden, multi_label=self.multi_label)

    def _find_dtype(self, member: Member) -> str:
        return find_scoring_dtype(self.backbone, member, multi_label=self.multi_label, name=self.source.name)

    def find_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Find the texts that have more tokens than the members read at once.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for those that are scored in pieces.
        """
        return self.backbone.find_long(texts)

    def get_state(self) -> State:
        """Take the weights of the members.

        Returns
        -------
        State
            In float16, to which they were rounded after training, with the layers that members hold.
        """
        members = {
            f"member{number}": State(
                {name: value.detach().cpu().numpy().astype(np.float16) for name, value in member.state_dict().items()}
            )
            for number, member in enumerate(self.members_)
        }
        return State(
            State.join(**members).arrays, {"plan": asdict(self.plan_) | {"trained_layers": self.plan.trained_layers}}
        )

    def set_state(self, state: State) -> TunedEncoder:
        """Set the members.

        Parameters
        ----------
        state : State
            As `get_state` returned it.

        Returns
        -------
        TunedEncoder
            Itself.

        Raises
        ------
        FramingError
            Where the members do not fit the encoder.
        """
        numbers = sorted({int(name.partition(".")[0].removeprefix("member")) for name in state.arrays})
        self.members_ = []
        for number in numbers:
            part = state.part(f"member{number}").arrays
            try:
                member = self._make_member({name: np.array(value, dtype=np.float32) for name, value in part.items()})
            except RuntimeError as error:
                raise FramingError(
                    f"The saved classifier does not fit the encoder {self.source.name}: {error}"
                ) from None
            self.members_.append(member)
        return self
