"""Any row of a table of estimates as an English sentence, with its interval and its caveat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from framing.analysis.wording import (
    is_missing,
    is_true,
    name_frame,
    round_statistic,
    write_bounds,
    write_key,
    write_number,
    write_p_value,
    write_points,
)
from framing.defaults import LEVEL, Unit
from framing.errors import InputError
from framing.tables import ESTIMATE, RAW

__all__ = ["sentence"]

_EVERY_GROUP = ("", "all", "all outlets")  # what stands in the column group of a table of all groups together
_UNIT = "\x1funit"  # no column of a table has such a name
_NOT_KEYS = {*ESTIMATE, *RAW, "frame", _UNIT}
_MARKS_ALONE = "in what the classifier marks, its errors not included: exploratory"


def sentence(
    row: Mapping[Any, Any] | pd.Series[Any],
    *,
    names: Mapping[str, str] | None = None,
    level: float | None = None,
    unit: Unit = "passage",
) -> str:
    """Put a row of a table of estimates into words.

    Parameters
    ----------
    row : mapping or Series
        A row of a table with the columns `framing.tables.SHARES`, `CONTRASTS`, `AGAINST_REST`, `HYPOTHESES`,
        `FRAME_TESTS`, `CHANGES` or `SLOPES`, or of a regression: a coefficient (`term`) or an effect (`variable`,
        `level`, `reference`).
    names : mapping of str to str or None, default None
        Name of each frame by its id (`codebook.names`); without it, ids are written as words.
    level : float or None, default None
        Level of the intervals, which the tables do not hold; None: it is not named.
    unit : {"passage", "document"}, default "passage"
        What the shares are of: `analysis.codebook.unit`.

    Returns
    -------
    str
        One sentence: what differs, by how much, the interval, whether it is clear of noise, and whether the errors of
        the classifier are counted. A difference that labels do not correct is never called clear of noise.

    Raises
    ------
    InputError
        If the columns are those of no such table.

    Examples
    --------
    >>> row = {"outlet": "The Post", "frame": "blame", "estimate": 0.25, "low": 0.2, "high": 0.31, "n_gold": 48}
    >>> sentence(row, level=0.95)
    'In The Post, Blame stands in 25.0% of passages (95% interval 20.0% to 31.0%; corrected with 48 labelled passages).'
    """
    values, name = {**_tidy(dict(row)), _UNIT: unit}, dict(names or {})
    for columns, describe in _KINDS:
        if columns <= set(values) and not _OTHERS & set(values):
            if "estimate" in values and is_missing(values["estimate"]) and describe is not _describe_hypothesis:
                return (
                    f"{name_frame(values.get('frame', ''), name)}: no estimate ({values.get('method', 'no reason')})."
                )
            return describe(values, name, level)
    raise InputError(
        "sentence: expected a row of shares, contrasts, differences from the rest, hypotheses, tests of frames, "
        f"changes, slopes or a regression; got the columns {', '.join(map(str, dict(row))) or '(none)'}."
    )


def _describe_share(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    keys = [write_key(value) for key, value in row.items() if key not in _NOT_KEYS and _is_key(value)]
    share = f"{name_frame(row['frame'], names)} stands in {row['estimate']:.1%} of {row[_UNIT]}s"
    where = f"In {', '.join(keys)}, " if keys else ""
    return f"{where}{share} ({_list_facts(row, level, '.1%', 1)})."


def _describe_contrast(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    first, second, estimate = row["group_a"], row["group_b"], row["estimate"]
    if estimate < 0:
        first, second = second, first
        row = {**row, "estimate": -estimate, "low": -row["high"], "high": -row["low"]}
    difference = (
        f"{first} has {name_frame(row['frame'], names)} in {write_points(row['estimate'])} more of its {row[_UNIT]}s"
    )
    return f"{difference} than {second} ({_write_interval(row, level, joint=True)}): {_judge(row)}."


def _describe_against_rest(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    direction = "more" if row["estimate"] >= 0 else "fewer"
    shares = (
        f"{row['share']:.1%} of the {row[_UNIT]}s of {row['group']} and in {row['rest']:.1%} of those of the others"
    )
    return (
        f"{name_frame(row['frame'], names)} stands in {shares} on average, {write_points(row['estimate'])} "
        f"{direction} ({_write_interval(row, level, joint=True)}): {_judge(row)}."
    )


def _describe_hypothesis(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    second = "the others" if row["group_b"] == "rest" else row["group_b"]
    frame = name_frame(row["frame"], names)
    expected = {
        "more": f"{row['group_a']} has more of {frame} than {second}",
        "less": f"{row['group_a']} has less of {frame} than {second}",
    }.get(str(row["expect"]), f"{row['group_a']} and {second} differ in {frame}")
    if is_missing(row["estimate"]):
        return f"Hypothesis, not tested: {expected} ({str(row['method']).removeprefix('not tested: ')})."
    interval = _write_interval(row, level, joint=True)
    found = f"{write_number(100 * row['estimate'], '+.1f')} points ({interval}; {_write_p(row)})"
    if not row.get("n_gold", 0):
        return f"Hypothesis: {expected}. Found: {found}, {_MARKS_ALONE}."
    if is_true(row.get("supported")):
        return f"As the hypothesis says, {expected}: {found}."
    estimate = float(row["estimate"])
    if (estimate < 0 and row["expect"] == "more") or (estimate > 0 and row["expect"] == "less"):
        return f"Hypothesis, not shown: {expected}: the estimate is on the other side, {found}."
    return f"Hypothesis, not shown: {expected}: {found}{_add_detectable(row)}."


def _describe_frame_test(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    f_value, between, within = (round_statistic(row[name]) for name in ("f_value", "df_between", "df_within"))
    test = f"F = {f_value} on {between} and {within} degrees of freedom, {_write_p(row)}"
    n_groups = f"{int(row['n_groups'])} groups" if not is_missing(row.get("n_groups")) else "groups"
    return f"On {name_frame(row['frame'], names)} the {n_groups}{_judge_test(row)} ({test})."


def _describe_change(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    where = "" if str(row.get("group", "")) in _EVERY_GROUP else f" in {row['group']}"
    near = (
        f" Near it: {row['near']}; an event that is near need not be the cause."
        if row.get("near") and not is_missing(row["near"])
        else ""
    )
    return (
        f"From {write_key(row['change'])} on, {name_frame(row['frame'], names)} stands{where} in {row['after']:.1%} "
        f"of {row[_UNIT]}s, before in {row['before']:.1%}: {write_number(100 * row['estimate'], '+.1f')} points "
        f"({_write_interval(row, level, joint=False)}), {_judge(row)}.{near}"
    )


def _describe_slope(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    direction = "more" if row["estimate"] >= 0 else "less"
    return (
        f"Per period, the share of {name_frame(row['frame'], names)} rises by {write_points(row['estimate'])} "
        f"{direction} in {row['group_a']} than in {row['group_b']} ({_write_interval(row, level, joint=True)}): "
        f"{_judge(row)}."
    )


def _describe_term(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    frame = f" on {name_frame(row['frame'], names)}" if row.get("frame") else ""
    interval = _write_interval(row, level, joint=False, form="+.3f", scale=1)
    return (
        f"With the other terms held equal, the coefficient of {row['term']}{frame} is "
        f"{write_number(row['estimate'], '+.3f')} ({interval}): {_judge(row, level)}."
    )


def _describe_effect(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    direction = "more" if row["estimate"] >= 0 else "fewer"
    if not _is_value(row["level"]) and not _is_value(row["reference"]):  # of a column of numbers
        return (
            f"With the rest held equal, one more unit of {row['variable']} goes with {write_points(row['estimate'])} "
            f"{direction} of the {row[_UNIT]}s having {name_frame(row['frame'], names)} "
            f"({_write_interval(row, level, joint=False)}): {_judge(row, level)}."
        )
    return (
        f"With the rest held equal, {name_frame(row['frame'], names)} stands in {write_points(row['estimate'])} "
        f"{direction} of the {row[_UNIT]}s where {row['variable']} is {row['level']} than where it is "
        f"{row['reference']} "
        f"({_write_interval(row, level, joint=False)}): {_judge(row, level)}."
    )


_KINDS = (  # columns that only rows of a kind have, most special first
    ({"hypothesis", "expect", "group_a", "group_b"}, _describe_hypothesis),
    ({"frame", "f_value"}, _describe_frame_test),
    ({"frame", "group", "share", "rest"}, _describe_against_rest),
    ({"frame", "group_a", "group_b", "slope_a"}, _describe_slope),
    ({"frame", "change", "before", "after"}, _describe_change),
    ({"term", "estimate", "low", "high"}, _describe_term),
    ({"frame", "variable", "level", "reference"}, _describe_effect),
    ({"frame", "group_a", "group_b", "estimate"}, _describe_contrast),
    ({"frame", "estimate", "low", "high"}, _describe_share),
)


_OTHERS = {"component", "rank", "word", "frame_a", "measure"}  # columns of tables that have no sentence


def _tidy(row: dict[Any, Any]) -> dict[Any, Any]:
    """A row as it may come back from a file: labels counted, flags true or false."""
    n_gold = pd.to_numeric(row.get("n_gold", 0), errors="coerce")
    flags = {
        name: str(row[name]).lower() in ("true", "1", "1.0")
        for name in ("differs", "supported", "equivalent")
        if name in row
    }
    return {**row, **flags, **({"n_gold": 0 if pd.isna(n_gold) else int(n_gold)} if "n_gold" in row else {})}


def _judge(row: dict[Any, Any], level: float | None = None) -> str:
    """Whether a difference is clear of noise, and whether the classifier's errors are counted."""
    differs = row.get("differs")
    if is_missing(row.get("low")) or ("differs" in row and is_missing(differs)):
        return "whether they differ is not known"
    if "differs" in row:
        is_clear = is_true(differs)
    elif not is_missing(row.get("p_adjusted")):
        is_clear = row["p_adjusted"] < 1 - (level or LEVEL)
    else:
        is_clear = row["low"] > 0 or row["high"] < 0
    p_value = f" ({_write_p(row)})" if _write_p(row) else ""
    if not row.get("n_gold", 0):
        return f"{'a difference' if is_clear else 'no clear difference'}{p_value} {_MARKS_ALONE}"
    if is_clear:
        return f"clear of noise{p_value}"
    same = "; the two are equivalent within the margin of the settings" if is_true(row.get("equivalent")) else ""
    return f"not clear of noise{p_value}{same or _add_detectable(row)}"


def _judge_test(row: dict[Any, Any]) -> str:
    if is_missing(row.get("differs")):
        return " could not be compared"
    verb = " differ" if is_true(row["differs"]) else " are not shown to differ"
    return verb if row.get("n_gold", 0) else f"{verb} {_MARKS_ALONE}"


def _add_detectable(row: dict[Any, Any]) -> str:
    """What could not have been seen; empty where it is not known, or a difference was seen."""
    detectable = row.get("detectable")
    if is_missing(detectable) or is_true(row.get("differs")):
        return ""
    points = write_points(float(str(detectable)))
    return f"; a difference under about {points} had less than four chances in five of being seen"


def _write_interval(
    row: dict[Any, Any], level: float | None, *, joint: bool, form: str = "+.1f", scale: int = 100
) -> str:
    if is_missing(row.get("low")):
        return "no interval"
    words = " ".join(filter(None, ("joint" if joint else "", f"{level:.0%}" if level else "", "interval")))
    return f"{words} {write_bounds(scale * row['low'], scale * row['high'], form)}"


def _list_facts(row: dict[Any, Any], level: float | None, form: str, scale: int) -> str:
    facts = [_write_interval(row, level, joint=False, form=form, scale=scale)]
    n_gold = row.get("n_gold", 0)
    facts.append(f"corrected with {int(n_gold):,} labelled {row[_UNIT]}s" if n_gold else _MARKS_ALONE)
    return "; ".join(facts)


def _write_p(row: dict[Any, Any]) -> str:
    if not is_missing(row.get("p_adjusted")):
        return f"adjusted p {write_p_value(float(row['p_adjusted']))}"
    return "" if is_missing(row.get("p_value")) else f"p {write_p_value(float(row['p_value']))}"


def _is_key(value: Any) -> bool:
    return isinstance(value, str | pd.Timestamp) and not is_missing(value)


def _is_value(value: Any) -> bool:
    return not is_missing(value) and value != ""
