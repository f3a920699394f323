"""Scorers that read the codebook alone: they refuse to learn, and say so each by its name."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from framing.classify.llm import LlmScorer
from framing.classify.nli import NliScorer
from framing.classify.scorer import NotFittedError
from framing.classify.zero_shot import ZeroShotScorer
from framing.errors import InputError
from tests.tiny import WAR, codebook

BOOK = codebook(multi_label=True)
SCORERS = [
    (LlmScorer(BOOK, "small"), "a language model"),
    (NliScorer(BOOK, f"owner/name@{40 * '0'}"), "scoring by natural language inference"),
]


@pytest.mark.parametrize(("scorer", "name"), SCORERS)
def test_texts_labels_and_folds_are_refused(scorer: ZeroShotScorer, name: str) -> None:
    for given in ({"texts": WAR}, {"labels": np.eye(3, dtype=bool)}):
        with pytest.raises(InputError, match=rf"^fit: {name} does not learn from texts or labels; .* FrameClassifier"):
            clone(scorer).fit(**given)
    with pytest.raises(InputError, match=rf"^predict_folds: {name} learns from no labels"):
        clone(scorer).fit().predict_folds(WAR)


@pytest.mark.parametrize("scorer", [scorer for scorer, _ in SCORERS])
def test_a_draft_is_given_to_no_model(scorer: ZeroShotScorer) -> None:
    first = BOOK.frames[0].model_copy(update={"definition": "FILL IN: what the frame claims"})
    draft = BOOK.with_values(frames=(first, *BOOK.frames[1:]))
    with pytest.raises(InputError, match=r"is a draft: FILL IN: still stands in war\. Write what is missing first"):
        clone(scorer).set_params(codebook=draft).fit()


@pytest.mark.parametrize(("scorer", "name"), SCORERS)
def test_fit_comes_first_and_makes_what_an_analysis_needs(scorer: ZeroShotScorer, name: str) -> None:
    unfitted = clone(scorer)
    with pytest.raises(NotFittedError, match=r"^predict_proba: call fit first\."):
        unfitted.predict_proba(WAR)
    fitted = unfitted.fit()
    assert fitted is unfitted
    assert fitted.classes_.tolist() == ["war", "trade", "sport"]
    assert (fitted.zero_shot_, fitted.strength_, fitted.threshold_) == (True, "zero-shot", 0.5)
    assert (fitted.training_dtype_, fitted.cross_fitted_, fitted.folds_, len(fitted.guarantees_)) == ("", None, None, 0)
