"""Does a scorer obey the codebook? Tests of behaviour that need no labels, after Halterman & Keith.

Answers are compared with what the codebook itself says of a passage, or with those under a codebook that means the
same in other words.

References
----------
Halterman and Keith (2025), Codebook LLMs: Evaluating LLMs as measurement tools for political science concepts.
Political Analysis. https://doi.org/10.48550/arXiv.2407.10747
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from framing.classify.codebook_tests_plan import BEHAVIOURS, NOT_APPLICABLE, Job, OwnPassage, ProbePlan, add_nonsense
from framing.classify.scorer import Scorer
from framing.defaults import LEVEL
from framing.uncertainty.intervals import wilson_bounds

__all__ = ["CodebookTests", "judge_answers", "run_jobs"]

Bools = NDArray[np.bool_]

_WILSON = "Wilson score interval; passages taken as independent"
_PAIRED = "adjusted Wald interval of paired shares (Agresti & Min 2005); passages taken as independent"


@dataclass(frozen=True)
class CodebookTests:
    """What came out.

    Attributes
    ----------
    summary : DataFrame
        A row a test: `test, estimate, low, high, passed, n, method`. The estimate is the share that passed; of `generic
        against specific` it is a difference of shares. NaN where a test is not applicable, and `method` says why.
    failures : DataFrame
        A row a passage that did not pass: `test, frame, expected, answered, text`.
    """

    summary: pd.DataFrame
    failures: pd.DataFrame


def run_jobs(plan: ProbePlan, open_scorer: Callable[[Job], Scorer]) -> dict[str, dict[str, Bools | str]]:
    """Decide the texts of all jobs.

    Parameters
    ----------
    plan : ProbePlan
        What is asked.
    open_scorer : callable
        Makes the fitted scorer of a job.

    Returns
    -------
    dict of dict
        By the names of jobs and their texts: the frames that are present, shape (K,), in the order of the original
        codebook; or why there is no answer.
    """
    answers: dict[str, dict[str, Bools | str]] = {}
    for job in plan.jobs:
        scorer = open_scorer(job)
        scores = scorer.predict_proba(list(job.texts), progress=f"asking: {job.name}")
        is_missing = np.asarray(np.isnan(scores).any(axis=1))
        present = scorer.decide_scores(np.nan_to_num(scores)) == "present"
        if job.name == "reversed":
            present = present[:, ::-1]
        reasons: dict[str, str] = getattr(scorer, "failures_", {})
        answers[job.name] = {
            text: reasons.get(text, "no answer") if missing else row
            for text, missing, row in zip(job.texts, is_missing, present, strict=True)
        }
    return answers


def judge_answers(
    plan: ProbePlan, answers: dict[str, dict[str, Bools | str]], *, level: float = LEVEL
) -> CodebookTests:
    """Judge what was decided.

    Parameters
    ----------
    plan : ProbePlan
        What was asked.
    answers : dict of dict
        As `run_jobs` returns them.
    level : float, default 0.95
        Chance that each interval holds.

    Returns
    -------
    CodebookTests
        Shares that passed, with intervals, and the passages that did not.
    """
    rows, failures = list[dict[str, object]](), list[dict[str, str]]()
    for name in BEHAVIOURS:
        if reason := NOT_APPLICABLE[plan.kind].get(name, ""):
            rows.append(_make_row(name, f"not applicable: {reason}"))
            continue
        if name == "generic against specific":
            rows.append(_compare_names(plan, answers, level=level))
            continue
        judged = list(_JUDGES[name](plan, answers))
        failures += [{"test": name, **failure} for failure in judged if failure is not None]
        n, n_passed = len(judged), sum(failure is None for failure in judged)
        if not n:
            rows.append(_make_row(name, "not applicable: the codebook has no passage for it"))
            continue
        low, high = wilson_bounds(np.array([n_passed]), np.array([n]), level=level)
        values = {"estimate": n_passed / n, "low": float(low[0]), "high": float(high[0])}
        rows.append(_make_row(name, _WILSON) | values | {"passed": n_passed, "n": n})
    columns = ["test", "estimate", "low", "high", "passed", "n", "method"]
    return CodebookTests(
        pd.DataFrame(rows, columns=columns),
        pd.DataFrame(failures, columns=["test", "frame", "expected", "answered", "text"]),
    )


_Failure = dict[str, str] | None
_Answers = dict[str, dict[str, "Bools | str"]]


def _judge_legal(plan: ProbePlan, answers: _Answers) -> Iterator[_Failure]:
    for of_job in answers.values():
        for text, answer in of_job.items():
            yield _fail("", "an answer", answer, text) if isinstance(answer, str) else None


def _judge_definitions(plan: ProbePlan, answers: _Answers) -> Iterator[_Failure]:
    for column, frame in enumerate(plan.codebook.frames):
        answer = answers["original"][frame.definition]
        is_right = not isinstance(answer, str) and bool(answer[column])
        yield None if is_right else _fail(frame.id, frame.id, _write(plan, answer), frame.definition)


def _judge_own(plan: ProbePlan, answers: _Answers) -> Iterator[_Failure]:
    for item in plan.own:
        if item.kind == "counter-seed" or (plan.kind == "seeds" and item.kind == "example"):
            continue  # examples set the scale and cut of the scorer of seeds
        yield _judge_item(plan, item, _find_unseen(plan, answers, item))


def _judge_counter_seeds(plan: ProbePlan, answers: _Answers) -> Iterator[_Failure]:
    for item in plan.own:
        if item.kind == "counter-seed":
            yield _judge_item(plan, item, _find_unseen(plan, answers, item))


def _find_unseen(plan: ProbePlan, answers: _Answers, item: OwnPassage) -> Bools | str:
    """The answer of a scorer that did not learn from the passage."""
    return answers[f"half {item.place % 2}" if plan.kind == "seeds" else "original"][item.text]


def _judge_item(plan: ProbePlan, item: OwnPassage, answer: Bools | str) -> _Failure:
    if _is_right(item, answer):
        return None
    expected = f"not {item.frame}" if item.kind == "counter-seed" else item.frame or "none"
    return _fail(item.frame, expected, _write(plan, answer), item.text)


def _is_right(item: OwnPassage, answer: Bools | str) -> bool:
    return not isinstance(answer, str) and bool((answer[item.known] == item.expected[item.known]).all())


def _judge_rules(plan: ProbePlan, answers: _Answers) -> Iterator[_Failure]:
    """Right in all of four: passage with and without the nonsense, by the codebook with and without the rule."""
    for item in plan.own:
        if item.kind != "seed":
            continue
        column, odd = plan.codebook.frame_ids.index(item.frame), add_nonsense(item.text)
        cells = {
            "no rule": (answers["original"][item.text], True),
            "no rule, broken": (answers["nonsense"][odd], True),
            "rule": (answers["rule"][item.text], True),
            "rule, broken": (answers["rule"][odd], False),
        }
        if not plan.codebook.multi_label:  # with one frame a passage it has some frame whatever the rules say
            del cells["rule, broken"]
        wrong = [
            name for name, (answer, expected) in cells.items()
            if isinstance(answer, str) or bool(answer[column]) != expected
        ]  # fmt: skip
        yield _fail(item.frame, "the rule alone decides", f"wrong: {'; '.join(wrong)}", item.text) if wrong else None


def _judge_same(other: str) -> Callable[[ProbePlan, _Answers], Iterator[_Failure]]:
    """Whether answers of a job are those of the original."""

    def judge(plan: ProbePlan, answers: _Answers) -> Iterator[_Failure]:
        for text, answer in answers.get(other, {}).items():
            before = answers["original"][text]
            known = not isinstance(answer, str) and not isinstance(before, str)
            is_same = known and bool(np.array_equal(answer, before))
            yield None if is_same else _fail("", _write(plan, before), _write(plan, answer), text)

    return judge


def _judge_swapped(plan: ProbePlan, answers: _Answers) -> Iterator[_Failure]:
    for item in plan.own:
        if "swapped" in answers:
            yield _judge_item(plan, item, answers["swapped"][item.text])


_JUDGES: dict[str, Callable[[ProbePlan, _Answers], Iterator[_Failure]]] = {
    "legal answers": _judge_legal,
    "definitions": _judge_definitions,
    "seeds and examples": _judge_own,
    "counter-seeds": _judge_counter_seeds,
    "exclusion rules": _judge_rules,
    "order of frames": _judge_same("reversed"),
    "generic names": _judge_same("generic"),
    "swapped names": _judge_swapped,
    "asked twice": _judge_same("again"),
}


def _compare_names(plan: ProbePlan, answers: _Answers, *, level: float) -> dict[str, object]:
    """Share of own passages that are right with generic names, less that with telling ones."""
    pairs = [(_is_right(item, answers["generic"][item.text]), _is_right(item, answers["original"][item.text]))
             for item in plan.own]  # fmt: skip
    n, gained = len(pairs), sum(generic and not specific for generic, specific in pairs)
    lost = sum(specific and not generic for generic, specific in pairs)
    b, c, m = gained + 0.5, lost + 0.5, n + 2.0
    middle, error = (b - c) / m, float(np.sqrt(b + c - (b - c) ** 2 / m)) / m
    z = float(norm.ppf((1 + level) / 2))
    values = {"estimate": (gained - lost) / n, "low": max(middle - z * error, -1.0), "high": min(middle + z * error, 1)}
    return _make_row("generic against specific", _PAIRED) | values | {"passed": pd.NA, "n": n}


def _make_row(name: str, method: str) -> dict[str, object]:
    missing = float("nan")
    return {"test": name, "estimate": missing, "low": missing, "high": missing, "passed": 0, "n": 0, "method": method}


def _fail(frame: str, expected: str, answered: str, text: str) -> dict[str, str]:
    return {"frame": frame, "expected": expected, "answered": answered, "text": text}


def _write(plan: ProbePlan, answer: Bools | str) -> str:
    """An answer in words."""
    if isinstance(answer, str):
        return answer
    return ";".join(np.array(plan.codebook.frame_ids)[answer]) or "none"
