"""Encoders in torch: a transformer by batches of tokens, and any other model as sentence-transformers computes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from framing.encoders.backends.layout import Layout
from framing.encoders.backends.reading import ReadTexts, Started, TokenBackend, TokenReader, Tokens, Vectors
from framing.encoders.batches import pad
from framing.encoders.loading import load_pooled, load_sentence_model
from framing.encoders.weights import ModelSource
from framing.encoders.windows import count_window
from framing.files.machine import count_cores, has_cuda

__all__ = ["ModulesBackend", "TorchBackend"]

_BATCH_TOKENS = {"cpu": 4096, "cuda": 32768}
_BATCH_TEXTS = 32


class TorchBackend(TokenBackend):
    """A transformer in torch, on the GPU where there is one.

    Parameters
    ----------
    layout : Layout
        How the model is built.
    dtype : str
        `float32` or `bfloat16`.

    Attributes
    ----------
    threads : int
        That compute on the processor.
    width : int
        Of a vector.
    """

    def __init__(self, layout: Layout, dtype: str) -> None:
        import torch

        self._padding = layout.padding
        self._device, self.threads = _prepare_device()
        model = load_pooled(layout.folder, layout.pooling)
        self._model = model.to(self._device, getattr(torch, dtype))
        workers = 2 if self._device == "cuda" else 1  # one prepares a batch while the other waits for the GPU
        reader = TokenReader(layout.tokenizer, layout.most, prompt=layout.prompt)
        super().__init__(reader, layout.width, most=_BATCH_TOKENS[self._device], workers=workers)

    def _compute(self, tokens: Tokens) -> Vectors:
        import torch

        ids, mask = pad(tokens, self._padding)
        with torch.inference_mode():
            vectors = self._model(
                torch.from_numpy(ids).to(self._device),
                None if mask.all() else torch.from_numpy(mask).to(self._device),
            )
        return np.asarray(vectors.cpu().numpy(), dtype=np.float32)


class ModulesBackend:
    """Any model of sentence-transformers, computed by that library.

    Parameters
    ----------
    source : ModelSource
        Where its files are.
    dtype : str
        `float32` or `bfloat16`.

    Attributes
    ----------
    threads : int
        That compute on the processor.
    width : int
        Of a vector.
    """

    def __init__(self, source: ModelSource, dtype: str) -> None:
        import torch

        _, self.threads = _prepare_device()
        self._model = load_sentence_model(source)
        if dtype == "bfloat16":
            self._model.to(torch.bfloat16)
        self.width = int(self._model.get_embedding_dimension())
        self._window = count_window(self._model)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="encode")

    def read(self, texts: list[str]) -> ReadTexts:
        """Find the texts that are too long; the library makes the tokens itself.

        Parameters
        ----------
        texts : list of str
            Length n.

        Returns
        -------
        ReadTexts
            Without tokens.
        """
        return ReadTexts(texts, (), self._window.find_long(texts))

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
        futures = [self._pool.submit(self._compute, texts.texts)]
        return Started([list(range(len(texts.texts)))], futures, (len(texts.texts), self.width))

    def _compute(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.width), dtype=np.float32)
        vectors: Any = self._model.encode(
            texts, batch_size=_BATCH_TEXTS, convert_to_tensor=True, show_progress_bar=False
        )
        return np.asarray(vectors.float().cpu().numpy(), dtype=np.float32)


def _prepare_device() -> tuple[str, int]:
    """Where torch computes, and with how many threads: never more than the cores that this process may use."""
    import torch

    if torch.get_num_threads() > count_cores():
        torch.set_num_threads(count_cores())
    return "cuda" if has_cuda() else "cpu", torch.get_num_threads()
