"""`auto`: the encoder by counts, installation and language alone, and the line that says why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

from framing.classify.auto_encoder import _GAIN_BEYOND, _GAINS, choose_encoder, forecast_reading
from framing.classify.classifier import FrameClassifier
from framing.classify.work import Work
from framing.encoders.costs import Machine
from framing.errors import InputError
from tests.tiny import SPORT, TRADE, WAR, WordEncoder, codebook

TWO = Machine(n_cores=2, bfloat16=True)
ALL, PLAIN, BOTH = ["minilm", "mpnet"], ["minilm"], ["minilm", "mpnet", "multilingual"]
LABELS = {"n_labelled": 20, "labelled_words": 400, "n_groups": 20, "n_frames": 3}


def choose(*, installed=ALL, machine=TWO, **work):
    return choose_encoder("auto", Work(**work), installed=installed, machine=machine)


# Passages of 50 words are read once. mpnet reads 2 * 45 * 60 = 5,400 words a second on two cores, minilm 24,000.
@pytest.mark.parametrize(
    ("work", "installed", "machine", "expected"),
    [
        ({}, ALL, TWO, "mpnet"),
        ({}, PLAIN, TWO, "minilm"),
        ({"n_texts": 90_000, "n_words": 4_500_000}, ALL, TWO, "mpnet"),  # 833 s, 13.9 minutes
        ({"n_texts": 100_000, "n_words": 5_000_000}, ALL, TWO, "minilm"),  # 926 s, 15.4 minutes
        ({"n_texts": 100_000, "n_words": 5_000_000}, ALL, Machine(3, bfloat16=True), "mpnet"),  # 617 s
        ({"n_texts": 90_000, "n_words": 4_500_000}, ALL, Machine(2, bfloat16=False), "minilm"),  # at 20: 31 minutes
        ({"n_texts": 30_000, "n_words": 2_400_000}, ALL, TWO, "minilm"),  # of 80 words, read 2.4 times: 17.8 minutes
        (LABELS | {"strength": "head"}, ALL, TWO, "mpnet+minilm"),
        (LABELS | {"strength": "head"}, PLAIN, TWO, "minilm"),
        (LABELS | {"strength": "zero-shot"}, ALL, TWO, "mpnet"),  # labels are not learned
        (LABELS | {"n_labelled": 5000, "labelled_words": 10**6, "n_groups": 5000}, ALL, TWO, "minilm"),  # tuning
        ({"language": "ru"}, ALL, TWO, "minilm"),
        ({"language": "ru"}, BOTH, TWO, "multilingual"),
        ({"language": "ru", "n_texts": 10**6, "n_words": 5 * 10**7}, BOTH, TWO, "multilingual"),  # however long
        ({"languages": {"en": 95, "fr": 5}}, BOTH, TWO, "mpnet"),
        ({"languages": {"en": 94, "fr": 6}}, BOTH, TWO, "multilingual"),
        ({"languages": {"en": 94, "fr": 3, "uk": 3}} | LABELS, BOTH, TWO, "multilingual"),
        ({"languages": {"en": 94, "fr": 6}}, ALL, TWO, "minilm"),
    ],
)
def test_the_rule(work, installed, machine, expected):
    assert choose(installed=installed, machine=machine, **work).name == expected


def test_the_line_says_which_and_why():
    assert choose(n_texts=30_000, n_words=1_234_567).sentence == (  # 1,234,567 words at 5,400 a second are 3.8 minutes
        "encoder mpnet: the best installed for English; about 1,230,000 words take about 4 minutes on 2 cores"
    )
    assert choose().sentence == "encoder mpnet: the best installed for English"


def test_the_line_says_what_a_better_encoder_would_bring_and_the_command():
    assert choose(installed=PLAIN, n_texts=90_000, n_words=4_500_000).sentence == (
        "encoder minilm: about 4,500,000 words take about 3 minutes on 2 cores; mpnet would find more (micro-F1 0.605 "
        "in place of 0.533 on real news prose) and take about 14 minutes: framing encoder install mpnet"
    )


@pytest.mark.parametrize(("installed", "after"), [(ALL, ""), (PLAIN, ", after framing encoder install mpnet")])
def test_the_line_says_that_a_better_encoder_takes_too_long(installed, after):
    assert choose(installed=installed, n_texts=200_000, n_words=10_000_000).sentence == (
        "encoder minilm: about 10,000,000 words take about 7 minutes on 2 cores; mpnet would find more (micro-F1 0.605 "
        "in place of 0.533 on real news prose), but takes about 31 minutes, and auto allows 15 minutes: name it to "
        f"have it{after}"
    )


LANGUAGES = {"en": 40, "ru": 30, "zh": 20, "de": 5, "fr": 3, "uk": 2}


def test_the_line_names_the_languages_for_which_multilingual_was_taken():
    work = {"languages": LANGUAGES, "n_texts": 30_000, "n_words": 1_234_567}  # at 10,800 words a second 1.9 minutes
    assert choose(installed=BOTH, **work).sentence == (
        "encoder multilingual: 60% of the texts are not in English (ru 30%, zh 20%, de 5%, fr 3% and 1 more), which "
        "minilm and mpnet do not read; about 1,230,000 words take about 2 minutes on 2 cores"
    )


def test_the_line_says_what_is_not_read_and_the_command():
    work = {"languages": LANGUAGES, "n_texts": 30_000, "n_words": 1_234_567}
    assert choose(installed=ALL, **work).sentence == (
        "encoder minilm: 60% of the texts are not in English (ru 30%, zh 20%, de 5%, fr 3% and 1 more), which it does "
        "not read, so that their scores mean nothing; multilingual reads them (0.854 of posts in four languages lie "
        "nearest to their own translation, in place of 0.259) and takes about 2 minutes: framing encoder install "
        "multilingual"
    )


@pytest.mark.parametrize("installed", [ALL, BOTH])
def test_the_line_names_the_language_that_no_encoder_reads(installed):
    sentence = choose(installed=installed, languages={"en": 10, "mi": 30}).sentence
    assert "75% of the texts are not in English (mi 75%), which" in sentence
    assert "; it was not trained on mi" in sentence


@pytest.mark.parametrize("gain", [_GAINS[False], _GAINS[True], _GAIN_BEYOND])
def test_the_gains_stand_in_the_benchmarks(root: Path, gain):
    page = (root / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    numbers = [word for word in gain.split() if word.startswith("0.")]
    assert len(numbers) == 2
    assert all(number in page for number in numbers)


def test_an_encoder_that_is_named_stays_and_long_work_is_said():
    work = Work(n_texts=200_000, n_words=10_000_000)
    named = choose_encoder("mpnet", work, installed=ALL, machine=TWO)
    assert (named.name, named.sentence) == (
        "mpnet",
        "encoder mpnet: about 10,000,000 words take about 31 minutes on 2 cores",
    )
    assert choose_encoder("mpnet", Work(n_texts=10, n_words=300), machine=TWO).sentence == ""
    assert choose_encoder("some/folder", work, machine=TWO).sentence == "", "no rate is known"


def test_a_forecast_of_reading_says_what_it_leaves_out(monkeypatch):
    monkeypatch.setattr("framing.classify.auto_encoder.find_machine", lambda: TWO)
    assert forecast_reading("minilm", 200_000, 10_000_000) == (
        "encoder minilm: about 10,000,000 words take about 7 minutes on 2 cores, less where a run has encoded them "
        "before"
    )
    assert forecast_reading("minilm", 10, 500) == forecast_reading("some/folder", 200_000, 10_000_000) == ""


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """Names of the encoders that are opened; all are ones of words."""
    names: list[str] = []
    monkeypatch.setattr(
        "framing.classify.auto_encoder.open_encoder", lambda name, **_: names.append(name) or WordEncoder()
    )
    monkeypatch.setattr("framing.classify.auto_encoder.find_machine", lambda: TWO)
    return names


TEXTS, TARGETS = [*WAR, *TRADE, *SPORT], np.repeat(np.eye(3, dtype=bool), 3, axis=0)


@pytest.mark.parametrize(
    ("installed", "seeds", "labels"), [(ALL, "mpnet", "mpnet+minilm"), (PLAIN, "minilm", "minilm")]
)
def test_a_classifier_without_a_named_encoder_chooses_when_it_is_fitted(opened, monkeypatch, installed, seeds, labels):
    monkeypatch.setattr("framing.classify.auto_encoder.installed_encoders", lambda: installed)
    said: list[str] = []
    FrameClassifier(codebook()).fit(say=said.append)
    classifier = FrameClassifier(codebook(), strength="head")
    classifier.fit(TEXTS, TARGETS, say=said.append)
    assert opened == [seeds, labels]
    assert [line for line in said if line.startswith("encoder ")][1].startswith(f"encoder {labels}: ")
    assert clone(classifier).encoder == "auto", "the parameter stays as it was given"


def test_a_single_encoder_cannot_be_auto():
    from framing.encoders.sentence import SentenceEncoder

    with pytest.raises(InputError, match=r"auto is chosen by what a classifier or a report has to read\. Name the one"):
        SentenceEncoder("auto")
