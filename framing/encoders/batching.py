"""New texts in windows of like length, encoded and stored one after another while the next ones are read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from framing.encoders.agreement import unit_length
from framing.encoders.backends.reading import Backend, ReadTexts, Started
from framing.encoders.batches import read_ahead
from framing.encoders.windows import split_long

__all__ = ["Windows"]

_WINDOW_TEXTS = 1024  # read, encoded and stored together: a stopped run loses at most some of these
_LONG_TEXTS = 256  # cut into pieces together
_THREADS_AHEAD = 16  # for so many threads that encode, one more window is read ahead

Vectors = NDArray[np.float32]


def _ignore(_: int) -> None:
    """Pieces of a text are not counted, the text is."""


class Windows:
    """Windows of new texts, encoded one after another while the next ones are read, and stored as they are done.

    Parameters
    ----------
    backend : Backend
        What reads and computes.
    find_long : callable
        Which texts are longer than what the model reads at once.
    find_stored : callable
        Vectors of those texts that the store has.
    store : callable
        Stores texts with their vectors.
    """

    def __init__(
        self,
        backend: Backend,
        find_long: Callable[[Sequence[str]], NDArray[np.bool_]],
        find_stored: Callable[[list[str]], dict[str, Vectors]],
        store: Callable[[list[str], Vectors], None],
    ) -> None:
        self._backend, self._find_long, self._find_stored, self._store = backend, find_long, find_stored, store

    def encode(
        self, texts: Sequence[str], known: Callable[[str], Vectors], done: Callable[[int], object]
    ) -> Iterator[tuple[list[str], Vectors]]:
        """Encode texts: first those that the model reads at once, then the others from their pieces.

        Parameters
        ----------
        texts : sequence of str
            Each once. Which are computed together follows from the texts alone.
        known : callable
            The vector of a text that was encoded before: of those given, or of those that this iterator gave.
        done : callable
            Is told how many more texts are encoded.

        Yields
        ------
        texts : list of str
            Some of the texts.
        vectors : ndarray of float32, shape (n, d)
            Theirs, of unit length; stored before.
        """
        long: list[str] = []
        given = set(texts)
        for read, rows, vectors in self._compute(texts, done):
            short = [read.texts[row] for row in rows]
            self._store(short, vectors)
            long += [text for text, is_long in zip(read.texts, read.is_long, strict=True) if is_long]
            if short:
                yield short, vectors
        given -= set(long)
        for start in range(0, len(long), _LONG_TEXTS):
            part = long[start : start + _LONG_TEXTS]
            vectors = self._join_pieces(part, lambda piece: known(piece) if piece in given else None)
            self._store(part, vectors)
            done(len(part))
            yield part, vectors

    def _join_pieces(self, texts: list[str], known: Callable[[str], Vectors | None]) -> Vectors:
        """Vectors of texts that are too long: means of their pieces, at unit length."""
        pieces, owners = split_long(texts, self._find_long)
        vector_of = {piece: vector for piece in pieces if (vector := known(piece)) is not None}
        vector_of |= self._find_stored(list(dict.fromkeys(piece for piece in pieces if piece not in vector_of)))
        for read, _, vectors in self._compute([piece for piece in pieces if piece not in vector_of]):
            self._store(read.texts, vectors)
            vector_of |= dict(zip(read.texts, vectors, strict=True))
        joined = np.zeros((len(texts), len(vector_of[pieces[0]])), dtype=np.float32)
        np.add.at(joined, owners, np.stack([vector_of[piece] for piece in pieces]))
        is_split = np.bincount(owners, minlength=len(texts)) > 1
        joined[is_split] = unit_length(joined[is_split])
        return joined

    def _compute(
        self, texts: Iterable[str], done: Callable[[int], object] | None = None
    ) -> Iterator[tuple[ReadTexts, NDArray[np.int64], Vectors]]:
        """Windows of texts, the rows of those that are not too long (of pieces, without `done`, all), their vectors."""
        order = sorted(set(texts), key=lambda text: (len(text), text))
        windows = [order[start : start + _WINDOW_TEXTS] for start in range(0, len(order), _WINDOW_TEXTS)]
        ahead = 1 + self._backend.threads // _THREADS_AHEAD
        started: deque[tuple[ReadTexts, NDArray[np.int64], Started]] = deque()
        try:
            for read in read_ahead(windows, self._backend.read, threads=ahead):
                rows = np.flatnonzero(~read.is_long | (done is None))
                started.append((read, rows, self._backend.start(read.take(rows))))
                if len(started) > ahead:
                    read, rows, running = started.popleft()
                    yield read, rows, unit_length(running.result(done or _ignore))
            while started:
                read, rows, running = started.popleft()
                yield read, rows, unit_length(running.result(done or _ignore))
        finally:
            for _, _, running in started:
                running.cancel()
