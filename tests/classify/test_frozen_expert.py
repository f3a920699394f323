"""The expert on frozen embeddings: honest scores of labelled texts, choices by likelihood, roles as letters."""

from __future__ import annotations

import json

import numpy as np
import pytest

from framing.classify.anchors import Anchors, make_anchors
from framing.classify.calibration import Blend
from framing.classify.frozen import expert as experts
from framing.classify.frozen import kernel_ridge as kernel
from framing.classify.frozen.expert import FrozenExpert
from framing.classify.state import State
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook

BOOK = codebook(multi_label=False)
ANCHORS = make_anchors(BOOK)
LONG = [" ".join([*WAR, *TRADE, SPORT[0]] * 2), " ".join([*SPORT, *WAR, TRADE[0]] * 2)]  # with windows
TEXTS = [*PASSAGES, LONG[0], "The team won.", "Steel and wine exports fell.", LONG[1], "Drones hit soldiers."]
GROUPS = np.array([0, 1, 2, 3, 2, 1, 3, 4])
TARGETS = np.eye(3, dtype=bool)[[0, 1, 2, 0, 2, 1, 2, 0]]


def expert(*, multi_label: bool = False) -> FrozenExpert:
    return FrozenExpert(WordEncoder(), language="en", multi_label=multi_label)


@pytest.fixture
def nothing_to_choose(monkeypatch) -> None:
    monkeypatch.setattr(experts, "_SEED_WEIGHTS", (0.3,))
    monkeypatch.setattr(experts, "_RIDGES", (0.15,))


def test_the_long_texts_have_windows():
    assert all(len(text.split()) > kernel._LONG for text in LONG)
    _, parts, owners = fitted_without_labels().features(TEXTS)
    assert set(owners.tolist()) == {3, 6}
    assert len(parts.vectors) == len(owners) == parts.words.shape[0] > 10


def fitted_without_labels() -> FrozenExpert:
    return expert().fit(ANCHORS)


def test_without_labels_it_is_the_head_of_zero_shot():
    found = fitted_without_labels()
    assert (found.seed_weight_, found.ridge_, found.roles_) == (1.0, 0.5, False)
    assert found.left_out_.shape == (len(ANCHORS.texts), 3)
    head = kernel.KernelRidgeHead().prepare(*found.features(ANCHORS.texts))
    head.solve(ANCHORS.targets, np.ones(len(ANCHORS.texts)))
    np.testing.assert_array_equal(found.left_out_, head.left_out_)


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("row", [0, 2, 3])
def test_a_label_never_moves_the_score_of_its_own_group(nothing_to_choose, multi_label, row):
    n = len(ANCHORS.texts)
    turned = TARGETS.copy()
    turned[row] = np.roll(TARGETS[row], 1)
    before = expert(multi_label=multi_label).fit(ANCHORS, TEXTS, TARGETS, GROUPS).left_out_[n:]
    after = expert(multi_label=multi_label).fit(ANCHORS, TEXTS, turned, GROUPS).left_out_[n:]
    own = GROUPS[row] == GROUPS
    assert np.abs(after[own] - before[own]).max() < 1e-9
    assert np.abs(after[~own] - before[~own]).max(axis=1).min() > 1e-6


def test_without_groups_each_text_is_left_out_alone(nothing_to_choose):
    n = len(ANCHORS.texts)
    turned = TARGETS.copy()
    turned[4] = turned[4][::-1]  # of one group with text 2 above
    before, after = (expert().fit(ANCHORS, TEXTS, targets).left_out_[n:] for targets in (TARGETS, turned))
    assert np.abs(after[4] - before[4]).max() < 1e-9
    assert np.abs(after[2] - before[2]).max() > 1e-6


def test_seed_weight_and_ridge_are_those_of_the_best_likelihood(monkeypatch):
    """Against trying all by hand: seed weights at the first ridge, then ridges at the best weight."""
    n = len(ANCHORS.texts)
    losses = {}
    for weight in experts._SEED_WEIGHTS:
        for ridge in experts._RIDGES:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(experts, "_SEED_WEIGHTS", (weight,))
                patch.setattr(experts, "_RIDGES", (ridge,))
                tried = expert().fit(ANCHORS, TEXTS, TARGETS, GROUPS)
            left_out = tried.left_out_[None, n:]
            losses[weight, ridge] = Blend(multi_label=False).fit(left_out, TARGETS).loss_, tried.left_out_
    found = expert().fit(ANCHORS, TEXTS, TARGETS, GROUPS)
    first = experts._RIDGES[0]
    weight = min(experts._SEED_WEIGHTS, key=lambda item: losses[item, first][0])
    ridge = min(experts._RIDGES, key=lambda item: losses[weight, item][0])
    assert (found.seed_weight_, found.ridge_) == (weight, ridge)
    np.testing.assert_allclose(found.left_out_, losses[weight, ridge][1], atol=1e-9)


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
    found = expert().fit(ANCHORS, MARKED, np.eye(3, dtype=bool)[[1, 0, 1]])
    assert found.roles_
    whole, _, owners = found.features([*MARKED, "<s>Rome</s> gave <t>Peru</t> grain.", "Oslo gave Malawi grain."])
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
    told = np.eye(3, dtype=bool)[[1] * 4 + [0] * 4]
    scores = expert().fit(ANCHORS, gave + bombed, told).score(["<s>Oslo</s> bombed <t>Bern</t> today."])
    assert scores[0].argmax() == 0


def test_marks_are_taken_off_where_training_had_none():
    found = fitted_without_labels()
    assert not found.roles_
    np.testing.assert_array_equal(
        found.score(["<s>Soldiers</s> hit <t>the port</t>."]), found.score(["Soldiers hit the port."])
    )


# kept and restored


@pytest.mark.parametrize("texts", [TEXTS[:3], MARKED])
def test_a_restored_expert_scores_alike(texts):
    found = expert().fit(ANCHORS, texts, TARGETS[:3])
    state = found.get_state()
    again = expert().set_state(State(state.arrays, json.loads(json.dumps(state.values))))
    asked = [*TEXTS, *MARKED, ""]
    np.testing.assert_array_equal(again.score(asked), found.score(asked))
    assert again.roles_ == found.roles_


def test_a_codebook_of_seeds_only_can_be_learned_from():
    seeds = Anchors(WAR + TRADE, np.eye(2, dtype=bool)[[0, 0, 0, 1, 1, 1]], np.ones(6, dtype=bool))
    assert expert(multi_label=True).fit(seeds).score(PASSAGES).shape == (3, 2)
