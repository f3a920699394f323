"""Labelled passages as a sample of the corpus: matched to its passages, with the weights that correct shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.estimates.correction import LEAST_DOCUMENTS, LEAST_GOLD

if TYPE_CHECKING:
    from framing.coding.gold import Gold

__all__ = ["labelled_sample", "too_few_to_compare", "why_not_corrected", "with_gold"]

_FACTS = ("passage_id", "weight", "stratum", "cluster")


def why_not_corrected(gold: Gold | None, passages: pd.DataFrame) -> str:
    """Reason for which shares cannot be corrected with these labels; empty where they can."""
    if gold is None:
        return "no labelled passages"
    if gold.probabilities is None:
        return "the labels say no inclusion probabilities (draw passages with framing sample)"
    own = gold.passages["passage_id"]
    strangers = int((~own.isin(passages["passage_id"])).sum())
    if strangers:
        return (
            f"{strangers} of {len(own)} labelled passages are not among the passages of this corpus "
            "(were they drawn with another passage_words, or has the corpus changed?)"
        )
    if own.duplicated().any():
        return f"{int(own.duplicated().sum())} passages are labelled twice"
    return ""


def too_few_to_compare(labelled: pd.DataFrame, passages: pd.DataFrame, *, by: str) -> str:
    """Reason for which corrected shares of groups could not be compared; empty where they can, or there is one group.

    A report then shows what the classifier marks throughout, rather than a few corrected shares and no comparison.
    """
    if passages[by].nunique() < 2:
        return ""
    own = passages[passages["passage_id"].isin(labelled["passage_id"])]
    counts = own.groupby(by).agg(n=("passage_id", "size"), documents=("document_id", "nunique"))
    if ((counts["n"] >= LEAST_GOLD) & (counts["documents"] >= LEAST_DOCUMENTS)).sum() > 1:
        return ""
    return f"fewer than two {by}s have {LEAST_GOLD} labelled passages of {LEAST_DOCUMENTS} documents"


def labelled_sample(gold: Gold, proxies: NDArray[np.float64], codebook: Codebook) -> pd.DataFrame:
    """One row a labelled passage: `passage_id, weight, stratum, cluster`, and per frame `gold_<id>, proxy_<id>`.

    `proxies`, shape (n, K), are the scores by a classifier that had not learned from the passage.
    """
    assert gold.probabilities is not None
    ids = gold.passages["passage_id"].to_numpy(object)
    whole = gold.unit == "document"
    facts = pd.DataFrame(
        {
            "passage_id": ids,
            "weight": 1 / gold.probabilities,
            "stratum": gold.strata if gold.strata is not None else gold.passages["outlet"].to_numpy(object),
            "cluster": gold.passages["document_id"].to_numpy(object) if whole else ids,
        }
    )
    labels = pd.DataFrame(gold.labels.astype(float), columns=[f"gold_{name}" for name in codebook.frame_ids])
    scores = pd.DataFrame(proxies, columns=[f"proxy_{name}" for name in codebook.frame_ids])
    return pd.concat([facts.astype({"stratum": str, "cluster": str}), labels, scores], axis=1)


def with_gold(
    classified: pd.DataFrame, proxies: pd.DataFrame, labelled: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """`classified`, in the order passages by frames, with the columns `framing.tables.GOLD`."""
    frames = codebook.frame_ids
    k = len(frames)
    table = classified.copy()
    table["proxy"] = proxies[frames].to_numpy(float).ravel()
    place = pd.Index(labelled["passage_id"]).get_indexer(pd.Index(table["passage_id"].to_numpy(object)[::k]))
    known = np.repeat(place >= 0, k)
    for name, prefix in (("gold", "gold_"), ("gold_proxy", "proxy_")):
        values = labelled[[f"{prefix}{frame}" for frame in frames]].to_numpy(float)
        table[name] = np.where(known, values[place].ravel(), np.nan)
    for name in ("weight", "stratum", "cluster"):
        facts = np.repeat(labelled[name].to_numpy()[place], k)
        table[f"gold_{name}"] = np.where(known, facts, 0.0 if name == "weight" else "")
    table["gold_weight"] = table["gold_weight"].astype(float)
    return table
