"""Labels of the fields of an article in the languages of the databases' pages, and the values behind them."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

__all__ = ["Label", "is_copyright", "plain_label", "read_count", "read_label", "split_page"]

# what Nexis writes before a value: first the English label, then those of other languages, which mix into one file
_NEXIS = {
    "title": "headline, title, titel, titre, titular, título, titolo, kop, заголовок, 标题, 標題",
    "author": "byline, author, autor, auteur, autore, verfasser, von, автор, 作者",
    "section": "section, rubrik, rubrique, sección, seção, sezione, rubriek, sectie, раздел, рубрика, 版面, 栏目",
    "words": "length, länge, laenge, longueur, longitud, extensión, lengte, lunghezza, tamanho, extensão, comprimento, "
    "длина, объем, 长度, 長度, 篇幅",
    "dateline": "dateline, datumszeile, origine, datelijn, localización, место",
    "highlight": "highlight, encart, hervorhebung, resaltado, samenvatting, evidenza, destaque",
    "edition": "edition, ausgabe, édition, edición, editie, edizione, edição, выпуск, 版本",
    "series": "series, serie, série",
    "distribution": "distribution, verbreitung, distribución, verspreiding",
    "language": "language, sprache, langue, idioma, taal, lingua, язык, 语言, 語言",
    "load_date": "load-date, date-chargement, date de chargement, ladedatum, ladezeit, update, fecha-carga, "
    "fecha de carga, laaddatum, laad-datum, data-caricamento, data de carregamento, дата загрузки, 载入日期, 加载日期",
    "publication_type": "publication-type, publication type, publikationstyp, type-publication, tipo-publicación, "
    "zeitungstyp, publicatie-type",
    "journal_code": "journal-code, journal code, zeitungs-code, code-journal, code-revue, código-revista",
    "graphic": "graphic, graphics, graphik, grafik, graphique, gráfico, afbeelding, графика",
    "subject": "subject, sujet, schlagwort, tema, onderwerp, soggetto, тема, 主题",
    "organization": "organization, organisation, organización, organisatie, организация",
    "company": "company, société, firma, unternehmen, empresa, bedrijf, компания",
    "ticker": "ticker, stock-symbol, symbole-boursier, börsenticker",
    "industry": "industry, activity-sector, secteur-activité, branche, industria, отрасль",
    "person": "person, personne, persona, persoon, персона",
    "geographic": "geographic, localisation-geo, geographie, geografía, geographisch, city, state, country, география",
    "correction": "correction, korrektur, rectificatif",
    "correction_date": "correction-date",
    "issn": "issn",
    "notes": "notes, note, anmerkung",
    "document_type": "document-type, document type",
    "url": "url",
}
_LABEL = re.compile(r"\s*([^\W\d_][^\W\d_]*(?:[- ][^\W\d_]+){0,2})\s?[:：](?:\s|$|(?<=：))")
_COUNT = re.compile(r"\d{1,3}(?:[.,'’\s]\d{3})+(?!\d)|\d+")
_PAGE = re.compile(
    r"(?:^|[;,]\s*)(?:pages?|pgs?|blz|bladzijde|pag(?:ina)?|pág(?:ina)?|seiten?|pp?|s|стр|с)\.?\s*"
    r"(?P<page>[A-Z]{0,4}\d+[A-Z]?(?:\s?[-,/]\s?\d+)*)(?=\s*(?:[;,]|$))",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"\(?(?:copyright|copr\.|©|\(c\))(?:\W|$)", re.IGNORECASE)


class Label(NamedTuple):
    """A line with a label.

    Attributes
    ----------
    field : str
        Field that the label names.
    value : str
        What stands behind it.
    english : bool
        Whether the label is, or may be, an English one.
    """

    field: str
    value: str
    english: bool


def plain_label(text: str) -> str:
    """Label in small letters without accents, as capital letters often lack them.

    Parameters
    ----------
    text : str
        A label.

    Returns
    -------
    str
        Its plain form.

    Examples
    --------
    >>> plain_label("SECCIÓN"), plain_label("LÄNGE")
    ('seccion', 'lange')
    """
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


_FIELDS = {
    plain_label(label.strip()): (field, number == 0)
    for field, labels in _NEXIS.items()
    for number, label in enumerate(labels.split(","))
}


def read_label(line: str, *, upper: bool = False) -> Label | None:
    """Split a line of Nexis into the field that its label names, and the value.

    Parameters
    ----------
    line : str
        A line.
    upper : bool, default False
        Whether labels are in capital letters, so that a sentence with a colon is none.

    Returns
    -------
    Label or None
        None for a line without a known label.

    Examples
    --------
    >>> read_label("LONGUEUR: 143 mots", upper=True)
    Label(field='words', value='143 mots', english=False)
    >>> read_label("Section:\\xa0POLITICS")
    Label(field='section', value='POLITICS', english=True)
    """
    found = _LABEL.match(line)
    if not found or (upper and found[1] != found[1].upper()):
        return None
    known = _FIELDS.get(plain_label(found[1]))
    return Label(known[0], line[found.end() :].strip(), known[1]) if known else None


def read_count(text: str) -> str:
    """Number at the beginning of a text, without the marks between thousands.

    Parameters
    ----------
    text : str
        Such as `2,968 words`.

    Returns
    -------
    str
        Its digits; empty where it names none.

    Examples
    --------
    >>> read_count("2,968 words"), read_count("664 Wörter"), read_count("")
    ('2968', '664', '')
    """
    found = _COUNT.search(text)
    return re.sub(r"\D", "", found[0]) if found else ""


def split_page(section: str) -> tuple[str, str]:
    """Take the page out of a section.

    Parameters
    ----------
    section : str
        Such as `BUITENLAND; Blz.6`.

    Returns
    -------
    section, page : str
        The rest and the page; a part that is missing is empty.

    Examples
    --------
    >>> split_page("BUITENLAND; Blz.6"), split_page("Section B; Page 22, Column 2"), split_page("Pg. B22")
    (('BUITENLAND', '6'), ('Section B, Column 2', '22'), ('', 'B22'))
    """
    found = _PAGE.search(section)
    if not found:
        return section.strip(), ""
    return (section[: found.start()] + section[found.end() :]).strip(" ;,"), found["page"]


def is_copyright(line: str) -> bool:
    """Check whether a line is a notice of copyright.

    Parameters
    ----------
    line : str
        A line.

    Returns
    -------
    bool
        Whether it begins like one.

    Examples
    --------
    >>> is_copyright("© 2006 The Beacon"), is_copyright("The copyright law")
    (True, False)
    """
    return bool(_COPYRIGHT.match(line.strip()))
