"""Marks of source and target: taken away, replaced by letters, or put between tokens; other text stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.classify.roles import has_roles, mark_roles, mask_roles, strip_roles

MARKED = "<s>Oslo</s> gave <t>Malawi</t> grain, and <t>Malawi</t> thanked <s>Oslo's envoy</s>."


def test_each_mark_is_replaced_wherever_it_stands():
    assert strip_roles(MARKED) == "Oslo gave Malawi grain, and Malawi thanked Oslo's envoy."
    assert mask_roles(MARKED) == "A gave B grain, and B thanked A."
    assert mark_roles(MARKED) == "@ Oslo @ gave # Malawi # grain, and # Malawi # thanked @ Oslo's envoy @."


def test_a_role_may_span_lines_and_hold_the_other():
    assert mask_roles("<s>The\nministry</s> spoke.") == "A spoke."
    nested = "<s>the army of <t>Mali</t></s> fired"
    assert strip_roles(nested) == "the army of Mali fired"
    assert mask_roles(nested) == "A fired"


@pytest.mark.parametrize("text", ["<s>Oslo gave grain.", "Oslo</s> gave grain.", "<s>Oslo</t> gave.", "<S>Oslo</S>"])
def test_half_a_mark_is_text(text):
    assert not has_roles([text])
    assert strip_roles(text) == mask_roles(text) == mark_roles(text) == text


def test_backslashes_in_a_role_are_no_references():
    assert strip_roles(r"<s>\1 and \g<0></s> met") == r"\1 and \g<0> met"
    assert mark_roles(r"<t>C:\new</t>") == r"# C:\new #"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [([], False), (["plain"], False), (["plain", "<t>Mali</t>"], True), (iter(["<s></s>"]), True)],
)
def test_one_marked_text_is_enough(texts, expected):
    assert has_roles(texts) is expected


@given(st.lists(st.tuples(st.sampled_from("st"), st.text("ab \n", max_size=5)), max_size=6))
def test_without_roles_gives_the_words_that_were_marked(parts):
    marked = " ".join(f"<{role}>{words}</{role}>" for role, words in parts)
    assert strip_roles(marked) == " ".join(words for _, words in parts)
    assert mask_roles(marked) == " ".join({"s": "A", "t": "B"}[role] for role, _ in parts)
    assert not has_roles([strip_roles(marked)])
