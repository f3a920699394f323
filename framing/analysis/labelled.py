"""Labelled passages as a probability sample of the corpus, with the weights that correct shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.estimates.correction import LEAST_DOCUMENTS, LEAST_GOLD

if TYPE_CHECKING:
    from framing.coding.gold import Gold
from framing.tables import GOLD_SPEAKER, groups_in_words

__all__ = ["labelled_sample", "too_few_to_compare", "why_not_corrected", "with_gold"]


def why_not_corrected(gold: Gold | None, passages: pd.DataFrame) -> str:
    """Reason for which shares cannot be corrected with these labels.

    Parameters
    ----------
    gold : Gold or None
        Human labels.
    passages : DataFrame
        Passages of the corpus, with `passage_id`.

    Returns
    -------
    str
        The reason; empty if shares can be corrected.
    """
    if gold is None:
        return "no labelled passages"
    if gold.probabilities is None:
        return "the labels have no inclusion probabilities (draw passages with framing sample)"
    labelled_ids = gold.passages["passage_id"]
    n_unknown = int((~labelled_ids.isin(passages["passage_id"])).sum())
    if n_unknown:
        return (
            f"{n_unknown} of {len(labelled_ids)} labelled passages are not among the passages of this corpus "
            "(were they drawn with another passage_words or unit, or has the corpus changed?)"
        )
    if "corpus" in passages.columns and passages["corpus"].nunique() > 1:
        without = set(passages["corpus"]) - set(passages.loc[passages["passage_id"].isin(labelled_ids), "corpus"])
        if without:
            return f"the corpora {', '.join(sorted(without))} have no labelled passages"
    if labelled_ids.duplicated().any():
        return f"{int(labelled_ids.duplicated().sum())} passages are labelled twice"
    return ""


def too_few_to_compare(labelled: pd.DataFrame, passages: pd.DataFrame, *, by: str) -> str:
    """Reason for which corrected shares of groups could not be compared.

    Where there is a reason, a report shows the classifier's decisions throughout, instead of a few corrected shares
    without any comparison.

    Parameters
    ----------
    labelled : DataFrame
        Labelled passages, with `passage_id`.
    passages : DataFrame
        Passages of the corpus: `passage_id`, `document_id` and the column `by`.
    by : str
        Column of the groups.

    Returns
    -------
    str
        The reason; empty if two groups or more have enough labels, or the corpus has one group.
    """
    if passages[by].nunique() < 2:
        return ""
    with_labels = passages[passages["passage_id"].isin(labelled["passage_id"])]
    counts = with_labels.groupby(by).agg(n_gold=("passage_id", "size"), n_documents=("document_id", "nunique"))
    if ((counts["n_gold"] >= LEAST_GOLD) & (counts["n_documents"] >= LEAST_DOCUMENTS)).sum() > 1:
        return ""
    return f"fewer than two {groups_in_words(by)} have {LEAST_GOLD} labelled passages of {LEAST_DOCUMENTS} documents"


def labelled_sample(gold: Gold, proxies: NDArray[np.float64], codebook: Codebook) -> pd.DataFrame:
    """Labelled passages with the weight, stratum and cluster that the sampling design gives them.

    Parameters
    ----------
    gold : Gold
        Labels of n passages, with inclusion probabilities.
    proxies : array of shape (n, K)
        Scores by classifiers that had not learned from the passage.
    codebook : Codebook
        Codebook with K frames.

    Returns
    -------
    DataFrame
        One row a labelled passage: `passage_id, weight, stratum, cluster`, where the labels say so `speaker`, and per
        frame `gold_<id>` and `proxy_<id>`.

    Notes
    -----
    The weight is one over the inclusion probability (Horvitz & Thompson 1952). The cluster is the document if documents
    were drawn, else the passage. Without strata in the labels, outlets are the strata.
    """
    assert gold.probabilities is not None
    ids = gold.passages["passage_id"].to_numpy(object)
    documents_drawn = gold.unit == "document"
    design = pd.DataFrame(
        {
            "passage_id": ids,
            "weight": 1 / gold.probabilities,
            "stratum": gold.strata if gold.strata is not None else gold.passages["outlet"].to_numpy(object),
            "cluster": gold.passages["document_id"].to_numpy(object) if documents_drawn else ids,
        }
    )
    if gold.speakers is not None:
        design["speaker"] = gold.speakers
    labels = pd.DataFrame(gold.labels.astype(float), columns=[f"gold_{name}" for name in codebook.frame_ids])
    scores = pd.DataFrame(proxies, columns=[f"proxy_{name}" for name in codebook.frame_ids])
    return pd.concat([design.astype({"stratum": str, "cluster": str}), labels, scores], axis=1)


def with_gold(
    classified: pd.DataFrame, proxies: pd.DataFrame, labelled: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """Add the columns `framing.tables.GOLD` to a classified table.

    Parameters
    ----------
    classified : DataFrame
        One row a passage and frame, as `long_table` returns it.
    proxies : DataFrame
        `passage_id` and one column a frame, in the order of the passages of `classified`.
    labelled : DataFrame
        Labelled passages, as `labelled_sample` returns them.
    codebook : Codebook
        Codebook with K frames.

    Returns
    -------
    DataFrame
        Copy of `classified` with the columns, and with `gold_speaker` where labels name speakers. Passages without
        labels have weight 0 and no gold.
    """
    frames = codebook.frame_ids
    n_frames = len(frames)
    table = classified.copy()
    table["proxy"] = proxies[frames].to_numpy(float).ravel()
    passage_ids = pd.Index(table["passage_id"].to_numpy(object)[::n_frames])
    rows = pd.Index(labelled["passage_id"]).get_indexer(passage_ids)  # -1: no label
    has_label = np.repeat(rows >= 0, n_frames)
    for name, prefix in (("gold", "gold_"), ("gold_proxy", "proxy_")):
        values = labelled[[f"{prefix}{frame}" for frame in frames]].to_numpy(float)
        table[name] = np.where(has_label, values[rows].ravel(), np.nan)
    for name in ("weight", "stratum", "cluster"):
        design = np.repeat(labelled[name].to_numpy()[rows], n_frames)
        table[f"gold_{name}"] = np.where(has_label, design, 0.0 if name == "weight" else "")
    table["gold_weight"] = table["gold_weight"].astype(float)
    if "speaker" in labelled.columns:
        speakers = np.repeat(labelled["speaker"].to_numpy(object)[rows], n_frames)
        speakers[~has_label] = None
        table[GOLD_SPEAKER] = speakers
    return table
