"""What stands before each text: said by the files of a model or by its name, set by every way of computing, hashed."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from framing import SentenceEncoder
from framing.encoders.prompts import find_prompt, split_name, split_names
from framing.encoders.sentence import open_encoder
from framing.encoders.store import VectorStore
from framing.encoders.weights import find_model
from framing.errors import InputError
from tests.tiny import WAR, static_model, transformer_model

HUB = f"owner/name@{40 * '0'}"
E5 = f"intfloat/multilingual-e5-base@{40 * 'a'}"
PROMPT = "steel wine: "  # words that the tiny model knows
PROMPTS = {"query": PROMPT, "document": "talks: "}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer without a prompt."""
    return transformer_model(tmp_path_factory.mktemp("prompts") / "plain")


def prompted(folder: Path, target: Path, **content: Any) -> Path:
    shutil.copytree(folder, target)
    (target / "config_sentence_transformers.json").write_text(json.dumps(content))
    return target


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (f"{HUB}[query: ]", (HUB, "query: ")),
        (f"{HUB}[]", (HUB, "")),
        ("minilm", ("minilm", None)),
        (E5, (E5, "query: ")),  # its card prescribes the prompt, its files do not hold it
        (f"{E5}[]", (E5, "")),
        (f"{E5}[passage: ]", (E5, "passage: ")),
        (E5.replace("base", "large-instruct"), (E5.replace("base", "large-instruct"), None)),
    ],
)
def test_names_are_split_from_prompts(name, parts):
    assert split_name(name) == parts


def test_a_folder_with_brackets_is_a_folder(tmp_path):
    folder = tmp_path / "a+b[query: ]"
    folder.mkdir()
    assert split_name(str(folder)) == (str(folder), None)
    assert split_names(str(folder)) == [str(folder)]


def test_a_plus_in_a_prompt_parts_nothing():
    assert split_names(f"{HUB}[war+peace: ] + minilm") == [f"{HUB}[war+peace: ]", "minilm"]


@pytest.mark.parametrize("backend", ["torch", "openvino", "onnxruntime"])
def test_a_prompt_that_is_asked_for_stands_before_every_text(plain, backend):
    asked = SentenceEncoder(f"{plain}[{PROMPT}]", backend=backend, dtype="float32")
    without = SentenceEncoder(str(plain), backend=backend, dtype="float32")
    assert asked.backend == backend
    assert asked.name == f"{plain}[{PROMPT}]"
    assert np.allclose(asked.encode(WAR), without.encode([PROMPT + text for text in WAR]), atol=1e-5)
    assert not np.allclose(asked.encode(WAR), without.encode(WAR), atol=1e-2)


def test_a_model_that_only_sentence_transformers_computes_gets_it_too(tmp_path):
    folder = static_model(tmp_path / "static", dense=1)
    asked, without = (
        SentenceEncoder(f"{folder}[talks: ]", dtype="float32"),
        SentenceEncoder(str(folder), dtype="float32"),
    )
    assert np.allclose(asked.encode(["missile grain"]), without.encode(["talks: missile grain"]), atol=1e-6)
    assert not np.allclose(asked.encode(["missile grain"]), without.encode(["missile grain"]), atol=1e-2)


def test_static_embeddings_get_it(tmp_path):
    folder = static_model(tmp_path / "static")
    asked, without = (
        SentenceEncoder(f"{folder}[talks: ]", dtype="float32"),
        SentenceEncoder(str(folder), dtype="float32"),
    )
    assert np.allclose(asked.encode(["missile"]), without.encode(["talks: missile"]), atol=1e-6)


def test_the_prompt_of_the_files_is_the_default(plain, tmp_path):
    folder = prompted(plain, tmp_path / "own", prompts=PROMPTS, default_prompt_name="query")
    by_files, asked = SentenceEncoder(str(folder), dtype="float32"), SentenceEncoder(f"{plain}[{PROMPT}]")
    other, none = (SentenceEncoder(f"{folder}[{name}]", dtype="float32") for name in ("document", ""))
    assert np.allclose(by_files.encode(WAR), SentenceEncoder(f"{plain}[{PROMPT}]", dtype="float32").encode(WAR))
    assert np.allclose(other.encode(WAR), SentenceEncoder(f"{plain}[talks: ]", dtype="float32").encode(WAR))
    assert np.allclose(none.encode(WAR), SentenceEncoder(str(plain), dtype="float32").encode(WAR))
    assert len({encoder.source.fingerprint for encoder in (by_files, asked, other, none)}) == 4


def test_the_library_says_nothing_of_the_prompt(plain, tmp_path, caplog, capfd):
    folder = prompted(plain, tmp_path / "own", prompts=PROMPTS, default_prompt_name="query")
    SentenceEncoder(str(folder), backend="torch").encode(WAR)
    assert "Default prompt name" not in caplog.text
    assert "Default prompt name" not in capfd.readouterr().err


def test_prompts_without_a_default_are_said(plain, tmp_path):
    folder = prompted(plain, tmp_path / "own", prompts=PROMPTS, default_prompt_name=None)
    with pytest.warns(UserWarning, match=r"has prompts \(document, query\) and none for all texts, so that none"):
        assert find_prompt(folder, None) == ""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert find_prompt(folder, "") == ""
        assert find_prompt(folder, "query") == PROMPT
        assert find_prompt(prompted(plain, tmp_path / "empty", prompts={"query": "", "document": ""}), None) == ""


def test_a_prompt_that_there_is_not(plain, tmp_path):
    folder = prompted(plain, tmp_path / "own", prompts=PROMPTS, default_prompt_name="query")
    with pytest.raises(InputError, match=r"no prompt of the name 'qury' \(it has: document, query\)\. Name one"):
        find_model(f"{folder}[qury]")
    with pytest.raises(InputError, match=r"no prompt of the name 'query' \(it has: none\).*\[query: \]"):
        find_model("minilm[query]")


def test_a_prompt_is_part_of_the_fingerprint():
    names = ("minilm", "minilm[]", "minilm[query: ]", "minilm[passage: ]", HUB, f"{HUB}[query: ]")
    sources = [find_model(name) for name in names]
    assert len({source.fingerprint for source in sources}) == len(names)
    assert [source.prompt for source in sources] == [None, "", "query: ", "passage: ", None, "query: "]
    assert (sources[-1].hub, sources[-1].revision) == ("owner/name", 40 * "0")
    assert find_model(E5).fingerprint == find_model(f"{E5}[query: ]").fingerprint


def test_vectors_of_one_prompt_are_not_those_of_another_in_the_store(plain, tmp_path):
    store = VectorStore(tmp_path / "vectors.sqlite")
    with_prompt, without = (
        SentenceEncoder(name, store=store, dtype="float32") for name in (f"{plain}[{PROMPT}]", str(plain))
    )
    first = with_prompt.encode(WAR)
    assert not np.allclose(without.encode(WAR), first, atol=1e-2)
    assert without.statistics.from_store == 0


def test_the_prompt_counts_among_the_tokens(plain):
    text = " ".join(["war"] * 44)  # the model reads 48 tokens, two of which it adds
    assert not SentenceEncoder(str(plain)).find_long([text])[0]
    assert SentenceEncoder(f"{plain}[{PROMPT}]").find_long([text])[0]


def test_encoders_side_by_side_have_prompts_of_their_own(plain):
    both = open_encoder(f"{plain}[{PROMPT}]+{plain}", dtype="float32")
    vectors = both.encode(WAR)
    first, second = vectors[:, :32], vectors[:, 32:]
    assert np.allclose(first * np.sqrt(2), SentenceEncoder(f"{plain}[{PROMPT}]", dtype="float32").encode(WAR))
    assert np.allclose(second * np.sqrt(2), SentenceEncoder(str(plain), dtype="float32").encode(WAR))


def test_layers_that_learn_read_the_prompt(plain):
    from framing.classify.tuned.backbone import Backbone

    asked, without = (
        Backbone(find_model(name), trained_layers=1, max_tokens=48) for name in (f"{plain}[{PROMPT}]", str(plain))
    )
    states = asked.encode_lower(WAR)
    expected = without.encode_lower([PROMPT + text for text in WAR])
    assert all(np.allclose(one.numpy(), other.numpy()) for one, other in zip(states, expected, strict=True))
    assert asked.find_long([" ".join(["war"] * 44)])[0]
