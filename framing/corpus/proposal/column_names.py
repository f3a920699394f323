"""What a column is called tells what it holds, in the languages of the outlets."""

from __future__ import annotations

import unicodedata
from typing import Final

from framing.corpus.language import DETECTED
from framing.corpus.stated_languages import read_language

__all__ = ["NAMES", "is_translation_name", "rate_name"]

_CODE = 3  # letters of a code of a language at most
_NO_CODES = ("id", "no")  # in names of columns: identifier and number, no Indonesian and Norwegian
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
    "language": (
        "language", "lang", "language code", "lang code", "article language", "document language", "text language",
        "source language", "sprache", "sprachcode", "langue", "idioma", "lengua", "lingua", "língua", "taal", "språk",
        "sprog", "język", "jazyk", "nyelv", "dil", "язык", "язык текста", "мова", "език", "језик", "语言", "語言",
        "语种", "語種", "言語", "언어", "اللغة", "لغة", "زبان",
    ),
    "translation": (
        "translation", "translated text", "text translated", "translated", "translated body", "translated content",
        "machine translation", "übersetzung", "übersetzter text", "traduction", "texte traduit", "traducción",
        "texto traducido", "traduzione", "testo tradotto", "tradução", "vertaling", "översättning", "oversættelse",
        "tłumaczenie", "překlad", "fordítás", "çeviri", "перевод", "переклад", "превод", "译文", "譯文", "翻译", "翻譯",
        "翻訳", "訳文", "번역", "번역문", "الترجمة", "ترجمة", "ترجمه",
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


def is_translation_name(name: str) -> bool:
    """Tell whether a name is that of a column of translations: one of `NAMES`, or of texts in a named language.

    Parameters
    ----------
    name : str
        Name in the file.

    Returns
    -------
    bool
        True also for a name of texts with a code or name of a language before or behind it.

    Examples
    --------
    >>> [is_translation_name(name) for name in ("Übersetzung", "body_en", "English text", "body", "text_id")]
    [True, True, True, False, False]
    """
    words = _split_words(name)
    rest = [word for word in words if not _is_language(word)]
    names = (*_plain_names("translation"), *(_plain_names("text") if len(rest) < len(words) else ()))
    return len(name) <= _LONGEST and "".join(rest or words) in names


def _is_language(word: str) -> bool:
    """Whether a word of a name is the code of a language that is detected, or the name of one."""
    return (word in DETECTED and word not in _NO_CODES) or (len(word) > _CODE and bool(read_language(word)))


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
