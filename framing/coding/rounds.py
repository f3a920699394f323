"""Rounds of a draw on disk: the first in a folder, each later one in a folder `round_2`, `round_3` … within it.

A round is a whole draw of its own, with its sheets and its `design.json`, which names the draw before it by its hash.
It appears whole or not at all, and no earlier file changes: what is killed leaves the rounds that were there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.coding.chances import weigh_rounds
from framing.coding.design import Design, DesignFacts, read_design
from framing.errors import InputError

__all__ = ["CHANCE_IN_ROUND", "ROUND", "list_rounds", "read_rounds", "round_folder", "weigh_coded_rounds"]

ROUND, CHANCE_IN_ROUND = "round", "chance_in_round"
_SAME = ("corpus", "corpus_hash", "rules_hash", "passage_words", "unit", "coded", "n_passages", "n_documents")


def round_folder(folder: Path, number: int) -> Path:
    """Folder of a round.

    Parameters
    ----------
    folder : Path
        Folder of the draw.
    number : int
        Number of the round, 1 for the first.

    Returns
    -------
    Path
        The folder, which need not exist.

    Examples
    --------
    >>> round_folder(Path("draw"), 1).as_posix(), round_folder(Path("draw"), 2).as_posix()
    ('draw', 'draw/round_2')
    """
    return folder if number == 1 else folder / f"round_{number}"


def list_rounds(folder: Path) -> list[Path]:
    """Folders of the rounds of a draw that are there.

    Parameters
    ----------
    folder : Path
        Folder of the draw.

    Returns
    -------
    list of Path
        In their order; the folder itself first.

    Raises
    ------
    InputError
        If a round is missing between others.
    """
    numbers = sorted(
        int(path.name.removeprefix("round_"))
        for path in folder.glob("round_*")
        if path.is_dir() and path.name.removeprefix("round_").isdecimal()
    )
    if numbers != list(range(2, len(numbers) + 2)):
        raise InputError(
            f"{folder}: expected the folders round_2, round_3 … without a gap, got "
            f"{', '.join(f'round_{number}' for number in numbers)}. Put the missing one back."
        )
    return [folder, *(round_folder(folder, number) for number in numbers)]


def read_rounds(folder: Path, codebook: Codebook) -> Design:
    """Read a draw with all of its rounds as one.

    Parameters
    ----------
    folder : Path
        Folder that `framing sample` wrote first.
    codebook : Codebook
        Codebook that the sample was drawn for.

    Returns
    -------
    Design
        `passages` of all rounds, with the columns `round` and `chance_in_round`, too; `inclusion_probability` is one
        over what a passage stands for in all rounds together (`chances.weigh_rounds`). Of a draw of one round it is
        the chance with which the passage was drawn.

    Raises
    ------
    InputError
        As `design.read_design`; if the folder is that of a later round; if rounds are not of one draw, or a passage
        stands in two.
    """
    folders = list_rounds(folder)
    designs = [read_design(path, codebook) for path in folders]
    first = designs[0].facts
    if first.round != 1:
        raise InputError(f"{folder} is round {first.round} of a draw; give the folder of the first, {folder.parent}.")
    for number, (path, before, design) in enumerate(zip(folders[1:], designs[:-1], designs[1:], strict=True), start=2):
        facts = design.facts
        differing = [name for name in _SAME if getattr(facts, name) != getattr(first, name)]
        if (facts.round, facts.after) != (number, before.facts.drawn_sha256) or differing:
            raise InputError(
                f"{path} is not round {number} of this draw{': other ' * bool(differing)}{', '.join(differing)}. "
                "Put the folder back that framing sample --next wrote there."
            )
    parts = [
        design.passages.assign(round=number, chance_in_round=design.passages["inclusion_probability"])
        for number, design in enumerate(designs, start=1)
    ]
    passages = pd.concat(parts, ignore_index=True)
    if (repeated := passages["passage_id"].duplicated()).any():
        raise InputError(f"{folder}: the passage {passages.loc[repeated, 'passage_id'].iloc[0]!r} is in two rounds.")
    facts = _unite([design.facts for design in designs])
    if len(designs) > 1:
        weights = weigh_rounds(
            passages[CHANCE_IN_ROUND].to_numpy(float), passages[ROUND].to_numpy(np.int64) - 1, facts.sizes
        )
        passages["inclusion_probability"] = np.minimum(1 / weights, 1.0)
    return Design(facts, passages, tuple(design.facts.drawn_sha256 for design in designs[:-1]))


def weigh_coded_rounds(design: Design, is_coded: NDArray[np.bool_]) -> tuple[int, NDArray[np.float64]]:
    """Inclusion probabilities by the rounds that have labels: a last round that nobody has coded does not count yet.

    Parameters
    ----------
    design : Design
        A draw of n passages, as `read_rounds` returns it.
    is_coded : ndarray of bool
        Passages that have labels, shape (n,).

    Returns
    -------
    tuple of int and ndarray of float
        The number of rounds that count, and one over what each passage of them stands for, shape (n,); NaN for the
        passages of other rounds.

    Raises
    ------
    InputError
        If nothing of a round is coded, and something of a later one.
    """
    rounds = design.passages[ROUND].to_numpy(np.int64)
    coded_rounds = sorted(set(rounds[is_coded].tolist()))
    n_coded = len(coded_rounds)
    if coded_rounds != list(range(1, n_coded + 1)):
        lacking = min(set(range(1, coded_rounds[-1])) - set(coded_rounds))
        raise InputError(
            f"Nothing of round {lacking} of the draw has a settled label, though a later round has. Later rounds were "
            "drawn given what it had drawn; give its sheets, too."
        )
    if n_coded in (0, design.facts.round):
        return n_coded, design.passages["inclusion_probability"].to_numpy(float)
    counts = rounds <= n_coded
    chances = design.passages[CHANCE_IN_ROUND].to_numpy(float)
    probabilities = np.full(len(rounds), np.nan)
    weights = weigh_rounds(chances[counts], rounds[counts] - 1, design.facts.sizes[:n_coded])
    probabilities[counts] = np.minimum(1 / weights, 1.0)
    return n_coded, probabilities


def _unite(rounds: Sequence[DesignFacts]) -> DesignFacts:
    """Facts of all rounds as those of one draw."""
    if len(rounds) == 1:
        return rounds[0]
    last = rounds[-1]
    return rounds[0].model_copy(
        update={
            "scores": last.scores,
            "frame": last.frame,
            "size": sum(facts.size for facts in rounds),
            "sizes": tuple(facts.size for facts in rounds),
            "n_passages_drawn": sum(facts.n_passages_drawn for facts in rounds),
            "coders": tuple(dict.fromkeys(name for facts in rounds for name in facts.coders)),
            "strata": tuple(stratum for facts in rounds for stratum in facts.strata),
            "allocation": last.allocation,
            "floor": last.floor,
            "round": last.round,
            "after": last.after,
            "drawn_sha256": last.drawn_sha256,
        }
    )
