"""A model cut in two by hand: layers that add and double, on a tokenizer that reads numbers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from framing.classify.tuned import backbone as backbones
from framing.classify.tuned.backbone import Backbone

WIDTH = 2


class Embeddings(nn.Module):
    """Token t has the states t and 1."""

    def forward(self, input_ids=None, inputs_embeds=None):
        return torch.stack([input_ids.float(), torch.ones_like(input_ids).float()], dim=-1)


class Layer(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(factor))
        self.drop = nn.Dropout(0.5)

    def forward(self, states):
        return self.drop(states * self.factor)


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.config = SimpleNamespace(hidden_size=WIDTH)
        self.embeddings = Embeddings()
        self.encoder = nn.Module()
        self.encoder.layer = nn.ModuleList(Layer(factor) for factor in (2.0, 3.0, 5.0))
        self.pooler = nn.Linear(WIDTH, WIDTH)
        self.seen: list[tuple[list[list[int]], list[list[int]]]] = []

    def forward(self, input_ids=None, attention_mask=None, inputs_embeds=None):
        if input_ids is not None:
            self.seen.append((input_ids.tolist(), attention_mask.tolist()))
        states = self.embeddings(input_ids=input_ids, inputs_embeds=inputs_embeds)
        for layer in self.encoder.layer:
            states = layer(states)
        return SimpleNamespace(last_hidden_state=states)


class Numbers:
    pad_token_id = 9

    def __call__(self, texts: list[str], *, truncation: bool, max_length: int, padding: bool):
        numbers = [[int(part) for part in text.split()] for text in texts]
        return {"input_ids": [ids[:max_length] if truncation else ids for ids in numbers]}


@pytest.fixture
def cut(monkeypatch):
    def make(trained_layers: int = 1, max_tokens: int = 6, limit: int = 50, pooling: str = "mean") -> Backbone:
        monkeypatch.setattr(backbones, "load_transformer", lambda _: (Model(), Numbers(), limit, pooling, ""))
        monkeypatch.setattr("torch.cuda.is_available", lambda: False)
        return Backbone(SimpleNamespace(name="numbers"), trained_layers=trained_layers, max_tokens=max_tokens)

    return make


@pytest.mark.parametrize(
    ("trained_layers", "below", "above"),
    [(0, [2, 3, 5], []), (1, [2, 3], [5]), (2, [2], [3, 5]), (3, [], [2, 3, 5]), (4, [], [2, 3, 5])],
)
def test_the_upper_layers_learn_and_the_lower_ones_are_shared(cut, trained_layers, below, above):
    backbone = cut(trained_layers)
    assert [float(layer.factor.detach()) for layer in backbone.lower.encoder.layer] == below
    assert [float(layer.factor.detach()) for layer in backbone.upper.encoder.layer] == above
    assert (backbone.width, backbone.device) == (WIDTH, "cpu")
    assert backbone.lower.pooler is None
    assert backbone.upper.pooler is None
    assert not backbone.lower.training
    member = backbone.make_member(4).eval()
    vectors = member.embed(backbone.encode_lower(["1 3", "7"]))
    assert vectors.tolist() == [[60, 30], [210, 30]]  # the mean of 1 and 3, and 7, times 30
    assert member.lin.weight.shape == (4, WIDTH)
    assert cut(trained_layers, pooling="cls").make_member(4).eval().embed(backbone.encode_lower(["1 3"])).tolist() == [
        [30, 30]
    ]


@pytest.mark.parametrize(("max_tokens", "limit", "length"), [(3, 9, 3), (9, 4, 4)])
def test_texts_are_cut_at_the_smaller_limit(cut, max_tokens, limit, length):
    (states,) = cut(max_tokens=max_tokens, limit=limit).encode_lower(["1 2 3 4 5 6 7"])
    assert states.tolist() == [[6.0 * token, 6.0] for token in range(1, length + 1)]


def test_batches_are_of_like_length_and_padded_apart(cut, monkeypatch):
    backbone = cut()
    found = backbone.encode_lower(["1 2 3", "4", "5 6"])
    assert [states.tolist() for states in found] == [[[6, 6], [12, 6], [18, 6]], [[24, 6]], [[30, 6], [36, 6]]]
    ((ids, mask),) = backbone.lower.seen
    assert ids == [[4, 9, 9], [5, 6, 9], [1, 2, 3]]
    assert mask == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
    backbone.lower.seen.clear()
    many = [" ".join(["2"] * (1 + row % 4)) for row in range(40)]
    assert [len(states) for states in backbone.encode_lower(many)] == [1 + row % 4 for row in range(40)]
    assert [(len(ids), len(ids[0])) for ids, _ in backbone.lower.seen] == [(40, 4)]
    backbone.lower.seen.clear()
    monkeypatch.setattr(backbones, "BATCH_TOKENS", 40)
    assert [len(states) for states in backbone.encode_lower(many)] == [1 + row % 4 for row in range(40)]
    assert all(len(ids) * len(ids[0]) <= 40 for ids, _ in backbone.lower.seen)
    assert len(backbone.lower.seen) == 3
    assert backbone.encode_lower([]) == []


def test_members_are_copies(cut):
    backbone = cut(2)
    one, other = backbone.make_member(3), backbone.make_member(3)
    with torch.no_grad():
        one.upper.encoder.layer[0].factor.fill_(7.0)
    for untouched in (other.upper, backbone.upper, backbone.make_member(3).upper):
        assert float(untouched.encoder.layer[0].factor.detach()) == 3.0


@pytest.mark.parametrize(("capable", "chosen"), [(True, "bfloat16"), (False, "float32")])
def test_auto_is_bfloat16_where_the_processor_has_it(cut, monkeypatch, capable, chosen):
    monkeypatch.setattr(backbones, "has_bfloat16", lambda: capable)
    backbone = cut()
    assert backbone.choose_dtype("auto") == chosen
    assert [backbone.choose_dtype(dtype) for dtype in ("float32", "bfloat16")] == ["float32", "bfloat16"]


def test_matrices_are_multiplied_in_the_format_that_is_named(cut):
    matrix = torch.ones((2, 2))
    for dtype in ("float32", "bfloat16"):
        with cut().multiply_in(dtype):
            product = matrix @ matrix
        assert product.dtype == getattr(torch, dtype)
        np.testing.assert_array_equal(product.float().numpy(), 2.0)
