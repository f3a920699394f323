"""Experts side by side: what is tuned gets the seeds at their weight, and scores are blended by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from framing.classify import ensemble as ensembles
from framing.classify.anchors import calibrate_anchors, make_anchors
from framing.classify.calibration import Blend
from framing.classify.ensemble import Ensemble
from framing.classify.frozen.expert import FrozenExpert
from framing.classify.supervision import LabelledTexts
from framing.classify.tuned.plan import TuningPlan
from tests.classify.labelled import labelled
from tests.tiny import PASSAGES, WordEncoder, codebook

ANCHORS = make_anchors(codebook())
N = len(ANCHORS.texts)
TEXTS, LABELS = labelled(12)
GIVEN = LabelledTexts(TEXTS, LABELS, np.arange(12), np.arange(12) % 3)


class Tunable(WordEncoder):
    source = SimpleNamespace(name="tunable")


class Tuned:
    """In place of a tuned encoder: remembers what it was fitted on, and scores by the length of a text."""

    def __init__(self, source, *, multi_label, plan, random_seed=0):
        self.parameters = {"source": source, "multi_label": multi_label, "plan": plan, "random_seed": random_seed}

    def fit(self, texts, targets, weights, folds, *, known, progress, say):
        self.texts, self.targets, self.weights, self.folds, self.known = texts, targets, weights, folds, known
        self.left_out_ = np.where(folds[:, None] < 0, np.nan, self.score(texts))
        return self

    def score(self, texts, *, progress=""):
        return np.array([[len(text) % 7, len(text) % 5, len(text) % 3] for text in texts], dtype=float)

    def score_members(self, texts, *, progress=""):
        return np.stack([member + self.score(texts) for member in range(3)])


@pytest.fixture(autouse=True)
def _tuned(monkeypatch):
    monkeypatch.setattr(ensembles, "TunedEncoder", Tuned)


def fitted(*, tune: bool) -> tuple[Ensemble, np.ndarray]:
    ensemble = Ensemble(Tunable(), language="en", multi_label=False)
    anchor_scores = ensemble.fit_frozen(ANCHORS, GIVEN)
    if tune:
        ensemble.fit_tuned(ANCHORS, GIVEN, plan=TuningPlan(), random_seed=4)
    return ensemble, anchor_scores


@pytest.mark.parametrize(("chosen", "expected"), [(0.03, 0.1), (0.1, 0.1), (0.3, 0.3), (1.0, 1.0)])
def test_seeds_are_tuned_on_by_a_tenth_at_least(chosen, expected):
    ensemble, _ = fitted(tune=False)
    ensemble.frozen.seed_weight_ = chosen
    tuned = ensemble.fit_tuned(ANCHORS, GIVEN, plan=TuningPlan(), random_seed=4)
    assert tuned is ensemble.tuned
    assert tuned.weights.tolist() == [expected] * N + [1.0] * 12
    assert tuned.folds.tolist() == [-1] * N + GIVEN.folds.tolist()
    assert tuned.texts == [*ANCHORS.texts, *TEXTS]
    np.testing.assert_array_equal(tuned.targets, np.vstack([ANCHORS.targets, LABELS]))
    np.testing.assert_array_equal(tuned.known, np.vstack([ANCHORS.known, np.ones(LABELS.shape, dtype=bool)]))
    assert tuned.parameters == {
        "source": Tunable.source, "multi_label": False, "plan": TuningPlan(), "random_seed": 4,
    }  # fmt: skip


def test_anchors_are_scored_on_the_scale_of_the_labelled_texts():
    ensemble, anchor_scores = fitted(tune=False)
    left_out = ensemble.frozen.left_out_
    blend = Blend(multi_label=False).fit(left_out[None, N:], LABELS)
    np.testing.assert_allclose(anchor_scores, blend.predict_proba(left_out[None, :N])[ANCHORS.counted])
    alone = Ensemble(WordEncoder(), language="en", multi_label=False)
    scores = alone.fit_anchors(ANCHORS)
    expert = FrozenExpert(WordEncoder(), language="en", multi_label=False).fit(ANCHORS)
    scale = calibrate_anchors(expert.left_out_, ANCHORS, multi_label=False)
    np.testing.assert_allclose(scores, scale.predict_proba(expert.left_out_[None])[ANCHORS.counted])
    np.testing.assert_allclose(alone.predict_proba(PASSAGES), scale.predict_proba(expert.score(PASSAGES)[None]))


@pytest.mark.parametrize("tune", [True, False])
def test_blends_are_of_all_experts_and_of_the_other_folds(tune):
    ensemble, _ = fitted(tune=tune)
    cross_fitted = ensemble.fit_blends(GIVEN)
    experts = [ensemble.frozen.left_out_[N:], *([ensemble.tuned.left_out_[N:]] if tune else [])]
    left_out = np.stack(experts)
    new = [PASSAGES[1], *PASSAGES, TEXTS[0]]
    raw = np.stack([ensemble.frozen.score(new), *([ensemble.tuned.score(new)] if tune else [])])
    by_fold = [ensemble.frozen.score_folds(new), *([ensemble.tuned.score_members(new)] if tune else [])]
    whole = Blend(multi_label=False).fit(left_out, LABELS)
    np.testing.assert_allclose(ensemble.predict_proba(new), whole.predict_proba(raw), atol=1e-6)
    found = ensemble.predict_folds(new)
    assert (len(ensemble.fold_blends), found.shape) == (3, (3, 5, 3))
    for fold in range(3):
        inside = GIVEN.folds == fold
        blend = Blend(multi_label=False).fit(left_out[:, ~inside], LABELS[~inside])
        np.testing.assert_allclose(cross_fitted[inside], blend.predict_proba(left_out[:, inside]))
        expected = blend.predict_proba(np.stack([scores[fold] for scores in by_fold]))
        np.testing.assert_allclose(found[fold], expected, atol=1e-6)


def test_a_single_fold_is_blended_by_all_texts():
    one = LabelledTexts(TEXTS, LABELS, np.zeros(12, dtype=np.int64), np.zeros(12, dtype=np.int64))
    ensemble = Ensemble(WordEncoder(), language="en", multi_label=False)
    ensemble.fit_frozen(ANCHORS, one)
    cross_fitted = ensemble.fit_blends(one)
    assert ensemble.fold_blends == [ensemble.blend]
    np.testing.assert_allclose(cross_fitted, ensemble.blend.predict_proba(ensemble.frozen.left_out_[None, N:]))
