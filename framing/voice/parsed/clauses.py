"""What is said, where the parser does not hang it on the verb: before the verb, or behind it."""

from __future__ import annotations

from typing import Any

from framing.voice.parsed.noun_phrases import SUBJECTS, span_of
from framing.voice.words import VERBS, word_set

__all__ = ["before", "says_after", "unparsed"]

_NO_START = word_set("no_clause")


def unparsed(token: Any) -> tuple[int, int] | None:
    """What follows the verb to the end of its sentence, where it is a sentence that the parser hung elsewhere."""
    after = [t for t in token.doc[token.i + 1 : token.sent.end] if not t.is_space]
    if len(after) < 4 or after[0].tag_[:2] not in ("DT", "PR", "NN", "JJ", "CD", "EX") or after[0].lower_ in _NO_START:
        return None
    if any(child.dep_ in ("dobj", "ccomp", "xcomp", "attr", "dative") for child in token.children):
        return None
    clause = any(t.dep_ in SUBJECTS and t.head.i > t.i and t.head.i > token.i for t in after[:8])
    finite = any(t.tag_ in ("MD", "VBD", "VBZ", "VBP") for t in after[1:])
    return span_of(after) if clause and finite else None


def says_after(token: Any) -> bool:
    """Whether the verb closes its sentence after a comma: "Forty ships are waiting, the harbour master said"."""
    sentence = token.sent
    addressed = ("dobj",) if VERBS.get(token.lower_) in ("tell", "inform", "assure", "remind", "warn") else ()
    if any(child.dep_ in {"dobj", "ccomp", "xcomp", "attr", "acomp"} - set(addressed) for child in token.rights):
        return False
    left = min(token.i, *(child.left_edge.i for child in token.children if child.dep_ == "nsubj"), token.i)
    if left - sentence.start < 4:
        return False
    before = token.doc[left - 1]
    return before.text in (",", "–", "—", "-")


def before(token: Any, subject: Any) -> tuple[int, int] | None:
    """What stands in the sentence before a verb of speech and its subject."""
    left = min([token.i, *([subject.left_edge.i] if subject is not None and subject.i < token.i else [])])
    start, end = token.sent.start, left
    return span_of([t for t in token.doc[start:end] if not t.is_space]) if end > start else None
