"""Labelled texts that tests share."""

from __future__ import annotations

import numpy as np

from framing.classify.tuned.plan import TuningPlan
from tests.tiny import SPORT, TRADE, WAR

TOPICS = [WAR, TRADE, SPORT]
FEW = TuningPlan(objective="classification", min_steps=3, max_steps=6)


def one_hot(*columns: int, k: int = 3) -> np.ndarray:
    return np.eye(k, dtype=bool)[list(columns)]


def labelled(n: int, *, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """Texts made of words of one topic each, and which topic."""
    generator = np.random.default_rng(seed)
    topics = np.arange(n) % 3
    words = [" ".join(texts).replace(".", "").split() for texts in TOPICS]
    return [" ".join(generator.choice(words[topic], 9)) for topic in topics], one_hot(*topics)
