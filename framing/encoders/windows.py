"""Texts that are longer than what a model reads at once: found, and cut into pieces that it reads to their end."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.corpus.sentences import split_sentences
from framing.encoders.weights import one_tokenizer_thread

__all__ = [
    "TokenWindow",
    "count_window",
    "find_long",
    "join_pieces",
    "read_json",
    "read_kind",
    "read_window",
    "split_long",
    "take_best",
]

_BATCH_TEXTS = 2048
_WORD_START = re.compile(r"(?<=\s)\S|(?<=[。！？；，、])")

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class TokenWindow:
    """How much text a model reads at once; it ignores what follows.

    Attributes
    ----------
    most : int or None
        Tokens, those that the model adds included; None where there is no limit.
    count_tokens : callable
        Number of tokens of each text, those that the model adds included.
    """

    most: int | None
    count_tokens: Callable[[list[str]], list[int]]

    def find_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Find the texts that the model does not read to their end.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for longer ones.
        """
        is_long = np.zeros(len(texts), dtype=bool)
        if self.most is None:
            return is_long
        rows = [row for row, text in enumerate(texts) if not self._is_short(text)]
        for start in range(0, len(rows), _BATCH_TEXTS):
            part = rows[start : start + _BATCH_TEXTS]
            with one_tokenizer_thread():
                is_long[part] = np.array(self.count_tokens([texts[row] for row in part])) > self.most
        return is_long

    def _is_short(self, text: str) -> bool:
        """Whether it fits without counting: a token of ASCII has a character at least."""
        assert self.most is not None
        return 2 * len(text) <= self.most and text.isascii()


def read_window(folder: Path, prompt: str = "") -> TokenWindow | None:
    """Read the window of a sentence-transformers folder without loading the model.

    Parameters
    ----------
    folder : Path
        Folder of the model.
    prompt : str
        Stands before each text.

    Returns
    -------
    TokenWindow or None
        None where the files do not say, so that the model must be loaded.
    """
    kind = read_kind(folder)
    if kind == "StaticEmbedding":
        return TokenWindow(None, lambda texts: [0] * len(texts))
    options = read_json(folder / "sentence_bert_config.json")
    if kind != "Transformer" or not (folder / "tokenizer.json").is_file() or options.get("do_lower_case"):
        return None
    limits = [options.get("max_seq_length")]
    if not isinstance(limits[0], int):
        limits = [
            read_json(folder / "tokenizer_config.json").get("model_max_length"),
            read_json(folder / "config.json").get("max_position_embeddings"),
        ]
    known = [int(limit) for limit in limits if isinstance(limit, int | float) and limit > 0]
    if not known:
        return None
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def count_tokens(texts: list[str]) -> list[int]:
        return [len(item.ids) for item in tokenizer.encode_batch_fast([prompt + text for text in texts])]

    return TokenWindow(min(known), count_tokens)


def read_kind(folder: Path) -> str:
    """Read what the first module of a sentence-transformers folder is.

    Parameters
    ----------
    folder : Path
        Folder of the model.

    Returns
    -------
    str
        Name of its class, for instance `Transformer`; empty where the folder lists no modules.
    """
    modules = read_json(folder / "modules.json")
    return str(modules[0].get("type", "")).rpartition(".")[2] if isinstance(modules, list) and modules else ""


def read_json(path: Path) -> Any:
    """Read a file of a model's configuration.

    Parameters
    ----------
    path : Path
        The file, in JSON.

    Returns
    -------
    object
        Its content; an empty record where there is no file.
    """
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def count_window(model: Any) -> TokenWindow:
    """Window of a loaded sentence-transformers model.

    Parameters
    ----------
    model : SentenceTransformer
        The model.

    Returns
    -------
    TokenWindow
        Without a limit where the model names none.
    """
    most, tokenizer = model.max_seq_length, getattr(model, "tokenizer", None)
    if most is None or math.isinf(most) or not callable(tokenizer):
        return TokenWindow(None, lambda texts: [0] * len(texts))
    prompt = (model.prompts or {}).get(model.default_prompt_name, "")

    def count_tokens(texts: list[str]) -> list[int]:
        found = tokenizer([prompt + text for text in texts], truncation=False, padding=False, verbose=False)
        return [len(ids) for ids in found["input_ids"]]

    return TokenWindow(int(most), count_tokens)


def find_long(encoder: object, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Find the texts that an encoder does not read to their end.

    Parameters
    ----------
    encoder : Encoder
        One without a method `find_long` is taken to read all of a text.
    texts : sequence of str
        Length n.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for longer ones.
    """
    method: Callable[[Sequence[str]], NDArray[np.bool_]] | None = getattr(encoder, "find_long", None)
    return np.zeros(len(texts), dtype=bool) if method is None else method(texts)


def split_long(texts: Sequence[str], find_long: Callable[[Sequence[str]], NDArray[np.bool_]]) -> tuple[list[str], Rows]:
    """Cut the texts that are too long into pieces that are not.

    Parameters
    ----------
    texts : sequence of str
        Length n.
    find_long : callable
        Says of each text whether it is too long.

    Returns
    -------
    pieces : list of str
        Of all texts in order; a text that fits is its own piece, unchanged.
    owners : ndarray of int
        Row of the text that each piece belongs to, ascending.

    Notes
    -----
    A text is halved at the beginning of the sentence next to its middle, and its halves likewise until they fit: pieces
    of one text have about the same length. A sentence that is too long is halved between words, a word within.

    Examples
    --------
    >>> window = TokenWindow(3, lambda texts: [len(text.split()) for text in texts])
    >>> pieces, owners = split_long(["War.", "War came. Peace went."], window.find_long)
    >>> pieces, owners.tolist()
    (['War.', 'War came.', 'Peace went.'], [0, 1, 1])
    """
    pieces, owners = list(texts), np.arange(len(texts), dtype=np.int64)
    is_open = np.ones(len(pieces), dtype=bool)
    while is_open.any():
        rows = np.flatnonzero(is_open)
        too_long = np.zeros(len(pieces), dtype=bool)
        too_long[rows] = find_long([pieces[row] for row in rows])
        halves = [_halve(piece) if too_long[row] else (piece,) for row, piece in enumerate(pieces)]
        sizes = np.array([len(parts) for parts in halves])
        pieces = [part for parts in halves for part in parts]
        owners, is_open = np.repeat(owners, sizes), np.repeat(sizes > 1, sizes)
    return pieces, owners


def _halve(text: str) -> tuple[str, ...]:
    """Two halves of a text, or the text where it cannot be parted."""
    starts = [start for start, _ in split_sentences(text)][1:]
    for places in (starts, [match.start() for match in _WORD_START.finditer(text)], range(1, len(text))):
        for place in sorted(places, key=lambda start: abs(2 * start - len(text)))[:1]:
            halves = tuple(half for half in (text[:place].strip(), text[place:].strip()) if half)
            if len(halves) > 1:
                return halves
    return (text,)


def take_best(scores: NDArray[np.float64], owners: Rows, otherwise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take for each text and frame the highest score of its pieces.

    Parameters
    ----------
    scores : ndarray, shape (m, K)
        Scores of pieces.
    owners : ndarray of int, shape (m,)
        Row of the text that each piece belongs to.
    otherwise : ndarray, shape (n, K)
        Scores of texts without a piece.

    Returns
    -------
    ndarray, shape (n, K)
        One row a text.

    Examples
    --------
    >>> take_best(np.array([[0.1], [0.7]]), np.array([1, 1]), np.array([[0.2], [0.3]])).tolist()
    [[0.2], [0.7]]
    """
    best = np.full(otherwise.shape, -np.inf)
    np.maximum.at(best, owners, scores)
    return np.where(np.isfinite(best), best, otherwise)


def join_pieces(scores: NDArray[np.float64], owners: Rows, n_texts: int) -> NDArray[np.float64]:
    """Join the scores of pieces to those of texts: of each frame the highest.

    Parameters
    ----------
    scores : ndarray, shape (m, K)
        Scores of pieces, at least one a text.
    owners : ndarray of int, shape (m,)
        Row of the text that each piece belongs to.
    n_texts : int
        Number of texts.

    Returns
    -------
    ndarray, shape (n_texts, K)
        One row a text.
    """
    return scores if len(scores) == n_texts else take_best(scores, owners, np.zeros((n_texts, scores.shape[1])))
