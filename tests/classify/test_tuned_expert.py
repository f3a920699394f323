"""Tuning: a transformer cut in two is the whole, losses by hand, and members that never saw what they vouch for."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from framing.classify.tuned.backbone import Backbone
from framing.classify.tuned.expert import TunedEncoder, TuningPlan
from framing.classify.tuned.training import classification_loss, contrastive_loss, draw_batches, rate_at
from framing.encoders.sentence import SentenceEncoder, load_transformer
from framing.encoders.weights import ModelSource
from framing.errors import FramingError, InputError
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, static_model, transformer_model

pytestmark = pytest.mark.slow

TEXTS = [*WAR, *TRADE, *SPORT, *PASSAGES]
SINGLE = np.eye(3, dtype=bool)[[0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 1, 2]]
SEVERAL = SINGLE | np.roll(SINGLE, 1, axis=1) & (np.arange(12) % 4 == 0)[:, None]
SEVERAL[5] = False  # a passage without a frame
FOLDS = np.array([-1, 0, 1, -1, 0, 1, -1, 0, 1, 0, 1, 1])
LABELLED = FOLDS >= 0
FEW = TuningPlan(objective="classification", min_steps=3, max_steps=6)


def source_of(folder: Path) -> ModelSource:
    return SentenceEncoder(str(folder), dtype="float32").source


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelSource]:
    home = tmp_path_factory.mktemp("models")
    return {
        **{kind: source_of(transformer_model(home / kind, kind)) for kind in ("bert", "roberta", "mpnet")},
        "cls": source_of(transformer_model(home / "cls", pooling="cls")),
    }


@pytest.fixture(scope="module")
def bert(sources) -> ModelSource:
    return sources["bert"]


def tuned(source: ModelSource, plan: TuningPlan = FEW, *, multi_label: bool = False, random_seed: int = 0, **more):
    given = {"targets": SEVERAL if multi_label else SINGLE, "weights": np.ones(12), "folds": FOLDS, **more}
    member = TunedEncoder(source, multi_label=multi_label, plan=plan, random_seed=random_seed)
    return member.fit(TEXTS, given["targets"], given["weights"], given["folds"])


# a transformer cut in two


def whole_vector(source: ModelSource, text: str) -> np.ndarray:
    model, tokenizer, limit, pooling = load_transformer(source)
    tokens = tokenizer(text, truncation=True, max_length=limit, return_tensors="pt")
    with torch.inference_mode():
        states = model.eval()(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]).last_hidden_state
    return (states[0, 0] if pooling == "cls" else states[0].mean(0)).numpy()


@pytest.mark.parametrize("trained_layers", [0, 1, 2, 3, 9])
@pytest.mark.parametrize("kind", ["bert", "roberta", "mpnet", "cls"])
def test_lower_and_upper_part_are_the_whole_model(sources, kind, trained_layers):
    backbone = Backbone(sources[kind], trained_layers=trained_layers, max_tokens=192)
    upper = min(trained_layers, 3)
    assert (len(backbone._lower.encoder.layer), len(backbone._upper.encoder.layer)) == (3 - upper, upper)
    member = backbone.member(3).eval()
    texts = [WAR[0], "war", "", " ".join(TEXTS)]  # the last is longer than the model reads
    with torch.inference_mode():
        vectors = member.embed(backbone.lower(texts)).numpy()
    expected = np.stack([whole_vector(sources[kind], text) for text in texts])
    assert np.abs(vectors - expected).max() < 1e-5


@pytest.mark.parametrize("kind", ["bert", "mpnet"])
def test_padding_does_not_change_a_vector(sources, kind):
    backbone = Backbone(sources[kind], trained_layers=2, max_tokens=192)
    member = backbone.member(3).eval()
    with torch.inference_mode():
        together = member.embed(backbone.lower(["war", *TEXTS])).numpy()
        alone = np.vstack([member.embed(backbone.lower([text])).numpy() for text in ("war", *TEXTS)])
    assert np.abs(together - alone).max() < 1e-5


def test_texts_are_cut_where_the_plan_says(bert):
    backbone = Backbone(bert, trained_layers=1, max_tokens=6)
    whole, short = backbone.lower([WAR[0], "war"])
    assert (whole.shape, short.shape) == ((6, 32), (3, 32))  # with the tokens that begin and end a text
    assert backbone.lower([]) == []


def test_members_share_the_lower_layers_and_nothing_else(bert):
    backbone = Backbone(bert, trained_layers=1, max_tokens=48)
    one, other = backbone.member(2), backbone.member(2)
    assert one.lin.weight.shape == (2, 32)
    with torch.no_grad():
        for value in one.parameters():
            value.fill_(7.0)
    assert all((value != 7.0).any() for value in other.upper.parameters() if value.numel() > 1)
    third = backbone.member(2)
    assert all((value != 7.0).any() for value in third.upper.parameters() if value.numel() > 1)


@pytest.mark.parametrize("make", [static_model, lambda folder: transformer_model(folder, "distilbert")])
def test_an_encoder_without_layers_is_refused(tmp_path, make):
    source = source_of(make(tmp_path / "other"))
    with pytest.raises(InputError, match=r"is no transformer of embeddings and layers.*choose strength head"):
        tuned(source)


# losses and steps, by hand


def test_contrastive_loss_of_three_vectors_by_hand():
    """Cosines a-b 0, a-c .6, b-c .8; temperature .1; a and c share a frame, b is nobody's positive."""
    vectors = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]])
    wanted = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    of_a = np.log(np.exp(0) + np.exp(6)) - 6
    of_c = np.log(np.exp(6) + np.exp(8)) - 6
    assert float(contrastive_loss(vectors, wanted)) == pytest.approx((of_a + of_c) / 2, rel=1e-5)


def test_contrastive_loss_of_several_labels_by_hand():
    """Now c carries both frames: it has two positives, whose mean counts, and b has one."""
    vectors = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]])
    wanted = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    of_a = np.log(np.exp(0) + np.exp(6)) - 6
    of_b = np.log(np.exp(0) + np.exp(8)) - 8
    of_c = np.log(np.exp(6) + np.exp(8)) - (6 + 8) / 2
    assert float(contrastive_loss(vectors, wanted)) == pytest.approx((of_a + of_b + of_c) / 3, rel=1e-5)


@pytest.mark.parametrize("wanted", [np.eye(3), np.zeros((3, 3))])
def test_contrastive_loss_without_a_pair_is_nothing(wanted):
    vectors = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]], requires_grad=True)
    loss = contrastive_loss(vectors, torch.tensor(wanted, dtype=torch.float32))
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
    logits, wanted = torch.tensor([[0.0, np.log(3.0)]]), torch.tensor([[0.0, 1.0]])
    several = np.log(2) - np.log(3 / 4)  # chances 1/2 and 3/4
    assert float(classification_loss(logits, wanted, multi_label=True)) == pytest.approx(several, rel=1e-5)
    assert float(classification_loss(logits, wanted, multi_label=False)) == pytest.approx(-np.log(3 / 4), rel=1e-5)


def test_rate_rises_over_a_tenth_of_the_steps_and_falls_to_nothing():
    rates = [rate_at(step, 100) for step in range(100)]
    assert rates[:10] == pytest.approx([(step + 1) / 10 for step in range(10)])
    assert rates[10:] == pytest.approx([(100 - step) / 90 for step in range(10, 100)])


@pytest.mark.parametrize(("n_texts", "steps"), [(16, 60), (160, 60), (161, 66), (1600, 600), (1e6, 1500)])
def test_steps_of_a_member(bert, n_texts, steps):
    """Six epochs of batches of 16, at least 60 and at most 1500."""
    assert TunedEncoder(bert, multi_label=True, plan=TuningPlan())._n_steps(n_texts) == steps


def test_batches_hold_each_text_once_and_texts_of_like_length():
    generator = np.random.default_rng(0)
    lengths = generator.integers(5, 190, 300)
    drawn = np.flatnonzero(generator.random(300) < 0.9)
    batches = draw_batches(drawn, lengths, generator)
    assert sorted(np.concatenate(batches).tolist()) == drawn.tolist()
    assert max(map(len, batches)) == 16
    spans = [np.ptp(lengths[rows]) for rows in batches]
    assert np.mean(spans) < np.ptp(lengths) / 4
    assert draw_batches(drawn[:0], lengths, generator) == []


def test_unknown_objective_is_refused():
    with pytest.raises(InputError, match=r"no objective 'setfit'\. Choose auto, classification, contrastive\."):
        TuningPlan(objective="setfit")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"no dtype 'half'\. Choose auto, float32, bfloat16\."):
        TuningPlan(dtype="half")  # type: ignore[arg-type]


def test_a_negative_weight_of_the_contrast_is_refused():
    with pytest.raises(InputError, match=r"contrastive_weight: expected a weight of 0 or more, got -0\.1"):
        TuningPlan(contrastive_weight=-0.1)


# contrast beside classification


@pytest.mark.parametrize("multi_label", [True, False])
def test_the_contrastive_loss_is_added_at_its_weight(bert, monkeypatch, multi_label):
    plain = tuned(bert, replace(FEW, contrastive_weight=0.0), multi_label=multi_label).left_out_[LABELLED]
    beside = tuned(bert, replace(FEW, contrastive_weight=0.5), multi_label=multi_label).left_out_[LABELLED]
    assert np.abs(beside - plain).max() > 1e-4
    real = contrastive_loss
    monkeypatch.setattr(
        "framing.classify.tuned.expert.contrastive_loss", lambda vectors, wanted: 0.25 * real(vectors, wanted)
    )
    twice_as_much = tuned(bert, replace(FEW, contrastive_weight=2.0), multi_label=multi_label).left_out_[LABELLED]
    assert twice_as_much == pytest.approx(beside, abs=1e-5)


def test_without_contrast_classification_alone_is_the_loss(bert, monkeypatch):
    def refused(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("framing.classify.tuned.expert.contrastive_loss", refused)
    assert np.isfinite(tuned(bert, replace(FEW, contrastive_weight=0.0)).left_out_[LABELLED]).all()


# dtype


def in_dtype(source: ModelSource, dtype: str, **more) -> TunedEncoder:
    return tuned(source, replace(FEW, dtype=dtype), **more)


def test_bfloat16_products_train_members_near_those_of_float32(bert):
    wide, narrow = in_dtype(bert, "float32"), in_dtype(bert, "bfloat16")
    assert not np.array_equal(wide.left_out_[LABELLED], narrow.left_out_[LABELLED])
    assert narrow.left_out_[LABELLED] == pytest.approx(wide.left_out_[LABELLED], abs=0.1)
    assert all(value.dtype == torch.float32 for value in narrow._members[0].state_dict().values())


@pytest.mark.parametrize(("own", "same_as"), [(True, "bfloat16"), (False, "float32")])
def test_auto_takes_bfloat16_where_the_processor_has_it(bert, monkeypatch, own, same_as):
    monkeypatch.setattr("framing.classify.tuned.backbone.has_bfloat16", lambda: own)
    found, expected = in_dtype(bert, "auto"), in_dtype(bert, same_as)
    assert found.dtype_ == expected.dtype_ == same_as
    assert np.array_equal(found.left_out_, expected.left_out_, equal_nan=True)


def test_scoring_is_float32_whatever_members_were_trained_in(bert):
    narrow = in_dtype(bert, "bfloat16")
    again = TunedEncoder(bert, multi_label=False, plan=replace(FEW, dtype="float32"))
    again.set_state(narrow.get_state())
    assert np.array_equal(again.score(TEXTS), narrow.score(TEXTS))


# members


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("objective", ["classification", "contrastive"])
def test_only_texts_of_a_fold_have_left_out_scores(bert, multi_label, objective):
    plan = TuningPlan(objective=objective, min_steps=3, max_steps=6)
    found = tuned(bert, plan, multi_label=multi_label)
    assert len(found._members) == 2
    assert found.objective_ == objective
    assert np.isfinite(found.left_out_[LABELLED]).all()
    assert np.isnan(found.left_out_[~LABELLED]).all()
    scores = found.score(PASSAGES)
    assert scores.shape == (3, 3)
    if not multi_label:
        np.testing.assert_allclose(np.exp(found.left_out_[LABELLED]).sum(axis=1), 1.0, atol=1e-5)


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


def test_left_out_scores_are_those_of_the_member_that_left_the_text_out(bert):
    found = tuned(bert)
    backbone = found._load()
    for number, member in enumerate(found._members):
        rows = np.flatnonzero(number == FOLDS)
        expected = found._logits(member, backbone.lower([TEXTS[row] for row in rows]))
        np.testing.assert_allclose(found.left_out_[rows], expected, atol=1e-5)


def test_new_texts_get_the_mean_of_the_members(bert):
    found = tuned(bert)
    texts = ["war", *PASSAGES, WAR[0], "war"]
    hidden = found._load().lower(texts)
    expected = np.mean([found._logits(member, hidden) for member in found._members], axis=0)
    np.testing.assert_allclose(found.score(texts), expected, atol=1e-5)
    assert found.score([]).shape == (0, 3)


def test_members_score_one_by_one_in_the_order_of_the_folds(bert):
    found = tuned(bert)
    texts = ["war", *PASSAGES, WAR[0], "war"]
    each = found.score_members(texts)
    assert each.shape == (2, len(texts), 3)
    hidden = found._load().lower(texts)
    for number, member in enumerate(found._members):
        np.testing.assert_allclose(each[number], found._logits(member, hidden), atol=1e-5)
    assert np.abs(each[0] - each[1]).max() > 1e-3
    np.testing.assert_allclose(found.score(texts), each.mean(axis=0), atol=1e-12)
    # a labelled text was scored by the member of its fold when that was trained
    own = found.score_members(TEXTS)
    np.testing.assert_allclose(own[FOLDS[LABELLED], LABELLED.nonzero()[0]], found.left_out_[LABELLED], atol=1e-5)
    assert found.score_members([]).shape == (2, 0, 3)


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
    found = tuned(bert, plan)
    untouched = Backbone(bert, trained_layers=1, max_tokens=48)
    for mine, theirs in zip(found._load()._lower.parameters(), untouched._lower.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    pattern = dict(untouched._upper.named_parameters())
    moved = [
        name for name, value in found._members[0].upper.named_parameters() if not torch.equal(value, pattern[name])
    ]
    assert len(moved) > 10


def test_a_text_of_no_weight_teaches_nothing(bert):
    weights = np.ones(12)
    weights[0] = 0.0
    turned = SINGLE.copy()
    turned[0] = SINGLE[0][::-1]
    before, after = (tuned(bert, targets=targets, weights=weights).left_out_ for targets in (SINGLE, turned))
    np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("objective", ["classification", "contrastive"])
@pytest.mark.parametrize("multi_label", [True, False])
def test_members_learn(bert, multi_label, objective):
    plan = TuningPlan(objective=objective, min_steps=120, max_steps=120, learning_rate=2e-3)
    found = tuned(bert, plan, multi_label=multi_label)
    seen = np.flatnonzero(~LABELLED)  # by both members
    targets = (SEVERAL if multi_label else SINGLE)[seen]
    scores = found.score([TEXTS[row] for row in seen])
    decided = scores > 0 if multi_label else np.eye(3, dtype=bool)[scores.argmax(axis=1)]
    np.testing.assert_array_equal(decided, targets)


# the contest of objectives


def test_few_labels_make_both_objectives_compete_on_the_first_fold(bert, monkeypatch):
    plan = TuningPlan(objective="auto", min_steps=3, max_steps=6)
    found = tuned(bert, plan)
    losses = {}
    first = FOLDS == 0
    for objective in ("classification", "contrastive"):
        rival = tuned(bert, TuningPlan(objective=objective, min_steps=3, max_steps=6))
        losses[objective] = rival._loss(rival.left_out_[first], SINGLE[first])
    assert found.objective_ == min(losses, key=losses.get)
    kept = tuned(bert, TuningPlan(objective=found.objective_, min_steps=3, max_steps=6))
    np.testing.assert_array_equal(found.left_out_, kept.left_out_)

    for winner in losses:  # whichever has the likelihood
        order = iter([0.0, 1.0] if winner == "classification" else [1.0, 0.0])
        monkeypatch.setattr(TunedEncoder, "_loss", lambda *_, order=order: next(order))
        assert tuned(bert, plan).objective_ == winner


def test_many_labels_need_no_contest(bert, monkeypatch):
    monkeypatch.setattr(TunedEncoder, "_loss", lambda *_: pytest.fail("there was a contest"))
    plan = TuningPlan(
        objective="auto", min_steps=3, max_steps=6, contest_below=3
    )  # nine labelled texts of three frames
    assert tuned(bert, plan).objective_ == "classification"


def test_likelihood_is_taken_after_the_factor_that_suits_best(bert):
    """Three right by a gap of one and one wrong: at its best the chance is 3/4, whatever the sharpness."""
    several = TunedEncoder(bert, multi_label=True, plan=FEW)
    single = TunedEncoder(bert, multi_label=False, plan=FEW)
    right = np.array([True, True, True, False])
    expected = -(3 * np.log(3 / 4) + np.log(1 / 4)) / 4
    for factor in (1.0, 0.3, 5.0):
        logits = np.full((4, 1), factor)
        assert several._loss(logits, right[:, None]) == pytest.approx(expected, abs=1e-4)
        both = np.column_stack([logits[:, 0], 0 * logits[:, 0]])
        assert single._loss(both, np.column_stack([right, ~right])) == pytest.approx(expected, abs=1e-4)


# kept and restored


@pytest.mark.parametrize("multi_label", [True, False])
@pytest.mark.parametrize("objective", ["classification", "contrastive"])
def test_restored_members_score_alike(bert, multi_label, objective):
    found = tuned(bert, TuningPlan(objective=objective, min_steps=3, max_steps=6), multi_label=multi_label)
    state = found.get_state()
    assert {value.dtype for value in state.arrays.values()} == {np.dtype(np.float16)}
    again = TunedEncoder(bert, multi_label=multi_label, plan=found.plan).set_state(state)
    np.testing.assert_array_equal(again.score(PASSAGES), found.score(PASSAGES))


def test_members_of_another_encoder_are_refused(bert, sources):
    state = tuned(bert).get_state()
    with pytest.raises(FramingError, match=r"The saved classifier does not fit the encoder .*mpnet"):
        TunedEncoder(sources["mpnet"], multi_label=False, plan=FEW).set_state(state)


def test_progress_shows_only_on_a_terminal(bert, monkeypatch, capsys):
    found = TunedEncoder(bert, multi_label=False, plan=FEW)
    found.fit(TEXTS, SINGLE, np.ones(12), FOLDS, progress="learning")
    found.score(PASSAGES, progress="classifying")
    assert capsys.readouterr().err == ""
    seen, totals = [], []
    bar = nullcontext(SimpleNamespace(update=seen.append))
    monkeypatch.setattr("framing.classify.tuned.expert.count_steps", lambda _, total, **__: totals.append(total) or bar)
    found.fit(TEXTS, SINGLE, np.ones(12), FOLDS, progress="learning")
    assert totals == [sum(seen)] == [12]  # two members of six steps: one batch an epoch


def test_tuning_tells_what_there_is_to_do_and_how_far_it_is(bert):
    told = []
    TunedEncoder(bert, multi_label=False, plan=FEW).fit(
        TEXTS, SINGLE, np.ones(12), FOLDS, progress="fine-tuning", say=told.append
    )
    assert told[0] == "fine-tuning: 9 labelled passages, 3 frames, 2 members, 12 steps"
    assert told[-1] == "fine-tuning: 100 % of 12 steps, done"
    assert all(line.startswith("fine-tuning: ") for line in told)


def test_a_contest_is_counted_among_the_steps(bert, monkeypatch):
    told, seen, totals = [], [], []
    bar = nullcontext(SimpleNamespace(update=seen.append))
    monkeypatch.setattr("framing.classify.tuned.expert.count_steps", lambda _, total, **__: totals.append(total) or bar)
    plan = TuningPlan(objective="auto", min_steps=3, max_steps=6)
    TunedEncoder(bert, multi_label=False, plan=plan).fit(TEXTS, SINGLE, np.ones(12), FOLDS, say=told.append)
    assert told == [
        "fine-tuning: 9 labelled passages, 3 frames, 2 members, two objectives compete for the first, 18 steps"
    ]
    assert totals == [sum(seen)] == [18]
