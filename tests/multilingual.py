"""An encoder of two languages that tests can reckon with: what a text says, and a push to the side of its language."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from framing.encoders.neutral import read_parallel

GERMAN = {
    "missiles": "raketen", "soldiers": "soldaten", "attacked": "griffen", "port": "hafen", "drones": "drohnen",
    "exports": "exporte", "tariffs": "zölle", "steel": "stahl", "trade": "handel", "wine": "wein",
}  # fmt: skip
_ENGLISH = {german: english for english, german in GERMAN.items()}
_WIDTH = 48


def translate(text: str) -> str:
    """The German words of an English text; other words stay."""
    return " ".join(GERMAN.get(word, word) for word in re.findall(r"\w+", text.lower()))


class TwoLanguages:
    """Vectors of English and German: the same for a text and its translation, but for a push of the German ones.

    Parallel sentences have a direction each; sentences of other languages than these two mean nothing to it.
    """

    dtype, tunable = "float32", False

    def __init__(self, folder: Path, *, push: float = 1.5, card: str = "language: [en, de]", source=None) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "README.md").write_text(f"---\n{card}\n---\n", encoding="utf-8")
        self.name, self.fingerprint, self.source = str(folder), f"two-{push}", source
        self._push = push * np.eye(_WIDTH)[0]
        parallel = read_parallel()
        self._sentences = {
            text: (number if language in ("en", "de") else hash_of(text), language)
            for language, texts in parallel.items()
            for number, text in enumerate(texts)
        }

    def encode(self, texts: Sequence[str], *, progress: str = "") -> np.ndarray:
        return np.stack([self._read(text) for text in texts]).astype(np.float32)

    def _read(self, text: str) -> np.ndarray:
        if text in self._sentences:
            number, language = self._sentences[text]
            vector = direction(f"sentence {number}")
            german = language == "de"
        else:
            words = re.findall(r"\w+", text.lower())
            vector = np.sum([direction(_ENGLISH.get(word, word)) for word in words], axis=0)
            vector = vector / np.linalg.norm(vector)
            german = any(word in _ENGLISH for word in words)
        vector = vector + self._push * german
        return vector / np.linalg.norm(vector)


def hash_of(text: str) -> int:
    return zlib.crc32(text.encode())


def direction(word: str) -> np.ndarray:
    """A unit vector of its own for each word, without a part in the direction of the push."""
    drawn = np.random.default_rng(hash_of(word)).normal(size=_WIDTH)
    drawn[0] = 0.0
    return drawn / np.linalg.norm(drawn)
