"""Fine-tuning: the upper layers of an encoder learn the labels, in cross-fitted ensemble members.

The lower layers stay as they are, so their outputs are computed once a text and shared by all members;
that is what makes tuning affordable without a GPU. Each member leaves one fold of the labelled texts out
and scores it, which gives out-of-fold scores of every labelled text for calibration; new texts get the mean of
the members (cross-fitting as in Chernozhukov et al. 2018; the ensemble as in Lakshminarayanan et al. 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from framing.classify.state import State
from framing.classify.tuned.training import (
    BATCH,
    classification_loss,
    contrastive_loss,
    draw_batches,
    make_optimiser,
    rate_at,
)
from framing.encoders.weights import ModelSource
from framing.errors import FramingError, InputError
from framing.steps import Say, count_steps

__all__ = ["Objective", "TrainingDtype", "TunedEncoder", "TuningPlan"]

Objective = Literal["auto", "classification", "contrastive"]
TrainingDtype = Literal["auto", "float32", "bfloat16"]

_SCORE_BATCH = 32

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TuningPlan:
    """How members are trained. Defaults were chosen by cross-validation within training splits (docs/method.md).

    Parameters
    ----------
    objective : {"auto", "classification", "contrastive"}
        `classification` trains encoder and a linear head together; `contrastive` draws passages of one frame together
        (supervised contrastive loss, Khosla et al. 2020: the aim of SetFit, Tunstall et al. 2022, over all pairs of a
        batch), then fits a linear head. `auto`: with fewer than `contest_below` labelled texts a frame both compete for
        the likelihood of the first fold; with more, classification.
    contest_below : int
        See `objective`.
    contrastive_weight : float
        Of the contrastive loss beside that of classification, where that is the objective (Gunel et al. 2021): passages
        of one frame are drawn together while the head learns to tell frames apart.
    trained_layers : int
        Upper layers that learn.
    epochs : int
        Passes over the labels.
    min_steps, max_steps : int
        Fewest and most batches, so that many labels do not take hours.
    learning_rate : float
        Of the encoder.
    max_tokens : int
        Longer texts are cut there.
    dtype : {"auto", "float32", "bfloat16"}
        Number format of the products while training; weights and their steps stay float32, and so does scoring. `auto`:
        bfloat16 where processor or GPU multiply it themselves (half the time or less), else float32.
    """

    objective: Objective = "auto"
    contest_below: int = 16
    contrastive_weight: float = 0.3
    trained_layers: int = 6
    epochs: int = 6
    min_steps: int = 60
    max_steps: int = 1500
    learning_rate: float = 1e-4
    max_tokens: int = 192
    dtype: TrainingDtype = "auto"

    def __post_init__(self) -> None:
        for what, given, choices in (
            ("objective", self.objective, get_args(Objective)),
            ("dtype", self.dtype, get_args(TrainingDtype)),
        ):
            if given not in choices:
                raise InputError(f"There is no {what} {given!r}. Choose {', '.join(choices)}.")
        if not self.contrastive_weight >= 0:
            raise InputError(f"contrastive_weight: expected a weight of 0 or more, got {self.contrastive_weight!r}.")


class TunedEncoder:
    """Members of one architecture, each trained on all labelled texts but one fold.

    Attributes
    ----------
    objective_ : str
        The one used.
    dtype_ : str
        Number format in which matrices were multiplied while training.
    left_out_ : ndarray, shape (n, K)
        Log-odds (several labels) or log-chances (one label); NaN in rows that are in no fold.
    """

    def __init__(self, source: ModelSource, *, multi_label: bool, plan: TuningPlan, random_seed: int = 0) -> None:
        self.source = source
        self.multi_label = multi_label
        self.plan = plan
        self.random_seed = random_seed
        self._members: list[Any] = []
        self._backbone: Any = None

    def fit(
        self,
        texts: Sequence[str],
        targets: NDArray[np.bool_],
        weights: Array,
        folds: NDArray[np.int64],
        *,
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
            At most 1: the chance that a text is part of an epoch, which weighs it in the loss and costs no more time
            than it is worth.
        folds : ndarray of int, shape (n,)
            Which member leaves a text out; -1: none does (seeds).
        progress : str
            Title of a bar, on a terminal.
        say : callable, optional
            Is called with what there is to do, and without a terminal with how far it is.
        """
        import torch

        hidden = self._load().lower(list(texts))
        self.dtype_ = self._load().training_dtype(self.plan.dtype)
        self.left_out_ = np.full(targets.shape, np.nan)
        self._members = []
        self.objective_ = self.plan.objective
        numbers = sorted(set(folds.tolist()) - {-1})
        few = (folds >= 0).sum() < self.plan.contest_below * targets.shape[1]
        if self.objective_ == "auto" and not few:
            self.objective_ = "classification"
        steps = [self._n_steps(weights[folds != number].sum()) for number in numbers]
        total = sum(steps) + (steps[0] if self.objective_ == "auto" else 0)  # a rival of the first member
        if say is not None:
            contest = ", two objectives compete for the first" if self.objective_ == "auto" else ""
            say(
                f"fine-tuning: {(folds >= 0).sum():,} labelled passages, {targets.shape[1]} frames, "
                f"{len(numbers)} members{contest}, {total:,} steps"
            )
        with torch.random.fork_rng(devices=[]), count_steps(progress, total, say=say) as bar:
            for number in numbers:
                seen, held = np.flatnonzero(folds != number), np.flatnonzero(folds == number)

                def trained(objective: str, seen: NDArray[np.int64] = seen, seed: int = number) -> Any:
                    rows = [hidden[row] for row in seen]
                    return self._train(rows, targets[seen], weights[seen], objective, self.random_seed + seed, bar)

                held_hidden = [hidden[row] for row in held]
                if self.objective_ == "auto":
                    names: tuple[Objective, ...] = ("classification", "contrastive")
                    rivals = {name: trained(name) for name in names}
                    logits = {name: self._logits(rival, held_hidden) for name, rival in rivals.items()}
                    loss = {name: self._loss(logits[name], targets[held]) for name in rivals}
                    self.objective_ = min(rivals, key=lambda name: loss[name])
                    member = rivals[self.objective_]
                else:
                    member = trained(self.objective_)
                self._members.append(member)
                self.left_out_[held] = self._logits(member, held_hidden)
        return self

    def score(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Mean log-odds (or log-chances) of the members, shape (n, K)."""
        return np.asarray(self.score_members(texts, progress=progress).mean(axis=0))

    def score_members(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Log-odds (or log-chances) by each member, in the order of the folds, shape (J, n, K)."""
        backbone = self._load()
        found = np.zeros((len(self._members), len(texts), self._members[0].lin.out_features))
        order = np.argsort([len(text) for text in texts], kind="stable")
        with count_steps(progress, len(texts)) as bar:
            for start in range(0, len(order), _SCORE_BATCH):
                rows = order[start : start + _SCORE_BATCH]
                hidden = backbone.lower([texts[row] for row in rows])
                for number, member in enumerate(self._members):
                    found[number, rows] = self._logits(member, hidden)
                bar.update(len(rows))
        return found

    def get_state(self) -> State:
        """The weights of the members, in float16, which is how they were rounded after training."""
        members = {
            f"member{number}": State(
                {name: value.detach().cpu().numpy().astype(np.float16) for name, value in member.state_dict().items()}
            )
            for number, member in enumerate(self._members)
        }
        return State(State.join(**members).arrays, {"plan": asdict(self.plan)})

    def set_state(self, state: State) -> TunedEncoder:
        """Take the members from `state`; raises `FramingError` when they do not fit the encoder."""
        import torch

        numbers = sorted({int(name.partition(".")[0].removeprefix("member")) for name in state.arrays})
        self._members = []
        for number in numbers:
            arrays = {
                name: torch.from_numpy(np.array(value)).to(torch.float32)
                for name, value in state.part(f"member{number}").arrays.items()
            }
            member = self._load().member(len(arrays["lin.weight"]))
            try:
                member.load_state_dict(arrays)
            except RuntimeError as error:
                raise FramingError(
                    f"The saved classifier does not fit the encoder {self.source.name}: {error}"
                ) from None
            self._members.append(member.eval())
        return self

    def _load(self) -> Any:
        if self._backbone is None:
            from framing.classify.tuned.backbone import Backbone

            self._backbone = Backbone(
                self.source, trained_layers=self.plan.trained_layers, max_tokens=self.plan.max_tokens
            )
        return self._backbone

    def _n_steps(self, n_expected: float) -> int:
        """Batches of a member, from the texts that an epoch is expected to hold."""
        return int(min(max(self.plan.epochs * np.ceil(n_expected / BATCH), self.plan.min_steps), self.plan.max_steps))

    def _loss(self, logits: Array, targets: NDArray[np.bool_]) -> float:
        """Mean negative log-likelihood after scaling by the one factor that suits best: ranks matter, not sharpness."""
        from scipy.optimize import minimize_scalar

        def loss(log_factor: float) -> float:
            scaled = logits * np.exp(log_factor)
            if self.multi_label:
                return float(np.mean(np.logaddexp(0, np.where(targets, -scaled, scaled))))
            top = scaled.max(axis=1, keepdims=True)
            log_chances = scaled - top - np.log(np.exp(scaled - top).sum(axis=1, keepdims=True))
            return float(-log_chances[targets].mean())

        return float(minimize_scalar(loss, bounds=(-3, 3), method="bounded").fun)

    def _train(
        self, hidden: list[Any], targets: NDArray[np.bool_], weights: Array, objective: str, seed: int, bar: Any
    ) -> Any:
        import torch
        from torch import nn

        backbone = self._load()
        torch.manual_seed(seed)
        generator = np.random.default_rng(seed)
        member = backbone.member(targets.shape[1]).train()
        contrastive = objective == "contrastive"
        wanted = torch.tensor(targets, dtype=torch.float32, device=backbone.device)
        n_steps = self._n_steps(weights.sum())
        optimiser = make_optimiser(member, self.plan.learning_rate)
        rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: rate_at(step, n_steps))
        lengths = np.array([len(states) for states in hidden])
        step = 0
        while step < n_steps:
            drawn = np.flatnonzero(generator.random(len(hidden)) < weights)
            for rows in draw_batches(drawn, lengths, generator):
                if step == n_steps:
                    break
                with backbone.products(self.dtype_):
                    vectors = member.embed([hidden[row] for row in rows])
                if contrastive:
                    loss = contrastive_loss(vectors, wanted[rows])
                else:
                    logits = member.lin(member.drop(vectors))
                    loss = classification_loss(logits, wanted[rows], multi_label=self.multi_label)
                    if self.plan.contrastive_weight:
                        loss = loss + self.plan.contrastive_weight * contrastive_loss(vectors, wanted[rows])
                optimiser.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(member.parameters(), 1.0)
                optimiser.step()
                rate.step()
                step += 1
                bar.update(1)
        member.zero_grad(set_to_none=True)  # gradients are as large as the member
        member.requires_grad_(False).eval()
        if contrastive:
            self._fit_head(member, hidden, targets, weights)
        with torch.no_grad():
            for parameter in member.parameters():  # as they are saved, so that a loaded classifier scores alike
                parameter.copy_(parameter.to(torch.float16).to(torch.float32))
        return member

    def _fit_head(self, member: Any, hidden: list[Any], targets: NDArray[np.bool_], weights: Array) -> None:
        """Put a linear head, fitted on the tuned vectors, into the member."""
        import torch

        from framing.classify.tuned.linear_head import linear_weights

        vectors = self._vectors(member, hidden)
        slopes, shifts = linear_weights(vectors, targets, weights, multi_label=self.multi_label)
        with torch.no_grad():
            member.lin.weight.copy_(torch.from_numpy(slopes))
            member.lin.bias.copy_(torch.from_numpy(shifts))

    def _vectors(self, member: Any, hidden: list[Any]) -> Array:
        import torch

        found: list[Any] = [None] * len(hidden)
        order = np.argsort([len(states) for states in hidden], kind="stable")
        with torch.inference_mode():
            for start in range(0, len(order), _SCORE_BATCH):
                rows = order[start : start + _SCORE_BATCH]
                vectors = member.embed([hidden[row] for row in rows]).cpu().numpy()
                for row, vector in zip(rows, vectors, strict=True):
                    found[row] = vector
        return np.stack(found).astype(np.float64)

    def _logits(self, member: Any, hidden: list[Any]) -> Array:
        import torch

        vectors = torch.from_numpy(self._vectors(member, hidden)).to(torch.float32)
        with torch.inference_mode():
            logits = member.lin(vectors.to(member.lin.weight.device))
            logits = logits if self.multi_label else logits.log_softmax(1)
        return np.asarray(logits.cpu().numpy(), dtype=np.float64)
