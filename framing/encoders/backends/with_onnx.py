"""A transformer exported to ONNX, in OpenVINO or onnxruntime: a batch for each core, each core on its own."""

from __future__ import annotations

from framing.encoders.backends.exported import export_encoder, open_onnx
from framing.encoders.backends.layout import Layout
from framing.encoders.backends.reading import TokenBackend, TokenReader, Tokens, Vectors
from framing.encoders.batches import pad
from framing.files.machine import count_cores

__all__ = ["BATCH_TOKENS", "OnnxBackend"]

BATCH_TOKENS = 2048  # what a core multiplies at once stays in its cache


class OnnxBackend(TokenBackend):
    """A transformer, exported to ONNX.

    Parameters
    ----------
    layout : Layout
        How the model is built.
    fingerprint : str
        Of the model; the export is kept under it in the cache folder.
    backend : str
        `openvino` or `onnxruntime`.
    dtype : str
        `float32` or `bfloat16`.

    Attributes
    ----------
    threads : int
        A batch each.
    width : int
        Of a vector.
    """

    def __init__(self, layout: Layout, fingerprint: str, backend: str, dtype: str) -> None:
        self.threads, self._padding = count_cores(), layout.padding
        self._run = open_onnx(export_encoder(layout, fingerprint), backend, dtype, cores=self.threads)
        reader = TokenReader(layout.tokenizer, layout.most, prompt=layout.prompt)
        super().__init__(reader, layout.width, most=BATCH_TOKENS, workers=self.threads)

    def _compute(self, tokens: Tokens) -> Vectors:
        ids, mask = pad(tokens, self._padding)
        return self._run({"input_ids": ids, "attention_mask": mask})
