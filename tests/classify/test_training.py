"""Training of a member: losses by hand, the learning rate, the batches."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from framing.classify.tuned.training import (
    classification_loss,
    contrastive_loss,
    draw_batches,
    scale_rate,
    scaled_loss,
    weigh_classes,
)


def test_contrastive_loss_of_three_vectors_by_hand():
    """Cosines a-b 0, a-c .6, b-c .8; temperature .1; a and c share a frame, b is nobody's positive."""
    vectors = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]])
    targets = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    of_a = np.log(np.exp(0) + np.exp(6)) - 6
    of_c = np.log(np.exp(6) + np.exp(8)) - 6
    assert float(contrastive_loss(vectors, targets)) == pytest.approx((of_a + of_c) / 2, rel=1e-5)


def test_contrastive_loss_of_several_labels_by_hand():
    """Now c carries both frames: it has two positives, whose mean counts, and b has one."""
    vectors = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]])
    targets = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    of_a = np.log(np.exp(0) + np.exp(6)) - 6
    of_b = np.log(np.exp(0) + np.exp(8)) - 8
    of_c = np.log(np.exp(6) + np.exp(8)) - (6 + 8) / 2
    assert float(contrastive_loss(vectors, targets)) == pytest.approx((of_a + of_b + of_c) / 3, rel=1e-5)


@pytest.mark.parametrize("targets", [np.eye(3), np.zeros((3, 3))])
def test_contrastive_loss_without_a_pair_is_nothing(targets):
    vectors = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]], requires_grad=True)
    loss = contrastive_loss(vectors, torch.tensor(targets, dtype=torch.float32))
    loss.backward()
    assert float(loss.detach()) == 0.0
    assert not vectors.grad.any()


def test_contrastive_gradient_is_finite_for_equal_vectors():
    vectors = torch.ones((4, 3), requires_grad=True)
    loss = contrastive_loss(vectors, torch.tensor([[1.0], [1.0], [1.0], [1.0]]))
    loss.backward()
    assert float(loss.detach()) == pytest.approx(np.log(3))  # each of three others is as likely
    assert torch.isfinite(vectors.grad).all()


def test_classification_losses_by_hand():
    logits, targets = torch.tensor([[0.0, np.log(3.0)]]), torch.tensor([[0.0, 1.0]])
    several = np.log(2) - np.log(3 / 4)  # probabilities 1/2 and 3/4
    assert float(classification_loss(logits, targets, torch.ones_like(logits), multi_label=True)) == pytest.approx(
        several, rel=1e-5
    )
    assert float(classification_loss(logits, targets, torch.ones_like(logits), multi_label=False)) == pytest.approx(
        -np.log(3 / 4), rel=1e-5
    )


def test_rate_rises_over_a_tenth_of_the_steps_and_falls_to_nothing():
    rates = [scale_rate(step, 100) for step in range(100)]
    assert rates[:10] == pytest.approx([(step + 1) / 10 for step in range(10)])
    assert rates[10:] == pytest.approx([(100 - step) / 90 for step in range(10, 100)])


def test_batches_hold_each_text_once_and_texts_of_like_length():
    generator = np.random.default_rng(0)
    lengths = generator.integers(5, 190, 300)
    epoch = np.flatnonzero(generator.random(300) < 0.9)
    batches = draw_batches(epoch, lengths, generator)
    assert sorted(np.concatenate(batches).tolist()) == epoch.tolist()
    assert max(map(len, batches)) == 16
    spans = [np.ptp(lengths[rows]) for rows in batches]
    assert np.mean(spans) < np.ptp(lengths) / 4
    assert draw_batches(epoch[:0], lengths, generator) == []


def test_likelihood_is_taken_after_the_factor_that_suits_best():
    """Three right by a gap of one and one wrong: at its best the probability is 3/4, whatever the sharpness."""
    right = np.array([True, True, True, False])
    expected = -(3 * np.log(3 / 4) + np.log(1 / 4)) / 4
    for factor in (1.0, 0.3, 5.0):
        logits = np.full((4, 1), factor)
        assert scaled_loss(logits, right[:, None], multi_label=True) == pytest.approx(expected, abs=1e-4)
        both = np.column_stack([logits[:, 0], 0 * logits[:, 0]])
        assert scaled_loss(both, np.column_stack([right, ~right]), multi_label=False) == pytest.approx(
            expected, abs=1e-4
        )


def test_the_factor_of_the_likelihood_lies_between_exp_minus_3_and_exp_3():
    both = np.array([[0.1], [0.1]])
    right, wrong = np.array([[True], [True]]), np.array([[False], [False]])
    sharp, dull = np.log1p(np.exp(-0.1 * np.exp(3))), np.log1p(np.exp(0.1 * np.exp(-3)))
    assert scaled_loss(both, right, multi_label=True) == pytest.approx(sharp, rel=1e-4)
    assert scaled_loss(both, wrong, multi_label=True) == pytest.approx(dull, rel=1e-6)
    two = np.array([[0.1, 0.0], [0.1, 0.0]])
    assert scaled_loss(two, np.hstack([right, wrong]), multi_label=False) == pytest.approx(sharp, rel=1e-4)
    assert scaled_loss(two, np.hstack([wrong, right]), multi_label=False) == pytest.approx(dull, rel=1e-6)


def test_what_is_not_known_of_a_text_is_not_learned():
    logits, targets = torch.tensor([[0.0, np.log(3.0)]], requires_grad=True), torch.tensor([[1.0, 0.0]])
    loss = classification_loss(logits, targets, torch.tensor([[1.0, 0.0]]), multi_label=True)
    assert float(loss.detach()) == pytest.approx(np.log(2))
    loss.backward()
    assert logits.grad.tolist() == [[pytest.approx(-0.5), 0.0]]


def test_losses_of_texts_are_averaged_and_those_of_frames_added():
    logits, targets = torch.zeros((4, 3)), torch.eye(4, 3)
    assert float(classification_loss(logits, targets, torch.ones_like(logits), multi_label=True)) == pytest.approx(
        3 * np.log(2)
    )
    assert float(classification_loss(logits[:3], targets[:3], torch.ones(3, 3), multi_label=False)) == pytest.approx(
        np.log(3)
    )


def test_rare_frames_weigh_more_by_hand():
    targets = np.array([[True, False], [False, True], [False, True], [False, False]])
    weights, known = np.array([1.0, 1.0, 1.0, 0.5]), np.ones((4, 2), dtype=bool)
    known[3, 1] = False  # which leaves two positives and one negative: a frame that is not rare stays as it is
    found = weigh_classes(targets, weights, known, power=0.5, multi_label=True)
    lift = np.array([[np.sqrt(2.5), 1], [1, 1], [1, 1], [1, 0]])
    np.testing.assert_allclose(found, lift * 6.5 / (np.sqrt(2.5) + 2.5 + 3))
    one = weigh_classes(targets[:3], weights[:3], known[:3], power=1.0, multi_label=False)
    np.testing.assert_allclose(one, [[1.5, 1.5], [0.75, 0.75], [0.75, 0.75]])


@pytest.mark.parametrize("multi_label", [True, False])
def test_without_a_power_all_weigh_alike(multi_label):
    targets, known = np.eye(3, dtype=bool), np.ones((3, 3), dtype=bool)
    found = weigh_classes(targets, np.array([1.0, 0.3, 0.2]), known, power=0.0, multi_label=multi_label)
    np.testing.assert_array_equal(found, np.ones((3, 3)))
