"""Persons, offices and groups in a parsed text: the name of each and how it is described."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from framing.voice.sides import FIRST_NAMES
from framing.voice.words import MEDIA, OFFICIALS, PEOPLE, TITLES, word_set

__all__ = ["SUBJECTS", "Mention", "is_head", "mention_of", "span_of"]

NOUNS = ("NN", "NNS", "NNP", "NNPS")
SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_HEADS = (*SUBJECTS, "pobj", "dobj", "appos", "attr", "ROOT", "conj", "poss")
_BEFORE = (
    "det", "amod", "compound", "poss", "nummod", "nmod", "predet", "quantmod", "case", "punct", "prep", "advmod",
    "nsubj", "appos", "acl",
)  # fmt: skip
_PLACES = ("GPE", "LOC", "FAC", "ORG", "NORP", "EVENT", "WORK_OF_ART", "PRODUCT")
_LONGEST_NAME = 14  # words of a speaker
_JOINING = word_set("joining")
_PARTICLES = word_set("particles")
_BODIES = OFFICIALS | MEDIA | PEOPLE | word_set("ends_of_names")
_OFFICES = word_set("offices")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, office or group in the text: offsets of the name, its description, whether it is a subject.

    `head` is the noun of the phrase in lower case; `person` says that it is a personal name.
    """

    start: int
    end: int
    name: str
    description: str
    subject: bool
    plural: bool
    head: str = ""
    person: bool = False


def is_head(token: Any) -> bool:
    if token.dep_ == "appos" and token.head.tag_ in ("NNP", "NNPS"):
        return False
    return token.tag_ in NOUNS and token.dep_ in _HEADS


def mention_of(head: Any) -> Mention | None:
    """Name and description of the noun phrase at `head`."""
    text = head.doc.user_data["text"]
    tokens = _phrase(head)
    if not tokens:
        return None
    name_tokens = _person_name(tokens, head)
    described = [t for t in head.subtree if t.i <= head.i + 24]
    if not name_tokens and head.tag_ not in ("NNP", "NNPS"):
        for child in head.subtree:
            if (
                child.i > head.i
                and ((child.head.i == head.i and child.dep_ == "appos") or child.head.lower_ in ("named", "called"))
                and child.tag_ in ("NNP", "NNPS")
            ):
                name_tokens = _person_name(_phrase(child), child)
                break
    if not name_tokens and head.lower_ in _OFFICES:  # "President of Ukraine Oleh Hrytsenko"
        for child in (c for prep in head.children if prep.lower_ == "of" for c in prep.children if c.dep_ == "pobj"):
            run = _person_name(_phrase(child), child)
            title = head.doc[child.left_edge.i : child.i]
            named = len(run) > 1 or (run and child.ent_type_ == "PERSON")
            name_tokens = run if named and run[0].i > child.left_edge.i and all(t.tag_ != "POS" for t in title) else []
    chosen = name_tokens or tokens[:_LONGEST_NAME]
    start, end = span_of(chosen)
    name = text[start:end].strip(' ,;:—–"“”‘')
    name = re.sub(r"\s+(?:from|to|of|in|at|on|for|with)$", "", name)
    name = re.sub(r"(?:’s|'s|[’'])$", "", name) if chosen[-1].tag_ == "POS" else name
    low, high = span_of(described)
    titled = bool(name_tokens) and name_tokens[0].text.rstrip(".") in TITLES
    plural = not titled and (head.tag_ in ("NNS", "NNPS") or head.lower_ in ("they", "their"))
    person = bool(name_tokens) and (
        (len(name_tokens) > 1 and name_tokens[-1].ent_type_ not in _PLACES)
        or (name_tokens[0].ent_type_ == "PERSON" and head.dep_ in (*SUBJECTS, "appos"))
    )
    if not name:
        return None
    return Mention(start, end, name, text[low:high], head.dep_ in SUBJECTS, plural, head.lower_, person)


def _phrase(head: Any) -> list[Any]:
    """The noun phrase without appositions and relative clauses, contiguous around its head."""
    kept = {head.i}
    for child in head.children:
        if child.i < head.i:
            if child.dep_ in _BEFORE:
                kept.update(t.i for t in child.subtree if t.i < head.i)
        elif (
            (child.dep_ == "prep" and child.lower_ in _JOINING)
            or (child.dep_ in ("acl", "amod") and child.lower_ in ("familiar", "briefed", "close", "involved", "aware"))
            or child.dep_ in ("cc", "conj")
        ):
            kept.update(t.i for t in child.subtree)
    first = head.i
    while first - 1 in kept:
        first -= 1
    last = head.i
    while last + 1 in kept:
        last += 1
    tokens = list(head.doc[first : last + 1])
    for place, token in enumerate(tokens):  # stop at a comma or a relative clause within a prepositional phrase
        if token.i > head.i and (
            token.text in (",", ";", ":", "(", '"', "–", "—") or token.tag_ in ("WP", "WDT", "WRB")
        ):
            tokens = tokens[:place]
            break
    while tokens and (tokens[0].is_punct or tokens[0].is_space or tokens[0].dep_ in ("cc", "mark")):
        tokens = tokens[1:]
    if len(tokens) > 1 and tokens[0].dep_ == "advmod" and tokens[0].i < head.i:
        tokens = tokens[1:]
    for place in range(len(tokens) - 1, -1, -1):  # what stands before a comma is no part of the name
        if tokens[place].i < head.i and tokens[place].text in (",", '"', ":", "—", "–"):
            return tokens[place + 1 :]
    return tokens


def _person_name(tokens: list[Any], head: Any) -> list[Any]:
    """The name within "Swedish prosecutor Sofia Lindqvist", with a title such as Professor; empty if there is none."""
    if head.tag_ not in ("NNP", "NNPS"):
        return []
    run: list[Any] = []
    for token in reversed([t for t in tokens if t.i <= head.i]):
        if token.text == "-" and run and token.i > 0 and token.nbor(-1).text[:1].isupper():
            run.insert(0, token)
            continue
        if not token.text[:1].isupper() or token.lower_ in ("the", "a", "an"):
            if token.lower_ in _PARTICLES and run:
                run.insert(0, token)
                continue
            break
        run.insert(0, token)
    while run and run[0].lower_ in _PARTICLES:
        run = run[1:]
    sides = head.doc.user_data["sides"]
    cut = 0
    for place, token in enumerate(run):
        if (token.lower_ in _OFFICES and token.text not in TITLES) or token.text in sides.names:
            cut = place + 1
    if cut == 1 and len(run) == 2 and run[0].text in FIRST_NAMES and run[1].text[:1].isupper():
        return run
    run = run[cut:]
    while len(run) > 1 and (run[0].text.lower() in _OFFICES and run[0].text not in TITLES):
        run = run[1:]
    if not run or run[-1].i != head.i:
        return []
    if sides.found(head.doc.user_data["text"][run[0].idx : run[-1].idx + len(run[-1])]):
        return []
    if len(run) == 1 and run[0].lower_ in _OFFICES | _BODIES:  # the last word of an organisation's name
        return []
    named = [t for t in run if t.text.rstrip(".") not in TITLES]
    org = (
        head.ent_type_ in ("ORG", "GPE", "NORP", "FAC")
        and len(named) > 0
        and run[0].i > 0
        and head.nbor(-1).lower_ == "the"
    )
    return [] if org or not named else run


def span_of(tokens: list[Any]) -> tuple[int, int]:
    """Start and end of the characters from the first to the last token."""
    return min(t.idx for t in tokens), max(t.idx + len(t) for t in tokens)
