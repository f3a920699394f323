"""Vectors of texts stored by content hash, so that no text is encoded twice; safe under kills and two writers.

On a local disk they are in one SQLite file, on a network file system in Parquet parts (`framing.encoders.vectors`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framing.encoders.vectors.parts_shelf import open_parts
from framing.encoders.vectors.rows import Bytes, Found
from framing.encoders.vectors.shelf import Kind, Shelf, choose_kind, find_limit
from framing.encoders.vectors.sqlite_shelf import open_file

__all__ = ["VectorStore"]


class VectorStore:
    """A vector for each text, under the name of the model that made it.

    Encoders store embeddings in it, the NLI scorer the evidence for each frame of a codebook. The first vector stored
    for a text stays: results differ in the last bits between batch sizes, and a rerun must see the same numbers.
    What is damaged is set aside with a warning and computed again; where nothing can be stored, as on a full disk,
    the work goes on with a warning. Over its limit, the vectors whose last use is longest ago go first.

    Parameters
    ----------
    path : path
        The SQLite file; it need not exist. Parts are in a folder beside it, whose name ends in `.parts`.
    kind : {"sqlite", "parts"}, optional
        By default what FRAMING_STORE says, else parts on a network file system.

    Attributes
    ----------
    path : Path
        As given.
    """

    def __init__(self, path: str | Path, *, kind: Kind | None = None) -> None:
        self.path = Path(path)
        self._kind = kind
        self._shelf: Shelf | None = None

    @property
    def shelf(self) -> Shelf:
        """Where the vectors are.

        Returns
        -------
        Shelf
            Of the kind that suits the file system.

        Raises
        ------
        InputError
            If FRAMING_STORE or FRAMING_STORE_LIMIT is not what it can be.
        """
        if self._shelf is None:
            find_limit(self.path.parent)  # a limit that is none is refused before anything is computed
            kind = self._kind or choose_kind(self.path)
            self._shelf = open_file(self.path) if kind == "sqlite" else open_parts(self.path.with_suffix(".parts"))
        return self._shelf

    def get_rows(self, model: str, texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Read the vectors of many texts.

        Parameters
        ----------
        model : str
            Name of what made them: a fingerprint, and for NLI the question.
        texts : sequence of str
            Length n.

        Returns
        -------
        rows : ndarray of int, shape (m,)
            Which of the texts are known, in any order.
        vectors : ndarray of float32, shape (m, d)
            Their vectors; shape `(0, 0)` where none is known.

        Raises
        ------
        FramingError
            If the store is none, or vectors of several lengths are stored under one model.
        """
        return self._find(model, texts)

    def get(self, model: str, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Read the vectors of texts.

        Parameters
        ----------
        model : str
            Name of what made them: a fingerprint, and for NLI the question.
        texts : sequence of str
            Texts.

        Returns
        -------
        dict of str to ndarray, shape (d,)
            Of those texts that are known.
        """
        rows, vectors = self._find(model, texts)
        return {texts[row]: vector for row, vector in zip(rows.tolist(), vectors, strict=True)}

    def put(self, model: str, texts: Sequence[str], vectors: NDArray[np.float32], *, encoder: str = "") -> None:
        """Store the vectors of texts; those already there stay as they are.

        Parameters
        ----------
        model : str
            Name of what made them.
        texts : sequence of str
            Length n.
        vectors : ndarray, shape (n, d)
            One a text.
        encoder : str
            Name of the encoder that `framing store` shows.

        Raises
        ------
        ValueError
            Unless there is one vector a text.
        """
        if len(texts) != len(vectors):
            raise ValueError(f"{len(texts)} texts, but {len(vectors)} vectors")
        if len(texts):
            self.shelf.add(model, encoder, _hash(model, texts), np.asarray(vectors, dtype=np.float32))

    def __len__(self) -> int:
        return self.shelf.count()

    def _find(self, model: str, texts: Sequence[str]) -> Found:
        return self.shelf.find(model, _hash(model, texts))


def _hash(model: str, texts: Sequence[str]) -> Bytes:
    """sha256 of model and text, shape `(n, 32)`."""
    start = hashlib.sha256(f"{model}\x1f".encode("utf-8", "surrogatepass"))
    digests = []
    for text in texts:
        digest = start.copy()
        digest.update(text.encode("utf-8", "surrogatepass"))
        digests.append(digest.digest())
    return np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, 32)
