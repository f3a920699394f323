"""The expert on frozen embeddings: left-out scores of labelled texts, choices by likelihood, roles as letters."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from framing.classify.anchors import Anchors, make_anchors
from framing.classify.calibration import Blend
from framing.classify.frozen.expert import FrozenExpert
from framing.classify.frozen.kernel_ridge import KernelRidgeHead
from framing.classify.frozen.text_features import MIN_WINDOW_WORDS
from framing.classify.state import State
from framing.encoders.windows import split_long
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook

BOOK = codebook(multi_label=False)
ANCHORS = make_anchors(BOOK)
LONG = [" ".join([*WAR, *TRADE, SPORT[0]] * 2), " ".join([*SPORT, *WAR, TRADE[0]] * 2)]  # with windows
TEXTS = [*PASSAGES, LONG[0], "The team won.", "Steel and wine exports fell.", LONG[1], "Drones hit soldiers."]
GROUPS = np.array([0, 1, 2, 3, 2, 1, 3, 4])
TARGETS = np.eye(3, dtype=bool)[[0, 1, 2, 0, 2, 1, 2, 0]]


FIXED = {"seed_weights": (0.3,), "ridges": (0.15,)}  # nothing to choose, so that labels count in one way only


def expert(*, multi_label: bool = False, **options) -> FrozenExpert:
    return FrozenExpert(WordEncoder(), language="en", multi_label=multi_label, **options)


def test_the_long_texts_have_windows():
    assert all(len(text.split()) > MIN_WINDOW_WORDS for text in LONG)
    _, parts, owners, is_piece = fitted_without_labels().features(TEXTS)
    assert not is_piece.any()
    assert set(owners.tolist()) == {3, 6}
    assert len(parts.vectors) == len(owners) == parts.words.shape[0] > 10


def fitted_without_labels() -> FrozenExpert:
    return expert().fit(ANCHORS)


def test_without_labels_it_is_the_head_of_zero_shot():
    fitted = fitted_without_labels()
    assert (fitted.seed_weight_, fitted.ridge_, fitted.roles_) == (1.0, 0.5, False)
    assert fitted.left_out_.shape == (len(ANCHORS.texts), 3)
    head = KernelRidgeHead().prepare(*fitted.features(ANCHORS.texts))
    head.solve(ANCHORS.targets, np.ones(len(ANCHORS.texts)))
    np.testing.assert_array_equal(fitted.left_out_, head.left_out_)


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("row", [0, 2, 3])
def test_a_label_never_moves_the_score_of_its_own_group(multi_label, row):
    n = len(ANCHORS.texts)
    changed = TARGETS.copy()
    changed[row] = np.roll(TARGETS[row], 1)
    before = expert(multi_label=multi_label, **FIXED).fit(ANCHORS, TEXTS, TARGETS, GROUPS).left_out_[n:]
    after = expert(multi_label=multi_label, **FIXED).fit(ANCHORS, TEXTS, changed, GROUPS).left_out_[n:]
    inside = GROUPS[row] == GROUPS
    assert np.abs(after[inside] - before[inside]).max() < 1e-9
    assert np.abs(after[~inside] - before[~inside]).max(axis=1).min() > 1e-6


def test_without_groups_each_text_is_left_out_alone():
    n = len(ANCHORS.texts)
    changed = TARGETS.copy()
    changed[4] = changed[4][::-1]  # of one group with text 2 above
    before, after = (expert(**FIXED).fit(ANCHORS, TEXTS, targets).left_out_[n:] for targets in (TARGETS, changed))
    assert np.abs(after[4] - before[4]).max() < 1e-9
    assert np.abs(after[2] - before[2]).max() > 1e-6


def test_seed_weight_and_ridge_are_those_of_the_best_likelihood():
    """Against trying all by hand: seed weights at the first ridge, then ridges at the best weight."""
    n = len(ANCHORS.texts)
    seed_weights, ridges = (0.03, 0.1, 0.3, 1.0), (0.15, 0.05, 0.5)
    losses, left_out = {}, {}
    for weight, ridge in product(seed_weights, ridges):
        fitted = expert(seed_weights=(weight,), ridges=(ridge,)).fit(ANCHORS, TEXTS, TARGETS, GROUPS)
        left_out[weight, ridge] = fitted.left_out_
        losses[weight, ridge] = Blend(multi_label=False).fit(fitted.left_out_[None, n:], TARGETS).loss_
    weight = min(seed_weights, key=lambda item: losses[item, ridges[0]])
    ridge = min(ridges, key=lambda item: losses[weight, item])
    for options in ({}, {"seed_weights": seed_weights, "ridges": ridges}):  # those by default are these
        fitted = expert(**options).fit(ANCHORS, TEXTS, TARGETS, GROUPS)
        assert (fitted.seed_weight_, fitted.ridge_) == (weight, ridge)
        np.testing.assert_allclose(fitted.left_out_, left_out[weight, ridge], atol=1e-9)


def test_seeds_that_mislead_are_weighed_little():
    """Labels that contradict the seeds make them count less than labels that agree with them."""
    texts = [f"{text} So it is." for text in (*WAR, *TRADE, *SPORT)]
    against, alike = (np.repeat(np.eye(3, dtype=bool)[order], 3, axis=0) for order in ([1, 2, 0], [0, 1, 2]))
    assert expert().fit(ANCHORS, texts, against).seed_weight_ < expert().fit(ANCHORS, texts, alike).seed_weight_


def test_labels_teach():
    texts = ["A knight took the bishop.", "The bishop fell to a knight.", "A knight moved."]
    taught = expert().fit(ANCHORS, texts, np.eye(3, dtype=bool)[[1, 1, 1]])
    assert taught.score(["The knight and the bishop."])[0].argmax() == 1


# roles


MARKED = ["<s>Oslo</s> gave <t>Malawi</t> grain.", "<s>Bern</s> bombed <t>Oslo</t>.", "Wine was sold."]


def test_marked_texts_are_seen_as_they_stand_and_with_letters():
    fitted = expert().fit(ANCHORS, MARKED, np.eye(3, dtype=bool)[[1, 0, 1]])
    assert fitted.roles_
    whole, _, owners, _ = fitted.features([*MARKED, "<s>Rome</s> gave <t>Peru</t> grain.", "Oslo gave Malawi grain."])
    assert owners.tolist() == []
    encode = WordEncoder().encode
    plain = encode(["Oslo gave Malawi grain.", "Rome gave Peru grain."])
    masked = encode(["A gave B grain.", "A gave B grain."])
    cosine = whole.vectors[0] @ whole.vectors[3]
    assert cosine == pytest.approx((plain[0] @ plain[1] + masked[0] @ masked[1]) / 2, abs=1e-6)
    np.testing.assert_allclose(np.linalg.norm(whole.vectors, axis=1), 1.0, atol=1e-6)
    words = whole.words.toarray()
    np.testing.assert_array_equal(words[0], words[3])  # the act counts, not the actors
    assert (words[0] != words[4]).any()


def test_actors_that_are_marked_do_not_teach_their_names():
    """Oslo always gives and Bern always bombs: what counts in a text about others is the act."""
    gave = [f"<s>Oslo</s> gave <t>{name}</t> grain today." for name in ("Malawi", "Chad", "Peru", "Laos")]
    bombed = [f"<s>Bern</s> bombed <t>{name}</t> today." for name in ("Malawi", "Chad", "Peru", "Laos")]
    labels = np.eye(3, dtype=bool)[[1] * 4 + [0] * 4]
    scores = expert().fit(ANCHORS, gave + bombed, labels).score(["<s>Oslo</s> bombed <t>Bern</t> today."])
    assert scores[0].argmax() == 0


def test_marks_are_taken_off_where_training_had_none():
    fitted = fitted_without_labels()
    assert not fitted.roles_
    np.testing.assert_array_equal(
        fitted.score(["<s>Soldiers</s> hit <t>the port</t>."]), fitted.score(["Soldiers hit the port."])
    )


# saved and restored


@pytest.mark.parametrize("texts", [TEXTS[:3], MARKED])
def test_a_restored_expert_scores_alike(texts):
    fitted = expert().fit(ANCHORS, texts, TARGETS[:3])
    state = fitted.get_state()
    again = expert().set_state(State(state.arrays, json.loads(json.dumps(state.values))))
    texts_to_score = [*TEXTS, *MARKED, ""]
    np.testing.assert_array_equal(again.score(texts_to_score), fitted.score(texts_to_score))
    assert again.roles_ == fitted.roles_


def test_a_codebook_of_seeds_only_can_be_learned_from():
    carries = np.eye(2, dtype=bool)[[0, 0, 0, 1, 1, 1]]
    seeds = Anchors(WAR + TRADE, carries, np.ones(6, dtype=bool), np.zeros(6, dtype=bool), carries)
    assert expert(multi_label=True).fit(seeds).score(PASSAGES).shape == (3, 2)


def test_a_text_that_is_too_long_has_the_mean_vector_of_its_windows():
    """181 words are too long, 180 are not; either has three windows of two of its four sentences."""
    fitted = fitted_without_labels()
    for n, is_long in ((181, True), (180, False)):
        parts = [
            " ".join([word] * (n // 4 + (place < n % 4)))
            for place, word in enumerate(("War", "Steel", "Wine", "Goals"))
        ]
        text = ". ".join(parts) + "."
        whole, windows, owners, _ = fitted.features(["Talks go on.", text])
        assert (len(text.split()), owners.tolist()) == (n, [1, 1, 1])
        mean = windows.vectors.mean(axis=0)
        expected = mean / np.linalg.norm(mean) if is_long else WordEncoder().encode([text])[0]
        np.testing.assert_allclose(whole.vectors[1], expected, atol=1e-6)
        np.testing.assert_allclose(whole.vectors[0], WordEncoder().encode(["Talks go on."])[0], atol=1e-6)


class Short(WordEncoder):
    """Reads forty words at once."""

    fingerprint = "words-40"

    def find_long(self, texts):
        return np.array([len(text.split()) > 40 for text in texts], dtype=bool)


DULL = " ".join(["The committee noted the reports of the clerk."] * 40)


def test_a_text_that_the_encoder_does_not_read_at_once_has_the_score_of_its_best_piece():
    fitted = FrozenExpert(Short(), language="en", multi_label=True).fit(ANCHORS)
    text = f"{DULL} {' '.join(WAR * 3)}"
    _, windows, owners, is_piece = fitted.features(["Talks.", text, WAR[0]])
    assert set(owners.tolist()) == {1}
    assert is_piece.any()
    assert not is_piece.all()
    scores = fitted.score([text, DULL, " ".join(WAR)])
    assert scores[0, 0] == pytest.approx(scores[2, 0], abs=0.3)  # as its end
    assert scores[0, 0] > scores[1, 0] + 0.5  # not as the rest
    pieces, _ = split_long([text], Short().find_long)
    alone = KernelRidgeHead._apply(fitted.head, windows, fitted.head._dual, fitted.head._primal)
    expected = (alone[is_piece].max(axis=0) + alone.max(axis=0)) / 2
    assert is_piece.sum() == len(pieces) > 2
    np.testing.assert_allclose(scores[0], expected, atol=1e-6)


def test_left_out_scores_of_long_labelled_texts_are_of_their_pieces_too():
    """Scored as new texts by an expert without the text: the same combination on both sides."""
    long_text = f"{DULL} {' '.join(TRADE * 2)}"
    texts = [*PASSAGES, long_text, "The team won."]
    labels = np.eye(3, dtype=bool)[[0, 1, 2, 1, 2]]
    n = len(ANCHORS.texts)
    fitted = FrozenExpert(Short(), language="en", multi_label=True, **FIXED).fit(ANCHORS, texts, labels)
    head, features = fitted.head, fitted.features([*ANCHORS.texts, *texts])
    keep = np.arange(n + 5) != n + 3
    targets, weights = np.vstack([ANCHORS.targets, labels]), np.r_[np.full(n, 0.3), np.ones(5)]
    kernel = np.exp(2 * (features[0].vectors @ features[0].vectors.T - 1.0)) + 0.05
    kernel = kernel + 0.25 * (features[0].words @ features[0].words.T).toarray()
    noise = 0.15 / (weights / weights.mean())
    dual = np.zeros((n + 5, 3))
    dual[keep] = np.linalg.solve((kernel + np.diag(noise))[np.ix_(keep, keep)], np.where(targets, 1.0, -1.0)[keep])
    new = fitted.features([long_text])
    expected = head._score(*new, dual, 0.25 * (features[0].words.T @ dual))[0]
    np.testing.assert_allclose(fitted.left_out_[n + 3], expected, atol=1e-6)


@pytest.mark.parametrize("text", ["word " * 300, "Word word. " * 2 + "word " * 300])
def test_a_text_without_sentences_is_read_to_its_end(text):
    fitted = FrozenExpert(Short(), language="en", multi_label=True).fit(ANCHORS)
    whole, cut = fitted.score([f"{text} {' '.join(WAR)}", text])
    assert whole[0] > cut[0] + 0.3


def test_groups_and_folds_of_labelled_texts_by_the_head_alone():
    """Each anchor is a group of its own and of no fold; the numbers of the texts' groups stand."""
    n, folds = len(ANCHORS.texts), np.array([0, 1, 2, 0, 2, 1, 0, 1])
    fitted = expert(**FIXED).fit(ANCHORS, TEXTS, TARGETS, GROUPS, folds)
    head = KernelRidgeHead().prepare(*fitted.features([*ANCHORS.texts, *TEXTS]))
    head.solve(
        np.vstack([ANCHORS.targets, TARGETS]),
        np.r_[np.full(n, 0.3), np.ones(8)],
        groups=np.r_[100 + np.arange(n), GROUPS],
        folds=np.r_[np.full(n, -1), folds],
        ridge=0.15,
        balanced=False,
    )
    np.testing.assert_allclose(fitted.left_out_, head.left_out_, atol=1e-10)
    np.testing.assert_allclose(fitted.score(TEXTS), head.score(*fitted.features(TEXTS)), atol=1e-10)
    found = fitted.score_folds(PASSAGES)
    assert found.shape == (3, 3, 3)
    np.testing.assert_allclose(found, head.score_folds(*fitted.features(PASSAGES)), atol=1e-10)


def test_heads_without_seeds_have_the_weights_and_the_ridge_of_the_expert():
    prepared = expert(multi_label=True).prepare(ANCHORS)
    sets = [ANCHORS.seed_rows[:1], ANCHORS.seed_rows[2:5]]
    duals = prepared.solve_without(ANCHORS, 1, sets)
    expected = prepared.head.solve_without(ANCHORS.targets[:, 1], np.ones(len(ANCHORS.texts)), sets, ridge=0.5)
    np.testing.assert_array_equal(duals, expected)
    fitted = expert(multi_label=True).fit(ANCHORS)
    np.testing.assert_allclose(prepared.score_by(duals, PASSAGES)[:, 0], fitted.score(PASSAGES)[:, 1], atol=1e-9)
