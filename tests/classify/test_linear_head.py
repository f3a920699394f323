"""The linear head: a scikit-learn estimator by its own checks, strength as scikit-learn's own search chooses it."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.special import expit, softmax
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.estimator_checks import check_estimator

from framing.classify.linear_head import LinearHead, fit_linear_weights

BY_FOLDS = (
    "a weight of two and a row twice are cut into other folds, so that another C may be chosen; "
    "scikit-learn's LogisticRegressionCV fails it too"
)


def blobs(n: int, *, k: int, d: int = 5, apart: float = 1.0, seed: int = 0):
    generator = np.random.default_rng(seed)
    y = np.arange(n) % k
    return generator.normal(size=(n, d)) + apart * np.eye(k, d)[y], y


@pytest.mark.slow
def test_checks_of_sklearn():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # checks that are skipped without optional packages
        check_estimator(
            LinearHead(), expected_failed_checks={"check_sample_weight_equivalence_on_dense_data": BY_FOLDS}
        )


def test_the_check_that_may_fail_holds_where_nothing_is_chosen():
    from sklearn.utils.estimator_checks import check_sample_weight_equivalence_on_dense_data

    check_sample_weight_equivalence_on_dense_data("LinearHead", LinearHead(Cs=(1.0,)))


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize(("apart", "expected"), [(0.0, 0.3), (6.0, 30.0)])
def test_strength_is_the_one_that_sklearn_chooses(k, apart, expected):
    X, y = blobs(60, k=k, apart=apart)
    head = LinearHead(random_seed=3).fit(X, y)
    search = LogisticRegressionCV(
        Cs=[0.3, 3.0, 30.0],
        cv=StratifiedKFold(4, shuffle=True, random_state=3),
        scoring="neg_log_loss",
        max_iter=1000,
        l1_ratios=(0,),
        use_legacy_attributes=False,
    ).fit(X, y)
    assert head.C_ == pytest.approx(float(np.ravel(search.C_)[0])) == expected


@pytest.mark.parametrize("k", [2, 4])
def test_scores_are_those_of_logistic_regression(k):
    X, y = blobs(40, k=k)
    weight = np.random.default_rng(1).random(40) + 0.1
    head = LinearHead(Cs=(2.0,)).fit(X, y, weight)
    plain = LogisticRegression(C=2.0, max_iter=1000).fit(X, y, weight)
    np.testing.assert_allclose(head.predict_proba(X), plain.predict_proba(X), atol=1e-10)
    np.testing.assert_allclose(head.decision_function(X), plain.decision_function(X), atol=1e-10)
    np.testing.assert_array_equal(head.predict(X), plain.predict(X))
    assert head.coef_.shape == (1 if k == 2 else k, 5)


def test_classes_may_have_names():
    X, y = blobs(20, k=2, apart=4)
    names = np.array(["trade", "war"])[y]
    head = LinearHead().fit(X, names)
    assert head.classes_.tolist() == ["trade", "war"]
    assert (head.predict(X) == names).mean() > 0.9


def test_a_class_of_one_row_leaves_the_middle_strength():
    X, y = blobs(21, k=2)
    y[:] = 0
    y[3] = 1
    assert LinearHead(Cs=(0.1, 5.0, 7.0)).fit(X, y).C_ == 5.0


def test_a_class_of_two_rows_is_cut_in_two_folds():
    X, y = blobs(20, k=2)
    y[:] = 0
    y[[3, 9]] = 1
    assert LinearHead().fit(X, y).C_ in (0.3, 3.0, 30.0)


def test_rows_of_no_weight_do_not_matter():
    X, y = blobs(40, k=2)
    weight = np.r_[np.ones(20), np.zeros(20)]
    with_them = LinearHead(Cs=(3.0,)).fit(X, y, weight)
    without = LinearHead(Cs=(3.0,)).fit(X[:20], y[:20])
    np.testing.assert_allclose(with_them.coef_, without.coef_, atol=1e-4)
    assert LinearHead().fit(X, y, np.r_[np.ones(4), np.zeros(36)]).C_ in (0.3, 3.0, 30.0)


def test_one_class_and_negative_weights_are_refused():
    X, y = blobs(10, k=2)
    with pytest.raises(ValueError, match=r"expected at least two classes to tell apart, got 1 class: np\.int64\(1\)"):
        LinearHead().fit(X, np.ones(10, int))
    with pytest.raises(ValueError, match="Negative values in data passed to `sample_weight`"):
        LinearHead().fit(X, y, -np.ones(10))


def test_clone_and_parameters():
    head = LinearHead(Cs=(1.0, 2.0), random_seed=4)
    assert clone(head).get_params() == {"Cs": (1.0, 2.0), "random_seed": 4}


# weights for the head of a transformer


def test_weights_of_several_labels_are_heads_one_a_frame():
    X, _ = blobs(40, k=2)
    generator = np.random.default_rng(2)
    targets = generator.random((40, 4)) < 0.4
    targets[:, 2], targets[:, 3] = False, True
    weights = generator.random(40) + 0.2
    slopes, shifts = fit_linear_weights(X, targets, weights, multi_label=True)
    assert (slopes.shape, shifts.shape) == ((4, 5), (4,))
    for column in (0, 1):
        head = LinearHead().fit(X, targets[:, column], weights)
        expected = head.predict_proba(X)[:, 1]
        np.testing.assert_allclose(expit(X @ slopes[column] + shifts[column]), expected, atol=1e-10)
    # none of 40, and all of 40, by half a passage more
    assert (slopes[2:] == 0).all()
    assert shifts[2:].tolist() == pytest.approx([np.log(0.5 / 40.5), np.log(40.5 / 0.5)])


@pytest.mark.parametrize("carried", [[0, 1, 2], [0, 2]])
def test_weights_of_one_label_are_a_softmax_over_the_frames_that_occur(carried):
    X, y = blobs(60, k=len(carried), apart=2)
    targets = np.eye(3, dtype=bool)[np.array(carried)[y]]
    slopes, shifts = fit_linear_weights(X, targets, np.ones(60), multi_label=False)
    found = softmax(X @ slopes.T + shifts, axis=1)
    expected = LinearHead().fit(X, y).predict_proba(X)
    np.testing.assert_allclose(found[:, carried], expected, atol=1e-3)
    if len(carried) == 2:
        assert (slopes[1] == 0).all()
        assert found[:, 1].max() < 0.01


def test_weights_of_one_label_where_all_have_the_same():
    X, _ = blobs(12, k=2)
    slopes, shifts = fit_linear_weights(X, np.tile([False, True, False], (12, 1)), np.ones(12), multi_label=False)
    assert (slopes == 0).all()
    assert softmax(shifts)[1] > 0.99


def test_a_class_of_two_rows_is_enough_to_choose_the_strength_by():
    X, y = blobs(20, k=2, apart=0.0)
    y[:] = 0
    y[[3, 9]] = 1
    X[y == 1] += 20.0
    assert LinearHead(Cs=(30.0, 0.001, 0.01)).fit(X, y).C_ == 30.0, "not the middle one"
    assert LinearHead(Cs=(30.0, 0.001)).fit(X, y).C_ == 30.0


@pytest.mark.parametrize("seed", range(4))
def test_strength_has_the_least_weighted_loss_over_the_folds(seed):
    X, y = blobs(48, k=2, apart=0.8, seed=seed)
    weight = np.where(np.arange(48) < 16, 5.0, 0.1)
    losses = []
    for C in (0.3, 3.0, 30.0):
        total = 0.0
        for outside, inside in StratifiedKFold(4, shuffle=True, random_state=seed).split(X, y):
            fit = LogisticRegression(C=C, max_iter=1000).fit(X[outside], y[outside], weight[outside])
            chance = fit.predict_proba(X[inside])[np.arange(len(inside)), y[inside]]
            total -= float(np.average(np.log(chance), weights=weight[inside]))
        losses.append(total)
    assert (0.3, 3.0, 30.0)[int(np.argmin(losses))] == LinearHead(random_seed=seed).fit(X, y, weight).C_


def test_shifts_of_frames_by_hand_where_there_is_nothing_to_learn():
    X, y = blobs(24, k=2, apart=3)
    slopes, shifts = fit_linear_weights(X, np.eye(4, dtype=bool)[y], np.ones(24), multi_label=False)
    assert shifts[2:].tolist() == [-10.0, -10.0]
    np.testing.assert_allclose(slopes[0], -slopes[1])
    assert shifts[0] == pytest.approx(-shifts[1])
    slopes, shifts = fit_linear_weights(X, np.eye(3, dtype=bool)[0 * y + 1], np.ones(24), multi_label=False)
    assert shifts.tolist() == [-10.0, 0.0, -10.0]
