"""A corpus of several kinds of files; columns that are carried; documents chosen by what their columns hold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from framing.corpus import corpus_fingerprint, read_corpus, split_passages
from framing.errors import InputError
from framing.selection import Selection, select_documents
from framing.tables import DOCUMENTS

HEAD = "corpus: two\ntitle: Two archives\n"
SOURCES = """\
sources:
  - files: ["paper*.csv"]
    format: csv
    columns: {text: body, outlet: {constant: The Beacon}, published: day}
  - files: radio.jsonl
    format: jsonl
    columns: {text: [head, said], outlet: station, published: {column: day, format: "%d.%m.%Y"}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A paper's table and a station's JSON lines, which share one column beyond ours."""
    (tmp_path / "corpus.yaml").write_text(HEAD + SOURCES)
    (tmp_path / "paper1.csv").write_text(
        "day,body,section,page\n2022-07-01,The ferry sailed at noon.,World,3\n2022-07-09,The pier was closed.,Sport,9\n"
        "2022-07-11,,World,1\n"
    )
    (tmp_path / "radio.jsonl").write_text(
        '{"day": "10.07.2022", "head": "Ferry", "said": "It sailed.", "station": "Radio Nine", "section": "World", '
        '"language": "English"}\n'
    )
    return tmp_path


def rewrite(folder: Path, more: str) -> Path:
    (folder / "corpus.yaml").write_text(HEAD + more + SOURCES)
    return folder


def test_each_source_is_read_by_its_own_rule(folder: Path) -> None:
    corpus = read_corpus(folder)
    assert corpus.documents["outlet"].tolist() == ["The Beacon", "The Beacon", "Radio Nine"]
    assert corpus.documents["text"].tolist()[-1] == "Ferry\n\nIt sailed."
    assert corpus.documents["published"].dt.day.tolist() == [1, 9, 10]
    assert corpus.files["file"].tolist() == ["paper1.csv", "radio.jsonl"]
    assert corpus.files[["n_rows", "n_kept", "n_refused", "n_left_out"]].to_numpy().tolist() == [
        [3, 2, 1, 0],
        [1, 1, 0, 0],
    ]


def test_columns_beyond_ours_are_carried_by_their_names(folder: Path) -> None:
    documents = read_corpus(folder).documents
    assert list(documents.columns) == [*DOCUMENTS, "section", "page", "file_language"]
    assert documents["section"].tolist() == ["World", "Sport", "World"]
    assert documents["page"].tolist() == ["3", "9", ""]
    assert documents["file_language"].tolist() == ["", "", "English"]
    assert documents["language"].tolist()[0] == "en"
    passages = split_passages(documents)
    assert (
        passages.set_index("document_id")["section"].to_dict()
        == documents.set_index("document_id")["section"].to_dict()
    )


@pytest.mark.parametrize(
    ("metadata", "carried"), [("none", []), ("[page]", ["page"]), ("[page, section]", ["page", "section"])]
)
def test_only_the_columns_asked_for_are_carried(folder: Path, metadata: str, carried: list[str]) -> None:
    documents = read_corpus(rewrite(folder, f"metadata: {metadata}\n")).documents
    assert list(documents.columns) == [*DOCUMENTS, *carried]


def test_columns_of_several_sources_are_united_under_a_name(folder: Path) -> None:
    (folder / "radio.jsonl").write_text(
        '{"day": "10.07.2022", "head": "a", "said": "b", "station": "R", "ressort": "Politics", "desk": "X"}\n'
    )
    documents = read_corpus(rewrite(folder, "metadata: {topic: [section, ressort]}\n")).documents
    assert list(documents.columns) == [*DOCUMENTS, "topic", "page", "desk"]
    assert documents["topic"].tolist() == ["World", "Sport", "Politics"]
    with pytest.raises(InputError, match=r"metadata: no file has a column for topic \(resort\)"):
        read_corpus(rewrite(folder, "metadata: {topic: resort}\n"))
    with pytest.raises(InputError, match="language is a name of our tables; take another"):
        read_corpus(rewrite(folder, "metadata: {language: section}\n"))


def test_a_carried_column_that_no_file_has_is_named(folder: Path) -> None:
    with pytest.raises(InputError, match=r"metadata: no file has the column\(s\) ressort .*: section, page"):
        read_corpus(rewrite(folder, "metadata: [ressort]\n"))


@pytest.mark.parametrize(
    ("where", "days"),
    [
        ("{section: World}", [1, 10]),
        ("{section: [World, Sport]}", [1, 9, 10]),
        ("{published: {from: 2022-07-09}}", [9, 10]),
        ("{published: {from: 2022-07-02, to: 2022-07-09}}", [9]),
        ("{page: {from: 3, to: 5}}", [1]),
        ("{outlet: The Beacon, page: 9}", [9]),
        ("{file_language: English, section: World}", [10]),
    ],
)
def test_documents_are_chosen_by_their_columns_and_the_others_counted(
    folder: Path, where: str, days: list[int]
) -> None:
    whole = corpus_fingerprint(folder)
    corpus = read_corpus(rewrite(folder, f"where: {where}\n"))
    assert corpus.documents["published"].dt.day.tolist() == days
    files = corpus.files
    assert files["n_left_out"].sum() == 3 - len(days)
    assert (files["n_rows"] == files["n_kept"] + files["n_refused"] + files["n_left_out"]).all()
    assert corpus.hash == corpus_fingerprint(folder) != whole


@pytest.mark.parametrize(
    ("where", "problem"),
    [
        ("{ressort: World}", r"no column ressort\. They have: .*section"),
        ("{section: Wrold}", r"no document has section 'Wrold'\. It has: 'World', 'Sport'"),
        ("{published: {from: July}}", r"published: expected a day such as 2022-07-01, got 'July'"),
        ("{page: {from: three}}", r"page: expected a number, got 'three'"),
        ("{published: {from: 2030-01-01}}", r"none of its 3 documents is as where: says"),
        ("{section: {from: 1, values: [World]}}", r"give one value, a list of values, or a range"),
        ("{section: {since: 1}}", r"unknown key since \(known: from, to, values\)"),
        ("{published: {from: 2022-07-09, to: 2022-07-01}}", r"from \(2022-07-09\) lies after to \(2022-07-01\)"),
        ("{page: {from: 10, to: 9}}", r"from \(10\) lies after to \(9\)"),
        ("{text: x}", r"no column text"),
    ],
)
def test_what_chooses_no_document_is_named(folder: Path, where: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        read_corpus(rewrite(folder, f"where: {where}\n"))


def test_a_day_is_within_a_range_to_its_end() -> None:
    late = pd.DataFrame({"published": pd.to_datetime(["2022-07-09 23:59", "2022-07-10 00:00", None])})
    until = Selection.model_validate({"to": "2022-07-09"})
    assert select_documents(late, {"published": until}).tolist() == [True, False, False]
    whole_day = Selection.model_validate({"from": "2022-07-09T10:00", "to": "2022-07-09"})
    assert select_documents(late, {"published": whole_day}).tolist() == [True, False, False]
    moment = Selection.model_validate({"from": "2022-07-10T01:30:00+02:00"})  # 23:30 in universal time
    assert select_documents(late, {"published": moment}).tolist() == [True, True, False]


def test_keys_on_files_stand_at_the_top_or_in_the_sources(folder: Path) -> None:
    with pytest.raises(InputError, match=r"format, columns stands? beside sources"):
        read_corpus(rewrite(folder, "format: csv\ncolumns: {outlet: a}\n"))
    (folder / "corpus.yaml").write_text(HEAD)
    with pytest.raises(InputError, match="files is missing"):
        read_corpus(folder)
    (folder / "corpus.yaml").write_text(HEAD + SOURCES.replace("text: body, ", ""))
    with pytest.raises(InputError, match=r"sources\[1\].*text is missing"):
        read_corpus(folder)


def test_an_id_that_two_sources_give_is_refused_the_second_time(folder: Path) -> None:
    (folder / "corpus.yaml").write_text(HEAD + SOURCES.replace("published:", "document_id: nr, published:"))
    (folder / "paper1.csv").write_text("day,nr,body\n2022-07-01,7,One.\n")
    (folder / "radio.jsonl").write_text('{"day": "10.07.2022", "nr": 7, "head": "b", "said": "c", "station": "R"}\n')
    corpus = read_corpus(folder)
    assert corpus.documents["document_id"].tolist() == ["7"]
    assert corpus.quarantine["reason"].tolist() == ["the document_id '7' occurs a second time"]


# which source a file belongs to, and where its name counts

TWO_PAPERS = """\
sources:
  - {files: a*.csv, format: csv, columns: {text: text, outlet: {constant: The Times}}}
  - {files: b*.csv, format: csv, columns: {text: text, outlet: {constant: The Herald}}}
"""


def write_tables(folder: Path, tables: dict[str, str], *, keys: str = TWO_PAPERS) -> Path:
    (folder / "corpus.yaml").write_text(HEAD + keys)
    for name, content in tables.items():
        (folder / name).write_text(content)
    return folder


def swap(one: Path, other: Path) -> None:
    one.rename(one.with_suffix(".aside"))
    other.rename(one)
    one.with_suffix(".aside").rename(other)


def test_the_hash_follows_files_from_one_source_to_another(tmp_path: Path) -> None:
    folder = write_tables(tmp_path, {"a.csv": "text\nThe ferry sailed.\n", "b.csv": "text\nThe pier was closed.\n"})
    before = corpus_fingerprint(folder)
    assert read_corpus(folder).hash == before
    swap(folder / "a.csv", folder / "b.csv")
    corpus = read_corpus(folder)
    assert corpus.documents[["outlet", "text"]].to_numpy().tolist() == [
        ["The Times", "The pier was closed."],
        ["The Herald", "The ferry sailed."],
    ]
    assert corpus.hash == corpus_fingerprint(folder) != before


def test_names_within_a_source_do_not_count(tmp_path: Path) -> None:
    folder = write_tables(tmp_path, {"a1.csv": "text\nOne.\n", "a2.csv": "text\nTwo.\n", "b.csv": "text\nThree.\n"})
    before = corpus_fingerprint(folder)
    swap(folder / "a1.csv", folder / "a2.csv")
    (folder / "b.csv").rename(folder / "b9.csv")
    assert corpus_fingerprint(folder) == read_corpus(folder).hash == before


def test_the_order_of_files_counts_where_the_first_of_two_with_one_id_is_kept(tmp_path: Path) -> None:
    keys = "files: '*.csv'\nformat: csv\ncolumns: {text: text, outlet: {constant: A}, document_id: nr}\n"
    folder = write_tables(tmp_path, {"a.csv": "nr,text\n1,One.\n", "b.csv": "nr,text\n1,Two.\n"}, keys=keys)
    before = corpus_fingerprint(folder)
    (folder / "b.csv").rename(folder / "c.csv")
    assert corpus_fingerprint(folder) == before, "in the same order"
    swap(folder / "a.csv", folder / "c.csv")
    assert read_corpus(folder).documents["text"].tolist() == ["Two."]
    assert corpus_fingerprint(folder) == read_corpus(folder).hash != before


def test_names_count_where_documents_are_chosen_by_them(tmp_path: Path) -> None:
    tables = {"a1.csv": "text\nOne.\n", "a2.csv": "text\nTwo.\n", "b.csv": "text\nThree.\n"}
    folder = write_tables(tmp_path, tables, keys=TWO_PAPERS + "where: {file: [a1.csv, b.csv]}\n")
    before = corpus_fingerprint(folder)
    swap(folder / "a1.csv", folder / "a2.csv")
    corpus = read_corpus(folder)
    assert corpus.documents["text"].tolist() == ["Two.", "Three."]
    assert corpus.hash == corpus_fingerprint(folder) != before


def test_a_name_counts_by_which_a_file_is_left_aside(tmp_path: Path) -> None:
    keys = TWO_PAPERS.replace("a*.csv", "'*a.csv'")
    folder = write_tables(
        tmp_path, {"._a.csv": "text\nOne.\n", "a.csv": "text\nTwo.\n", "b.csv": "text\nThree.\n"}, keys=keys
    )
    before = corpus_fingerprint(folder)
    swap(folder / "._a.csv", folder / "a.csv")
    assert read_corpus(folder).documents["text"].tolist() == ["One.", "Three."]
    assert corpus_fingerprint(folder) == read_corpus(folder).hash != before
