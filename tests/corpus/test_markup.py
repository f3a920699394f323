"""Markup in texts: what is HTML is read, and nothing else is touched."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.cleaning import clean_text
from framing.corpus.documents import read_corpus
from framing.corpus.markup import read_markup
from tests.corpus.conftest import CorpusMaker


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT&amp;T", "AT&T"),
        ("&#8220;No&#8221;, &#x2019;s", "“No”, ’s"),
        ("&ldquo;No&rdquo;&nbsp;&ndash; caf&eacute;", "“No” – café"),
        ("&#147;No&#148;", "“No”"),
        ("Caf&amp;eacute; &amp;#8220;x&amp;#8221;", "Café “x”"),
        ("<p>One &lt; two.</p>\n<p>Three.<br/>Four.</p>", "One < two.\n\nThree.\nFour."),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two &amp;amp; more.&lt;/p&gt;", "One.\n\nTwo & more."),
        (
            'He said <a href="https://a.example/?x=1&copy=2" target=_blank>that</a> <B>loudly</B>.',
            "He said that loudly.",
        ),
        ("<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
        ("A<script type='text/javascript'>if (a < b) {}</script>B<!-- no -->C", "ABC"),
        ("<![CDATA[One <i>two</i>]]>", "One two"),
        ('On <time datetime="2025-07-04">Friday</time>.', "On Friday."),
        ('<img src="a.jpg" alt="x" />Text', "Text"),
        ("<br/><p>One.&lt;/p&gt;", "One."),
    ],
)
def test_markup_is_read(text: str, expected: str) -> None:
    assert clean_text(read_markup(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "a <b and c> d",
        "R&D, Q&A; S&P; &foo; & alone",
        "https://a.example/?a=1&copy=2&reg=3&lt=4",
        "said <unnamed source>, <source>, <name>, <title> and <time>",
        "I <3 you",
        "<ppp> <brand> <imge>x</imgx>",
        "x<y, y>z",
        "mail <mayor@harbour.example> now",
        "&#; &#xZZ; &;",
    ],
)
def test_what_is_no_markup_stays(text: str) -> None:
    assert read_markup(text) == text


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))))
def test_what_was_encoded_as_a_whole_comes_back(text: str) -> None:
    if read_markup(text) == text:  # texts that hold markup themselves cannot be told from it
        assert read_markup(html.escape(text)) == text


@given(st.text(alphabet="ab &;#<>/=\"'p\n", max_size=60))
def test_texts_without_a_reference_or_a_tag_keep_all_their_letters(text: str) -> None:
    assert read_markup(text).count("a") == text.count("a") or "<a" in text or "</a" in text


def test_tables_are_read_so_and_it_is_said(make_corpus: CorpusMaker) -> None:
    content = (
        "text,outlet,title\n<p>Tom &amp; Co said &#8220;no&#8221;.</p>,AT&amp;T News,A &amp; B\nPlain & simple,B,C\n"
    )
    corpus = read_corpus(
        make_corpus({"a.csv": content}, columns="columns: {text: text, outlet: outlet, title: title}\n")
    )
    assert corpus.documents[["text", "outlet", "title"]].to_numpy().tolist() == [
        ["Tom & Co said “no”.", "AT&T News", "A & B"],
        ["Plain & simple", "B", "C"],
    ]
    assert [note.text for note in corpus.notes] == ["markup of HTML in 1 row(s) is read as text"]


def test_texts_of_plain_files_stay(make_corpus: CorpusMaker) -> None:
    columns = "columns: {outlet: {constant: A}}\n"
    corpus = read_corpus(make_corpus({"a.txt": "Write &amp; for it."}, form="txt", columns=columns))
    assert corpus.documents["text"].tolist() == ["Write &amp; for it."]
