"""The answer of a report: the few sentences that its tables support, most confirmatory first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from framing.analysis.sentences import sentence
from framing.analysis.wording import name_frame, write_number, write_p_value
from framing.defaults import Unit
from framing.tables import groups_in_words
from framing.texts import phrase, phrase_n, retell

__all__ = ["Finding", "find_findings", "find_told_frame"]

Link = Callable[[dict[Any, Any]], str]
Kind = Literal["confirmatory", "exploratory"]
_MOST = 5  # sentences of an answer
_MOST_HYPOTHESES, _MOST_ROWS, _MOST_NAMES = 2, 2, 3
_KEYS = ("hypothesis", "frame", "group", "group_a", "group_b", "change", "outlet", "perspective")


@dataclass(frozen=True)
class Finding:
    """A sentence of the answer, and where it comes from.

    Attributes
    ----------
    text : str
        The sentence.
    table : str
        Name of the table that it rests on.
    kind : {"confirmatory", "exploratory"}
        `confirmatory`: a hypothesis that was named beforehand, tested with labels.
    key : dict of str to str
        Columns that tell its row from the others; empty for a sentence about a whole table.
    link : str
        Address of the passages behind it; empty without one.
    """

    text: str
    table: str
    kind: Kind = "exploratory"
    key: dict[str, str] = field(default_factory=dict)
    link: str = ""


@dataclass(frozen=True)
class _Told:
    """What every sentence needs beside its row."""

    names: Mapping[str, str]
    groups: str
    level: float | None
    unit: Unit
    link: Link

    def tell(self, row: dict[Any, Any], table: str, kind: Kind = "exploratory") -> Finding:
        text = sentence(row, names=self.names, level=self.level, unit=self.unit)
        key = {name: str(row[name]) for name in _KEYS if name in row}
        return Finding(text=text, table=table, kind=kind, key=key, link=self.link(row))


def find_findings(
    tables: Mapping[str, pd.DataFrame],
    *,
    names: Mapping[str, str],
    by: str = "outlet",
    level: float | None = None,
    unit: Unit = "passage",
    link: Link | None = None,
) -> list[Finding]:
    """Make the answer of a report from its tables.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Those that a report has of `hypotheses`, `frame_tests`, `against_rest`, `contrasts`, `changes` and `shares`;
        columns in `framing.tables`.
    names : mapping of str to str
        Name of each frame by its id.
    by : str, default "outlet"
        Column of the groups that were compared.
    level : float or None, default None
        Level of the intervals.
    unit : {"passage", "document"}, default "passage"
        What was counted.
    link : callable or None, default None
        Function of a row that returns the address of its passages.

    Returns
    -------
    list of Finding
        At most five, in the order: hypotheses; whether groups differ at all, frame by frame; who stands out from the
        rest; how many pairs differ; the clearest change over time. Without comparisons: the most frequent frames.

    Notes
    -----
    Only a hypothesis that was named beforehand and tested with labels is confirmatory. Where nothing is clear of noise
    the answer says which difference could have been seen. Where labels do not correct the numbers, no sentence calls a
    difference clear of noise.
    """
    kept = {name: table for name, table in tables.items() if not table.empty}
    told = _Told(names=names, groups=retell(groups_in_words(by)), level=level, unit=unit, link=link or (lambda _: ""))
    found = [
        *_tell_hypotheses(kept.get("hypotheses"), told),
        *_tell_frame_tests(kept.get("frame_tests"), told),
        *_tell_against_rest(kept.get("against_rest"), told),
        *_tell_contrasts(kept.get("contrasts"), told, is_first="against_rest" not in kept),
    ]
    if not found:
        found = _tell_shares(kept.get("shares"), told)
    return [*found[: _MOST - 1], *_tell_changes(kept.get("changes"), told)][:_MOST]


def find_told_frame(tables: Mapping[str, pd.DataFrame]) -> str:
    """Find the frame that a figure beside the answer should show: the one on which groups differ most clearly.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As for `find_findings`.

    Returns
    -------
    str
        Id of the frame; empty without comparisons.
    """
    for name in ("hypotheses", "against_rest", "frame_tests", "contrasts"):
        table = tables.get(name)
        if table is not None and not table.empty and "frame" in table.columns:
            return str(_sort_rows(table).iloc[0]["frame"])
    return ""


def _tell_hypotheses(table: pd.DataFrame | None, told: _Told) -> list[Finding]:
    if table is None:
        return []
    kind: Kind = "confirmatory" if _is_corrected(table) else "exploratory"
    n_all, n_supported = len(table), int(_find_true(table["supported"]).sum())
    listed = [told.tell(row, "hypotheses", kind) for row in _list_rows(_sort_rows(table).head(_MOST_HYPOTHESES))]
    if n_all == 1 or kind == "exploratory":
        return listed
    if n_supported:
        text = phrase_n(
            "Of {n_all} hypotheses in the settings, {n} is supported.",
            "Of {n_all} hypotheses in the settings, {n} are supported.",
            n_supported, n_all=n_all,
        )  # fmt: skip
    else:
        text = phrase("Of {n_all} hypotheses in the settings, none is supported.", n_all=n_all)
    return [Finding(text=text, table="hypotheses", kind=kind), *listed]


def _tell_frame_tests(table: pd.DataFrame | None, told: _Told) -> list[Finding]:
    """Whether groups differ at all, on how many frames."""
    if table is None:
        return []
    differing = _sort_rows(table[_find_true(table["differs"])])
    family = phrase_n(
        "one test a frame, adjusted for {n} frame", "one test a frame, adjusted for {n} frames", len(table)
    )
    if differing.empty:
        smallest = pd.to_numeric(table["p_adjusted"]).min()
        if pd.notna(smallest):
            family = phrase(
                "{family}; smallest adjusted p {p_value}", family=family, p_value=write_p_value(float(smallest))
            )
        text = phrase(
            "On no frame are the {groups} shown to differ ({family}){caveat}.",
            groups=told.groups, family=family, caveat=_caveat(table),
        )  # fmt: skip
        return [Finding(text=text, table="frame_tests")]
    names = [
        f"{name_frame(row['frame'], told.names)} (p {write_p_value(row['p_adjusted'])})"
        for row in _list_rows(differing)
    ]
    listed = _join(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        listed = phrase("{names} and {n_more} more", names=listed, n_more=len(names) - _MOST_NAMES)
    text = phrase(
        "The {groups} differ on {n_differing} of {n_all} frames: {names} ({family}){caveat}.",
        groups=told.groups, n_differing=len(names), n_all=len(table), names=listed, family=family,
        caveat=_caveat(table),
    )  # fmt: skip
    link = told.link(differing.iloc[0].to_dict())
    return [Finding(text=text, table="frame_tests", key={"frame": str(differing.iloc[0]["frame"])}, link=link)]


def _tell_against_rest(table: pd.DataFrame | None, told: _Told) -> list[Finding]:
    if table is None:
        return []
    clear = _sort_rows(table[_find_true(table["differs"])])
    if clear.empty:
        return [_tell_nothing(table, "against_rest", phrase("no group stands out from the others clearly"), told)]
    found = [told.tell(row, "against_rest") for row in _list_rows(clear.head(_MOST_ROWS))]
    n_more = len(clear) - len(found)
    if n_more:
        text = phrase_n(
            "{n} more of {n_all:,} such comparisons is as clear{caveat}.",
            "{n} more of {n_all:,} such comparisons are as clear{caveat}.",
            n_more, n_all=len(table), caveat=_caveat(table),
        )  # fmt: skip
        found.append(Finding(text=text, table="against_rest"))
    return found


def _tell_contrasts(table: pd.DataFrame | None, told: _Told, *, is_first: bool) -> list[Finding]:
    if table is None:
        return []
    clear = _sort_rows(table[_find_true(table["differs"])])
    if clear.empty:
        return [_tell_nothing(table, "contrasts", phrase("no two groups differ clearly"), told)] if is_first else []
    if is_first:
        return [told.tell(row, "contrasts") for row in _list_rows(clear.head(_MOST_ROWS))]
    if _is_corrected(table):
        text = phrase_n(
            "Of {n_all:,} differences of pairs, tested together, {n:,} is clear of noise.",
            "Of {n_all:,} differences of pairs, tested together, {n:,} are clear of noise.",
            len(clear), n_all=len(table),
        )  # fmt: skip
    else:
        text = phrase_n(
            "Of {n_all:,} differences of pairs, tested together, {n:,} is different in what the classifier marks.",
            "Of {n_all:,} differences of pairs, tested together, {n:,} are different in what the classifier marks.",
            len(clear), n_all=len(table),
        )  # fmt: skip
    return [Finding(text=text, table="contrasts")]


def _tell_nothing(table: pd.DataFrame, name: str, words: str, told: _Told) -> Finding:
    """That no row differs, the one that comes nearest, and what could have been seen."""
    nearest = _sort_rows(table).iloc[0].to_dict()
    pair = nearest.get("group") or phrase(
        "{first} less {second}", first=nearest.get("group_a"), second=nearest.get("group_b")
    )
    low, high = (write_number(100 * nearest[name], "+.1f") for name in ("low", "high"))
    interval = (
        phrase("joint interval {bounds}", bounds=phrase("{low} to {high}", low=low, high=high))
        if pd.notna(nearest["low"])
        else phrase("no interval")
    )
    text = phrase(
        "In {n_all:,} comparisons, tested together, {nothing}. Nearest to it: {pair}, {frame}, {points} points "
        "({interval}).",
        n_all=len(table), nothing=words, pair=pair, frame=name_frame(nearest["frame"], told.names),
        points=write_number(100 * nearest["estimate"], "+.1f"), interval=interval,
    )  # fmt: skip
    detectable = (
        pd.to_numeric(table["detectable"]).dropna() if "detectable" in table.columns else pd.Series(dtype=float)
    )
    if not detectable.empty:
        text += " " + phrase(
            "That is no proof that they are alike: half of these comparisons had less than four chances in five of "
            "showing a difference under {points:.0f} points.",
            points=float(100 * detectable.median()),
        )
    key = {column: str(nearest[column]) for column in _KEYS if column in nearest}
    return Finding(text=text + _caveat(table, whole=True), table=name, key=key, link=told.link(nearest))


def _tell_changes(table: pd.DataFrame | None, told: _Told) -> list[Finding]:
    if table is None or not _find_true(table["differs"]).any():
        return []
    clearest = _list_rows(_sort_rows(table[_find_true(table["differs"])]))[0]
    return [told.tell({**clearest, "near": ""}, "changes")]  # events stand in the table, with their caveat


def _tell_shares(table: pd.DataFrame | None, told: _Told) -> list[Finding]:
    if table is None:
        return []
    largest = table.dropna(subset=["estimate"]).sort_values("estimate", ascending=False, kind="stable").head(_MOST_ROWS)
    return [told.tell(row, "shares") for row in _list_rows(largest)]


def _sort_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by their adjusted p-value, then by the size of the estimate."""
    table = table.reset_index(drop=True)
    size = -pd.to_numeric(table["estimate"]).abs()
    p_value = pd.to_numeric(table["p_adjusted"]) if "p_adjusted" in table.columns else 0.0
    order = pd.DataFrame({"p": p_value, "size": size}, index=table.index)
    return table.loc[order.sort_values(["p", "size"], kind="stable").index]


def _list_rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.to_dict("records")


def _find_true(column: pd.Series[Any]) -> pd.Series[bool]:
    return column.astype("boolean").fillna(False).astype(bool)


def _is_corrected(table: pd.DataFrame) -> bool:
    return "n_gold" in table.columns and bool((pd.to_numeric(table["n_gold"]).fillna(0) > 0).any())


def _caveat(table: pd.DataFrame, *, whole: bool = False) -> str:
    """That the classifier's errors are not counted; empty where labels correct the table."""
    if _is_corrected(table):
        return ""
    if whole:
        return " " + phrase("All of this is in what the classifier marks, its errors not included: exploratory.")
    return phrase(", in what the classifier marks, its errors not included: exploratory")


def _join(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return phrase("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])
