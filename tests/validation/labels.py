"""Labels, decisions and scores that several tests of validation share."""

from __future__ import annotations

import numpy as np

# Frame a: 2 hits, 1 false alarm, 1 miss.   precision 2/3, recall 2/3, F1 4/6.
# Frame b: 0 hits, 0 false alarms, 2 misses. precision 0/0, recall 0, F1 0.
# Frame c: never used by anyone.             all 0/0.
# Macro F1: mean of 2/3 and 0, 1/3. Micro: 2 hits, 1 false alarm, 3 misses: 2/3, 2/5, 4/8.
FRAMES = ["a", "b", "c"]
GOLD = np.array([[1, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=bool)
DECIDED = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 0], [1, 0, 0], [0, 0, 0]], dtype=bool)
SCORES = np.where(DECIDED, 0.9, 0.1)
DOCUMENTS = ["x", "x", "y", "y", "z"]


def random_labels(n: int, k: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Labels that follow their scores, three passages a document."""
    generator = np.random.default_rng(11)
    scores = generator.random((n, k))
    return generator.random((n, k)) < scores, scores, [str(number // 3) for number in range(n)]
