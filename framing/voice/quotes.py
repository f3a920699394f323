"""Quotations in a text: where they begin and end, whatever marks are used, and which may be speech."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Quote", "find_quotes"]

_OPENING = {"“": "”", "„": "“”", "«": "»", "‘": "’"}
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_LONGEST = 4000  # characters: a mark without its partner does not swallow a document


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation, marks included: `text[start:end]`. `closed` is false where its end (or begin) mark is missing."""

    start: int
    end: int
    closed: bool
    n_words: int


def find_quotes(text: str) -> list[Quote]:
    """Quotations of `text`, in order and outermost only.

    Curly, straight, single and angular marks. A paragraph whose quotation stays open runs to its end where the next
    paragraph opens with a mark again, as is usual in print; otherwise the lone mark is left out, except at the very
    end of the text (a passage cut out of its document). Likewise a lone closing mark at the start.

    >>> [(q.start, q.end) for q in find_quotes("“Yes,” she said. It’s ‘fine’.")]
    [(0, 6), (22, 28)]
    """
    found: list[Quote] = []
    place = 0
    while place < len(text):
        mark = text[place]
        if (mark in _OPENING or mark in "\"'") and _opens(text, place):
            end, closed = _close(text, place)
            if end > place:
                found.append(Quote(place, end, closed, len(_WORD.findall(text[place:end]))))
                place = end
                continue
        elif not found and (mark == "”" or (mark == '"' and not _opens(text, place))) and place:
            # the passage begins within a quotation
            begin = text.rfind("\n", 0, place) + 1
            if text[place - 1] in ".,!?…—”’'":
                found.append(Quote(begin, place + 1, False, len(_WORD.findall(text[begin:place]))))
        place += 1
    return found


def _opens(text: str, place: int) -> bool:
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if text[place] == "‘":
        return not before.isalnum() and not after.isspace()
    if text[place] in "\"'":
        return not (before.isalnum() or before in ".,!?…%)") and not after.isspace() and after not in ",;.)"
    return True


def _close(text: str, start: int) -> tuple[int, bool]:
    """End (after the mark) of the quotation that opens at `start`, and whether it is closed; `start` if it is none."""
    mark = text[start]
    paragraph = text.find("\n", start)
    stop = min(len(text) if paragraph < 0 else paragraph, start + _LONGEST)
    if mark in ("‘", "'"):
        return _close_single(text, start, stop)
    closers = _OPENING.get(mark, mark)
    depth = 0
    for place in range(start + 1, stop):
        sign = text[place]
        if sign == mark and mark != '"' and mark not in closers:
            depth += 1
        elif sign in closers:
            if mark == '"' and _opens(text, place) and not _ends_word(text, place):
                continue
            if depth:
                depth -= 1
                continue
            return place + 1, True
    following = text[stop:].lstrip()[:1] if stop < len(text) else ""
    if following == mark or (following == "" and stop - start > 20):
        return stop, False
    return start, False


def _ends_word(text: str, place: int) -> bool:
    return not text[place - 1].isspace()


def _close_single(text: str, start: int, stop: int) -> tuple[int, bool]:
    """A closing mark is not followed by a letter; one after a plural s counts only if no better one comes later."""
    closer = "’" if text[start] == "‘" else "'"
    doubtful = start
    for place in range(start + 2, stop):
        if text[place] != closer or text[place - 1].isspace():
            continue
        if place + 1 < len(text) and (text[place + 1].isalnum()):
            continue
        if text[place - 1] == "s" and text[place + 1 : place + 2] == " ":
            doubtful = doubtful if doubtful > start else place
            continue
        return place + 1, True
    return (doubtful + 1, True) if doubtful > start else (start, False)
