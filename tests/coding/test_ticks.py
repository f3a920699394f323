"""Marks of coders in any alphabet; what could mean either is not guessed."""

from __future__ import annotations

import pytest

from framing.coding.ticks import is_ticked


@pytest.mark.parametrize(
    "mark",
    ["x", "X ", "х", "Х", "×", "✗", "✓", "✔", "✔️", "☑", "☑️", "✅", "1", "1.0", "1,0", "TRUE", "True",
     "WAHR", "ИСТИНА", "VRAI", "yes", "Y", "ja", "Oui", "да", "Так", "sí", "tak", "是", "\xa0x\u200b"],
)  # fmt: skip
def test_ticked(mark):
    assert is_ticked(mark) is True


@pytest.mark.parametrize(
    "mark", ["", " \xa0", "0", "0.0", "FALSE", "FALSCH", "no", "Nein", "нет", "ні", "non", "-", "–", "☐"]
)
def test_not_ticked(mark):
    assert is_ticked(mark) is False


@pytest.mark.parametrize("mark", ["maybe", "?", "x?", "2", "n/a", "❌", "conflict", "o", "*"])
def test_not_guessed(mark):
    assert is_ticked(mark) is None
