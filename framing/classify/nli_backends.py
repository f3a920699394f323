"""What computes a model of natural language inference: torch, OpenVINO or onnxruntime, in batches of tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.encoders.backends.exported import find_or_export, open_onnx
from framing.encoders.backends.reading import BatchRunner
from framing.encoders.backends.with_onnx import BATCH_TOKENS
from framing.encoders.batches import pad
from framing.files.machine import count_cores, has_cuda

__all__ = ["EXPORTABLE", "Logits", "PairTokens", "Padding", "open_logits"]

EXPORTABLE = (
    "albert", "bert", "camembert", "deberta", "deberta-v2", "distilbert", "electra", "mpnet", "roberta", "xlm-roberta",
)  # fmt: skip

_TORCH_TOKENS = {"cpu": 4096, "cuda": 32768}
_FILE, _OUTPUT = "entailment-{columns}.onnx", "logits"

Array = NDArray[np.float32]


@dataclass(frozen=True)
class PairTokens:
    """Tokens of a passage and a hypothesis.

    Attributes
    ----------
    values : dict of str to list of int
        What the tokenizer made of them, by the names of the model's arguments, without the mask.
    """

    values: dict[str, list[int]]

    def __len__(self) -> int:
        return len(self.values["input_ids"])


@dataclass(frozen=True)
class Padding:
    """How pairs of unlike length are read together.

    Attributes
    ----------
    values : dict of str to int
        What stands after the end of a pair, by the names of the model's arguments.
    most_pairs : int or None
        Pairs of a batch; None where only their tokens count.
    """

    values: dict[str, int]
    most_pairs: int | None


class Logits:
    """Logits of entailment and its opposite, in one way of computing.

    Parameters
    ----------
    compute : callable
        Logits of the arguments of a batch, shape (pairs, 2).
    padding : Padding
        How a batch is made.
    workers : int
        Batches computed at the same time.
    most : int
        Tokens of a batch, padding included.
    """

    def __init__(
        self, compute: Callable[[dict[str, NDArray[np.int64]]], Array], padding: Padding, *, workers: int, most: int
    ) -> None:
        self._compute, self._padding = compute, padding
        self._runner = BatchRunner(self._join, most=most, workers=workers, most_texts=padding.most_pairs)

    def __call__(self, pairs: Sequence[PairTokens], done: Callable[[int], object] = lambda _: None) -> Array:
        return self._runner.start(pairs, 2).result(done)

    def _join(self, pairs: Sequence[PairTokens]) -> Array:
        arguments = {
            name: pad([pair.values[name] for pair in pairs], padding)[0]
            for name, padding in self._padding.values.items()
        }
        lengths = np.array([len(pair) for pair in pairs])
        mask = np.arange(lengths.max()) < lengths[:, None]
        return self._compute({**arguments, "attention_mask": mask.astype(np.int64)})


def open_logits(
    backend: str,
    dtype: str,
    *,
    load: Callable[[str | None], Any],
    fingerprint: str,
    columns: tuple[int, int],
    padding: Padding,
) -> Logits:
    """Open a model in one way of computing.

    Parameters
    ----------
    backend : str
        `torch`, `openvino` or `onnxruntime`.
    dtype : str
        `float32` or `bfloat16`.
    load : callable
        Loads the model in torch, with the attention of that name: `eager`, or None for what is fast.
    fingerprint : str
        Of the model; its export is kept under it.
    columns : tuple of int
        Places of entailment and of its opposite among the logits.
    padding : Padding
        How pairs of unlike length are read together.

    Returns
    -------
    Logits
        Ready to compute.
    """
    if backend == "torch":
        return _open_torch(load(None), dtype, columns, padding)
    names = sorted({*padding.values, "attention_mask"})
    name = _FILE.format(columns="-".join(map(str, columns)))
    onnx = find_or_export(
        fingerprint, name, lambda: _take_columns(load("eager"), columns, names), _OUTPUT, inputs=names
    )
    cores = count_cores()
    return Logits(open_onnx(onnx, backend, dtype, cores=cores), padding, workers=cores, most=BATCH_TOKENS)


def _open_torch(model: Any, dtype: str, columns: tuple[int, int], padding: Padding) -> Logits:
    import torch

    device = "cuda" if has_cuda() else "cpu"
    model = model.to(device, getattr(torch, dtype))
    if torch.get_num_threads() > count_cores():
        torch.set_num_threads(count_cores())

    def compute(arguments: dict[str, NDArray[np.int64]]) -> Array:
        tensors = {name: torch.from_numpy(values).to(device) for name, values in arguments.items()}
        with torch.inference_mode():
            logits = model(**tensors).logits[:, list(columns)].float().cpu().numpy()
        return np.asarray(logits, dtype=np.float32)

    return Logits(compute, padding, workers=1, most=_TORCH_TOKENS[device])


def _take_columns(model: Any, columns: tuple[int, int], names: Sequence[str]) -> Any:
    """The model as a module of its arguments in order."""
    import torch

    class Columns(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *arguments: Any) -> Any:
            return self.model(**dict(zip(names, arguments, strict=True))).logits[:, list(columns)]

    return Columns().eval()
