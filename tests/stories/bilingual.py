"""An encoder of two languages for tests, and texts in both: a word and its translation have one direction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tests.tiny import WordEncoder

_GERMAN = {
    "the": "der", "harbour": "Hafen", "burns": "brennt", "since": "seit", "night": "Nacht", "firemen": "Feuerwehrleute",
    "came": "kamen", "from": "aus", "all": "allen", "towns": "Orten", "minister": "Minister", "promised": "versprach",
    "money": "Geld", "for": "für", "new": "neue", "piers": "Anleger", "fishermen": "Fischer", "wait": "warten",
    "weather": "Wetter", "stays": "bleibt", "dry": "trocken", "and": "und", "windy": "windig", "school": "Schule",
    "opens": "öffnet", "again": "wieder", "with": "mit", "teachers": "Lehrern", "parents": "Eltern", "are": "sind",
    "glad": "froh", "bus": "Bus", "stops": "hält", "there": "dort", "now": "jetzt", "tickets": "Karten",
    "cost": "kosten", "less": "weniger", "council": "Rat", "voted": "stimmte", "late": "spät",
}  # fmt: skip
_ENGLISH = {german.lower(): english for english, german in _GERMAN.items()}
FIRE = (
    "The harbour burns since night.", "Firemen came from all towns.", "The minister promised money for new piers.",
    "Fishermen wait.", "The weather stays dry and windy.", "The council voted for money.",
)  # fmt: skip
SCHOOL = (
    "The school opens again with new teachers.", "Parents are glad.", "The bus stops there now and tickets cost less.",
    "The council voted late.", "The minister came with the teachers.", "There are new stops for parents.",
)  # fmt: skip


def german(text: str) -> str:
    """The text word by word in German, marks kept."""
    words = []
    for word in text.split(" "):
        bare = word.strip(".,")
        other = _GERMAN[bare.lower()]
        words.append((other[0].upper() + other[1:] if bare[0].isupper() else other) + word[len(bare) :])
    return " ".join(words)


class BilingualEncoder(WordEncoder):
    """Words of both languages; German ones have what is common to German beside the direction of the English word."""

    name, fingerprint = "bilingual", "bilingual-1"

    def encode(self, texts: Sequence[str], *, progress: str = "") -> np.ndarray:
        lowered = [[word.strip(".,:").lower() for word in text.split()] for text in texts]
        english = [" ".join(_ENGLISH.get(word, word) for word in words) for words in lowered]
        is_german = np.array([any(word in _ENGLISH for word in words) for words in lowered])
        vectors = super().encode(english) + 0.5 * is_german[:, None] * super().encode(["deutsch"])
        return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def table(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Documents of id, language, day and text."""
    columns = ["document_id", "language", "published", "text"]
    documents = pd.DataFrame(list(rows), columns=columns).assign(title="")
    documents["outlet"] = documents["document_id"].str[0]
    documents["published"] = pd.to_datetime(documents["published"])
    return documents
