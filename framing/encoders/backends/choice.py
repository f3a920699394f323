"""The choice of a backend: by what the machine and the model have and what the user says, never by a stopwatch."""

from __future__ import annotations

import os
import sys
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from framing.encoders.agreement import PROBES, Agreement, compare_vectors, find_proof, first_that_agrees, unit_length
from framing.encoders.backends.ahead import begin_proof, wait_for_proof
from framing.encoders.backends.layout import Layout, StaticLayout, read_layout
from framing.encoders.backends.reading import Backend
from framing.encoders.backends.static import StaticBackend
from framing.encoders.backends.with_onnx import OnnxBackend
from framing.encoders.backends.with_torch import ModulesBackend, TorchBackend
from framing.encoders.loading import local_folder, prompt_of
from framing.encoders.number_format import Dtype, has_bfloat16
from framing.encoders.weights import ModelSource, one_tokenizer_thread
from framing.errors import InputError
from framing.files.machine import has_cuda

__all__ = ["BackendName", "Choice", "check_backend", "choose_backend", "open_backend", "prove_ahead", "ways"]

BackendName = Literal["auto", "openvino", "onnxruntime", "torch"]

_VARIABLE = "FRAMING_BACKEND"
_PROVING = frozenset({"torch", "openvino", "onnxruntime"})
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
    wait_for_proof(source.fingerprint)
    layout = read_layout(local_folder(source), prompt_of(source))

    def open_way(name: str, number_format: str) -> Backend:
        return open_backend(source, _fit_choice(name, number_format, layout))

    @cache
    def exact() -> NDArray[np.float32]:
        return _encode_probes(ModulesBackend(source, "float32"))

    def compare(exact: NDArray[np.float32], opened: Backend) -> Agreement:
        return compare_vectors(exact, _encode_probes(opened))

    found = _list_unlike_plain(layout, backend, dtype, source.name)
    way, opened = first_that_agrees(source.name, source.fingerprint, found, open_way, exact, compare)
    return (_PLAIN if way is None else _fit_choice(*way, layout)), next(iter(opened), None)


def prove_ahead(source: ModelSource, *, backend: BackendName, dtype: Dtype) -> None:
    """Begin to choose how the vectors of a model are computed, in a process beside; `choose_backend` waits for it.

    Parameters
    ----------
    source : ModelSource
        Where its files are: on this machine, or nothing is done.
    backend : str
        As `check_backend` returned it.
    dtype : str
        `auto`, `float32` or `bfloat16`.

    Notes
    -----
    A proof loads torch and sentence-transformers, on one core. Nothing is done where the proof is kept, on a GPU, and
    in a process that has imported what proves: its threads may be in the way of those of a fork.
    """
    if source.folder is None or not _PROVING.isdisjoint(sys.modules) or has_cuda():
        return
    layout = read_layout(source.folder, prompt_of(source))
    if not isinstance(layout, Layout):
        return  # what computes it needs no proof, or a short one
    for way in _list_unlike_plain(layout, backend, dtype, source.name):
        kept = find_proof(source.fingerprint, *way)
        if kept is None:
            begin_proof(source.fingerprint, lambda: choose_backend(source, backend=backend, dtype=dtype))
        if kept is None or kept.agrees:
            return


def _list_unlike_plain(
    layout: Layout | StaticLayout | str, backend: BackendName, dtype: Dtype, model: str
) -> list[tuple[str, str]]:
    """The ways that a model built like this can be computed, without that with which they are compared."""
    return [way for way in _ways_for(layout, backend, dtype, model) if _fit_choice(*way, layout) != _PLAIN]


def _fit_choice(name: str, number_format: str, layout: Layout | StaticLayout | str) -> Choice:
    """The choice of a way; sentence-transformers computes what is built in ways of its own, and is given no layout."""
    if isinstance(layout, Layout) or (isinstance(layout, StaticLayout) and name == "static"):
        return Choice(name, number_format, layout)
    return Choice(name, number_format, None)


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
    if choice.backend == "torch":
        return TorchBackend(layout, choice.dtype)
    return OnnxBackend(layout, source.fingerprint, choice.backend, choice.dtype)


def _encode_probes(backend: Backend) -> NDArray[np.float32]:
    with one_tokenizer_thread():
        return unit_length(backend.start(backend.read(list(PROBES))).result())
