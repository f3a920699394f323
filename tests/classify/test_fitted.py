"""A codebook is fitted once: later runs open the fit, and a damaged or missing cache costs a fit and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from framing.classify.classifier import FrameClassifier
from framing.classify.fitted import fit_on_codebook
from framing.files.damage import CacheWarning
from tests.damage import DAMAGES
from tests.multilingual import TwoLanguages
from tests.tiny import WordEncoder, codebook

pytestmark = pytest.mark.usefixtures("short_background")

TEXTS = ["Soldiers hit the port.", "Steel and wine.", "She won the final."]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codebooks that are fitted, in order."""
    fitted: list[str] = []
    fit = FrameClassifier.fit

    def count(self: FrameClassifier, *arguments: object, **options: object) -> FrameClassifier:
        fitted.append(self.codebook.hash)
        return fit(self, *arguments, **options)

    monkeypatch.setattr(FrameClassifier, "fit", count)
    return fitted


def make(*, multi_label: bool = True, **parameters: object) -> FrameClassifier:
    return FrameClassifier(codebook(multi_label=multi_label), WordEncoder(), **parameters)


def test_the_same_is_fitted_once_and_scores_the_same_to_the_last_bit(cache: Path, fits: list[str]) -> None:
    first = fit_on_codebook(make())
    second = fit_on_codebook(make())
    assert len(fits) == 1
    np.testing.assert_array_equal(first.predict_proba(TEXTS), second.predict_proba(TEXTS))
    np.testing.assert_array_equal(first.decide(TEXTS), second.decide(TEXTS))
    assert np.abs(first.predict_proba(TEXTS) - make().fit().predict_proba(TEXTS)).max() < 1e-6


def test_an_encoder_of_other_languages_is_fitted_anew(cache: Path, fits: list[str], tmp_path: Path) -> None:
    """The vectors are the same; which directions are taken out of them is not."""

    def score(card: str) -> np.ndarray:
        encoder = TwoLanguages(tmp_path / "two", card=card)
        fitted = fit_on_codebook(FrameClassifier(codebook(multi_label=True), encoder, strength="zero-shot"))
        return fitted.predict_proba(["raketen griffen the hafen", "stahl and wein"])

    both, english, again = (score(f"language: [{languages}]") for languages in ("en, de", "en", "en, de"))
    assert len(fits) == 2
    np.testing.assert_array_equal(both, again)
    assert np.abs(both - english).max() > 1e-3


def test_another_codebook_or_parameter_is_fitted_anew(cache: Path, fits: list[str]) -> None:
    fit_on_codebook(make())
    fit_on_codebook(make(multi_label=False))
    fit_on_codebook(make(random_seed=7))
    assert len(fits) == 3


@pytest.mark.parametrize("pattern", ["fits/*/classifier.json", "fits/*/*.safetensors"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_fit_is_set_aside_with_a_warning_and_made_again(
    cache: Path, fits: list[str], pattern: str, damage: Callable[[Path], None]
) -> None:
    expected = fit_on_codebook(make()).predict_proba(TEXTS)
    (path,) = cache.glob(pattern)
    damage(path)
    with pytest.warns(CacheWarning, match=rf"The stored fit {path.parent} is damaged: .* set aside as .*damaged-1"):
        np.testing.assert_array_equal(fit_on_codebook(make()).predict_proba(TEXTS), expected)
    np.testing.assert_array_equal(fit_on_codebook(make()).predict_proba(TEXTS), expected)
    assert len(fits) == 2


def test_a_file_where_the_fit_would_be_makes_room(cache: Path, fits: list[str]) -> None:
    fit_on_codebook(make())
    (folder,) = cache.glob("fits/*")
    shutil.rmtree(folder)
    folder.write_text("a file", encoding="utf-8")
    with pytest.warns(CacheWarning, match="The stored fit .* is damaged"):
        fit_on_codebook(make())
    fit_on_codebook(make())
    assert len(fits) == 2


def test_a_cache_that_cannot_be_written_costs_a_fit(cache: Path, fits: list[str]) -> None:
    cache.write_text("a file where the folder would be", encoding="utf-8")
    first, second = (fit_on_codebook(make()).predict_proba(TEXTS) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert len(fits) == 2
