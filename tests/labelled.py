"""Populations whose labels are known in full, and samples of labels drawn from them, for tests of corrected shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd


def sampled_table(
    labels: Any,
    proxies: Any,
    weights: Any,
    *,
    outlets: Any = "A",
    documents: Any = None,
    strata: Any = None,
    events: Any = "",
    whole: bool = False,
    frames: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Classified passages with the columns of labels: one row a passage and frame.

    `labels` and `proxies` have shape (n,) or (n, K), `weights` shape (n,), 0 where not drawn. Each passage is
    a document of its own unless `documents` says otherwise; `whole` : documents, not passages, were drawn.
    """
    truth, scores = (np.reshape(np.asarray(part, float), (len(weights), -1)) for part in (labels, proxies))
    n, k = truth.shape
    ids = np.array([f"p{number}" for number in range(n)], dtype=object)

    def rows(values: Any) -> np.ndarray:
        return np.repeat(np.broadcast_to(np.asarray(values, dtype=object), (n,)), k)

    owners = rows(ids if documents is None else documents)
    weight = np.repeat(np.asarray(weights, float), k)
    return pd.DataFrame(
        {
            "passage_id": rows(ids), "document_id": owners, "outlet": rows(outlets), "perspective": "every",
            "published": pd.Timestamp("2024-01-03"), "text": "text", "event": rows(events),
            "frame": np.tile(np.array(frames or [f"f{number}" for number in range(k)], dtype=object), n),
            "score": scores.ravel(), "decision": np.where(scores.ravel() >= 0.5, "present", "absent"),
            "proxy": scores.ravel(), "gold": np.where(weight > 0, truth.ravel(), np.nan),
            "gold_proxy": np.where(weight > 0, scores.ravel(), np.nan), "gold_weight": weight,
            "gold_stratum": rows(outlets if strata is None else strata), "gold_cluster": owners if whole else rows(ids),
        }
    )  # fmt: skip


def labelled_table(
    groups: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]],
    *,
    documents: np.ndarray | None = None,
    strata: np.ndarray | None = None,
) -> pd.DataFrame:
    """One frame; of each outlet the labels, scores and whether drawn, in equal chance within outlet and stratum.

    `documents` and `strata` are of the passages of each outlet, which has documents of its own.
    """
    outlets = np.concatenate([np.full(len(labels), name, dtype=object) for name, (labels, _, _) in groups.items()])
    labels, scores, chosen = (np.concatenate(part) for part in zip(*groups.values(), strict=True))
    stratum = outlets if strata is None else np.tile(strata, len(groups))
    chance = pd.Series(chosen.astype(float)).groupby([outlets, stratum]).transform("mean").to_numpy()
    owners = None
    if documents is not None:
        owners = [f"{name}{owner}" for name, owner in zip(outlets, np.tile(documents, len(groups)), strict=True)]
    weights = np.where(chosen, 1 / np.maximum(chance, 1e-9), 0.0)
    return sampled_table(labels, scores, weights, outlets=outlets, documents=owners, strata=stratum, frames=["f"])


def drawn_weights(generator: np.random.Generator, n_of: dict[Any, int], groups: Any) -> np.ndarray:
    """Weights of a simple random sample of `n_of[g]` of the passages of each group g."""
    names = np.asarray(groups, dtype=object)
    weights = np.zeros(len(names))
    for name, n in n_of.items():
        members = np.flatnonzero(names == name)
        weights[generator.choice(members, n, replace=False)] = len(members) / n
    return weights


def population(seed: int, n: int, *, share: float = 0.4, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Labels, and scores that are correlated with them."""
    generator = np.random.default_rng(seed)
    labels = (generator.random(n) < share).astype(float)
    return labels, (1 - noise) * labels + noise * generator.random(n)


def every_other(n: int, weight: float = 2.0) -> np.ndarray:
    """Weights of a sample of every other passage."""
    return np.where(np.arange(n) % 2 == 0, weight, 0.0)


def sampled_population(seed: int = 3, n: int = 24, drawn: int = 12) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels and scores of `n` passages, and which of them are labelled."""
    generator = np.random.default_rng(seed)
    labels = (generator.random(n) < 0.4).astype(float)
    scores = np.clip(0.5 * labels + 0.5 * generator.random(n), 0, 1)
    chosen = np.zeros(n, dtype=bool)
    chosen[generator.permutation(n)[:drawn]] = True
    return labels, scores, chosen
