"""Pins: read with file and line, constraints of the stories."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from framing.errors import InputError
from framing.stories.duplicates import find_duplicates
from framing.stories.find import find_stories
from framing.stories.pins import StoryPins, read_corpus_pins, read_pins
from tests.storied import documents
from tests.tiny import WordEncoder

ENCODER = WordEncoder()


def test_pins_together_and_apart_hold_and_move_their_neighbours():
    table = documents()
    pins = StoryPins(together=(("ferry-b0", "snow-b0"),), apart=(("strike-b0", "strike-b1"),))
    found = find_stories(table, ENCODER, pins=pins).set_index("document_id")["story_id"]
    assert found["ferry-b0"] == found["snow-b0"]
    assert found["strike-b0"] != found["strike-b1"]
    # each other document of the strike is with one of the two, not alone
    rest = found[[name for name in found.index if name.startswith("strike")]]
    assert rest.nunique() == 2


def test_pins_survive_a_rerun_with_new_documents():
    pins = StoryPins(apart=(("strike-b0", "strike-b1"),))
    before = find_stories(documents(), ENCODER, pins=pins)
    after = find_stories(documents(numbers=3), ENCODER, pins=pins, previous=before).set_index("document_id")["story_id"]
    assert after["strike-b0"] != after["strike-b1"]
    kept = before.set_index("document_id")["story_id"]
    assert (after[kept.index] == kept).all()


def test_copies_follow_their_original_but_not_against_a_pin():
    table = documents()
    copy = {**table.iloc[0], "document_id": "copy", "outlet": "Marsh Times", "published": pd.Timestamp("2024-03-04")}
    duplicates = pd.DataFrame(
        {
            "document_id": ["ferry-b0", "snow-h0"],
            "group": "ferry-b0",
            "duplicate_of": ["", "ferry-b0"],
            "similarity": 1.0,
        }
    )
    every = pd.concat([table, pd.DataFrame([copy])])
    found = find_stories(every, ENCODER, duplicates=duplicates).set_index("document_id")["story_id"]
    assert found["snow-h0"] == found["ferry-b0"]
    pins = StoryPins(apart=(("snow-h0", "ferry-b0"),))
    found = find_stories(every, ENCODER, duplicates=duplicates, pins=pins).set_index("document_id")["story_id"]
    assert found["snow-h0"] != found["ferry-b0"]
    assert find_duplicates(every)["document_id"].str.contains("copy").any()


def _pins(folder: Path, text: str) -> Path:
    path = folder / "stories.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_pins_are_read_with_their_labels(tmp_path):
    story = find_stories(documents(), ENCODER)["story_id"].iloc[0]
    path = _pins(
        tmp_path,
        f'together:\n  - [ferry-b0, snow-b0]\napart: [[strike-b0, strike-b1]]\nlabels:\n  {story}: "The pier"\n',
    )
    pins = read_pins(path)
    assert pins.together == (("ferry-b0", "snow-b0"),)
    assert pins.apart == (("strike-b0", "strike-b1"),)
    found = find_stories(documents(), ENCODER, pins=path)
    assert found.loc[found["story_id"] == story, "story_label"].unique().tolist() == ["The pier"]


def test_pins_beside_a_corpus(tmp_path):
    (tmp_path / "corpus.yaml").write_text("corpus: x\n", encoding="utf-8")
    assert read_corpus_pins(tmp_path) is None
    _pins(tmp_path, "together: [[a, b]]\n")
    found = read_corpus_pins(tmp_path)
    assert found is not None
    assert found.together == (("a", "b"),)
    assert read_corpus_pins("deep-strike") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("together: [[ferry-b0, snow-b0]]\nmerge: []\n", r"stories.yaml, line 2: unknown key merge \(known: together"),
        ("together: [ferry-b0]\n", "line 1: together is a list of lists of document ids"),
        ("together:\n  - [ferry-b0]\n", "line 2: together needs at least two documents"),
        ("apart:\n  - [ferry-b0, snow-b0, flood-b0]\n", "line 2: apart holds pairs of two documents, not 3"),
        ("together: [[ferry-b0, ferry-b0]]\n", "line 1: ferry-b0 stands twice in one list"),
        ("together: [[ferry-b0, [a, b]]]\n", "line 1: expected a document id, got a list"),
        ("together: [[ferry-b0, ferry-b1], snow-b0]\n", "line 1: together is a list of lists of document ids"),
        ("together: pier\n", "line 1: together is a list of lists of document ids"),
        ("together: [[ferry-b0, snow-b0, snow-b0]]\n", "line 1: snow-b0 stands twice in one list"),
        ("labels: pier\n", "line 1: labels is a mapping of story_id to text"),
        ("labels: [a]\n", "line 1: labels is a mapping of story_id to text"),
        ("labels:\n  s: ''\n", "line 2: the label of s is empty"),
        ("apart:\n  - [ferry-b0, nowhere]\n", "line 2: there is no document nowhere"),
        ("labels:\n  nowhere: Pier\n", "line 2: there is no story nowhere"),
        (
            "together:\n  - [ferry-b0, snow-b0]\n  - [snow-b0, flood-b0]\napart:\n  - [flood-b0, ferry-b0]\n",
            "line 5: flood-b0 and ferry-b0 are pinned both together and apart",
        ),
        ("together: &x [[a, b]]\napart: *x\n", "anchors and aliases"),
        ("- a\n", "expected a mapping"),
    ],
)
def test_wrong_pins_are_refused_with_file_and_line(tmp_path, text, problem):
    with pytest.raises(InputError, match=problem):
        find_stories(documents(), ENCODER, pins=_pins(tmp_path, text))


def test_pins_of_a_corpus_of_the_project_by_its_name(tmp_path, monkeypatch):
    folder = tmp_path / "corpora" / "harbour"
    folder.mkdir(parents=True)
    (folder / "corpus.yaml").write_text("corpus: harbour\n", encoding="utf-8")
    _pins(folder, "apart: [[a, b], [c, d]]\n")
    monkeypatch.setenv("FRAMING_PROJECT", str(tmp_path))
    found = read_corpus_pins("harbour")
    assert found is not None
    assert found.apart == (("a", "b"), ("c", "d"))
