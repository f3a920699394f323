"""What is said or judged: the content clause of a reporting verb, and what stands behind a verb of judgement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from framing.voice.parsed.grammar import find_preceding_clause
from framing.voice.parsed.tokens import count_from, find_in_subtree, get_index, span_subtree, span_tokens
from framing.voice.words import ATTITUDE, JUDGING, PERSONS, SAYING, word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["evaluates", "find_clause"]

_DOING = word_set("doing")
_TO_DO = word_set("to_do")
_NEAR = 6  # words from a verb to "that"
_FINITE = ("MD", "VBD", "VBZ", "VBP")
_ASKING = ("ask", "wonder")
_QUESTION_WORDS = ("what", "whether", "why", "how", "who", "whom", "when", "where", "which")
_FAR = 10  # words from a verb to an indirect question
_SEEN = word_set("seen")  # "sees no reason to wait"
_LONG_OBJECT = 5  # words of what somebody remembers, from its noun on
_REFLEXIVE = ("self", "selves")


def find_clause(token: Token, lemma: str) -> tuple[int, int] | None:
    """Content clause that depends on a verb: "that the canal was open" behind "said".

    Parameters
    ----------
    token : Token
        The verb.
    lemma : str
        Its first form.

    Returns
    -------
    tuple of int or None
        Where the clause stands; None where there is none.
    """
    asks = lemma == "ask" and token.tag_ in ("VBD", "VBZ") and token.dep_ in ("ROOT", "conj", "ccomp")
    if lemma not in SAYING | ATTITUDE | JUDGING and not asks:
        return None
    if lemma == "work" and not any(child.lower_ == "out" for child in token.children):
        return None
    span = _find_marked_clause(token) if lemma in SAYING else None
    if span is not None:
        return span
    for child in token.children:
        if child.dep_ == "xcomp" and lemma in _DOING and child.tag_ == "VBG":
            return span_subtree(child)
        if child.i < token.i and child.dep_ == "ccomp" and ";" in get_index(token.doc).words[child.i : token.i]:
            continue  # "forty ships wait; pilots report that …"
        if lemma == "maintain" and any(each.dep_ == "dobj" for each in token.children):
            return None  # "maintained relations for fifty years"
        if child.dep_ == "ccomp" and _has_reflexive_subject(child):
            return None
        if child.dep_ == "ccomp" or (child.dep_ == "advcl" and any(c.lower_ == "that" for c in child.children)):
            if lemma in ATTITUDE and not child.tag_.startswith(("VB", "MD")):
                continue
            if lemma == "find" and child.tag_ == "JJ" and child.i > token.i:  # "found it thin"
                return span_subtree(child)
            if lemma == "find" and not any(c.dep_ == "mark" and c.lower_ == "that" for c in child.children):
                continue
            return _span_clauses(token, child)
        asked = lemma in ("ask", "tell", "beg") and any(c.dep_ in ("dobj", "dative") for c in token.children)
        if child.dep_ == "xcomp" and (lemma in _TO_DO or (asked and child.tag_ == "VB")):
            return span_subtree(child)
    return None if lemma == "accuse" else _find_misattached_clause(token, lemma)


def _find_marked_clause(token: Token) -> tuple[int, int] | None:
    """Clause with "that" close behind a verb, where the parser takes what precedes the verb for what is said.

    Also where it hung only the end of the clause on the verb: "noted with relief that neither side had spoken".
    """
    clauses = [child for child in token.children if child.dep_ == "ccomp"]
    if not clauses:
        return None
    for following in token.doc[token.i + 1 : min(token.i + _NEAR + 1, token.sent.end)]:
        if following.is_punct or following.tag_ in _FINITE:
            return None
        if following.lower_ == "that" and following.tag_ == "IN":
            own = next((child for child in clauses if child.left_edge.i <= following.i < child.i), None)
            if own is not None:
                return span_subtree(own, first=following.i) if any(child.i < token.i for child in clauses) else None
            last = max((child.right_edge.i for child in clauses if child.i > following.i), default=-1)
            return None if last < 0 else span_tokens(following, token.doc[last])
    return None


def _has_reflexive_subject(clause: Token) -> bool:
    return any(child.dep_ == "nsubj" and child.lower_.endswith(_REFLEXIVE) for child in clause.children)


def _span_clauses(token: Token, clause: Token) -> tuple[int, int]:
    """Span of a clause with the other content clauses on the same side of the verb."""
    alike = (c for c in token.children if c.dep_ == "ccomp" and (c.i > token.i) == (clause.i > token.i))
    spans = [span_subtree(each) for each in (clause, *alike)]
    return min(start for start, _ in spans), max(end for _, end in spans)


def _find_misattached_clause(token: Token, lemma: str) -> tuple[int, int] | None:
    """Content clause that the parser hung on a noun ("warned in an editorial that") or above the verb."""
    index = get_index(token.doc)
    if lemma in SAYING or lemma == "find":
        place = next(find_in_subtree(token, index.complementizers, first=token.i + 1), None)
        if place is not None:
            return span_subtree(token.doc[place].head, first=place)
    if lemma in _ASKING:
        place = next(_find_question(token), None)
        if place is not None:
            return span_tokens(token.doc[place], token.sent[-2] if token.sent[-1].is_punct else token.sent[-1])
    if lemma in SAYING and token.dep_ == "parataxis":
        return find_preceding_clause(token, None)
    for child in token.children:
        if child.dep_ == "dobj" and lemma in ("say", "believe", "note") and _has_verb(child):
            return span_subtree(child)
    return None


def _find_question(token: Token) -> Iterator[int]:
    """Positions close behind a verb at which an indirect question begins: "asked, with concern, what it meant"."""
    for following in token.doc[token.i + 1 : min(token.i + _FAR + 1, token.sent.end - 2)]:
        if following.lower_ in _QUESTION_WORDS:
            yield following.i
        if following.tag_ in _FINITE or following.text in ('"', ";", ":"):
            return


def _has_verb(token: Token) -> bool:
    """Whether a verb depends on a token, or is it."""
    return any(True for _ in find_in_subtree(token, get_index(token.doc).verbs))


def evaluates(token: Token, lemma: str) -> bool:
    """Whether a verb of judgement has what it judges behind it: "calls it a lie", "warned of a wider war".

    Parameters
    ----------
    token : Token
        The verb.
    lemma : str
        Its first form.

    Returns
    -------
    bool
        False for "viewed the harbour".
    """
    behind = list(token.rights)
    relations = {child.dep_ for child in behind}
    prepositions = {child.lower_ for child in behind if child.dep_ == "prep"}
    if lemma == "speak":
        second = token.nbor(min(2, len(token.doc) - token.i - 1))
        return "of" in prepositions and token.dep_ != "relcl" and second.text != '"'
    if lemma == "advise":
        return bool(relations & {"xcomp", "ccomp"})
    if lemma == "remember":
        return any(child.dep_ == "dobj" and count_from(child) >= _LONG_OBJECT for child in behind)
    if lemma == "describe" and token.tag_ not in ("VBG", "VBN") and "dobj" in relations:
        return True
    if lemma == "describe" and "xcomp" in relations:
        return True
    if any(inner.lower_.endswith(_REFLEXIVE) for child in behind for inner in (child, *child.children)):
        return False
    if lemma in ("consider", "view"):
        return bool(relations & {"ccomp", "oprd", "xcomp"}) or "as" in prepositions
    if lemma == "dismiss" and "as" in prepositions:
        return True
    if lemma == "dismiss" and any(child.dep_ == "dobj" and child.lower_ in PERSONS for child in behind):
        return False  # "dismissed workers by the thousand"
    if lemma == "see" and any(child.dep_ == "dobj" and child.lower_ in _SEEN for child in behind):
        return True
    if lemma == "call":
        if (
            "dobj" in relations
            and token.doc[max(child.right_edge.i for child in behind if child.dep_ == "dobj")].tag_ == "JJ"
        ):
            return True  # "called the strike unacceptable": the parser hangs the adjective on the noun
        return "oprd" in relations or ("for" in prepositions and "dobj" not in relations)
    if lemma in ("see", "interpret", "perceive", "describe", "characterise", "characterize", "portray", "regard"):
        return "as" in prepositions
    if lemma in ("warn", "caution", "protest", "insist", "complain", "object"):
        return bool(prepositions & {"of", "against", "to", "about", "on"})
    if lemma in ("vow", "pledge", "threaten"):
        return bool(relations & {"xcomp", "ccomp", "dobj"})
    return bool(relations & {"dobj", "xcomp", "ccomp", "dative", "oprd"})
