"""Tuning: members score the fold that they were not trained on, and two objectives compete where labels are few."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from framing.classify.tuned.backbone import Backbone
from framing.classify.tuned.expert import TunedEncoder
from framing.classify.tuned.plan import TuningPlan
from framing.classify.tuned.rivals import Rival, choose_rival
from framing.classify.tuned.training import contrastive_loss, scaled_loss
from framing.encoders.weights import ModelSource, find_model
from framing.errors import FramingError
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, transformer_model

pytestmark = pytest.mark.slow

TEXTS = [*WAR, *TRADE, *SPORT, *PASSAGES]
SINGLE = np.eye(3, dtype=bool)[[0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 1, 2]]
SEVERAL = SINGLE | np.roll(SINGLE, 1, axis=1) & (np.arange(12) % 4 == 0)[:, None]
SEVERAL[5] = False  # a passage without a frame
FOLDS = np.array([-1, 0, 1, -1, 0, 1, -1, 0, 1, 0, 1, 1])
LABELLED = FOLDS >= 0
FEW = TuningPlan(objective="classification", min_steps=3, max_steps=6)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> ModelSource:
    return find_model(str(transformer_model(tmp_path_factory.mktemp("models") / "bert")))


def tuned(source: ModelSource, plan: TuningPlan = FEW, *, multi_label: bool = False, random_seed: int = 0, **more):
    given = {"targets": SEVERAL if multi_label else SINGLE, "weights": np.ones(12), "folds": FOLDS, **more}
    member = TunedEncoder(source, multi_label=multi_label, plan=plan, random_seed=random_seed)
    return member.fit(TEXTS, given["targets"], given["weights"], given["folds"])


@pytest.fixture
def float32_scoring(monkeypatch):
    """As on a processor without bfloat16: scores differ in their last bits alone, whatever is computed together."""
    monkeypatch.setattr("framing.classify.tuned.backbone.has_bfloat16", lambda: False)


# contrast beside classification


@pytest.mark.parametrize("multi_label", [True, False])
def test_the_contrastive_loss_is_added_at_its_weight(bert, monkeypatch, multi_label):
    plain = tuned(bert, replace(FEW, contrastive_weight=0.0), multi_label=multi_label).left_out_[LABELLED]
    beside = tuned(bert, replace(FEW, contrastive_weight=0.5), multi_label=multi_label).left_out_[LABELLED]
    assert np.abs(beside - plain).max() > 1e-4
    real = contrastive_loss
    monkeypatch.setattr(
        "framing.classify.tuned.training.contrastive_loss", lambda vectors, targets: 0.25 * real(vectors, targets)
    )
    twice_as_much = tuned(bert, replace(FEW, contrastive_weight=2.0), multi_label=multi_label).left_out_[LABELLED]
    assert twice_as_much == pytest.approx(beside, abs=1e-5)


def test_without_contrast_classification_alone_is_the_loss(bert, monkeypatch):
    def refused(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("framing.classify.tuned.training.contrastive_loss", refused)
    assert np.isfinite(tuned(bert, replace(FEW, contrastive_weight=0.0)).left_out_[LABELLED]).all()


# dtype


def in_dtype(source: ModelSource, dtype: str, **more) -> TunedEncoder:
    return tuned(source, replace(FEW, dtype=dtype), **more)


def test_bfloat16_products_train_members_near_those_of_float32(bert):
    wide, narrow = in_dtype(bert, "float32"), in_dtype(bert, "bfloat16")
    assert not np.array_equal(wide.left_out_[LABELLED], narrow.left_out_[LABELLED])
    assert narrow.left_out_[LABELLED] == pytest.approx(wide.left_out_[LABELLED], abs=0.1)
    assert all(value.dtype == torch.float32 for value in narrow.members_[0].state_dict().values())


@pytest.mark.parametrize(("capable", "dtype"), [(True, "bfloat16"), (False, "float32")])
def test_auto_takes_bfloat16_where_the_processor_has_it(bert, monkeypatch, capable, dtype):
    monkeypatch.setattr("framing.classify.tuned.backbone.has_bfloat16", lambda: capable)
    fitted, expected = in_dtype(bert, "auto"), in_dtype(bert, dtype)
    assert fitted.dtype_ == expected.dtype_ == dtype
    assert np.array_equal(fitted.left_out_, expected.left_out_, equal_nan=True)


def test_scoring_does_not_depend_on_the_format_that_members_were_trained_in(bert):
    narrow = in_dtype(bert, "bfloat16")
    again = TunedEncoder(bert, multi_label=False, plan=replace(FEW, dtype="float32"))
    again.set_state(narrow.get_state())
    assert np.array_equal(again.score(TEXTS), narrow.score(TEXTS))


def test_members_score_in_bfloat16_where_the_processor_has_it(bert, monkeypatch):
    monkeypatch.setattr("framing.classify.tuned.backbone.has_bfloat16", lambda: True)
    fast = in_dtype(bert, "float32")
    assert {member.scoring_dtype for member in fast.members_} == {"bfloat16"}
    monkeypatch.setattr("framing.classify.tuned.backbone.has_bfloat16", lambda: False)
    exact = in_dtype(bert, "float32")
    assert {member.scoring_dtype for member in exact.members_} == {"float32"}
    for found, expected in ((fast.score(TEXTS), exact.score(TEXTS)), (fast.left_out_, exact.left_out_)):
        assert not np.array_equal(found, expected, equal_nan=True)
        np.testing.assert_allclose(np.exp(found), np.exp(expected), atol=0.02)


def test_a_member_that_does_not_agree_in_bfloat16_scores_in_float32(bert, monkeypatch):
    monkeypatch.setattr("framing.classify.tuned.backbone.has_bfloat16", lambda: False)
    exact = in_dtype(bert, "float32")
    monkeypatch.setattr("framing.classify.tuned.backbone.has_bfloat16", lambda: True)
    monkeypatch.setattr("framing.encoders.agreement.LARGEST_DIFFERENCE", 0.0)
    with pytest.warns(UserWarning, match=r"member scores in float32.*the largest difference of a score is 0\.\d+"):
        fallen = in_dtype(bert, "float32")
    np.testing.assert_array_equal(fallen.left_out_, exact.left_out_)
    np.testing.assert_array_equal(fallen.score(TEXTS), exact.score(TEXTS))


# members


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("objective", ["classification", "contrastive"])
def test_only_texts_of_a_fold_have_left_out_scores(bert, multi_label, objective):
    plan = TuningPlan(objective=objective, min_steps=3, max_steps=6)
    fitted = tuned(bert, plan, multi_label=multi_label)
    assert len(fitted.members_) == 2
    assert fitted.plan_.objective == objective
    assert np.isfinite(fitted.left_out_[LABELLED]).all()
    assert np.isnan(fitted.left_out_[~LABELLED]).all()
    scores = fitted.score(PASSAGES)
    assert scores.shape == (3, 3)
    if not multi_label:
        np.testing.assert_allclose(np.exp(fitted.left_out_[LABELLED]).sum(axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("objective", ["classification", "contrastive"])
def test_left_out_scores_do_not_depend_on_labels_of_their_fold(bert, multi_label, objective):
    plan = TuningPlan(objective=objective, min_steps=3, max_steps=6)
    targets = (SEVERAL if multi_label else SINGLE).copy()
    before = tuned(bert, plan, multi_label=multi_label).left_out_
    targets[FOLDS == 1] = np.roll(targets[FOLDS == 1], 1, axis=1)
    after = tuned(bert, plan, multi_label=multi_label, targets=targets).left_out_
    np.testing.assert_array_equal(after[FOLDS == 1], before[FOLDS == 1])
    assert np.abs(after[FOLDS == 0] - before[FOLDS == 0]).max() > 1e-4


def test_left_out_scores_are_those_of_the_member_that_left_the_text_out(bert, float32_scoring):
    fitted = tuned(bert)
    backbone = fitted.backbone
    for number, member in enumerate(fitted.members_):
        rows = np.flatnonzero(number == FOLDS)
        expected = member.predict_logits(backbone.encode_lower([TEXTS[row] for row in rows]), multi_label=False)
        np.testing.assert_allclose(fitted.left_out_[rows], expected, atol=1e-5)


def test_new_texts_get_the_mean_of_the_members(bert, float32_scoring):
    fitted = tuned(bert)
    texts = ["war", *PASSAGES, WAR[0], "war"]
    hidden = fitted.backbone.encode_lower(texts)
    expected = np.mean([member.predict_logits(hidden, multi_label=False) for member in fitted.members_], axis=0)
    np.testing.assert_allclose(fitted.score(texts), expected, atol=1e-5)
    assert fitted.score([]).shape == (0, 3)


def test_members_score_one_by_one_in_the_order_of_the_folds(bert, float32_scoring):
    fitted = tuned(bert)
    texts = ["war", *PASSAGES, WAR[0], "war"]
    each = fitted.score_members(texts)
    assert each.shape == (2, len(texts), 3)
    hidden = fitted.backbone.encode_lower(texts)
    for number, member in enumerate(fitted.members_):
        np.testing.assert_allclose(each[number], member.predict_logits(hidden, multi_label=False), atol=1e-5)
    assert np.abs(each[0] - each[1]).max() > 1e-3
    np.testing.assert_allclose(fitted.score(texts), each.mean(axis=0), atol=1e-12)
    # a labelled text was scored by the member of its fold when that was trained
    by_member = fitted.score_members(TEXTS)
    np.testing.assert_allclose(by_member[FOLDS[LABELLED], LABELLED.nonzero()[0]], fitted.left_out_[LABELLED], atol=1e-5)
    assert fitted.score_members([]).shape == (2, 0, 3)


def test_scores_are_the_same_for_a_seed(bert):
    one, again, other = (tuned(bert, random_seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.left_out_, again.left_out_)
    np.testing.assert_array_equal(one.score(PASSAGES), again.score(PASSAGES))
    assert np.abs(one.score(PASSAGES) - other.score(PASSAGES)).max() > 1e-4


def test_tuning_leaves_the_random_numbers_of_others_alone(bert):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    tuned(bert)
    assert torch.equal(before, torch.get_rng_state())


def test_lower_layers_stay_as_they_are(bert):
    plan = TuningPlan(objective="classification", min_steps=3, max_steps=6, trained_layers=1)
    fitted = tuned(bert, plan)
    untouched = Backbone(bert, trained_layers=1, max_tokens=48)
    for value, expected in zip(fitted.backbone.lower.parameters(), untouched.lower.parameters(), strict=True):
        assert torch.equal(value, expected)
    pattern = dict(untouched.upper.named_parameters())
    changed = [
        name for name, value in fitted.members_[0].upper.named_parameters() if not torch.equal(value, pattern[name])
    ]
    assert len(changed) > 10


def test_a_text_of_no_weight_teaches_nothing(bert):
    weights = np.ones(12)
    weights[0] = 0.0
    changed_labels = SINGLE.copy()
    changed_labels[0] = SINGLE[0][::-1]
    before, after = (tuned(bert, targets=targets, weights=weights).left_out_ for targets in (SINGLE, changed_labels))
    np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("objective", ["classification", "contrastive"])
@pytest.mark.parametrize("multi_label", [True, False])
def test_members_learn(bert, multi_label, objective):
    plan = TuningPlan(objective=objective, min_steps=120, max_steps=120, learning_rate=2e-3)
    fitted = tuned(bert, plan, multi_label=multi_label)
    seen = np.flatnonzero(~LABELLED)  # by both members
    targets = (SEVERAL if multi_label else SINGLE)[seen]
    scores = fitted.score([TEXTS[row] for row in seen])
    decided = scores > 0 if multi_label else np.eye(3, dtype=bool)[scores.argmax(axis=1)]
    np.testing.assert_array_equal(decided, targets)


# the contest of objectives


def test_few_labels_make_both_objectives_compete_on_the_first_fold(bert, monkeypatch):
    plan = TuningPlan(objective="auto", min_steps=3, max_steps=6)
    fitted = tuned(bert, plan)
    losses = {}
    first = FOLDS == 0
    for objective in ("classification", "contrastive"):
        rival = tuned(bert, TuningPlan(objective=objective, min_steps=3, max_steps=6))
        losses[objective] = scaled_loss(rival.left_out_[first], SINGLE[first], multi_label=False)
    assert fitted.plan_.objective == min(losses, key=losses.get)
    chosen = tuned(bert, TuningPlan(objective=fitted.plan_.objective, min_steps=3, max_steps=6))
    np.testing.assert_array_equal(fitted.left_out_, chosen.left_out_)

    for winner in losses:  # whichever has the likelihood
        order = iter([0.0, 1.0] if winner == "classification" else [1.0, 0.0])
        monkeypatch.setattr("framing.classify.tuned.rivals.scaled_loss", lambda *_, order=order, **__: next(order))
        assert tuned(bert, plan).plan_.objective == winner


def test_many_labels_need_no_contest(bert, monkeypatch):
    monkeypatch.setattr(
        "framing.classify.tuned.rivals.scaled_loss", lambda *_, **__: pytest.fail("there was a contest")
    )
    plan = TuningPlan(
        objective="auto", min_steps=3, max_steps=6, contest_below=3
    )  # nine labelled texts of three frames
    assert tuned(bert, plan).plan_.objective == "classification"


@pytest.mark.usefixtures("float32_scoring")
def test_a_search_takes_the_plan_with_the_likelihood_of_the_first_fold(bert, monkeypatch):
    plan = TuningPlan(objective="classification", trained_layers=2, min_steps=3, max_steps=6, search=True)
    rivals = plan.list_rivals(9, 3)
    assert len(rivals) == 5
    for best in range(5):
        losses = iter([float(place != best) for place in range(5)])
        monkeypatch.setattr("framing.classify.tuned.rivals.scaled_loss", lambda *_, losses=losses, **__: next(losses))
        fitted = tuned(bert, plan)
        assert fitted.plan_ == rivals[best]
        alone = tuned(bert, rivals[best])
        np.testing.assert_allclose(fitted.left_out_, alone.left_out_, atol=1e-4)
        again = TunedEncoder(bert, multi_label=False, plan=TuningPlan(**fitted.get_state().values["plan"]))
        np.testing.assert_allclose(again.set_state(fitted.get_state()).score(TEXTS), fitted.score(TEXTS), atol=1e-5)
    kept = TuningPlan(**fitted.get_state().values["plan"])
    assert (kept.class_weight, kept.trained_layers) == (0.5, 2)


def test_scores_that_are_no_numbers_win_no_contest_and_are_refused(bert):
    good, none = np.log(np.full((2, 3), 1 / 3)), np.full((2, 3), np.nan)
    rivals = [Rival(None, {}, none), Rival(None, {}, good)]
    assert choose_rival(rivals, np.eye(2, 3, dtype=bool), multi_label=False) == 1
    with pytest.raises(FramingError, match="the scores are not finite; take a smaller learning_rate"):
        TunedEncoder(bert, multi_label=False, plan=FEW)._add_member(rivals[0], FOLDS == 0)


def test_layers_below_are_held_and_those_above_learn(bert):
    fitted = tuned(bert, TuningPlan(objective="classification", trained_layers=2, min_steps=3, max_steps=6))
    shared = fitted.backbone.upper.encoder.layer
    member = fitted._fit_fold(
        0, replace(fitted.plan, trained_layers=1), TEXTS, fitted.backbone.encode_lower(TEXTS), SINGLE, np.ones(12),
        np.ones((12, 3), dtype=bool), FOLDS, SimpleNamespace(is_forked=False, update=lambda _: None),
    ).member  # fmt: skip
    for place, is_held in ((0, True), (1, False)):
        pairs = zip(shared[place].parameters(), member.upper.encoder.layer[place].parameters(), strict=True)
        same = [torch.equal(before.to(torch.float16).to(torch.float32), after) for before, after in pairs]
        assert all(same) if is_held else not any(same)


# saved and restored


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("objective", ["classification", "contrastive"])
def test_restored_members_score_alike(bert, multi_label, objective):
    fitted = tuned(bert, TuningPlan(objective=objective, min_steps=3, max_steps=6), multi_label=multi_label)
    state = fitted.get_state()
    assert {value.dtype for value in state.arrays.values()} == {np.dtype(np.float16)}
    again = TunedEncoder(bert, multi_label=multi_label, plan=fitted.plan).set_state(state)
    np.testing.assert_array_equal(again.score(PASSAGES), fitted.score(PASSAGES))


def test_members_of_another_encoder_are_refused(bert, tmp_path):
    state = tuned(bert).get_state()
    other = find_model(str(transformer_model(tmp_path / "mpnet", "mpnet")))
    with pytest.raises(FramingError, match=r"The saved classifier does not fit the encoder .*mpnet"):
        TunedEncoder(other, multi_label=False, plan=FEW).set_state(state)


def test_steps_are_counted_and_short_work_shows_none(bert, monkeypatch, capsys):
    monkeypatch.setattr("framing.steps._PATIENCE", float("inf"))
    fitted = TunedEncoder(bert, multi_label=False, plan=FEW)
    fitted.fit(TEXTS, SINGLE, np.ones(12), FOLDS, progress="learning")
    fitted.score(PASSAGES, progress="classifying")
    assert capsys.readouterr().err == ""
    steps, totals = [], []
    bar = nullcontext(SimpleNamespace(update=steps.append))
    monkeypatch.setattr("framing.classify.tuned.expert.count_steps", lambda _, total, **__: totals.append(total) or bar)
    fitted.fit(TEXTS, SINGLE, np.ones(12), FOLDS, progress="learning")
    assert totals == [sum(steps)] == [12]  # two members of six steps: one batch an epoch


def test_progress_is_reported_in_lines(bert, monkeypatch):
    monkeypatch.setattr("framing.steps._PATIENCE", 0)
    lines = []
    TunedEncoder(bert, multi_label=False, plan=FEW).fit(
        TEXTS, SINGLE, np.ones(12), FOLDS, progress="fine-tuning", say=lines.append
    )
    assert lines[0] == "fine-tuning: 9 labelled passages, 3 frames, 2 members, 12 steps"
    assert re.fullmatch(r"fine-tuning: 100 % of 12 steps, [\d,.]+ steps/(?:s|min), done", lines[-1])
    assert re.fullmatch(r"fine-tuning \S+ on 9 texts takes .+ on \d+ cores? \(a rough forecast\)", lines[1])
    assert all(line.startswith("fine-tuning: ") for line in (lines[0], *lines[2:]))


def test_members_that_are_trained_side_by_side_are_those_trained_in_turn(bert, monkeypatch):
    monkeypatch.setattr("framing.classify.tuned.expert.count_available_cores", lambda: 2)
    monkeypatch.setattr("framing.executors.forked.count_available_cores", lambda: 2)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        in_turn = tuned(bert)
        monkeypatch.setattr("framing.classify.tuned.expert._LONG", 1)
        steps = []
        bar = nullcontext(SimpleNamespace(update=steps.append))
        monkeypatch.setattr("framing.classify.tuned.expert.count_steps", lambda *_, **__: bar)
        side_by_side = tuned(bert)
        n_steps = sum(steps)
    finally:
        torch.set_num_threads(n_threads)
    assert np.array_equal(side_by_side.left_out_, in_turn.left_out_, equal_nan=True)
    assert np.array_equal(side_by_side.score(PASSAGES), in_turn.score(PASSAGES))
    assert n_steps == 12


def test_a_contest_is_counted_among_the_steps(bert, monkeypatch):
    lines, steps, totals = [], [], []
    bar = nullcontext(SimpleNamespace(update=steps.append))
    monkeypatch.setattr("framing.classify.tuned.expert.count_steps", lambda _, total, **__: totals.append(total) or bar)
    plan = TuningPlan(objective="auto", min_steps=3, max_steps=6)
    TunedEncoder(bert, multi_label=False, plan=plan).fit(TEXTS, SINGLE, np.ones(12), FOLDS, say=lines.append)
    assert lines[0] == "fine-tuning: 9 labelled passages, 3 frames, 2 members, 2 plans compete for the first, 18 steps"
    assert re.fullmatch(
        r"fine-tuning: best of 2 plans on the first fold: \w+, learning rate 0.0001, 6 layers learn", lines[2]
    )
    assert totals == [sum(steps)] == [18]
