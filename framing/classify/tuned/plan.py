"""How the members of a tuned encoder are trained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from framing.encoders.number_format import Dtype
from framing.errors import InputError

__all__ = ["BATCH_TEXTS", "Objective", "TuningPlan"]

Objective = Literal["auto", "classification", "contrastive"]

BATCH_TEXTS = 16


@dataclass(frozen=True)
class TuningPlan:
    """How members are trained. Defaults were chosen by cross-validation within training splits (docs/method.md).

    Parameters
    ----------
    objective : {"auto", "classification", "contrastive"}, default "auto"
        `classification` trains encoder and a linear head together; `contrastive` draws passages of one frame together
        (supervised contrastive loss, Khosla et al. 2020: the aim of SetFit, Tunstall et al. 2022, over all pairs of a
        batch), then fits a linear head. `auto`: with fewer than `contest_below` labelled texts a frame both compete for
        the likelihood of the first fold; with more, classification.
    contest_below : int, default 16
        See `objective`.
    contrastive_weight : float, default 0.3
        Of the contrastive loss beside that of classification, where that is the objective (Gunel et al. 2021): passages
        of one frame are drawn together while the head learns to tell frames apart.
    class_weight : float, default 0.0
        Power, from 0 to 1, of negatives over positives by which texts with a frame count more than those without (or,
        with one label a text, by which texts of a rare frame count more): 0 weighs all alike, 1 gives both sides of a
        frame the same total weight.
    trained_layers : int, default 6
        Upper layers that learn.
    epochs : int, default 6
        Passes over the labels.
    min_steps : int, default 60
        Fewest batches.
    max_steps : int, default 1500
        Most batches, so that many labels do not take hours.
    learning_rate : float, default 0.0001
        Of the encoder.
    max_tokens : int, default 192
        Tokens that are read at once: members learn from the beginning of a longer text, and score it in pieces.
    dtype : {"auto", "float32", "bfloat16"}, default "auto"
        Number format of the products while training; weights and their steps stay float32. `auto`: bfloat16 where
        processor or GPU multiply it themselves (half the time or less), else float32. Members score in bfloat16 where
        the hardware has it and no score of a probe text is more than 0.02 from that in float32.
    search : bool, default False
        Whether learning rate, number of layers and class weights are chosen from the labels that are learned: plans
        that differ from this one in one of them (`list_rivals`) compete for the likelihood of the first fold. It takes
        four more members.
    """

    objective: Objective = "auto"
    contest_below: int = 16
    contrastive_weight: float = 0.3
    class_weight: float = 0.0
    trained_layers: int = 6
    epochs: int = 6
    min_steps: int = 60
    max_steps: int = 1500
    learning_rate: float = 1e-4
    max_tokens: int = 192
    dtype: Dtype = "auto"
    search: bool = False

    def __post_init__(self) -> None:
        for name, value, choices in (
            ("objective", self.objective, get_args(Objective)),
            ("dtype", self.dtype, get_args(Dtype)),
        ):
            if value not in choices:
                raise InputError(f"There is no {name} {value!r}. Choose {', '.join(choices)}.")
        for name in ("trained_layers", "epochs", "min_steps", "max_steps", "max_tokens"):
            value = getattr(self, name)
            if not (isinstance(value, int) and value >= 1):
                raise InputError(f"{name}: expected a whole number of 1 or more, got {value!r}.")
        if not (isinstance(self.learning_rate, int | float) and 0 < self.learning_rate < 1):
            raise InputError(f"learning_rate: expected a number above 0 and below 1, got {self.learning_rate!r}.")
        if not (isinstance(self.class_weight, int | float) and 0 <= self.class_weight <= 1):
            raise InputError(f"class_weight: expected a power from 0 to 1, got {self.class_weight!r}.")
        if not self.contrastive_weight >= 0:
            raise InputError(f"contrastive_weight: expected a weight of 0 or more, got {self.contrastive_weight!r}.")

    def list_rivals(self, n_labelled: int, n_frames: int) -> list[TuningPlan]:
        """List the plans that compete for the first member.

        Parameters
        ----------
        n_labelled : int
            Labelled texts.
        n_frames : int
            Frames.

        Returns
        -------
        list of TuningPlan
            All different, each with one objective and nothing left to search; a single one where nothing is open.

        Examples
        --------
        >>> [plan.objective for plan in TuningPlan().list_rivals(100, 9)]
        ['classification', 'contrastive']
        >>> [plan.objective for plan in TuningPlan().list_rivals(1126, 9)]
        ['classification']
        >>> for plan in TuningPlan(search=True).list_rivals(1126, 9):
        ...     print(plan.learning_rate, plan.trained_layers, plan.class_weight)
        0.0001 6 0.0
        0.0002 6 0.0
        5e-05 6 0.0
        0.0001 3 0.0
        0.0001 6 0.5
        """
        is_open = self.objective == "auto" and n_labelled < self.contest_below * n_frames
        usual: Objective = "classification" if self.objective == "auto" else self.objective
        first = replace(self, objective=usual, search=False)
        rivals = [first, replace(first, objective="contrastive")] if is_open else [first]
        if self.search:
            rivals += [
                replace(first, learning_rate=2 * self.learning_rate),
                replace(first, learning_rate=self.learning_rate / 2),
                replace(first, trained_layers=max(self.trained_layers // 2, 1)),
            ]
            if usual == "classification":  # the other loss knows no classes
                rivals.append(replace(first, class_weight=0.0 if self.class_weight else 0.5))
        return list(dict.fromkeys(rivals))

    def count_steps(self, n_texts: float) -> int:
        """Count the batches of a member's training.

        Parameters
        ----------
        n_texts : float
            Texts that an epoch is expected to hold.

        Returns
        -------
        int
            From `min_steps` to `max_steps`.

        Examples
        --------
        >>> TuningPlan().count_steps(1600)
        600
        """
        return int(min(max(self.epochs * np.ceil(n_texts / BATCH_TEXTS), self.min_steps), self.max_steps))
