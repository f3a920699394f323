"""Weights and scale of experts: the objective coded a second time, its gradient, known slopes, hand-made cases."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
from scipy.optimize import approx_fprime, brentq
from scipy.special import expit, softmax

from framing.classify.calibration import Blend
from framing.classify.state import State


def problem(*, n_experts: int = 2, n: int = 60, k: int = 3, seed: int = 0):
    generator = np.random.default_rng(seed)
    scores = generator.normal(size=(n_experts, n, k)) * np.array([1.0, 5.0, 0.2])[:n_experts, None, None]
    single = np.eye(k, dtype=bool)[(scores[0] + generator.normal(size=(n, k))).argmax(axis=1)]
    several = generator.random((n, k)) < expit(1.5 * scores[0] - 1)
    return scores, single, several


def objective(scores, targets, weights, shared, extra, shifts, *, multi_label: bool, ridge: float) -> float:
    """As the class says, one text and frame at a time."""
    total = ridge * ((extra**2).sum() + 0.25 * (shifts**2).sum() + 0.01 * (shared**2).sum())
    for i in range(targets.shape[0]):
        logits = np.array(
            [
                shifts[j] + sum((shared[e] + extra[e, j]) * scores[e, i, j] for e in range(len(scores)))
                for j in range(targets.shape[1])
            ]
        )
        if multi_label:
            probabilities = expit(logits)
            loss = -np.log(np.where(targets[i], probabilities, 1 - probabilities)).sum()
        else:
            loss = -np.log(softmax(logits)[targets[i]]).sum()
        total += weights[i] * loss
    return float(total)


@pytest.fixture
def spied(monkeypatch):
    """The loss, start and outcome that the optimiser is given and gives."""
    seen = {}
    minimize = scipy.optimize.minimize

    def spy(loss, start, **options):
        found = minimize(loss, start, **options)
        seen.update(loss=loss, start=start, found=found.x)
        return found

    monkeypatch.setattr(scipy.optimize, "minimize", spy)
    return seen


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("n_experts", [1, 2, 3])
def test_loss_is_what_the_class_says_and_its_gradient_is_right(spied, multi_label, n_experts):
    scores, single, several = problem(n_experts=n_experts, n=25)
    targets = several if multi_label else single
    generator = np.random.default_rng(1)
    weights = generator.random(25) + 0.5
    Blend(multi_label=multi_label, ridge=0.7).fit(scores, targets, weights)
    flat = generator.normal(size=len(spied["start"]))
    value, gradient = spied["loss"](flat)
    shared, extra, shifts = flat[:n_experts], flat[n_experts:-3].reshape(n_experts, 3), flat[-3:]
    scaled = scores / scores.std(axis=(1, 2), keepdims=True)
    expected = objective(scaled, targets, weights, shared, extra, shifts, multi_label=multi_label, ridge=0.7)
    assert value == pytest.approx(expected, rel=1e-10)
    numeric = approx_fprime(flat, lambda x: spied["loss"](x)[0], 1e-6)
    np.testing.assert_allclose(gradient, numeric, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("multi_label", [True, False])
def test_fit_ends_at_the_best_of_what_it_may_choose(spied, multi_label):
    scores, single, several = problem()
    targets = several if multi_label else single
    blend = Blend(multi_label=multi_label).fit(scores, targets)
    value, gradient = spied["loss"](spied["found"])
    assert blend.loss_ == pytest.approx(value)
    bound = spied["found"][:2] <= 0
    free = np.r_[~bound, np.ones(len(gradient) - 2, bool)]
    assert np.abs(gradient[free]).max() < 1e-2
    assert (gradient[~free] > -1e-2).all()


def test_known_slopes_come_back():
    """20 000 texts of two experts: slopes within four standard errors, by the information that they carry."""
    generator = np.random.default_rng(5)
    n, slopes, shifts = 20_000, np.array([1.5, 0.4]), np.array([-1.0, 0.5])
    scores = generator.normal(size=(2, n, 2))
    logits = np.einsum("enk,e->nk", scores, slopes) + shifts
    targets = generator.random((n, 2)) < expit(logits)
    blend = Blend(multi_label=True).fit(scores, targets)
    spread = expit(logits) * (1 - expit(logits))
    for expert in range(2):
        error = 1 / np.sqrt((scores[expert] ** 2 * spread).sum(axis=0))
        assert (np.abs(blend.slopes_[expert] - slopes[expert]) < 4 * error).all()
    assert (np.abs(blend.shifts_ - shifts) < 4 / np.sqrt(spread.sum(axis=0))).all()
    assert np.abs(blend.predict_proba(scores) - expit(logits)).max() < 0.05


def test_known_slopes_come_back_where_each_text_has_one_frame():
    generator = np.random.default_rng(6)
    n, shifts = 20_000, np.array([0.7, 0.0, -0.7])
    scores = generator.normal(size=(1, n, 3))
    probabilities = softmax(1.5 * scores[0] + shifts, axis=1)
    targets = probabilities.cumsum(axis=1) > generator.random((n, 1))
    targets = targets & (targets.cumsum(axis=1) == 1)
    blend = Blend(multi_label=False).fit(scores, targets)
    assert np.abs(blend.slopes_ - 1.5).max() < 0.1
    np.testing.assert_allclose(blend.shifts_ - blend.shifts_.mean(), shifts, atol=0.1)
    np.testing.assert_allclose(blend.predict_proba(scores).sum(axis=1), 1.0)


def test_a_scale_of_the_scores_does_not_matter():
    scores, single, _ = problem(n_experts=1)
    one, other = (Blend(multi_label=False).fit(scores * by, single) for by in (1.0, 1000.0))
    np.testing.assert_allclose(one.predict_proba(scores), other.predict_proba(scores * 1000), atol=1e-6)
    np.testing.assert_allclose(one.slopes_, other.slopes_ * 1000, rtol=1e-4)


def test_a_frame_that_nobody_carries_has_a_small_chance_by_hand():
    """Scores that say nothing: n / (1 + exp(-b)) + b = 0 is where the shift b rests (ridge 2)."""
    blend = Blend(multi_label=True).fit(np.zeros((1, 10, 2)), np.tile([False, True], (10, 1)))
    shift = brentq(lambda b: 10 * expit(b) + b, -10, 0)
    np.testing.assert_allclose(blend.shifts_, [shift, -shift], atol=1e-3)
    np.testing.assert_allclose(blend.predict_proba(np.zeros((1, 1, 2))), [[expit(shift), expit(-shift)]], atol=1e-4)


@pytest.mark.parametrize("multi_label", [True, False])
def test_a_frame_that_nobody_carries_keeps_finite_small_chances(multi_label):
    scores, _, _ = problem()
    targets = np.eye(3, dtype=bool)[np.where(scores[0, :, 0] > 0, 0, 1)]
    probabilities = Blend(multi_label=multi_label).fit(scores, targets).predict_proba(scores)
    assert np.isfinite(probabilities).all()
    assert probabilities[:, 2].mean() < 0.1 < 0.3 < probabilities[:, 0].mean()


def test_more_labels_let_a_frame_have_its_own_slope():
    """Frame 0 is told well by the expert, frame 1 not at all: the extra slopes are held near zero by few labels."""
    gaps = []
    for n in (20, 2000):
        generator = np.random.default_rng(8)
        scores = generator.normal(size=(1, n, 2))
        targets = np.column_stack([generator.random(n) < expit(4 * scores[0, :, 0]), generator.random(n) < 0.5])
        slopes = Blend(multi_label=True).fit(scores, targets).slopes_[0]
        gaps.append(slopes[0] - slopes[1])
    assert 0 < gaps[0] < gaps[1] / 2
    assert 3 < gaps[1] < 5


def test_an_expert_that_ranks_backwards_is_not_believed():
    generator = np.random.default_rng(9)
    truth = generator.normal(size=(300, 2))
    targets = generator.random((300, 2)) < expit(2 * truth)
    backwards = -truth + generator.normal(size=(300, 2))
    blend = Blend(multi_label=True).fit(np.stack([truth, backwards]), targets)
    assert (blend.slopes_ >= 0).all()
    assert blend.slopes_[0].min() > 10 * blend.slopes_[1].max()


@pytest.mark.parametrize("multi_label", [True, False])
def test_an_expert_that_says_the_same_of_everything_does_no_harm(multi_label):
    scores, single, several = problem()
    targets = several if multi_label else single
    dull = np.stack([scores[0], np.full(scores[0].shape, 0.3)])
    alone = Blend(multi_label=multi_label).fit(scores[:1], targets)
    beside = Blend(multi_label=multi_label).fit(dull, targets)
    assert np.abs(beside.predict_proba(dull) - alone.predict_proba(scores[:1])).max() < 0.05
    only = Blend(multi_label=multi_label).fit(dull[1:], targets)
    np.testing.assert_allclose(only.predict_proba(dull[1:]), np.tile(targets.mean(axis=0), (60, 1)), atol=0.05)


@pytest.mark.parametrize("multi_label", [True, False])
def test_weight_two_is_a_text_twice(multi_label):
    scores, single, several = problem(n=30)
    targets = several if multi_label else single
    weighted = Blend(multi_label=multi_label).fit(scores, targets, np.full(30, 2.0))
    repeated = Blend(multi_label=multi_label).fit(np.tile(scores, (1, 2, 1)), np.tile(targets, (2, 1)))
    np.testing.assert_allclose(weighted.predict_proba(scores), repeated.predict_proba(scores), atol=1e-6)
    assert weighted.loss_ == pytest.approx(repeated.loss_)


def test_chances_by_hand():
    arrays = {"slopes": np.array([[1.0, 2.0], [0.5, 0.0]]), "shifts": np.array([0.1, -0.2])}
    scores = np.array([[[1.0, 1.0]], [[2.0, 9.0]]])  # logits 1 + 1 + .1, 2 + 0 - .2
    expected = {True: expit([2.1, 1.8]), False: softmax([2.1, 1.8])}
    for multi_label, probabilities in expected.items():
        blend = Blend(multi_label=multi_label).set_state(State(arrays))
        np.testing.assert_allclose(blend.predict_proba(scores), [probabilities])
        assert set(blend.get_state().arrays) == {"slopes", "shifts"}
        assert all((blend.get_state().arrays[name] == value).all() for name, value in arrays.items())


def test_far_scores_neither_overflow_nor_warn():
    scores, single, several = problem(n_experts=1)
    scores = scores.copy()
    scores[0, 0] = 1e4
    for multi_label, targets in ((True, several), (False, single)):
        with np.errstate(all="raise", under="ignore"):
            probabilities = Blend(multi_label=multi_label).fit(scores, targets).predict_proba(scores)
        assert np.isfinite(probabilities).all()
