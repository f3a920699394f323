"""Marks that coders put into the box of a frame."""

from __future__ import annotations

from framing.codebook.cells import fold_label

__all__ = ["is_ticked"]

# as `fold_label` writes them; words of yes and no are those of languages, and those that spreadsheets write for TRUE
# fmt: off
_TICKS = frozenset((
    "x", "xx", "х", "хх", "χ", "×", "✕", "✖", "✗", "✘", "☒", "🗙", "🗷", "☓",
    "✓", "✔", "✅", "☑", "🗸", "🗹", "√", "v", "+", "➕",
    "1", "1.0", "1,0", "true", "yes", "y", "wahr", "ja", "j", "vrai", "oui", "vero", "verdadero", "verdadeiro", "si",
    "sí", "sì", "sim", "да", "истина", "так", "істина", "tak", "prawda", "ano", "pravda", "áno", "da", "igen",
    "igaz", "evet", "doğru", "ναι", "kyllä", "jah", "jā", "taip", "是", "はい", "예", "네", "نعم", "כן",
))
_EMPTY = frozenset((
    "", "0", "0.0", "0,0", "false", "no", "n", "falsch", "nein", "faux", "non", "falso", "não", "нет", "ложь", "ні",
    "хибність", "nie", "fałsz", "ne", "nepravda", "nu", "nem", "hamis", "hayır", "yanlış", "όχι", "ei", "否", "いいえ",
    "아니요", "لا", "לא", "-", "–", "—", "☐", "□", "⬜", "➖",
))
# fmt: on


def is_ticked(cell: str) -> bool | None:
    """Whether a box is ticked.

    Parameters
    ----------
    cell : str
        Content of the cell.

    Returns
    -------
    bool or None
        None where it cannot be told.

    Examples
    --------
    >>> is_ticked("✔\\ufe0f"), is_ticked(" Ja "), is_ticked(""), is_ticked("maybe")
    (True, True, False, None)
    """
    mark = fold_label(cell)
    if mark in _TICKS:
        return True
    return False if mark in _EMPTY else None
