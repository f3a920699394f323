"""What there is to read and to learn, counted by hand."""

from __future__ import annotations

import pytest

from framing.classify.tuned.plan import TuningPlan
from framing.classify.work import Work, count_all_words, estimate_work, measure_work
from framing.encoders.costs import Machine
from tests.tiny import PASSAGES, TRADE, WAR, codebook, frame

ONE = Machine(n_cores=1, bfloat16=True)
RUSSIAN = "Министры встретились в столице, чтобы поговорить о договоре о мире."


def test_seeds_of_the_codebook_count():
    example = {"text": PASSAGES[0], "frames": ["war"]}
    book = codebook(
        frame("war", WAR, include=["Attacks."]),
        frame("trade", TRADE[:2], counter_seeds=["A swap."]),
        examples=[example],
    )
    work = Work.of_codebook(book, languages={"ru": 2}, n_texts=2, n_words=9)
    assert (work.n_seeds, work.n_frames) == (3 + 1 + 1 + 2 + 1 + 1 + 1, 2)  # each frame has a definition
    assert (work.language, work.n_texts, work.n_words) == ("ru", 2, 9)
    labels = {"n_labelled": 320, "labelled_words": 6400, "n_groups": 320, "plan": TuningPlan(min_steps=1)}
    more = Work(n_seeds=1600, **labels)  # two epochs' worth: 240 labelled texts and 480 seeds
    assert more.forecast("minilm", ONE) > 2.5 * Work(**labels).forecast("minilm", ONE)


def test_texts_are_counted_in_words_of_their_script():
    work = measure_work([*PASSAGES, RUSSIAN], codebook())
    assert (work.n_texts, work.n_words, work.language, work.n_frames) == (4, 7 + 10 + 8 + 10, "en", 3)
    assert count_all_words(["部长们周二在首都会面。"]) == 6


def test_the_language_is_that_of_most_texts_or_of_the_codebook():
    assert measure_work([RUSSIAN, RUSSIAN, WAR[0]], codebook()).language == "ru"
    assert measure_work(["Yes."], codebook(language="de")).language == "de", "too short to tell"
    assert measure_work([], codebook()).language == "en"
    assert measure_work([RUSSIAN, RUSSIAN, WAR[0], "Yes."], codebook()).languages == {"en": 1, "ru": 2}


def test_all_texts_are_estimated_from_some():
    work = estimate_work([PASSAGES[0], PASSAGES[2]], 10, codebook())
    assert (work.n_texts, work.n_words) == (10, 75)  # 7.5 words on average
    assert estimate_work([], 0, codebook()).n_words == 0


def test_labels_are_part_of_the_work():
    work = Work(n_texts=1, n_words=8).with_labels(WAR, n_groups=2, strength="head")
    assert (work.n_labelled, work.labelled_words, work.n_groups, work.strength) == (3, 9 + 9 + 5, 2, "head")
    assert (work.learns, work.tunes) == (True, False)


@pytest.mark.parametrize(
    ("n_labelled", "strength", "n_groups", "tunes"),
    [
        (23, "auto", 9, False), (24, "auto", 9, True), (24, "auto", 1, False), (3, "fine-tuned", 3, True),
        (0, "auto", 0, False),
    ],
)  # fmt: skip
def test_tuning_is_foreseen_where_it_will_be_done(n_labelled, strength, n_groups, tunes):
    work = Work(n_labelled=n_labelled, labelled_words=n_labelled, n_groups=n_groups, n_frames=3, strength=strength)
    assert work.tunes is tunes


def test_longer_passages_are_read_more_than_once():
    read_once, windowed = Work(n_texts=100, n_words=6000), Work(n_texts=100, n_words=6100)
    assert read_once.forecast("minilm", ONE) == pytest.approx(0.5)  # 12,000 words a second
    assert windowed.forecast("minilm", ONE) == pytest.approx(2.4 * 6100 / 12_000)
    assert windowed.forecast("some/folder", ONE) is None


def test_tuning_and_its_scores_add_to_the_forecast():
    labels = {"n_labelled": 240, "labelled_words": 4800, "n_groups": 240, "n_frames": 3}
    work = Work(n_texts=100, n_words=6000, **labels)
    head = Work(n_texts=100, n_words=6000, strength="head", **labels)
    assert head.forecast("minilm", ONE) == pytest.approx(10_800 / 12_000)
    short = Work(n_texts=100, n_words=6000, plan=TuningPlan(epochs=1, min_steps=1), **labels)
    assert work.forecast("minilm", ONE) > short.forecast("minilm", ONE) > head.forecast("minilm", ONE)
    assert work.forecast("mpnet+minilm", ONE) > 3 * work.forecast("minilm", ONE), "layers of four times the size learn"


def test_examples_count_where_a_strength_learns_from_them():
    examples = [{"text": "Missiles hit the port.", "frames": ["war"]}, {"text": "Tariffs rose.", "frames": ["trade"]}]
    book = codebook(multi_label=True, examples=examples)
    work = Work.of_codebook(book)
    learnt = work.with_examples(book, strength="head")
    assert (learnt.n_labelled, learnt.labelled_words, learnt.n_groups) == (2, 6, 2)
    assert work.with_examples(book, strength="auto") == work
