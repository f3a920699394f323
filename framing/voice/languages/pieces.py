"""Stretches of speech in a paragraph: quotations without reporting clauses within, and speech behind a dash."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from framing.voice.block import Block
from framing.voice.languages.rules import LanguageRules

__all__ = ["Piece", "find_pieces", "is_clause"]

_DASHES = "–—-"
_OPENS_SPEECH = re.compile(r"(?:^|(?<=[.!?…:])\s+)(?:[–—]\s+|—)(?=[¡¿“„«]?[^\W\d_])")
_CLAUSE = re.compile(rf"(?P<stop>[,.!?…»”])\s*[{_DASHES}]\s*(?=[^\W\d_])|(?<=[\w!?…])\s+—(?=[^\W\d_])")
_CLAUSE_END = re.compile(
    rf"[.,!?:;…]\s*[{_DASHES}]\s*(?=[^\W\d_…])|—[.,:;]?(?=\s|$)|[.!?…]+(?=\s|$)"  # —dijo Ana—. Vamos
)
_COMMA = re.compile(r"[,?!…]\s+(?=[^\W\d_])")
_COMMA_END = re.compile(r"[,.;:!?](?=\s|$)")
_INVERTED = re.compile(
    r"(?:-t)?-(?:il|elle|ils|elles|on)\b|\s+(?:[A-ZÀ-Ž]|(?:les?|la|une?|des|ce|cet|cette|M\.|Mme|il|elle)\s|l[’'])"
)
_REFLEXIVE = re.compile(r"(?:s[’']|se\s)")
_FIRST_WORD = re.compile(r"[a-zà-ž]+(?![\w’'])")
_PERFECT_PRONOUN = re.compile(r"[- ](?:il|elle|ils|elles|on)\b")
_ADVERB_AND_SUBJECT = re.compile(
    r"(?:\s+(?:[a-zà-ž]+|à son tour|pour sa part|de son côté|d[’']emblée)){1,3}?"
    r"\s+(?:[A-ZÀ-Ž]|(?:les?|la|une?|ce|cet|cette|M\.|Mme)\s|l[’'])[^,]{0,80},"
)
_MANY = re.compile(r"[^,;.]*?\s(?:les|des)\s[^,;.]{0,80}")
_FIRST_WORDS = 40  # characters within which a reporting clause has its verb
_LONGEST_CLAUSE = 200  # characters
_WORD = re.compile(r"\w+")
_TWO_WORDS = re.compile(r"([^\W\d_]+)\s+([^\W\d_][\w’'-]*)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of speech: `text[start:end]`, without marks.

    Attributes
    ----------
    start, end : int
        Offsets in the block of what is said.
    outer_start, outer_end : int
        The same with marks, dashes and white space.
    marked : bool
        Whether it stands in quotation marks.
    joined : bool
        Whether it carries on the piece before, which a reporting clause interrupts.
    continued, continues : bool
        Whether it goes on from the paragraph before, or in the next.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    marked: bool = True
    joined: bool = False
    continued: bool = False
    continues: bool = False


def find_pieces(block: Block, rules: LanguageRules) -> list[Piece]:
    """Stretches that may be speech in a block.

    Parameters
    ----------
    block : Block
        A block of text, with its quotations.
    rules : LanguageRules
        Rules of its language.

    Returns
    -------
    list of Piece
        In order and apart; names and scare quotes are among them.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> block = Block("— Пора, — сказал Иван. — Идём.")
    >>> [block.text[piece.start : piece.end] for piece in find_pieces(block, read_rules("ru"))]
    ['Пора', 'Идём.']
    """
    text = block.text
    pieces: list[Piece] = []
    for quote in block.quotes:
        closes = quote.closed and text[quote.end - 1 : quote.end] not in ".,!?…"
        starts = not quote.continued or text[quote.start : quote.start + 1] in "“„«»\"‘'‚‹"
        whole = _trim(text, quote.start + starts, quote.end - closes, quote.start, quote.end)
        whole = replace(whole, continued=quote.continued, continues=quote.continues)
        pieces += _split(text, whole, rules)
    if rules.file.dialogue:
        pieces += _find_dashed(text, pieces, rules)
        pieces.sort(key=lambda piece: piece.start)
    return pieces


def _trim(text: str, start: int, end: int, outer_start: int, outer_end: int) -> Piece:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Piece(start, end, outer_start, outer_end)


def _split(text: str, whole: Piece, rules: LanguageRules) -> Iterator[Piece]:
    """A quotation cut at the reporting clauses within its marks."""
    within = rules.file.clause_within
    place, outer, joined = whole.start, whole.outer_start, False
    while within:
        clause = _find_clause(text, place, whole.end, rules, commas="comma" in within)
        if clause is None:
            break
        low, high = clause
        part = _trim(text, place, low, outer, low)
        yield replace(part, joined=joined, continued=whole.continued and not joined)
        place = outer = high
        joined = True
    if _WORD.search(text, place, whole.end):
        part = _trim(text, place, whole.end, outer, whole.outer_end)
        yield replace(part, joined=joined, continued=whole.continued and not joined, continues=whole.continues)


def _find_clause(text: str, start: int, end: int, rules: LanguageRules, *, commas: bool) -> tuple[int, int] | None:
    """Start and end of the first reporting clause within a quotation, the signs around it included."""
    for match in _CLAUSE.finditer(text, start, end):
        if match.start() <= start or not is_clause(text, match.end(), end, rules):
            continue
        close = _CLAUSE_END.search(text, match.end(), min(end, match.end() + _LONGEST_CLAUSE))
        keeps = (match.group("stop") or ",") in ".!?…"
        return match.start() + keeps, close.end() if close else end
    if commas:
        for match in _COMMA.finditer(text, start, end):
            last = _find_comma_clause(text, match.end(), end, rules)
            if last:
                keeps = text[match.start()] in "?!…"
                return match.start() + keeps, last
    return None


def _find_comma_clause(text: str, start: int, end: int, rules: LanguageRules) -> int:
    """Where a reporting clause between commas ends, as in French print: , rappelle volontiers le ministre, ; else 0."""
    reflexive = _REFLEXIVE.match(text, start, end)
    begin = reflexive.end() if reflexive is not None else start
    verb = rules.verb.match(text, start, end) or rules.verb.match(text, begin, end)
    guess = _FIRST_WORD.match(text, begin, end)
    place = verb.end() if verb is not None else guess.end() if guess is not None else end
    small = {word for key in ("stops", "prepositions", "definite", "indefinite") for word in rules.words[key]}
    if verb is None and (
        guess is None or guess.group() in small or not guess.group().endswith(rules.words_of("verb_endings"))
    ):
        return 0
    inverted = (verb is not None and _PERFECT_PRONOUN.search(verb.group())) or _INVERTED.match(text, place, end)
    if verb is not None and not inverted:
        inverted = _ADVERB_AND_SUBJECT.match(text, place, end)
    if not inverted:
        return 0
    many = _MANY.match(text, place, end)  # observe les animaux is what somebody does
    if many is not None and not any(map(rules.find_role, _WORD.findall(many.group()))):
        return 0
    close = _COMMA_END.search(text, place, min(end, start + _LONGEST_CLAUSE))
    if close is not None and text[close.start() - 2 : close.start()] == " M":
        close = _COMMA_END.search(text, close.end(), min(end, start + _LONGEST_CLAUSE))
    return close.end() if close is not None else end


def is_clause(text: str, start: int, end: int, rules: LanguageRules) -> bool:
    """Whether a reporting clause stands behind a dash: it begins in lower case and soon has its verb.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    bool
        True for such a clause.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> is_clause("— сказал он.", 2, 12, read_rules("ru")), is_clause("— так и было.", 2, 13, read_rules("ru"))
    (True, False)
    """
    if not text[start : start + 1].islower():
        return False
    close = _CLAUSE_END.search(text, start, min(end, start + _LONGEST_CLAUSE))
    limit = min(end, start + _FIRST_WORDS, close.start() if close else end)
    if rules.verb.search(text, start, max(start, limit)) is not None:
        return True
    first = _TWO_WORDS.match(text, start, end)
    if first is None or not first.group(1).endswith(rules.words_of("verb_endings")):
        return False
    subject = first.group(2)
    small = rules.words["he"] | rules.words["she"]
    if not rules.file.cases:
        small |= rules.words["definite"] | rules.words["indefinite"]
    is_subject = subject.lower().split("’")[0] in small - rules.words["oblique_articles"]
    return is_subject or subject[:1].isupper() or bool(rules.find_role(subject))


def _find_dashed(text: str, marked: list[Piece], rules: LanguageRules) -> Iterator[Piece]:
    """Speech behind a dash at the start of a paragraph or sentence; with a reporting clause, unless it fills a line."""
    place, first = 0, marked[0].outer_start if marked else len(text)
    commas = "comma" in rules.file.clause_within
    for match in _OPENS_SPEECH.finditer(text):
        if match.start() < place or (match.start() and commas):  # ROME, Monday. – The port is closed, says Ana
            continue
        start, joined = match.end(), False
        if start >= first:
            return
        while True:
            clause = _find_clause(text, start, len(text), rules, commas=commas)
            if clause is None:
                break
            low, high = clause
            outer = start if joined else match.start()
            yield replace(_trim(text, start, low, outer, low), marked=False, joined=joined)
            start, joined, place = high, True, high
            if high >= len(text) or not (commas or _resumes(text, high)):
                break
        if joined and clause is None:
            yield replace(_trim(text, start, len(text), start, len(text)), marked=False, joined=True)
            return
        if not joined:  # nor does a reporting clause follow any later dash
            if match.start() == 0 and _fills_line(text, start):
                yield replace(_trim(text, start, len(text), 0, len(text)), marked=False)
            return


def _resumes(text: str, place: int) -> bool:
    return text[:place].rstrip(" .,:;")[-1:] in _DASHES


def _fills_line(text: str, start: int) -> bool:
    return text[start : start + 1].isupper() and text.rstrip()[-1:] in ".!?…"
