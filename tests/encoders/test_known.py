"""Which languages encoders read: a fact where it is known, and None where it is not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from framing.encoders.known import KNOWN, identify_reading, known_languages
from framing.encoders.weights import find_model, known_folder

HUB = f"owner/name@{40 * '0'}"


def test_languages_of_known_encoders():
    assert known_languages("minilm") == known_languages("mpnet") == {"en"}
    multilingual = known_languages("multilingual")
    assert multilingual is not None
    assert multilingual >= {"ar", "de", "en", "fr", "he", "hi", "no", "ru", "uk", "zh"}
    assert len(multilingual - {"nb", "nn"}) == 93  # of the card of the model
    assert not {"mi", "tg"} & multilingual


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("mpnet+minilm", {"en"}),
        ("multilingual+mpnet", {"en"}),
        ("multilingual[passage: ]", KNOWN["multilingual"].languages),
        (HUB, None),
        (f"{HUB}[query: ]", None),
        (f"{HUB}+minilm", None),
        ("no/such/folder", None),
    ],
)
def test_languages_of_several_encoders_and_of_others(name, languages):
    assert known_languages(name) == languages


@pytest.mark.parametrize(
    ("card", "languages"),
    [
        ("---\nlicense: mit\nlanguage: uk\ntags: [x]\n---\nlanguage: fr\n", {"uk"}),
        ("---\nlanguage: [en, ru]\n---\n", {"en", "ru"}),
        ("---\nlanguage:\n- multilingual\n- en\n  - de\nlicense: mit\n---\n", {"en", "de"}),
        ("---\nlanguage: [pt-br, sr-latn, zh_tw]\n---\n", {"pt", "sr", "zh"}),  # neither Breton nor Twi
        ("---\nlanguage: en  # it is read as well\n---\n", {"en"}),
        ("---\nlicense: mit\n---\nlanguage: fr\n", None),
        ("language: fr\n", None),
        ("", None),
    ],
)
def test_languages_of_a_folder_are_those_of_its_card(tmp_path, card, languages):
    (tmp_path / "README.md").write_text(card)
    assert known_languages(str(tmp_path)) == languages


def test_what_is_read_is_part_of_a_key(tmp_path):
    encoder = SimpleNamespace(name=str(tmp_path), fingerprint="f")
    assert identify_reading(encoder) == "f reads unknown"
    (tmp_path / "README.md").write_text("---\nlanguage: [ru, en]\n---\n")
    assert identify_reading(encoder) == "f reads en ru"


def test_a_folder_without_a_card(tmp_path):
    assert known_languages(str(tmp_path)) is None


def test_the_facts_hold_of_what_is_installed():
    """The bundled encoder, whose digest stands in the table."""
    assert find_model("minilm").folder == known_folder("minilm")
    assert set(KNOWN) == {"minilm", "mpnet", "multilingual"}
