"""Static embeddings: a vector for each token of a vocabulary, and their mean; no layer is computed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framing.encoders.backends.layout import STATIC_VECTORS, StaticLayout
from framing.encoders.backends.reading import TokenBackend, TokenReader, Tokens, Vectors

__all__ = ["StaticBackend"]

_BATCH_TOKENS = 32768  # bounds the memory of their vectors


class StaticBackend(TokenBackend):
    """Means of the vectors of tokens, with numpy alone; the vector of a text without a token is 0.

    Parameters
    ----------
    layout : StaticLayout
        Where the vectors are.

    Attributes
    ----------
    threads : int
        1.
    width : int
        Of a vector.
    """

    threads = 1

    def __init__(self, layout: StaticLayout) -> None:
        self._rows = _read_rows(layout.weights)
        reader = TokenReader(layout.tokenizer, None, special=False)
        super().__init__(reader, self._rows.shape[1], most=_BATCH_TOKENS, workers=self.threads)

    def _compute(self, tokens: Tokens) -> Vectors:
        lengths = np.array([len(ids) for ids in tokens])
        vectors = np.zeros((len(tokens), self.width), dtype=np.float32)
        filled = np.flatnonzero(lengths)
        if len(filled):
            ids = np.concatenate([np.asarray(tokens[row], dtype=np.int64) for row in filled.tolist()])
            starts = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
            vectors[filled] = np.add.reduceat(self._rows[ids], starts, axis=0) / lengths[filled, None]
        return vectors


def _read_rows(path: Path) -> NDArray[np.float32]:
    """Vectors of the tokens."""
    from safetensors import safe_open

    with safe_open(str(path), framework="numpy") as weights:
        return np.asarray(weights.get_tensor(STATIC_VECTORS), dtype=np.float32)
