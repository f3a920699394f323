"""Persons, offices and groups in a parsed text: the name of each and how it is described."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from framing.voice.names import is_given_name
from framing.voice.parsed.tokens import (
    NOUNS,
    PROPER_NOUNS,
    SUBJECTS,
    find_in_subtree,
    get_index,
    read_runs,
    span_subtree,
    span_tokens,
)
from framing.voice.sides import FIRST_NAMES
from framing.voice.words import MEDIA, OFFICIALS, PEOPLE, TITLES, word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["Mention", "is_head", "read_mention"]

_HEADS = (*SUBJECTS, "pobj", "dobj", "appos", "attr", "ROOT", "conj", "poss", "oprd")
_BEFORE_HEAD = (
    "det", "amod", "compound", "poss", "nummod", "nmod", "predet", "quantmod", "case", "punct", "prep", "advmod",
    "nsubj", "appos", "acl",
)  # fmt: skip
_PLACES = ("GPE", "LOC", "FAC", "ORG", "NORP", "EVENT", "WORK_OF_ART", "PRODUCT")
_LONGEST_NAME = 14  # words of a speaker
_LONGEST_DESCRIPTION = 24  # words behind the head
_JOINING = word_set("joining")
_PARTICLES = word_set("particles")
_ENDS_OF_BODIES = frozenset(word.lower() for word in word_set("ends_of_bodies")) | word_set("ends_of_names")
_BODIES = OFFICIALS | MEDIA | PEOPLE | word_set("ends_of_names")
_PARTNER = re.compile(r" & [A-ZÀ-Ž][\w’'-]+(?: [A-ZÀ-Ž][\w’'-]+)*")  # "Calder & Wray"
_OFFICES = word_set("offices")
_PORTFOLIOS = word_set("portfolios")
_COUNTS = ("handful", "number", "dozen", "couple", "majority", "group", "crowd", "score", "trio", "pair")
_INFORMED = ("familiar", "briefed", "close", "involved", "aware")
_STOPS = (",", ";", ":", "(", '"', "–", "—")
_STOPS_BEFORE_HEAD = (",", '"', ":", "—", "–")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, office or group in a text, as "Ada Lund" in "Ada Lund, a nurse in Oslo, said".

    Attributes
    ----------
    start, end : int
        Where the name stands.
    name : str
        "Ada Lund".
    description : str
        "Ada Lund, a nurse in Oslo".
    subject : bool
        Whether it is the subject of a verb.
    plural : bool
        Whether it means several persons.
    head : str
        Noun of the phrase, in lower case: "lund".
    person : bool
        Whether the name is a personal one.
    """

    start: int
    end: int
    name: str
    description: str
    subject: bool
    plural: bool
    head: str = ""
    person: bool = False


def is_head(token: Token) -> bool:
    """Whether a token is the head of a noun phrase that may name somebody.

    Parameters
    ----------
    token : Token
        A token: "Lund" in "the nurse Ada Lund said".

    Returns
    -------
    bool
        True for a noun that is a subject, object, apposition, predicate, possessor, conjunct or root; False for one in
        apposition to a proper noun, which describes it.
    """
    if token.dep_ == "appos" and token.head.tag_ in PROPER_NOUNS:
        return False
    return token.tag_ in NOUNS and token.dep_ in _HEADS


def read_mention(head: Token) -> Mention | None:
    """Name and description in a noun phrase.

    Parameters
    ----------
    head : Token
        Head of the phrase: "Lindqvist" in "Swedish prosecutor Sofia Lindqvist", "people" in "two people briefed on the
        talks".

    Returns
    -------
    Mention or None
        With the name "Sofia Lindqvist", or the whole phrase where nobody is named; None where there is no name.
    """
    text = get_index(head.doc).text
    phrase = _find_phrase(head)
    if not phrase:
        return None
    personal = _find_personal_name(phrase, head)
    if not personal and head.tag_ not in PROPER_NOUNS:
        personal = _find_apposition(head)
    if not personal and head.lower_ in _OFFICES:
        personal = _find_name_of_office_holder(head)
    chosen = personal or phrase[:_LONGEST_NAME]
    start, end = span_tokens(chosen[0], chosen[-1])
    partner = _PARTNER.match(text, end)
    end = partner.end() if partner else end
    name = text[start:end].strip(' ,;:—–"“”‘')
    name = re.sub(r"\s+(?:from|to|of|in|at|on|for|with)$", "", name)
    name = re.sub(r"(?:’s|'s|[’'])$", "", name) if chosen[-1].tag_ == "POS" else name
    if not name:
        return None
    titled = bool(personal) and personal[0].text.rstrip(".") in TITLES
    return Mention(
        start,
        end,
        name,
        _describe(head),
        subject=head.dep_ in SUBJECTS,
        plural=not titled and (head.tag_ in ("NNS", "NNPS") or head.lower_ in ("they", "their") or _counts(head)),
        head=head.lower_,
        person=_is_personal(personal, head),
    )


def _counts(head: Token) -> bool:
    """Whether a noun but counts several: "a handful of note takers"."""
    if head.lower_ not in _COUNTS:
        return False
    counted = (each for prep in head.rights if prep.lower_ == "of" for each in prep.children)
    return any(each.tag_ in ("NNS", "NNPS") for each in counted)


def _describe(head: Token) -> str:
    """The noun phrase with its appositions and relative clauses, as far as they describe who it is."""
    low, high = span_subtree(head, last=head.i + _LONGEST_DESCRIPTION)
    return get_index(head.doc).text[low:high]


def _is_personal(name: list[Token], head: Token) -> bool:
    """Whether the tokens of a name are those of a person's: two words that are no place, or a named entity."""
    if not name:
        return False
    if len(name) > 1 and (name[-1].ent_type_ not in _PLACES or is_given_name(name[0].text)):
        return True
    return name[0].ent_type_ == "PERSON" and head.dep_ in (*SUBJECTS, "appos")


def _find_apposition(head: Token) -> list[Token]:
    """Name in apposition to a common noun: "Ada Lund" in "a nurse, Ada Lund," or "a nurse named Ada Lund"."""
    places = [child.i for child in head.rights if child.dep_ == "appos" and child.tag_ in PROPER_NOUNS][:1]
    places += islice(find_in_subtree(head, get_index(head.doc).named, first=head.i + 1), 1)
    if not places:
        return []
    apposition = head.doc[min(places)]
    return _find_personal_name(_find_phrase(apposition), apposition)


def _find_name_of_office_holder(head: Token) -> list[Token]:
    """Name that the parser takes for an office's object: "Ada Lund" in "President of Norway Ada Lund"."""
    name: list[Token] = []
    objects = (each for prep in head.children if prep.lower_ == "of" for each in prep.children if each.dep_ == "pobj")
    for noun in objects:
        run = _find_personal_name(_find_phrase(noun), noun)
        field = next((place for place, token in enumerate(run) if token.lower_ not in _PORTFOLIOS), len(run))
        if not field and run and run[0].i > noun.left_edge.i and run[0].nbor(-1).lower_ in ("the", "its", "a", "an"):
            field = len(run)  # the president of the Lund Foundation
        run = run[field:]
        state = head.doc[noun.left_edge.i : noun.i]
        is_name = len(run) > 1 or (run and noun.ent_type_ == "PERSON")
        possessive = any(token.tag_ == "POS" for token in state)
        name = run if is_name and run[0].i > noun.left_edge.i and not possessive else []
    return name


def _find_phrase(head: Token) -> list[Token]:
    """The noun phrase without appositions and relative clauses: "the nurse" in "the nurse, who left"."""
    first, last = _find_bounds(head)
    tokens = list(head.doc[first : min(last, head.i + _LONGEST_NAME) + 1])
    for place, token in enumerate(tokens):  # stop at a comma or a relative clause within a prepositional phrase
        if token.i > head.i and (token.text in _STOPS or token.tag_ in ("WP", "WDT", "WRB")):
            tokens = tokens[:place]
            break
    while tokens and (tokens[0].is_punct or tokens[0].is_space or tokens[0].dep_ in ("cc", "mark")):
        tokens = tokens[1:]
    if len(tokens) > 1 and tokens[0].dep_ == "advmod" and tokens[0].i < head.i:
        tokens = tokens[1:]
    for place in range(len(tokens) - 1, -1, -1):  # what stands before a comma is no part of the name
        if tokens[place].i < head.i and tokens[place].text in _STOPS_BEFORE_HEAD:
            return tokens[place + 1 :]
    return tokens


def _find_bounds(head: Token) -> tuple[int, int]:
    """Positions of the first and last token of the run around a head that its dependants join to it without a gap."""
    before = (run for child in head.lefts if child.dep_ in _BEFORE_HEAD for run in read_runs(child))
    runs = [(start, min(end, head.i - 1)) for start, end in before if start < head.i]
    runs += (run for child in head.rights if _belongs_behind_head(child) for run in read_runs(child))
    first = last = head.i
    for start, end in sorted(runs, key=lambda run: run[1], reverse=True):
        if start < head.i and end >= first - 1:
            first = min(first, start)
    for start, end in sorted(runs):
        if end > head.i and start <= last + 1:
            last = max(last, end)
    return first, last


def _belongs_behind_head(child: Token) -> bool:
    """Whether a dependant behind its head is part of the name: "people briefed on it", "ministry of defence"."""
    return (
        (child.dep_ == "prep" and child.lower_ in _JOINING)
        or (child.dep_ in ("acl", "amod") and child.lower_ in _INFORMED)
        or child.dep_ in ("cc", "conj")
    )


def _find_personal_name(phrase: list[Token], head: Token) -> list[Token]:
    """Name within "Swedish prosecutor Sofia Lindqvist", with a title such as Professor; empty where there is none."""
    if head.tag_ not in PROPER_NOUNS:
        return []
    name = _find_capitalised_run(phrase, head)
    if head.ent_type_ == "ORG" and head.lower_ in _ENDS_OF_BODIES:  # the National Weather Service
        return []
    sides = get_index(head.doc).sides
    cut = 0
    for place, token in enumerate(name):
        if (token.lower_ in _OFFICES and token.text not in TITLES) or token.text in sides.names:
            cut = place + 1
    if cut == 1 and len(name) == 2 and name[0].text in FIRST_NAMES and name[1].text[:1].isupper():
        return name
    name = name[cut:]
    while len(name) > 1 and (name[0].text.lower() in _OFFICES and name[0].text not in TITLES):
        name = name[1:]
    if not name or name[-1].i != head.i:
        return []
    if sides.find_names(get_index(head.doc).text[slice(*span_tokens(name[0], name[-1]))]):
        return []
    if len(name) == 1 and name[0].lower_ in _OFFICES | _BODIES:  # the last word of an organisation's name
        return []
    untitled = [token for token in name if token.text.rstrip(".") not in TITLES]
    is_body = (
        head.ent_type_ in ("ORG", "GPE", "NORP", "FAC")
        and len(untitled) > 0
        and name[0].i > 0
        and head.nbor(-1).lower_ == "the"
    )
    return [] if is_body or not untitled else name


def _find_capitalised_run(phrase: list[Token], head: Token) -> list[Token]:
    """The capitalised words that end at the head, with particles and hyphens: "Anneke de Wit", "Smith-Jones"."""
    run: list[Token] = []
    for token in reversed([each for each in phrase if each.i <= head.i]):
        hyphen = token.text == "-" and run and token.i > 0 and token.nbor(-1).text[:1].isupper()
        capitalised = token.text[:1].isupper() and token.lower_ not in ("the", "a", "an")
        if not (hyphen or capitalised or (run and token.lower_ in _PARTICLES)):
            break
        run.append(token)
    while run and run[-1].lower_ in _PARTICLES:
        run.pop()
    return run[::-1]
