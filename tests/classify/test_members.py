"""Members and their training by hand, on upper layers that do nothing or multiply: no transformer is loaded."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from framing.classify.linear_head import fit_linear_weights
from framing.classify.tuned import backbone as backbones
from framing.classify.tuned.backbone import Member
from framing.classify.tuned.expert import TunedEncoder
from framing.classify.tuned.plan import TuningPlan
from framing.classify.tuned.training import draw_batches, make_optimiser, scaled_loss, train_member

WIDTH = 4
GENERATOR = np.random.default_rng(0)
HIDDEN = [torch.tensor(GENERATOR.normal(size=(2 + row % 3, WIDTH)), dtype=torch.float32) for row in range(40)]
SINGLE = np.eye(3, dtype=bool)[np.arange(40) % 3]
SEVERAL = SINGLE | (np.arange(40) % 5 == 0)[:, None] & np.roll(SINGLE, 1, axis=1)


class Passing(nn.Module):
    """States as they come, zero where the mask is; what is padded must not count."""

    def forward(self, *, inputs_embeds, attention_mask):
        padded = torch.where(attention_mask[..., None] == 1, inputs_embeds, 1000.0)
        return SimpleNamespace(last_hidden_state=padded)


class Scaling(nn.Module):
    """A matrix and a shift that learn."""

    def __init__(self) -> None:
        super().__init__()
        self.matrix = nn.Parameter(torch.eye(WIDTH))
        self.shift = nn.Parameter(torch.zeros(WIDTH))
        self.encoder = SimpleNamespace(layer=[])  # nothing that could be held

    def forward(self, *, inputs_embeds, attention_mask):
        return SimpleNamespace(last_hidden_state=inputs_embeds @ self.matrix + self.shift)


def member(pooling: str = "mean", upper: nn.Module | None = None) -> Member:
    made = Member(upper or Passing(), WIDTH, 3, pooling)
    return made.eval()


class Bench:
    """A backbone without a model: texts are rows of `HIDDEN`."""

    device = "cpu"
    n_trained = 10  # weights of the layers that learn

    def __init__(self, *_: object, **__: object) -> None:
        self.lengths: list[int] = []

    def make_member(self, n_frames: int) -> Member:
        return Member(Scaling(), WIDTH, n_frames, "mean").eval()  # as a model is loaded

    def multiply_in(self, dtype: str):
        return nullcontext()

    def choose_dtype(self, dtype: str) -> str:
        return "float32" if dtype == "auto" else dtype

    def find_long(self, texts: list[str]) -> np.ndarray:
        return np.zeros(len(texts), dtype=bool)

    def encode_lower(self, texts: list[str]) -> list[torch.Tensor]:
        self.lengths.append(len(texts))
        return [HIDDEN[int(text)] for text in texts]


# members


def test_a_text_is_the_mean_of_its_states_or_the_first():
    hidden = [torch.tensor([[1.0, 0, 0, 2], [3, 0, 0, 4]]), torch.tensor([[5.0, 6, 7, 8]])]
    assert member("mean").embed(hidden).tolist() == [[2, 0, 0, 3], [5, 6, 7, 8]]
    assert member("cls").embed(hidden).tolist() == [[1, 0, 0, 2], [5, 6, 7, 8]]


def test_any_number_of_texts_is_embedded_in_order():
    found = member().embed_all(HIDDEN)
    expected = np.stack([states.numpy().mean(axis=0) for states in HIDDEN])
    assert (found.shape, found.dtype) == ((40, WIDTH), np.float64)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_logits_by_hand():
    made = member()
    with torch.no_grad():
        made.lin.weight.copy_(torch.tensor([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]))
        made.lin.bias.copy_(torch.tensor([0.0, 0.5, 0.0]))
    hidden = [torch.tensor([[1.0, 0, 0, 0]])]
    np.testing.assert_allclose(made.predict_logits(hidden, multi_label=True), [[1, 0.5, 0]])
    total = np.log(np.exp([1, 0.5, 0]).sum())
    np.testing.assert_allclose(made.predict_logits(hidden, multi_label=False), [[1 - total, 0.5 - total, -total]], 1e-5)


def test_a_new_head_is_small_and_without_shifts():
    torch.manual_seed(0)
    made = Member(Passing(), 4000, 3, "mean")
    assert made.lin.weight.shape == (3, 4000)
    assert float(made.lin.weight.detach().std()) == pytest.approx(0.02, rel=0.03)
    assert not made.lin.bias.detach().any()
    assert made.drop.p == 0.1


# training


def test_the_optimiser_decays_matrices_of_the_encoder_alone():
    made = member(upper=Scaling())
    matrices, others, head = make_optimiser(made, 3e-4).param_groups
    assert [group["lr"] for group in (matrices, others, head)] == [3e-4, 3e-4, 1e-3]
    assert [group["weight_decay"] for group in (matrices, others, head)] == [0.01, 0.0, 0.0]
    assert matrices["params"][0] is made.upper.matrix
    assert others["params"][0] is made.upper.shift
    assert [len(group["params"]) for group in (matrices, others, head)] == [1, 1, 2]


def train(plan: TuningPlan, *, targets=SINGLE, weights=None, objective="classification", multi_label=False, seed=3):
    plan = replace(plan, objective=objective)
    steps: list[int] = []
    made = train_member(
        Bench(), HIDDEN, targets, np.ones(40) if weights is None else weights, np.ones((40, 3)), plan=plan,
        dtype="float32", multi_label=multi_label, random_seed=seed,
        bar=SimpleNamespace(update=steps.append),
    )  # fmt: skip
    return made, steps


def by_hand(n_steps: int, *, learning_rate: float, multi_label: bool, contrastive_weight: float, weights: np.ndarray):
    """The same training in plain steps: rates by the step, losses as the literature writes them."""
    targets = SEVERAL if multi_label else SINGLE
    torch.manual_seed(3)
    generator = np.random.default_rng(3)
    made = Bench().make_member(3)
    made.train()
    y = torch.tensor(targets, dtype=torch.float32)
    groups = [
        {"params": [made.upper.matrix], "weight_decay": 0.01, "rate": learning_rate},
        {"params": [made.upper.shift], "weight_decay": 0.0, "rate": learning_rate},
        {"params": [made.lin.weight, made.lin.bias], "weight_decay": 0.0, "rate": 1e-3},
    ]
    optimiser = torch.optim.AdamW(groups, lr=0.0, fused=True)
    lengths, step = np.array([len(states) for states in HIDDEN]), 0
    while step < n_steps:
        for rows in draw_batches(np.flatnonzero(generator.random(40) < weights), lengths, generator):
            if step < n_steps:
                for group in optimiser.param_groups:
                    group["lr"] = group["rate"] * min((step + 1) / (n_steps / 10), (n_steps - step) / (n_steps * 0.9))
                vectors = made.embed([HIDDEN[row] for row in rows])
                logits, here = made.lin(made.drop(vectors)), y[rows]
                if multi_label:
                    loss = (torch.nn.functional.softplus(logits) - here * logits).sum(1).mean()
                else:
                    loss = (logits.logsumexp(1) - (here * logits).sum(1)).mean()
                if contrastive_weight:
                    unit = vectors / vectors.norm(dim=1, keepdim=True)
                    near = (unit @ unit.T / 0.1).masked_fill(torch.eye(len(rows), dtype=bool), -torch.inf)
                    chance = (near - near.logsumexp(1, keepdim=True)).masked_fill(near == -torch.inf, 0.0)
                    shared = ((here @ here.T) > 0).float() * (1 - torch.eye(len(rows)))
                    some = shared.sum(1) > 0
                    loss = loss - contrastive_weight * ((chance * shared).sum(1)[some] / shared.sum(1)[some]).mean()
                for parameter in made.parameters():
                    parameter.grad = None
                loss.backward()
                size = torch.sqrt(sum((value.grad**2).sum() for value in made.parameters()))
                for parameter in made.parameters():
                    parameter.grad *= min(1.0, 1.0 / (float(size) + 1e-6))
                optimiser.step()
                step += 1
    return made


@pytest.mark.parametrize(("multi_label", "contrastive_weight"), [(False, 0.0), (True, 0.5)])
def test_training_is_that_of_plain_steps(multi_label, contrastive_weight):
    plan = TuningPlan(
        epochs=1, min_steps=11, max_steps=11, learning_rate=0.05, contrastive_weight=contrastive_weight
    )  # fmt: skip
    weights = np.where(np.arange(40) % 4 == 0, 0.3, 1.0)
    made, steps = train(plan, targets=SEVERAL if multi_label else SINGLE, weights=weights, multi_label=multi_label)
    expected = by_hand(
        11, learning_rate=0.05, multi_label=multi_label, contrastive_weight=contrastive_weight, weights=weights
    )
    assert steps == [1] * 11
    for name, value in expected.state_dict().items():
        np.testing.assert_allclose(made.state_dict()[name].numpy(), value.numpy(), atol=2e-3, err_msg=name)
    assert np.abs(made.upper.matrix.numpy() - np.eye(WIDTH)).max() > 0.05


def test_a_trained_member_is_at_rest_and_as_it_is_saved():
    made, _ = train(TuningPlan(min_steps=2, max_steps=2))
    assert not made.training
    for value in made.parameters():
        assert not value.requires_grad
        assert value.grad is None
        assert torch.equal(value, value.half().float())


def test_steps_are_counted_by_the_texts_that_an_epoch_is_expected_to_hold():
    plan = TuningPlan(epochs=3, min_steps=1, max_steps=100)
    assert len(train(plan)[1]) == 9  # 40 texts are three batches
    assert len(train(plan, weights=np.full(40, 0.4))[1]) == 3  # 16 texts are one


def test_a_text_of_no_weight_is_not_seen():
    weights = np.r_[0.0, np.ones(39)]
    changed = SINGLE.copy()
    changed[0] = SINGLE[1]
    plan = TuningPlan(min_steps=4, max_steps=4, learning_rate=0.05)
    one, other = (train(plan, targets=targets, weights=weights)[0].state_dict() for targets in (SINGLE, changed))
    assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("multi_label", [True, False])
def test_after_contrast_the_head_is_a_linear_one_on_the_tuned_vectors(multi_label):
    targets = SEVERAL if multi_label else SINGLE
    weights = np.linspace(0.2, 1.0, 40)
    plan = TuningPlan(min_steps=3, max_steps=3, learning_rate=0.05)
    made, steps = train(plan, targets=targets, weights=weights, objective="contrastive", multi_label=multi_label)
    slopes, shifts = fit_linear_weights(made.embed_all(HIDDEN), targets, weights, multi_label=multi_label)
    assert len(steps) == 3
    np.testing.assert_allclose(made.lin.weight.numpy(), slopes, atol=0.02)
    np.testing.assert_allclose(made.lin.bias.numpy(), shifts, atol=0.02)
    plain, _ = train(plan, targets=targets, weights=weights, multi_label=multi_label)
    assert not torch.equal(plain.upper.matrix, made.upper.matrix)


def test_batches_are_cut_from_pools_of_eight_that_are_sorted_by_length():
    rows, lengths = np.arange(10, 140), np.random.default_rng(1).permutation(140)
    batches = draw_batches(rows, lengths, np.random.default_rng(2))
    assert sorted(map(len, batches)) == [2, *[16] * 8]
    assert sorted(np.concatenate(batches).tolist()) == rows.tolist()
    whole = sorted((lengths[batch].tolist() for batch in batches if len(batch) == 16), key=lambda part: part[0])
    assert np.concatenate(whole).tolist() == sorted(np.concatenate(whole)), "one pool, sorted, then cut"
    assert [len(batch) for batch in batches] != sorted(map(len, batches), reverse=True), "and in random order"


# members together


FOLDS = np.where(np.arange(40) < 10, -1, np.arange(40) % 3)
NAMES = [str(row) for row in range(40)]


@pytest.fixture
def bench(monkeypatch) -> None:
    monkeypatch.setattr(backbones, "Backbone", Bench)


def tuned(plan: TuningPlan, *, multi_label: bool = False, weights=None, say=None, seed: int = 0) -> TunedEncoder:
    encoder = TunedEncoder(SimpleNamespace(name="bench"), multi_label=multi_label, plan=plan, random_seed=seed)
    return encoder.fit(
        NAMES, SEVERAL if multi_label else SINGLE, np.ones(40) if weights is None else weights, FOLDS, say=say
    )  # fmt: skip


QUICK = TuningPlan(objective="classification", epochs=1, min_steps=2, max_steps=9, learning_rate=0.05)


@pytest.mark.usefixtures("bench")
@pytest.mark.parametrize("multi_label", [True, False])
def test_each_member_is_trained_without_its_fold_and_scores_it(multi_label):
    encoder = tuned(QUICK, multi_label=multi_label, seed=5)
    assert (len(encoder.members_), encoder.plan_.objective, encoder.dtype_) == (3, "classification", "float32")
    assert np.isnan(encoder.left_out_[:10]).all()
    targets = SEVERAL if multi_label else SINGLE
    torch.manual_seed(0)
    for number in range(3):
        outside, inside = np.flatnonzero(number != FOLDS), np.flatnonzero(number == FOLDS)
        alone = train_member(
            Bench(), [HIDDEN[row] for row in outside], targets[outside], np.ones(len(outside)),
            np.ones((len(outside), 3)), plan=QUICK,
            dtype="float32", multi_label=multi_label, random_seed=5 + number,
            bar=SimpleNamespace(update=lambda _: None),
        )  # fmt: skip
        expected = alone.predict_logits([HIDDEN[row] for row in inside], multi_label=multi_label)
        np.testing.assert_array_equal(encoder.left_out_[inside], expected)


@pytest.mark.usefixtures("bench")
def test_scores_are_the_mean_of_the_members_in_the_order_of_the_texts(monkeypatch):
    monkeypatch.setattr("framing.classify.tuned.expert._WINDOW_TEXTS", 32)
    encoder = tuned(QUICK)
    texts = [str((7 * row) % 40) for row in range(40)]
    each = encoder.score_members(texts)
    expected = [
        made.predict_logits([HIDDEN[int(text)] for text in texts], multi_label=False) for made in encoder.members_
    ]
    np.testing.assert_allclose(each, expected, atol=1e-6)
    np.testing.assert_allclose(encoder.score(texts), np.mean(expected, axis=0), atol=1e-6)
    assert encoder.backbone.lengths[1:] == [32, 8, 32, 8]


@pytest.mark.usefixtures("bench")
def test_what_there_is_to_train_is_said_by_hand():
    lines: list[str] = []
    tuned(QUICK, say=lines.append)  # 30 of 40 texts at a time: two batches an epoch
    assert lines[0] == "fine-tuning: 30 labelled passages, 3 frames, 3 members, 6 steps"
    lines.clear()
    contest = TuningPlan(epochs=2, min_steps=2, max_steps=9)
    assert tuned(contest, say=lines.append).plan_.objective in ("classification", "contrastive")
    assert lines[0] == (
        "fine-tuning: 30 labelled passages, 3 frames, 3 members, 2 plans compete for the first, 16 steps"
    )
    lines.clear()
    weights = np.where(FOLDS == -1, 0.1, 1.0)  # 21 of 31 expected texts: still two batches
    settled = TuningPlan(epochs=1, min_steps=1, max_steps=9, contest_below=10)  # 30 labels of three frames: enough
    assert tuned(settled, say=lines.append, weights=weights).plan_.objective == "classification"
    assert lines[0] == "fine-tuning: 30 labelled passages, 3 frames, 3 members, 6 steps"
    assert tuned(TuningPlan(epochs=1, min_steps=1, max_steps=1, contest_below=11), say=lines.append)
    assert any("2 plans compete" in line for line in lines)


@pytest.mark.usefixtures("bench")
def test_a_rival_takes_the_steps_of_the_first_member(monkeypatch):
    """Twenty texts outside the first fold are two batches, thirty-eight outside the second are three."""
    monkeypatch.setattr("framing.steps._PATIENCE", 0)
    lines: list[str] = []
    folds = np.r_[np.zeros(20, dtype=int), [1, 1], np.full(18, -1)]
    plan = TuningPlan(epochs=1, min_steps=1, max_steps=9)
    TunedEncoder(SimpleNamespace(name="bench"), multi_label=False, plan=plan).fit(
        NAMES, SINGLE, np.ones(40), folds, progress="fine-tuning", say=lines.append
    )
    assert lines[0].endswith("22 labelled passages, 3 frames, 2 members, 2 plans compete for the first, 7 steps")
    assert "100 % of 7 steps, " in lines[-1]


@pytest.mark.usefixtures("bench")
@pytest.mark.parametrize("multi_label", [True, False])
def test_the_objective_with_the_higher_likelihood_of_the_first_fold_is_taken(multi_label):
    targets = SEVERAL if multi_label else SINGLE
    plan = TuningPlan(epochs=1, min_steps=2, max_steps=9, learning_rate=0.05)
    first = FOLDS == 0
    rivals = {
        objective: tuned(replace(plan, objective=objective), multi_label=multi_label)
        for objective in ("classification", "contrastive")
    }
    losses = {
        objective: scaled_loss(rival.left_out_[first], targets[first], multi_label=multi_label)
        for objective, rival in rivals.items()
    }
    found = tuned(plan, multi_label=multi_label)
    assert found.plan_.objective == min(losses, key=lambda objective: losses[objective])
    np.testing.assert_array_equal(found.left_out_, rivals[found.plan_.objective].left_out_)


@pytest.mark.usefixtures("bench")
def test_members_are_restored_from_float16():
    encoder = tuned(QUICK)
    state = encoder.get_state()
    assert {value.dtype for value in state.arrays.values()} == {np.dtype(np.float16)}
    again = TunedEncoder(encoder.source, multi_label=False, plan=QUICK).set_state(state)
    assert len(again.members_) == 3
    assert not any(made.training for made in again.members_)
    np.testing.assert_array_equal(again.score(NAMES), encoder.score(NAMES))


@pytest.mark.usefixtures("bench")
def test_training_leaves_the_random_numbers_of_others_alone():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    tuned(QUICK)
    assert torch.equal(before, torch.get_rng_state())
