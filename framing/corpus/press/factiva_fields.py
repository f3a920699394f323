"""Fields of an article of Factiva: by the codes of its indexing, or by their order in the display."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from framing.corpus.press.dates import begins_with_date
from framing.corpus.press.labels import is_copyright, read_count

__all__ = [
    "BEHIND_TEXT",
    "CODES",
    "find_accession_numbers",
    "is_accession",
    "is_words_line",
    "read_displayed",
    "read_indexed",
]

_BY_CODE = {
    "HD": "title",
    "BY": "author",
    "CR": "credit",
    "WC": "words",
    "PD": "published",
    "SN": "outlet",
    "SC": "source_code",
    "NGC": "source_group",
    "GC": "source_group_code",
    "ED": "edition",
    "SE": "section",
    "PG": "page",
    "VOL": "volume",
    "LA": "language",
    "CY": "copyright",
    "CX": "correction",
    "CT": "contact",
    "RF": "reference",
    "ART": "art",
    "NS": "subject",
    "RE": "region",
    "CO": "company",
    "IN": "industry",
    "IPC": "publisher_codes",
    "IPD": "publisher_terms",
    "PUB": "publisher",
    "RST": "restrictors",
    "CLM": "column",
    "DLN": "dateline",
}
CODES = frozenset({*_BY_CODE, "ET", "LP", "TD", "AN"})
# codes that can stand behind a lead paragraph or a text: others in it are words of the text
BEHIND_TEXT = frozenset(["TD", "CT", "RF", "CX", "ART", "NS", "RE", "CO", "IN", "IPC", "IPD", "PUB", "RST", "AN"])
_ACCESSION = re.compile(
    r"\s*(?:Document|Dokument|Documento|Documenti|Документ|Belge|文件|文档|文書|ドキュメント|문서)\s+"
    r"([A-Za-z][A-Za-z0-9]{2,9}\d{6}[A-Za-z0-9]{5,20})\s*$"
)
_WORDS = re.compile(
    r"\d{1,3}(?:[.,'’\s]?\d{3})*\s?(?:words?|mots?|wörter|wort|palabras?|palavras?|parol[ea]|woord(?:en)?|слов[оа]?"
    r"|字|個字|个字|文字|単語|ワード|kelime|słów|słowa?|ord)$",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}[:h.]\d\d(?:\s?[AP]M)?(?:\s[A-Z]{2,4})?$", re.IGNORECASE)
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,9}$")
_PAGE = re.compile(r"(?:p(?:age|g)?\.?\s?)?([A-Z]{0,4}\d{1,4}[A-Z]?(?:[-,]\s?\d{1,4})*)$", re.IGNORECASE)
_LANGUAGES = {
    *("english", "anglais", "englisch", "inglés", "inglese", "engels", "английский", "英文"),
    *("french", "français", "französisch", "francés", "francese", "frans", "французский", "法文"),
    *("german", "allemand", "deutsch", "alemán", "tedesco", "duits", "немецкий", "德文"),
    *("spanish", "espagnol", "spanisch", "español", "spagnolo", "spaans", "испанский", "西班牙文"),
    *("italian", "italien", "italienisch", "italiano", "italiaans", "итальянский"),
    *("dutch", "néerlandais", "niederländisch", "holandés", "olandese", "nederlands"),
    *("russian", "russe", "russisch", "ruso", "russo", "русский", "俄文"),
    *("portuguese", "portugais", "portugiesisch", "portugués", "português", "portoghese", "portugees"),
    *("chinese - simplified", "chinese - traditional", "chinois - simplifié", "chinese", "简体中文", "繁體中文"),
    *("polish", "japanese", "arabic", "turkish", "swedish", "danish", "norwegian", "finnish", "czech", "korean"),
}


def is_accession(line: str) -> bool:
    """Check whether a line is that of an accession number, such as `Document BEACON0020250704el740002t`.

    Parameters
    ----------
    line : str
        A line.

    Returns
    -------
    bool
        Whether it is.
    """
    return bool(_ACCESSION.match(line.replace("\xa0", " ").strip("\f\x07 \t")))


def find_accession_numbers(lines: Iterable[str]) -> list[str]:
    """List the accession numbers of a file.

    Parameters
    ----------
    lines : iterable of str
        Its lines.

    Returns
    -------
    list of str
        The numbers, whole, in the order of the file.
    """
    found = (_ACCESSION.match(line.replace("\xa0", " ").strip("\f\x07 \t")) for line in lines)
    return [match[1] for match in found if match]


def is_words_line(line: str) -> bool:
    """Check whether a line is the number of words, such as `664 Wörter`.

    Parameters
    ----------
    line : str
        A line.

    Returns
    -------
    bool
        Whether it is.
    """
    return bool(_WORDS.match(line.replace("\xa0", " ").strip()))


def read_indexed(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Fields of an article with indexing.

    Parameters
    ----------
    pairs : sequence of tuple of str
        Code and value, in the order of the file.

    Returns
    -------
    dict of str to str
        Fields; the text is the lead paragraph (LP) and the rest (TD).
    """
    parts: dict[str, list[str]] = {}
    for code, value in pairs:
        parts.setdefault(code, []).append(value)
    by_code = {code: "\n\n".join(values) for code, values in parts.items()}
    values = {field: " ".join(by_code[code].split()) for code, field in _BY_CODE.items() if code in by_code}
    number = by_code.get("AN", "").replace("\xa0", " ").split()
    return values | {
        "published": " ".join(filter(None, (values.get("published", ""), by_code.get("ET", "")))),
        "text": "\n\n".join(filter(None, (by_code.get("LP", ""), by_code.get("TD", "")))),
        "words": read_count(values.get("words", "")),
        "document_id": number[-1] if number else "",
    }


def read_displayed(lines: Sequence[str], title: str, text: Sequence[str]) -> dict[str, str]:
    """Fields of an article without indexing, which have no labels: their places are counted from the line of words.

    Parameters
    ----------
    lines : sequence of str
        Lines of the article: headline, author, words, date, time, outlet, code, edition or page, language, copyright,
        text, accession number; several of them may be missing.
    title : str
        Headline where the file marks it; else the first line.
    text : sequence of str
        Paragraphs where the file marks them; else the lines behind the copyright.

    Returns
    -------
    dict of str to str
        Fields.
    """
    lines = [line.replace("\xa0", " ").strip() for line in lines]
    words = next((i for i, line in enumerate(lines[:-1]) if is_words_line(line) and begins_with_date(lines[i + 1])), -1)
    if words < 0:
        return {"title": title, "text": "\n\n".join(text)}
    head = [line for line in lines[:words] if line]
    if not title and head:
        title = head[0]
    at_title = head.index(title) if title in head else -1
    above, author = head[: max(at_title, 0)], head[at_title + 1 :]
    values = {
        "title": title,
        "section": "; ".join(above),
        "author": "; ".join(author),
        "words": read_count(lines[words]),
    }
    published, at = lines[words + 1], words + 2
    if at < len(lines) and _TIME.match(lines[at]):
        published, at = f"{published} {lines[at]}", at + 1
    values["published"] = published
    end = next((i for i in range(at, min(len(lines), at + 8)) if is_copyright(lines[i])), -1)
    language = next((i for i in range(at, min(len(lines), at + 8)) if lines[i].casefold() in _LANGUAGES), -1)
    last = max(end, language)
    values["outlet"] = lines[at] if at < len(lines) and at not in (end, language) else ""
    middle = [lines[i] for i in range(at + 1, last) if i not in (end, language)]
    for line in middle:
        page = _PAGE.match(line)
        if "source_code" not in values and not (page and page[1].isdigit()) and _CODE.match(line):
            values["source_code"] = line
        elif page and "page" not in values:
            values["page"] = page[1]
        else:
            values["edition"] = "; ".join(filter(None, (values.get("edition", ""), line)))
    if language >= 0:
        values["language"] = lines[language]
    if end >= 0:
        values["copyright"] = lines[end]
    numbers = [i for i, line in enumerate(lines) if is_accession(line)]
    values["document_id"] = find_accession_numbers(lines)[-1] if numbers else ""
    if not text and last >= 0:
        text = lines[last + 1 : numbers[-1] if numbers else len(lines)]
    return values | {"text": "\n\n".join(filter(None, text))}
