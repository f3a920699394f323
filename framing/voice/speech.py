"""Attributions in a parsed text: verbs of speech with their speaker and what is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from framing.voice.words import ATTITUDE, JUDGING, NOBODY, QUOTE_ONLY, SAYING, TITLES, VERBS, word_set

__all__ = ["Cue", "Mention", "Speech", "read_speech"]

_KEPT = ("det", "amod", "compound", "poss", "nummod", "nmod", "predet", "quantmod", "case", "punct", "prep", "advmod")
_CLAUSES = ("ccomp", "xcomp")
_LEFT_ONLY = ("punct", "advmod", "amod")
_LONGEST_NAME = 14  # words of a speaker
_SUBJECTS = ("nsubj", "nsubjpass", "csubj")


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


def read_speech(doc: Any) -> Speech:
    """Cues and mentions of a parsed text, in order; offsets count in the text that was parsed."""
    cues = [cue for token in doc if token.lower_ in VERBS for cue in _of_verb(token)]
    mentions = [mention for token in doc if _is_head(token) for mention in [_mention(token)] if mention is not None]
    return Speech(tuple(sorted(cues, key=lambda cue: cue.start)), tuple(sorted(mentions, key=lambda m: m.start)))


def _is_head(token: Any) -> bool:
    if token.dep_ == "appos" and token.head.tag_ in ("NNP", "NNPS"):
        return False
    return token.pos_ in ("PROPN", "NOUN") and token.dep_ in (
        *_SUBJECTS,
        "pobj",
        "dobj",
        "appos",
        "attr",
        "ROOT",
        "conj",
    )


def _of_verb(token: Any) -> list[Cue]:
    lemma = VERBS[token.lower_]
    if token.pos_ not in ("VERB", "AUX") and not (token.dep_ == "ROOT" and token.tag_.startswith("V")):
        return []
    passive = any(child.dep_ in ("auxpass", "nsubjpass") for child in token.children)
    negated = any(child.dep_ == "neg" for child in token.children)
    if {child.lower_ for child in token.children if child.dep_ == "aux"} & _UNREAL or _is_infinitive(token):
        return []
    if any(child.dep_ == "mark" and child.lower_ in ("if", "unless", "whether") for child in token.children):
        return []
    if lemma == "point" and not any(child.lower_ == "out" for child in token.children):
        return []
    if passive or (token.dep_ in ("acl", "relcl", "advcl") and token.tag_ == "VBN"):
        return _passive(token, lemma)
    if (
        negated
        and lemma in SAYING | ATTITUDE
        and lemma not in ("think", "believe", "expect", "want", "see", "consider")
    ):
        return []
    subject = _subject(token)
    if subject is None or not _may_speak(subject):
        return []
    for child in subject.children:  # a study by the bank suggests: the bank does
        if child.lower_ == "by" and not _is_someone(subject):
            subject = next((target for target in child.children if target.dep_ == "pobj"), subject)
    speaker = _mention(subject)
    if speaker is None:
        return []
    if token.dep_ == "relcl" and not _is_someone(subject):
        return []
    clause = _clause(token, lemma)
    if clause is None and lemma in JUDGING and _judges(token, lemma) and _is_someone(subject):
        clause = _span([t for t in token.subtree if t.i >= token.i])
    if clause is None and lemma in SAYING and _says_after(token):
        clause = _before(token, subject)
    if clause is None:
        if lemma not in SAYING | QUOTE_ONLY | ATTITUDE | JUDGING:
            return []
        clause = (-1, -1)
    return [Cue(token.idx, token.idx + len(token), *clause, speaker, token.text)]


_UNREAL = word_set("should could might must can may will 'll shall would")


def _is_infinitive(token: Any) -> bool:
    """To say, but not "went on to say"."""
    if not any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children):
        return False
    return token.head.lower_ not in ("went", "goes", "go", "continued", "hastened", "proceeded")


def _passive(token: Any, lemma: str) -> list[Cue]:
    if lemma not in JUDGING | SAYING | ATTITUDE | {"quote", "describe"}:
        return []
    for child in token.children:
        if child.dep_ in ("agent", "prep") and child.lower_ == "by":
            for target in child.children:
                if target.dep_ == "pobj" and _may_speak(target):
                    speaker = _mention(target)
                    if speaker is None:
                        return []
                    subjects = [t for t in token.children if t.dep_ in _SUBJECTS]
                    first = min((t.left_edge.i for t in subjects), default=token.i)
                    inside = [t for t in token.subtree if first <= t.i]
                    start, end = _span(inside)
                    return [Cue(token.idx, token.idx + len(token), start, end, speaker, token.text)]
    return []


def _subject(token: Any) -> Any:
    """Who does it: the verb's subject, or that of the verb it hangs on."""
    verb = token
    for _ in range(4):
        found = [child for child in verb.children if child.dep_ == "nsubj"]
        if found:
            subject = found[0]
            if subject.lower_ in ("who", "that", "which") and verb.dep_ == "relcl":
                return verb.head
            return subject
        if verb.dep_ == "acl" and verb.tag_ == "VBG":
            return verb.head
        if verb.dep_ not in ("conj", "advcl", "xcomp", "dep", "pcomp"):
            return None
        if verb.dep_ == "xcomp" and verb.tag_ == "VB" and verb.head.lower_ not in VERBS:
            # "went on to say", "was quick to add", not "asked them to say"
            if any(child.dep_ == "dobj" for child in verb.head.children):
                return None
        verb = verb.head
        if verb.pos_ not in ("VERB", "AUX"):
            return None
    return None


def _may_speak(token: Any) -> bool:
    if token.lower_ in NOBODY:
        return False
    if any(child.dep_ in ("det", "neg") and child.lower_ in ("no", "neither") for child in token.children):
        return False
    return token.pos_ in ("PROPN", "NOUN", "PRON", "ADJ", "NUM", "DET") or token.tag_ in ("NNP", "NN", "NNS", "CD")


def _is_someone(token: Any) -> bool:
    """Whether a subject is a person, office or state and no thing: by capitals, pronoun, entity or role."""
    from framing.voice.words import EXPERTS, MEDIA, OFFICIALS, RESIDENTS

    if token.lower_ in ("he", "she", "they") or token.tag_ in ("NNP", "NNPS") or token.ent_type_ in ("PERSON", "NORP"):
        return True
    roles = OFFICIALS | EXPERTS | RESIDENTS | MEDIA
    near = {token.lower_, *(child.lower_ for child in token.children if child.dep_ in ("compound", "amod", "poss"))}
    return (
        bool(near & roles)
        or token.lower_ in _GROUPS
        or any(t.ent_type_ in ("GPE", "NORP") for t in (token, *token.lefts))
    )


_GROUPS = word_set("groups group critics opposition activists leader leaders operator company side sides union")


def _clause(token: Any, lemma: str) -> tuple[int, int] | None:
    """What is said, as a clause that depends on the verb."""
    asks = lemma == "ask" and token.tag_ in ("VBD", "VBZ", "VBP")
    if (lemma not in SAYING | ATTITUDE | JUDGING and not asks) or (
        lemma == "work" and not any(c.lower_ == "out" for c in token.children)
    ):
        return None
    for child in token.children:
        if (
            child.dep_ == "xcomp"
            and lemma in ("recall", "describe", "admit", "deny", "recommend")
            and child.tag_ == "VBG"
        ):
            return _span(list(child.subtree))
        if child.dep_ == "ccomp" and any(
            c.dep_ == "nsubj" and c.lower_.endswith(("self", "selves")) for c in child.children
        ):
            return None
        if child.dep_ == "ccomp" or (child.dep_ == "advcl" and any(c.lower_ == "that" for c in child.children)):
            if lemma in ATTITUDE and child.pos_ not in ("VERB", "AUX"):
                continue
            return _span(list(child.subtree))
        if child.dep_ == "xcomp" and lemma in (
            "expect",
            "vow",
            "pledge",
            "promise",
            "threaten",
            "claim",
            "urge",
            "hope",
        ):
            return _span(list(child.subtree))
    if lemma == "accuse":
        return None
    # the parser sometimes hangs the whole sentence on the verb, or the verb on the sentence
    if lemma in SAYING and token.dep_ == "parataxis":
        return _before(token, None)
    for child in token.children:
        if child.dep_ == "dobj" and lemma in ("say", "believe", "note") and _has_verb(child):
            return _span(list(child.subtree))
    return None


def _has_verb(token: Any) -> bool:
    return any(t.pos_ in ("VERB", "AUX") for t in token.subtree)


def _judges(token: Any, lemma: str) -> bool:
    after = [child for child in token.children if child.i > token.i]
    deps = {child.dep_ for child in after}
    preps = {child.lower_ for child in after if child.dep_ == "prep"}
    if lemma == "speak":
        return "of" in preps and token.dep_ != "relcl"
    if lemma == "advise":
        return bool(deps & {"xcomp", "ccomp"})
    if lemma == "describe" and "xcomp" in deps | {c.dep_ for c in after}:
        return True
    if lemma == "call":
        return "oprd" in deps or "for" in preps
    if lemma in ("describe", "characterise", "characterize", "portray", "regard"):
        return "as" in preps
    if lemma in ("warn", "caution", "protest", "insist", "complain", "object"):
        return bool(preps & {"of", "against", "to", "about", "on"})
    if lemma in ("vow", "pledge", "threaten"):
        return bool(deps & {"xcomp", "ccomp", "dobj"})
    return bool(deps & {"dobj", "xcomp", "ccomp", "dative", "oprd"})


def _says_after(token: Any) -> bool:
    """Whether the verb closes its sentence after a comma: "Forty ships are waiting, the harbour master said"."""
    sentence = token.sent
    left = min(token.i, *(child.left_edge.i for child in token.children if child.dep_ == "nsubj"), token.i)
    if left - sentence.start < 4:
        return False
    before = token.doc[left - 1]
    return before.text in (",", "–", "—", "-")


def _before(token: Any, subject: Any) -> tuple[int, int] | None:
    left = min([token.i, *([subject.left_edge.i] if subject is not None and subject.i < token.i else [])])
    start, end = token.sent.start, left
    return _span([t for t in token.doc[start:end] if not t.is_space]) if end > start else None


def _span(tokens: list[Any]) -> tuple[int, int]:
    return min(t.idx for t in tokens), max(t.idx + len(t) for t in tokens)


def _mention(head: Any) -> Mention | None:
    """Name and description of the noun phrase at `head`."""
    doc = head.doc
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
    chosen = name_tokens or tokens[:_LONGEST_NAME]
    start, end = _span(chosen)
    text = doc.text[start:end].strip(' ,;:—–"“”‘')
    text = re.sub(r"(?:’s|'s|[’'])$", "", text) if chosen[-1].tag_ == "POS" else text
    low, high = _span(described)
    plural = head.tag_ in ("NNS", "NNPS") or head.lower_ in ("they", "their")
    person = bool(name_tokens) and (
        len(name_tokens) > 1 or (name_tokens[0].ent_type_ in ("PERSON", "") and head.dep_ in (*_SUBJECTS, "appos"))
    )
    if not text:
        return None
    return Mention(start, end, text, doc.text[low:high], head.dep_ in _SUBJECTS, plural, head.lower_, person)


def _phrase(head: Any) -> list[Any]:
    """The noun phrase without appositions and relative clauses, contiguous around its head."""
    kept = {head.i}
    for child in head.children:
        if child.i < head.i and child.dep_ in (*_KEPT, "nsubj", "appos", "acl"):
            kept.update(t.i for t in child.subtree if t.i < head.i)
        elif (
            (child.i > head.i and child.dep_ == "prep" and child.lower_ in _JOINING)
            or (child.i > head.i and child.dep_ == "acl" and child.lower_ in ("familiar", "briefed"))
            or (child.i > head.i and child.dep_ == "amod" and child.lower_ == "familiar")
            or (child.i > head.i and child.dep_ in ("cc", "conj"))
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


_JOINING = word_set("of in at from for on with to behind near")


def _person_name(tokens: list[Any], head: Any) -> list[Any]:
    """The name within "Swedish prosecutor Sofia Lindqvist", with a title such as Professor; empty if there is none."""
    if head.tag_ not in ("NNP", "NNPS"):
        return []
    from framing.voice.sides import read_sides

    run: list[Any] = []
    for token in reversed([t for t in tokens if t.i <= head.i]):
        if not token.text[:1].isupper() or token.lower_ in ("the", "a", "an"):
            if token.lower_ in _PARTICLES and run:
                run.insert(0, token)
                continue
            break
        run.insert(0, token)
    while run and run[0].lower_ in _PARTICLES:
        run = run[1:]
    sides = read_sides()
    text = head.doc.text
    cut = 0
    for place, token in enumerate(run):
        if (token.lower_ in _OFFICES and token.text not in TITLES) or token.text in sides.names:
            cut = place + 1
    run = run[cut:]
    while len(run) > 1 and (run[0].text.lower() in _OFFICES and run[0].text not in TITLES):
        run = run[1:]
    if not run or run[-1].i != head.i:
        return []
    if sides.found(text[run[0].idx : run[-1].idx + len(run[-1])]):
        return []
    named = [t for t in run if t.text.rstrip(".") not in TITLES]
    org = (
        head.ent_type_ in ("ORG", "GPE", "NORP", "FAC")
        and len(named) > 0
        and run[0].i > 0
        and head.nbor(-1).lower_ == "the"
    )
    return [] if org or not named else run


_PARTICLES = word_set("de da di von van der den la le al el bin ibn dos du del")
_OFFICES = word_set("""minister ministry spokesman spokeswoman spokesperson deputy prime foreign defence defense interior affairs
    secretary state president vice senior chief party department finance energy official mp mep commissioner commission
    council union national security adviser us parliament bank army embassy office""")
