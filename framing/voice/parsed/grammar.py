"""Grammar of reporting verbs: their subject, whether it can speak, and content clauses hung elsewhere."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from framing.voice.parsed.tokens import PROPER_NOUNS, SUBJECTS, get_index, span_tokens
from framing.voice.words import NOBODY, PERSONS, VERBS, word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = [
    "can_speak",
    "ends_sentence",
    "find_preceding_clause",
    "find_subject",
    "find_unattached_clause",
    "is_someone",
]

_AGENTS = ("ists", "ians", "eers", "makers", "workers", "holders", "keepers", "goers", "men", "women", "owners")
_NO_AGENTS = word_set("no_agents")
_NO_CLAUSE = word_set("no_clause")
_TAKES_ADDRESSEE = ("tell", "inform", "assure", "remind", "warn")
_COMPLEMENTS = frozenset(("dobj", "ccomp", "xcomp", "attr", "acomp"))
_SHORTEST_CLAUSE = 4  # words


def find_subject(token: Token) -> Token | None:
    """Subject of a verb, or of the verb that it is coordinated with or depends on.

    Parameters
    ----------
    token : Token
        The verb: "said" in "The envoy, who had come late, nodded and said".

    Returns
    -------
    Token or None
        Head of the subject, "envoy"; of a relative clause, the antecedent of its pronoun. None where there is none.
    """
    verb = token
    for _ in range(4):
        relations = ("nsubj",) if verb is token else ("nsubj", "nsubjpass")  # was asked and said
        subjects = [child for child in verb.children if child.dep_ in relations]
        if subjects:
            preceding = [child for child in subjects if child.i < token.i]
            named = [child for child in subjects if child.tag_ in PROPER_NOUNS]  # "said co-founder Ada Lund" has three
            subject = preceding[-1] if preceding else (named or subjects)[0]  # the opening of a line is no subject
            if subject.lower_ in ("who", "that", "which") and verb.dep_ == "relcl":
                return verb.head  # the antecedent of the relative clause
            return subject
        if verb.dep_ == "acl" and verb.tag_ == "VBG":
            return verb.head
        if verb.dep_ not in ("conj", "advcl", "xcomp", "dep", "pcomp"):
            return None
        verb = verb.head
        if not verb.tag_.startswith("VB"):
            return None
    return None


def can_speak(token: Token) -> bool:
    """Whether a subject stands for somebody: "nobody", "no minister", "this" and "few" do not.

    Parameters
    ----------
    token : Token
        Head of the subject.

    Returns
    -------
    bool
        True where it is a noun, pronoun, adjective, numeral or determiner, and does not mean nobody or few.
    """
    if token.lower_ in NOBODY:
        return False
    if any(child.dep_ in ("det", "neg") and child.lower_ in ("no", "neither") for child in token.children):
        return False
    if any(child.lower_ == "few" for child in token.lefts):
        return False
    return str(token.tag_)[:2] in ("NN", "PR", "JJ", "CD", "DT")


def is_someone(token: Token) -> bool:
    """Whether a subject is a person, an office or a state, by pronoun, proper noun, named entity or role.

    Parameters
    ----------
    token : Token
        Head of the subject.

    Returns
    -------
    bool
        True for "dock workers" and "Oslo", False for "the door".
    """
    if (
        token.lower_ in ("he", "she", "they", "one", "another")
        or token.tag_ in PROPER_NOUNS
        or token.ent_type_ in ("PERSON", "NORP")
    ):
        return True
    modifiers = (child.lower_ for child in token.children if child.dep_ in ("compound", "amod", "poss"))
    if token.tag_ == "NNS" and token.lower_.endswith(_AGENTS) and token.lower_ not in _NO_AGENTS:
        return True
    if not PERSONS.isdisjoint((token.lower_, *modifiers)):
        return True
    return any(each.ent_type_ in ("GPE", "NORP", "ORG") for each in (token, *token.lefts))


def find_unattached_clause(token: Token) -> tuple[int, int] | None:
    """Content clause behind a verb, to the end of the sentence, that the parser hung on another word.

    Parameters
    ----------
    token : Token
        The verb: "said" in "The envoy said Tuesday the talks were over", where "were" may hang on "Tuesday".

    Returns
    -------
    tuple of int or None
        Start and end in the text; None where the verb has a complement, or no clause follows.
    """
    if any(child.dep_ in ("dobj", "ccomp", "xcomp", "attr", "dative") for child in token.children):
        return None
    doc, end = token.doc, token.sent.end
    opening: list[Token] = []
    for following in doc[token.i + 1 : end]:
        if not following.is_space:
            opening.append(following)
        if len(opening) == 8:
            break
    if len(opening) < _SHORTEST_CLAUSE or opening[0].lower_ in _NO_CLAUSE:
        return None
    if opening[0].tag_[:2] not in ("DT", "PR", "NN", "JJ", "CD", "EX"):
        return None
    has_subject = any(each.dep_ in SUBJECTS and each.head.i > each.i for each in opening)
    finite = get_index(doc).finite
    number = bisect_left(finite, opening[1].i)
    has_verb = number < len(finite) and finite[number] < end
    return span_tokens(opening[0], _last_word(token, end)) if has_subject and has_verb else None


def ends_sentence(token: Token) -> bool:
    """Whether a reporting verb closes its sentence behind a comma or dash.

    Parameters
    ----------
    token : Token
        The verb: "said" in "Forty ships wait, the pilot said".

    Returns
    -------
    bool
        True where at least four tokens, with the mark, precede the verb and its subject, and no complement follows.
    """
    complements = _COMPLEMENTS - {"dobj"} if VERBS.get(token.lower_) in _TAKES_ADDRESSEE else _COMPLEMENTS
    if any(child.dep_ in complements for child in token.rights):
        return False
    left = min(token.i, *(child.left_edge.i for child in token.children if child.dep_ == "nsubj"), token.i)
    if left - token.sent.start < _SHORTEST_CLAUSE:
        return False
    return token.doc[left - 1].text in (",", "–", "—", "-")


def find_preceding_clause(token: Token, subject: Token | None) -> tuple[int, int] | None:
    """The part of a sentence up to a reporting verb and its subject.

    Parameters
    ----------
    token : Token
        The verb: "said" in "Forty ships wait, the pilot said".
    subject : Token or None
        Head of its subject; None where it is not known.

    Returns
    -------
    tuple of int or None
        Start and end of "Forty ships wait," in the text; None where nothing precedes.
    """
    end = subject.left_edge.i if subject is not None and subject.i < token.i else token.i
    end = min(token.i, end)
    first = next((each for each in token.doc[token.sent.start : end] if not each.is_space), None)
    return None if first is None else span_tokens(first, _last_word(token, end))


def _last_word(token: Token, end: int) -> Token:
    """The last token before position `end` that is no white space; there is one."""
    return next(token.doc[i] for i in range(end - 1, -1, -1) if not token.doc[i].is_space)
