"""ParlaMint corpora. All speakers, parties and speeches are constructed."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus import corpus_fingerprint, read_corpus
from framing.corpus.formats import read_rows
from framing.corpus.records import Refused, Row
from framing.errors import InputError
from tests.corpus.conftest import CorpusMaker

SESSION = "ParlaMint-XX_2022-03-04-lower"
HEADER = ["Text_ID", "ID", "Title", "Date", "Body", "Term", "Session", "Meeting", "Sitting", "Agenda", "Subcorpus"]
HEADER += ["Lang", "Speaker_role", "Speaker_MP", "Speaker_minister", "Speaker_party", "Speaker_party_name"]
HEADER += ["Party_status", "Party_orientation", "Speaker_ID", "Speaker_name", "Speaker_gender", "Speaker_birth"]
PARTIES = {"HP": ("Harbour Party", "Coalition"), "RP": ("River Party", "Opposition"), "-": ("-", "-")}


def metadata(i: int, *, role: str = "Regular", party: str = "HP", session: str = SESSION) -> str:
    name, status = PARTIES[party]
    values = {
        "Text_ID": session,
        "ID": f"{session}.u{i}",
        "Title": "Minutes of the lower house, session 7",
        "Date": "2022-03-04",
        "Body": "Lower house",
        "Term": "8",
        "Subcorpus": "War",
        "Lang": "English",
        "Speaker_role": role,
        "Speaker_MP": "MP",
        "Speaker_party": party,
        "Speaker_party_name": name,
        "Party_status": status,
        "Speaker_name": f"Constructed, Ada {i}",
        "Speaker_gender": "F",
    }
    return "\t".join(values.get(column, "-") for column in HEADER)


ROWS = [metadata(1, role="Chairperson"), metadata(2, party="RP"), metadata(3, party="-", role="Guest")]


def table(rows: list[str], header: list[str] = HEADER) -> str:
    return "".join(f"{line}\n" for line in ["\t".join(header), *rows])


def texts(*numbers: int, session: str = SESSION) -> str:
    return "".join(f'{session}.u{i}\t"Speech {i}" of the ferry.\n' for i in numbers)


FILES = {f"{SESSION}.txt": texts(1, 2, 3), f"{SESSION}-meta.tsv": table(ROWS)}


def read(folder: Path, files: dict[str, str | bytes], name: str = f"{SESSION}.txt") -> list[Row | Refused]:
    for each, content in files.items():
        (folder / each).write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_rows(folder / name, kind="parlamint", needed=("text", "outlet")))


def reasons(items: list[Row | Refused]) -> list[str]:
    return [item.reason for item in items if isinstance(item, Refused)]


def speeches(items: list[Row | Refused]) -> list[dict[str, str]]:
    return [item.values for item in items if isinstance(item, Row)]


def test_a_speech_is_a_row_with_its_metadata(tmp_path: Path) -> None:
    first, second, third = speeches(read(tmp_path, FILES))
    expected = {
        "text": '"Speech 1" of the ferry.',
        "title": "Minutes of the lower house, session 7",
        "outlet": "Harbour Party",
        "published": "2022-03-04",
        "language": "English",
        "author": "Constructed, Ada 1",
        "document_id": f"{SESSION}.u1",
        "Speaker_role": "Chairperson",
        "Speaker_party": "HP",
        "Party_status": "Coalition",
        "Party_orientation": "",  # a dash means none
        "Term": "8",
    }
    assert {field: first[field] for field in expected} == expected
    assert set(HEADER) <= set(first)
    assert [second["outlet"], third["outlet"], third["Speaker_party"]] == ["River Party", "no party", ""]


def test_the_english_table_comes_first(tmp_path: Path) -> None:
    rows = [row.replace("Harbour Party", "Hafenpartei") for row in ROWS]
    files = {**FILES, f"{SESSION}-meta.tsv": table(rows), f"{SESSION}-meta-en.tsv": table(ROWS)}
    assert speeches(read(tmp_path, files))[0]["outlet"] == "Harbour Party"


def test_tables_of_earlier_versions_have_fewer_columns(tmp_path: Path) -> None:
    header = ["ID", "Title", "Date", "Speaker_role", "Speaker_party", "Speaker_name"]
    rows = [f"{SESSION}.ana.u1\tMinutes\t2022-03-04\tRegular\tHP\tConstructed, Ada"]
    files = {f"{SESSION}.txt": texts(1), f"{SESSION}-meta.tsv": table(rows, header)}
    [speech] = speeches(read(tmp_path, files))
    assert (speech["outlet"], speech["document_id"]) == ("HP", f"{SESSION}.ana.u1")


def test_speech_without_metadata_and_metadata_without_a_speech_are_refused(tmp_path: Path) -> None:
    items = read(tmp_path, {**FILES, f"{SESSION}.txt": texts(1, 2, 9)})
    assert [(item.file, item.line, item.reason) for item in items if isinstance(item, Refused)] == [
        (f"{SESSION}.txt", 3, "the metadata have no row of this speech"),
        (f"{SESSION}-meta.tsv", 4, f"metadata of the speech {SESSION}.u3: {SESSION}.txt has no such speech"),
    ]
    assert len(speeches(items)) == 2


def test_text_without_a_table_is_refused_speech_by_speech(tmp_path: Path) -> None:
    found = reasons(read(tmp_path, {f"{SESSION}.txt": texts(1, 2)}))
    assert found == [f"there are no metadata: expected {SESSION}-meta-en.tsv or {SESSION}-meta.tsv beside the text"] * 2


def test_damaged_lines_are_refused(tmp_path: Path) -> None:
    content = texts(1) + "no tab in here\n" + texts(1, 2)
    items = read(tmp_path, {f"{SESSION}.txt": content, f"{SESSION}-meta.tsv": table([*ROWS[:2], "too\tshort"])})
    assert reasons(items) == [
        "expected an id, a tab and the text of a speech",
        f"the speech {SESSION}.u1 stands twice",
        f"2 fields, expected {len(HEADER)}",
    ]
    assert len(speeches(items)) == 2


@pytest.mark.parametrize("content", ["ParlaMint\n\nRead me.\n", "<?xml version='1.0'?>\n\t<u>Text.</u>\n", ""])
def test_file_of_another_kind_is_one_refused_row(tmp_path: Path, content: str) -> None:
    [reason] = reasons(read(tmp_path, {"00README.txt": content}, "00README.txt"))
    assert "no speech in the file" in reason


@pytest.mark.parametrize(("column", "value"), [("From", "2022-03-05"), ("Title", "Minutes")])
def test_day_of_a_table_without_dates(tmp_path: Path, column: str, value: str) -> None:
    content = table([f"{SESSION}.u1\t{value}\tHP"], ["ID", column, "Speaker_party"])
    [speech] = speeches(read(tmp_path, {f"{SESSION}.txt": texts(1), f"{SESSION}-meta.tsv": content}))
    assert speech["published"] == ("2022-03-05" if column == "From" else "2022-03-04")


def test_table_without_its_column_of_ids(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"meta\.tsv lacks the column\(s\) ID"):
        read(tmp_path, {**FILES, f"{SESSION}-meta.tsv": "Title\tDate\nMinutes\t2022-03-04\n"})


def test_archive_of_several_sessions(tmp_path: Path) -> None:
    other, lost = "ParlaMint-XX_2022-03-05-upper", "ParlaMint-XX_2022-03-06-upper"
    members = {
        "XX/2022/00README.txt": "Read me.",
        **{f"XX/2022/{name}": content for name, content in FILES.items()},
        f"XX/2022/{other}.txt": texts(1, session=other),
        f"XX/2022/{other}-meta-en.tsv": table([metadata(1, session=other)]),
        f"XX/2022/{other}-meta.tsv": table([metadata(1, session=other)]),
        f"XX/2022/{lost}-meta.tsv": table([metadata(1, session=lost)]),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    items = read(tmp_path, {"XX.zip": buffer.getvalue()}, "XX.zip")
    assert [row["document_id"] for row in speeches(items)] == [
        *(f"{SESSION}.u{i}" for i in (1, 2, 3)),
        f"{other}.u1",
    ]
    assert len(reasons(items)) == 2
    assert f"there is no text file {lost}.txt beside it" in reasons(items)[1]


def test_tables_that_the_pattern_names_are_no_texts(tmp_path: Path) -> None:
    assert read(tmp_path, FILES, f"{SESSION}-meta.tsv") == []
    lonely = "ParlaMint-XX_2022-03-09-meta.tsv"
    [reason] = reasons(read(tmp_path, {lonely: table(ROWS[:1])}, lonely))
    assert "there is no text file ParlaMint-XX_2022-03-09.txt beside it" in reason


def test_compressed_files(tmp_path: Path) -> None:
    files = {f"{name}.gz": gzip.compress(content.encode()) for name, content in FILES.items()}
    assert len(speeches(read(tmp_path, files, f"{SESSION}.txt.gz"))) == 3


def test_corpus_of_a_folder(make_corpus: CorpusMaker) -> None:
    folder = make_corpus(
        {f"2022/{name}": content for name, content in FILES.items()},
        form="parlamint",
        columns="",
        pattern='"**/*.txt"',
        more="where: {Speaker_role: [Regular, Guest]}\n",
    )
    corpus = read_corpus(folder)
    assert corpus.documents["outlet"].tolist() == ["River Party", "no party"]
    assert corpus.documents["Speaker_name"].tolist() == ["Constructed, Ada 2", "Constructed, Ada 3"]
    assert corpus.files[["n_rows", "n_kept", "n_refused", "n_left_out"]].to_dict("records") == [
        {"n_rows": 3, "n_kept": 2, "n_refused": 0, "n_left_out": 1}
    ]
    assert corpus_fingerprint(folder) == corpus.hash
    path = folder / "2022" / f"{SESSION}-meta.tsv"
    path.write_text(path.read_text().replace("River Party", "Lake Party"))
    assert corpus_fingerprint(folder) != corpus.hash


@st.composite
def mutated(draw: st.DrawFn, lines: list[str]) -> list[str]:
    """Lines of which some were dropped, doubled, cut off, emptied of tabs, or put into another place."""
    out = list(lines)
    for _ in range(draw(st.integers(1, 4))):
        if not out:
            break
        i = draw(st.integers(0, len(out) - 1))
        kind = draw(st.sampled_from(["drop", "double", "cut", "tabs", "move"]))
        if kind == "drop":
            del out[i]
        elif kind == "double":
            out.insert(i, out[i])
        elif kind == "cut":
            out[i] = out[i][: draw(st.integers(0, len(out[i])))]
        elif kind == "tabs":
            out[i] = out[i].replace("\t", " ")
        else:
            out.insert(draw(st.integers(0, len(out) - 1)), out.pop(i))
    return out


@given(mutated(texts(1, 2, 3).splitlines()), mutated(table(ROWS).splitlines()))
@settings(max_examples=4 * settings.default.max_examples)  # damage is of many kinds
def test_no_speech_is_lost_from_damaged_files(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], rows: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("session")
    content, metadata_lines = "\n".join(lines), "\n".join(rows)
    try:
        items = read(folder, {f"{SESSION}.txt": content, f"{SESSION}-meta.tsv": metadata_lines})
    except InputError:  # the header is damaged: said, with the columns that are there
        return
    n_lines = sum(bool(line.strip()) for line in lines) if "\t" in content else 1
    n_rows = sum(bool(line.strip()) for line in rows) - 1
    kept = len(speeches(items))
    by_file = [item.file.endswith(".tsv") for item in items if isinstance(item, Refused)]
    assert kept + by_file.count(False) == n_lines
    assert kept + by_file.count(True) == n_rows
