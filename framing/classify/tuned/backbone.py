"""A transformer cut in two: frozen lower layers, and copies of the upper layers that learn.

This module needs torch, so import it where a model is used and not at the head of a file.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn

from framing.encoders.number_format import has_bfloat16
from framing.encoders.sentence import load_transformer
from framing.encoders.weights import ModelSource

__all__ = ["Backbone", "Member"]

_BATCH = 32


class Member(nn.Module):  # type: ignore[misc]
    """Upper layers that learn, and a linear head on the pooled states."""

    def __init__(self, upper: Any, width: int, n_frames: int, pooling: str) -> None:
        super().__init__()
        self.upper = upper
        self.pooling = pooling
        self.drop = nn.Dropout(0.1)
        self.lin = nn.Linear(width, n_frames)
        nn.init.normal_(self.lin.weight, std=0.02)
        nn.init.zeros_(self.lin.bias)

    def embed(self, hidden: list[Any]) -> Any:
        """Vectors, shape (n, width), of texts given by their lower states."""
        lengths = [len(states) for states in hidden]
        states = nn.utils.rnn.pad_sequence([states.to(torch.float32) for states in hidden], batch_first=True)
        places = torch.arange(max(lengths), device=states.device)
        mask = (places < torch.tensor(lengths, device=states.device)[:, None]).long()
        out = self.upper(inputs_embeds=states, attention_mask=mask).last_hidden_state.to(torch.float32)
        if self.pooling == "cls":
            return out[:, 0]
        return (out * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


class _Given(nn.Module):  # type: ignore[misc]
    """Stands where the embeddings stood: hands on the states of the lower layers."""

    def forward(self, *_: Any, inputs_embeds: Any = None, **__: Any) -> Any:
        return inputs_embeds


class Backbone:
    """Lower part of an encoder, and the pattern of its upper part.

    Encoders built as embeddings and a list of layers (BERT, RoBERTa, MPNet, XLM-R and their kin) are cut
    so that the upper `trained_layers` learn; any other is refused with an `InputError`.
    """

    def __init__(self, source: ModelSource, *, trained_layers: int, max_tokens: int) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        model, self._tokenizer, limit, self._pooling = load_transformer(source)
        self._max_tokens = min(max_tokens, limit)
        self._lower, self._upper = _cut(model, trained_layers)
        self._lower = self._lower.to(self.device).eval()
        self.width = int(model.config.hidden_size)

    def member(self, n_frames: int) -> Any:
        """An untrained member: a copy of the upper layers and a linear head."""
        return Member(copy.deepcopy(self._upper), self.width, n_frames, self._pooling).to(self.device)

    def training_dtype(self, asked: str) -> str:
        """`asked`, or for `auto` bfloat16 where the hardware multiplies it itself, else float32."""
        if asked != "auto":
            return asked
        native = torch.cuda.is_bf16_supported(including_emulation=False) if self.device == "cuda" else has_bfloat16()
        return "bfloat16" if native else "float32"

    def products(self, dtype: str) -> Any:
        """Context in which matrices are multiplied in `dtype`."""
        return torch.autocast(self.device, dtype=torch.bfloat16, enabled=dtype == "bfloat16")

    def lower(self, texts: list[str]) -> list[Any]:
        """Outputs of the frozen layers, one tensor of shape (tokens, width) a text."""
        tokens = [self._tokenizer(text, truncation=True, max_length=self._max_tokens)["input_ids"] for text in texts]
        order = sorted(range(len(texts)), key=lambda row: len(tokens[row]))
        found: list[Any] = [None] * len(texts)
        pad = self._tokenizer.pad_token_id or 0
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH):
                rows = order[start : start + _BATCH]
                longest = max(len(tokens[row]) for row in rows)
                ids = torch.full((len(rows), longest), pad, device=self.device)
                mask = torch.zeros_like(ids)
                for place, row in enumerate(rows):
                    ids[place, : len(tokens[row])] = torch.tensor(tokens[row])
                    mask[place, : len(tokens[row])] = 1
                states = self._lower(input_ids=ids, attention_mask=mask).last_hidden_state
                for place, row in enumerate(rows):
                    found[row] = states[place, : len(tokens[row])].clone()
        return found


def _cut(model: Any, trained_layers: int) -> tuple[Any, Any]:
    layers = model.encoder.layer
    cut = max(len(layers) - trained_layers, 0)
    lower, upper = model, copy.deepcopy(model)
    lower.encoder.layer = layers[:cut]
    upper.encoder.layer = upper.encoder.layer[cut:]
    upper.embeddings = _Given()
    for part in (lower, upper):
        if getattr(part, "pooler", None) is not None:
            part.pooler = None
    return lower, upper
