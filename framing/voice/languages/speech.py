"""Which quotations of a block are speech, and which are names, titles or scare quotes."""

from __future__ import annotations

import re

from framing.voice.block import Block
from framing.voice.languages.clauses import first_sentence, last_sentence
from framing.voice.languages.pieces import Piece, is_clause
from framing.voice.languages.rules import LanguageRules
from framing.voice.languages.turns_of_phrase import label_behind, labels

__all__ = ["ENDS", "is_fragment", "is_speech", "leave_out"]

ENDS = ".!?…。！？"
_SHORT = 3  # words of a name or scare quote
_FRAGMENT = 4  # words from which a part of a sentence counts as quoted
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_INVERTED = re.compile(r"\s*[,–—]\s*(?:s[’']|se\s)?[^\W\d_]+(?:-t)?-(?:il|elle|ils|elles)\b")  # s’extasie-t-elle
_FOLLOWS = re.compile(r"[\s\u00a0]*(?:,|[–—-])")


def leave_out(block: Block, pieces: list[Piece], rules: LanguageRules) -> tuple[list[Piece], str]:
    """The pieces that are speech, and the block with a space for every character of them.

    Parameters
    ----------
    block : Block
        The paragraph.
    pieces : list of Piece
        Its quotations, in order.
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    tuple of list of Piece and str
        The pieces, and the block.
    """
    speech = [piece for number, piece in enumerate(pieces) if is_speech(block, pieces, number, rules)]
    parts, place = [], 0
    for piece in speech:
        parts += [block.text[place : piece.outer_start], " " * (piece.outer_end - piece.outer_start)]
        place = piece.outer_end
    return speech, "".join([*parts, block.text[place:]])


def is_speech(block: Block, pieces: list[Piece], number: int, rules: LanguageRules) -> bool:
    """Whether a quotation is speech and no name, title or scare quote.

    Parameters
    ----------
    block : Block
        The paragraph.
    pieces : list of Piece
        Its quotations, in order.
    number : int
        Place of the quotation among the pieces.
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    bool
        True for speech.

    Examples
    --------
    >>> from framing.voice.languages.pieces import find_pieces
    >>> from framing.voice.languages.rules import read_rules
    >>> block = Block("Die „Morgenpost“ schrieb: „Wir warten.“")
    >>> pieces = find_pieces(block, read_rules("de"))
    >>> [is_speech(block, pieces, number, read_rules("de")) for number in range(2)]
    [False, True]
    """
    text, piece = block.text, pieces[number]
    if not piece.marked or piece.joined or piece.continued or piece.continues:
        return True
    said = text[piece.start : piece.end]
    n_words = len(_WORD.findall(said)) if rules.file.spaced else len(said) // 2
    if not n_words:
        return False
    before = text[: piece.outer_start].rstrip()[-1:]
    behind = _FOLLOWS.match(text, piece.outer_end)
    close = first_sentence(text, piece.outer_end, len(text))
    clause = text[piece.outer_end : close]
    has_verb = behind is not None and (
        rules.verb.search(clause[:60]) is not None
        or _INVERTED.match(clause) is not None
        or is_clause(text, _skip(text, behind.end()), len(text), rules)
    )
    if not rules.file.spaced:
        return _is_unspaced_speech(text, pieces, number, rules)
    if before == ":":
        return n_words >= 2 or said[-1:] in ENDS or text[piece.outer_end :].strip(" ”“»")[:1] in (".", "")
    starts = before in ("", *ENDS, "–", "—", "“", "”", "»")
    if said[-1:] in ENDS + "," and (starts or has_verb) and said[:1].isupper():
        return True
    if has_verb and (n_words >= _SHORT or starts or said[:1].isupper()):
        return True
    if starts and n_words > _SHORT and said[:1].isupper():
        return behind is not None or text[piece.outer_end :].strip(" ”“»")[:1] in (".", "")
    if before == "," and number and _WORD.search(text[pieces[number - 1].outer_end : piece.outer_start]):
        between = text[pieces[number - 1].outer_end : piece.outer_start]
        if (
            n_words >= _SHORT
            and between.lstrip()[:1] in ",–—"
            and first_sentence(between, 0, len(between)) == len(between)
        ):
            return True  # „Vielleicht“, meint Anna Kranz, „ist es so.“
    low = last_sentence(text, pieces[number - 1].outer_end if number else 0, piece.outer_start)
    if number and rules.words["bodies"]:
        between = text[pieces[number - 1].outer_end : piece.outer_start].strip(" \u00a0–—")
        if between in rules.words["conjunctions"] and is_speech(block, pieces, number - 1, rules):
            return True  # reconnaît « des retards » et « des erreurs »
    if labels(rules).search(text, low, piece.outer_start) is not None:
        return True
    if rules.file.capital_nouns and starts | said[:1].isupper() and label_behind(rules).match(text, piece.outer_end):
        return True  # „Eine Schande“ nennt Anna Kranz das
    patterns = (rules.verb, rules.source, rules.source_behind)
    is_said = any(pattern.search(text, low, piece.outer_start) is not None for pattern in patterns)
    return n_words > _FRAGMENT or (n_words >= _SHORT and is_said)


def is_fragment(block: Block, piece: Piece, rules: LanguageRules) -> bool:
    """Whether a quotation is a part of the sentence around it, as in: he saw “a step into the open war”.

    Parameters
    ----------
    block : Block
        The paragraph.
    piece : Piece
        The quotation.
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    bool
        True for such a part.

    Examples
    --------
    >>> from framing.voice.languages.pieces import find_pieces
    >>> from framing.voice.languages.rules import read_rules
    >>> block = Block("Er sah „einen Schritt in den offenen Krieg“.")
    >>> is_fragment(block, find_pieces(block, read_rules("de"))[0], read_rules("de"))
    True
    """
    said = block.text[piece.start : piece.end]
    if not rules.file.spaced or piece.joined or piece.continued or piece.continues or not piece.marked:
        return False
    before = block.text[: piece.outer_start].rstrip()[-1:]
    return said[:1].islower() and said[-1:] not in ENDS and before not in (":", "", *ENDS)


def _skip(text: str, place: int) -> int:
    """The next offset that is no white space or dash."""
    while place < len(text) and (text[place].isspace() or text[place] in "–—-"):
        place += 1
    return place


def _is_unspaced_speech(text: str, pieces: list[Piece], number: int, rules: LanguageRules) -> bool:
    """Whether a Chinese quotation is speech: behind a colon, a comma or a verb, or with a stop within."""
    piece = pieces[number]
    said = text[piece.start : piece.end]
    before = text[: piece.outer_start].rstrip()[-1:]
    if before == "：" or said[-1:] in "。！？，…":
        return len(said) > 2
    low = last_sentence(text, pieces[number - 1].outer_end if number else 0, piece.outer_start)
    has_verb = rules.verb.search(text, low, piece.outer_start) is not None
    if has_verb and len(said) >= 6 and (before == "，" or any(sign in said for sign in "，。！？")):
        return True
    behind = text[piece.outer_end : piece.outer_end + 12]
    return before in ("", *ENDS) and len(said) >= 6 and rules.verb.search(behind) is not None
