"""What a language model was asked, as a record beside results: versions, prompts, parameters, counts, cost."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from framing.classify.llm import LlmScorer
from framing.llm.costs import describe_cost
from framing.llm.questions import SEED, TEMPERATURE

__all__ = ["LanguageModelFacts", "describe_language_model", "list_remarks"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VersionFacts(_Record):
    """A version of the model, as the server named it, and the number of its answers."""

    model: str
    fingerprint: str
    answers: int


class PromptFacts(_Record):
    """A prompt: the frame that it asks for (empty: all), its hash, and all of its words."""

    frame: str
    hash: str
    system: str


class LanguageModelFacts(_Record):
    """The language model that scored; neither address nor key is in it.

    Attributes
    ----------
    model : str
        Name that was asked for.
    versions : tuple of VersionFacts
        What the server answered with.
    mode : {"all", "one"}
        All frames at once, or one by one.
    scores : str
        What the scores are.
    parameters : dict
        Temperature and seed as they were sent (None: the server took none), and what held answers to their form.
    prompts : tuple of PromptFacts
        What it was told, word by word.
    asked, known_before : int
        Questions that were asked, and those whose answers were in the cache.
    failures : dict of str to int
        Questions without an answer, by reason.
    redacted : int
        Replacements in texts before they were sent.
    tokens_in, tokens_out : int
        Tokens of all of these questions and answers.
    cost : float or None
        What they cost; None without prices.
    """

    model: str
    versions: tuple[VersionFacts, ...]
    mode: str
    scores: str
    parameters: dict[str, float | str | None]
    prompts: tuple[PromptFacts, ...]
    asked: int
    known_before: int
    failures: dict[str, int]
    redacted: int
    tokens_in: int
    tokens_out: int
    cost: float | None


def describe_language_model(scorer: object) -> LanguageModelFacts | None:
    """Describe the language model of a scorer.

    Parameters
    ----------
    scorer : object
        Any scorer, after it scored.

    Returns
    -------
    LanguageModelFacts or None
        None for a scorer of another kind.
    """
    if not isinstance(scorer, LlmScorer):
        return None
    model = scorer.model_
    sent = model.features.temperature
    return LanguageModelFacts(
        model=model.name,
        versions=tuple(
            VersionFacts(model=name, fingerprint=fingerprint, answers=n)
            for (name, fingerprint), n in sorted(model.versions.items())
        ),
        mode=scorer.mode,
        scores=scorer.describe_scores(),
        parameters={
            "temperature": TEMPERATURE if sent else None,
            "seed": SEED if sent else None,
            "form": model.features.form or "none: answers are checked here alone",
        },
        prompts=tuple(
            PromptFacts(frame=prompt.frame, hash=prompt.hash, system=prompt.system) for prompt in scorer.prompts_
        ),
        asked=model.n_asked,
        known_before=model.n_known,
        failures=dict(model.failures.most_common()),
        redacted=scorer.n_redacted_,
        tokens_in=model.tokens_in,
        tokens_out=model.tokens_out,
        cost=model.cost,
    )


def list_remarks(facts: LanguageModelFacts, *, n_texts: int, n_failed: int, what: str = "passages") -> Iterator[str]:
    """List what a user should know of the answers.

    Parameters
    ----------
    facts : LanguageModelFacts
        The record.
    n_texts, n_failed : int
        Texts, and those without a score.
    what : str, default "passages"
        What they are, a plural.

    Yields
    ------
    str
        A sentence.
    """
    cost = describe_cost(facts.cost)
    if facts.cost is not None and n_texts:
        cost += f" ({1000 * facts.cost / n_texts:.2f} a thousand {what})"
    yield (
        f"{facts.model}: {facts.asked:,} questions asked, {facts.known_before:,} answered before; "
        f"{facts.tokens_in:,} tokens in, {facts.tokens_out:,} out, {cost}; scores are {facts.scores}: exploratory"
    )
    names = sorted({f"{item.model} {item.fingerprint}".strip() for item in facts.versions} - {""})
    if len(names) > 1:
        counts = ", ".join(f"{item.model} {item.fingerprint}".strip() + f" {item.answers:,}" for item in facts.versions)
        yield f"WARNING: the server answered with {len(names)} versions of the model: {counts}"
    if facts.redacted:
        yield f"{facts.redacted:,} places in the texts were replaced before these were sent"
    if n_failed:
        first = "; ".join(f"{reason} ({n:,})" for reason, n in list(facts.failures.items())[:3])
        yield f"{n_failed:,} of {n_texts:,} {what} have no score: {first}"
