"""How a member is trained: losses, the steps of the optimiser, the batches."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BATCH", "classification_loss", "contrastive_loss", "draw_batches", "make_optimiser", "rate_at"]

BATCH = 16
_WARM_UP = 0.1  # of all steps
_HEAD_RATE = 1e-3
_TEMPERATURE = 0.1  # of the contrastive loss


def classification_loss(logits: Any, wanted: Any, *, multi_label: bool) -> Any:
    """Mean over texts of the negative log-likelihood: of all frames (several labels), or of the one."""
    from torch.nn.functional import binary_cross_entropy_with_logits, log_softmax

    if multi_label:
        return binary_cross_entropy_with_logits(logits, wanted, reduction="none").sum(1).mean()
    return -(wanted * log_softmax(logits, 1)).sum(1).mean()


def contrastive_loss(vectors: Any, wanted: Any) -> Any:
    """Supervised contrastive loss: texts that share a frame are each other's positives."""
    import torch

    unit = torch.nn.functional.normalize(vectors, dim=1)
    same = torch.eye(len(unit), device=unit.device)
    near = (unit @ unit.T) / _TEMPERATURE - 1e9 * same
    positive = ((wanted @ wanted.T) > 0).float() * (1 - same)
    counted = positive.sum(1) > 0
    if not counted.any():
        return vectors.sum() * 0.0
    each = -(near.log_softmax(1) * positive).sum(1) / positive.sum(1).clamp(min=1)
    return each[counted].mean()


def make_optimiser(member: Any, learning_rate: float) -> Any:
    """AdamW: matrices of the encoder decay a little, its other parameters not; the head learns faster."""
    import torch

    matrices = [value for value in member.upper.parameters() if value.ndim > 1]
    others = [value for value in member.upper.parameters() if value.ndim <= 1]
    groups = [
        {"params": matrices, "lr": learning_rate, "weight_decay": 0.01},
        {"params": others, "lr": learning_rate, "weight_decay": 0.0},
        {"params": list(member.lin.parameters()), "lr": _HEAD_RATE, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, fused=True)


def rate_at(step: int, n_steps: int) -> float:
    """Factor of the learning rate: rises over the first tenth of the steps, then falls to nothing."""
    return min((step + 1) / (_WARM_UP * n_steps), max(0.0, (n_steps - step) / ((1 - _WARM_UP) * n_steps)))


def draw_batches(
    drawn: NDArray[np.int64], lengths: NDArray[np.int64], generator: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Shuffled batches of the drawn texts, of like length, so that little is padded."""
    order = generator.permutation(drawn)
    found = []
    for start in range(0, len(order), BATCH * 8):
        part = order[start : start + BATCH * 8]
        part = part[np.argsort(lengths[part], kind="stable")]
        found += [part[place : place + BATCH] for place in range(0, len(part), BATCH)]
    return [found[place] for place in generator.permutation(len(found))]
