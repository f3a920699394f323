"""Decisions made again under another threshold, and what changes between two tables of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from framing.analysis.analysis import Analysis
from framing.analysis.kappa import compute_kappa
from framing.errors import InputError
from framing.estimates.passages import show_excerpts
from framing.tables import CHANGED_PASSAGES, DECISION_CHANGES, require_columns

__all__ = ["NEWLY", "NO_LONGER", "DecisionChanges", "compare_decisions", "decide_again"]

_NEEDED = ("passage_id", "frame", "score", "decision")
_ROUNDING = 1e-4  # of scores that were written with few digits
NEWLY, NO_LONGER = "newly present", "no longer present"


@dataclass(frozen=True)
class DecisionChanges:
    """What changes between two tables of decisions.

    Attributes
    ----------
    frames : DataFrame
        One row a frame, columns `framing.tables.DECISION_CHANGES`.
    examples : DataFrame
        Passages whose decision changes, columns `framing.tables.CHANGED_PASSAGES`, the clearest of each frame first.
    """

    frames: pd.DataFrame
    examples: pd.DataFrame


def decide_again(classified: Analysis | pd.DataFrame, *, threshold: float) -> pd.DataFrame:
    """Decide with another threshold, from the scores as they are.

    Parameters
    ----------
    classified : Analysis or DataFrame
        An analysis, or classified passages: a row a passage and frame.
    threshold : float
        A frame is present from this score on, 0 to 1. NaN, which is `Analysis.threshold` for a codebook with one frame
        a passage, for the frame with the highest score.

    Returns
    -------
    DataFrame
        The classified table with other decisions. No passage abstains: the bounds of abstention belong to the threshold
        that they were found with. Shares that are corrected with labels stay the same, since they use scores.

    Raises
    ------
    InputError
        If a column is missing, the threshold does not lie between 0 and 1, or it is given for a codebook with one frame
        a passage.
    """
    table = classified.classified if isinstance(classified, Analysis) else classified
    require_columns(table, _NEEDED, what="classified passages")
    one_label = (
        not classified.codebook.multi_label if isinstance(classified, Analysis) else _has_one_frame_a_passage(table)
    )
    if one_label and not np.isnan(threshold):
        raise InputError(
            f"threshold {threshold:g}: the codebook gives each passage exactly one frame, the one with the highest "
            "score, so that no threshold decides. Compare another codebook, or other seeds, instead."
        )
    if not one_label and not 0 <= threshold <= 1:  # NaN too
        raise InputError(f"threshold: expected a score from 0 to 1, got {threshold:g}.")
    if one_label:
        scores = table.pivot(index="passage_id", columns="frame", values="score")
        highest = scores.idxmax(axis=1)
        present = table["frame"].to_numpy(object) == highest.loc[table["passage_id"]].to_numpy(object)
    else:
        residual = classified.codebook.residual if isinstance(classified, Analysis) else None
        present = table["score"].to_numpy(float) >= threshold
        if residual is not None:
            frame = classified.codebook.frame_ids[residual]
            others = table.loc[present & (table["frame"] != frame).to_numpy(bool), "passage_id"]
            present &= ~((table["frame"] == frame) & table["passage_id"].isin(others)).to_numpy(bool)
    return table.assign(decision=np.where(present, "present", "absent"))


def compare_decisions(before: pd.DataFrame, after: pd.DataFrame, *, per_frame: int = 3) -> DecisionChanges:
    """Count which decisions change with another threshold, other seeds, another classifier or codebook.

    Parameters
    ----------
    before : DataFrame
        Classified passages: a row a passage and frame.
    after : DataFrame
        The same passages, classified otherwise. Frames of one table alone are listed; passages of one table alone do
        not count.
    per_frame : int, default 3
        Most examples of each frame and direction.

    Returns
    -------
    DecisionChanges
        Counts per frame, and the passages that change most clearly.

    Raises
    ------
    InputError
        If a column is missing, a passage has two rows of a frame, or the tables have no passage in common.

    Notes
    -----
    `kappa` is Cohen's (1960) between both tables over `present, absent, abstain`: `(p_o - p_e) / (1 - p_e)`, with p_o
    the share of equal decisions and p_e the share expected if both were independent with their own frequencies; missing
    where p_e is 1. It says how far decisions stay, not how good they are.

    Examples are in the order of the distance of both scores. Where scores are the same (another threshold), a passage
    that is newly present is the clearer the higher its score, one that is no longer present the lower.
    """
    for name, table in (("before", before), ("after", after)):
        require_columns(table, _NEEDED, what=f"the classified passages {name}")
        if table.duplicated(["passage_id", "frame"]).any():
            raise InputError(f"compare_decisions: {name} has two rows of one passage and frame.")
    common = set(before["passage_id"]) & set(after["passage_id"])
    if not common:
        raise InputError(
            "compare_decisions: the two tables have no passage in common; they must be of the same passages (the same "
            "corpus and passage_words)."
        )
    before, after = (table[table["passage_id"].isin(common)] for table in (before, after))
    both = show_excerpts(before).merge(
        after[list(_NEEDED)], on=["passage_id", "frame"], how="inner", suffixes=("_before", "_after"), sort=False
    )
    frames = list(dict.fromkeys([*before["frame"], *after["frame"]]))
    rows = [_count_changes(frame, before, after, both[both["frame"] == frame]) for frame in frames]
    counts = pd.DataFrame(rows, columns=list(DECISION_CHANGES))
    whole = ["n_passages", "n_before", "n_after", "n_newly", "n_no_longer"]
    return DecisionChanges(counts.astype(dict.fromkeys(whole, "Int64")), _list_examples(both, per_frame))


def _has_one_frame_a_passage(table: pd.DataFrame) -> bool:
    """Whether the scores of each passage add up to one, as those of a codebook with one frame a passage do."""
    sums = table.groupby("passage_id", sort=False)["score"].sum()
    return table["frame"].nunique() > 1 and bool(((sums - 1).abs() < _ROUNDING * table["frame"].nunique()).all())


def _count_changes(frame: str, before: pd.DataFrame, after: pd.DataFrame, both: pd.DataFrame) -> dict[str, Any]:
    """A row of `DECISION_CHANGES`."""
    sides = [table.loc[table["frame"] == frame, "decision"] for table in (before, after)]
    row: dict[str, Any] = {
        "frame": frame,
        "status": "in both" if len(both) else "added" if len(sides[1]) else "removed",
        "n_passages": len(both) or len(sides[0]) + len(sides[1]),
        "n_before": int((sides[0] == "present").sum()) if len(sides[0]) else None,
        "n_after": int((sides[1] == "present").sum()) if len(sides[1]) else None,
    }
    if both.empty:
        return row
    first, second = both["decision_before"].to_numpy(object), both["decision_after"].to_numpy(object)
    return {
        **row,
        "n_before": int((first == "present").sum()),
        "n_after": int((second == "present").sum()),
        "n_newly": int(((first != "present") & (second == "present")).sum()),
        "n_no_longer": int(((first == "present") & (second != "present")).sum()),
        "share_changed": float((first != second).mean()),
        "kappa": compute_kappa(first, second),
    }


def _list_examples(both: pd.DataFrame, per_frame: int) -> pd.DataFrame:
    """The passages that change most clearly, of each frame and direction."""
    was, is_now = both["decision_before"] == "present", both["decision_after"] == "present"
    changed = both[was != is_now].copy()
    changed["change"] = np.where(changed["decision_after"] == "present", NEWLY, NO_LONGER)
    changed["distance"] = -(changed["score_after"] - changed["score_before"]).abs()
    signed = np.where(changed["change"] == NEWLY, -changed["score_after"], changed["score_after"])
    changed["order"] = signed
    places = {frame: place for place, frame in enumerate(dict.fromkeys(both["frame"]))}
    changed["place"] = changed["frame"].map(places)
    changed = changed.sort_values(["place", "change", "distance", "order"], kind="stable")
    examples = changed.groupby(["place", "change"], sort=False).head(per_frame)
    return examples.reindex(columns=list(CHANGED_PASSAGES)).reset_index(drop=True)
