"""Options of the model that scores passages, and of what it learns from; those that do not go together are refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, get_args

import typer

from framing.classify.decisions import check_threshold_for
from framing.classify.examples import check_examples
from framing.classify.supervision import LEARNT, Strength
from framing.classify.tuned.plan import TuningPlan
from framing.cli.options import DEFAULT_ENCODER, EncoderOption, LabelsOption
from framing.codebook import Codebook
from framing.errors import InputError

__all__ = ["LearningOptions"]


@dataclass(frozen=True, kw_only=True)
class LearningOptions:
    """The model that scores passages, the labels that it learns from, and the precision and recall to promise."""

    labels: LabelsOption = None
    encoder: EncoderOption = DEFAULT_ENCODER
    strength: Annotated[
        str,
        typer.Option(
            "--strength",
            help="auto, zero-shot, head or fine-tuned: how to learn from labels, or examples",
        ),
    ] = "auto"
    threshold_for: Annotated[
        str, typer.Option("--threshold-for", help="F1 that the threshold is chosen for on labels: macro, micro or both")
    ] = "both"
    precision: Annotated[
        float | None, typer.Option("--precision", help="Abstain where fewer of those given a frame would carry it")
    ] = None
    recall: Annotated[
        float | None, typer.Option("--recall", help="Abstain where more of those with a frame would be missed")
    ] = None
    search_tuning: Annotated[
        bool,
        typer.Option(
            "--search-tuning",
            help="Choose learning rate, layers and class weights of fine-tuning on the first fold of the labels",
        ),
    ] = False
    nli_model: Annotated[
        str, typer.Option("--nli-model", help="Score by NLI instead of seeds: a folder, or owner/name@revision")
    ] = ""

    @property
    def promises(self) -> list[str]:
        """The options that ask for a promise."""
        wanted = (("--precision", self.precision), ("--recall", self.recall))
        return [option for option, value in wanted if value is not None]

    @property
    def plan(self) -> TuningPlan | None:
        """How members are trained; None: as they are by default."""
        return TuningPlan(search=True) if self.search_tuning else None

    @property
    def is_default(self) -> bool:
        """Whether all options but the encoder have their defaults."""
        return self == LearningOptions(encoder=self.encoder)

    def check(self, *, learns: bool, remedy: str) -> None:
        """Refuse options that do not go together, before anything is read.

        Parameters
        ----------
        learns : bool
            Whether there are labels to learn from.
        remedy : str
            The options that would give labels, for the message.

        Raises
        ------
        InputError
            If a value of an option is wrong, or an option needs labels and there are none.
        """
        strengths = get_args(Strength)
        if self.strength not in strengths:
            raise InputError(f"--strength {self.strength}: choose {', '.join(strengths)}.")
        check_threshold_for(self.threshold_for)
        for option, share in (("--precision", self.precision), ("--recall", self.recall)):
            if share is not None and not 0 < share < 1:
                raise InputError(
                    f"{option} {share:g}: expected a share between 0 and 1 (exclusive), for instance 0.85."
                )
        if self.nli_model:
            self._check_nli()
            return
        if self.search_tuning and self.strength != "fine-tuned":
            raise InputError(
                f"--search-tuning chooses how the encoder is tuned, and strength {self.strength} "
                f"{'may not tune' if self.strength == 'auto' else 'does not tune'} it: add --strength fine-tuned."
            )
        if learns and self.strength == "zero-shot":
            raise InputError(f"--strength zero-shot does not learn from labels: leave it out, or leave out {remedy}.")
        if not learns and self.promises:
            raise InputError(f"{' and '.join(self.promises)} can only be promised on labels: give {remedy}.")

    def check_codebook(self, codebook: Codebook, *, learns: bool, remedy: str) -> None:
        """Refuse a strength that learns where neither labels nor enough examples of the codebook are there.

        Parameters
        ----------
        codebook : Codebook
            The codebook.
        learns : bool
            As in `check`.
        remedy : str
            As in `check`.

        Raises
        ------
        InputError
            Where a frame has fewer than eight examples.
        """
        if not learns and self.strength in LEARNT:
            check_examples(codebook, self.strength, remedy=remedy)

    def _check_nli(self) -> None:
        """Refuse options that NLI scoring does not take."""
        if self.labels is not None:
            raise InputError("--nli-model: NLI scoring does not learn; leave out --labels or --nli-model.")
        if self.strength != "auto" or self.promises or self.search_tuning:
            raise InputError(
                "--nli-model: NLI scoring has no strength and promises nothing; leave out --strength, "
                "--search-tuning, --precision and --recall."
            )
