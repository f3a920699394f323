"""Two versions of a codebook on the same passages: decisions, shares and contrasts that change, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from framing.analysis.decision_changes import NEWLY, NO_LONGER, compare_decisions
from framing.analysis.kappa import bound_kappa
from framing.analysis.lone_frames import LoneFrame, follow_frame
from framing.codebook import Codebook, compare_codebooks
from framing.codebook.compare import count_changes, rename_frames
from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import TooLittleDataError
from framing.estimates.clusters import find_unit
from framing.estimates.contrast_moves import compare_contrasts
from framing.estimates.groups import join_groups
from framing.estimates.prevalence import estimate_prevalence
from framing.tables import CONTRAST_MOVES, TURNED_PASSAGES, VERSION_AGREEMENT, VERSION_SHARES

__all__ = ["ADDED", "IN_BOTH", "REMOVED", "RENAMED", "CodebookVersion", "VersionComparison", "compare_versions"]

IN_BOTH, ADDED, REMOVED, RENAMED = "in both", "added", "removed", "renamed"
_ALONE = "no interval: in one version alone"
_KEYS = ["passage_id", "frame"]


class _Draws(TypedDict):
    """Options of all intervals."""

    level: float
    n_bootstrap: int
    random_seed: int


@dataclass(frozen=True)
class CodebookVersion:
    """A version of a codebook and what it makes of the passages.

    Attributes
    ----------
    codebook : Codebook
        The codebook.
    classified : DataFrame
        Classified passages: a row a passage and frame.
    threshold : float
        A frame is present from this score on; NaN where the highest score decides.
    languages : frozenset of str or None
        Languages that the encoder reads: examples in another one taught it nothing. None where that is unknown.
    """

    codebook: Codebook
    classified: pd.DataFrame
    threshold: float
    languages: frozenset[str] | None = None


@dataclass(frozen=True)
class VersionComparison:
    """What changes from one version of a codebook to the next.

    Attributes
    ----------
    rules : DataFrame
        Changes of the text, those of examples last: `frame, part, change, text`.
    agreement : DataFrame
        One row a frame of either version, columns `framing.tables.VERSION_AGREEMENT`: added and removed frames first,
        by their number of passages, then the others by the number of decisions that change.
    shares : DataFrame
        One row a frame and group, columns `framing.tables.VERSION_SHARES`, frames in the order of `agreement`.
    contrasts : DataFrame
        One row a frame and pair of groups, columns `framing.tables.CONTRAST_MOVES`; empty where groups are too small.
    passages : DataFrame
        Passages that a frame newly marks or no longer does, columns `framing.tables.TURNED_PASSAGES`, the largest
        change against the thresholds first.
    too_little : str
        Why there are no contrasts; empty where there are.
    left_out : dict of str to int
        Groups that no contrast has, with their number of documents.
    renamed : dict of str to str
        The new id of each frame whose id was changed, by its old one.
    lone : dict of str to LoneFrame
        What the other version finds in the passages of frames that were added or removed.
    languages : frozenset of str or None
        Languages that the encoder of the new version reads.
    """

    rules: pd.DataFrame
    agreement: pd.DataFrame
    shares: pd.DataFrame
    contrasts: pd.DataFrame
    passages: pd.DataFrame
    too_little: str = ""
    left_out: dict[str, int] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    lone: dict[str, LoneFrame] = field(default_factory=dict)
    languages: frozenset[str] | None = None

    @property
    def n_decisions(self) -> int:
        """Number of decisions on frames that both versions have."""
        return int(self.agreement.loc[self.is_shared, "n_passages"].sum())

    @property
    def is_shared(self) -> pd.Series:
        """Rows of `agreement` whose frame both versions have."""
        return self.agreement["status"].isin([IN_BOTH, RENAMED])

    @property
    def is_unchanged(self) -> bool:
        """Whether neither the text nor a decision changes."""
        return self.rules.empty and self.passages.empty and bool(self.is_shared.all())


def compare_versions(
    old: CodebookVersion,
    new: CodebookVersion,
    *,
    renamed: Mapping[str, str] | None = None,
    by: str = "outlet",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    min_documents: int = MIN_DOCUMENTS,
    random_seed: int = RANDOM_SEED,
) -> VersionComparison:
    """Compare what two versions of a codebook make of the same passages.

    Parameters
    ----------
    old, new : CodebookVersion
        The versions, with the same passages classified by each.
    renamed : mapping of str to str, optional
        The new id of each frame whose id was changed, by its old one.
    by : str, default "outlet"
        Column that makes the groups.
    level : float, default 0.95
        Confidence level of intervals.
    n_bootstrap : int, default 2000
        Number of draws.
    min_documents : int, default 5
        Groups with fewer are in no contrast.
    random_seed : int, optional
        Start of the draws.

    Returns
    -------
    VersionComparison
        Changed rules, agreement, shares, contrasts and passages.

    Raises
    ------
    InputError
        As `compare_codebooks`, `compare_decisions` and `compare_contrasts` do.

    Notes
    -----
    `estimate` of the agreement is Cohen's kappa (1960) of the decisions of both versions, with a percentile interval
    over draws of whole documents. It says how far decisions stay, not which version is right. Counts are exact for
    these passages, hence without intervals. Thresholds are each version's own; the margin of a passage is its score
    less the threshold, or, where the highest score decides, less the highest score of any other frame.
    """
    ids = dict(renamed or {})
    rules = compare_codebooks(old.codebook, new.codebook, renamed=ids)
    rules = rules.sort_values("part", key=lambda parts: parts == "examples", kind="stable", ignore_index=True)
    if ids:
        earlier = old.classified.assign(frame=old.classified["frame"].map(lambda frame: ids.get(frame, frame)))
        old = CodebookVersion(rename_frames(old.codebook, ids), earlier, old.threshold, old.languages)
    before, after = old.classified, new.classified
    draws: _Draws = {"level": level, "n_bootstrap": n_bootstrap, "random_seed": random_seed}
    agreement = _sort_by_change(_measure_agreement(old, new, rules, set(ids.values()), **draws))
    turned = _list_turned(old, new)
    too_little = "the versions have no frame in common; one whose id was changed can be declared (--renamed)"
    contrasts = pd.DataFrame(columns=list(CONTRAST_MOVES))
    if set(before["frame"]) & set(after["frame"]):
        try:
            contrasts, too_little = compare_contrasts(before, after, by=by, min_documents=min_documents, **draws), ""
        except TooLittleDataError:
            too_little = f"a contrast needs two groups ({by}) of {min_documents} documents or more"
    sizes = before.groupby(by)["document_id"].nunique()
    compared = {*contrasts["group_a"], *contrasts["group_b"]}
    return VersionComparison(
        rules=rules,
        agreement=agreement,
        shares=_list_shares(before, after, by, list(agreement["frame"]), **draws),
        contrasts=contrasts,
        passages=turned,
        too_little=too_little,
        left_out={
            str(name): int(n)
            for name, n in sizes.items()
            if n < min_documents or (compared and str(name) not in compared)
        },
        renamed=ids,
        languages=new.languages,
        lone={
            **{frame: follow_frame(frame, after, before, turned) for frame in _pick(agreement, ADDED)},
            **{frame: follow_frame(frame, before, after, turned) for frame in _pick(agreement, REMOVED)},
        },
    )


def _pick(agreement: pd.DataFrame, status: str) -> list[str]:
    return list(agreement.loc[agreement["status"] == status, "frame"])


def _sort_by_change(agreement: pd.DataFrame) -> pd.DataFrame:
    """Added and removed frames first, by their number of passages; then the others by how many decisions change."""
    is_alone = agreement["status"].isin([ADDED, REMOVED])
    n_changed = agreement["n_newly"] + agreement["n_no_longer"]
    n_alone = agreement["n_after"].fillna(agreement["n_before"])
    size = n_changed.where(~is_alone, n_alone).fillna(0).astype(int)
    order = np.lexsort((-size.to_numpy(), ~is_alone.to_numpy(bool)))
    return agreement.iloc[order].reset_index(drop=True)


def _measure_agreement(
    old: CodebookVersion,
    new: CodebookVersion,
    rules: pd.DataFrame,
    renamed: set[str],
    *,
    level: float,
    n_bootstrap: int,
    random_seed: int,
) -> pd.DataFrame:
    """Counts of each frame, and kappa where both versions have it."""
    table = compare_decisions(old.classified, new.classified).frames
    names = {frame.id: frame.name for frame in old.codebook.frames}
    renamed = renamed | {frame.id for frame in new.codebook.frames if names.get(frame.id, frame.name) != frame.name}
    both = old.classified.merge(new.classified[[*_KEYS, "decision"]], on=_KEYS, suffixes=("_before", "_after"))
    units, unit = pd.factorize(both[find_unit(old.classified)])[0], find_unit(old.classified)
    rows = []
    for row in table.to_dict("records"):
        frame = row["frame"]
        is_frame = (both["frame"] == frame).to_numpy()
        n_rules = count_changes(rules, frame)
        if row["status"] != IN_BOTH:
            alone = (old if row["status"] == REMOVED else new).classified
            n_documents = alone.loc[alone["frame"] == frame, "document_id"].nunique()
            values: dict[str, Any] = {
                "n_both": None,
                "estimate": np.nan,
                "low": np.nan,
                "high": np.nan,
                "method": _ALONE,
            }
        else:
            n_documents = both.loc[is_frame, "document_id"].nunique()
            first, second = (both.loc[is_frame, f"decision_{side}"].to_numpy(object) for side in ("before", "after"))
            documents = np.unique(units[is_frame], return_inverse=True)[1]
            estimate, low, high, method = bound_kappa(
                first[:, None], second[:, None], documents, level, n_bootstrap, random_seed
            )
            method = method.replace("documents", f"{unit}s") if unit != "document_id" else method
            values = {"n_both": row["n_before"] - row["n_no_longer"], "estimate": estimate}
            values |= {"low": low, "high": high, "method": method}
        status = RENAMED if row["status"] == IN_BOTH and frame in renamed else row["status"]
        counts: dict[str, Any] = {"n_documents": n_documents, "n_gold": 0, "n_rules": n_rules, "measure": "kappa"}
        rows.append(dict(row) | values | counts | {"status": status})
    whole = ["n_before", "n_after", "n_both", "n_newly", "n_no_longer", "n_passages", "n_documents", "n_rules"]
    return pd.DataFrame(rows, columns=list(VERSION_AGREEMENT)).astype(dict.fromkeys(whole, "Int64"))


def _list_shares(
    before: pd.DataFrame,
    after: pd.DataFrame,
    by: str,
    frames: list[str],
    *,
    level: float,
    n_bootstrap: int,
    random_seed: int,
) -> pd.DataFrame:
    """Share of each frame by group with either version."""
    sides = []
    for side, table in (("before", before), ("after", after)):
        joined, column = join_groups(table, by, ("frame", "document_id"))
        shares = estimate_prevalence(
            joined, by=column, level=level, n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=False
        )
        names = {column: "group", "estimate": side, "low": f"{side}_low", "high": f"{side}_high"}
        sides.append(shares.rename(columns=names))
    keys = ["group", "frame"]
    table = sides[0].merge(sides[1], on=keys, how="outer", suffixes=("", "_new"), sort=False)
    for name in ("n_passages", "n_documents", "method"):
        table[name] = table[name].fillna(table[f"{name}_new"])
    places = {frame: place for place, frame in enumerate(frames)}
    table = table.assign(_place=table["frame"].map(places)).sort_values(["_place", "group"], kind="stable")
    return table[list(VERSION_SHARES)].astype({"n_passages": "Int64", "n_documents": "Int64"}).reset_index(drop=True)


def _list_turned(old: CodebookVersion, new: CodebookVersion) -> pd.DataFrame:
    """Passages that a frame newly marks or no longer does, the largest change of the margin first."""
    sides = [_add_margins(version) for version in (old, new)]
    both = sides[0].merge(
        sides[1][[*_KEYS, "score", "decision", "margin"]], on=_KEYS, suffixes=("_before", "_after"), sort=False
    )
    was, is_now = both["decision_before"] == "present", both["decision_after"] == "present"
    turned = both[was != is_now].copy()
    turned["change"] = np.where(turned["decision_after"] == "present", NEWLY, NO_LONGER)
    turned["margin_change"] = turned["margin_after"] - turned["margin_before"]
    turned["size"] = -turned["margin_change"].abs()
    ordered = turned.sort_values(["size", "frame", "passage_id"], kind="stable")
    return ordered.reindex(columns=list(TURNED_PASSAGES)).reset_index(drop=True)


def _add_margins(version: CodebookVersion) -> pd.DataFrame:
    """The classified table with the distance of each score from what decides."""
    table = version.classified
    if not np.isnan(version.threshold):
        return table.assign(margin=table["score"] - version.threshold)
    ranks = table.groupby("passage_id", sort=False)["score"].rank(method="first", ascending=False)
    tops = table.assign(_rank=ranks).pivot(index="passage_id", columns="_rank", values="score")
    highest = tops[1.0].loc[table["passage_id"]].to_numpy(float)
    second = (tops[2.0] if 2.0 in tops else tops[1.0] * 0).loc[table["passage_id"]].to_numpy(float)
    return table.assign(margin=table["score"] - np.where(ranks.to_numpy() == 1, second, highest))
