"""Attributions in a parsed text: reporting verbs with their speaker and what is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framing.voice.parsed.clauses import evaluates, find_clause
from framing.voice.parsed.grammar import (
    can_speak,
    ends_sentence,
    find_preceding_clause,
    find_subject,
    find_unattached_clause,
    is_someone,
)
from framing.voice.parsed.noun_phrases import Mention, is_head, read_mention
from framing.voice.parsed.phrasal import PHRASAL
from framing.voice.parsed.tokens import (
    SUBJECTS,
    count_from,
    find_in_subtree,
    get_index,
    index_tokens,
    span_from,
    span_subtree,
)
from framing.voice.sides import Sides
from framing.voice.words import ATTITUDE, JUDGING, QUOTE_ONLY, SAYING, VERBS, word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["CONVINCED", "Cue", "Speech", "may_report", "read_speech"]

_IT = word_set("it_says")  # of an organisation named before
_DOCUMENTS = word_set("documents")
_UNREAL = word_set("unreal")
_LEADING_TO = word_set("leading_to")
CONVINCED = word_set("convinced")
_AS = frozenset({"read", "interpret", "perceive", "see", "view"})
_NEED_CONTENT = word_set("need_content")
_REPORTED_THOUGH_NEGATED = ("think", "believe", "expect", "want", "see", "consider")
_HUMAN = frozenset(("blame", "accuse", "praise", "criticise", "criticize", "condemn", "denounce", "insist", "deny"))
_NEAR = 12  # words from "told by" to its clause
_NO_CONTENT = (-1, -1)  # only a quotation


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase that attributes: "said" in "the envoy said that the canal was open".

    Attributes
    ----------
    start, end : int
        Where the cue stands.
    content_start, content_end : int
        Where what is said stands; -1 where it is a quotation only.
    speaker : Mention
        Who says it.
    word : str
        The cue as it is written, or the mark that stands for one.
    """

    start: int
    end: int
    content_start: int
    content_end: int
    speaker: Mention
    word: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Cues and mentions of one block of text, in order."""

    cues: tuple[Cue, ...]
    mentions: tuple[Mention, ...]


def read_speech(doc: Doc, sides: Sides) -> Speech:
    """Cues and mentions of a parsed text.

    Parameters
    ----------
    doc : Doc
        A parse by spaCy.
    sides : Sides
        Those of the corpus: a state's name is no part of a person's.

    Returns
    -------
    Speech
        Both in order; offsets count in the text that was parsed.
    """
    index_tokens(doc, sides)
    index = get_index(doc)
    cues = [cue for place in index.reporting for cue in _read_verb(doc[place])]
    cues += _read_phrasal_verbs(doc, {cue.start for cue in cues if cue.content_start >= 0})
    cues += [cue for place in index.find_words(CONVINCED) for cue in _read_adjective(doc[place])]
    heads = (doc[place] for place in index.nouns)
    mentions = [
        mention for token in heads if is_head(token) for mention in [read_mention(token)] if mention is not None
    ]
    return Speech(tuple(sorted(cues, key=lambda cue: cue.start)), tuple(sorted(mentions, key=lambda m: m.start)))


def may_report(doc: Doc, sides: Sides) -> bool:
    """Whether a parsed text without quotation marks may hold reported speech, whatever its named entities are.

    Parameters
    ----------
    doc : Doc
        A parse by spaCy; named entities are not needed.
    sides : Sides
        Those of the corpus.

    Returns
    -------
    bool
        False where `read_speech` finds no cue with something said: no verb of speech has a subject, and no verb of
        judgement has anything to judge.
    """
    index_tokens(doc, sides)
    index = get_index(doc)
    if PHRASAL.search(index.text.lower()) is not None or any(index.find_words(CONVINCED)):
        return True
    return any(_may_have_content(doc[place]) for place in index.reporting)


def _may_have_content(token: Token) -> bool:
    lemma = VERBS[token.lower_]
    if not _may_report(token, lemma):
        return False
    if _is_passive(token):
        return any(get_index(token.doc).find_words({"by"}))
    if not _is_finite_report(token, lemma) or find_subject(token) is None:
        return False
    return lemma in SAYING | ATTITUDE or evaluates(token, lemma) or find_clause(token, lemma) is not None


def _read_verb(token: Token) -> list[Cue]:
    """Cue of a reporting verb: "said" in "the envoy said that the canal was open"."""
    lemma = VERBS[token.lower_]
    if not _may_report(token, lemma):
        return []
    if _is_passive(token):
        return _read_passive(token, lemma)
    if not _is_finite_report(token, lemma):
        return []
    subject = find_subject(token)
    if subject is None:
        return []
    impersonal = subject.lower_ == "it" and lemma in _IT and any(child.dep_ == "ccomp" for child in token.children)
    if not (can_speak(subject) or impersonal):
        return []
    subject = _find_quoted_person(token, lemma) or _find_author(subject)
    speaker = read_mention(subject)
    if speaker is None:
        return []
    if (token.dep_ == "relcl" or lemma in ("promise", "pledge", "vow")) and not is_someone(subject):
        return []
    content = _find_content(token, lemma, subject)
    if content is None:
        if lemma not in SAYING | QUOTE_ONLY | ATTITUDE | JUDGING:
            return []
        content = _NO_CONTENT
    return [Cue(token.idx, token.idx + len(token), *content, speaker, token.text)]


def _may_report(token: Token, lemma: str) -> bool:
    """Whether a form of a reporting verb reports at all; in "would say", "to say" and "if he says" it does not."""
    relations = {child.dep_ for child in token.children}
    if not token.tag_.startswith("VB") and not {"nsubj", "ccomp"} <= relations:  # the tagger takes some for nouns
        return False
    if {child.lower_ for child in token.children if child.dep_ == "aux"} & _UNREAL or _is_infinitive(token):
        return False
    if any(child.dep_ == "mark" and child.lower_ in ("if", "unless", "whether") for child in token.children):
        return False
    if lemma == "answer" and any(child.dep_ == "prep" and child.lower_ in ("to", "for") for child in token.children):
        return False  # "the scheme answers to a long name"
    return lemma not in ("point", "work") or any(child.lower_ == "out" for child in token.children)


def _is_passive(token: Token) -> bool:
    if any(child.dep_ in ("auxpass", "nsubjpass") for child in token.children):
        return True
    return token.dep_ in ("acl", "relcl", "advcl") and token.tag_ == "VBN"


def _is_finite_report(token: Token, lemma: str) -> bool:
    """Whether an active verb is asserted: "did not say" and a bare participle are not, "does not believe" is."""
    negated = any(child.dep_ == "neg" for child in token.children)
    if negated and lemma in SAYING | ATTITUDE and lemma not in _REPORTED_THOUGH_NEGATED:
        return False
    return (
        token.tag_ != "VBN"
        or token.dep_ == "conj"
        or any(child.dep_ == "aux" or child.dep_ == "nsubj" for child in token.children)
    )


def _find_quoted_person(token: Token, lemma: str) -> Token | None:
    """Whom a paper quotes: "Ada Lund" in "the paper quoted Ada Lund as saying"."""
    if lemma not in ("quote", "cite"):
        return None
    objects = [child for child in token.children if child.dep_ in ("dobj", "nsubj") and child.i > token.i]
    return objects[0] if objects and is_someone(objects[0]) else None


def _find_author(subject: Token) -> Token:
    """Who stands behind a document or a thing: "the bank" in "a study by the bank suggests"."""
    for child in subject.children:
        if child.lower_ in ("by", "from") and (subject.lower_ in _DOCUMENTS or not is_someone(subject)):
            if child.lower_ == "from" and subject.tag_ == "NNS" and subject.lower_ not in _DOCUMENTS:
                continue  # "participants from Norway said"
            authors = [each for each in child.children if each.dep_ == "pobj" and is_someone(each)]
            subject = authors[0] if authors else subject
    return subject


def _find_content(token: Token, lemma: str, subject: Token) -> tuple[int, int] | None:
    """What is said: the content clause, what a verb of judgement judges, or the sentence around the verb."""
    content = find_clause(token, lemma)
    speaks = is_someone(subject) or lemma in _HUMAN
    if content is None and lemma in JUDGING and evaluates(token, lemma) and speaks:
        content = span_from(token)
    if content is None and lemma in SAYING and ends_sentence(token):
        content = find_preceding_clause(token, subject)
    if content is None and lemma in SAYING | {"believe", "think"} and is_someone(subject):
        content = find_unattached_clause(token)
    return content


def _is_infinitive(token: Token) -> bool:
    """Whether a verb is an infinitive, as in "to say", but not in "went on to say"."""
    if not any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children):
        return False
    head = token.head
    return head.lower_ not in _LEADING_TO or any(child.lower_ in _UNREAL for child in head.children)


def _read_adjective(token: Token) -> list[Cue]:
    """Cue of an adjective of opinion: "convinced" in "the envoy is convinced that"."""
    clause = next((child for child in token.children if child.dep_ == "ccomp"), None)
    verb = token if any(child.dep_ in SUBJECTS for child in token.children) else token.head
    near = [*verb.children, *(inner for child in verb.children if child.dep_ == "auxpass" for inner in child.children)]
    subject = next((child for child in near if child.dep_ in ("nsubj", "nsubjpass")), None)
    if clause is None or subject is None or not can_speak(subject) or not is_someone(subject):
        return []
    if any(child.dep_ == "neg" for child in verb.children):
        return []
    speaker = read_mention(subject)
    return [] if speaker is None else [_make_cue(token, span_subtree(clause), speaker)]


def _make_cue(token: Token, content: tuple[int, int], speaker: Mention) -> Cue:
    return Cue(token.idx, token.idx + len(token), *content, speaker, token.text)


def _read_phrasal_verbs(doc: Doc, read: set[int]) -> list[Cue]:
    """Cues of several words, as "hit back at critics"; verbs that start at an offset of `read` have a cue already."""
    cues = []
    for match in PHRASAL.finditer(get_index(doc).text.lower()):
        span = doc.char_span(match.start(), match.end())
        token = span[0] if span is not None else None
        if span is None or token is None or token.idx in read:
            continue
        if not token.tag_.startswith("VB") or token.tag_ == "VB":
            continue
        children = list(token.children)
        if any(child.dep_ in ("neg", "auxpass") for child in children) or _is_infinitive(token):
            continue
        if {child.lower_ for child in children if child.dep_ == "aux"} & _UNREAL:
            continue
        subject = find_subject(token)
        if subject is None or not can_speak(subject) or not is_someone(subject):
            continue
        speaker = read_mention(subject)
        if speaker is not None and count_from(token) > len(span):
            cues.append(Cue(token.idx, span.end_char, *span_from(token), speaker, token.text))
    return cues


def _read_passive(token: Token, lemma: str) -> list[Cue]:
    """Cue of a passive verb by its agent: "condemned" in "the raid was condemned by diplomats"."""
    if lemma not in JUDGING | SAYING | ATTITUDE | {"quote", "describe", "read"}:
        return []
    as_what = lemma in _AS and any(child.lower_ == "as" for child in token.children)
    has_clause = any(child.dep_ in ("ccomp", "xcomp") for child in token.children)
    if lemma in ("tell", "inform") and not has_clause:  # "told by the governor that …", hung on the governor
        has_clause = "that" in get_index(token.doc).words[token.i : token.i + _NEAR]
    if lemma in _NEED_CONTENT and not as_what and not has_clause:
        return []
    agents = [child for child in token.children if child.dep_ in ("agent", "prep") and child.lower_ == "by"]
    if not agents and lemma in JUDGING:  # "condemned as a provocation by diplomats": the parser hangs it on the noun
        places = find_in_subtree(token, get_index(token.doc).agents, first=token.i + 1)
        agents = [token.doc[place] for place in places]
    for noun in (child for agent in agents for child in agent.children):
        if noun.dep_ != "pobj" or not can_speak(noun) or not (agents[0].head == token or is_someone(noun)):
            continue
        speaker = read_mention(noun)
        if speaker is None:
            return []
        first = min((child.left_edge.i for child in token.children if child.dep_ in SUBJECTS), default=token.i)
        return [_make_cue(token, span_subtree(token, first=first), speaker)]
    return []
