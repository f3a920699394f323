"""Any row of a table of estimates as a sentence, with its interval and its caveat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from framing.analysis.clauses import (
    MARKS_ALONE,
    UNIT,
    add_detectable,
    judge,
    list_facts,
    name_units,
    tidy_row,
    write_interval,
    write_p,
)  # fmt: skip
from framing.analysis.wording import (
    is_missing,
    is_true,
    name_frame,
    round_statistic,
    write_key,
    write_number,
    write_points,
)
from framing.defaults import Unit
from framing.errors import InputError
from framing.tables import ESTIMATE, RAW
from framing.texts import phrase, phrase_later, phrase_n, retell

__all__ = ["sentence"]

_EVERY_GROUP = ("", "all", "all outlets")  # what stands in the column group of a table of all groups together
_NOT_KEYS = {*ESTIMATE, *RAW, "frame", UNIT}

_EXPECTED = {  # of a group and the others, and of two groups
    "more": (
        phrase_later("{first} has more of {frame} than the others"),
        phrase_later("{first} has more of {frame} than {second}"),
    ),
    "less": (
        phrase_later("{first} has less of {frame} than the others"),
        phrase_later("{first} has less of {frame} than {second}"),
    ),
}
_DIFFER = (
    phrase_later("{first} and the others differ in {frame}"),
    phrase_later("{first} and {second} differ in {frame}"),
)

_EFFECTS = (  # of more, and of fewer
    phrase_later(
        "With the rest held equal, {frame} stands in {points} more of the {units} where {variable} is {value} than "
        "where it is {reference} ({interval}): {verdict}."
    ),
    phrase_later(
        "With the rest held equal, {frame} stands in {points} fewer of the {units} where {variable} is {value} than "
        "where it is {reference} ({interval}): {verdict}."
    ),
)
_EFFECTS_OF_NUMBERS = (
    phrase_later(
        "With the rest held equal, one more unit of {variable} goes with {points} more of the {units} having {frame} "
        "({interval}): {verdict}."
    ),
    phrase_later(
        "With the rest held equal, one more unit of {variable} goes with {points} fewer of the {units} having {frame} "
        "({interval}): {verdict}."
    ),
)


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
    values, name = {**tidy_row(dict(row)), UNIT: unit}, dict(names or {})
    for columns, describe in _KINDS:
        if columns <= set(values) and not _OTHERS & set(values):
            if "estimate" in values and is_missing(values["estimate"]) and describe is not _describe_hypothesis:
                return phrase(
                    "{frame}: no estimate ({reason}).",
                    frame=name_frame(values.get("frame", ""), name),
                    reason=retell(str(values.get("method", "no reason"))),
                )
            return describe(values, name, level)
    raise InputError(
        "sentence: expected a row of shares, contrasts, differences from the rest, hypotheses, tests of frames, "
        f"changes, slopes or a regression; got the columns {', '.join(map(str, dict(row))) or '(none)'}."
    )


def _describe_share(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    keys = [write_key(value) for key, value in row.items() if key not in _NOT_KEYS and _is_key(value)]
    values = {
        "frame": name_frame(row["frame"], names),
        "share": row["estimate"],
        "units": name_units(row),
        "facts": list_facts(row, level, ".1%", 1),
    }
    if keys:
        return phrase(
            "In {groups}, {frame} stands in {share:.1%} of {units} ({facts}).", groups=", ".join(keys), **values
        )
    return phrase("{frame} stands in {share:.1%} of {units} ({facts}).", **values)


def _describe_contrast(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    first, second, estimate = row["group_a"], row["group_b"], row["estimate"]
    if estimate < 0:
        first, second = second, first
        row = {**row, "estimate": -estimate, "low": -row["high"], "high": -row["low"]}
    return phrase(
        "{first} has {frame} in {points} more of its {units} than {second} ({interval}): {verdict}.",
        first=first,
        frame=name_frame(row["frame"], names),
        points=write_points(row["estimate"]),
        units=name_units(row),
        second=second,
        interval=write_interval(row, level, joint=True),
        verdict=judge(row),
    )


def _describe_against_rest(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    values = {
        "frame": name_frame(row["frame"], names),
        "share": row["share"],
        "units": name_units(row),
        "group": row["group"],
        "rest": row["rest"],
        "points": write_points(row["estimate"]),
        "interval": write_interval(row, level, joint=True),
        "verdict": judge(row),
    }
    more = phrase_later(
        "{frame} stands in {share:.1%} of the {units} of {group} and in {rest:.1%} of those of the others on average, "
        "{points} more ({interval}): {verdict}."
    )
    fewer = phrase_later(
        "{frame} stands in {share:.1%} of the {units} of {group} and in {rest:.1%} of those of the others on average, "
        "{points} fewer ({interval}): {verdict}."
    )
    return phrase(more if row["estimate"] >= 0 else fewer, **values)


def _describe_hypothesis(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    expected = _write_expected(row, name_frame(row["frame"], names))
    if is_missing(row["estimate"]):
        reason = str(row["method"]).removeprefix("not tested: ")
        return phrase("Hypothesis, not tested: {expected} ({reason}).", expected=expected, reason=retell(reason))
    found = phrase(
        "{points} points ({interval}; {p_value})",
        points=write_number(100 * row["estimate"], "+.1f"),
        interval=write_interval(row, level, joint=True),
        p_value=write_p(row),
    )
    if not row.get("n_gold", 0):
        return phrase(
            "Hypothesis: {expected}. Found: {found}, {caveat}.",
            expected=expected, found=found, caveat=phrase(MARKS_ALONE),
        )  # fmt: skip
    if is_true(row.get("supported")):
        return phrase("As the hypothesis says, {expected}: {found}.", expected=expected, found=found)
    estimate = float(row["estimate"])
    if (estimate < 0 and row["expect"] == "more") or (estimate > 0 and row["expect"] == "less"):
        return phrase(
            "Hypothesis, not shown: {expected}: the estimate is on the other side, {found}.",
            expected=expected, found=found,
        )  # fmt: skip
    detectable = add_detectable(row)
    return phrase(
        "Hypothesis, not shown: {expected}: {found}{detectable}.", expected=expected, found=found, detectable=detectable
    )


def _write_expected(row: dict[Any, Any], frame: str) -> str:
    """What was expected, as a clause."""
    values = {"first": row["group_a"], "second": row["group_b"], "frame": frame}
    rest, pair = _EXPECTED.get(str(row["expect"]), _DIFFER)
    return phrase(rest if row["group_b"] == "rest" else pair, **values)


def _describe_frame_test(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    f_value, between, within = (round_statistic(row[name]) for name in ("f_value", "df_between", "df_within"))
    test = phrase(
        "F = {f_value} on {between} and {within} degrees of freedom, {p_value}",
        f_value=f_value, between=between, within=within, p_value=write_p(row),
    )  # fmt: skip
    n_groups = int(row["n_groups"]) if not is_missing(row.get("n_groups")) else 0
    values = {
        "frame": name_frame(row["frame"], names),
        "groups": phrase_n("{n} group", "{n} groups", n_groups) if n_groups else phrase("groups"),
        "test": test,
    }
    if is_missing(row.get("differs")):
        return phrase("On {frame} the {groups} could not be compared ({test}).", **values)
    if not row.get("n_gold", 0):
        values["caveat"] = phrase(MARKS_ALONE)
        if is_true(row["differs"]):
            return phrase("On {frame} the {groups} differ {caveat} ({test}).", **values)
        return phrase("On {frame} the {groups} are not shown to differ {caveat} ({test}).", **values)
    if is_true(row["differs"]):
        return phrase("On {frame} the {groups} differ ({test}).", **values)
    return phrase("On {frame} the {groups} are not shown to differ ({test}).", **values)


def _describe_change(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    values = {
        "day": write_key(row["change"]),
        "frame": name_frame(row["frame"], names),
        "group": row.get("group", ""),
        "after": row["after"],
        "before": row["before"],
        "units": name_units(row),
        "points": write_number(100 * row["estimate"], "+.1f"),
        "interval": write_interval(row, level, joint=False),
        "verdict": judge(row),
    }
    if str(row.get("group", "")) in _EVERY_GROUP:
        told = phrase(
            "From {day} on, {frame} stands in {after:.1%} of {units}, before in {before:.1%}: {points} points "
            "({interval}), {verdict}.",
            **values,
        )
    else:
        told = phrase(
            "From {day} on, {frame} stands in {group} in {after:.1%} of {units}, before in {before:.1%}: {points} "
            "points ({interval}), {verdict}.",
            **values,
        )
    if not row.get("near") or is_missing(row["near"]):
        return told
    return f"{told} " + phrase("Near it: {events}; an event that is near need not be the cause.", events=row["near"])


def _describe_slope(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    values = {
        "frame": name_frame(row["frame"], names),
        "points": write_points(row["estimate"]),
        "first": row["group_a"],
        "second": row["group_b"],
        "interval": write_interval(row, level, joint=True),
        "verdict": judge(row),
    }
    more = phrase_later(
        "Per period, the share of {frame} rises by {points} more in {first} than in {second} ({interval}): {verdict}."
    )
    less = phrase_later(
        "Per period, the share of {frame} rises by {points} less in {first} than in {second} ({interval}): {verdict}."
    )
    return phrase(more if row["estimate"] >= 0 else less, **values)


def _describe_term(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    values = {
        "term": row["term"],
        "estimate": write_number(row["estimate"], "+.3f"),
        "interval": write_interval(row, level, joint=False, form="+.3f", scale=1),
        "verdict": judge(row, level),
    }
    if row.get("frame"):
        return phrase(
            "With the other terms held equal, the coefficient of {term} on {frame} is {estimate} ({interval}): "
            "{verdict}.",
            frame=name_frame(row["frame"], names), **values,
        )  # fmt: skip
    return phrase(
        "With the other terms held equal, the coefficient of {term} is {estimate} ({interval}): {verdict}.", **values
    )


def _describe_effect(row: dict[Any, Any], names: Mapping[str, str], level: float | None) -> str:
    values = {
        "variable": row["variable"],
        "value": row["level"],
        "reference": row["reference"],
        "points": write_points(row["estimate"]),
        "units": name_units(row),
        "frame": name_frame(row["frame"], names),
        "interval": write_interval(row, level, joint=False),
        "verdict": judge(row, level),
    }
    is_of_numbers = not _is_value(row["level"]) and not _is_value(row["reference"])
    more, fewer = _EFFECTS_OF_NUMBERS if is_of_numbers else _EFFECTS
    return phrase(more if row["estimate"] >= 0 else fewer, **values)


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


def _is_key(value: Any) -> bool:
    return isinstance(value, str | pd.Timestamp) and not is_missing(value)


def _is_value(value: Any) -> bool:
    return not is_missing(value) and value != ""
