"""Options of `framing sample` as records: the goal, the draw, the scores and the sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict, cast, get_args

import typer
from numpy.typing import NDArray

from framing.analysis.plan_labels import UNITS, check_goal, plan_labels
from framing.classify.classifier import FrameClassifier
from framing.classify.nli import NliScorer
from framing.classify.saved import load_classifier
from framing.classify.work import measure_work
from framing.cli.classifiers import open_classifier
from framing.cli.learning_options import LearningOptions
from framing.cli.options import DEFAULT_ENCODER, EncoderOption, LabelsOption, split_names
from framing.codebook import Codebook
from framing.coding.allocation import Allocation
from framing.coding.sheets import check_coders, check_formats
from framing.coding.units import Unit
from framing.defaults import RANDOM_SEED
from framing.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["DrawOptions", "GoalOptions", "ScoreOptions", "SheetOptions"]


@dataclass(frozen=True, kw_only=True)
class GoalOptions:
    """The precision that the labels are wanted for; it decides how many are needed."""

    wanted_width: Annotated[
        float | None, typer.Option("--wanted-width", help="Says how many labels an interval of this width needs: 0.1")
    ] = None
    wanted_difference: Annotated[
        float | None, typer.Option("--wanted-difference", help="… how many it takes to find a difference this large")
    ] = None
    n_comparisons: Annotated[int, typer.Option("--comparisons", help="Differences that are tested together", min=1)] = 1
    power: Annotated[float, typer.Option("--power", help="Chance to find the difference where it is there")] = 0.8

    @property
    def given(self) -> bool:
        """Whether there is a goal."""
        return self.wanted_width is not None or self.wanted_difference is not None

    def check(self) -> None:
        """Raise `InputError` where a number is out of range."""
        if self.given:
            check_goal(
                wanted_width=self.wanted_width,
                wanted_difference=self.wanted_difference,
                power=self.power,
                n_comparisons=self.n_comparisons,
            )

    def plan(
        self, passages: pd.DataFrame, *, frames: list[str], coded: Unit, scores: NDArray[np.float64] | None = None
    ) -> pd.DataFrame:
        """Plan how many labels the goal needs, for single passages and for whole documents.

        Parameters
        ----------
        passages : DataFrame
            The n passages of the corpus, with their clusters.
        frames : list of str
            The K frames.
        coded : {"passage", "document"}
            What gets labels: of documents as a whole there is one way to draw them.
        scores : ndarray, shape (n, K), or None, default None
            Scores by the classifier.

        Returns
        -------
        DataFrame
            Columns `framing.tables.LABELS_NEEDED`.
        """
        return plan_labels(
            passages,
            scores=scores,
            wanted_width=self.wanted_width,
            wanted_difference=self.wanted_difference,
            n_comparisons=self.n_comparisons,
            power=self.power,
            frames=frames,
            units=("passage",) if coded == "document" else UNITS,
            progress="simulating draws",
        )


class _PlanArguments(TypedDict):
    size: int
    unit: Unit
    allocation: Allocation


@dataclass(frozen=True, kw_only=True)
class DrawOptions:
    """Size and unit of the sample, and its allocation to the strata."""

    size: Annotated[
        int | None, typer.Option("--size", help="How many passages to draw (documents with --unit document)", min=2)
    ] = None
    unit: Annotated[str, typer.Option("--unit", help="What is drawn: passage, or document as a whole")] = "passage"
    coded: Annotated[
        str, typer.Option("--coded", help="What gets labels: passage, or document (else as the codebook says)")
    ] = ""
    allocation: Annotated[
        str, typer.Option("--allocation", help="equal for each outlet (Neyman within it), neyman or proportional")
    ] = "equal"
    random_seed: Annotated[int, typer.Option("--random-seed", help="Start of the draw", min=0)] = RANDOM_SEED

    def make_arguments(self, size: int, coded: Unit) -> _PlanArguments:
        """Return the arguments of `plan_sample`, which checks them.

        Parameters
        ----------
        size : int
            Number of units to draw.
        coded : {"passage", "document"}
            What gets labels, and is a row of the table to draw from.

        Returns
        -------
        dict
            Arguments by name.
        """
        return {"size": size, "unit": self.find_unit(coded), "allocation": cast(Allocation, self.allocation)}

    def find_unit(self, coded: Unit) -> Unit:
        """Return the unit, as functions take it; they check it.

        Parameters
        ----------
        coded : {"passage", "document"}
            What gets labels.

        Returns
        -------
        {"passage", "document"}
            Of documents that get labels as a whole each is a row, so that rows are drawn.
        """
        return "passage" if coded == "document" and self.unit in get_args(Unit) else cast(Unit, self.unit)


@dataclass(frozen=True, kw_only=True)
class ScoreOptions:
    """The classifier whose scores make the strata and the number of labels."""

    frame: Annotated[str, typer.Option("--frame", help="The frame whose scores make the strata (else all)")] = ""
    no_scores: Annotated[bool, typer.Option("--no-scores", help="Classify nothing: strata by outlet and week only")] = (
        False
    )
    encoder: EncoderOption = DEFAULT_ENCODER
    labels: LabelsOption = None
    classifier: Annotated[
        Path | None, typer.Option("--classifier", help="Folder of a classifier saved with classify --save")
    ] = None

    def check(self) -> None:
        """Raise `InputError` if nothing is classified and an option names a classifier."""
        if self.no_scores and (self.frame or self.labels is not None or self.classifier is not None):
            raise InputError("--no-scores: nothing is classified; leave out --frame, --labels and --classifier.")

    def open(self, codebook: Codebook, texts: Sequence[str]) -> FrameClassifier | NliScorer:
        """Load the saved classifier, or fit one.

        Parameters
        ----------
        codebook : Codebook
            The frames.
        texts : sequence of str
            What will be scored.

        Returns
        -------
        FrameClassifier or NliScorer
            Fitted.
        """
        if self.classifier is None:
            learning = LearningOptions(encoder=self.encoder, labels=self.labels)
            return open_classifier(codebook, learning, measure_work(texts, codebook))
        if self.labels is not None or self.encoder != DEFAULT_ENCODER:
            raise InputError("--classifier: a saved classifier is used unchanged; leave out --labels and --encoder.")
        return load_classifier(self.classifier, codebook)


@dataclass(frozen=True, kw_only=True)
class SheetOptions:
    """Folder, coders and formats of the sheets."""

    output: Annotated[Path | None, typer.Option("--output", help="New folder for the draw and the sheets")] = None
    coders: Annotated[str, typer.Option("--coders", help="Names, comma-separated: anna,ben")] = "coder_1"
    overlap: Annotated[
        float, typer.Option("--overlap", help="Share that all coders code: 1.0 all of it", min=0, max=1)
    ] = 1.0
    formats: Annotated[
        str,
        typer.Option(
            "--formats",
            "--format",
            help="Of the sheets and tasks: csv, xlsx, label-studio, doccano, inception, refi-qda, active-tigger",
        ),
    ] = "csv,xlsx,label-studio"
    show_outlets: Annotated[
        bool,
        typer.Option("--show-outlets", help="Coders see outlet and date on the screen of framing code"),
    ] = False

    @property
    def coder_names(self) -> list[str]:
        """The names, in order."""
        return split_names(self.coders)

    def check(self) -> None:
        """Raise `InputError` for a wrong name or format."""
        check_coders(self.coder_names)
        check_formats(split_names(self.formats))
