"""Several corpora are read as one table in which each document knows its corpus and has an id of its own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from framing.corpus import corpora_fingerprint, merge_configs, read_config, read_corpora, read_corpus
from framing.errors import InputError
from framing.selection import find_overlap

COLUMNS = "columns: {text: text, outlet: outlet, published: day, document_id: nr}\n"


def make(folder: Path, name: str, rows: str, more: str = "") -> Path:
    home = folder / name
    home.mkdir()
    (home / "a.csv").write_text(rows)
    (home / "corpus.yaml").write_text(
        f'corpus: {name}\ntitle: The {name}\nfiles: ["*.csv"]\nformat: csv\n{COLUMNS}{more}'
    )
    return home


@pytest.fixture
def east(tmp_path: Path) -> Path:
    rows = "nr,outlet,day,text,section\n1,A,2022-03-01,The ferry sailed.,World\n2,A,2022-03-09,The pier closed.,Sport\n"
    return make(tmp_path, "east", rows, "constructed: true\nlicence: CC0\nmarks: [{date: 2022-03-02, label: Talks}]\n")


@pytest.fixture
def west(tmp_path: Path) -> Path:
    rows = "nr,outlet,day,text,party\n1,B,2022-03-05,A bridge opened.,Green\n3,B,,,Red\n4,A,2022-03-20,It rained.,Red\n"
    return make(tmp_path, "west", rows, "licence: CC BY.\nperspectives: {B: West}\n")


def test_documents_of_all_corpora_stand_in_one_table(east: Path, west: Path) -> None:
    both = read_corpora([east, west])
    documents = both.documents
    assert documents["corpus"].tolist() == ["east", "east", "west", "west"]
    assert documents["document_id"].tolist() == ["1", "2", "west:1", "4"]
    assert documents["section"].tolist() == ["World", "Sport", "", ""]
    assert documents["party"].tolist() == ["", "", "Green", "Red"]
    assert both.quarantine["file"].tolist() == ["west/a.csv"]
    counts = both.files.set_index("file")[["n_rows", "n_kept", "n_refused"]]
    assert counts.to_dict("index") == {
        "east/a.csv": {"n_rows": 2, "n_kept": 2, "n_refused": 0},
        "west/a.csv": {"n_rows": 3, "n_kept": 2, "n_refused": 1},
    }
    left = both.keep(documents["outlet"] == "B")
    assert left.files["n_left_out"].tolist() == [2, 1]
    assert left.documents["text"].tolist() == ["A bridge opened."]


def test_one_corpus_is_as_it_is(east: Path) -> None:
    alone, whole = read_corpora([east]), read_corpus(east)
    pd.testing.assert_frame_equal(alone.documents, whole.documents)
    assert alone.hash == whole.hash == corpora_fingerprint([east])


def test_the_hash_follows_each_corpus_and_their_order(east: Path, west: Path) -> None:
    before = read_corpora([east, west]).hash
    assert before == corpora_fingerprint([east, west]) != corpora_fingerprint([west, east])
    (west / "a.csv").write_text("nr,outlet,day,text\n9,B,2022-03-05,Another.\n")
    assert corpora_fingerprint([east, west]) != before


def test_names_of_files_count_where_a_run_chooses_documents_by_them(east: Path, west: Path) -> None:
    before, named = (corpora_fingerprint([east, west], by_name=by_name) for by_name in (False, True))
    config = west / "corpus.yaml"
    config.write_text(config.read_text().replace("a.csv", "z.csv"))
    (west / "a.csv").rename(west / "z.csv")
    assert corpora_fingerprint([east, west]) == before
    assert corpora_fingerprint([east, west], by_name=True) not in (before, named)


def test_what_corpora_say_of_themselves_is_united(east: Path, west: Path) -> None:
    both = merge_configs([read_config(east), read_config(west)])
    assert both.corpus == "east+west"
    assert both.title == "The east; The west"
    assert both.licence == "The east: CC0; The west: CC BY"
    assert both.constructed
    assert both.perspectives == {"B": "West"}
    assert [mark.label for mark in both.marks] == ["Talks"]


def test_corpora_that_cannot_be_united_are_refused(east: Path, west: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="east is named twice"):
        read_corpora([east, east])
    text = (west / "corpus.yaml").read_text()
    (west / "corpus.yaml").write_text(text + "gold: {file: coded.csv}\n")
    with pytest.raises(InputError, match=r"1 documents of west have the id .* such as '1'"):
        read_corpora([east, west])
    (west / "corpus.yaml").write_text(text + "sides: {Ann Lee: Harbour}\n")
    (east / "corpus.yaml").write_text((east / "corpus.yaml").read_text() + "sides: {Ann Lee: Hill}\n")
    with pytest.raises(InputError, match="Ann Lee speaks for Hill in one corpus and for Harbour in another"):
        merge_configs([read_config(east), read_config(west)])


def test_groups_that_do_not_overlap_are_named() -> None:
    days = pd.to_datetime(["2022-03-01", "2022-03-09", "2022-03-10", None])
    apart = pd.DataFrame({"outlet": ["a", "a", "b", "c"], "published": days})
    with pytest.raises(InputError, match="dated documents of each outlet; c has none"):
        find_overlap(apart, "outlet")
    apart = apart.assign(outlet=["a", "a", "b", ""])
    with pytest.raises(InputError, match="outlet a ends on 2022-03-09, before b begins on 2022-03-10"):
        find_overlap(apart, "outlet")
    assert find_overlap(apart.assign(outlet=["a", "a", "a", ""]), "outlet").first == "2022-03-01"
    with pytest.raises(InputError, match="dated documents of each outlet; a, b has none"):
        find_overlap(apart.assign(published=pd.NaT), "outlet")
    with pytest.raises(InputError, match="none has a date"):
        find_overlap(apart.assign(outlet=""), "outlet")
