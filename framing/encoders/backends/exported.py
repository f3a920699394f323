"""Models exported to ONNX and compiled by OpenVINO, made once on a machine and kept in the cache folder."""

from __future__ import annotations

import hashlib
import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.encoders.backends.kept_files import find_kept, keep_file, kept_folder
from framing.encoders.backends.layout import Layout
from framing.encoders.loading import load_pooled
from framing.files.machine import describe_processor

__all__ = ["compile_openvino", "export_encoder", "find_or_export", "open_onnx"]

Arguments = dict[str, NDArray[np.int64]]

_OPSET = 17
_SHAPES = 200  # prepared kernels that OpenVINO keeps, one for each shape: by default 5,000, which grow with the texts


def export_encoder(layout: Layout, fingerprint: str) -> Path:
    """Export an encoder with its pooling, or find its export.

    Parameters
    ----------
    layout : Layout
        How it is built.
    fingerprint : str
        Of the model.

    Returns
    -------
    Path
        A file of ONNX: `input_ids` and `attention_mask` to `vectors`, which are not of unit length.

    Raises
    ------
    OSError
        Where the cache folder cannot be written.
    """
    return find_or_export(
        fingerprint,
        f"encoder-{layout.pooling}.onnx",
        partial(load_pooled, layout.folder, layout.pooling, attention="eager"),
        "vectors",
    )


def find_or_export(
    fingerprint: str,
    name: str,
    load: Callable[[], Any],
    output: str,
    *,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
) -> Path:
    """Export a model of tokens and their mask, or find its export.

    Parameters
    ----------
    fingerprint : str
        Of the model.
    name : str
        Of the file.
    load : callable
        Loads the model, a module of torch.
    output : str
        Name of what it computes, of the shape (texts, width).
    inputs : sequence of str
        Names of its arguments in order, each of the shape (texts, tokens).

    Returns
    -------
    Path
        A file of ONNX.

    Raises
    ------
    OSError
        Where the cache folder cannot be written.
    """
    folder = kept_folder(fingerprint)
    kept = find_kept(folder, name)
    return kept or keep_file(folder, name, lambda path: _write_onnx(load(), path, output, inputs))


def _write_onnx(model: Any, path: Path, output: str, inputs: Sequence[str]) -> None:
    """Write a model as ONNX."""
    import torch

    example = tuple(torch.full((2, 8), int(name != "token_type_ids"), dtype=torch.int64) for name in inputs)
    axes: Mapping[str, dict[int, str]] = {name: {0: "texts", 1: "tokens"} for name in inputs} | {output: {0: "texts"}}
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the tracer: what it takes for constant is checked by the proof
        logger.setLevel(logging.ERROR)
        try:
            torch.onnx.export(
                model, example, str(path), dynamo=False, input_names=list(inputs), output_names=[output],
                dynamic_axes=axes, opset_version=_OPSET,
            )  # fmt: skip
        finally:
            logger.setLevel(level)


def compile_openvino(onnx: Path, dtype: str, *, streams: int) -> Any:
    """Compile a file of ONNX for this processor, or read what was compiled.

    Parameters
    ----------
    onnx : Path
        The file, in the folder in which the compiled model is kept.
    dtype : str
        `float32` or `bfloat16`.
    streams : int
        Batches that are computed at the same time, on one core each.

    Returns
    -------
    CompiledModel
        Of OpenVINO.
    """
    import openvino

    options = {
        "INFERENCE_PRECISION_HINT": {"float32": "f32", "bfloat16": "bf16"}[dtype],
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": streams,
        "CPU_RUNTIME_CACHE_CAPACITY": _SHAPES,
    }
    core = openvino.Core()
    parts = [onnx.name, dtype, streams, version("openvino"), describe_processor()]
    name = f"compiled-{onnx.stem}-{dtype}-{_digest(parts)}.blob"
    kept = find_kept(onnx.parent, name)
    if kept is not None:
        try:
            return core.import_model(openvino.Tensor(np.memmap(kept, dtype=np.uint8, mode="r")), "CPU", options)
        except RuntimeError:
            pass  # of another build of the library: compiled again below
    model = core.compile_model(str(onnx), "CPU", options)
    try:
        keep_file(onnx.parent, name, lambda path: _write(path, model.export_model().getvalue()))
    except OSError:
        return model  # an unwritable cache costs half a second at each start, nothing else
    return model


def open_onnx(onnx: Path, backend: str, dtype: str, *, cores: int) -> Callable[[Arguments], NDArray[np.float32]]:
    """Open a file of ONNX.

    Parameters
    ----------
    onnx : Path
        The file.
    backend : str
        `openvino` or `onnxruntime`.
    dtype : str
        `float32` or `bfloat16`.
    cores : int
        Batches that may be computed at the same time, each on one core.

    Returns
    -------
    callable
        Of the arguments by their names; safe in so many threads.
    """
    if backend == "onnxruntime":
        return _open_onnxruntime(onnx)
    model = compile_openvino(onnx, dtype, streams=cores)
    requests: SimpleQueue[Any] = SimpleQueue()
    for _ in range(cores):
        requests.put(model.create_infer_request())

    def run(arguments: Arguments) -> NDArray[np.float32]:
        request = requests.get()
        try:
            request.infer(arguments, share_inputs=True)
            return np.array(request.get_output_tensor(0).data, dtype=np.float32)
        finally:
            requests.put(request)

    return run


def _open_onnxruntime(onnx: Path) -> Callable[[Arguments], NDArray[np.float32]]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(onnx), options, providers=["CPUExecutionProvider"])

    def run(arguments: Arguments) -> NDArray[np.float32]:
        return np.asarray(session.run(None, arguments)[0], dtype=np.float32)

    return run


def _digest(parts: Sequence[object]) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:12]


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
