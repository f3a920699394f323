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
    told = _Told(names=names, groups=groups_in_words(by), level=level, unit=unit, link=link or (lambda _: ""))
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
    text = f"Of {n_all} hypotheses in the settings, {n_supported or 'none'} {_is(n_supported)} supported."
    return [Finding(text=text, table="hypotheses", kind=kind), *listed]


def _tell_frame_tests(table: pd.DataFrame | None, told: _Told) -> list[Finding]:
    """Whether groups differ at all, on how many frames."""
    if table is None:
        return []
    differing = _sort_rows(table[_find_true(table["differs"])])
    family = f"one test a frame, adjusted for {len(table)} frame{_s(len(table))}"
    if differing.empty:
        smallest = pd.to_numeric(table["p_adjusted"]).min()
        least = f"; smallest adjusted p {write_p_value(float(smallest))}" if pd.notna(smallest) else ""
        text = f"On no frame are the {told.groups} shown to differ ({family}{least})."
        return [Finding(text=f"{text[:-1]}{_caveat(table)}.", table="frame_tests")]
    names = [
        f"{name_frame(row['frame'], told.names)} (p {write_p_value(row['p_adjusted'])})"
        for row in _list_rows(differing)
    ]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    text = (
        f"The {told.groups} differ on {len(names)} of {len(table)} frames: {_join(names[:_MOST_NAMES])}{more} "
        f"({family}){_caveat(table)}."
    )
    link = told.link(differing.iloc[0].to_dict())
    return [Finding(text=text, table="frame_tests", key={"frame": str(differing.iloc[0]["frame"])}, link=link)]


def _tell_against_rest(table: pd.DataFrame | None, told: _Told) -> list[Finding]:
    if table is None:
        return []
    clear = _sort_rows(table[_find_true(table["differs"])])
    if clear.empty:
        return [_tell_nothing(table, "against_rest", "no group stands out from the others", told)]
    found = [told.tell(row, "against_rest") for row in _list_rows(clear.head(_MOST_ROWS))]
    n_more = len(clear) - len(found)
    if n_more:
        text = f"{n_more} more of {len(table):,} such comparisons {_is(n_more)} as clear{_caveat(table)}."
        found.append(Finding(text=text, table="against_rest"))
    return found


def _tell_contrasts(table: pd.DataFrame | None, told: _Told, *, is_first: bool) -> list[Finding]:
    if table is None:
        return []
    clear = _sort_rows(table[_find_true(table["differs"])])
    if clear.empty:
        return [_tell_nothing(table, "contrasts", "no two groups differ", told)] if is_first else []
    if is_first:
        return [told.tell(row, "contrasts") for row in _list_rows(clear.head(_MOST_ROWS))]
    what = "clear of noise" if _is_corrected(table) else "different in what the classifier marks"
    text = f"Of {len(table):,} differences of pairs, tested together, {len(clear):,} {_is(len(clear))} {what}."
    return [Finding(text=text, table="contrasts")]


def _tell_nothing(table: pd.DataFrame, name: str, words: str, told: _Told) -> Finding:
    """That no row differs, the one that comes nearest, and what could have been seen."""
    nearest = _sort_rows(table).iloc[0].to_dict()
    pair = nearest.get("group") or f"{nearest.get('group_a')} less {nearest.get('group_b')}"
    interval = (
        f"joint interval {write_number(100 * nearest['low'], '+.1f')} to {write_number(100 * nearest['high'], '+.1f')}"
        if pd.notna(nearest["low"])
        else "no interval"
    )
    text = (
        f"In {len(table):,} comparisons, tested together, {words} clearly. Nearest to it: {pair}, "
        f"{name_frame(nearest['frame'], told.names)}, {write_number(100 * nearest['estimate'], '+.1f')} points "
        f"({interval})."
    )
    detectable = (
        pd.to_numeric(table["detectable"]).dropna() if "detectable" in table.columns else pd.Series(dtype=float)
    )
    if not detectable.empty:
        text += (
            f" That is no proof that they are alike: half of these comparisons had less than four chances in "
            f"five of showing a difference under {100 * detectable.median():.0f} points."
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
    words = "in what the classifier marks, its errors not included: exploratory"
    return f" All of this is {words}." if whole else f", {words}"


def _is(count: int) -> str:
    return "is" if count <= 1 else "are"


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _join(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
