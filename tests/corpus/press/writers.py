"""Writers of export files in the languages of the databases' pages. All outlets, persons and texts are constructed.

Each article has a headline `Ferry i` and a text with the words `mark i`, so that tests can tell what belongs together.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.corpus.press.exports import Part

NBSP = "\xa0"


@dataclass(frozen=True)
class Words:
    """What a page in one language writes."""

    day: str
    weekday_day: str
    n_words: str
    section: str
    length: str
    byline: str
    load_date: str
    language: str
    head: str  # of an article of LexisNexis
    documents: str  # on the cover of Nexis Uni
    body: str
    end: str
    document: str  # before an accession number
    name: str  # of the language
    text: str
    proquest: tuple[str, ...]  # author, full text, publication title, publication date, document id


WORDS = {
    "en": Words(
        *("March 4, 2022", "March 4, 2022 Friday 1:05 PM GMT", "355 words", "Section", "Length", "Byline"),
        *("Load-Date", "Language", "{i} of {n} DOCUMENTS", "Documents ({n})", "Body", "End of Document", "Document"),
        *("English", "The ferry sailed at noon."),
        ("Author", "Full text", "Publication title", "Publication date", "ProQuest document ID"),
    ),
    "fr": Words(
        *("4 mars 2022", "vendredi 4 mars 2022", "1 355 mots", "Rubrique", "Longueur", "Auteur"),
        *("Date-Chargement", "Langue", "Document {i} de {n}", "Documents ({n})", "Corps", "Fin du document"),
        *("Document", "Français", "Le bac est parti à midi."),
        ("Auteur", "Texte intégral", "Titre de la publication", "Date de publication", "ID du document ProQuest"),
    ),
    "de": Words(
        *("4. März 2022", "Freitag 4. März 2022 1:05 PM GMT", "355 Wörter", "Rubrik", "Länge", "Autor"),
        *("Update", "Sprache", "Dokument {i} von {n}", "Dokumente ({n})", "Hauptteil", "Ende des Dokuments"),
        *("Dokument", "Deutsch", "Die Fähre fuhr mittags ab."),
        ("Autor", "Volltext", "Titel der Publikation", "Publikationsdatum", "ProQuest-Dokument-ID"),
    ),
    "es": Words(
        *("4 de marzo de 2022", "viernes 4 de marzo de 2022", "355 palabras", "Sección", "Longitud", "Autor"),
        *("Fecha-Carga", "Idioma", "Documento {i} de {n}", "Documentos ({n})", "Cuerpo", "Fin del documento"),
        *("Documento", "Español", "El barco salió al mediodía."),
        (
            "Autor",
            "Texto completo",
            "Título de publicación",
            "Fecha de publicación",
            "ID del documento de ProQuest",
        ),
    ),
    "ru": Words(
        *("4 марта 2022", "4 марта 2022 г. пятница", "355 слов", "Раздел", "Длина", "Автор"),
        *("Дата загрузки", "Язык", "Документ {i} из {n}", "Документы ({n})", "Основной текст", "Конец документа"),
        *("Документ", "Русский", "Паром ушёл в полдень."),
        ("Автор", "Полный текст", "Название публикации", "Дата публикации", "Идентификатор документа ProQuest"),
    ),
    "zh": Words(
        *("2022 年 3 月 4 日", "2022年3月4日 星期五", "355 字", "版面", "长度", "作者"),
        *("载入日期", "语言", "{i} of {n} DOCUMENTS", "文件 ({n})", "正文", "文档结尾"),
        *("文件", "简体中文", "渡轮中午开了。"),
        ("作者", "全文文献", "出版物名称", "出版日期", "ProQuest 文档 ID"),
    ),
}


def accession(i: int) -> str:
    return f"HARBRP0020220304ei34{i:05}"


def nexis_parts(language: str, n: int) -> list[Part]:
    """Paragraphs of an export of Nexis Uni."""
    words = WORDS[language]
    parts: list[Part] = ["Job Number: 1", words.documents.format(n=n)]
    for i in range(1, n + 1):
        parts += [f"{i}. Ferry {i}", "Client/Matter: -None-", "Narrowed by: "]
    for i in range(1, n + 1):
        parts += [
            *((f"Bookmark_{i}", ""), f"Ferry {i}", "The Harbour Post", words.weekday_day),
            "\nCopyright 2022 The Harbour Post. All Rights Reserved",
            f"{words.section}:{NBSP}NEWS; Pg. 3",
            f"{words.length}:{NBSP}{words.n_words}",
            f"{words.byline}:{NBSP}Ada Constructed",
            (f"Body_{i}" if i > 1 else "Body", words.body),
            *("", f"{words.text} mark {i}", "", "She sails on.", ""),
            f"{words.load_date}:{NBSP}{words.day}",
            *(words.end, ""),
        ]
    return parts


def nexis_lines(language: str, n: int) -> list[str]:
    """Lines of an export of LexisNexis as text."""
    words = WORDS[language]
    lines = [f"Download Request: Selected Items: 1-{n}", ""]
    for i in range(1, n + 1):
        lines += [
            *("", f"          {words.head.format(i=i, n=n)}", "", "          The Harbour Post", ""),
            *(f"          {words.weekday_day}", "", f"Ferry {i}", ""),
            *(f"{words.byline.upper()}: Ada Constructed", "", f"{words.section.upper()}: NEWS; Pg. 3", ""),
            *(f"{words.length.upper()}: {words.n_words}", "", f"{words.text} mark {i}", "", "She sails on.", ""),
            *(f"{words.load_date.upper()}: {words.day}", "", f"{words.language.upper()}: {words.name}", ""),
            "          Copyright 2022 The Harbour Post",
        ]
    return lines


def nexis_html(language: str, n: int) -> list[str]:
    """Lines of an export of LexisNexis as HTML."""
    words = WORDS[language]

    def block(*texts: str) -> str:
        inner = "".join(f'<P CLASS="c6"><SPAN CLASS="c2">{escape(text)}</SPAN></P>\n' for text in texts)
        return f'<BR><DIV CLASS="c5">{inner}</DIV>'

    lines = [
        '<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset=UTF-8">'
        f'<META TOPIC="null" DOCUMENTS="{n}" UPDATED="Friday"></HEAD><BODY>'
    ]
    for i in range(1, n + 1):
        lines += [
            *(f'<A NAME="DOC_ID_0_{i}"></A><!-- Hide XML section from browser', f"<DOC NUMBER={i}>", "<DOCFULL> -->"),
            *map(block, (words.head.format(i=i, n=n), "The Harbour Post", words.weekday_day, f"Ferry {i}")),
            block(f"{words.byline.upper()}: Ada Constructed"),
            block(f"{words.section.upper()}: NEWS; Pg. 3"),
            block(f"{words.length.upper()}: {words.n_words}"),
            block(f"{words.text} mark {i}", "She sails on."),
            block(f"{words.load_date.upper()}: {words.day}"),
            block(f"{words.language.upper()}: {words.name}"),
            *("<!-- Hide XML section from browser", "</DOCFULL>", "</DOC> -->", '<DIV CLASS="c10"/>'),
        ]
    return [*lines, "</BODY></HTML>"]


def indexed_fields(language: str, i: int) -> list[tuple[str, str]]:
    words = WORDS[language]
    return [
        *(("SE", "News"), ("HD", f"Ferry {i}"), ("BY", "Ada Constructed"), ("WC", words.n_words), ("PD", words.day)),
        *(("SN", "The Harbour Post"), ("SC", "HARBRP"), ("PG", "3"), ("LA", words.name), ("CY", "(c) 2022")),
        *(("LP", f"{words.text} mark {i}"), ("TD", "She sails on."), ("CO", "ferry : Ferries plc")),
        ("AN", f"{words.document} {accession(i)}"),
    ]


def displayed_lines(language: str, i: int) -> list[str]:
    words = WORDS[language]
    return [
        *("Ada Constructed", words.n_words, words.day, "15:32", "The Harbour Post", "HARBRP", "3", words.name),
        *("(c) 2022 The Harbour Post.", f"{words.text} mark {i}", "She sails on.", f"{words.document} {accession(i)}"),
    ]


def factiva_html(language: str, n: int, *, indexed: bool) -> list[str]:
    """Lines of a page of Factiva."""
    lines = ['<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/></head><body><form>']
    for i in range(1, n + 1):
        lines.append(f'<div class="article {language}Article">')
        if indexed:
            lines.append("<table>")
            for code, value in indexed_fields(language, i):
                inner = f'<p class="articleParagraph">{value}</p>' if code in ("LP", "TD") else value
                lines.append(f"<tr><td><b>{code}</b>&nbsp;</td><td>{inner}</td></tr>")
            lines.append("</table>")
        else:
            *head, text, more, number = displayed_lines(language, i)
            lines.append(f'<div id="hd"><span class="{language}Headline">Ferry {i}</span></div>')
            lines += [f"<div>{line}</div>" for line in head]
            lines += [f'<p class="articleParagraph">{line}</p>' for line in (text, more)]
            lines.append(f"<p>{number}</p>")
        lines.append("</div>")
    return [*lines, "</form></body></html>"]


def factiva_paragraphs(language: str, n: int, *, indexed: bool) -> list[str]:
    """Paragraphs of an RTF file of Factiva; a new page is a form feed."""
    lines = [*(f"Ferry {i}........{i + 1}" for i in range(1, n + 1)), "\f"]
    for i in range(1, n + 1):
        if indexed:
            for code, value in indexed_fields(language, i):
                lines += [code, value]
        else:
            lines += [f"Ferry {i}", *displayed_lines(language, i)]
        lines.append("\f")
    return [*lines, "Search Summary", "Text: ferry"]


def factiva_xml(language: str, n: int) -> list[str]:
    """Lines of an export of Factiva as XML."""
    words = WORDS[language]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<PPSResponse><ppsArticleResponse xmlns="http://x.example/pps">',
        f'<ppsarticleResultSet count="{n}">',
    ]
    for i in range(1, n + 1):
        lines += [
            *("<ppsarticle><article>", f"<accessionNo>{accession(i)}</accessionNo>"),
            f"<baseLanguage>{language.upper()}</baseLanguage>",
            f"<headline><paragraph><hlt>Ferry</hlt> {i}</paragraph></headline>",
            f"<leadParagraph><paragraph>{words.text} mark {i}</paragraph></leadParagraph>",
            "<publicationDate><date>2022-03-04T00:00:00</date></publicationDate>",
            "<sourceName>The Harbour Post</sourceName>",
            "<tailParagraphs><paragraph>She sails on.</paragraph></tailParagraphs>",
            *("<wordCount>355</wordCount>", "</article></ppsarticle>"),
        ]
    return [*lines, "</ppsarticleResultSet>", "</ppsArticleResponse></PPSResponse>"]


def proquest_lines(language: str, n: int) -> list[str]:
    """Lines of an export of ProQuest."""
    words = WORDS[language]
    author, full_text, publication, published, number = words.proquest
    rule = "_" * 60
    lines = [rule, "", "Report Information from ProQuest", "", rule, "", "Table of contents", ""]
    lines += [line for i in range(1, n + 1) for line in (f"{i}. Ferry {i}", "")]
    for i in range(1, n + 1):
        lines += [
            *(rule, "", f"Ferry {i}", "", f"{author}: Constructed, Ada", "", f"{full_text}: {words.text} mark {i}", ""),
            *("She sails on.", "", f"{publication}: The Harbour Post; Northport", "", f"{published}: {words.day}", ""),
            *(f"{number}: 9000000{i:02}", "", f"Document URL: https://www.example.org/docview/{i}", ""),
        ]
    return [*lines, rule, "", "Contact us at: http://example.org/contact"]


def europresse_lines(language: str, n: int, *, old: bool) -> list[str]:
    """Lines of a page of Europresse, whose interface is French or English."""
    day = {"fr": "vendredi 4 mars 2022", "en": "Friday, March 4, 2022"}[language]
    label = {"fr": "Numéro de document :", "en": "Document number :"}[language]
    lines = ['<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>']
    for i in range(1, n + 1):
        number = f"{label} news·20220304·HP·{i}"
        name = '<span class="DocPublicationName">Le Port, no. 5968</span>'
        header = f'<span class="DocHeader">Politique, {day}, p. 3</span>'
        text = f"{WORDS[language].text} mark {i}"
        if old:
            lines += [
                *("<table><tr><td>", f"{name}<br>", f"{header}<br><br>"),
                *(f'<span class="TitreArticleVisu">Ferry {i}</span><br><br>', "Ada Constructed<br><p></p>"),
                *(f"{text}<p></p>", "She sails on.<p></p>", "<b><i>© 2022 Le Port.</i></b><p></p>", f"{number}<br>"),
                "</td></tr></table>",
            ]
        else:
            lines += [
                *("<article><header>", f"<div>{name}</div>", f"<div>{header}</div>"),
                f'<div class="titreArticle"><div class="titreArticleVisu">Ferry {i}</div></div></header>',
                "<section><div class='docOcurrContainer'>",
                *(f"<p>{text}</p>", "<p>She sails on.</p>", "</div></section>"),
                f"<footer><small>© 2022 Le Port.</small><p>{number}</p></footer></article>",
            ]
    return [*lines, "</body></html>"]
