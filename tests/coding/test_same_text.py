"""A text that AutoCorrect or an encoding changed is still the text; a text that somebody rewrote is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.coding.same_text import describe_difference, fold_text, is_same_text

SENT = "“We do not agree,” said one of them – it’s half past two… Kyjiw, ½ mile.\nNext line."


@pytest.mark.parametrize(
    "came",
    [
        SENT,
        SENT.replace("“", '"').replace("”", '"').replace("’", "'"),
        SENT.replace("–", "-").replace("…", "..."),
        SENT.replace("–", "—").replace("–", "--"),
        SENT.replace(" ", "\xa0").replace("\n", "\r\n\r\n"),
        SENT.replace("½", "1/2"),
        SENT.replace("“", "« ").replace("”", " »"),
        SENT.replace("“", "``").replace("”", "''"),
        SENT.replace("Next", "next"),
        f"{SENT}\u200b\ufeff ",
        "".join(sign if sign.isascii() else "?" for sign in SENT),
        "".join(sign if sign.isascii() else "\ufffd" for sign in SENT),
    ],
)
def test_what_programs_change_does_not_count(came):
    assert is_same_text(SENT, came)


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (SENT.replace("agree", "argue"), "from character 12 on "),
        (SENT.replace("not ", ""), "from character 8 on"),
        (SENT[:20], "and 's' came back"),
        (f"{SENT} More.", "'line.' was drawn and 'line. More.' came back"),
        ("", "and nothing more came back"),
        (SENT.replace("half", "h?lf"), "'h?lf past"),  # a lost letter was none of ASCII
    ],
)
def test_where_a_text_was_rewritten_is_said(came, expected):
    assert not is_same_text(SENT, came)
    assert expected in describe_difference(SENT, came)


@given(st.text(max_size=40))
def test_a_text_is_the_same_as_itself_and_as_its_folded_form(text):
    assert is_same_text(text, text)
    assert is_same_text(text, fold_text(text))


@given(st.text("ab ?–", max_size=12), st.text("ab ?–", max_size=12))
def test_a_difference_of_letters_counts(sent, came):
    letters = [[sign for sign in text if sign in "ab"] for text in (sent, came)]
    if letters[0] != letters[1]:
        assert not is_same_text(sent, came)
