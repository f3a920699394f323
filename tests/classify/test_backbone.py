"""A transformer cut in two: both parts together are the whole model, and members share the lower one."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from framing.classify.tuned.backbone import Backbone
from framing.encoders.loading import load_transformer
from framing.encoders.weights import ModelSource, find_model
from framing.errors import InputError
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, static_model, transformer_model

pytestmark = pytest.mark.slow

TEXTS = [*WAR, *TRADE, *SPORT, *PASSAGES]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelSource]:
    home = tmp_path_factory.mktemp("models")
    return {
        **{kind: find_model(str(transformer_model(home / kind, kind))) for kind in ("bert", "roberta", "mpnet")},
        "cls": find_model(str(transformer_model(home / "cls", pooling="cls"))),
    }


def whole_vector(source: ModelSource, text: str) -> np.ndarray:
    model, tokenizer, limit, pooling, _ = load_transformer(source)
    tokens = tokenizer(text, truncation=True, max_length=limit, return_tensors="pt")
    with torch.inference_mode():
        states = model.eval()(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]).last_hidden_state
    return (states[0, 0] if pooling == "cls" else states[0].mean(0)).numpy()


@pytest.mark.parametrize("trained_layers", [0, 1, 2, 3, 9])
@pytest.mark.parametrize("kind", ["bert", "roberta", "mpnet", "cls"])
def test_lower_and_upper_part_are_the_whole_model(sources, kind, trained_layers):
    backbone = Backbone(sources[kind], trained_layers=trained_layers, max_tokens=192)
    upper = min(trained_layers, 3)
    assert (len(backbone.lower.encoder.layer), len(backbone.upper.encoder.layer)) == (3 - upper, upper)
    member = backbone.make_member(3).eval()
    texts = [WAR[0], "war", "", " ".join(TEXTS)]  # the last is longer than the model reads
    with torch.inference_mode():
        vectors = member.embed(backbone.encode_lower(texts)).numpy()
    expected = np.stack([whole_vector(sources[kind], text) for text in texts])
    assert np.abs(vectors - expected).max() < 1e-5


@pytest.mark.parametrize("kind", ["bert", "mpnet"])
def test_padding_does_not_change_a_vector(sources, kind):
    backbone = Backbone(sources[kind], trained_layers=2, max_tokens=192)
    member = backbone.make_member(3).eval()
    with torch.inference_mode():
        together = member.embed(backbone.encode_lower(["war", *TEXTS])).numpy()
        alone = np.vstack([member.embed(backbone.encode_lower([text])).numpy() for text in ("war", *TEXTS)])
    assert np.abs(together - alone).max() < 1e-5


def test_texts_are_cut_where_the_plan_says(sources):
    backbone = Backbone(sources["bert"], trained_layers=1, max_tokens=6)
    whole, short = backbone.encode_lower([WAR[0], "war"])
    assert (whole.shape, short.shape) == ((6, 32), (3, 32))  # with the tokens that begin and end a text
    assert backbone.encode_lower([]) == []


def test_members_share_the_lower_layers_and_nothing_else(sources):
    backbone = Backbone(sources["bert"], trained_layers=1, max_tokens=48)
    one, other = backbone.make_member(2), backbone.make_member(2)
    assert one.lin.weight.shape == (2, 32)
    with torch.no_grad():
        for value in one.parameters():
            value.fill_(7.0)
    assert all((value != 7.0).any() for value in other.upper.parameters() if value.numel() > 1)
    third = backbone.make_member(2)
    assert all((value != 7.0).any() for value in third.upper.parameters() if value.numel() > 1)


@pytest.mark.parametrize("make", [static_model, lambda folder: transformer_model(folder, "distilbert")])
def test_an_encoder_without_layers_is_refused(tmp_path, make):
    source = find_model(str(make(tmp_path / "other")))
    with pytest.raises(InputError, match=r"is no transformer of embeddings and layers.*choose strength head"):
        Backbone(source, trained_layers=1, max_tokens=48)
