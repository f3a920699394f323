"""The closed-form leave-one-out scores against literally leaving each text out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from framing.classify.frozen.class_balance import balance_classes
from framing.classify.frozen.kernel_ridge import BIAS, RIDGE, WIDTH, WORD_WEIGHT, KernelRidgeHead
from framing.classify.frozen.text_features import Features

N, K = 12, 3
OWNERS = np.array([0, 0, 2, 2, 2, 5, 7, 7, 11])  # texts 1, 3, 4, 6, 8, 9 and 10 have no window


def _features(generator: np.random.Generator, n: int) -> Features:
    # float64, so that single precision does not hide in the comparison
    vectors = generator.normal(size=(n, 6))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = generator.random((n, 9)) * (generator.random((n, 9)) < 0.4)
    return Features(vectors, csr_matrix(words))


def _kernel(left: Features, right: Features) -> np.ndarray:
    """The kernel one entry at a time."""
    words = left.words.toarray(), right.words.toarray()
    found = np.empty((len(left.vectors), len(right.vectors)))
    for i, j in np.ndindex(found.shape):
        radial = np.exp(WIDTH * (left.vectors[i] @ right.vectors[j] - 1))
        found[i, j] = radial + WORD_WEIGHT * (words[0][i] @ words[1][j]) + BIAS
    return found


@pytest.fixture(scope="module")
def problem():
    generator = np.random.default_rng(11)
    targets = generator.random((N, K)) < [0.2, 0.4, 0.6]
    targets[0] = True
    targets[1] = False
    weights = generator.choice([0.3, 1.0, 2.0], N)
    features, parts, new = (_features(generator, n) for n in (N, len(OWNERS), 4))
    return features, targets, weights, parts, new


def _noise(target: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Ridge of each row: positives lifted to the negatives' mass, mean weight one, over all rows."""
    lift = max(weights[~target].sum() / weights[target].sum(), 1.0)
    balanced = np.where(target, lift * weights, weights)
    return RIDGE / (balanced / balanced.mean())


def test_left_out_scores_equal_those_of_a_refit_without_the_text(problem):
    features, targets, weights, parts, _ = problem
    head = KernelRidgeHead().prepare(features, parts, OWNERS).solve(targets, weights)
    among, across = _kernel(features, features), _kernel(parts, features)
    expected = np.empty((N, K))
    for column in range(K):
        noise = _noise(targets[:, column], weights)
        signs = np.where(targets[:, column], 1.0, -1.0)
        for left in range(N):
            others = np.arange(N) != left
            dual = np.linalg.solve(among[np.ix_(others, others)] + np.diag(noise[others]), signs[others])
            of_text = among[left, others] @ dual
            of_windows = across[np.flatnonzero(left == OWNERS)][:, others] @ dual
            expected[left, column] = (of_text + (of_windows.max() if len(of_windows) else of_text)) / 2
    assert np.abs(head.left_out_ - expected).max() < 1e-8


GROUPS = np.array([4, 4, 7, 7, 7, 1, 9, 4, 2, 3, 5, 9])  # {0, 1, 7}, {2, 3, 4}, {6, 11}; 5, 8, 9 and 10 alone


@pytest.mark.parametrize("balanced", [True, False])
@pytest.mark.parametrize("ridge", [RIDGE, 0.05])
def test_left_out_scores_equal_those_of_a_refit_without_the_group(problem, balanced, ridge):
    features, targets, weights, parts, _ = problem
    head = KernelRidgeHead().prepare(features, parts, OWNERS)
    head.solve(targets, weights, groups=GROUPS, ridge=ridge, balanced=balanced)
    among, across = _kernel(features, features), _kernel(parts, features)
    expected = np.empty((N, K))
    for column in range(K):
        noise = ridge / RIDGE * _noise(targets[:, column], weights)
        if not balanced:
            noise = ridge / (weights / weights.mean())
        signs = np.where(targets[:, column], 1.0, -1.0)
        for left in range(N):
            others = GROUPS[left] != GROUPS
            dual = np.linalg.solve(among[np.ix_(others, others)] + np.diag(noise[others]), signs[others])
            of_text = among[left, others] @ dual
            of_windows = across[np.flatnonzero(left == OWNERS)][:, others] @ dual
            expected[left, column] = (of_text + (of_windows.max() if len(of_windows) else of_text)) / 2
    assert np.abs(head.left_out_ - expected).max() < 1e-8


def test_groups_of_one_are_texts_left_out_alone(problem):
    features, targets, weights, parts, _ = problem
    single, grouped = (
        KernelRidgeHead().prepare(features, parts, OWNERS).solve(targets, weights, groups=groups, balanced=False)
        for groups in (None, np.arange(N)[::-1])
    )
    assert np.abs(single.left_out_ - grouped.left_out_).max() < 1e-12


def test_a_single_group_leaves_nothing_to_learn_from(problem):
    features, targets, weights, parts, _ = problem
    head = KernelRidgeHead().prepare(features, parts, OWNERS)
    head.solve(targets, weights, groups=np.zeros(N, dtype=np.int64), balanced=False)
    assert np.abs(head.left_out_).max() < 1e-8


def test_own_labels_of_a_group_do_not_move_its_left_out_scores(problem):
    features, targets, weights, parts, _ = problem
    head = KernelRidgeHead().prepare(features, parts, OWNERS)
    before = head.solve(targets, weights, groups=GROUPS, balanced=False).left_out_
    changed = targets.copy()
    inside = GROUPS == 7  # with windows: text 2 has three
    changed[inside] = ~changed[inside]
    after = head.solve(changed, weights, groups=GROUPS, balanced=False).left_out_
    assert np.abs(after[inside] - before[inside]).max() < 1e-10
    assert np.abs(after[~inside] - before[~inside]).min() > 1e-6


FOLDS = np.array([0, 0, 2, 2, 2, -1, 5, 0, -1, 2, 5, 5])  # of no fold: 5 and 8


@pytest.mark.parametrize("balanced", [True, False])
def test_scores_of_folds_equal_those_of_a_refit_without_the_fold(problem, balanced):
    features, targets, weights, parts, new = problem
    head = KernelRidgeHead().prepare(features, parts, OWNERS)
    head.solve(targets, weights, groups=GROUPS, folds=FOLDS, balanced=balanced)
    owners, pieces = np.array([1, 1, 3]), Features(parts.vectors[:3], parts.words[:3])
    found = head.score_folds(new, pieces, owners)
    assert found.shape == (3, 4, K)
    among, towards, across = _kernel(features, features), _kernel(new, features), _kernel(pieces, features)
    for number, left in enumerate((0, 2, 5)):
        others = left != FOLDS
        for column in range(K):
            noise = _noise(targets[:, column], weights) if balanced else RIDGE / (weights / weights.mean())
            signs = np.where(targets[:, column], 1.0, -1.0)
            dual = np.linalg.solve(among[np.ix_(others, others)] + np.diag(noise[others]), signs[others])
            whole, best = towards[:, others] @ dual, towards[:, others] @ dual
            of_windows = across[:, others] @ dual
            best[1], best[3] = of_windows[:2].max(), of_windows[2]
            assert np.abs(found[number, :, column] - (whole + best) / 2).max() < 1e-8


def test_labels_of_a_fold_do_not_move_its_own_scores(problem):
    features, targets, weights, parts, new = problem
    none = np.array([], dtype=np.int64)
    pieces = Features(parts.vectors[:0], parts.words[:0])
    head = KernelRidgeHead().prepare(features, parts, OWNERS)
    changed = targets.copy()
    changed[FOLDS == 2] = ~changed[FOLDS == 2]
    before, after = (
        head.solve(labels, weights, folds=FOLDS, balanced=False).score_folds(new, pieces, none)
        for labels in (targets, changed)
    )
    assert np.abs(after[1] - before[1]).max() < 1e-10
    assert np.abs(after[[0, 2]] - before[[0, 2]]).min() > 1e-6


def test_folds_do_not_change_the_head_itself(problem):
    features, targets, weights, parts, new = problem
    owners, pieces = np.array([1, 1, 3]), Features(parts.vectors[:3], parts.words[:3])
    head = KernelRidgeHead().prepare(features, parts, OWNERS)
    without = head.solve(targets, weights, groups=GROUPS).score(new, pieces, owners), head.left_out_
    head.solve(targets, weights, groups=GROUPS, folds=FOLDS)
    assert (head.score(new, pieces, owners) == without[0]).all()
    assert (head.left_out_ == without[1]).all()


def test_unbalanced_scores_of_all_frames_equal_those_of_each_alone(problem):
    features, targets, weights, parts, new = problem
    none = np.array([], dtype=np.int64)
    pieces = Features(parts.vectors[:0], parts.words[:0])
    head = KernelRidgeHead().prepare(features, parts, OWNERS).solve(targets, weights, balanced=False)
    together = head.score(new, pieces, none)
    for column in range(K):
        alone = KernelRidgeHead().prepare(features, parts, OWNERS)
        alone.solve(targets[:, [column]], weights, balanced=False)
        assert np.abs(alone.score(new, pieces, none)[:, 0] - together[:, column]).max() < 1e-10
    balanced = KernelRidgeHead().prepare(features, parts, OWNERS).solve(targets, weights).score(new, pieces, none)
    rare = int(targets.sum(axis=0).argmin())
    assert (balanced[:, rare] > together[:, rare]).all(), "positives were lifted"


def test_a_restored_head_scores_alike(problem):
    features, targets, weights, parts, new = problem
    head = KernelRidgeHead().prepare(features, parts, OWNERS).solve(targets, weights)
    owners, pieces = np.array([1, 1, 3]), Features(parts.vectors[:3], parts.words[:3])
    before = head.score(new, pieces, owners)
    assert (head.forget_kernels().score(new, pieces, owners) == before).all()
    state = head.get_state()
    assert set(state.arrays) == {"vectors", "dual", "primal"}
    assert (KernelRidgeHead().set_state(state).score(new, pieces, owners) == before).all()


def test_leaving_out_matters(problem):
    features, targets, weights, parts, _ = problem
    head = KernelRidgeHead().prepare(features, parts, OWNERS).solve(targets, weights)
    seen = head.score(features, parts, OWNERS)
    signs = np.where(targets, 1.0, -1.0)
    assert (head.left_out_ * signs).mean() < (seen * signs).mean() - 0.1


def test_scores_of_new_texts_equal_the_dual_form(problem):
    features, targets, weights, parts, new = problem
    head = KernelRidgeHead().prepare(features, parts, OWNERS).solve(targets, weights)
    owners = np.array([1, 1, 3])
    pieces = Features(parts.vectors[:3], parts.words[:3])
    among = _kernel(features, features)
    dual = np.column_stack(
        [
            np.linalg.solve(
                among + np.diag(_noise(targets[:, column], weights)), np.where(targets[:, column], 1.0, -1.0)
            )
            for column in range(K)
        ]
    )
    whole, best = _kernel(new, features) @ dual, _kernel(pieces, features) @ dual
    expected = whole.copy()
    expected[1] = (whole[1] + best[:2].max(axis=0)) / 2
    expected[3] = (whole[3] + best[2]) / 2
    assert np.abs(head.score(new, pieces, owners) - expected).max() < 1e-8


def test_no_text_needs_windows(problem):
    features, targets, weights, parts, new = problem
    none = Features(parts.vectors[:0], parts.words[:0])
    head = KernelRidgeHead().prepare(features, none, np.array([], dtype=np.int64)).solve(targets, weights)
    assert np.isfinite(head.left_out_).all()
    assert head.score(new, none, np.array([], dtype=np.int64)).shape == (4, K)


def test_only_the_ratio_of_weights_counts(problem):
    features, targets, weights, parts, _ = problem
    one, ten = (KernelRidgeHead().prepare(features, parts, OWNERS).solve(targets, weights * by) for by in (1, 10))
    assert np.abs(one.left_out_ - ten.left_out_).max() < 1e-10


def test_a_frame_that_all_or_none_carry_keeps_finite_scores(problem):
    features, _, weights, parts, _ = problem
    targets = np.column_stack([np.ones(N, bool), np.zeros(N, bool)])
    head = KernelRidgeHead().prepare(features, parts, OWNERS).solve(targets, weights)
    assert (head.left_out_[:, 0] > 0).all()
    assert (head.left_out_[:, 1] < 0).all()


def test_balance_lifts_few_positives_and_never_lowers_many():
    # One positive of weight 2 against negatives of weight 6 in all: lifted by 3. Three against one: left.
    assert balance_classes(np.array([True, False, False]), np.array([2.0, 3.0, 3.0])).tolist() == [3, 1, 1]
    assert balance_classes(np.array([True, True, False]), np.array([1.0, 2.0, 1.0])).tolist() == [1, 1, 1]


def test_the_numbers_of_the_kernel_are_those_that_were_chosen():
    assert (WIDTH, WORD_WEIGHT, BIAS, RIDGE) == (2.0, 0.25, 0.05, 0.5)


def test_nothing_is_balanced_where_there_is_one_kind():
    with np.errstate(all="raise"):
        assert balance_classes(np.array([True, True]), np.array([1.0, 2.0])).tolist() == [1, 1]
        assert balance_classes(np.array([False, False]), np.array([1.0, 2.0])).tolist() == [1, 1]
