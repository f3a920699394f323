from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given

from framing.corpus.press.factiva_fields import find_accession_numbers
from framing.corpus.records import Refused, Row
from tests.corpus.press.exports import Part, damaged, read, read_articles, read_sample, reasons

NUMBER = "HARBRP0020250701el710002{i}"


def row(code: str, value: str) -> str:
    return f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td><br/>{value}</td></tr>'


def indexed(i: int, language: str = "en", **changes: str) -> str:
    fields = {
        "SE": "Home news",
        "HD": f"<b class='enHeadline'>Ferry {i}</b>",
        "BY": "By Ada Constructed",
        "WC": "1,355 words",
        "PD": "1 July 2025",
        "ET": "15:32",
        "SN": "The Harbour Post",
        "SC": "HARBRP",
        "PG": "A26",
        "LA": "English",
        "CY": "(c) 2025 The Harbour Post.",
        "LP": '<p class="articleParagraph enarticleParagraph">The ferry sailed.</p>',
        "TD": '<p class="articleParagraph">She sails on.</p>\n<p class="articleParagraph">At noon.</p>',
        "CO": "ferry : Ferries plc | harb : Harbour plc",
        "AN": f"Document {NUMBER.format(i=i)}",
    } | changes
    rows = "\n".join(row(code, value) for code, value in fields.items() if value)
    return f'<div class="article {language}Article"><table>\n{rows}</table><br/></div>'


def displayed(i: int, lines: Sequence[str], language: str = "en") -> str:
    divs = "\n".join(f"<div>{line}</div>" for line in lines)
    return (
        f'<div class="article {language}Article"><div id="hd"><span class="{language}Headline">Ferry {i}</span></div>\n'
        f'{divs}\n<p class="articleParagraph {language}articleParagraph">The ferry sailed.</p>\n'
        f'<p class="articleParagraph">She sails on.</p>\n<p>Document {NUMBER.format(i=i)}</p></div>'
    )


def page(*articles: str) -> str:
    body = "\n".join(articles)
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/></head><body>'
        f'<form><input type="hidden" value="state"/><div id="contentLeft">\n{body}\n</div></form></body></html>'
    )


def test_html_with_indexing() -> None:
    [values] = read_articles(page(indexed(1)), "factiva")
    assert values == {
        "text": "The ferry sailed.\n\nShe sails on.\n\nAt noon.",
        "title": "Ferry 1",
        "outlet": "The Harbour Post",
        "published": "2025-07-01T15:32:00",
        "section": "Home news",
        "author": "By Ada Constructed",
        "page": "A26",
        "words": "1355",
        "language": "English",
        "document_id": "HARBRP0020250701el7100021",
        "url": "",
        "source_code": "HARBRP",
        "copyright": "(c) 2025 The Harbour Post.",
        "company": "ferry : Ferries plc | harb : Harbour plc",
    }


@pytest.mark.parametrize(
    ("date", "iso"),
    [
        ("29 décembre 2011", "2011-12-29"),
        ("18 April 1998", "1998-04-18"),
        ("9 Mai 1998", "1998-05-09"),
        ("9 мая 1998", "1998-05-09"),
        ("9 maggio 1998", "1998-05-09"),
        ("9 de mayo de 1998", "1998-05-09"),
        ("1998 年 5 月 9 日", "1998-05-09"),
    ],
)
def test_dates_in_the_language_of_the_page(date: str, iso: str) -> None:
    [values] = read_articles(page(indexed(1, PD=date, ET="")), "factiva")
    assert values["published"] == iso


def test_language_comes_from_the_class_where_it_is_not_given() -> None:
    [values] = read_articles(page(indexed(1, "fr", LA="")), "factiva")
    assert values["language"] == "fr"


FULL = [
    "Ada Constructed",
    "664 words",
    "1 July 2025",
    "15:32",
    "The Harbour Post",
    "HARBRP",
    "A26",
    "English",
    "(c) 2025",
]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (FULL, ("Ada Constructed", "664", "2025-07-01T15:32:00", "The Harbour Post", "HARBRP", "A26", "English")),
        (
            ["664 Wörter", "1 Juli 2025", "Hafenblatt", "HAFBLA", "Deutsch", "© 2025 Hafenblatt"],
            ("", "664", "2025-07-01", "Hafenblatt", "HAFBLA", "", "Deutsch"),
        ),
        (
            ["1 664 mots", "1 juillet 2025", "Le Port", "PORTFR", "Nord", "12", "Français", "Copyright 2025 Le Port"],
            ("", "1664", "2025-07-01", "Le Port", "PORTFR", "12", "Français"),
        ),
    ],
)
def test_html_without_indexing_is_read_from_the_line_of_words_on(lines: list[str], expected: tuple[str, ...]) -> None:
    [values] = read_articles(page(displayed(1, lines)), "factiva")
    fields = ("author", "words", "published", "outlet", "source_code", "page", "language")
    assert tuple(values.get(field, "") for field in fields) == expected
    assert values["title"] == "Ferry 1"
    assert values["text"] == "The ferry sailed.\n\nShe sails on."
    assert values["document_id"] == NUMBER.format(i=1)


def test_article_within_an_article_of_the_same_class_is_read_once() -> None:
    inner = displayed(1, FULL)
    wrapped = f'<div class="article">{inner}</div><div class="article">{displayed(2, FULL)}</div>'
    assert [values["title"] for values in read_articles(page(wrapped), "factiva")] == ["Ferry 1", "Ferry 2"]


def test_article_without_its_words_line_is_refused() -> None:
    items = read(page(displayed(1, FULL[2:]), displayed(2, FULL)), "factiva")
    assert [isinstance(item, Refused) for item in items] == [True, False]


def test_page_that_was_cut_refuses_the_last_article() -> None:
    content = page(indexed(1), indexed(2))
    items = read(content[: content.rindex("At noon")], "factiva")
    assert [isinstance(item, Refused) for item in items] == [False, True]
    assert "no accession number" in items[1].reason  # type: ignore[union-attr]


def test_accession_number_outside_of_an_article_is_refused() -> None:
    lost = f"<p>The ferry sailed.</p><p>Document {NUMBER.format(i=9)}</p>"
    assert reasons(page(indexed(1), lost), "factiva") == [
        "the accession numbers name 2 articles, 1 were recognised; this is one of those missing"
    ]


@given(damaged(page(*(indexed(i) for i in (1, 2, 3))).split("\n")))
def test_nothing_declared_is_lost_from_a_damaged_page(parts: list[Part]) -> None:
    text = "\n".join(map(str, parts))
    declared = set(re.findall(r"Document (HARBRP\w+)", text))
    assert len(read("<html>" + text, "factiva")) >= len(declared)


def encode(text: str) -> str:
    coded = []
    for character in text:
        if character.isascii():
            coded.append(character)
        elif ord(character) < 256:
            coded.append(f"\\'{ord(character):02x}")
        else:
            halves = character.encode("utf-16-le")
            codes = [int.from_bytes(halves[i : i + 2], "little") for i in range(0, len(halves), 2)]
            coded += [f"\\u{code - 65536 if code > 32767 else code}?" for code in codes]
    return "".join(coded)


HEAD = (
    "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}{\\info{\\title Hidden}}\n"
    "{\\header Page {\\field{\\*\\fldinst PAGE}{\\fldrslt 1}} of 9\\par}\n"
)
PICTURE = "{\\*\\shppict{\\pict\\pngblip " + "89504e47" * 2000 + "}}"


def rtf(*articles: Sequence[str], toc: bool = True) -> list[str]:
    """Lines of a file; each of them is a paragraph."""
    lines = [HEAD]
    if toc:
        lines += ['{\\field{\\*\\fldinst HYPERLINK \\\\l "toc_1"}{\\fldrslt Ferry 1}}........2\\par', "\\page"]
    for article in articles:
        lines += [encode(line) + "\\par" for line in article]
        lines.append("\\page")
    return [*lines, "Search Summary\\par", "Text ferry\\par", "}"]


def coded(i: int, text: Sequence[str] = ("The ferry sailed – “on”.", "Für 5 € 😀.")) -> list[str]:
    lines = ["SE", "Home news", "HD", f"Ferry {i}", "BY", "Ada Constructed", "WC", "355 words", "PD", "1 July 2025"]
    lines += ["SN", "The Harbour Post", "SC", "HARBRP", "LA", "English", "CY", "(c) 2025", "LP", text[0], "", "TD"]
    return [*lines, *text[1:], "", "CO", "ferry : Ferries plc", "AN", f"Document {NUMBER.format(i=i)}"]


def test_rtf_with_indexing() -> None:
    lines = rtf(coded(1), coded(2))
    lines.insert(4, PICTURE)
    first, second = read_articles("\n".join(lines), "factiva")
    assert (first["title"], second["title"]) == ("Ferry 1", "Ferry 2")
    assert first["text"] == "The ferry sailed – “on”.\n\nFür 5 € 😀."
    assert (first["section"], first["outlet"], first["published"]) == ("Home news", "The Harbour Post", "2025-07-01")
    assert first["document_id"] == NUMBER.format(i=1)


def test_rtf_codes_within_a_text_are_words_of_it() -> None:
    [values] = read_articles("\n".join(rtf(coded(1, ("The ferry.", "PG", "is a film rating.")))), "factiva")
    assert values["text"] == "The ferry.\n\nPG\nis a film rating."


def test_rtf_new_page_within_an_article_does_not_end_it() -> None:
    lines = rtf(coded(1, ("The ferry.", "Page one.", "Page two.")))
    at = next(i for i, line in enumerate(lines) if line.startswith("Page two"))
    lines.insert(at, "\\page")
    [values] = read_articles("\n".join(lines), "factiva")
    assert values["text"].split() == ["The", "ferry.", "Page", "one.", "Page", "two."]


def shown(i: int) -> list[str]:
    return [f"Fähre {i}", *FULL, "The ferry sailed.", "", "She sails on.", "", f"Document {NUMBER.format(i=i)}"]


def test_rtf_without_indexing() -> None:
    first, second = read_articles("\n".join(rtf(shown(1), shown(2))), "factiva")
    assert (first["title"], first["author"], first["words"]) == ("Fähre 1", "Ada Constructed", "664")
    assert (first["published"], first["outlet"], first["page"]) == ("2025-07-01T15:32:00", "The Harbour Post", "A26")
    assert first["text"] == "The ferry sailed.\n\nShe sails on."
    assert (second["title"], second["document_id"]) == ("Fähre 2", NUMBER.format(i=2))


def test_rtf_that_was_cut_refuses_the_last_article() -> None:
    lines = rtf(coded(1), coded(2))
    items = read("\n".join(lines[: len(lines) - 8]), "factiva")
    assert [isinstance(item, Refused) for item in items] == [False, True]
    assert "ends within an article" in items[1].reason  # type: ignore[union-attr]


@pytest.mark.parametrize("make", [coded, shown])
def test_rtf_articles_without_a_border_are_refused(make) -> None:
    lines = [line for line in rtf(make(1), make(2)) if NUMBER.format(i=1) not in line]
    found = reasons("\n".join(lines), "factiva")
    assert len(found) == 2
    assert "without a border" in found[0]


@given(damaged(rtf(coded(1), coded(2), shown(3))))
def test_nothing_declared_is_lost_from_a_damaged_rtf(parts: list[Part]) -> None:
    text = "\n".join(["{\\rtf1 ", *map(str, parts)])
    visible = [line.removesuffix("\\par") for line in map(str, parts)]
    declared = set(find_accession_numbers(visible))
    assert len(read(text, "factiva")) >= len(declared)


XML_ARTICLE = """<ppsarticle><article><accessionNo>{number}</accessionNo><baseLanguage>EN</baseLanguage>
<headline><paragraph><hlt>Ferry</hlt> {i}</paragraph></headline>
<leadParagraph><paragraph>The <hlt>ferry</hlt> sailed.</paragraph></leadParagraph>
<pages><page>85</page></pages>
<publicationDate><dateTime>2025-07-01T01:35:58Z</dateTime></publicationDate>
<sourceName>The Harbour Post</sourceName>
<tailParagraphs><paragraph>She sails on.</paragraph></tailParagraphs>
<wordCount>942</wordCount></article></ppsarticle>"""


def xml(n: int, declared: int) -> str:
    articles = "\n".join(XML_ARTICLE.format(i=i, number=NUMBER.format(i=i)) for i in range(1, n + 1))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<PPSResponse><ppsArticleResponse xmlns="http://x.example/pps">'
        f'<ppsarticleResultSet count="{declared}">\n{articles}\n</ppsarticleResultSet>'
        "</ppsArticleResponse></PPSResponse>"
    )


def test_xml() -> None:
    first, _ = read_articles(b"\xef\xbb\xbf" + xml(2, 2).encode(), "factiva")
    assert (first["title"], first["text"]) == ("Ferry 1", "The ferry sailed.\n\nShe sails on.")
    assert (first["published"], first["page"], first["words"]) == ("2025-07-01T01:35:58+00:00", "85", "942")
    assert (first["document_id"], first["language"]) == (NUMBER.format(i=1), "en")


def test_xml_that_was_cut_has_each_whole_article_and_refuses_the_rest() -> None:
    content = xml(3, 3)
    items = read(content[: content.index("tailParagraphs", content.index("Ferry</hlt> 2"))], "factiva")
    assert [isinstance(item, Row) for item in items] == [True, False, False]
    assert "the XML is damaged" in items[1].reason  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04", "zip"),
        (b"nothing", "no article"),
        (b"<html><body>nothing</body></html>", "no article"),
        (b"{\\rtf1 nothing}", "no article"),
        (b"<html>" + b"<div>" * 5000, "nests"),
        (b"<?xml version='1.0'?><a/>", "no article"),
        (b"<?xml version='1.0'?><a>" + b"<b>" * 5000, "damaged"),
    ],
)
def test_hostile_or_foreign_file_ends_with_a_reason(content: bytes, word: str) -> None:
    [reason] = reasons(content, "factiva")
    assert word in reason


def test_entities_of_the_file_are_not_followed() -> None:
    bomb = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    doctype = f'<!DOCTYPE a [<!ENTITY e0 "ha">{bomb}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    content = xml(1, 1).replace("<PPSResponse>", doctype + "<PPSResponse>", 1).replace("She sails on.", "&e11;&f;")
    items = read(content, "factiva")
    assert len(items) == 1
    assert all(isinstance(item, Refused) or len(item.values["text"]) < 100 for item in items)


@given(damaged(xml(3, 3).split("\n")))
def test_nothing_declared_is_lost_from_damaged_xml(parts: list[Part]) -> None:
    text = "\n".join(map(str, parts))
    declared = 3 if 'count="3"' in text else 0
    assert len(read(text or " ", "factiva")) >= max(declared, min(1, len(text)))


@pytest.mark.parametrize(("name", "n_read"), [("factiva_test.html", 2), ("factiva_test.xml", 3)])
def test_sample_files(real_data, name: str, n_read: int) -> None:
    rows, refused = read_sample(real_data, name, "factiva")
    assert (len(rows), len(refused)) == (n_read, 0)
    assert all(row.values["title"] and row.values["document_id"] for row in rows)


def test_accession_number_in_small_letters() -> None:
    number = "harb000020010905dx95001ab"
    [values] = read_articles(page(indexed(1, AN=f"Document {number}")), "factiva")
    assert values["document_id"] == number
    lines = [line.replace(NUMBER.format(i=1), number) for line in rtf(shown(1))]
    assert read_articles("\n".join(lines), "factiva")[0]["document_id"] == number


@pytest.mark.parametrize("make", [coded, shown])
def test_text_that_another_program_made_of_the_rtf(make) -> None:
    lines = [
        *make(1),
        "Page 1 of 9 © 2025 Factiva, Inc. All rights reserved.",
        *make(2),
        "Search Summary",
        "Text ferry",
    ]
    articles = read_articles("\n".join(lines), "factiva")
    assert [values["document_id"] for values in articles] == [NUMBER.format(i=1), NUMBER.format(i=2)]
    assert not any("Factiva" in value for values in articles for value in values.values())


def test_text_between_marked_paragraphs_is_text() -> None:
    content = displayed(1, FULL).replace(
        "\n<p class", "\nLoose words.<table><tr><td>1</td><td>A</td></tr></table><p class"
    )
    [values] = read_articles(page(content), "factiva")
    assert values["text"] == "The ferry sailed.\n\nLoose words.\n\n1 | A\n\nShe sails on."
    [values] = read_articles(page(indexed(1, LP="Loose.<p class='articleParagraph'>In a paragraph.</p>")), "factiva")
    assert values["text"].startswith("Loose.\n\nIn a paragraph.\n\nShe sails on.")


def test_headline_on_two_lines_keeps_its_words_apart() -> None:
    content = page(displayed(1, FULL).replace("Ferry 1", "Ferry 1<br/>sails again"))
    [values] = read_articles(content, "factiva")
    assert (values["title"], values["author"]) == ("Ferry 1 sails again", "Ada Constructed")
    [values] = read_articles(page(indexed(1, HD="Ferry 1<br/>sails again")), "factiva")
    assert values["title"] == "Ferry 1 sails again"


def test_three_wrappers_of_one_article() -> None:
    wrapped = f'<div class="article"><div class="article">{displayed(1, FULL)}</div></div>'
    assert len(read(page(wrapped), "factiva")) == 1


def test_file_that_ends_with_its_last_number() -> None:
    lines = "\n".join(shown(1))
    assert len(read_articles(lines, "factiva")) == 1


def test_xml_without_its_head() -> None:
    content = xml(2, 2)
    items = read(content[content.index("<ppsarticleResultSet") :], "factiva")
    assert len(items) == 2
    assert len(read("?xml version=1.0?\n" + content.partition("\n")[2], "factiva")) == 2


def test_section_above_the_headline_is_no_author() -> None:
    content = displayed(1, FULL).replace('<div id="hd">', '<div>Home news</div><div id="hd">')
    [values] = read_articles(page(content), "factiva")
    assert (values["section"], values["author"]) == ("Home news", "Ada Constructed")
