"""A transformer in onnxruntime, in float32."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from framing.encoders.backends.exported import export_encoder, open_onnxruntime
from framing.encoders.backends.layout import Layout
from framing.encoders.backends.reading import BatchRunner, ReadTexts, Started, TokenReader, Tokens, Vectors
from framing.encoders.batches import pad
from framing.encoders.machine import count_cores

__all__ = ["OnnxRuntimeBackend"]

_BATCH_TOKENS = 2048


class OnnxRuntimeBackend:
    """A transformer, exported to ONNX.

    Parameters
    ----------
    layout : Layout
        How the model is built.
    fingerprint : str
        Of the model; the export is kept under it in the cache folder.

    Attributes
    ----------
    threads : int
        A batch each.
    width : int
        Of a vector.
    """

    def __init__(self, layout: Layout, fingerprint: str) -> None:
        self.width, self.threads, self._padding = layout.width, count_cores(), layout.padding
        self.read: Callable[[list[str]], ReadTexts] = TokenReader(layout.tokenizer, layout.most, prompt=layout.prompt)
        self._session = open_onnxruntime(export_encoder(layout, fingerprint))
        self._runner = BatchRunner(self._compute, most=_BATCH_TOKENS, workers=self.threads)

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

    def _compute(self, tokens: Tokens) -> Vectors:
        ids, mask = pad(tokens, self._padding)
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, dtype=np.float32)
