from __future__ import annotations

import pytest
from hypothesis import given

from framing.corpus.records import Refused
from tests.corpus.press.exports import Part, damaged, read, read_articles, read_sample, reasons

NUMBER = "news·20250701·HP·0a{i}_77"


def article(
    i: int, *, header: str = "Politique, mardi 1 juillet 2025, p. 16", text: str = "", authors: str = ""
) -> str:
    text = text or '<p>The <span class="occurrence">ferry</span> <b>sailed</b>.</p>\n<p>She sails on.</p>'
    return f"""<article><header><div><span class="DocPublicationName">Le Port, no. 596{i}</span></div>
<div><span class="DocHeader">{header}</span></div>
<div class="titreArticle"><p class="sm-margin-bottom">Subtitle</p>
<div class="titreArticleVisu">Ferry <mark>{i}</mark></div></div>
{authors or "<div>Ada Constructed</div>"}
</header><section><div class="DocText clearfix"><div class='docOcurrContainer'>{text}</div></div></section>
<aside><div><p>Illustration(s) :</p><p>A photo.</p></div></aside>
<footer><small>© 2025 Le Port. Tous droits réservés.</small> <p>Numéro de document : {NUMBER.format(i=i)}</p>
<div id="divPubliC"><span>{NUMBER.format(i=i)}</span> <span>2025-07-04</span></div></footer></article>"""


def page(*articles: str) -> str:
    body = "\n".join(articles)
    return f'<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"></head>\n<body>\n{body}\n</body>\n</html>'


def test_fields() -> None:
    [values] = read_articles(page(article(1)), "europresse")
    assert values == {
        "text": "The ferry sailed.\n\nShe sails on.",
        "title": "Ferry 1",
        "outlet": "Le Port",
        "published": "2025-07-01",
        "section": "Politique",
        "author": "Ada Constructed",
        "page": "16",
        "words": "",
        "language": "",
        "document_id": "news·20250701·HP·0a1_77",
        "url": "",
        "publication": "Le Port, no. 5961",
        "subtitle": "Subtitle",
        "copyright": "© 2025 Le Port. Tous droits réservés.",
    }


def test_author_of_the_class() -> None:
    [values] = read_articles(page(article(1, authors='<div class="docAuthors">Bea Invented</div>')), "europresse")
    assert values["author"] == "Bea Invented"


@pytest.mark.parametrize(
    ("header", "published", "section", "page_number"),
    [
        ("mardi 1 juillet 2025", "2025-07-01", "", ""),
        ("Tuesday, July 1, 2025, p. A3", "2025-07-01", "", "A3"),
        ("News, Tuesday, July 1, 2025", "2025-07-01", "News", ""),
        ("Tuesday 1 July 2025 News, p. 2", "2025-07-01", "", "2"),
        ("Éditorial, mardi 1er juillet 2025, 14:30", "2025-07-01T14:30:00", "Éditorial", ""),
        ("Art, culture, mardi 1 juillet 2025, p. MDE6", "2025-07-01", "Art, culture", "MDE6"),
    ],
)
def test_header_in_any_order(header: str, published: str, section: str, page_number: str) -> None:
    [values] = read_articles(page(article(1, header=header)), "europresse")
    assert (values["published"], values["section"], values["page"]) == (published, section, page_number)


def test_occurrence_in_its_other_spelling_and_split_sentences() -> None:
    text = '<p>The <span class="occurence">fer</span>ry <i>sail</i><font>ed</font>.</p>'
    [values] = read_articles(page(article(1, text=text)), "europresse")
    assert values["text"] == "The ferry sailed."


def test_article_without_a_text_is_refused() -> None:
    items = read(page(article(1, text="<p></p>"), article(2)), "europresse")
    assert [isinstance(item, Refused) for item in items] == [True, False]
    assert items[0].reason == "the article has no text"  # type: ignore[union-attr]


OLD = """<table><tr><td><table><tr><td><img src="a.gif"><br></td></tr></table>
<span class="DocPublicationName">Le Port, no. 5968</span><br>
<span class="DocHeader">Éditorial, </span><span class="DocHeader">mardi </span>
<span class="DocHeader">1 juillet 2025</span><span class="DocHeader">, p. 03</span><br><br>
<span class="TitreArticleVisu">Ferry <span style="color:red">{i}</span></span><br><br>
{author}
The ferry <font style="font-weight:bold;">sailed</font>.<p></p>She sails <span style="color:red">on</span>.<p></p>
<b><i>© 2025 Le Port. Tous droits réservés.</i></b><p></p>
Numéro de document : news·20250701·HP·{i}<br><br>
<table><tr><td>news·20250701·HP·{i}</td></tr>
<tr><td>Date d'émission : <b>2025-07-04</b></td></tr></table></td></tr></table>
<p><br><br>
"""


def old_page(*articles: str, charset: str = "ISO-8859-1") -> str:
    head = f'<html><head><META http-equiv="Content-Type" content="text/html; charset={charset}"></head><body>\n'
    return head + "".join(articles) + "</body></html>"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_old_form_in_the_declared_encoding_or_in_utf_8(encoding: str) -> None:
    content = old_page(OLD.format(i=1, author="Ada Constructed<br><p></p>"), OLD.format(i=2, author=""))
    first, second = read_articles(content.encode(encoding), "europresse")
    expected = {
        "text": "The ferry sailed.\n\nShe sails on.",
        "title": "Ferry 1",
        "outlet": "Le Port",
        "published": "2025-07-01",
        "section": "Éditorial",
        "author": "Ada Constructed",
        "page": "03",
        "document_id": "news·20250701·HP·1",
    }
    assert {field: first[field] for field in expected} == expected
    assert (second["title"], second["author"], second["text"]) == ("Ferry 2", "", expected["text"])


def test_old_form_with_many_articles() -> None:
    articles = read_articles(old_page(*(OLD.format(i=i, author="") for i in range(1, 401))), "europresse")
    assert [values["title"] for values in articles] == [f"Ferry {i}" for i in range(1, 401)]


@pytest.mark.parametrize(
    "content", [page(article(1), article(2)), old_page(*(OLD.format(i=i, author="") for i in (1, 2)))]
)
def test_page_that_was_cut_refuses_the_last_article(content: str) -> None:
    items = read(content[: content.rindex("She sails")], "europresse")
    assert [isinstance(item, Refused) for item in items] == [False, True]
    assert "no document number" in items[1].reason  # type: ignore[union-attr]


def test_two_pages_in_one_file() -> None:
    articles = read_articles(page(article(1)) + page(article(2)), "europresse")
    assert [values["title"] for values in articles] == ["Ferry 1", "Ferry 2"]


def test_article_in_a_comment_that_is_left_open_is_refused() -> None:
    assert len(reasons(page(article(1), "<!--", article(2)), "europresse")) == 1


def test_document_number_without_an_article_is_refused() -> None:
    lost = f"<p>Numéro de document : {NUMBER.format(i=9)}</p>"
    assert reasons(page(article(1), lost), "europresse") == [
        "the page names 2 articles, 1 were recognised; this is one of those missing"
    ]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04", "zip"),
        (b"nothing", "text"),
        (b"<html><body>nothing</body></html>", "no article"),
        (b"<html>" + b"<div>" * 5000, "nests"),
    ],
)
def test_hostile_or_foreign_file_ends_with_a_reason(content: bytes, word: str) -> None:
    [reason] = reasons(content, "europresse")
    assert word in reason


@given(damaged(page(*(article(i) for i in (1, 2, 3))).split("\n")))
def test_nothing_declared_is_lost_from_a_damaged_page(parts: list[Part]) -> None:
    text = "\n".join(map(str, parts))
    declared = text.count("Numéro de document :")
    assert len(read("<html>" + text, "europresse")) >= declared


@given(damaged(old_page(*(OLD.format(i=i, author="") for i in (1, 2, 3))).split("\n")))
def test_nothing_declared_is_lost_from_a_damaged_page_of_the_old_form(parts: list[Part]) -> None:
    text = "\n".join(map(str, parts))
    declared = text.count("Numéro de document :")
    assert len(read("<html>" + text, "europresse")) >= declared


@pytest.mark.parametrize(("name", "n_read"), [("europresse_test1.html", 3), ("europresse_test2.html", 4)])
def test_sample_files(real_data, name: str, n_read: int) -> None:
    rows, refused = read_sample(real_data, name, "europresse")
    assert (len(rows), len(refused)) == (n_read, 0)
    assert all(row.values["title"] and row.values["document_id"] for row in rows)


def page_of_today(i: int, header: str, *, name: str = "Le Port") -> str:
    """An article as the pages of recent years have it: other classes, and no label before the number."""
    return f"""<article><header>
<div class="rdp__DocPublicationName"><span class="DocPublicationName">{name}</span></div>
<div class="rdp__DocHeader"><span class="DocHeader">{header}</span></div>
<div class="titreArticle"><p class="sm-margin-bottomNews">Ada Constructed</p>
<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">Ferry {i}</p>
<p class="sm-margin-TopNews rdp__subtitle">Below</p></div></header>
<section><div class="DocText clearfix"><div class="docOcurrContainer">The ferry sailed.<p>She sails on.</p>
<ul><li>At noon.</li></ul></div></div></section>
<footer><div class="publiC-lblNodoc">news·20250701·HP·0a{i}</div></footer></article>"""


def test_page_of_recent_years() -> None:
    content = page(*(page_of_today(i, "mardi 1 juillet 2025 1 138 mots, p. 819(40)") for i in (1, 2)))
    first, second = read_articles(content, "europresse")
    expected = {
        "text": "The ferry sailed.\n\nShe sails on.\n\nAt noon.",
        "title": "Ferry 1",
        "subtitle": "Below",
        "author": "Ada Constructed",
        "published": "2025-07-01",
        "words": "1138",
        "page": "819(40)",
        "document_id": "news·20250701·HP·0a1",
    }
    assert {field: first[field] for field in expected} == expected
    assert second["document_id"] == "news·20250701·HP·0a2"


def test_numbers_without_a_label_are_counted() -> None:
    lost = '<div class="publiC-lblNodoc">news·20250701·HP·0a9</div>'
    assert len(reasons(page(page_of_today(1, "mardi 1 juillet 2025"), lost), "europresse")) == 1


def test_date_of_the_number_where_the_header_has_none() -> None:
    [values] = read_articles(page(page_of_today(1, "Politique, été 2025")), "europresse")
    assert (values["published"], values["section"]) == ("2025-07-01", "Politique, été 2025")


@pytest.mark.parametrize(
    ("header", "published", "words"),
    [
        ("Tuesday, July 1, 2025 13887 mots, p. 2", "2025-07-01", "13887"),
        ("Tuesday, July 1, 2025 1,138 words", "2025-07-01", "1138"),
        ("mardi 1 juillet 2025 - 15:39:00 -0500, p. 2", "2025-07-01T15:39:00", ""),
        ("mardi 03/04/2025", "2025-04-03", ""),
    ],
)
def test_words_and_times_of_the_header(header: str, published: str, words: str) -> None:
    [values] = read_articles(page(article(1, header=header)), "europresse")
    assert (values["published"], values["words"]) == (published, words)


def test_supplement_behind_the_name() -> None:
    name = "Le Port\n                Économie"
    [values] = read_articles(page(page_of_today(1, "mardi 1 juillet 2025", name=name)), "europresse")
    assert (values["outlet"], values["publication"]) == ("Le Port", "Le Port Économie")


def test_quotation_mark_that_is_missing_mixes_no_articles() -> None:
    content = page(article(1), article(2)).replace("class='docOcurrContainer'", "class='docOcurrContainer", 1)
    items = read(content, "europresse")
    assert len(items) == 2
    assert all(isinstance(item, Refused) for item in items)
    assert "quotation mark" in reasons(content, "europresse")[0]


def test_text_in_several_parts() -> None:
    parts = "</div><div class='docOcurrContainer'><div class='docOcurrContainer'><p>The end.</p></div>"
    [values] = read_articles(page(article(1, text=f"<p>The ferry sailed.</p>{parts}")), "europresse")
    assert values["text"] == "The ferry sailed.\n\nThe end."
