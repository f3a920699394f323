"""How a member is trained: losses, the steps of the optimiser, the batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing.classify.frozen.class_balance import balance_classes
from framing.classify.linear_head import fit_linear_weights
from framing.classify.tuned.plan import BATCH_TEXTS, TuningPlan
from framing.steps import Steps

if TYPE_CHECKING:
    from framing.classify.tuned.backbone import Backbone, Member

__all__ = [
    "classification_loss",
    "contrastive_loss",
    "draw_batches",
    "make_optimiser",
    "scale_rate",
    "scaled_loss",
    "train_member",
    "weigh_classes",
]

Array = NDArray[np.float64]

_WARM_UP = 0.1  # of all steps
_HEAD_RATE = 1e-3
_TEMPERATURE = 0.1  # of the contrastive loss
_EXCLUDED = 1e9  # subtracted from a similarity that is not to count
_POOL_BATCHES = 8  # batches that are sorted by length together


def train_member(
    backbone: Backbone,
    hidden: list[Any],
    targets: NDArray[np.bool_],
    weights: Array,
    known: NDArray[np.bool_],
    *,
    plan: TuningPlan,
    dtype: str,
    multi_label: bool,
    random_seed: int,
    bar: Steps,
) -> Member:
    """Train a new member.

    Parameters
    ----------
    backbone : Backbone
        Makes the member.
    hidden : list of tensor
        States of the n texts after the lower layers.
    targets : ndarray of bool, shape (n, K)
        Which frames the texts carry.
    weights : ndarray, shape (n,)
        Probability that a text is part of an epoch.
    known : ndarray of bool, shape (n, K)
        Whether it is known that a text carries a frame or does not; what is not known is not learned.
    plan : TuningPlan
        Steps, rates, weights and layers; its objective is `classification` or `contrastive`.
    dtype : str
        Number format of the products.
    multi_label : bool
        Whether a text may carry several frames.
    random_seed : int
        Of the head's first weights, of dropout and of the batches.
    bar : Steps
        Is told of each step.

    Returns
    -------
    Member
        In evaluation mode, its weights rounded to float16, as they are saved.
    """
    import torch
    from torch import nn

    torch.manual_seed(random_seed)
    generator = np.random.default_rng(random_seed)
    member = backbone.make_member(targets.shape[1])
    member.train()
    member.hold_below(plan.trained_layers)
    y = torch.tensor(targets, dtype=torch.float32, device=backbone.device)
    lift = weigh_classes(targets, weights, known, power=plan.class_weight, multi_label=multi_label)
    share = torch.tensor(lift, dtype=torch.float32, device=backbone.device)
    n_steps = plan.count_steps(weights.sum())
    optimiser = make_optimiser(member, plan.learning_rate)
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: scale_rate(step, n_steps))
    lengths = np.array([len(states) for states in hidden])
    step = 0
    while step < n_steps:
        epoch = np.flatnonzero(generator.random(len(hidden)) < weights)
        for rows in draw_batches(epoch, lengths, generator):
            if step == n_steps:
                break
            with backbone.multiply_in(dtype):
                vectors = member.embed([hidden[row] for row in rows])
            if plan.objective == "contrastive":
                loss = contrastive_loss(vectors, y[rows])
            else:
                logits = member.lin(member.drop(vectors))
                loss = classification_loss(logits, y[rows], share[rows], multi_label=multi_label)
                if plan.contrastive_weight:
                    loss = loss + plan.contrastive_weight * contrastive_loss(vectors, y[rows])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(member.parameters(), 1.0)
            optimiser.step()
            rate.step()
            step += 1
            bar.update(1)
    member.zero_grad(set_to_none=True)  # gradients are as large as the member
    member.requires_grad_(False).eval()
    if plan.objective == "contrastive":
        _fit_head(member, hidden, targets, weights, multi_label=multi_label)
    with torch.no_grad():
        for parameter in member.parameters():  # as they are saved, so that a loaded classifier scores alike
            parameter.copy_(parameter.to(torch.float16).to(torch.float32))
    return member


def _fit_head(
    member: Member, hidden: list[Any], targets: NDArray[np.bool_], weights: Array, *, multi_label: bool
) -> None:
    """Put a linear head, fitted on the tuned vectors, into the member."""
    import torch

    slopes, shifts = fit_linear_weights(member.embed_all(hidden), targets, weights, multi_label=multi_label)
    with torch.no_grad():
        member.lin.weight.copy_(torch.from_numpy(slopes))
        member.lin.bias.copy_(torch.from_numpy(shifts))


def scaled_loss(logits: Array, targets: NDArray[np.bool_], *, multi_label: bool) -> float:
    """Measure the mean negative log-likelihood after scaling logits by the best factor: ranks count, not sharpness.

    Parameters
    ----------
    logits : ndarray, shape (n, K)
        Log-odds (several labels) or log-probabilities (one).
    targets : ndarray of bool, shape (n, K)
        Which frames the texts carry.
    multi_label : bool
        Whether a text may carry several.

    Returns
    -------
    float
        The least over factors from exp(-3) to exp(3).
    """
    from scipy.optimize import minimize_scalar

    def loss(log_factor: float) -> float:
        scaled = logits * np.exp(log_factor)
        if multi_label:
            return float(np.mean(np.logaddexp(0, np.where(targets, -scaled, scaled))))
        highest = scaled.max(axis=1, keepdims=True)
        log_probabilities = scaled - highest - np.log(np.exp(scaled - highest).sum(axis=1, keepdims=True))
        return float(-log_probabilities[targets].mean())

    return float(minimize_scalar(loss, bounds=(-3, 3), method="bounded").fun)


def weigh_classes(
    targets: NDArray[np.bool_], weights: Array, known: NDArray[np.bool_], *, power: float, multi_label: bool
) -> Array:
    """Weigh what is said of each text and frame, so that rare frames are not lost among texts without them.

    Parameters
    ----------
    targets : ndarray of bool, shape (n, K)
        Which frames the texts carry.
    weights : ndarray, shape (n,)
        Of the texts.
    known : ndarray of bool, shape (n, K)
        Whether it is known that a text carries a frame or does not; of no use with one label.
    power : float
        Of negatives over positives; 0: all weigh alike.
    multi_label : bool
        Whether a text may carry several frames; with one label the weight is of its frame, that of a mean frame over
        its own, to the same power.

    Returns
    -------
    ndarray, shape (n, K)
        Of mean 1 over what is known, and 0 for the rest.

    Examples
    --------
    >>> one = np.ones((3, 1), dtype=bool)
    >>> targets = np.array([[True], [False], [False]])
    >>> weigh_classes(targets, np.ones(3), one, power=1.0, multi_label=True).ravel().tolist()
    [1.5, 0.75, 0.75]
    """
    if multi_label:
        lifts = [
            balance_classes(targets[:, column], weights * known[:, column]) ** power
            for column in range(targets.shape[1])
        ]
        lift = np.column_stack(lifts) * known
    else:
        totals = weights @ targets
        of_frame = (totals.sum() / np.count_nonzero(totals) / np.maximum(totals, totals[totals > 0].min())) ** power
        lift = np.repeat((targets @ of_frame)[:, None], targets.shape[1], axis=1)
    total = weights @ (known.sum(axis=1) if multi_label else np.full(len(targets), targets.shape[1]))
    return np.asarray(lift * (total / (weights @ lift.sum(axis=1))))


def classification_loss(logits: Any, targets: Any, shares: Any, *, multi_label: bool) -> Any:
    """Measure the mean negative log-likelihood of texts: over all known frames (several labels), or of the one.

    Parameters
    ----------
    logits : tensor, shape (n, K)
        Of the head.
    targets : tensor, shape (n, K)
        1 for frames that a text carries.
    shares : tensor, shape (n, K)
        Weight of what is said of each text and frame, 0 where it is not known whether the text carries it.
    multi_label : bool
        Whether a text may carry several.

    Returns
    -------
    tensor
        A number.
    """
    from torch.nn.functional import binary_cross_entropy_with_logits, log_softmax

    if multi_label:
        return (binary_cross_entropy_with_logits(logits, targets, reduction="none") * shares).sum(1).mean()
    return -(targets * shares * log_softmax(logits, 1)).sum(1).mean()


def contrastive_loss(vectors: Any, targets: Any) -> Any:
    """Measure the supervised contrastive loss (Khosla et al. 2020): texts that share a frame are positives.

    Parameters
    ----------
    vectors : tensor, shape (n, width)
        Of a batch.
    targets : tensor, shape (n, K)
        1 for frames that a text carries.

    Returns
    -------
    tensor
        A number; 0 where no two texts share a frame.

    Notes
    -----
    With unit vectors z, temperature t and positives P(i) of text i, the loss is the mean over texts with positives of
    `-1 / |P(i)| * sum_p log(exp(z_i.z_p / t) / sum_{a != i} exp(z_i.z_a / t))`.
    """
    import torch

    unit = torch.nn.functional.normalize(vectors, dim=1)
    itself = torch.eye(len(unit), device=unit.device)
    similarity = (unit @ unit.T) / _TEMPERATURE - _EXCLUDED * itself
    positive = ((targets @ targets.T) > 0).float() * (1 - itself)
    has_positives = positive.sum(1) > 0
    if not has_positives.any():
        return vectors.sum() * 0.0
    losses = -(similarity.log_softmax(1) * positive).sum(1) / positive.sum(1).clamp(min=1)
    return losses[has_positives].mean()


def make_optimiser(member: Any, learning_rate: float) -> Any:
    """Make AdamW: matrices of the encoder decay a little, its other parameters not; the head learns faster.

    Parameters
    ----------
    member : Member
        Its parameters are optimised.
    learning_rate : float
        Of the encoder.

    Returns
    -------
    Optimizer
        Of torch.
    """
    import torch

    matrices = [value for value in member.upper.parameters() if value.ndim > 1]
    others = [value for value in member.upper.parameters() if value.ndim <= 1]
    groups = [
        {"params": matrices, "lr": learning_rate, "weight_decay": 0.01},
        {"params": others, "lr": learning_rate, "weight_decay": 0.0},
        {"params": list(member.lin.parameters()), "lr": _HEAD_RATE, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, fused=True)


def scale_rate(step: int, n_steps: int) -> float:
    """Factor of the learning rate: it rises over the first tenth of the steps, then falls to nothing.

    Parameters
    ----------
    step : int
        From 0.
    n_steps : int
        Steps in all.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> [scale_rate(step, 20) for step in (0, 1, 11, 20)]
    [0.5, 1.0, 0.5, 0.0]
    """
    return min((step + 1) / (_WARM_UP * n_steps), max(0.0, (n_steps - step) / ((1 - _WARM_UP) * n_steps)))


def draw_batches(
    rows: NDArray[np.int64], lengths: NDArray[np.int64], generator: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Draw shuffled batches of texts of like length, so that little is padded.

    Parameters
    ----------
    rows : ndarray of int
        The texts of an epoch.
    lengths : ndarray of int, shape (n,)
        Of all texts.
    generator : Generator
        Of the order.

    Returns
    -------
    list of ndarray of int
        Rows of each batch.
    """
    order = generator.permutation(rows)
    batches = []
    for start in range(0, len(order), BATCH_TEXTS * _POOL_BATCHES):
        pool = order[start : start + BATCH_TEXTS * _POOL_BATCHES]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        batches += [pool[place : place + BATCH_TEXTS] for place in range(0, len(pool), BATCH_TEXTS)]
    return [batches[place] for place in generator.permutation(len(batches))]
