"""A transformer in OpenVINO: a stream for each core, in bfloat16 where the processor multiplies it."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from framing.encoders.backends.exported import compile_openvino, export_encoder
from framing.encoders.backends.layout import Layout
from framing.encoders.backends.reading import BatchRunner, ReadTexts, Started, TokenReader, Tokens, Vectors
from framing.encoders.batches import pad
from framing.encoders.machine import count_cores

__all__ = ["OpenVinoBackend"]

_BATCH_TOKENS = 2048  # what a core multiplies at once stays in its cache


class OpenVinoBackend:
    """A transformer, exported to ONNX and compiled for this processor.

    Parameters
    ----------
    layout : Layout
        How the model is built.
    fingerprint : str
        Of the model; the export is kept under it in the cache folder.
    dtype : str
        `float32` or `bfloat16`.

    Attributes
    ----------
    threads : int
        A stream each.
    width : int
        Of a vector.
    """

    def __init__(self, layout: Layout, fingerprint: str, dtype: str) -> None:
        self.width, self.threads = layout.width, count_cores()
        self._padding = layout.padding
        self.read: Callable[[list[str]], ReadTexts] = TokenReader(layout.tokenizer, layout.most, prompt=layout.prompt)
        model = compile_openvino(export_encoder(layout, fingerprint), dtype, streams=self.threads)
        self._requests: SimpleQueue[Any] = SimpleQueue()
        for _ in range(self.threads):
            self._requests.put(model.create_infer_request())
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
        request = self._requests.get()
        try:
            request.infer({"input_ids": ids, "attention_mask": mask}, share_inputs=True)
            vectors: Vectors = request.get_output_tensor(0).data.copy()
        finally:
            self._requests.put(request)
        return vectors
