"""What a chart says: how sure a difference is, in words and colours, and the verdict above the chart."""

from __future__ import annotations

import altair as alt
import pandas as pd

from framing.charts.labels import label_expression
from framing.charts.style import COLOURS
from framing.texts import phrase, phrase_later, phrase_n

__all__ = [
    "CLEAR",
    "EXPLORATORY",
    "VERDICT",
    "WITHIN",
    "add_verdicts",
    "describe_clear",
    "join_intervals",
    "verdict_colour",
]

CLEAR = phrase_later("clear of noise")
EXPLORATORY = phrase_later("exploratory: larger than the choice of documents explains")
WITHIN = phrase_later("within noise")
VERDICT = "verdict"  # column of the words
_COLOURS = {CLEAR: COLOURS[0], EXPLORATORY: "#555555", WITHIN: "#999999"}


def add_verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """Add how sure each difference is, in words.

    Parameters
    ----------
    table : DataFrame
        Differences with the columns `differs` and `n_gold`.

    Returns
    -------
    DataFrame
        The table with the column `verdict`. Without labelled passages the errors of the classifier are not in the
        intervals, so that no difference is called clear of noise.

    Examples
    --------
    >>> rows = pd.DataFrame({"differs": [True, True, False], "n_gold": [90, 0, 0]})
    >>> [words.split(":")[0] for words in add_verdicts(rows)["verdict"]]
    ['clear of noise', 'exploratory', 'within noise']
    """
    words = [
        (CLEAR if labelled else EXPLORATORY) if differs else WITHIN
        for differs, labelled in zip(table["differs"].astype(bool), table["n_gold"] > 0, strict=True)
    ]
    return table.assign(**{VERDICT: words})


def verdict_colour(table: pd.DataFrame) -> alt.Color:
    """Colours of the verdicts of a table, with a legend above.

    Parameters
    ----------
    table : DataFrame
        A table with the column `verdict`.

    Returns
    -------
    altair color
        Blue for what is clear of noise; greys for all else.
    """
    present = [words for words in _COLOURS if words in set(table[VERDICT])]
    return alt.Color(
        f"{VERDICT}:N",
        title=None,
        legend=alt.Legend(
            orient="top", labelLimit=0, labelExpr=label_expression({words: phrase(words) for words in present})
        ),
        scale=alt.Scale(domain=present, range=[_COLOURS[words] for words in present]),
    )


def describe_clear(table: pd.DataFrame, one: str, many: str) -> str:
    """Say how many rows of a table are clear of noise.

    Parameters
    ----------
    table : DataFrame
        Differences with the columns `differs` and `n_gold`.
    one, many : str
        What a row is, and several, in the language of the chart.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> describe_clear(pd.DataFrame({"differs": [True, False], "n_gold": [9, 9]}), "difference", "differences")
    '1 of 2 differences is clear of noise.'
    >>> describe_clear(pd.DataFrame({"differs": [False], "n_gold": [9]}), "difference", "differences")
    'None of the 1 difference is clear of noise.'
    >>> describe_clear(pd.DataFrame({"differs": [True, False], "n_gold": [0, 0]}), "difference", "differences")
    'Exploratory: 1 of 2 differences is larger than the choice of documents explains; classifier errors may explain it.'
    """
    text = _count_clear(table, one, many)
    return text[:1].upper() + text[1:]


def _count_clear(table: pd.DataFrame, one: str, many: str) -> str:
    """The sentence; in some languages it begins with what the rows are."""
    n_all, n_clear = len(table), int(table["differs"].astype(bool).sum())
    n_rows = n_all if "p_adjusted" not in table.columns else int(table["p_adjusted"].notna().sum())
    if not n_rows:
        return phrase(
            "None of the {n:,} {rows} could be tested: too few units.", n=n_all, rows=one if n_all == 1 else many
        )
    rows = one if n_rows == 1 else many
    if n_rows < n_all:
        rows = phrase("{rows} that could be tested ({n_all:,} in all)", rows=rows, n_all=n_all)
    counts = {"n_rows": n_rows, "rows": rows}
    labelled = bool((table["n_gold"] > 0).any())
    if not n_clear and labelled:
        return phrase("None of the {n_rows:,} {rows} is clear of noise.", **counts)
    if not n_clear:
        return phrase("None of the {n_rows:,} {rows} is larger than the choice of documents explains.", **counts)
    if labelled:
        return phrase_n(
            "{n:,} of {n_rows:,} {rows} is clear of noise.",
            "{n:,} of {n_rows:,} {rows} are clear of noise.",
            n_clear, **counts,
        )  # fmt: skip
    return phrase_n(
        "Exploratory: {n:,} of {n_rows:,} {rows} is larger than the choice of documents explains; classifier errors "
        "may explain it.",
        "Exploratory: {n:,} of {n_rows:,} {rows} are larger than the choice of documents explains; classifier errors "
        "may explain them.",
        n_clear, **counts,
    )  # fmt: skip


def join_intervals(level: float, n_rows: int, many: str) -> str:
    """Name the convention of thick lines.

    Parameters
    ----------
    level : float
        Level of the intervals.
    n_rows : int
        Number of rows for which they hold at once.
    many : str
        What the rows are.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> join_intervals(0.95, 84, "differences")
    'Thick line: 95% interval, jointly for all 84 differences.'
    """
    return phrase(
        "Thick line: {level:.0%} interval, jointly for all {n_rows:,} {rows}.", level=level, n_rows=n_rows, rows=many
    )
