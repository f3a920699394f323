"""The probability of yes from the log-probabilities of the tokens of an answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

__all__ = ["find_probability"]

_STRIP = " \t\r\n\"'`.,:{}▁Ġ"  # around a word in a token; the last two are marks of a leading space


def find_probability(tokens: object, answer: str) -> float | None:
    """Find the probability that a model gave to yes, against no.

    Parameters
    ----------
    tokens : object
        The part `logprobs.content` of a choice: a list of tokens of the answer, each with `token`, `logprob` and
        `top_logprobs`. Anything else, and odd numbers in it, count as not given.
    answer : {"yes", "no"}
        What was answered.

    Returns
    -------
    float or None
        From 0 to 1; None where it cannot be known: no numbers, or no token at which yes and no part.

    Notes
    -----
    At the first token that begins the answer, the probabilities of all listed tokens that begin `yes` are added up,
    likewise those of `no` (`y` and `ye` begin it, `yesterday` does not). `P = p_yes / (p_yes + p_no)`. A word that is
    not among the listed tokens has at most what these leave, and at most the least of the listed ones; the smaller of
    both is taken, so that a probability is never surer than the list allows.

    Examples
    --------
    >>> top = [{"token": "yes", "logprob": math.log(0.6)}, {"token": "no", "logprob": math.log(0.2)}]
    >>> round(find_probability([{"token": "yes", "logprob": math.log(0.6), "top_logprobs": top}], "yes"), 3)
    0.75
    """
    if not isinstance(tokens, Sequence) or isinstance(tokens, str):
        return None
    known = [token for token in tokens if isinstance(token, dict) and isinstance(token.get("token"), str)]
    value_from = "".join(token["token"] for token in known).rfind(":") + 1  # before it stands the name of the key
    place = 0
    for token in known:
        place += len(token["token"])
        if place > value_from and _begins(token["token"]) == answer:
            return _compare(token)
    return None


def _compare(token: dict[str, Any]) -> float | None:
    """Probability of yes at a token."""
    listed = token.get("top_logprobs")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    if not any(item.get("token") == token.get("token") for item in items):
        items.append(token)
    found: dict[str, float] = {}
    for item in items:
        chance = _read_chance(item.get("logprob"))
        name = item.get("token")
        if chance is not None and isinstance(name, str) and name not in found:
            found[name] = chance
    if len(found) < 2:  # nothing to compare with
        return None
    total = sum(found.values())
    if total > 1.01:  # no distribution
        return None
    sums = {word: sum(chance for name, chance in found.items() if _begins(name) == word) for word in ("yes", "no")}
    rest = min(max(1 - total, 0.0), min(found.values()))
    yes, no = (value if value > 0 else rest for value in (sums["yes"], sums["no"]))
    return yes / (yes + no) if yes + no > 0 else None


def _begins(token: object) -> str:
    """Which of the words a token begins; empty for neither."""
    word = token.strip(_STRIP).lower() if isinstance(token, str) else ""
    return next((name for name in ("yes", "no") if word and name.startswith(word)), "")


def _read_chance(value: object) -> float | None:
    """A probability from its logarithm; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value) or value > 1e-6:
        return None
    return math.exp(min(value, 0.0))
