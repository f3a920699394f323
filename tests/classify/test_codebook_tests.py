"""Tests of behaviour: scorers that obey and scorers that break one rule each, with shares counted by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from framing.classify.codebook_tests import judge_answers, run_jobs
from framing.classify.codebook_tests_plan import Job, plan_tests
from framing.classify.codebook_variants import (
    NONSENSE,
    exclude_nonsense,
    hold_out,
    name_generically,
    reverse_frames,
    swap_names,
)
from tests.tiny import SPORT, TRADE, WAR, codebook, frame

COUNTER = "A war of words broke out on the pitch."
BOOK = codebook(
    frame("war", WAR, counter_seeds=[COUNTER], exclude=["Trade wars (use trade)."]),
    frame("trade_news", TRADE, exclude=["Arms exports (war)."]),
    frame("sport", SPORT),
    multi_label=True,
    examples=[{"text": "Exports fell and soldiers advanced.", "frames": ["war", "trade_news"]}],
)
SINGLE = codebook()
WORDS = [
    ("Missiles", "Artillery", "Drones", "soldiers"),
    ("Exports", "trade", "tariff"),
    ("striker", "marathon", "team"),
]


class Obedient:
    """Answers by the definitions, wherever a frame stands and whatever it is called; subclasses break one rule."""

    def __init__(self, job: Job) -> None:
        self.job, self.codebook = job, job.codebook
        self.failures_: dict[str, str] = {}

    def topic(self, column: int) -> int:
        return ["war", "trade", "sport"].index(
            self.codebook.frames[column].definition.split()[2].strip(".").split("_")[0]
        )

    def carries(self, text: str, column: int) -> bool:
        frame = self.codebook.frames[column]
        if text == frame.definition:
            return True
        if any("elephant" in rule for rule in frame.exclude) and "elephant" in text:
            return False
        return any(word in text for word in WORDS[self.topic(column)])

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> np.ndarray:
        k = len(self.codebook.frames)
        return np.array([[float(self.carries(text, column)) for column in range(k)] for text in texts])

    def decide_scores(self, scores: np.ndarray) -> np.ndarray:
        return np.where(scores >= 0.5, "present", "absent")


def run(kind, scorer, book=BOOK, **options):
    plan = plan_tests(book, kind, **options)
    results = judge_answers(plan, run_jobs(plan, scorer))
    return results.summary.set_index("test"), results.failures


def test_an_obedient_model_passes_all():
    summary, failures = run("llm", Obedient)
    assert failures.empty
    shares = summary["estimate"].drop("generic against specific")
    assert (shares == 1).all()
    assert summary.loc["generic against specific", "estimate"] == 0
    # 9 seeds, a counter-seed, an example
    asked = ["seeds and examples", "counter-seeds", "order of frames", "exclusion rules"]
    assert summary.loc[asked, "n"].to_list() == [
        10, 1, 11, 9,
    ]  # fmt: skip
    assert summary.loc["definitions", "low"] == pytest.approx(3 / (3 + 1.959964**2))  # Wilson, 3 of 3


class ByName(Obedient):
    """Goes by the name of the frame and not by its definition."""

    def topic(self, column: int) -> int:
        name = self.codebook.frame_ids[column].split("_")[0]
        return ["war", "trade", "sport", "label"].index(name)

    def carries(self, text: str, column: int) -> bool:
        return self.topic(column) < 3 and super().carries(text, column)


def test_a_model_that_goes_by_names_fails_where_names_change():
    summary, failures = run("llm", ByName)
    assert summary.loc["generic names", ["passed", "n"]].to_list() == [1, 11]  # only the counter-seed has no frame
    assert summary.loc["swapped names", ["passed", "n"]].to_list() == [1, 11]
    assert summary.loc["generic against specific", "estimate"] == pytest.approx(-10 / 11)
    assert summary.loc["generic against specific", "high"] < 0
    assert summary.loc["definitions", "estimate"] == 1
    row = failures[(failures["test"] == "swapped names") & (failures["text"] == WAR[0])].iloc[0]
    assert (row["frame"], row["expected"], row["answered"]) == ("war", "war", "sport")


class DeafToRules(Obedient):
    def carries(self, text: str, column: int) -> bool:
        return any(word in text for word in WORDS[self.topic(column)])


class DeafToElephants(Obedient):
    """Denies every frame once an elephant comes up, rule or not."""

    def carries(self, text: str, column: int) -> bool:
        return "elephant" not in text and super().carries(text, column)


@pytest.mark.parametrize(("scorer", "wrong"), [(DeafToRules, "rule, broken"), (DeafToElephants, "no rule, broken")])
def test_rules_must_be_obeyed_where_they_apply_and_only_there(scorer, wrong):
    summary, failures = run("llm", scorer)
    assert summary.loc["exclusion rules", ["passed", "n"]].to_list() == [0, 9]
    assert set(failures.loc[failures["test"] == "exclusion rules", "answered"]) == {f"wrong: {wrong}"}


class First(Obedient):
    """Gives only the first frame that fits."""

    def predict_proba(self, texts, *, progress=""):
        scores = super().predict_proba(texts)
        return scores * (scores.cumsum(axis=1) == 1)


def test_order_matters_to_a_model_that_stops_at_the_first_frame():
    summary, failures = run("llm", First)
    assert summary.loc["order of frames", ["passed", "n"]].to_list() == [10, 11]
    row = failures[failures["test"] == "order of frames"].iloc[0]
    assert (row["expected"], row["answered"]) == ("war", "trade_news")
    assert summary.loc["seeds and examples", ["passed", "n"]].to_list() == [9, 10]


class Fickle(Obedient):
    def carries(self, text: str, column: int) -> bool:
        return super().carries(text, column) != (self.job.repeat == 1 and text == WAR[0] and column == 2)


def test_another_answer_the_second_time_is_found():
    summary, failures = run("llm", Fickle)
    assert summary.loc["asked twice", ["passed", "n"]].to_list() == [10, 11]
    row = failures[failures["test"] == "asked twice"].iloc[0]
    assert (row["expected"], row["answered"]) == ("war", "war;sport")


class Mute(Obedient):
    def predict_proba(self, texts, *, progress=""):
        scores = super().predict_proba(texts)
        for row, text in enumerate(texts):
            if text == COUNTER:
                scores[row] = np.nan
                self.failures_[text] = "refused"
        return scores


def test_a_missing_answer_passes_nothing():
    summary, failures = run("llm", Mute)
    assert summary.loc["counter-seeds", "estimate"] == 0
    assert summary.loc["legal answers", "n"] - summary.loc["legal answers", "passed"] == 5  # one a codebook, and again
    assert set(failures.loc[failures["test"] == "counter-seeds", "answered"]) == {"refused"}


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("seeds", {"legal answers", "definitions", "exclusion rules", "generic names", "swapped names",
                   "generic against specific"}),
        ("nli", {"legal answers", "exclusion rules", "generic names", "swapped names", "generic against specific"}),
        ("llm one by one", {"order of frames"}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_for_a_scorer_is_said(kind, names):
    summary, _ = run(kind, Obedient)
    absent = summary[summary["n"] == 0]
    assert set(absent.index) == names
    assert absent["method"].str.startswith("not applicable: ").all()
    assert absent["estimate"].isna().all()


def test_the_scorer_of_seeds_is_asked_about_seeds_that_it_did_not_read():
    plan = plan_tests(BOOK, "seeds")
    halves = {job.name: job for job in plan.jobs if job.name.startswith("half")}
    for job in halves.values():
        read = {text for item in job.codebook.frames for text in (*item.seeds, *item.counter_seeds)}
        assert read
        assert not read & set(job.texts) - {BOOK.examples[0].text}


def test_passages_of_ones_own_are_compared_and_not_judged():
    summary, _ = run("llm", First, others=["Exports fell as soldiers left."])
    assert summary.loc["order of frames", ["passed", "n"]].to_list() == [10, 12]
    assert summary.loc["seeds and examples", "n"] == 10


def test_few_passages_of_a_frame_are_spread_over_all():
    plan = plan_tests(BOOK, "llm", per_frame=2)
    assert [item.text for item in plan.own if item.kind == "seed"][:2] == [WAR[0], WAR[2]]


def test_with_one_frame_a_passage_all_of_them_are_known():
    summary, _ = run("llm", Obedient, SINGLE)
    assert summary.loc["seeds and examples", ["passed", "n"]].to_list() == [9, 9]
    assert summary.loc["counter-seeds", "method"] == "not applicable: the codebook has no passage for it"


def test_variants_change_what_they_say_and_nothing_else():
    generic = name_generically(BOOK)
    assert generic.frame_ids == ["label_1", "label_2", "label_3"]
    assert generic.frames[0].exclude == ("Trade wars (use trade).",)  # trade is no id here
    assert generic.frames[1].exclude == ("Arms exports (label_1).",)
    assert generic.examples[0].frames == ("label_1", "label_2")
    swapped = swap_names(BOOK)
    assert swapped.frame_ids == ["trade_news", "sport", "war"]
    assert swapped.frames[0].seeds == BOOK.frames[0].seeds
    assert swapped.frames[1].exclude == ("Arms exports (trade_news).",)
    assert reverse_frames(BOOK).frame_ids == ["sport", "trade_news", "war"]
    assert exclude_nonsense(BOOK).frames[2].exclude == (
        "The passage mentions an elephant, whatever else it says (no frame).",
    )
    assert "elephant" in NONSENSE
    assert hold_out(BOOK, 0).frames[0].seeds == (WAR[1],)
    assert hold_out(BOOK, 1).frames[0].seeds == (WAR[0], WAR[2])
    assert hold_out(BOOK, 0).frames[0].counter_seeds == ()
