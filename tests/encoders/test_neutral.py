"""What tells languages apart is found on parallel sentences and taken out of vectors; nothing else is."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from framing.corpus.language import detect_languages
from framing.encoders.neutral import (
    NeutralEncoder,
    describe_shift,
    fit_language_shift,
    read_parallel,
    remove_language_shift,
)
from tests.multilingual import TwoLanguages


def test_parallel_sentences_are_complete_and_in_their_language():
    parallel = read_parallel()
    assert len(parallel) >= 12
    assert {"en", "de", "fr", "it", "pl", "ru", "uk", "ar", "he", "hi", "zh"} <= set(parallel)
    for language, texts in parallel.items():
        assert len(texts) == len(set(texts)) == 64, language
        assert all(text == text.strip() and text for text in texts), language
        found = detect_languages(texts)
        assert found.count(language) >= 0.8 * len(texts), (language, found)


def test_sentences_of_a_line_have_the_same_end_and_numbers_alike():
    for number, line in enumerate(zip(*read_parallel().values(), strict=True), start=1):
        questions = [text.rstrip()[-1] in "?؟？" for text in line]
        assert len(set(questions)) == 1 or number == 50, line  # Japanese asks without a sign
        assert not any(character.isdigit() for text in line for character in text), line


def test_the_shift_is_the_difference_of_means():
    # two texts in the plane of the axes 1 and 2, German ones pushed by 0.6 on axis 0
    english = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    german = english + np.array([0.6, 0.0, 0.0])
    shift = fit_language_shift({"en": english, "de": german})
    assert shift.languages == ("en", "de")
    np.testing.assert_allclose(shift.centre, [0.3, 0.5, 0.5])
    np.testing.assert_allclose(np.abs(shift.basis), [[1.0, 0.0, 0.0]], atol=1e-12)
    # (0, 1, 0) less the centre is (-0.3, 0.5, -0.5), without axis 0 (0, 0.5, -0.5), at unit length (0, .7071, -.7071)
    expected = [[0.0, 0.70711, -0.70711], [0.0, -0.70711, 0.70711]]
    np.testing.assert_allclose(shift.remove(english), expected, atol=1e-5)
    np.testing.assert_allclose(shift.remove(german), expected, atol=1e-5)


def test_translations_meet_whatever_their_language():
    rng = np.random.default_rng(0)
    content, pushes = rng.normal(size=(40, 12)), 3 * rng.normal(size=(5, 12))
    vectors = {f"l{number}": content + push for number, push in enumerate(pushes)}
    shift = fit_language_shift(vectors)
    assert shift.basis.shape == (4, 12)
    np.testing.assert_allclose(shift.basis @ shift.basis.T, np.eye(4), atol=1e-12)
    first = shift.remove(vectors["l0"])
    for others in vectors.values():
        np.testing.assert_allclose(shift.remove(others), first, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 1.0, atol=1e-6)
    # a language that had no parallel text loses its part in the span of the others
    mixed = content + 0.5 * pushes[0] + 0.5 * pushes[3]
    np.testing.assert_allclose(shift.remove(mixed), first, atol=1e-5)


def test_languages_that_lie_in_one_place_add_no_direction():
    english = np.random.default_rng(1).normal(size=(6, 4))
    shift = fit_language_shift({"en": english, "nb": english, "de": english + np.eye(4)[0]})
    assert shift.basis.shape == (1, 4)


def test_a_vector_is_the_same_beside_any_others():
    rng = np.random.default_rng(2)
    shift = fit_language_shift({name: rng.normal(size=(9, 64)) for name in ("en", "de", "fr")})
    vectors = rng.normal(size=(700, 64)).astype(np.float32)
    together = shift.remove(vectors)
    for rows in (slice(0, 1), slice(5, 8), slice(3, 600)):
        np.testing.assert_array_equal(shift.remove(vectors[rows]), together[rows])


def test_encoders_of_one_language_stay_as_they_are():
    named = SimpleNamespace(name="minilm", fingerprint="f", dtype="float32", tunable=True, source=object())
    unknown = SimpleNamespace(name="owner/name", fingerprint="f", dtype="float32", tunable=True, source=None)
    for encoder in (named, unknown):
        assert remove_language_shift(encoder) is encoder


def test_the_vectors_of_an_encoder_of_several_languages_meet(tmp_path):
    plain = TwoLanguages(tmp_path / "two")
    encoder = remove_language_shift(plain)
    assert isinstance(encoder, NeutralEncoder)
    assert remove_language_shift(encoder) is encoder
    assert encoder.shift is not None
    assert encoder.shift.languages == ("de", "en")
    assert encoder.fingerprint.startswith(f"{plain.fingerprint}-neutral-")
    texts = ["Missiles attacked the port", "raketen griffen the hafen", "wine"]
    before, after = plain.encode(texts), encoder.encode(texts)
    assert before[0] @ before[1] < 0.7
    assert after[0] @ after[1] == pytest.approx(1.0, abs=0.03)
    assert abs(after[0] @ after[2]) < 0.5


def test_its_vectors_have_another_name_where_its_card_names_other_languages(tmp_path):
    """French is a language of the parallel sentences, Esperanto none; `None`: the languages have to be found."""
    names = {
        languages: NeutralEncoder(TwoLanguages(tmp_path / "two", card=f"language: [{languages}]")).fingerprint
        for languages in ("en, de", "de, en", "en, de, fr", "en, de, eo", "en")
    }
    names["unknown"] = NeutralEncoder(TwoLanguages(tmp_path / "two", card="license: mit")).fingerprint
    assert names["en, de"] == names["de, en"] == names["en, de, eo"]
    assert len(set(names.values())) == 4


def test_the_languages_of_the_shift_are_described(tmp_path):
    def describe(card, source=None):
        return describe_shift(TwoLanguages(tmp_path / "two", card=card, source=source))

    assert describe("language: [en, de, eo]") == "de en"
    assert describe("language: en") == describe("license: mit") == "none"
    assert describe("license: mit", source=object()) == "those it is found to read"


def test_of_an_unknown_encoder_the_languages_are_found_by_their_sentences(tmp_path):
    unknown = TwoLanguages(tmp_path / "unknown", card="license: mit", source=object())
    encoder = remove_language_shift(unknown)
    assert isinstance(encoder, NeutralEncoder)
    assert encoder.shift is not None
    assert encoder.shift.languages == ("de", "en")


def test_an_unknown_encoder_of_english_keeps_its_vectors(tmp_path):
    class English(TwoLanguages):
        def _read(self, text):
            known = text if text in read_parallel()["en"] else "something else"
            return super()._read(known)

    encoder = remove_language_shift(English(tmp_path / "english", card="license: mit", source=object()))
    assert encoder.shift is None
    np.testing.assert_array_equal(encoder.encode(["wine"]), encoder.encoder.encode(["wine"]))
