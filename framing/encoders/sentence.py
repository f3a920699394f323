"""Texts to unit vectors: a sentence-transformers model, loaded on first use."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import cast, get_args

import numpy as np
from numpy.typing import NDArray

from framing.encoders.backends.choice import Choice, check_backend, choose_backend, open_backend, prove_ahead
from framing.encoders.backends.reading import Backend
from framing.encoders.batching import Windows
from framing.encoders.encoder import Encoder
from framing.encoders.loading import local_folder, prompt_of
from framing.encoders.number_format import Dtype
from framing.encoders.prompts import split_names
from framing.encoders.stacked import StackedEncoder
from framing.encoders.statistics import EncoderStatistics
from framing.encoders.store import VectorStore
from framing.encoders.weights import ModelSource, find_model, one_tokenizer_thread
from framing.encoders.windows import TokenWindow, read_kind, read_window
from framing.errors import FramingError, InputError
from framing.files.machine import count_cores, has_cuda
from framing.project import cache_folder
from framing.steps import count_steps

__all__ = ["Encoder", "SentenceEncoder", "StackedEncoder", "default_store", "open_encoder", "prepare_encoder"]

Vectors = NDArray[np.float32]


class SentenceEncoder:
    """A sentence-transformers model, loaded when the first unknown text comes.

    Parameters
    ----------
    name : str, default "minilm"
        `minilm` (bundled), `mpnet` or `multilingual` (`framing encoder install multilingual`), the path of a local
        sentence-transformers folder, or `owner/name@revision` of a model hub. Words in brackets after it are set before
        each text: `owner/name@revision[query: ]`; a single word names a prompt of the model, `[]` is none. By default
        it is the one that the model names for all texts (`default_prompt_name`).
    backend : {"auto", "openvino", "onnxruntime", "torch"}, default "auto"
        What computes the model. `auto` takes torch where there is a GPU, else OpenVINO for a transformer where it is
        installed, else torch: the same on every run of one machine. The environment variable FRAMING_BACKEND stands in
        for `auto`. Means of token vectors (static models) need none of these.
    dtype : {"auto", "float32", "bfloat16"}, default "auto"
        `auto` computes in bfloat16 where processor or GPU have it, else in float32.
    store : VectorStore, optional
        Where vectors are stored; by default nowhere.

    Attributes
    ----------
    source : ModelSource
        Where the model's files are.
    statistics : EncoderStatistics
        Texts encoded and texts found in the store since it was made, and the time that encoding took.

    Notes
    -----
    Each backend and number format proves on a set of probe texts that it agrees with sentence-transformers in float32
    (`framing.encoders.agreement`); what was measured is kept in the cache folder. What does not agree is not used, with
    a warning, and the next one is taken; the last is sentence-transformers in float32 itself.
    """

    def __init__(
        self, name: str = "minilm", *, backend: str = "auto", dtype: Dtype = "auto", store: VectorStore | None = None
    ) -> None:
        if dtype not in get_args(Dtype):
            raise InputError(f"There is no dtype {dtype!r}. Choose {', '.join(get_args(Dtype))}.")
        self._wanted = check_backend(backend, dtype), dtype
        self.source: ModelSource = find_model(name)
        self.statistics = EncoderStatistics()
        self._store = store
        self._chosen: Choice | None = None
        self._opened: dict[int, Backend] = {}  # by process: a fork has none of the threads of the one that opened it
        self._window: TokenWindow | None = None

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
    def _choice(self) -> Choice:
        """The backend, chosen at first need."""
        if self._chosen is None:
            backend, dtype = self._wanted
            self._chosen, opened = choose_backend(self.source, backend=backend, dtype=dtype)
            if opened is not None:
                self._opened[os.getpid()] = opened
        return self._chosen

    @property
    def backend(self) -> str:
        """What computes the model.

        Returns
        -------
        str
            `openvino`, `onnxruntime`, `torch` or `static`.
        """
        return self._choice.backend

    @property
    def dtype(self) -> str:
        """Number format in use.

        Returns
        -------
        str
            `float32` or `bfloat16`.
        """
        return self._choice.dtype

    @property
    def fingerprint(self) -> str:
        """Name of its vectors in the store.

        Returns
        -------
        str
            sha256 of the weights, configuration and prompt, the backend and the dtype.
        """
        return f"{self.source.fingerprint}-{self.backend}-{self.dtype}"

    @property
    def device(self) -> str:
        """Where it computes.

        Returns
        -------
        str
            `cpu` or `cuda`.
        """
        return "cuda" if self.backend == "torch" and has_cuda() else "cpu"

    @property
    def threads(self) -> int:
        """Cores that it may use.

        Returns
        -------
        int
            As `framing.files.machine.count_cores` counts them.
        """
        return count_cores()

    @property
    def tunable(self) -> bool:
        """Whether it seems to be a transformer, whose layers can learn.

        Returns
        -------
        bool
            False for static embeddings.
        """
        return self.source.folder is None or read_kind(self.source.folder) in ("", "Transformer")

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
        if self._window is None:
            self._window = read_window(local_folder(self.source), prompt_of(self.source))
        if self._window is not None:
            return self._window.find_long(texts)
        return self._open().read(list(texts)).is_long

    def encode(self, texts: Sequence[str], *, progress: str = "") -> Vectors:
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

        Notes
        -----
        Which texts are computed together follows from those that are not in the store, sorted by length; neither the
        load of the machine nor its speed has a say.
        """
        if isinstance(texts, str):
            raise InputError("encode: expected a list of texts, got one text. Put it in a list.")
        place = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        rows, stored = self._find_rows(list(place))
        known = set(rows.tolist())
        unknown = [text for text, row in place.items() if row not in known]
        vectors = np.empty((len(place), stored.shape[1] if len(rows) else self._open().width), dtype=np.float32)
        if len(rows):
            vectors[rows] = stored
        self.statistics.from_store += len(rows)
        if unknown:
            start = time.perf_counter()
            with count_steps(progress, len(unknown), what="texts") as bar, one_tokenizer_thread():
                windows = Windows(self._open(), self.find_long, self._find_stored, self._put)
                for part, computed in windows.encode(unknown, lambda text: vectors[place[text]], bar.update):
                    vectors[[place[text] for text in part]] = computed
            self.statistics.count(len(unknown), time.perf_counter() - start)
        return vectors if len(place) == len(texts) else vectors[[place[text] for text in texts]]

    def _find_rows(self, texts: list[str]) -> tuple[NDArray[np.intp], Vectors]:
        if self._store is None:
            return np.zeros(0, dtype=np.intp), np.zeros((0, 0), dtype=np.float32)
        return self._store.get_rows(self.fingerprint, texts)

    def _open(self) -> Backend:
        choice, process = self._choice, os.getpid()  # the proof of a choice may open it
        if process not in self._opened:
            self._opened[process] = open_backend(self.source, choice)
        return self._opened[process]

    def _find_stored(self, texts: list[str]) -> dict[str, Vectors]:
        return self._store.get(self.fingerprint, texts) if self._store is not None else {}

    def _put(self, texts: list[str], vectors: Vectors) -> None:
        if not np.isfinite(vectors).all():
            raise FramingError(f"The encoder {self.name} made vectors that are not numbers; try dtype float32.")
        if self._store is not None and texts:
            self._store.put(self.fingerprint, texts, vectors, encoder=self.name)


def open_encoder(
    name: str, *, store: VectorStore | None = None, dtype: str = "auto", backend: str = "auto"
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
    backend : str
        As in `SentenceEncoder`, for all.

    Returns
    -------
    SentenceEncoder or StackedEncoder
        Not loaded yet.

    Raises
    ------
    InputError
        For a name or dtype that there is not.
    """
    names, dtypes = split_names(name), dtype.split("+")
    if len(names) == 1:
        return SentenceEncoder(name, store=store, backend=backend, dtype=cast(Dtype, dtype))
    if len(dtypes) != len(names):
        dtypes = dtypes[:1] * len(names)
    return StackedEncoder(
        [
            SentenceEncoder(part, store=store, backend=backend, dtype=cast(Dtype, part_dtype))
            for part, part_dtype in zip(names, dtypes, strict=True)
        ]
    )


def prepare_encoder(name: str) -> None:
    """Begin to choose what computes an encoder, in a process beside, where no earlier run has found that out.

    Parameters
    ----------
    name : str
        As in `open_encoder`; whoever opens it waits for that process. Nothing is done for one that there is not.
    """
    for part in split_names(name):
        with suppress(FramingError):
            prove_ahead(find_model(part), backend=check_backend("auto", "auto"), dtype="auto")


def default_store() -> VectorStore:
    """Open the store that all commands share.

    Returns
    -------
    VectorStore
        In the cache folder.
    """
    return VectorStore(cache_folder() / "embeddings.sqlite")
