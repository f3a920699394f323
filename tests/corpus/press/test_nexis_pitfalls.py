"""What exports of Nexis have been seen to hold beyond the plain case."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from framing.corpus.formats import read_rows
from framing.corpus.press.word import read_docx
from framing.corpus.records import Refused, Row
from tests.corpus.press.exports import Part, W, make_docx, make_zip, read, read_articles, reasons
from tests.corpus.press.test_nexis import URL, article, cover
from tests.corpus.press.writers import nexis_html, nexis_lines, nexis_parts

NBSP = "\xa0"


def read_path(path: Path) -> list[Row | Refused]:
    return list(read_rows(path, kind="nexis", needed=("text", "outlet", "published", "title")))


def without_bookmarks(parts: list[Part]) -> list[Part]:
    return [part[1] if isinstance(part, tuple) else part for part in parts]


def test_headline_that_begins_with_a_date() -> None:
    parts = article(1)
    parts[1] = "June 3, 2025: the day the ferry sailed"
    [values] = read_articles(make_docx(["Documents (1)", *parts]), "nexis")
    assert values["title"] == "June 3, 2025: the day the ferry sailed"
    assert (values["outlet"], values["published"][:10]) == ("The Harbour Post (Northport)", "2025-07-01")


def test_headline_that_looks_like_a_label_or_a_body() -> None:
    for headline in ("Section: two", "Text", "Length: 40 feet"):
        parts = without_bookmarks(article(1))
        parts[1] = headline
        assert read_articles(make_docx(["Documents (1)", *parts]), "nexis")[0]["title"] == headline


@pytest.mark.parametrize("listed", [True, False])
def test_aggregator_between_the_headline_and_the_blog(listed: bool) -> None:
    parts = article(1)
    parts[1:3] = ["link:Ferry article 1", "Constructed Blogs", "Harbour Blog"]
    links = [] if listed else [URL]
    head: list[Part] = cover(1) if listed else ["Documents (1)"]
    if listed:
        parts[1] = "Ferry article 1"
    [values] = read_articles(make_docx([*head, *parts], links), "nexis")
    assert (values["title"], values["outlet"], values["source_group"]) == (
        "Ferry article 1",
        "Harbour Blog",
        "Constructed Blogs",
    )


def test_headline_on_two_lines() -> None:
    parts = article(1)
    parts[1:2] = ["Ferry article 1;", "A second line"]
    [values] = read_articles(make_docx(["Documents (1)", *parts]), "nexis")
    assert (values["title"], values["outlet"]) == ("Ferry article 1; A second line", "The Harbour Post (Northport)")


def test_captions_of_the_page_and_editions() -> None:
    parts = article(1)
    parts[4:5] = ["Late Edition - Final", "Link to Image"]
    [values] = read_articles(make_docx([*cover(1), *parts]), "nexis")
    assert (values["edition"], values["section"]) == ("Late Edition - Final", "HOME NEWS")


def test_numeric_date_is_read_only_where_the_page_tells_its_order() -> None:
    def with_date(length: str) -> bytes:
        parts = article(1, header=(length,))
        parts[3] = "03/04/2025"
        return make_docx([*cover(1), *parts])

    assert reasons(with_date(f"Length:{NBSP}9 words"), "nexis") == [
        "the date '03/04/2025' cannot be read as one day",
    ]
    assert read_articles(with_date(f"Longueur:{NBSP}9 mots"), "nexis")[0]["published"] == "2025-04-03"


def test_list_of_contents_of_a_delivery_is_one_refused_row() -> None:
    content = make_docx(cover(40))
    assert reasons(content, "nexis", "Files (40)_doclist.DOCX") == [
        "a list of 40 documents without their texts, which are in other files"
    ]
    assert len(reasons(content, "nexis", "Files (40).DOCX")) == 40


def test_archive_of_a_file_a_document(tmp_path: Path) -> None:
    path = tmp_path / "Files (3).ZIP"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Files/Files (3)_doclist.DOCX", make_docx(cover(3)))
        for i in range(1, 4):
            archive.writestr(f"Files/Ferry article {i}.DOCX", make_docx(article(i)))
    items = read_path(path)
    assert [item.values["title"] for item in items if isinstance(item, Row)] == [
        f"Ferry article {i}" for i in (1, 2, 3)
    ]
    assert [item.reason[:22] for item in items if isinstance(item, Refused)] == ["a list of 3 documents "]


def test_docx_that_is_called_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(make_docx([*cover(2), *article(1), *article(2)]))
    assert [item.values["title"] for item in read_path(path) if isinstance(item, Row)] == [
        "Ferry article 1",
        "Ferry article 2",
    ]


def test_one_document_without_a_cover_or_bookmarks() -> None:
    [values] = read_articles(make_docx(without_bookmarks(article(1))), "nexis")
    assert (values["title"], values["text"]) == ("Ferry article 1", "The ferry sailed.")


def document(*paragraphs: str) -> bytes:
    """A .docx of paragraphs of plain XML."""
    body = "".join(paragraphs)
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    wps = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    xml = f'<w:document xmlns:w="{W}" xmlns:mc="{mc}" xmlns:wps="{wps}"><w:body>{body}</w:body></w:document>'
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    return make_zip({"word/document.xml": xml, "word/footnotes.xml": notes})


def paragraph(text: str, inner: str = "") -> str:
    return f"<w:p><w:r>{inner}<w:t>{escape(text)}</w:t></w:r></w:p>" if text else "<w:p/>"


def test_tables_text_boxes_and_removed_words() -> None:
    box = paragraph("In the box.")
    shape = (
        f"<mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>{box}</w:txbxContent></wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict><w:txbxContent>{box}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    table = f"<w:tbl><w:tr><w:tc>{paragraph('Rank')}</w:tc><w:tc>{paragraph('Ferry')}</w:tc></w:tr></w:tbl>"
    removed = "<w:p><w:del><w:r><w:delText>Old.</w:delText></w:r></w:del><w:r><w:t>New.</w:t></w:r></w:p>"
    field = '<w:p><w:r><w:instrText> HYPERLINK "https://a.example/x" </w:instrText><w:t>Link</w:t></w:r></w:p>'
    content = document(paragraph("Before.", shape), table, removed, field)
    read_paragraphs = read_docx(content)
    assert [item.text for item in read_paragraphs] == ["In the box.", "Before.", "Rank", "Ferry", "New.", "Link"]
    assert read_paragraphs[-1].link == "https://a.example/x"


def test_table_in_the_first_article_is_no_cover() -> None:
    parts = ["Documents (1)", *(str(part) for part in without_bookmarks(article(1)))]
    cell = "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
    at = parts.index("The ferry sailed.") + 1
    paragraphs = [paragraph(part.strip()) for part in parts]
    paragraphs.insert(at, cell.format(paragraph("Rank 1")))
    [values] = read_articles(document(*paragraphs), "nexis")
    assert (values["title"], values["text"]) == ("Ferry article 1", "The ferry sailed.\n\nRank 1")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7", "a PDF file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word before 2007"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b'From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n boundary="a"\n', "web archive"),
    ],
)
def test_kind_of_file_that_is_not_read(content: bytes, word: str) -> None:
    [reason] = reasons(content, "nexis", "export.DOCX")
    assert word in reason


def test_legacy_heads_behind_form_feeds_and_with_marks_of_thousands() -> None:
    text = "\n".join(nexis_lines("en", 3)[2:]).replace("of 3 DOCUMENTS", "of 1,003 DOCUMENTS")
    text = text.replace("          2 of", "\f          2 of")
    assert [values["title"] for values in read_articles(text, "nexis")] == ["Ferry 1", "Ferry 2", "Ferry 3"]


@pytest.mark.parametrize(
    ("label", "field"), [("VON", "author"), ("LAENGE", "words"), ("SECCION", "section"), ("CODE-REVUE", "journal_code")]
)
def test_labels_in_capital_letters_without_accents(label: str, field: str) -> None:
    text = f"1 of 1 DOCUMENTS\n\nHafenblatt\n\n4. März 2022\n\nFähre\n\n{label}: 7 Ada\n\nText.\n\nSPRACHE: GERMAN\n"
    if field == "journal_code":
        text = text.replace(f"{label}: 7 Ada\n\nText.\n\n", f"LÄNGE: 9 Wörter\n\nText.\n\n{label}: 7 Ada\n\n")
    [values] = read_articles(text, "nexis")
    assert "7" in values[field]
    assert values["text"] == "Text."


def test_numeric_date_of_a_legacy_file_in_another_language() -> None:
    text = "\n".join(nexis_lines("fr", 1)).replace("vendredi 4 mars 2022", "04/03/2022")
    assert read_articles(text, "nexis")[0]["published"] == "2022-03-04"
    assert (
        "cannot be read as one day"
        in reasons("\n".join(nexis_lines("en", 1)).replace("March 4, 2022 Friday 1:05 PM GMT", "04/03/2022"), "nexis")[
            0
        ]
    )


def test_two_articles_without_bookmarks_and_without_a_border() -> None:
    parts = without_bookmarks(nexis_parts("en", 2))
    parts.remove("End of Document")
    found = reasons(make_docx(parts), "nexis")
    assert len(found) == 2
    assert "without a border" in found[0]


def test_file_within_a_stream_of_another_kind() -> None:
    items = read(io.BytesIO(make_docx([*cover(1), *article(1)])).read(), "nexis", "export.RTF")
    assert isinstance(items[0], Row)


EARLIER = """
                               2 of 2 DOCUMENTS

                  Copyright 1999 The Harbour Post Company
                               The Harbour Post

                  March 4, 1999, Thursday, Late Edition - Final

SECTION: Section A; Page 1; Column 6; Foreign Desk

LENGTH: 1355 words

HEADLINE: Ferry 2

BYLINE:  By ADA CONSTRUCTED

DATELINE: NORTHPORT, March 3

BODY:
   The ferry sailed.

   She sails on.

LANGUAGE: ENGLISH

LOAD-DATE: March 4, 1999
"""


@pytest.mark.parametrize("rights", ["", "                             All Rights Reserved\n\n"])
def test_files_of_the_nineties(rights: str) -> None:
    text = EARLIER.replace("Company\n", f"Company\n{rights}")
    items = read(text, "nexis")
    [values] = [item.values for item in items if isinstance(item, Row)]
    expected = {
        "text": "The ferry sailed.\n\n   She sails on.",
        "title": "Ferry 2",
        "outlet": "The Harbour Post",
        "published": "1999-03-04",
        "section": "Section A; Column 6; Foreign Desk",
        "page": "1",
        "words": "1355",
        "dateline": "NORTHPORT, March 3",
    }
    assert {field: values[field] for field in expected} == expected
    assert values["copyright"].startswith("Copyright 1999 The Harbour Post Company")


def test_main_part_of_another_name() -> None:
    content = io.BytesIO(make_docx(article(1)))
    renamed = io.BytesIO()
    with zipfile.ZipFile(content) as archive, zipfile.ZipFile(renamed, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name.replace("document.xml", "document2.xml"), archive.read(name))
    assert len(read_articles(renamed.getvalue(), "nexis")) == 1


def test_quotation_mark_that_is_missing_in_a_page_loses_no_text_without_a_word() -> None:
    lines = "\n".join(nexis_html("en", 2))
    at = lines.index('"c2">', lines.index("LENGTH"))
    damaged = lines[:at] + lines[at:].replace('"c2">', '"c2>', 1)
    items = read(damaged, "nexis")
    assert [isinstance(item, Refused) for item in items] in ([True, False], [False, True])
    assert "quotation mark" in reasons(damaged, "nexis")[0]
