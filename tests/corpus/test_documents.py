"""A corpus is read whole: every row is kept as it was written, or refused with its line and reason."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.config import SHAPES_DOCUMENTS, CorpusConfig
from framing.corpus.documents import read_corpus
from framing.corpus.files_rule import ColumnRule
from framing.corpus.fingerprint import corpus_fingerprint
from framing.errors import InputError
from framing.tables import DOCUMENTS, QUARANTINE
from tests.corpus.conftest import COLUMNS, CorpusMaker

DATED = COLUMNS + "  published: Date\n"


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's clock nine hours ahead of universal time."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_documents_are_text_as_written(make_corpus: CorpusMaker) -> None:
    columns = COLUMNS + "  published: Date\n  document_id: id\n  title: head\n  url: link\n  event: event\n"
    folder = make_corpus(
        {
            "a.csv": "id,outlet,Date,head,link,event,text\n"
            "007,NA,2025-07-05,null,https://x.example/1,e1,The bridge reopened on Saturday.\n"
            "1e3,  The   Beacon ,,  Two  words ,,,nan\n"
        },
        columns=columns,
        more="perspectives:\n  NA: no\n",
    )
    found = read_corpus(folder)
    assert list(found.documents.columns) == list(DOCUMENTS)
    first, second = found.documents.to_dict("records")
    assert first == {
        "document_id": "007",
        "corpus": "sample",
        "outlet": "NA",
        "perspective": "no",
        "published": pd.Timestamp("2025-07-05"),
        "language": "en",
        "title": "null",
        "url": "https://x.example/1",
        "text": "The bridge reopened on Saturday.",
        "event": "e1",
        "file": "a.csv",
        "line": 2,
    }
    assert (second["document_id"], second["outlet"], second["title"]) == ("1e3", "The Beacon", "Two words")
    assert (second["text"], second["language"], second["perspective"]) == ("nan", "und", "")
    assert pd.isna(second["published"])
    assert found.quarantine.empty
    assert list(found.quarantine.columns) == list(QUARANTINE)


def test_columns_may_be_joined_or_constant(make_corpus: CorpusMaker) -> None:
    columns = "columns:\n  text: [head, lead, body]\n  outlet: {constant: The Beacon}\n"
    folder = make_corpus({"a.csv": "body,lead,head\nBody.,,Head\nOnly.,,\n"}, columns=columns)
    found = read_corpus(folder).documents
    assert found["text"].to_list() == ["Head\n\nBody.", "Only."]
    assert set(found["outlet"]) == {"The Beacon"}


def test_a_pattern_takes_a_part_of_a_value(make_corpus: CorpusMaker) -> None:
    columns = (
        "columns:\n  outlet: {column: stem, pattern: '^(.+?)_'}\n"
        r"  published: {column: stem, pattern: '(\d{2}-\d{2}-\d{4})', format: '%d-%m-%Y'}"
        "\n"
    )
    files = {"north-star_04-07-2025.txt": "One.", "south_x_13-07-2025.txt": "Two.", "nothing.txt": "Three."}
    folder = make_corpus(files, columns=columns, form="txt")
    found = read_corpus(folder)
    assert found.documents["outlet"].to_list() == ["north-star", "south"]
    assert found.documents["published"].dt.strftime("%m-%d").to_list() == ["07-04", "07-13"]
    assert found.quarantine[["file", "reason"]].to_numpy().tolist() == [
        ["nothing.txt", "outlet: its pattern finds nothing in 'nothing'"]
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{column: stem, pattern: '^(.+'}", r"is no regular expression: missing \)"),
        ("{column: stem, pattern: '^.+_'}", r"has no group: put the part that is wanted in \( \)"),
        ("{constant: A, pattern: '(.)'}", r"pattern takes a part of a column; a constant has none"),
    ],
)
def test_a_pattern_that_takes_nothing_is_refused(make_corpus: CorpusMaker, rule: str, expected: str) -> None:
    folder = make_corpus({"a.txt": "One."}, columns=f"columns:\n  outlet: {rule}\n", form="txt")
    with pytest.raises(InputError, match=expected):
        read_corpus(folder)


def test_without_a_pattern_the_hash_is_that_of_before_there_was_the_key(make_corpus: CorpusMaker) -> None:
    config = read_corpus(make_corpus({"a.csv": "text,outlet\nOne.,A\n"})).config
    assert "pattern" not in config.model_dump_json()
    assert "pattern" in ColumnRule(column="stem", pattern="(.)").model_dump_json()


def test_refused_rows_are_listed_and_counted(make_corpus: CorpusMaker) -> None:
    columns = DATED + "  document_id: id\n"
    rows = [
        "id,outlet,Date,text",
        "1,A,2025-07-05,Good.",
        "2,A,05/07/2025,Wrong date.",
        "3,,2025-07-05,No outlet.",
        "4,A,2025-07-05,   ",
        "1,A,2025-07-05,Same id.",
        "5,A,2025-07-05,One, too many",
        "6,B,2025-07-06T12:30:00,Good.",
    ]
    found = read_corpus(make_corpus({"a.csv": "\n".join(rows)}, columns=columns))
    assert found.documents["document_id"].to_list() == ["1", "6"]
    assert [tuple(row) for row in found.quarantine.itertuples(index=False)] == [
        (
            "a.csv",
            3,
            "the date '05/07/2025' is not of the form ISO 8601: set format: to '%d/%m/%Y' for 5 July 2025 or "
            "'%m/%d/%Y' for 7 May 2025",
            "2 | A | 05/07/2025 | Wrong date.",
        ),
        ("a.csv", 4, "no outlet", "3 | 2025-07-05 | No outlet."),
        ("a.csv", 5, "no text", "4 | A | 2025-07-05 |"),
        ("a.csv", 6, "the document_id '1' occurs a second time", "1 | A | 2025-07-05 | Same id."),
        ("a.csv", 7, "5 fields, expected 4", "5,A,2025-07-05,One, too many"),
    ]
    (counts,) = found.files[["file", "n_rows", "n_kept", "n_refused"]].to_dict("records")
    assert counts == {"file": "a.csv", "n_rows": 7, "n_kept": 2, "n_refused": 5}


def test_an_id_may_not_return_in_another_file(make_corpus: CorpusMaker) -> None:
    columns = COLUMNS + "  document_id: id\n"
    files = {"a.csv": "id,outlet,text\n1,A,One.\n", "b.csv": "id,outlet,text\n1,B,Two.\n2,B,Three.\n"}
    found = read_corpus(make_corpus(files, columns=columns))
    assert found.documents["text"].to_list() == ["One.", "Three."]
    assert found.quarantine[["file", "line"]].to_numpy().tolist() == [["b.csv", 2]]
    assert found.files["n_refused"].to_list() == [0, 1]


def test_ids_are_made_from_the_content_where_there_are_none(make_corpus: CorpusMaker) -> None:
    text = "outlet,text\nA,One.\nA,Two.\nA,One.\n"
    found = read_corpus(make_corpus({"a.csv": text})).documents["document_id"].to_list()
    assert found[2] == f"{found[0]}-2"
    assert len(set(found)) == 3
    again = read_corpus(make_corpus({"a.csv": "outlet,text\nB,New.\n" + text.partition("\n")[2]}))
    assert again.documents["document_id"].to_list()[1:] == found


@pytest.mark.parametrize(
    ("form", "written", "expected"),
    [
        ("", "2025-07-05", "2025-07-05"),
        ("", " 2025-07-05 23:30:00 ", "2025-07-05 23:30"),
        ("", "2025-07-05T23:30:00Z", "2025-07-05 23:30"),
        ("", "2025-07-05T23:30:00-05:00", "2025-07-06 04:30"),
        ("", "0001-01-01", "0001-01-01"),
        ("", "9999-12-31", "9999-12-31"),
        ("%m/%d/%Y", "07/05/2025", "2025-07-05"),
        ("%d %B %Y %z", "5 July 2025 +0200", "2025-07-04 22:00"),
    ],
)
@pytest.mark.usefixtures("tokyo")
def test_dates_are_universal_time_wherever_they_are_read(
    make_corpus: CorpusMaker, form: str, written: str, expected: str
) -> None:
    rule = f'{{column: Date, format: "{form}"}}' if form else "Date"
    columns = COLUMNS + f"  published: {rule}\n"
    folder = make_corpus({"a.csv": f"outlet,Date,text\nA,{written},One.\nA,,Two.\n"}, columns=columns)
    published = read_corpus(folder).documents["published"]
    assert published[0] == pd.Timestamp(expected)
    assert published[0].tzinfo is None
    assert pd.isna(published[1])


def test_several_forms_of_date_are_tried_in_turn(make_corpus: CorpusMaker) -> None:
    columns = COLUMNS + '  published: {column: Date, format: ["%d.%m.%Y", "%m/%d/%Y"]}\n'
    rows = "outlet,Date,text\nA,05.07.2025,One.\nA,07/06/2025,Two.\nA,2025-07-07,Three.\n"
    found = read_corpus(make_corpus({"a.csv": rows}, columns=columns))
    assert found.documents["published"].to_list() == [pd.Timestamp("2025-07-05"), pd.Timestamp("2025-07-06")]
    (reason,) = found.quarantine["reason"]
    assert reason.startswith("the date '2025-07-07' is not of the form %d.%m.%Y or %m/%d/%Y: it is ISO 8601")
    assert reason.endswith("set format: to ['%d.%m.%Y', '%m/%d/%Y', iso]")


@pytest.mark.parametrize(
    "written", ["now", "5", "2025-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00"]
)
def test_what_is_no_date_is_refused(make_corpus: CorpusMaker, written: str) -> None:
    folder = make_corpus({"a.csv": f"outlet,Date,text\nA,{written},One.\nA,,Two.\n"}, columns=DATED)
    found = read_corpus(folder)
    assert found.documents["text"].to_list() == ["Two."]
    (reason,) = found.quarantine["reason"]
    assert reason.startswith(f"the date {written!r} is not of the form ISO 8601: ")


def test_a_lone_surrogate_is_refused_and_can_be_shown(make_corpus: CorpusMaker) -> None:
    rows = [
        '{"outlet": "A", "text": "Half a \\ud83d smile."}',
        '{"outlet": "A", "text": "A whole \\ud83d\\ude00 smile."}',
    ]
    found = read_corpus(make_corpus({"a.jsonl": "\n".join(rows)}, form="jsonl"))
    assert found.documents["text"].to_list() == ["A whole 😀 smile."]
    (row,) = found.quarantine.to_dict("records")
    assert (row["line"], row["reason"]) == (1, "a lone surrogate: half a character, which no file can store")
    assert row["excerpt"].encode() == b"A | Half a ? smile."


def test_a_corpus_of_folders_takes_the_outlet_from_the_folder(make_corpus: CorpusMaker) -> None:
    files: dict[str, str | bytes] = {
        "texts/beacon/2025-07-05.txt": "The bridge reopened.\r\n\r\nAll were glad.",
        "texts/courier/2025-07-06.txt": "\ufeffNobody came.",
        "texts/courier/2025-07-07.txt": "",
    }
    columns = "columns:\n  outlet: folder\n  published: stem\n"
    found = read_corpus(make_corpus(files, form="txt", columns=columns, pattern='"**/*.txt"'))
    assert found.documents["outlet"].to_list() == ["beacon", "courier"]
    assert found.documents["text"].to_list() == ["The bridge reopened.\n\nAll were glad.", "Nobody came."]
    assert found.documents["published"].to_list() == [pd.Timestamp("2025-07-05"), pd.Timestamp("2025-07-06")]
    assert found.quarantine[["file", "reason"]].to_numpy().tolist() == [["2025-07-07.txt", "no text"]]


def test_packed_files_are_read_like_plain_ones(make_corpus: CorpusMaker) -> None:
    text = "outlet,text\nA,One.\nB,Two.\n"
    plain = read_corpus(make_corpus({"a.csv": text}))
    packed = read_corpus(make_corpus({"b.csv.gz": gzip.compress(text.encode())}))
    pd.testing.assert_frame_equal(plain.documents.drop(columns="file"), packed.documents.drop(columns="file"))


def test_a_missing_column_lists_those_present(make_corpus: CorpusMaker) -> None:
    with pytest.raises(InputError, match=r"a\.csv lacks the column\(s\) outlet\. It has: Site, text\."):
        read_corpus(make_corpus({"a.csv": "Site,text\nA,One.\n"}))


def test_a_wrong_encoding_names_file_and_remedy(make_corpus: CorpusMaker) -> None:
    content = "outlet,text\nA,Über die Größe der Brücke stritten die Räte früher.\n".encode("cp1252")
    expected = r"a\.csv, near its beginning: byte 0xdc is not utf-8\. It looks like .*set `encoding: cp1252`"
    with pytest.raises(InputError, match=expected):
        read_corpus(make_corpus({"a.csv": content}))
    found = read_corpus(make_corpus({"a.csv": content}, more="encoding: cp1252\n"))
    assert found.documents["text"][0].startswith("Über die Größe")


def test_an_empty_corpus_says_why(make_corpus: CorpusMaker) -> None:
    with pytest.raises(InputError, match=r"Corpus sample is empty: no row of 1 file\(s\) could be used\.$"):
        read_corpus(make_corpus({"a.csv": "outlet,text\n"}))
    with pytest.raises(InputError, match=r"3 rows were refused, most often: no outlet\.$"):
        read_corpus(make_corpus({"a.csv": "outlet,text\n,One.\n,Two.\nA,\n"}))


def test_the_hash_follows_content_and_meaning_not_title(make_corpus: CorpusMaker) -> None:
    text = "outlet,text\nA,One.\n"
    folder = make_corpus({"a.csv": text})
    first = read_corpus(folder).hash
    assert corpus_fingerprint(folder) == first
    config = folder / "corpus.yaml"
    config.write_text(config.read_text().replace("title: A sample", "title: Another\nlicence: CC0"))
    assert corpus_fingerprint(folder) == first
    config.write_text(config.read_text() + "perspectives: {A: North}\n")
    assert corpus_fingerprint(folder) != first
    (folder / "a.csv").write_text(text + "A,Two.\n")
    assert corpus_fingerprint(folder) == read_corpus(folder).hash
    assert read_corpus(folder).hash != first


BESIDE_THE_DOCUMENTS = {
    "title": "title: Another title",
    "source": "source: An archive",
    "licence": "licence: CC0",
    "constructed": "constructed: true",
    "files": 'files: ["*.csv"]',
    "path": "path: ./",
    "sides": "sides: {The Crown: Denmark}",
    "marks": "marks: [{date: 2025-07-01, label: Talks}]",
    "gold": "gold: {file: coded.csv, sampling: by hand}",
    "fetch": "fetch: {sources: [{feed: 'https://paper.example/feed.xml', outlet: A}], delay_seconds: 9}",
}


@pytest.mark.parametrize("line", BESIDE_THE_DOCUMENTS.values(), ids=BESIDE_THE_DOCUMENTS)
def test_the_hash_stays_where_the_documents_do(make_corpus: CorpusMaker, line: str) -> None:
    folder = make_corpus({"a.csv": "outlet,text\nA,One.\n"})
    before = corpus_fingerprint(folder)
    config = folder / "corpus.yaml"
    others = [item for item in config.read_text().splitlines() if not item.startswith(line.partition(":")[0] + ":")]
    config.write_text("\n".join([*others, line, ""]))
    assert corpus_fingerprint(folder) == before


def test_each_key_of_a_corpus_shapes_its_documents_or_is_known_not_to() -> None:
    """A new key must be put into one of the two lists, else an analysis could be older than its corpus."""
    assert set(CorpusConfig.model_fields) == set(SHAPES_DOCUMENTS) | set(BESIDE_THE_DOCUMENTS)
    assert not set(SHAPES_DOCUMENTS) & set(BESIDE_THE_DOCUMENTS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("corpus: sample", "corpus: other"),
        ("outlet: outlet", "outlet: {constant: B}"),
        ("format: csv", "format: csv\nencoding: latin-1"),
        ("format: csv", "format: csv\nquoting: none"),
        ("format: csv", "format: csv\nperspectives: {A: North}"),
        ("format: csv", "format: tsv"),
    ],
)
def test_the_hash_follows_what_shapes_documents(make_corpus: CorpusMaker, old: str, new: str) -> None:
    folder = make_corpus({"a.csv": "outlet,text\nA,One.\n"})
    before = corpus_fingerprint(folder)
    config = folder / "corpus.yaml"
    content = config.read_text()
    assert old in content
    config.write_text(content.replace(old, new))
    assert corpus_fingerprint(folder) != before


def test_the_hash_does_not_depend_on_the_names_of_files(make_corpus: CorpusMaker) -> None:
    one, two = "outlet,text\nA,One.\n", "outlet,text\nA,Two.\n"
    pattern = '"*.csv"'
    folder = make_corpus({"a.csv": one, "b.csv": two}, pattern=pattern)
    before = corpus_fingerprint(folder)
    (folder / "a.csv").rename(folder / "z.csv")
    assert corpus_fingerprint(folder) == before


def test_the_hash_follows_folders_where_they_name_the_outlet(make_corpus: CorpusMaker) -> None:
    files: dict[str, str | bytes] = {"beacon/one.txt": "One.", "courier/two.txt": "Two."}
    folder = make_corpus(files, form="txt", columns="columns:\n  outlet: folder\n", pattern='"**/*.txt"')
    before = corpus_fingerprint(folder)
    assert read_corpus(folder).hash == before
    (folder / "beacon" / "one.txt").rename(folder / "courier" / "one.txt")
    assert set(read_corpus(folder).documents["outlet"]) == {"courier"}
    assert corpus_fingerprint(folder) == read_corpus(folder).hash != before


# cleaning


cells = st.text(alphabet=st.sampled_from("aB é1.,\"'\n\t\x00\x85\ufeff\u2028"), max_size=12)


@given(st.lists(st.fixed_dictionaries({}, optional={"outlet": cells, "text": cells, "Date": cells}), max_size=6))
def test_rows_in_are_kept_or_refused(tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("any")
    good: dict[str, str] = {"outlet": "A", "text": "One.", "Date": ""}
    lines = [json.dumps(record) for record in [good, *records]]
    (folder / "a.jsonl").write_text("\n".join(lines))
    (folder / "corpus.yaml").write_text(f"corpus: any\ntitle: t\nformat: jsonl\nfiles: [a.jsonl]\n{DATED}")
    found = read_corpus(folder)
    assert len(found.documents) + len(found.quarantine) == len(lines) == int(found.files["n_rows"].sum())
    assert sorted([*found.documents["line"], *found.quarantine["line"]]) == list(range(1, len(lines) + 1))
    assert found.documents["document_id"].is_unique
    assert (found.documents["text"] != "").all()
    assert (found.documents["outlet"] != "").all()


@given(st.binary(max_size=120))
def test_any_bytes_are_a_corpus_or_an_input_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    (folder / "a.csv").write_bytes(b"outlet,text\n" + content)
    (folder / "corpus.yaml").write_text(f"corpus: any\ntitle: t\nformat: csv\nfiles: [a.csv]\n{COLUMNS}")
    outcome: object
    try:
        found = read_corpus(folder)
        outcome = len(found.documents) + len(found.quarantine) == int(found.files["n_rows"].sum())
    except InputError as error:
        outcome = "a.csv" in str(error) or "Corpus any is empty" in str(error)
    assert outcome is True


def test_the_folder_may_be_given_as_text(make_corpus: CorpusMaker) -> None:
    folder: Path = make_corpus({"a.csv": "outlet,text\nA,One.\n"})
    assert len(read_corpus(str(folder)).documents) == 1
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.csv").write_text("outlet,text\nA,One.\nA,Two.\n")
    assert len(read_corpus(folder, data_path=str(elsewhere)).documents) == 2


def test_names_of_outlets_meet_those_of_perspectives_composed_or_not(make_corpus: CorpusMaker) -> None:
    more = "perspectives: {Le D\u00e9bat: Paris, The\u00a0Post: London}\nmetadata: [the\u0300me]\n"
    content = "text,outlet,th\u00e8me\na,Le De\u0301bat,e\u0301te\u0301\nb,The Post,\u00e9t\u00e9\n"
    documents = read_corpus(make_corpus({"a.csv": content}, more=more)).documents
    assert documents["perspective"].tolist() == ["Paris", "London"]
    assert documents["th\u00e8me"].tolist() == ["\u00e9t\u00e9"] * 2


def test_rows_that_are_identical_or_garbled_are_counted(make_corpus: CorpusMaker) -> None:
    columns = "columns: {text: text, outlet: outlet, document_id: id}\n"
    content = "text,outlet,id\na,A,1\na,A,2\nIt\u00e2\u20ac\u2122s here,B,3\na,A,\n"
    corpus = read_corpus(make_corpus({"a.csv": content}, columns=columns))
    assert len(corpus.documents) == 4
    assert [note.text.partition(" such")[0].partition(" in ")[0] for note in corpus.notes] == [
        "1 row(s) have characters",
        "2 row(s) are identical to an earlier one",
    ]


def test_a_declared_encoding_that_does_not_fit_is_doubted(make_corpus: CorpusMaker) -> None:
    content = "outlet,text\nБлатт,Мэр заявил вчера вечером: паром ушёл.\n".encode("cp1251")
    wrong = read_corpus(make_corpus({"a.csv": content}, more="encoding: cp1252\n"))
    assert [note.text for note in wrong.notes] == ["read as cp1252, but it looks like cp1251"]
    assert read_corpus(make_corpus({"a.csv": content}, more="encoding: windows-1251\n")).notes == ()


def test_controls_in_texts_are_read_as_windows_characters_and_counted(make_corpus: CorpusMaker) -> None:
    folder = make_corpus({"a.csv": "text,outlet\n\x93No\x94 she said,A\nplain,A\n"})
    corpus = read_corpus(folder)
    assert list(corpus.documents["text"]) == ["“No” she said", "plain"]
    assert [note.text for note in corpus.notes if "U+0080" in note.text] == [
        "1 row(s) have controls from U+0080 to U+009F, read as the characters of Windows-1252 (“ ” ’ – …); those "
        "without one are left out"
    ]


def test_texts_and_outlets_of_characters_without_width_are_empty(make_corpus: CorpusMaker) -> None:
    folder = make_corpus({"a.csv": "text,outlet\na,\u200b\u2060\n\u200d \ufeff\u00ad,A\nb\u200b,A\n"})
    corpus = read_corpus(folder)
    assert list(corpus.quarantine["reason"]) == ["no outlet", "no text"]
    assert list(corpus.documents["line"]) == [4]
