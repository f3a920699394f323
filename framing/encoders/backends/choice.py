"""The choice of a backend: by what the machine and the model have and what the user says, never by a stopwatch."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from framing.encoders.agreement import PROBES, Agreement, compare_vectors, prove, unit_length
from framing.encoders.backends.layout import Layout, StaticLayout, read_layout
from framing.encoders.backends.reading import Backend
from framing.encoders.backends.static import StaticBackend
from framing.encoders.backends.with_onnxruntime import OnnxRuntimeBackend
from framing.encoders.backends.with_openvino import OpenVinoBackend
from framing.encoders.backends.with_torch import ModulesBackend, TorchBackend
from framing.encoders.loading import local_folder
from framing.encoders.machine import has_cuda
from framing.encoders.number_format import Dtype, has_bfloat16
from framing.encoders.weights import ModelSource, one_tokenizer_thread
from framing.errors import FramingError, InputError

__all__ = ["BackendName", "Choice", "check_backend", "choose_backend", "open_backend", "ways"]

BackendName = Literal["auto", "openvino", "onnxruntime", "torch"]

_VARIABLE = "FRAMING_BACKEND"
_NEEDS = {"openvino": ("openvino", "onnx"), "onnxruntime": ("onnxruntime", "onnx"), "torch": ("torch",)}


@dataclass(frozen=True)
class Choice:
    """How the vectors of a model are computed.

    Attributes
    ----------
    backend : str
        `torch`, `openvino`, `onnxruntime` or `static`.
    dtype : str
        `float32` or `bfloat16`.
    layout : Layout or StaticLayout or None
        How the model is built; None where only sentence-transformers computes it.
    """

    backend: str
    dtype: str
    layout: Layout | StaticLayout | None


_PLAIN = Choice("torch", "float32", None)  # sentence-transformers itself, with which all others are compared


def check_backend(backend: str, dtype: str) -> BackendName:
    """Check the names of a backend and of a number format.

    Parameters
    ----------
    backend : str
        The argument; where it is `auto` the environment variable FRAMING_BACKEND counts.
    dtype : str
        The number format.

    Returns
    -------
    str
        The backend that is asked for.

    Raises
    ------
    InputError
        For another name, a backend that is not installed, or a number format that it does not have.
    """
    named = backend if backend != "auto" else os.environ.get(_VARIABLE, "").strip() or "auto"
    for name in get_args(BackendName):
        if named != name:
            continue
        missing = [package for package in _NEEDS.get(name, ()) if find_spec(package) is None]
        if missing:
            raise InputError(f"The backend {name} is not installed. Run: pip install {' '.join(missing)}")
        if name == "onnxruntime" and dtype == "bfloat16":
            raise InputError("The backend onnxruntime computes in float32; choose that dtype, or another backend.")
        return name  # type: ignore[no-any-return]
    where = "" if named == backend else f" ({_VARIABLE})"
    raise InputError(f"There is no backend {named!r}{where}. Choose {', '.join(get_args(BackendName))}.")


def ways(backend: BackendName, dtype: Dtype) -> list[tuple[str, str]]:
    """List the ways to compute a transformer on this machine, the preferred one first.

    Parameters
    ----------
    backend : str
        As `check_backend` returned it.
    dtype : str
        `auto`, `float32` or `bfloat16`.

    Returns
    -------
    list of tuple of str and str
        Backend and number format. The first that agrees with float32 is used; the last is torch in float32.
    """
    if has_cuda():
        import torch

        fast, preferred = torch.cuda.is_bf16_supported(including_emulation=False), ["torch"]
    else:
        fast = has_bfloat16()
        preferred = ["openvino"] * all(find_spec(part) for part in _NEEDS["openvino"]) + ["torch"]
    if backend != "auto":
        preferred = [backend, "torch"]
    formats = ["bfloat16"] * (dtype == "bfloat16" or (dtype == "auto" and fast)) + ["float32"] * (dtype != "bfloat16")
    found = [
        (name, number_format)
        for number_format in formats
        for name in preferred
        if number_format == "float32" or name == "torch" or (name == "openvino" and has_bfloat16())
    ]
    if backend != "auto":
        found.sort(key=lambda way: way[0] != backend)  # all formats of the one that is asked for before any other
    return list(dict.fromkeys([*found, ("torch", "float32")]))


def choose_backend(source: ModelSource, *, backend: BackendName, dtype: Dtype) -> tuple[Choice, Backend | None]:
    """Choose how the vectors of a model are computed.

    Parameters
    ----------
    source : ModelSource
        Where its files are.
    backend : str
        As `check_backend` returned it.
    dtype : str
        `auto`, `float32` or `bfloat16`.

    Returns
    -------
    choice : Choice
        The first way of `ways` that agrees with sentence-transformers in float32 on the probe texts. A way that does
        not agree is a warning with numbers, each time.
    opened : Backend or None
        The backend, where proving that it agrees opened it.

    Raises
    ------
    FramingError
        Where the model cannot be loaded.
    """
    layout = read_layout(local_folder(source))
    exact = _Exact(source)
    for name, number_format in _ways_for(layout, backend, dtype, source.name):
        is_fit = isinstance(layout, Layout) or (isinstance(layout, StaticLayout) and name == "static")
        choice = Choice(name, number_format, layout if is_fit and not isinstance(layout, str) else None)
        if choice == _PLAIN:
            break
        opened, agreement = _prove(source, choice, exact)
        if agreement.agrees:
            return choice, opened
        warnings.warn(
            f"{source.name}: {name} in {number_format} does not agree with float32 and is not used: "
            f"{agreement.describe()}.",
            stacklevel=4,
        )
    return _PLAIN, None


def _ways_for(
    layout: Layout | StaticLayout | str, backend: BackendName, dtype: Dtype, model: str
) -> list[tuple[str, str]]:
    """The ways that a model built like this can be computed."""
    if isinstance(layout, Layout):
        return ways(backend, dtype)
    if isinstance(layout, StaticLayout) and backend != "torch" and dtype != "bfloat16":
        return [("static", "float32")]
    if backend in ("openvino", "onnxruntime"):
        reason = layout if isinstance(layout, str) else "it has no layers"
        warnings.warn(f"{model}: {reason}, so torch computes it instead of {backend}.", stacklevel=5)
    return ways("torch", dtype)


def open_backend(source: ModelSource, choice: Choice) -> Backend:
    """Open the backend that was chosen.

    Parameters
    ----------
    source : ModelSource
        Where the model's files are.
    choice : Choice
        As `choose_backend` returned it.

    Returns
    -------
    Backend
        Ready to compute.
    """
    layout = choice.layout
    if isinstance(layout, StaticLayout) and choice.backend == "static":
        return StaticBackend(layout)
    if not isinstance(layout, Layout):
        return ModulesBackend(source, choice.dtype)
    if choice.backend == "openvino":
        return OpenVinoBackend(layout, source.fingerprint, choice.dtype)
    if choice.backend == "onnxruntime":
        return OnnxRuntimeBackend(layout, source.fingerprint)
    return TorchBackend(layout, choice.dtype)


class _Exact:
    """Vectors of the probe texts by sentence-transformers in float32, computed once and only where they are needed."""

    def __init__(self, source: ModelSource) -> None:
        self._source = source
        self._vectors: NDArray[np.float32] | None = None

    def __call__(self) -> NDArray[np.float32]:
        if self._vectors is None:
            self._vectors = _encode_probes(ModulesBackend(self._source, "float32"))
        return self._vectors


def _encode_probes(backend: Backend) -> NDArray[np.float32]:
    with one_tokenizer_thread():
        return unit_length(backend.start(backend.read(list(PROBES))).result())


def _prove(source: ModelSource, choice: Choice, exact: _Exact) -> tuple[Backend | None, Agreement]:
    """The proof, and the backend where it was opened for it."""
    opened: list[Backend] = []

    def compare() -> Agreement:
        reference = exact()  # a model that cannot be loaded at all is an error, not a disagreement
        try:
            opened.append(open_backend(source, choice))
            return compare_vectors(reference, _encode_probes(opened[0]))
        except (FramingError, RuntimeError, ValueError, TypeError, ImportError) as error:
            return Agreement(False, 0.0, len(PROBES), f"it failed with {type(error).__name__}: {error}")

    library = {"static": "numpy"}.get(choice.backend, choice.backend)
    try:
        agreement = prove(source.fingerprint, [choice.backend, choice.dtype, _find_version(library)], compare)
    except OSError as error:  # of the cache folder, perhaps for a while; nothing is kept
        agreement = Agreement(False, 0.0, len(PROBES), f"its files cannot be kept: {error}")
    return (opened[0] if opened else None), agreement


def _find_version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "unknown"
