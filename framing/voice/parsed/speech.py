"""Attributions in a parsed text: verbs of speech with their speaker and what is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from framing.voice.parsed.clauses import before, says_after, unparsed
from framing.voice.parsed.grammar import can_speak, is_someone, subject_of
from framing.voice.parsed.noun_phrases import SUBJECTS, Mention, is_head, mention_of, span_of
from framing.voice.parsed.phrasal import PHRASAL
from framing.voice.sides import Sides
from framing.voice.words import ATTITUDE, JUDGING, QUOTE_ONLY, SAYING, VERBS, word_set

__all__ = ["CONVINCED", "Cue", "Speech", "read_speech"]

_IT = word_set("it_says")  # of an organisation named before
_DOCUMENTS = word_set("documents")
_UNREAL = word_set("unreal")
_LEADING_TO = word_set("leading_to")
CONVINCED = word_set("convinced")
_AS = frozenset({"read", "interpret", "perceive", "see", "view"})
_NEED_CONTENT = word_set("need_content")
_DOING = word_set("doing")
_TO_DO = word_set("to_do")


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb or phrase that attributes: offsets of it, of the speaker, and of what is said (-1: only a quotation)."""

    start: int
    end: int
    content_start: int
    content_end: int
    speaker: Mention
    word: str


@dataclass(frozen=True, slots=True)
class Speech:
    """What one block of text holds."""

    cues: tuple[Cue, ...]
    mentions: tuple[Mention, ...]


def read_speech(doc: Any, sides: Sides) -> Speech:
    """Cues and mentions of a parsed text, in order; offsets count in the text that was parsed.

    `sides` are those of the corpus: a state's name is no part of a person's.
    """
    doc.user_data["sides"] = sides
    doc.user_data["text"] = doc.text  # spaCy puts it together anew each time it is asked
    cues = [cue for token in doc if token.lower_ in VERBS for cue in _of_verb(token)]
    cues += _of_phrases(doc, {cue.start for cue in cues if cue.content_start >= 0})
    cues += [cue for token in doc if token.lower_ in CONVINCED for cue in _of_adjective(token)]
    mentions = [mention for token in doc if is_head(token) for mention in [mention_of(token)] if mention is not None]
    return Speech(tuple(sorted(cues, key=lambda cue: cue.start)), tuple(sorted(mentions, key=lambda m: m.start)))


def _of_verb(token: Any) -> list[Cue]:
    lemma = VERBS[token.lower_]
    deps = {child.dep_ for child in token.children}
    if not token.tag_.startswith("VB") and not {"nsubj", "ccomp"} <= deps:  # the tagger takes some verbs for nouns
        return []
    passive = any(child.dep_ in ("auxpass", "nsubjpass") for child in token.children)
    negated = any(child.dep_ == "neg" for child in token.children)
    if {child.lower_ for child in token.children if child.dep_ == "aux"} & _UNREAL or _is_infinitive(token):
        return []
    if any(child.dep_ == "mark" and child.lower_ in ("if", "unless", "whether") for child in token.children):
        return []
    if lemma in ("point", "work") and not any(child.lower_ == "out" for child in token.children):
        return []
    if passive or (token.dep_ in ("acl", "relcl", "advcl") and token.tag_ == "VBN"):
        return _passive(token, lemma)
    if (
        negated
        and lemma in SAYING | ATTITUDE
        and lemma not in ("think", "believe", "expect", "want", "see", "consider")
    ):
        return []
    if (
        token.tag_ == "VBN"
        and not any(child.dep_ == "aux" for child in token.children)
        and token.dep_ != "conj"
        and "nsubj" not in deps
    ):
        return []
    subject = subject_of(token)
    if subject is None or not (can_speak(subject) or (subject.lower_ == "it" and lemma in _IT and "ccomp" in deps)):
        return []
    for child in subject.children:  # a study by the bank suggests: the bank does
        if child.lower_ in ("by", "from") and (subject.lower_ in _DOCUMENTS or not is_someone(subject)):
            targets = [t for t in child.children if t.dep_ == "pobj" and is_someone(t)]
            subject = targets[0] if targets else subject
    speaker = mention_of(subject)
    if speaker is None:
        return []
    if token.dep_ == "relcl" and not is_someone(subject):
        return []
    if lemma in ("promise", "pledge", "vow") and not is_someone(subject):
        return []
    clause = _clause(token, lemma)
    if clause is None and lemma in JUDGING and _judges(token, lemma) and is_someone(subject):
        clause = span_of([t for t in token.subtree if t.i >= token.i])
    if clause is None and lemma in SAYING and says_after(token):
        clause = before(token, subject)
    if clause is None and lemma in SAYING | {"believe", "think"} and is_someone(subject):
        clause = unparsed(token)
    if clause is None:
        if lemma not in SAYING | QUOTE_ONLY | ATTITUDE | JUDGING:
            return []
        clause = (-1, -1)
    return [Cue(token.idx, token.idx + len(token), *clause, speaker, token.text)]


def _is_infinitive(token: Any) -> bool:
    """To say, but not "went on to say"."""
    if not any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children):
        return False
    return token.head.lower_ not in _LEADING_TO


def _of_adjective(token: Any) -> list[Cue]:
    """ "The envoy is convinced that": an opinion held is an opinion reported."""
    clause = next((child for child in token.children if child.dep_ == "ccomp"), None)
    verb = token if any(child.dep_ in SUBJECTS for child in token.children) else token.head
    near = [*verb.children, *(inner for child in verb.children if child.dep_ == "auxpass" for inner in child.children)]
    subject = next((child for child in near if child.dep_ in ("nsubj", "nsubjpass")), None)
    if clause is None or subject is None or not can_speak(subject) or not is_someone(subject):
        return []
    if any(child.dep_ == "neg" for child in verb.children):
        return []
    speaker = mention_of(subject)
    content = span_of(list(clause.subtree))
    return [] if speaker is None else [Cue(token.idx, token.idx + len(token), *content, speaker, token.text)]


def _of_phrases(doc: Any, known: set[int]) -> list[Cue]:
    """Statements made by several words; `known` verbs have been read already."""
    cues = []
    for match in PHRASAL.finditer(doc.user_data["text"].lower()):
        span = doc.char_span(match.start(), match.end())
        token = span[0] if span is not None else None
        if token is None or token.idx in known or not token.tag_.startswith("VB") or token.tag_ == "VB":
            continue
        children = list(token.children)
        if any(child.dep_ in ("neg", "auxpass") for child in children) or _is_infinitive(token):
            continue
        if {child.lower_ for child in children if child.dep_ == "aux"} & _UNREAL:
            continue
        subject = subject_of(token)
        if subject is None or not can_speak(subject) or not is_someone(subject):
            continue
        speaker = mention_of(subject)
        after = [t for t in token.subtree if t.i >= token.i]
        if speaker is not None and len(after) > len(span):
            cues.append(Cue(token.idx, span.end_char, *span_of(after), speaker, token.text))
    return cues


def _passive(token: Any, lemma: str) -> list[Cue]:
    if lemma not in JUDGING | SAYING | ATTITUDE | {"quote", "describe", "read"}:
        return []
    as_what = lemma in _AS and any(child.lower_ == "as" for child in token.children)
    if lemma in _NEED_CONTENT and not as_what and not any(child.dep_ in ("ccomp", "xcomp") for child in token.children):
        return []
    agents = [child for child in token.children if child.dep_ in ("agent", "prep") and child.lower_ == "by"]
    if not agents and lemma in JUDGING:  # "condemned as a provocation by diplomats": the parser hangs it on the noun
        agents = [t for t in token.subtree if t.i > token.i and t.lower_ == "by" and t.head.dep_ == "pobj"]
    for target in (target for agent in agents for target in agent.children):
        if target.dep_ != "pobj" or not can_speak(target) or not (agents[0].head == token or is_someone(target)):
            continue
        speaker = mention_of(target)
        if speaker is None:
            return []
        subjects = [t for t in token.children if t.dep_ in SUBJECTS]
        first = min((t.left_edge.i for t in subjects), default=token.i)
        start, end = span_of([t for t in token.subtree if first <= t.i])
        return [Cue(token.idx, token.idx + len(token), start, end, speaker, token.text)]
    return []


def _clause(token: Any, lemma: str) -> tuple[int, int] | None:
    """What is said, as a clause that depends on the verb."""
    asks = lemma == "ask" and token.tag_ in ("VBD", "VBZ") and token.dep_ in ("ROOT", "conj", "ccomp")
    if (lemma not in SAYING | ATTITUDE | JUDGING and not asks) or (
        lemma == "work" and not any(c.lower_ == "out" for c in token.children)
    ):
        return None
    for child in token.children:
        if child.dep_ == "xcomp" and lemma in _DOING and child.tag_ == "VBG":
            return span_of(list(child.subtree))
        if child.dep_ == "ccomp" and any(
            c.dep_ == "nsubj" and c.lower_.endswith(("self", "selves")) for c in child.children
        ):
            return None
        if child.dep_ == "ccomp" or (child.dep_ == "advcl" and any(c.lower_ == "that" for c in child.children)):
            if lemma in ATTITUDE and not child.tag_.startswith(("VB", "MD")):
                continue
            if lemma == "find" and not any(c.dep_ == "mark" and c.lower_ == "that" for c in child.children):
                continue
            alike = [c for c in token.children if c.dep_ == "ccomp" and (c.i > token.i) == (child.i > token.i)]
            return span_of([t for clause in (child, *alike) for t in clause.subtree])
        asked = lemma in ("ask", "tell", "beg") and any(c.dep_ in ("dobj", "dative") for c in token.children)
        if child.dep_ == "xcomp" and (lemma in _TO_DO or (asked and child.tag_ == "VB")):
            return span_of(list(child.subtree))
    if lemma == "accuse":
        return None
    for inner in token.subtree:  # "warned in an editorial that": the parser hangs the clause on the noun
        if (
            inner.i > token.i
            and inner.dep_ == "mark"
            and inner.lower_ == "that"
            and (lemma in SAYING or lemma == "find")
        ):
            return span_of([t for t in inner.head.subtree if t.i >= inner.i])
    # the parser sometimes hangs the whole sentence on the verb, or the verb on the sentence
    if lemma in SAYING and token.dep_ == "parataxis":
        return before(token, None)
    for child in token.children:
        if child.dep_ == "dobj" and lemma in ("say", "believe", "note") and _has_verb(child):
            return span_of(list(child.subtree))
    return None


def _has_verb(token: Any) -> bool:
    return any(t.tag_.startswith(("VB", "MD")) for t in token.subtree)


def _judges(token: Any, lemma: str) -> bool:
    after = [child for child in token.children if child.i > token.i]
    deps = {child.dep_ for child in after}
    preps = {child.lower_ for child in after if child.dep_ == "prep"}
    if lemma == "speak":
        return "of" in preps and token.dep_ != "relcl" and token.nbor(min(2, len(token.doc) - token.i - 1)).text != '"'
    if lemma == "advise":
        return bool(deps & {"xcomp", "ccomp"})
    if lemma == "describe" and token.tag_ not in ("VBG", "VBN") and "dobj" in deps:
        return True
    if lemma == "describe" and "xcomp" in deps | {c.dep_ for c in after}:
        return True
    if any(inner.lower_.endswith(("self", "selves")) for child in after for inner in (child, *child.children)):
        return False
    if lemma in ("consider", "view"):
        return bool(deps & {"ccomp", "oprd", "xcomp"}) or "as" in preps
    if lemma == "see":
        return "as" in preps
    if lemma == "dismiss" and "as" in preps:
        return True
    if lemma == "call":
        return "oprd" in deps or ("for" in preps and "dobj" not in deps)
    if lemma in ("interpret", "perceive"):
        return "as" in preps
    if lemma in ("describe", "characterise", "characterize", "portray", "regard"):
        return "as" in preps
    if lemma in ("warn", "caution", "protest", "insist", "complain", "object"):
        return bool(preps & {"of", "against", "to", "about", "on"})
    if lemma in ("vow", "pledge", "threaten"):
        return bool(deps & {"xcomp", "ccomp", "dobj"})
    return bool(deps & {"dobj", "xcomp", "ccomp", "dative", "oprd"})
