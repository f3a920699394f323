"""What a column is called tells what it holds, in the languages of the outlets."""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["NAMES", "rate_name"]

_LONGEST = 80  # characters; longer names are none

# by our column: the names that files give it, the likeliest first; letter case, accents and marks do not count.
# A summary is taken as the text where there is no longer one.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "text": (
        "full text", "article text", "article body", "body text", "main text", "plain text", "clean text", "text",
        "body", "content", "article", "story", "maintext", "articlebody", "transcript", "news", "message", "post",
        "tweet", "volltext", "artikeltext", "haupttext", "inhalt", "artikel", "nachricht", "beitrag",
        "texte intégral", "texte", "contenu", "corps", "texto completo", "texto", "contenido", "cuerpo",
        "cuerpo del texto", "testo", "contenuto", "corpo", "conteúdo", "tekst", "inhoud", "treść", "innehåll",
        "tekstas", "szöveg", "metin", "текст", "полный текст", "содержание", "содержимое", "статья", "зміст", "вміст",
        "повний текст", "正文", "全文", "内容", "文本", "本文", "記事本文", "기사", "본문", "내용", "النص", "المحتوى",
        "متن",
    ),
    "summary": (
        "summary", "abstract", "description", "desc", "lead", "lede", "teaser", "excerpt", "snippet", "standfirst",
        "zusammenfassung", "vorspann", "anriss", "résumé", "chapeau", "resumen", "entradilla", "sommario", "resumo",
        "samenvatting", "streszczenie", "аннотация", "описание", "опис", "анонс", "摘要", "要約", "요약", "ملخص",
    ),
    "title": (
        "title", "headline", "heading", "header", "hed", "head", "article title", "subject", "titel", "überschrift",
        "schlagzeile", "titelzeile", "titre", "titulo", "titular", "titolo", "título", "manchete", "kop", "rubrik",
        "tytuł", "nagłówek", "başlık", "cím", "заголовок", "название", "назва", "наслов", "标题", "標題", "题目",
        "タイトル", "見出し", "제목", "العنوان", "عنوان",
    ),
    "outlet": (
        "outlet", "media outlet", "news outlet", "source name", "source", "newspaper", "publication", "publisher",
        "journal", "news source", "medium", "media", "media name", "paper", "magazine", "site", "website", "domain",
        "channel", "agency", "source title", "provider", "brand", "site name", "source domain", "zeitung", "quelle",
        "blatt", "publikation", "zeitschrift", "verlag", "sender", "medientitel", "média", "source presse",
        "quotidien", "fuente", "medio", "periódico", "diario", "testata", "giornale", "fonte", "jornal", "veículo",
        "krant", "bron", "tidning", "gazeta", "źródło", "zdroj", "kaynak", "gazete", "lap", "forrás", "издание",
        "источник", "сми", "газета", "журнал", "канал", "видання", "джерело", "змі", "медіа", "来源", "來源", "媒体",
        "媒體", "报纸", "報紙", "出典", "新聞社", "신문", "언론사", "출처", "المصدر", "الصحيفة",
    ),
    "published": (
        "published at", "published", "publication date", "published date", "date published", "publish date",
        "pub date", "pubdate", "release date", "date", "datetime", "date time", "timestamp", "day", "created at",
        "created utc", "created", "time", "ts", "issue date", "dateline", "posted at", "posted", "seendate",
        "veröffentlicht",
        "veröffentlicht am", "veröffentlichungsdatum", "erscheinungsdatum", "erschienen", "erschienen am", "datum",
        "tag", "date de publication", "date de parution", "publié le", "fecha", "fecha de publicación",
        "data di pubblicazione", "data de publicação", "data", "publicatiedatum", "publicerad", "data publikacji",
        "tarih", "dátum", "дата", "дата публикации", "дата публікації", "опубликовано", "опубліковано", "время",
        "日期", "发布日期", "发布时间", "發佈時間", "时间", "日付", "掲載日", "날짜", "일자", "التاريخ", "تاریخ",
    ),
    "url": (
        "url", "link", "permalink", "article url", "web url", "href", "uri", "weblink", "webadresse", "adresse",
        "lien", "enlace", "collegamento", "ligação", "adres", "ссылка", "посилання", "链接", "網址", "网址", "リンク",
        "링크", "الرابط",
    ),
    "document_id": (
        "document id", "doc id", "docid", "article id", "id", "uid", "uuid", "guid", "story id", "accession number",
        "accession no", "identifier", "artikel id", "dokument id", "kennung", "identifiant", "identificador", "編號",
        "编号",
    ),
}  # fmt: skip


def rate_name(name: str, column: str) -> float:
    """Rate how well the name of a column of a file fits one of ours.

    Parameters
    ----------
    name : str
        Name in the file; of a key within keys the names are joined by dots.
    column : str
        One of `NAMES`.

    Returns
    -------
    float
        From 1, the likeliest name, down to 0: no name of it.

    Examples
    --------
    >>> rate_name("Veröffentlichungs-Datum", "published") > rate_name("Datum_Abruf", "published") > 0
    True
    >>> rate_name("section", "outlet")
    0.0
    """
    if len(name) > _LONGEST:
        return 0.0
    words = _split_words(name)
    whole = "".join(words)
    known = _plain_names(column)
    if whole in known:
        return 1 - 0.4 * known[whole] / len(known)
    return 0.3 if any(word in known for word in words) else 0.0


def _plain_names(column: str) -> dict[str, int]:
    """Names of a column without case, accents and marks, and their places in the list."""
    if column not in _PLAIN:
        plain = ["".join(_split_words(name)) for name in NAMES[column]]
        _PLAIN[column] = {name: place for place, name in enumerate(dict.fromkeys(plain))}
    return _PLAIN[column]


_PLAIN: dict[str, dict[str, int]] = {}


def _split_words(name: str) -> list[str]:
    """Words of a name, in small letters without accents: `PublishedAt`, `published_at` and `Published at` are alike."""
    spaced = "".join(
        f" {letter}" if letter.isupper() and number and name[number - 1].islower() else letter
        for number, letter in enumerate(name)
    )
    folded = unicodedata.normalize("NFKD", spaced.casefold().replace("ı", "i"))
    kept = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in kept).split()
