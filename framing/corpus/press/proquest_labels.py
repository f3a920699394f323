"""Labels of the fields of an article of ProQuest, in the languages of its pages."""

from __future__ import annotations

import re
from typing import NamedTuple

from framing.corpus.press.labels import plain_label

__all__ = ["Label", "read_label"]

# first the English labels, behind the semicolon those of other languages
_LABELS = {
    "author": "Author; Auteur, Autor, Autore, Автор, 作者",
    "publication_info": "Publication info; Informations sur la publication, Informations de publication, "
    "Publikationsinfo, Publikationsinformationen, Información de publicación, Информация о публикации, 出版物信息",
    "abstract": "Abstract, Abstract (summary); Résumé, Résumé (synopsis), Zusammenfassung, Resumen, Аннотация, "
    "Реферат, 摘要",
    "links": "Links; Liens, Enlaces, Vínculos, Ссылки, 链接",
    "text": "Full text; Texte intégral, Volltext, Texto completo, Testo completo, Полный текст, 全文文献, 全文",
    "subject": "Subject; Sujet, Thema, Schlagwort, Materia, Тема, 主题",
    "business_term": "Business indexing term",
    "location": "Location; Lieu, Ort, Lugar, Местоположение, 地点",
    "people": "People; Personnes, Personen, Personas, Люди, 人名",
    "company": "Company / organization; Société / organisation, Entreprise/organisation, Unternehmen/Organisation, "
    "Empresa/organización, Компания / организация, 公司/组织",
    "classification": "Classification; Klassifizierung, Clasificación, Классификация, 分类",
    "keyword": "Identifier / keyword; Identifiant / mot-clé, Identifikator / Schlüsselwort, "
    "Identificador / palabra clave, Идентификатор / ключевое слово, 标识符/关键字",
    "title": "Title; Titre, Titel, Título, Titolo, Название, Заглавие, 标题",
    "alternate_title": "Alternate title; Autre titre, Alternativer Titel, Título alternativo, 替代标题",
    "publication_title": "Publication title; Titre de la publication, Titre de publication, Titel der Publikation, "
    "Publikationstitel, Título de publicación, Título de la publicación, Titolo della pubblicazione, "
    "Название публикации, Название издания, 出版物名称",
    "published": "Publication date; Date de publication, Publikationsdatum, Erscheinungsdatum, Fecha de publicación, "
    "Data di pubblicazione, Дата публикации, 出版日期",
    "publication_year": "Publication year, Year; Année de publication, Erscheinungsjahr, Publikationsjahr, "
    "Año de publicación, Год публикации, 出版年份",
    "volume": "Volume; Band, Jahrgang, Volumen, Том, 卷",
    "issue": "Issue; Numéro, Ausgabe, Heft, Número, Выпуск, 期",
    "page": "Pages, First page; Première page, Seiten, Erste Seite, Páginas, Primera página, Страницы, "
    "Первая страница, 页, 首页",
    "page_count": "Page count, Number of pages; Nombre de pages, Seitenanzahl, Número de páginas, "
    "Количество страниц, 页数",
    "section": "Section; Rubrique, Rubrik, Abschnitt, Sección, Раздел, 版面",
    "column": "Column",
    "publisher": "Publisher; Éditeur, Herausgeber, Verlag, Editorial, Издатель, 出版商",
    "place": "Place of publication; Lieu de publication, Erscheinungsort, Lugar de publicación, Место публикации, "
    "出版地点",
    "country": "Country of publication; Pays de publication, Erscheinungsland, País de publicación, "
    "Страна публикации, 出版物国家/地区",
    "publication_subject": "Publication subject; Sujet de la publication, Publikationsthema, "
    "Materia de la publicación, Тема публикации, 出版物主题",
    "issn": "ISSN",
    "e_issn": "e-ISSN, ISSN électronique",
    "source_type": "Source type; Type de source, Quellentyp, Tipo de fuente, Тип источника, 来源类型",
    "language": "Language of publication; Langue de publication, Sprache der Publikation, Publikationssprache, "
    "Idioma de la publicación, Язык публикации, 出版物语言",
    "document_type": "Document type; Type de document, Dokumententyp, Dokumenttyp, Tipo de documento, Тип документа, "
    "文档类型",
    "document_feature": "Document feature",
    "publication_history": "Publication history",
    "online_date": "Online publication date",
    "publication_note": "Publication note",
    "doi": "DOI",
    "accession_number": "Accession number; Numéro d'accès, Zugangsnummer, Número de acceso, Номер доступа, 登记号",
    "document_id": "ProQuest document ID; ID du document ProQuest, Identifiant de document ProQuest, "
    "ID de document ProQuest, ProQuest-Dokument-ID, ProQuest Dokument-ID, ID del documento de ProQuest, "
    "ID de documento de ProQuest, Идентификатор документа ProQuest, ИД документа ProQuest, ProQuest 文档 ID",
    "url": "Document URL; URL du document, Dokument-URL, URL del documento, URL documento, URL-адрес документа, "
    "文档 URL",
    "copyright": "Copyright; Авторское право, 版权",
    "last_updated": "Last updated; Dernière mise à jour, Zuletzt aktualisiert, Última actualización, "
    "Последнее обновление, 上次更新时间",
    "database": "Database; Base de données, Datenbank, Base de datos, База данных, 数据库",
    "credit": "Credit; Crédit, Crédito",
    "dateline": "Dateline",
    "words": "Word count; Nombre de mots, Anzahl der Wörter, Wortanzahl, Número de palabras, Количество слов, 字数",
}
_LABEL = re.compile(r"([^\W\d_a-zà-ÿа-я][^\n:：]{0,60}?)[ \t\xa0]?(?::(?:[ \t\xa0](.*)|$)|：(.*))")
_FIELDS = {
    plain_label(label.strip()): (field, number == 0)
    for field, groups in _LABELS.items()
    for number, group in enumerate(groups.split(";"))
    for label in group.split(",")
}


class Label(NamedTuple):
    """A line with a label.

    Attributes
    ----------
    field : str
        Field that the label names.
    value : str
        What stands behind it on its line.
    english : bool
        Whether the label is an English one.
    """

    field: str
    value: str
    english: bool


def read_label(line: str) -> Label | None:
    """Split a line of ProQuest into the field that its label names, and the value.

    Parameters
    ----------
    line : str
        A line.

    Returns
    -------
    Label or None
        None for a line without a known label.

    Examples
    --------
    >>> read_label("Publication date: Jul 1, 2025").field, read_label("Note: late")
    ('published', None)
    """
    found = _LABEL.match(line)
    known = _FIELDS.get(plain_label(found[1].strip())) if found else None
    return Label(known[0], (found[2] or found[3] or ""), known[1]) if found and known else None
