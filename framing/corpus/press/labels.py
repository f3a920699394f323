"""Labels of the fields of an article in the languages of the databases' pages, and the values behind them."""

from __future__ import annotations

import re

__all__ = ["is_copyright", "read_count", "read_label", "split_page"]

# what Nexis writes before a value; the language of the page mixes into files in another one
_NEXIS = {
    "title": "headline, titel, titre, titular, título, titolo, kop",
    "author": "byline, author, autor, auteur, autore, verfasser, автор, 作者",
    "section": "section, rubrik, rubrique, sección, seccion, seção, sezione, rubriek, sectie, раздел",
    "words": "length, länge, laenge, longueur, longitud, extensión, lengte, lunghezza, длина, tamanho",
    "dateline": "dateline, datumszeile, origine, datelijn, localización",
    "highlight": "highlight, encart, hervorhebung, resaltado, samenvatting, evidenza",
    "edition": "edition, ausgabe, édition, edición, editie, edizione",
    "series": "series, serie, série",
    "distribution": "distribution, verbreitung, distribución, verspreiding",
    "language": "language, sprache, langue, idioma, taal, lingua, язык",
    "load_date": "load-date, date-chargement, ladedatum, update, fecha-carga, laaddatum, data-caricamento",
    "publication_type": "publication-type, publikationstyp, type-publication, tipo-publicación, zeitungstyp",
    "journal_code": "journal-code, journal code, zeitungs-code, code-journal, código-revista",
    "graphic": "graphic, graphik, grafik, graphique, gráfico, afbeelding, graphics",
    "subject": "subject, sujet, schlagwort, tema, onderwerp, soggetto",
    "organization": "organization, organisation, organización, organisatie",
    "company": "company, société, societe, firma, unternehmen, empresa, bedrijf",
    "ticker": "ticker, symbole-boursier, börsenticker",
    "industry": "industry, secteur-activite, secteur-activité, branche, industria",
    "person": "person, personne, persona, persoon",
    "geographic": "geographic, localisation-geo, geographie, geografía, geographisch, city, state, country",
    "correction": "correction, korrektur, rectificatif",
    "correction_date": "correction-date",
    "issn": "issn",
    "notes": "notes, note, anmerkung",
    "document_type": "document-type",
    "url": "url",
}
_FIELDS = {label.strip(): field for field, labels in _NEXIS.items() for label in labels.split(",")}
_LABEL = re.compile(r"\s*([^\W\d_][^\W\d_]*(?:[- ][^\W\d_]+){0,2})\s?:(?:\s|$)")
_COUNT = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+(?!\d)|\d+")
_PAGE = re.compile(
    r"(?:^|[;,]\s*)(?:pages?|pg|blz|pag(?:ina)?|pág(?:ina)?|seite|s|p|стр|стр)\.?\s*"
    r"(?P<page>[A-Z]{0,4}\d+[A-Z]?(?:\s?[-,/]\s?\d+)*)(?=\s*(?:[;,]|$))",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:copyright|copr\.|©|\(c\))(?:\W|$)", re.IGNORECASE)


def read_label(line: str, *, upper: bool = False) -> tuple[str, str] | None:
    """Split a line of Nexis into the field that its label names, and the value.

    Parameters
    ----------
    line : str
        A line.
    upper : bool, default False
        Whether labels are in capital letters, so that a sentence with a colon is none.

    Returns
    -------
    tuple of str or None
        Field and value; None for a line without a known label.

    Examples
    --------
    >>> read_label("LONGUEUR: 143 mots", upper=True), read_label("Section:\\xa0POLITICS")
    (('words', '143 mots'), ('section', 'POLITICS'))
    """
    found = _LABEL.match(line)
    if not found or (upper and not found[1].isupper()):
        return None
    field = _FIELDS.get(found[1].casefold())
    return (field, line[found.end() :].strip()) if field else None


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
