"""A transformer cut in two: frozen lower layers, and copies of the upper layers that learn.

This module needs torch, so import it where a model is used and not at the head of a file.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from framing.encoders.batches import make_batches
from framing.encoders.loading import load_transformer
from framing.encoders.number_format import has_bfloat16
from framing.encoders.weights import ModelSource, one_tokenizer_thread
from framing.encoders.windows import TokenWindow

__all__ = ["BATCH_TOKENS", "Backbone", "Member"]

BATCH_TOKENS = 4096  # of a batch, padding included


class Member(nn.Module):  # type: ignore[misc]
    """Upper layers that learn, and a linear head on the pooled states.

    Parameters
    ----------
    upper : Module
        The upper layers.
    width : int
        Of their states.
    n_frames : int
        Outputs of the head.
    pooling : str
        `mean` or `cls`.

    Attributes
    ----------
    scoring_dtype : str
        Number format in which it scores; empty until it is known whether it agrees with float32.
    """

    scoring_dtype = ""

    def __init__(self, upper: Any, width: int, n_frames: int, pooling: str) -> None:
        super().__init__()
        self.upper = upper
        self.pooling = pooling
        self.drop = nn.Dropout(0.1)
        self.lin = nn.Linear(width, n_frames)
        nn.init.normal_(self.lin.weight, std=0.02)
        nn.init.zeros_(self.lin.bias)

    def hold_below(self, n_layers: int) -> None:
        """Hold all but the upper ones of the layers as they are.

        Parameters
        ----------
        n_layers : int
            Layers that go on learning; where there are no more, all do. Call it after `train()`.
        """
        for layer in self.upper.encoder.layer[: max(len(self.upper.encoder.layer) - n_layers, 0)]:
            layer.requires_grad_(False).eval()  # without dropout, as below the cut

    def embed(self, hidden: list[Any]) -> Any:
        """Embed texts.

        Parameters
        ----------
        hidden : list of tensor
            States of the n texts after the lower layers, each of shape (tokens, width).

        Returns
        -------
        tensor, shape (n, width)
            Pooled states of the upper layers.
        """
        lengths = [len(states) for states in hidden]
        states = nn.utils.rnn.pad_sequence([states.to(torch.float32) for states in hidden], batch_first=True)
        positions = torch.arange(max(lengths), device=states.device)
        mask = (positions < torch.tensor(lengths, device=states.device)[:, None]).long()
        out = self.upper(inputs_embeds=states, attention_mask=mask).last_hidden_state.to(torch.float32)
        if self.pooling == "cls":
            return out[:, 0]
        return (out * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)

    def embed_all(self, hidden: list[Any]) -> NDArray[np.float64]:
        """Embed any number of texts, in batches of like length.

        Parameters
        ----------
        hidden : list of tensor
            As in `embed`.

        Returns
        -------
        ndarray, shape (n, width)
            In the order of the texts.
        """
        vectors: list[Any] = [None] * len(hidden)
        with torch.inference_mode():
            for rows in make_batches([len(states) for states in hidden], BATCH_TOKENS):
                part = self.embed([hidden[row] for row in rows]).cpu().numpy()
                for row, vector in zip(rows, part, strict=True):
                    vectors[row] = vector
        return np.stack(vectors).astype(np.float64)

    def predict_logits(self, hidden: list[Any], *, multi_label: bool) -> NDArray[np.float64]:
        """Score texts.

        Parameters
        ----------
        hidden : list of tensor
            As in `embed`.
        multi_label : bool
            Whether a text may carry several frames.

        Returns
        -------
        ndarray, shape (n, K)
            Log-odds (several labels) or log-probabilities (one).
        """
        vectors = torch.from_numpy(self.embed_all(hidden)).to(self.lin.weight.device, torch.float32)
        with torch.inference_mode(), torch.autocast(vectors.device.type, enabled=False):  # the head is small
            logits = self.lin(vectors)
            logits = logits if multi_label else logits.log_softmax(1)
        return np.asarray(logits.cpu().numpy(), dtype=np.float64)


class _StatesInPlaceOfEmbeddings(nn.Module):  # type: ignore[misc]
    """Stands where the embeddings stood, and passes on the states of the lower layers."""

    def forward(self, *_: Any, inputs_embeds: Any = None, **__: Any) -> Any:
        return inputs_embeds


class Backbone:
    """Lower part of an encoder, and the pattern of its upper part.

    Encoders built as embeddings and a list of layers (BERT, RoBERTa, MPNet, XLM-R and their kin) are cut
    so that the upper `trained_layers` learn; any other is refused with an `InputError`.

    Parameters
    ----------
    source : ModelSource
        Where its files are.
    trained_layers : int
        Upper layers that learn.
    max_tokens : int
        Longer texts are cut there: see `find_long`.

    Attributes
    ----------
    device : str
        `cuda` or `cpu`.
    width : int
        Of the states.
    lower : Module
        The frozen layers.
    upper : Module
        The pattern of the layers that learn.
    """

    def __init__(self, source: ModelSource, *, trained_layers: int, max_tokens: int) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        model, self._tokenizer, limit, self._pooling, self._prompt = load_transformer(source)
        self._max_tokens = min(max_tokens, limit)
        lower, self.upper = _cut_layers(model, trained_layers)
        self.lower = lower.to(self.device).eval()
        self.width = int(model.config.hidden_size)

    @property
    def n_trained(self) -> int:
        """Number of parameters of the layers that learn.

        Returns
        -------
        int
            Of one member, without its head.
        """
        return sum(value.numel() for value in self.upper.encoder.layer.parameters())

    def make_member(self, n_frames: int) -> Member:
        """Make an untrained member.

        Parameters
        ----------
        n_frames : int
            Outputs of its head.

        Returns
        -------
        Member
            A copy of the upper layers and a linear head.
        """
        member: Member = Member(copy.deepcopy(self.upper), self.width, n_frames, self._pooling).to(self.device)
        return member

    def choose_dtype(self, dtype: str) -> str:
        """Choose the number format of the products.

        Parameters
        ----------
        dtype : str
            `float32`, `bfloat16` or `auto`.

        Returns
        -------
        str
            For `auto` bfloat16 where the hardware multiplies it itself, else float32.
        """
        if dtype != "auto":
            return dtype
        native = torch.cuda.is_bf16_supported(including_emulation=False) if self.device == "cuda" else has_bfloat16()
        return "bfloat16" if native else "float32"

    def find_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Find the texts that are longer than what it reads.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for longer ones: `encode_lower` reads their beginning.
        """
        return TokenWindow(self._max_tokens, self._count_tokens).find_long(texts)

    def _count_tokens(self, texts: list[str]) -> list[int]:
        found = self._tokenizer(self._set_prompt(texts), truncation=False, padding=False, verbose=False)
        return [len(ids) for ids in found["input_ids"]]

    def _set_prompt(self, texts: list[str]) -> list[str]:
        return [self._prompt + text for text in texts] if self._prompt else texts

    def multiply_in(self, dtype: str) -> Any:
        """Make a context in which matrices are multiplied in a number format.

        Parameters
        ----------
        dtype : str
            `float32` or `bfloat16`.

        Returns
        -------
        context manager
            Of torch.
        """
        return torch.autocast(self.device, dtype=torch.bfloat16, enabled=dtype == "bfloat16")

    def encode_lower(self, texts: list[str]) -> list[Any]:
        """Compute the outputs of the frozen layers.

        Parameters
        ----------
        texts : list of str
            Length n.

        Returns
        -------
        list of tensor
            One of shape (tokens, width) a text.
        """
        with one_tokenizer_thread():
            found = (
                self._tokenizer(self._set_prompt(texts), truncation=True, max_length=self._max_tokens, padding=False)
                if texts
                else {}
            )
        tokens = found.get("input_ids", [])
        hidden: list[Any] = [None] * len(texts)
        pad = self._tokenizer.pad_token_id or 0
        with torch.inference_mode():
            for rows in make_batches([len(ids) for ids in tokens], BATCH_TOKENS):
                longest = max(len(tokens[row]) for row in rows)
                ids = torch.full((len(rows), longest), pad, device=self.device)
                mask = torch.zeros_like(ids)
                for place, row in enumerate(rows):
                    ids[place, : len(tokens[row])] = torch.tensor(tokens[row])
                    mask[place, : len(tokens[row])] = 1
                states = self.lower(input_ids=ids, attention_mask=mask).last_hidden_state
                for place, row in enumerate(rows):
                    hidden[row] = states[place, : len(tokens[row])].clone()
        return hidden


def _cut_layers(model: Any, trained_layers: int) -> tuple[Any, Any]:
    """Lower part of a model, and a copy of its upper part."""
    layers = model.encoder.layer
    cut = max(len(layers) - trained_layers, 0)
    lower, upper = model, copy.deepcopy(model)
    lower.encoder.layer = layers[:cut]
    upper.encoder.layer = upper.encoder.layer[cut:]
    upper.embeddings = _StatesInPlaceOfEmbeddings()
    for part in (lower, upper):
        if getattr(part, "pooler", None) is not None:
            part.pooler = None
    return lower, upper
