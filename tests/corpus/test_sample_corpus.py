"""The constructed corpus and the codebooks in the tree are what the method's examples assume."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from framing.codebook import Codebook, read_codebook
from framing.corpus import Corpus, read_corpus, split_passages, split_sentences

CRISIS = [
    "escalation_risk", "deterrence", "china_as_stabilizer", "negotiated_settlement", "alliance_strain",
    "strategic_ambiguity", "taiwan_precedent", "economic_coercion", "arms_supply", "western_culpability",
    "russian_culpability", "ukrainian_self_defence", "humanitarian_law", "china_russia_alignment",
]  # fmt: skip
PLOVER = [
    "accuse", "agree", "aid", "assault", "coerce", "consult", "cooperate", "mobilize", "protest", "reject",
    "request", "sanction", "support", "threaten", "yield",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "corpora" / "deep-strike"


@pytest.fixture(scope="module")
def corpus(folder: Path) -> Corpus:
    return read_corpus(folder)


@pytest.fixture(scope="module")
def passages(corpus: Corpus) -> pd.DataFrame:
    return split_passages(corpus.documents)


@pytest.fixture(scope="module")
def crisis(root: Path) -> Codebook:
    return read_codebook(root / "seeds" / "great-power-crisis.yaml")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


# the corpus


def test_every_article_is_kept_and_the_corpus_says_it_is_constructed(corpus: Corpus) -> None:
    assert corpus.quarantine.empty
    assert corpus.config.constructed
    assert corpus.config.licence
    assert "constructed" in corpus.config.title.lower()
    assert set(corpus.documents["language"]) == {"en"}
    assert corpus.documents["published"].notna().all()
    assert (corpus.documents["title"] != "").all()


def test_six_outlets_of_twenty_articles_each_have_a_perspective(corpus: Corpus) -> None:
    counts = corpus.documents["outlet"].value_counts()
    assert len(counts) >= 6
    assert counts.min() >= 20
    assert set(counts.index) == set(corpus.config.perspectives)
    assert (corpus.documents["perspective"] != "").all()


def test_articles_cover_ten_weeks_without_a_gap(corpus: Corpus) -> None:
    weeks = corpus.documents["published"].dt.to_period("W-SUN")
    assert weeks.nunique() >= 10
    assert weeks.nunique() == (weeks.max() - weeks.min()).n + 1


def test_ten_events_are_covered_by_several_outlets(corpus: Corpus) -> None:
    covered = corpus.documents.query("event != ''").groupby("event")["outlet"].nunique()
    assert (covered >= 3).sum() >= 10


def test_marks_lie_within_the_period(corpus: Corpus) -> None:
    published = corpus.documents["published"].dt.date
    assert corpus.config.marks
    # the first mark may be the eve of the first article
    assert all(published.min() - pd.Timedelta(days=3) <= mark.date <= published.max() for mark in corpus.config.marks)


def test_the_split_gives_five_hundred_passages_of_readable_length(passages: pd.DataFrame) -> None:
    assert len(passages) >= 500
    assert passages["passage_id"].is_unique
    assert passages["n_words"].max() <= 110
    assert passages["n_words"].median() >= 30


def test_only_wire_copy_shares_half_of_its_five_word_runs(folder: Path, passages: pd.DataFrame) -> None:
    story = {row["document_id"]: row["wire_story"] for row in table(folder / "wire_copy.csv")}
    assert set(story) <= set(passages["document_id"])
    documents = passages["document_id"].to_list()
    runs = []
    for text in passages["text"]:
        found = words(text)
        runs.append({tuple(found[place : place + 5]) for place in range(len(found) - 4)})
    where = defaultdict(list)
    for number, found in enumerate(runs):
        for run in found:
            where[run].append(number)
    shared = Counter(
        pair
        for numbers in where.values()
        for pair in combinations(numbers, 2)
        if documents[pair[0]] != documents[pair[1]]
    )
    alike = {
        tuple(sorted((documents[one], documents[two])))
        for (one, two), count in shared.items()
        if 2 * count >= min(len(runs[one]), len(runs[two]))
    }
    expected = {tuple(sorted((one, two))) for one, two in combinations(story, 2) if story[one] == story[two]}
    assert alike == expected


def test_a_wire_story_runs_in_several_outlets(folder: Path, corpus: Corpus) -> None:
    outlet = corpus.documents.set_index("document_id")["outlet"]
    stories = defaultdict(list)
    for row in table(folder / "wire_copy.csv"):
        stories[row["wire_story"]].append(outlet[row["document_id"]])
        assert row["agency"].endswith("(invented)")
    assert stories
    assert all(len(set(outlets)) == len(outlets) >= 2 for outlets in stories.values())


# its human labels


@pytest.mark.parametrize(
    ("name", "n_documents", "n_passages"), [("gold.csv", 201, 660), ("whole_articles.csv", 48, 288)]
)
def test_labels_cover_every_outlet(folder: Path, corpus: Corpus, name: str, n_documents: int, n_passages: int) -> None:
    gold = table(folder / name)
    assert len({row["document_id"] for row in gold}) == n_documents
    assert len({row["passage_id"] for row in gold}) == len(gold) == n_passages
    assert {row["outlet"] for row in gold} == set(corpus.documents["outlet"])


@pytest.mark.parametrize("name", ["gold.csv", "whole_articles.csv"])
def test_every_gold_text_is_exactly_a_passage(folder: Path, passages: pd.DataFrame, name: str) -> None:
    known = {
        row.passage_id: (
            row.document_id,
            row.outlet,
            f"{row.published:%Y-%m-%d}",
            row.text,
        )
        for row in passages.itertuples()
    }
    for row in table(folder / name):
        found = (row["document_id"], row["outlet"], row["published"], row["text"])
        assert known[row["passage_id"]] == found


@pytest.mark.parametrize("column", ["frames", "coder_1", "coder_2"])
def test_gold_names_frames_of_the_codebook(folder: Path, crisis: Codebook, column: str) -> None:
    labels = [label for row in table(folder / "gold.csv") for label in row[column].split(";") if label != "none"]
    assert set(crisis.resolve(labels, source="gold.csv")) == set(crisis.frame_ids)
    assert all(len(cell) == len(set(cell)) for row in table(folder / "gold.csv") if (cell := row[column].split(";")))


def test_the_settled_label_agrees_with_a_coder(folder: Path) -> None:
    for row in table(folder / "gold.csv"):
        settled, one, two = (set(filter(None, row[name].split(";"))) for name in ("frames", "coder_1", "coder_2"))
        assert one & two <= settled <= one | two, row["passage_id"]


# the codebooks


@pytest.mark.slow
def test_every_codebook_of_the_tree_is_valid_and_named_like_its_file(root: Path) -> None:
    files = sorted((root / "seeds").glob("*.yaml"))
    assert {path.stem for path in files} >= {"great-power-crisis", "plover"}
    for path in files:
        found = read_codebook(path)
        assert found.codebook == path.stem
        assert all(len(frame.seeds) >= 5 for frame in found.frames), path.stem


def test_great_power_crisis_has_its_fourteen_frames_in_order(crisis: Codebook) -> None:
    assert crisis.frame_ids == CRISIS
    assert crisis.multi_label
    for frame in crisis.frames:
        assert len(frame.seeds) >= 14, frame.id
        assert len(frame.counter_seeds) >= 5, frame.id
        assert frame.include, frame.id
        assert frame.exclude, frame.id


def test_plover_has_the_fifteen_roots_of_the_data(root: Path) -> None:
    plover = read_codebook(root / "seeds" / "plover.yaml")
    assert plover.frame_ids == PLOVER
    assert not plover.multi_label
    assert plover.resolve([name.upper() for name in PLOVER], source="gold_root") == PLOVER


def test_no_seed_sentence_occurs_in_the_corpus(crisis: Codebook, corpus: Corpus) -> None:
    whole = " ".join(f" {' '.join(words(title))} | {' '.join(words(text))} |" for title, text in zip(
        corpus.documents["title"], corpus.documents["text"], strict=True
    ))  # fmt: skip
    found = []
    for frame in crisis.frames:
        for seed in (*frame.seeds, *frame.counter_seeds):
            for start, end in split_sentences(seed):
                sentence = words(seed[start:end])
                # shorter ones ("There was no truce.") recur by chance and carry no frame
                if len(sentence) >= 5 and f" {' '.join(sentence)} " in whole:
                    found.append((frame.id, seed[start:end]))
    assert found == []


def test_no_gold_passage_is_a_seed(folder: Path, crisis: Codebook) -> None:
    seeds = {" ".join(words(seed)) for frame in crisis.frames for seed in (*frame.seeds, *frame.counter_seeds)}
    assert len(seeds) > 250
    assert not [row["passage_id"] for row in table(folder / "gold.csv") if " ".join(words(row["text"])) in seeds]


def test_gold_says_how_likely_each_passage_was_drawn(
    root: Path, folder: Path, corpus: Corpus, crisis: Codebook, passages: pd.DataFrame
) -> None:
    from framing.coding.gold import read_gold
    from framing.settings import Settings

    settings = Settings(corpus="deep-strike", codebook="great-power-crisis")
    gold = read_gold(settings, corpus.config, folder, crisis)
    assert gold is not None
    assert gold.probabilities is not None
    assert gold.unit == "passage"
    assert set(gold.passages["outlet"].value_counts()) == {110}
    # Horvitz and Thompson's count of passages is exact where strata are drawn by number
    weights = pd.Series(1 / gold.probabilities).groupby(gold.passages["outlet"].to_numpy()).sum()
    assert weights.to_dict() == pytest.approx(passages["outlet"].value_counts().to_dict())
    drawn = pd.DataFrame({"stratum": gold.strata, "chance": gold.probabilities})
    assert (drawn.groupby("stratum")["chance"].nunique() == 1).all()
