"""What a reader is told of a mark: the sentence of its tooltip, and the passages that it counts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.texts import localise_number, phrase, phrase_n, retell, write_day

__all__ = ["KEY", "TIP", "add_tips", "counts_documents", "tip_channels", "write_estimate"]

TIP = "tip"  # column of the sentence
_WORDS = ("component", "measure", "speaker_group", "voice")  # columns of our own words
KEY = "passages"  # column of what a row counts, as JSON: names of frames and groups by column


_COUNTS = {
    "n_spans": lambda n: phrase_n("{n:,} span", "{n:,} spans", n),
    "n_passages": lambda n: phrase_n("{n:,} passage", "{n:,} passages", n),
    "n_documents": lambda n: phrase_n("{n:,} document", "{n:,} documents", n),
    "n_gold": lambda n: phrase_n("{n:,} labelled passage", "{n:,} labelled passages", n),
}


def counts_documents(rows: pd.DataFrame) -> bool:
    """Check whether estimates are of whole documents, so that their charts say so.

    Parameters
    ----------
    rows : DataFrame
        Estimates, columns `n_passages, n_documents`.

    Returns
    -------
    bool
        Whether each has as many passages as documents: then these are the same, also where documents have one each.

    Examples
    --------
    >>> counts_documents(pd.DataFrame({"n_passages": [8, 5], "n_documents": [8, 5]}))
    True
    >>> counts_documents(pd.DataFrame({"n_passages": [8, 5], "n_documents": [8, 4]}))
    False
    """
    return bool((rows["n_passages"] == rows["n_documents"]).all())


def tip_channels() -> dict[str, Any]:
    """Channels that tell the reader of a mark, as tooltip and as description for screen readers.

    Returns
    -------
    dict of str to altair channel
        For `encode` of a chart whose data have the column of `add_tips`.
    """
    return {"tooltip": alt.Tooltip(f"{TIP}:N"), "description": alt.Description(f"{TIP}:N")}


def add_tips(
    table: pd.DataFrame,
    names: Mapping[str, str],
    keys: Sequence[str],
    *,
    value: str = "estimate",
    form: str = ".1%",
    scale: float = 1,
    unit: str = "",
    extra: Sequence[str] = (),
) -> pd.DataFrame:
    """Add to each row the sentence of its tooltip and what it counts.

    Parameters
    ----------
    table : DataFrame
        Estimates, with the columns of the table that a chart draws, before names stand for ids.
    names : mapping of str to str
        Name of each frame by its id.
    keys : sequence of str
        Columns that say what a row is of: groups, frames, periods.
    value : str, default "estimate"
        Column of the estimate, whose interval is `low` and `high`.
    form : str, default ".1%"
        Format of the numbers.
    scale : float, default 1
        Factor of the numbers.
    unit : str, default ""
        Unit behind the numbers.
    extra : sequence of str, default ()
        Further sentences, one a row.

    Returns
    -------
    DataFrame
        The table with the columns `tip` and `passages`.

    Examples
    --------
    >>> row = {"outlet": "A", "frame": "x", "estimate": 0.25, "low": 0.1, "high": 0.4, "n_passages": 8}
    >>> add_tips(pd.DataFrame([row]), {"x": "Alarm"}, ["outlet", "frame"])["tip"].item()
    'A, Alarm: 25.0% (10.0% to 40.0%); 8 passages'
    """
    rows = table.to_dict("records")
    tips = []
    for place, row in enumerate(rows):
        head = ", ".join(filter(None, (_write_key(row[key], key, names) for key in keys)))
        number = write_estimate(row.get(value), row.get("low"), row.get("high"), form, scale, unit)
        parts = [f"{head}: {number}", _write_counts(row), extra[place] if extra else ""]
        tips.append("; ".join(part for part in parts if part))
    counted = [{key: str(row[key]) for key in keys if isinstance(row[key], str)} for row in rows]
    return table.assign(**{TIP: tips, KEY: [json.dumps(item) for item in counted]})


def write_estimate(estimate: Any, low: Any, high: Any, form: str, scale: float = 1, unit: str = "") -> str:
    """Write an estimate and its interval.

    Parameters
    ----------
    estimate, low, high : float
        The numbers; NaN where there are none.
    form : str
        Format of the numbers.
    scale : float, default 1
        Factor of the numbers.
    unit : str, default ""
        Unit behind the last number.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> write_estimate(0.1, -0.05, 0.25, "+.1f", 100, " points")
    '+10.0 (-5.0 to +25.0) points'
    >>> write_estimate(0.1, float("nan"), float("nan"), ".0%")
    '10% (no interval)'
    """
    if estimate is None or pd.isna(estimate):
        return phrase("no estimate")
    text = localise_number(format(scale * estimate, form))
    if low is None or pd.isna(low):
        return phrase("{estimate}{unit} (no interval)", estimate=text, unit=unit)
    return phrase(
        "{estimate} ({low} to {high}){unit}",
        estimate=text,
        low=localise_number(format(scale * low, form)),
        high=localise_number(format(scale * high, form)),
        unit=unit,
    )


def _write_key(value: Any, key: str, names: Mapping[str, str]) -> str:
    """What a row is of, in words: the name of a frame, a day, or the value itself."""
    if isinstance(value, pd.Timestamp):
        return write_day(value)
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    text = str(value)
    if key.startswith("frame"):
        return names.get(text, text)
    return retell(text) if key in _WORDS else text


def _write_counts(row: Mapping[Any, Any]) -> str:
    """How many passages, documents and labels stand behind a row."""
    n = {column: int(row[column]) for column in _COUNTS if column in row and pd.notna(row[column])}
    parts = [_COUNTS[column](count) for column, count in n.items() if column != "n_gold" or count]
    return ", ".join(parts)
