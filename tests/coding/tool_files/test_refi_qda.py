"""REFI-QDA projects as MAXQDA, ATLAS.ti and NVivo write them, and hostile ones."""

from __future__ import annotations

import json
import re
import zipfile

import pytest

from framing.coding.decisions import Span
from framing.coding.tool_files import archives
from framing.coding.tool_files.coded_texts import CodedText
from framing.coding.tool_files.recognise import find_tool
from framing.coding.tool_files.refi_qda import make_refi_qda
from framing.coding.tool_files.refi_qda_reading import read_refi_qda
from framing.errors import InputError
from tests.coding.coded_sheets import MANY

CODES = """<Code guid="c-topic" name="Topics" isCodable="false">
  <Code guid="c-war" name="War" isCodable="true"><Code guid="c-tanks" isCodable="true"/></Code>
  <Code guid="c-trade" name="trade" isCodable="true"/></Code>
<Code guid="c-memo" name="Ask again" isCodable="true"/><Code guid="c-none" name="none" isCodable="true"/>"""
TEXT = "🙂 Tanks came.\r\nWine rose."


def select(start, end, code, *, name="", user="u-anna", note=""):
    inner = f"<Description>{note}</Description>" * bool(note)
    return (
        f'<PlainTextSelection guid="s{start}{end}{code}" name="{name}" startPosition="{start}" endPosition="{end}" '
        f'creatingUser="{user}">{inner}<Coding guid="k"><CodeRef targetGUID="{code}"/></Coding></PlainTextSelection>'
    )


def source(content, *, name="Interview.docx", place="internal://Doc-1.txt", kind="TextSource"):
    return f'<{kind} guid="t1" name="{name}" plainTextPath="{place}">{content}</{kind}>'


def project(tmp_path, *sources, text=TEXT, member="Sources/doc-1.TXT", head=""):
    path = tmp_path / "study.qdpx"
    users = '<Users><User guid="u-anna" name="Anna"/><User guid="u-ben" name="Ben"/></Users>'
    xml = (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<Project xmlns="urn:QDA-XML:project:1.0" name="p">{users}'
        f"<CodeBook><Codes>{CODES}</Codes></CodeBook><Sources>{''.join(sources)}</Sources></Project>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", xml)
        archive.writestr(member, text if isinstance(text, bytes) else text.encode())
    assert find_tool(path) == "refi-qda"
    return path


def spans(row):
    return [(item["frame"], row.text[item["start"] : item["end"]]) for item in json.loads(row.spans or "[]")]


def test_codings_of_users_selections_and_whole_sources_are_read(tmp_path):
    whole = '<Coding guid="k2" creatingUser="u-ben"><CodeRef targetGUID="c-none"/></Coding>'
    sheet = read_refi_qda(
        project(tmp_path, source(select(2, 7, "c-war", name="Tanks", note="Why?") + whole)), MANY, texts={"p1": TEXT}
    )
    anna, ben = sheet.rows
    assert (anna.coder, anna.labels, anna.notes, spans(anna)) == ("Anna", ("War",), "Why?", [("War", "Tanks")])
    assert (ben.coder, ben.labels, ben.spans) == ("Ben", ("none",), "")
    assert anna.passage_id == ""
    assert (sheet.remarks, anna.text) == ([], TEXT)


def test_a_code_below_a_frame_counts_as_the_frame_and_others_are_counted(tmp_path):
    content = select(2, 7, "c-tanks") + select(2, 7, "c-memo") + select(3, 7, "c-memo") + select(2, 7, "case-9")
    sheet = read_refi_qda(project(tmp_path, source(content)), MANY)
    assert [(row.labels, spans(row)) for row in sheet.rows] == [(("War",), [("War", "Tanks")])]
    assert sheet.remarks == [
        "study.qdpx: no selection quotes its words; endPosition is taken to be behind the last character",
        "study.qdpx: codings with codes that are no frames are not read: Ask again (2), a code that the codebook lacks "
        "(1)",
    ]


@pytest.mark.parametrize(
    ("selections", "told"),
    [
        ([(2, 7, "Tanks"), (15, 19, "Wine")], ""),  # usual: characters, the end behind, both signs of a line end
        ([(2, 6, "Tanks"), (15, 18, "Wine")], "endPosition is the last character"),
        ([(3, 8, "Tanks"), (16, 20, "Wine")], "positions count units of UTF-16"),
        ([(2, 7, "Tanks"), (14, 18, "Wine")], "line ends count as one character"),
        (
            [(3, 7, "Tanks"), (15, 18, "Win...")],
            "line ends count as one character, endPosition is the last character, ",
        ),
    ],
)
def test_how_a_program_counts_is_told_by_what_selections_quote(tmp_path, selections, told):
    content = "".join(select(start, end, "c-war", name=name) for start, end, name in selections)
    sheet = read_refi_qda(project(tmp_path, source(content)), MANY)
    assert [words for row in sheet.rows for _, words in spans(row)] == ["Tanks", "Wine"]
    assert [remark.startswith(f"study.qdpx: {told}") for remark in sheet.remarks] == [True] * bool(told)


def test_a_place_that_fits_in_no_way_is_left_for_the_check(tmp_path):
    (row,) = read_refi_qda(project(tmp_path, source(select(2, 700, "c-war"))), MANY).rows
    assert row.labels == ("War",)
    assert json.loads(row.spans)[0]["end"] == 700


@pytest.mark.parametrize("text", [b"\xef\xbb\xbfTanks came.", "Tanks came.".encode("utf-16")], ids=["utf-8", "utf-16"])
def test_a_byte_order_mark_is_no_character(tmp_path, text):
    (row,) = read_refi_qda(project(tmp_path, source(select(0, 5, "c-war")), text=text), MANY).rows
    assert spans(row) == [("War", "Tanks")]


def test_plain_text_within_the_project_and_that_of_a_pdf(tmp_path):
    content = f"<PlainTextContent>Tanks.</PlainTextContent>{select(0, 5, 'c-war')}"
    inline = f"<TextSource guid='t' name='p1'>{content}</TextSource>"
    pdf = f'<PDFSource guid="d" name="a.pdf">{source(select(2, 7, "c-trade"), kind="Representation")}</PDFSource>'
    rows = read_refi_qda(project(tmp_path, inline, pdf), MANY, texts={"p1": "Tanks."}).rows
    assert [(row.passage_id, row.labels, spans(row)) for row in rows] == [
        ("p1", ("War",), [("War", "Tanks")]),
        ("", ("trade",), [("trade", "Tanks")]),
    ]


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("relative://a.txt", r"the text lies outside of the project \(relative://a\.txt\); export with the sources"),
        ("internal://other.txt", r"the project lacks the file internal://other\.txt"),
        ("", r"the source has no plain text"),
    ],
)
def test_a_source_whose_text_is_not_there_is_refused(tmp_path, place, reason):
    content = select(0, 5, "c-war")
    good, bad = read_refi_qda(project(tmp_path, source(content), source(content, place=place)), MANY).rows
    assert good.labels == ("War",)
    assert (bad.line, bad.file) == (2, "study.qdpx")
    assert re.match(reason, bad.reason)


def test_a_source_that_nobody_coded_is_a_row_without_labels(tmp_path):
    (row,) = read_refi_qda(project(tmp_path, source("")), MANY).rows
    assert (row.coder, row.labels) == ("study", ())


BOMB = '<!DOCTYPE Project [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
REMOTE = '<!DOCTYPE Project SYSTEM "http://127.0.0.1:9/steal.dtd">'


@pytest.mark.parametrize("head", [BOMB, REMOTE], ids=["bomb", "remote"])
def test_a_project_with_entities_is_refused(tmp_path, head):
    with pytest.raises(
        InputError, match=r"study\.qdpx/project\.qde declares a document type or entities, which is refused"
    ):
        read_refi_qda(project(tmp_path, source(""), head=head), MANY)


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    path = project(tmp_path, source(select(0, 5, "c-war")), text="0" * 60_000)
    packed = tmp_path / "packed.qdpx"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as smaller:
        for name in archive.namelist():
            smaller.writestr(name, archive.read(name))
    monkeypatch.setattr(archives, "_MAX_BYTES", 50_000)
    assert packed.stat().st_size < 5_000
    with pytest.raises(InputError, match=r"packed\.qdpx unpacks to more than"):
        read_refi_qda(packed, MANY)


def test_an_archive_that_is_cut_off_is_refused(tmp_path):
    path = project(tmp_path, source(""))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"study\.qdpx cannot be unpacked: File is not a zip file"):
        read_refi_qda(path, MANY)


def test_what_is_written_is_what_the_standard_says(tmp_path):
    coded = CodedText("p1", "🙂 Tanks & <wine>", "anna", ("war", "trade"), (Span("war", 2, 7),))
    path = tmp_path / "out.qdpx"
    path.write_bytes(make_refi_qda([coded], MANY))
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("project.qde").decode()
        names = [name for name in archive.namelist() if name.startswith("sources/")]
        assert [archive.read(name).decode() for name in names] == ["🙂 Tanks & <wine>"]
    assert 'name="Tanks" startPosition="2" endPosition="7"' in xml
    assert f'plainTextPath="internal://{names[0].removeprefix("sources/")}"' in xml
    assert make_refi_qda([coded], MANY) == path.read_bytes()
