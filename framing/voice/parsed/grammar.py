"""Who a verb is said of, and whether that is somebody who can speak."""

from __future__ import annotations

from typing import Any

from framing.voice.words import NOBODY, PERSONS, word_set

__all__ = ["can_speak", "is_someone", "subject_of"]

_AGENTS = ("ists", "ians", "eers", "makers", "workers", "holders", "keepers", "goers", "men", "women", "owners")
_THINGS = word_set("no_agents")


def subject_of(token: Any) -> Any:
    """Who does it: the verb's subject, or that of the verb it hangs on."""
    verb = token
    for _ in range(4):
        kinds = ("nsubj",) if verb is token else ("nsubj", "nsubjpass")  # was asked and said
        found = [child for child in verb.children if child.dep_ in kinds]
        if found:
            before = [child for child in found if child.i < token.i]
            subject = before[-1] if before else found[0]  # what opens the line before a colon is not the subject
            if subject.lower_ in ("who", "that", "which") and verb.dep_ == "relcl":
                return verb.head
            return subject
        if verb.dep_ == "acl" and verb.tag_ == "VBG":
            return verb.head
        if verb.dep_ not in ("conj", "advcl", "xcomp", "dep", "pcomp"):
            return None
        verb = verb.head
        if not verb.tag_.startswith("VB"):
            return None
    return None


def can_speak(token: Any) -> bool:
    """Whether a subject stands for anybody: "nobody", "no minister", "this" and "few" do not."""
    if token.lower_ in NOBODY:
        return False
    if any(child.dep_ in ("det", "neg") and child.lower_ in ("no", "neither") for child in token.children):
        return False
    if any(child.lower_ == "few" for child in token.lefts):
        return False
    return str(token.tag_)[:2] in ("NN", "PR", "JJ", "CD", "DT")


def is_someone(token: Any) -> bool:
    """Whether a subject is a person, office or state and no thing: by capitals, pronoun, entity or role."""
    if token.lower_ in ("he", "she", "they") or token.tag_ in ("NNP", "NNPS") or token.ent_type_ in ("PERSON", "NORP"):
        return True
    near = {token.lower_, *(child.lower_ for child in token.children if child.dep_ in ("compound", "amod", "poss"))}
    if token.tag_ == "NNS" and token.lower_.endswith(_AGENTS) and token.lower_ not in _THINGS:
        return True
    return bool(near & PERSONS) or any(t.ent_type_ in ("GPE", "NORP", "ORG") for t in (token, *token.lefts))
