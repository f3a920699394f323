"""Texts as a backend reads them: their tokens, and which of them are too long for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence, Sized
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from framing.encoders.batches import make_batches

__all__ = ["Backend", "BatchRunner", "ReadTexts", "Started", "TokenBackend", "TokenReader"]

Vectors = NDArray[np.float32]
Tokens = Sequence[Sequence[int]]


@dataclass(frozen=True)
class ReadTexts:
    """Texts, read.

    Attributes
    ----------
    texts : list of str
        As they were given, n of them.
    tokens : sequence of sequence of int
        Their tokens, cut where a text is too long; empty where the backend makes tokens itself.
    is_long : ndarray of bool, shape (n,)
        Which of them are longer than what the model reads at once.
    """

    texts: list[str]
    tokens: Tokens
    is_long: NDArray[np.bool_]

    def take(self, rows: NDArray[np.int64]) -> ReadTexts:
        """Take some of the texts.

        Parameters
        ----------
        rows : ndarray of int
            Their rows.

        Returns
        -------
        ReadTexts
            In that order.
        """
        if len(rows) == len(self.texts):
            return self
        tokens = [self.tokens[row] for row in rows] if self.tokens else ()
        return ReadTexts([self.texts[row] for row in rows], tokens, self.is_long[rows])


class Started:
    """Texts in batches that are being computed.

    Parameters
    ----------
    batches : sequence of sequence of int
        Rows of each batch.
    futures : sequence of Future
        Their vectors, in the same order.
    shape : tuple of int
        Of all vectors: n, width.
    """

    def __init__(
        self, batches: Sequence[Sequence[int]], futures: Sequence[Future[Vectors]], shape: tuple[int, int]
    ) -> None:
        self._batches, self._futures, self._shape = batches, futures, shape

    def result(self, done: Callable[[int], object] = lambda _: None) -> Vectors:
        """Wait for the vectors.

        Parameters
        ----------
        done : callable
            Is told after each batch how many texts it held.

        Returns
        -------
        ndarray of float32, shape (n, width)
            One a text.
        """
        vectors = np.zeros(self._shape, dtype=np.float32)
        for rows, future in zip(self._batches, self._futures, strict=True):
            vectors[rows] = future.result()
            done(len(rows))
        return vectors

    def cancel(self) -> None:
        """Leave out the batches that have not begun."""
        for future in self._futures:
            future.cancel()


class Backend(Protocol):
    """Computes the vectors of texts."""

    threads: int
    """Threads that compute."""

    width: int
    """Of a vector."""

    def read(self, texts: list[str]) -> ReadTexts:
        """Read texts; safe in several threads.

        Parameters
        ----------
        texts : list of str
            Length n.

        Returns
        -------
        ReadTexts
            The same texts with their tokens.
        """
        ...

    def start(self, texts: ReadTexts) -> Started:
        """Start to compute the vectors of texts.

        Parameters
        ----------
        texts : ReadTexts
            As `read` returned them.

        Returns
        -------
        Started
            Whose result has the shape (n, width) and vectors of any length.
        """
        ...


class TokenReader:
    """Tokens of texts by the file of a tokenizer.

    Parameters
    ----------
    path : Path
        tokenizer.json.
    most : int or None
        Tokens that the model reads at once; None where there is no limit.
    prompt : str, default ""
        Stands before each text.
    special : bool, default True
        Whether the tokenizer adds the tokens that begin and end a text.
    """

    def __init__(self, path: Path, most: int | None, *, prompt: str = "", special: bool = True) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        if most is not None:
            self._tokenizer.enable_truncation(most)
        self._prompt, self._special = prompt, special

    def __call__(self, texts: list[str]) -> ReadTexts:
        prompted = [self._prompt + text for text in texts] if self._prompt else texts
        read = self._tokenizer.encode_batch_fast(prompted, add_special_tokens=self._special)
        is_long = np.fromiter((bool(item.overflowing) for item in read), dtype=bool, count=len(read))
        return ReadTexts(texts, [item.ids for item in read], is_long)


class BatchRunner:
    """Computes texts in batches of like length, several batches at a time.

    Parameters
    ----------
    compute : callable
        Vectors of the tokens of a batch.
    most : int
        Tokens of a batch, padding included.
    workers : int
        Batches computed at the same time.
    most_texts : int, optional
        Texts of a batch; by default as many as have so many tokens.
    """

    def __init__(
        self, compute: Callable[[Any], Vectors], *, most: int, workers: int, most_texts: int | None = None
    ) -> None:
        self._compute, self._most, self._most_texts = compute, most, most_texts
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="encode")

    def start(self, tokens: Sequence[Sized], width: int) -> Started:
        """Start to compute the vectors of texts.

        Parameters
        ----------
        tokens : sequence
            The tokens of each of n texts, in a form that `compute` reads and that has a length.
        width : int
            Of a vector.

        Returns
        -------
        Started
            Whose result has the shape (n, width).
        """
        batches = list(make_batches([len(ids) for ids in tokens], self._most, most_texts=self._most_texts))
        futures = [self._pool.submit(self._compute, [tokens[row] for row in rows]) for rows in batches]
        return Started(batches, futures, (len(tokens), width))


class TokenBackend(ABC):
    """Computes the vectors of texts from their tokens, in batches; what a batch is computed by says a subclass.

    Parameters
    ----------
    read : callable
        Reads texts.
    width : int
        Of a vector.
    most : int
        Tokens of a batch, padding included.
    workers : int
        Batches computed at the same time.
    """

    def __init__(self, read: Callable[[list[str]], ReadTexts], width: int, *, most: int, workers: int) -> None:
        self.read, self.width = read, width
        self._runner = BatchRunner(self._compute, most=most, workers=workers)

    def start(self, texts: ReadTexts) -> Started:
        """Start to compute the vectors of texts.

        Parameters
        ----------
        texts : ReadTexts
            As `read` returned them.

        Returns
        -------
        Started
            The vectors.
        """
        return self._runner.start(texts.tokens, self.width)

    @abstractmethod
    def _compute(self, tokens: Tokens) -> Vectors:
        """Vectors of the texts of a batch."""
