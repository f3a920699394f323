"""Differences that were named before labels were read: the only ones that count in their test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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

__all__ = ["check_hypotheses", "compare_hypotheses"]

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
        Where a column is missing, a frame or group is unknown, or a hypothesis is not made as above. Also where a
        hypothesis is about `rest` and a group has that name.
        Also unless `level` lies between 0 and 1 and `n_bootstrap` is at least 1.

    Notes
    -----
    The score test of `framing.estimates.joint_differences.measure_jointly`. One difference named beforehand is found
    with half of the labels or less that it takes to find it among all pairs and frames; that it was named beforehand is
    for the author to show.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap)
    named = _read_hypotheses(hypotheses)
    if not named:
        return pd.DataFrame(columns=list(HYPOTHESES))
    comparison = open_comparison(classified, by=by, min_documents=min_documents, corrected=corrected, target=target)
    frames = [str(frame) for frame in comparison.evidence.frames]
    groups = [*map(str, comparison.names), *comparison.left_out]
    check_hypotheses(hypotheses, frames=frames, groups=groups, by=comparison.by)
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
            columns=np.array([frames.index(each.frame) for each in chosen]),
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


def check_hypotheses(
    hypotheses: Sequence[Mapping[str, Any] | object],
    *,
    frames: Iterable[str] | None = None,
    groups: Iterable[str] | None = None,
    by: str = "outlet",
    advice: str = "",
) -> None:
    """Check hypotheses for their form, and that their frames and groups exist.

    Parameters
    ----------
    hypotheses : sequence of mapping or object
        As in `compare_hypotheses`.
    frames : iterable of str or None, default None
        Frames that exist; None: they are not checked.
    groups : iterable of str or None, default None
        Groups that exist; None: they are not checked.
    by : str, default "outlet"
        Column of the groups, for the message.
    advice : str, default ""
        A sentence that ends the message about a frame or group that does not exist.

    Raises
    ------
    InputError
        Where a hypothesis is not made as in `compare_hypotheses`, or its frame or a group does not exist; lists those
        that do. Also where a hypothesis is about `rest` and a group has that name.
    """
    known_frames = None if frames is None else list(dict.fromkeys(map(str, frames)))
    known = None if groups is None else sorted(set(map(str, groups)))
    for number, hypothesis in enumerate(_read_hypotheses(hypotheses), 1):
        problem = ""
        if known_frames is not None and hypothesis.frame not in known_frames:
            problem = f"there is no frame {hypothesis.frame!r}. There are: {', '.join(known_frames)}."
        elif known is not None:
            problem = _find_wrong_group(hypothesis, known, by)
        if problem:
            raise InputError(f"hypothesis {number}: {problem} {advice}".rstrip(), argument="hypotheses")


def _find_wrong_group(hypothesis: _Named, known: list[str], by: str) -> str:
    """Say what is wrong with the groups of a hypothesis; empty if nothing is."""
    if hypothesis.group_b == _REST and _REST in known:
        return f"{_REST} means all groups but the first, and there is also the {by} {_REST!r}. Rename that {by}."
    for group in (hypothesis.group_a, hypothesis.group_b):
        if group not in (*known, _REST):
            listed = f"There are: {', '.join(known)}; or {_REST} for all but the first."
            return f"there is no {by} {group!r}. {listed}"
    return ""


def _read_hypotheses(hypotheses: Sequence[Mapping[str, Any] | object]) -> list[_Named]:
    """Hypotheses from a list, checked for their form."""
    if not isinstance(hypotheses, Sequence) or isinstance(hypotheses, (str, bytes)):
        raise InputError(
            "hypotheses: expected a list of hypotheses, each with frame, groups and expect, got "
            f"{type(hypotheses).__name__}.",
            argument="hypotheses",
        )
    return [_read_hypothesis(hypothesis, number) for number, hypothesis in enumerate(hypotheses, 1)]


def _read_hypothesis(hypothesis: Mapping[str, Any] | object, number: int) -> _Named:
    """A hypothesis from a mapping or an object, checked for its form."""
    values = hypothesis if isinstance(hypothesis, Mapping) else getattr(hypothesis, "__dict__", None)
    if values is None or set(values) - {"frame", "groups", "expect"} or not {"frame", "groups"} <= set(values):
        got = repr(hypothesis) if values is None else ", ".join(map(str, values)) or "none"
        raise InputError(
            f"hypothesis {number}: expected the keys frame, groups and expect, got {got}.", argument="hypotheses"
        )
    groups, expect = values["groups"], values.get("expect", "differ")
    pair = [str(group) for group in groups] if isinstance(groups, (list, tuple)) else []
    if len(pair) != 2 or pair[0] == pair[1] or pair[0] == _REST:
        raise InputError(
            f"hypothesis {number}: expected two groups, of which the second may be rest, as a list of two different "
            f"names, got {groups!r}.",
            argument="hypotheses",
        )
    if not isinstance(expect, str) or expect not in _SIDES:
        raise InputError(
            f"hypothesis {number}: expect is one of {', '.join(_SIDES)}, got {expect!r}.", argument="hypotheses"
        )
    return _Named(str(values["frame"]), pair[0], pair[1], expect)


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
