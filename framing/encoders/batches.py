"""Batches of texts by their tokens, and parts of a computation that are read ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["make_batches", "pad", "read_ahead"]

_Part = TypeVar("_Part")
_Read = TypeVar("_Read")


def make_batches(lengths: Sequence[int], most: int, *, most_texts: int | None = None) -> Iterator[list[int]]:
    """Put texts of like length together.

    Parameters
    ----------
    lengths : sequence of int
        Tokens of each text.
    most : int
        Tokens of a batch, padding included; a text that is longer is a batch of its own.
    most_texts : int, optional
        Texts of a batch; by default any number.

    Yields
    ------
    list of int
        Rows of a batch, from short to long. Which texts are in it follows from the lengths alone.

    Examples
    --------
    >>> list(make_batches([5, 2, 9, 2], 8))
    [[1, 3], [0], [2]]
    """
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and ((len(batch) + 1) * lengths[row] > most or len(batch) == most_texts):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def pad(tokens: Sequence[Sequence[int]], padding: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Write the tokens of texts into one array.

    Parameters
    ----------
    tokens : sequence of sequence of int
        Tokens of n texts.
    padding : int
        Token after the end of a text.

    Returns
    -------
    ids : ndarray of int, shape (n, longest)
        Tokens.
    mask : ndarray of int, shape (n, longest)
        1 for a token, 0 for padding.

    Examples
    --------
    >>> pad([[7], [8, 9]], 0)[0].tolist()
    [[7, 0], [8, 9]]
    """
    lengths = np.array([len(ids) for ids in tokens])
    mask = np.arange(lengths.max(initial=0)) < lengths[:, None]
    ids = np.full(mask.shape, padding, dtype=np.int64)
    ids[mask] = np.concatenate([np.asarray(ids, dtype=np.int64) for ids in tokens])
    return ids, mask.astype(np.int64)


def read_ahead(parts: Iterable[_Part], read: Callable[[_Part], _Read], *, threads: int = 1) -> Iterator[_Read]:
    """Read parts in threads, while the reader of this iterator works on the part before.

    Parameters
    ----------
    parts : iterable
        What is read.
    read : callable
        Reads one part.
    threads : int, default 1
        Parts read at the same time; as many are read ahead, and no more.

    Yields
    ------
    object
        What `read` returned, in the order of the parts.
    """
    with ThreadPoolExecutor(threads, thread_name_prefix="read-ahead") as pool:
        coming: deque[Future[_Read]] = deque()
        for part in parts:
            coming.append(pool.submit(read, part))
            if len(coming) > threads:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
