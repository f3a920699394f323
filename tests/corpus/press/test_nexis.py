from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given

from framing.corpus.records import Refused
from tests.corpus.press.exports import Part, damaged, make_docx, make_zip, read, read_articles, read_sample, reasons

NBSP = "\xa0"
URL = "https://advance.example/api/document?id=urn:contentItem:6ABC-0001-DEMO-0000-00000-00&context=1"


def cover(n: int) -> list[Part]:
    lines: list[Part] = ["Date and Time: Friday, 4. July 2025 09:31:00 CEST", "Job Number: 1", f"Documents ({n})"]
    for i in range(1, n + 1):
        lines += [f"{i}. Ferry article {i}", "Client/Matter: -None-", "Search Terms: ferry", "Narrowed by: ", ""]
        lines += ["Quellen: The Harbour Post; Content Type: News"]
    return lines


def article(i: int, *, header: Sequence[str] = (), text: Sequence[str] = ("", "The ferry sailed.")) -> list[Part]:
    return [
        (f"Bookmark_{i}", ""),
        f"Ferry article {i}",
        "The Harbour Post (Northport)",
        "July 1, 2025 Tuesday 9:20 AM GMT",
        "",
        "\nCopyright 2025 The Harbour Post. All Rights Reserved",
        *(
            header
            or (f"Section:{NBSP}HOME NEWS; Pg. {i}", f"Length:{NBSP}1,355 words", f"Byline:{NBSP}Ada Constructed")
        ),
        (f"Body_{i}" if i else "Body", "Body"),
        *text,
        "",
        ("", "Classification"),
        f"Language:{NBSP}ENGLISH",
        f"\nSubject:{NBSP}FERRIES (90%)",
        f"Load-Date:{NBSP}July 2, 2025",
        "\nEnd of Document",
        "",
    ]


def test_docx_fields() -> None:
    first = article(1)
    first[1] = "link:Ferry article 1"
    [one, two] = read_articles(make_docx([*cover(2), *first, *article(2)], [URL]), "nexis")
    assert one == {
        "text": "The ferry sailed.",
        "title": "Ferry article 1",
        "outlet": "The Harbour Post (Northport)",
        "published": "2025-07-01T09:20:00+00:00",
        "section": "HOME NEWS",
        "author": "Ada Constructed",
        "page": "1",
        "words": "1355",
        "language": "ENGLISH",
        "document_id": "6ABC-0001-DEMO-0000-00000-00",
        "url": URL,
        "copyright": "Copyright 2025 The Harbour Post. All Rights Reserved",
        "edition": "",
        "subject": "FERRIES (90%)",
        "load_date": "July 2, 2025",
    }
    assert (two["title"], two["page"], two["document_id"]) == ("Ferry article 2", "2", "")


@pytest.mark.parametrize(
    ("length", "date", "iso"),
    [
        (f"LÄNGE:{NBSP}355 Wörter", "1. März 2025 Samstag", "2025-03-01"),
        (f"LONGUEUR:{NBSP}355 mots", "samedi 1 mars 2025", "2025-03-01"),
        (f"Longitud:{NBSP}355 palabras", "1 de marzo de 2025 sábado", "2025-03-01"),
        (f"Lengte:{NBSP}355 woorden", "1 maart 2025 zaterdag", "2025-03-01"),
        (f"Length:{NBSP}355 words", "1 марта 2025", "2025-03-01"),
        (f"Length:{NBSP}355 words", "2025年3月1日", "2025-03-01"),
    ],
)
def test_labels_and_dates_in_the_language_of_the_page(length: str, date: str, iso: str) -> None:
    parts = article(1, header=(f"Section:{NBSP}BUITENLAND; Blz.6", length))
    parts[3] = date
    [values] = read_articles(make_docx([*cover(1), *parts]), "nexis")
    assert (values["published"], values["words"], values["page"]) == (iso, "355", "6")


def test_highlight_is_not_the_author() -> None:
    parts = article(1, header=(f"Length:{NBSP}9 words", f"Highlight:{NBSP}A ferry.", "It sails again."))
    [values] = read_articles(make_docx([*cover(1), *parts]), "nexis")
    assert (values["author"], values["highlight"]) == ("", "A ferry.\nIt sails again.")


def test_blank_lines_within_a_text_and_words_like_labels_stay_in_it() -> None:
    text = ("", "First.", "", "", "", f"Section:{NBSP}two begins.", "", "Last.")
    [values] = read_articles(make_docx([*cover(1), *article(1, text=text)]), "nexis")
    assert values["text"] == "First.\n\nSection: two begins.\n\nLast."


def test_abstract_before_the_full_text() -> None:
    text = ("ABSTRACT", "", "In short.", "FULL TEXT", "", "At length.")
    [values] = read_articles(make_docx([*cover(1), *article(1, text=text)]), "nexis")
    assert (values["text"], values["abstract"]) == ("At length.", "In short.")


def test_picture_without_a_body_is_refused() -> None:
    picture: list[Part] = [
        ("Bookmark_2", ""),
        "A picture",
        "The Harbour Post",
        "July 1, 2025",
        "Graphic",
        "End of Document",
    ]
    items = read(make_docx([*cover(3), *article(1), *picture, *article(3)]), "nexis")
    assert [isinstance(item, Refused) for item in items] == [False, True, False]
    assert "no body" in items[1].reason  # type: ignore[union-attr]


def test_each_declared_article_that_is_missing_is_refused() -> None:
    found = reasons(make_docx([*cover(4), *article(1), *article(2)]), "nexis")
    assert found == [
        "the cover counts 4 articles, 2 were recognised; this is one of those missing",
        "the cover counts 4 articles, 2 were recognised; this is one of those missing",
    ]


def test_first_article_without_bookmarks() -> None:
    parts = [part[1] if isinstance(part, tuple) else part for part in [*cover(2), *article(1), *article(2)]]
    assert [values["title"] for values in read_articles(make_docx(parts), "nexis")] == [
        "Ferry article 1",
        "Ferry article 2",
    ]


def test_two_articles_without_a_border_are_refused_both() -> None:
    parts = [part for part in [*article(1), *article(2)] if part not in ("\nEnd of Document", ("Bookmark_2", ""))]
    found = reasons(make_docx([*cover(2), *parts]), "nexis")
    assert len(found) == 2
    assert all("without a border" in reason for reason in found)


@pytest.mark.parametrize("date", ["July 2025", "Spring 2025", "03/04/2025", "yesterday", "32 July 2025"])
def test_date_that_is_not_one_day_is_refused(date: str) -> None:
    parts = article(1)
    parts[3] = date
    [reason] = reasons(make_docx([*cover(1), *parts]), "nexis")
    assert "date" in reason or "outlet" in reason


def rtf(parts: Sequence[Part]) -> bytes:
    lines = []
    for part in parts:
        bookmark, text = part if isinstance(part, tuple) else ("", part)
        mark = f"{{\\*\\bkmkstart {bookmark}}}{{\\*\\bkmkend {bookmark}}}" if bookmark else ""
        coded = "".join(c if c.isascii() else f"\\'{c.encode('cp1252').hex()}" for c in text.replace("\n", "\\line "))
        lines.append(f"{mark}{coded}\\par\n")
    return ("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}" + "".join(lines) + "}").encode()


def test_rtf_under_the_name_of_a_docx() -> None:
    text = ("", "Die F\u00e4hre f\u00e4hrt.")
    items = read(rtf([*cover(1), *article(1, text=text)]), "nexis", name="export.DOCX")
    assert [item.values["text"] for item in items if not isinstance(item, Refused)] == ["Die Fähre fährt."]


def test_a_file_in_which_no_article_is_found_is_refused() -> None:
    assert reasons(b"\townload Request: Selected Items: ", "nexis", "a.txt") == [
        "no article of the format nexis is found in it"
    ]


def test_lock_file_is_passed_over_with_a_word() -> None:
    assert reasons(b"\x05Ada", "nexis", "~$export.docx") == [
        "a lock file that Word leaves beside an open document; passed over"
    ]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04 no zip", "zip"),
        (make_zip({"a.txt": "x"}), "word/document.xml"),
        (make_zip({"word/document.xml": "<w:p>"}), "damaged"),
        (make_zip({"word/document.xml": f"<w:p xmlns:w='x'>{'<w:p>' * 400}{'</w:p>' * 400}</w:p>"}), "damaged"),
        (make_zip({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "no article"),
        (b"", "no article"),
        (b"{\\rtf1 " + b"{" * 5000, "nests"),
        (b"<html><body><DOCFULL> --> " + b"<div>" * 400 + b"<!-- </DOCFULL> --></body></html>", "nests"),
    ],
)
def test_hostile_or_foreign_file_ends_with_a_reason(content: bytes, word: str) -> None:
    [reason] = reasons(content, "nexis")
    assert word in reason


def test_zip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framing.corpus.press.word.MAX_BYTES", 1 << 20)
    [reason] = reasons(make_zip({"word/document.xml": "x" * (1 << 21)}), "nexis")
    assert "unpacks to more" in reason


def test_article_that_the_end_of_the_file_cuts_is_refused() -> None:
    parts = [*cover(2), *article(1), *article(2)]
    items = read(make_docx(parts[:-8]), "nexis")
    assert [isinstance(item, Refused) for item in items] == [False, True]
    assert "the file ends within the article" in items[1].reason  # type: ignore[union-attr]


@given(damaged([*cover(3), *article(1), *article(2), *article(3)]))
def test_nothing_declared_is_lost_from_a_damaged_docx(parts: list[Part]) -> None:
    texts = [part[1] if isinstance(part, tuple) else part for part in parts]
    named = next((int(found[1]) for text in texts if (found := re.match(r"Documents \((\d+)\)", text))), 0)
    n_ends = sum("End of Document" in text for text in texts)
    assert len(read(make_docx(parts), "nexis")) >= max(named, n_ends)


LEGACY = """\
Download Request: Selected Items: 1-3
Terms: ferry


                               1 of 3 DOCUMENTS


                               The Harbour Post

                             July 1, 2025 Tuesday
                                  Edition 1;
                                   Northport

Ferry sails
again

BYLINE: Ada Constructed

SECTION: NEWS; Pg. 3

LENGTH: 1,355 words

The ferry sailed.

NOTES: the captain took some.

She sails on.

LOAD-DATE: July 2, 2025

LANGUAGE: ENGLISH

GRAPHIC: A ferry

                       Copyright 2025 The Harbour Post
                              All Rights Reserved

                               2 of 3 DOCUMENTS

We are sorry but there is an error in this document and it is not possible to
display it.

                               3 of 3 DOCUMENTS

                               Hafenblatt

Fähre fährt

                             Dienstag 1. Juli 2025

RUBRIK: LOKALES; S. 7

LÄNGE: 20 Wörter

Die Fähre fährt.

SPRACHE: GERMAN
"""


def test_legacy_text() -> None:
    first, second, third = read(LEGACY, "nexis")
    assert not isinstance(first, Refused)
    assert not isinstance(third, Refused)
    assert isinstance(second, Refused)
    assert "could not show" in second.reason
    heads = [number for number, line in enumerate(LEGACY.split("\n"), start=1) if "of 3 DOCUMENTS" in line]
    assert [first.line, second.line, third.line] == heads
    expected = {
        "text": "The ferry sailed.\n\nNOTES: the captain took some.\n\nShe sails on.",
        "title": "Ferry sails again",
        "outlet": "The Harbour Post",
        "published": "2025-07-01",
        "edition": "Edition 1; Northport",
        "author": "Ada Constructed",
        "section": "NEWS",
        "page": "3",
        "words": "1355",
        "language": "ENGLISH",
        "graphic": "A ferry",
        "copyright": "Copyright 2025 The Harbour Post All Rights Reserved",
    }
    assert {field: first.values[field] for field in expected} == expected
    # the date behind the headline
    assert (third.values["title"], third.values["published"]) == ("Fähre fährt", "2025-07-01")
    assert (third.values["page"], third.values["words"], third.values["language"]) == ("7", "20", "GERMAN")


@pytest.mark.parametrize(
    "head", ["Dokument 1 von 1", "Document 1 de 1", "1 von 1 DOKUMENTEN", "Document 1 of 1", "1 de 1 DOCUMENTS"]
)
def test_legacy_heads_in_other_languages(head: str) -> None:
    body = "Titre\n\nLONGUEUR: 5 mots\n\nLe bateau.\n\nLANGUE: FRENCH\n"
    text = f"\n    {head}\n\n    Le Port\n\n    1er juillet 2025\n\n{body}"
    [values] = read_articles(text, "nexis")
    assert (values["outlet"], values["published"], values["text"]) == ("Le Port", "2025-07-01", "Le bateau.")


def test_legacy_text_in_cp1252_says_which_encoding() -> None:
    from framing.errors import InputError

    content = LEGACY.encode("cp1252")
    with pytest.raises(InputError, match="encoding"):
        read(content, "nexis")
    assert len(read(content, "nexis", encoding="cp1252")) == 3


def test_legacy_article_that_the_end_of_the_file_cuts_is_refused() -> None:
    items = read(LEGACY[: LEGACY.index("SPRACHE")], "nexis")
    assert [isinstance(item, Refused) for item in items] == [False, True, True]
    assert "the file ends within the article" in items[2].reason  # type: ignore[union-attr]


@given(damaged(LEGACY.split("\n")))
def test_nothing_declared_is_lost_from_a_damaged_legacy_text(parts: list[Part]) -> None:
    lines = [str(part) for part in parts]
    if not any("Selected Items" in line or "of 3 DOCUMENTS" in line for line in lines):
        return
    n_heads = sum("of 3 DOCUMENTS" in line for line in lines)
    declared = max(3 * any("Selected Items: 1-3" in line for line in lines), n_heads)
    assert len(read("\n".join(lines), "nexis")) >= declared


HTML = """<HTML><HEAD><META TOPIC="null" DOCUMENTS="{n}" UPDATED="Tuesday" /></HEAD><BODY>
{articles}</BODY></HTML>"""
HTML_ARTICLE = """<A NAME="DOC_ID_0_{i}"></A><!-- Hide XML section from browser
<DOC NUMBER={i}>
<DOCFULL> -->
<BR><DIV CLASS="c0"><P CLASS="c1"><SPAN CLASS="c2">{i} of {n} DOCUMENTS</SPAN></P>
</DIV>
<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">The Harbour Post</SPAN></P>
</DIV>
<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c4">July</SPAN><SPAN CLASS="c2"> 1, 2025 Tuesday&nbsp;<BR>
Late Edition</SPAN></P>
</DIV>
<BR><DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c7">Ferry {i};<BR>a second line</SPAN></P>
</DIV>
<BR><DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c8">LENGTH: </SPAN><SPAN CLASS="c2">44 words</SPAN></P>
</DIV>
<BR><DIV CLASS="c5"><P CLASS="c9"><SPAN CLASS="c2">A </SPAN><SPAN CLASS="c4">ferry</SPAN><SPAN CLASS="c2"> sailed
on.</SPAN></P>
<TABLE><TR><TD><P>Rank</P></TD><TD><P>Ferry</P></TD></TR></TABLE>
</DIV>
<BR><DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c8">LANGUAGE: </SPAN><SPAN CLASS="c2">ENGLISH</SPAN></P>
</DIV>
<!-- Hide XML section from browser
</DOCFULL>
</DOC> -->
<DIV CLASS="c10"/>
"""


def test_legacy_html_with_more_open_elements_than_a_parser_follows() -> None:
    n = 300
    page = HTML.format(n=n, articles="".join(HTML_ARTICLE.format(i=i, n=n) for i in range(1, n + 1)))
    articles = read_articles(page, "nexis")
    assert len(articles) == n
    last = articles[-1]
    assert (last["title"], last["published"], last["edition"]) == (
        f"Ferry {n}; a second line",
        "2025-07-01",
        "Late Edition",
    )
    assert (last["text"], last["language"]) == ("A ferry sailed on.\n\nRank | Ferry", "ENGLISH")


def test_legacy_html_that_was_cut() -> None:
    page = HTML.format(n=2, articles="".join(HTML_ARTICLE.format(i=i, n=2) for i in (1, 2)))
    items = read(page[: page.rindex("sailed")], "nexis")
    assert [isinstance(item, Refused) for item in items] == [False, True]
    assert reasons(page[: page.rindex("sailed")], "nexis") == ["the end of the article is missing: no </DOCFULL>"]


def test_legacy_html_that_declares_more() -> None:
    page = HTML.format(n=3, articles=HTML_ARTICLE.format(i=1, n=3))
    assert len(read(page, "nexis")) == 3
    assert reasons(page, "nexis")[0].startswith("the head of the page counts 3 articles, 1 were recognised")


def test_a_count_without_bounds_is_one_refused_row() -> None:
    page = HTML.format(n=999_999_999, articles=HTML_ARTICLE.format(i=1, n=3))
    assert len(read(page, "nexis")) == 2


@pytest.mark.parametrize(
    ("name", "n_read", "n_refused"),
    [
        ("nexis_uni_sample.docx", 10, 0),
        ("nexis_sample.txt", 10, 0),
        ("lexisnexis_test_copyright_error.html", 1, 1),
        ("lexisnexis_test_en.html", 2, 144),
        ("lexisnexis_test_fr.html", 3, 0),
    ],
)
def test_sample_files(real_data, name: str, n_read: int, n_refused: int) -> None:
    rows, refused = read_sample(real_data, name, "nexis")
    assert (len(rows), len(refused)) == (n_read, n_refused)
    # one sample is a table without a headline
    assert all(row.values["title"] for row in rows) or name == "lexisnexis_test_copyright_error.html"
