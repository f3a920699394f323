"""Differences that were named before labels were read: the only ones that count in their test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.comparison import Comparison, open_comparison
from framing.estimates.correction import Target
from framing.estimates.joint_differences import REST, end_at_zero, judge_differences
from framing.tables import HYPOTHESES
from framing.uncertainty.options import check_interval_options

__all__ = ["compare_hypotheses"]

METHOD = (
    "one of {n} hypotheses named beforehand; {sides} score test with pooled design effects, joint min-p over the "
    "hypotheses only; {basis}"
)
_REST = "rest"
_SIDES = {"more": 1, "less": -1, "differ": 0}
_WORDS = {"more": "more {frame} in {a} than in {b}", "less": "less {frame} in {a} than in {b}",
          "differ": "another share of {frame} in {a} than in {b}"}  # fmt: skip


@dataclass(frozen=True)
class _Named:
    """A hypothesis as its author wrote it."""

    frame: str
    group_a: str
    group_b: str
    expect: str

    @property
    def words(self) -> str:
        return _WORDS[self.expect].format(
            frame=self.frame, a=self.group_a, b="the rest" if self.group_b == _REST else self.group_b
        )


def compare_hypotheses(
    classified: pd.DataFrame,
    hypotheses: Sequence[Mapping[str, Any] | object],
    *,
    by: str | Sequence[str] = "outlet",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    min_documents: int = MIN_DOCUMENTS,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
    target: Target = "process",
) -> pd.DataFrame:
    """Test the differences that were expected before labels were read, and no others.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame. With the column `cluster`, clusters are the independent units,
        else documents; with the column `weight`, passages count by it.
    hypotheses : sequence of mapping or object
        Each has `frame`, the id of a frame; `groups`, two groups, of which the second may be `rest`, the mean of all
        others; and `expect`: `more` or `less` of the frame in the first group than in the second, or `differ`, which it
        is where none is given. The setting `hypotheses` of a report is such a list.
    by : str or sequence of str, default "outlet"
        Columns that make the groups.
    level : float, default 0.95
        Chance that all intervals hold, and that no hypothesis is falsely supported.
    n_bootstrap : int, default 2000
        Number of draws.
    min_documents : int, default 5
        Hypotheses about groups with fewer are not tested.
    random_seed : int, optional
        Start of the draws.
    corrected : bool, default True
        Whether to correct shares with labelled passages, where the table has them.
    target : {"process", "corpus"}, default "process"
        What corrected shares are about, as in `framing.estimates.correction.draw_corrected_shares`.

    Returns
    -------
    DataFrame
        Columns `framing.tables.HYPOTHESES`, in the order in which they were named; no rows without hypotheses.
        `estimate` is the share in `group_a` less that in `group_b`. `p_adjusted` and `low, high` hold jointly for all
        hypotheses, and for no other comparison. Where `more` or `less` is expected the test is one-sided, and so is the
        interval: it ends at 1 or -1. `supported` says that the difference is the expected one (`p_adjusted < 1 -
        level`), `differs` that the interval leaves zero out, which is the same. A hypothesis about a group with too few
        documents or labels has no test, and `method` says why.

    Raises
    ------
    InputError
        Where a column is missing, a frame or group is unknown, or a hypothesis is not made as above.
        Also unless `level` lies between 0 and 1 and `n_bootstrap` is at least 1.

    Notes
    -----
    The score test of `framing.estimates.joint_differences.measure_jointly`. One difference named beforehand is found
    with half of the labels or less that it takes to find it among all pairs and frames; that it was named beforehand is
    for the author to show.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap)
    named = [_read_hypothesis(hypothesis, number) for number, hypothesis in enumerate(hypotheses, 1)]
    if not named:
        return pd.DataFrame(columns=list(HYPOTHESES))
    comparison = open_comparison(classified, by=by, min_documents=min_documents, corrected=corrected, target=target)
    for number, hypothesis in enumerate(named, 1):
        _check_names(hypothesis, number, comparison)
    names = [str(name) for name in comparison.names]
    rows = [_describe(hypothesis, comparison) for hypothesis in named]
    tested_rows = [number for number, row in enumerate(rows) if not row["method"]]
    if tested_rows:
        chosen = [named[number] for number in tested_rows]
        first = np.array([names.index(each.group_a) for each in chosen])
        second = np.array([REST if each.group_b == _REST else names.index(each.group_b) for each in chosen])
        tested = judge_differences(
            comparison,
            first,
            second,
            columns=np.array([comparison.evidence.frames.index(each.frame) for each in chosen]),
            sides=np.array([_SIDES[each.expect] for each in chosen]),
            level=level,
            n_bootstrap=n_bootstrap,
            random_seed=random_seed,
            within=1.0,
        )
        differs = tested.p_adjusted < 1 - level
        low, high = end_at_zero(tested, differs)
        for place, number in enumerate(tested_rows):
            sides = "two-sided" if named[number].expect == "differ" else "one-sided"
            rows[number] |= {
                "estimate": tested.estimate[place, 0],
                "low": low[place, 0],
                "high": high[place, 0],
                "p_adjusted": tested.p_adjusted[place, 0],
                "differs": bool(differs[place, 0]),
                "supported": bool(differs[place, 0]),
                "method": METHOD.format(n=len(tested_rows), sides=sides, basis=comparison.describe()),
                "p_value": tested.p_value[place, 0],
                "detectable": tested.detectable[place, 0],
            }
    return pd.DataFrame(rows, columns=list(HYPOTHESES))


def _read_hypothesis(hypothesis: Mapping[str, Any] | object, number: int) -> _Named:
    """A hypothesis from a mapping or an object, checked for its form."""
    values = hypothesis if isinstance(hypothesis, Mapping) else vars(hypothesis)
    unknown = set(values) - {"frame", "groups", "expect"}
    if unknown or not {"frame", "groups"} <= set(values):
        raise InputError(
            f"hypothesis {number}: expected the keys frame, groups and expect, got {', '.join(map(str, values))}.",
            argument="hypotheses",
        )
    groups, expect = values["groups"], values.get("expect", "differ")
    if isinstance(groups, str) or len(groups) != 2 or groups[0] == groups[1] or groups[0] == _REST:
        raise InputError(
            f"hypothesis {number}: expected two groups, of which the second may be rest, got {groups!r}.",
            argument="hypotheses",
        )
    if expect not in _SIDES:
        raise InputError(
            f"hypothesis {number}: expect is one of {', '.join(_SIDES)}, got {expect!r}.", argument="hypotheses"
        )
    return _Named(str(values["frame"]), str(groups[0]), str(groups[1]), str(expect))


def _check_names(hypothesis: _Named, number: int, comparison: Comparison) -> None:
    """Refuse frames and groups that the table lacks."""
    frames = [str(frame) for frame in comparison.evidence.frames]
    if hypothesis.frame not in frames:
        raise InputError(
            f"hypothesis {number}: there is no frame {hypothesis.frame!r}. There are: {', '.join(frames)}.",
            argument="hypotheses",
        )
    known = [*map(str, comparison.names), *comparison.left_out]
    for group in (hypothesis.group_a, hypothesis.group_b):
        if group not in (*known, _REST):
            raise InputError(
                f"hypothesis {number}: there is no {comparison.by} {group!r}. There are: {', '.join(sorted(known))}; "
                f"or {_REST} for all but the first.",
                argument="hypotheses",
            )


def _describe(hypothesis: _Named, comparison: Comparison) -> dict[str, object]:
    """A row without its test; `method` is empty where there is one."""
    evidence, names = comparison.evidence, [str(name) for name in comparison.names]
    reasons = [
        f"not tested: {group} has {comparison.left_out[group]}"
        for group in (hypothesis.group_a, hypothesis.group_b)
        if group in comparison.left_out
    ]
    is_rest = hypothesis.group_b == _REST
    places = [place for place, name in enumerate(names) if is_rest or name in (hypothesis.group_a, hypothesis.group_b)]
    return {
        "hypothesis": hypothesis.words,
        "frame": hypothesis.frame,
        "group_a": hypothesis.group_a,
        "group_b": hypothesis.group_b,
        "expect": hypothesis.expect,
        **dict.fromkeys(("estimate", "low", "high", "p_adjusted", "p_value", "detectable"), np.nan),
        "differs": False,
        "supported": False,
        **{name: int(getattr(evidence, name)[places].sum()) for name in ("n_passages", "n_documents", "n_gold")},
        "method": reasons[0] if reasons else "",
    }
