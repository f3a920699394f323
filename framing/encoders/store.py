"""Vectors of texts stored by content hash in one SQLite file, safe under a crash and two writers.

WAL mode needs a local disk: point FRAMING_CACHE at one where the home folder is on the network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.files.cache import KeptValues

__all__ = ["VectorStore"]


class VectorStore(KeptValues):
    """A vector for each text, under the name of the model that made it.

    Encoders store embeddings in it, the NLI scorer the evidence for each frame of a codebook. The first vector stored
    for a text stays: results differ in the last bits between batch sizes, and a rerun must see the same numbers.

    Parameters
    ----------
    path : path
        The SQLite file; it need not exist.
    """

    table, value, what = "embeddings", "vector BLOB", "store of vectors"

    def get(self, model: str, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Read the vectors of texts.

        Parameters
        ----------
        model : str
            Name of what made them: a fingerprint, and for NLI the question.
        texts : sequence of str
            Texts, each once.

        Returns
        -------
        dict of str to ndarray, shape (d,)
            Of those texts that are known.
        """
        keys = {_key(model, text): text for text in texts}
        return {keys[key]: np.frombuffer(vector, dtype="<f4") for key, vector in self.known(list(keys))}

    def put(self, model: str, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store the vectors of texts; those already there stay as they are.

        Parameters
        ----------
        model : str
            Name of what made them.
        texts : sequence of str
            Length n.
        vectors : ndarray, shape (n, d)
            One a text.

        Raises
        ------
        ValueError
            Unless there is one vector a text.
        """
        if len(texts) != len(vectors):
            raise ValueError(f"{len(texts)} texts, but {len(vectors)} vectors")
        rows = [
            (_key(model, text), np.ascontiguousarray(vector, dtype="<f4").tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        self.keep(rows)


def _key(model: str, text: str) -> bytes:
    return hashlib.sha256(f"{model}\x1f{text}".encode("utf-8", "surrogatepass")).digest()
