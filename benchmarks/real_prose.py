"""Real prose with the 14 frames of great-power-crisis: 500 passages, found again in the corpora by their hashes.

python -m benchmarks.real_prose [choosing] [minilm] [mpnet]

How well they are marked from the codebook alone. Labels are in real_prose.csv beside this file, texts are not: they are
read from FRAMING_DATA (ruwa, us_gov_ukraine). Half of the passages is for choosing between methods (`choosing`), half
for reporting. Two language models coded each passage by the rules of the codebook, blind to scores and to each other; a
third settled where they differed. No person has coded them.
"""

from __future__ import annotations

import hashlib
import random
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.speed import DATA, ROOT
from framing.classify.classifier import FrameClassifier
from framing.codebook import Codebook, read_codebook
from framing.corpus import read_corpus, split_passages
from framing.encoders.weights import installed_encoders
from framing.errors import InputError

BOOK = ROOT / "seeds" / "great-power-crisis.yaml"
LABELS = Path(__file__).with_suffix(".csv")
SEED = 20221
N_ANY, N_TOPICAL, N_OFFICIAL = 200, 200, 100  # passages of ruwa, of ruwa with a word below, of US government texts
SHORTEST = 15  # words
FEWEST = 5  # positives of a frame that counts in macro-F1
_TOPICS = re.compile(
    r"china|chinese|beijing|taiwan|xi jinping|nuclear|nato|escalat|provo|sanction|talks|negotiat|ceasefire|peace|"
    r"weapon|arms|missile systems|himars|tanks|grain|gas|oil|war crime|genocide|tribunal|torture|deport|sovereign|"
    r"ally|allies|alliance|european union|hungary|germany|turkey|deter|threat|warn|blame|propaganda",
    re.IGNORECASE,
)


def hash_text(text: str) -> str:
    """Sha256 of a text with its spaces made single."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def read_passages() -> pd.DataFrame:
    """Passages of both corpora that have enough words, each text once; columns `corpus, outlet, text, sha256`."""
    tables = []
    for name in ("ruwa", "us-gov-ukraine"):
        passages = split_passages(read_corpus(ROOT / "corpora" / name).documents)
        tables.append(passages.assign(corpus=name)[["corpus", "outlet", "document_id", "text", "n_words"]])
    table = pd.concat(tables, ignore_index=True)
    table["sha256"] = [hash_text(text) for text in table["text"]]
    return table[table["n_words"] >= SHORTEST].drop_duplicates("sha256").reset_index(drop=True)


def _draw_by_outlet(passages: pd.DataFrame, n: int, draws: random.Random) -> pd.DataFrame:
    """Passages at random, one a document, the outlets in turn."""
    waiting = {name: list(group.index) for name, group in passages.groupby("outlet", sort=True)}
    for rows in waiting.values():
        draws.shuffle(rows)
    taken: list[int] = []
    documents: set[str] = set()
    while len(taken) < n and any(waiting.values()):
        for rows in waiting.values():
            if not rows or len(taken) == n:
                continue
            row = rows.pop()
            if passages.at[row, "document_id"] not in documents:
                documents.add(passages.at[row, "document_id"])
                taken.append(row)
    return passages.loc[taken]


def draw() -> pd.DataFrame:
    """Draw the passages: from ruwa at random, from ruwa with a word of the topics, from US government texts.

    Outlets take turns, so that each counts alike as long as it has passages. Nothing is known of scores.
    """
    draws = random.Random(SEED)
    passages = read_passages()
    ruwa = passages[passages["corpus"] == "ruwa"]
    parts = [_draw_by_outlet(ruwa, N_ANY, draws).assign(stratum="any")]
    rest = ruwa[~ruwa["document_id"].isin(parts[0]["document_id"]) & ruwa["text"].str.contains(_TOPICS)]
    parts.append(_draw_by_outlet(rest, N_TOPICAL, draws).assign(stratum="topical"))
    official = passages[passages["corpus"] == "us-gov-ukraine"]
    parts.append(_draw_by_outlet(official, N_OFFICIAL, draws).assign(stratum="official"))
    drawn = pd.concat(parts, ignore_index=True)
    drawn["part"] = ""
    for _, rows in drawn.groupby("stratum").groups.items():
        order = list(rows)
        draws.shuffle(order)
        drawn.loc[order[: len(order) // 2], "part"] = "choosing"
        drawn.loc[order[len(order) // 2 :], "part"] = "reporting"
    return drawn.sample(frac=1.0, random_state=SEED).reset_index(drop=True)


def read_labelled(part: str = "") -> pd.DataFrame:
    """The passages with their labels, all or those of a part: `choosing` or `reporting`.

    Raises
    ------
    InputError
        If a passage is not in the corpora as they are here.
    """
    labels = pd.read_csv(LABELS, dtype=str, keep_default_na=False)
    table = labels.merge(read_passages()[["sha256", "text", "document_id"]], on="sha256", how="left", validate="1:1")
    missing = int(table["text"].isna().sum())
    if missing:
        raise InputError(
            f"{missing} of {len(table)} labelled passages are not in ruwa and us_gov_ukraine under {DATA}."
        )
    return table if not part else table[table["part"] == part].reset_index(drop=True)


def read_flags(cells: pd.Series, codebook: Codebook) -> np.ndarray:
    """Frames of cells as booleans, shape (n, K)."""
    return np.array([[frame in cell.split(";") for frame in codebook.frame_ids] for cell in cells])


def measure_marks(gold: np.ndarray, present: np.ndarray) -> dict[str, float]:
    """Micro recall, precision and F1, and macro-F1 over the frames with at least five positives."""
    hits, n_gold, n_marked = (flags.sum(axis=0) for flags in (gold & present, gold, present))
    f1 = 2 * hits / np.maximum(n_gold + n_marked, 1)
    return {
        "recall": hits.sum() / max(n_gold.sum(), 1),
        "precision": hits.sum() / max(n_marked.sum(), 1),
        "micro-F1": 2 * hits.sum() / max(n_gold.sum() + n_marked.sum(), 1),
        "macro-F1": f1[n_gold >= FEWEST].mean(),
    }


def show_agreement() -> None:
    """How far the two coders agree."""
    labels = pd.read_csv(LABELS, dtype=str, keep_default_na=False)
    codebook = read_codebook(BOOK)
    one, two = (read_flags(labels[column], codebook) for column in ("coder_1", "coder_2"))
    agreed = measure_marks(one, two)
    print(
        f"{len(labels)} passages, {int((one != two).any(axis=1).sum())} coded otherwise by the second coder; "
        f"F1 of one against the other {agreed['micro-F1']:.3f}"
    )


def show_marks(encoder: str, part: str) -> None:
    """Marks from the codebook alone, with intervals from resampled passages."""
    codebook, table = read_codebook(BOOK), read_labelled(part)
    gold = read_flags(table["frames"], codebook)
    classifier = FrameClassifier(codebook, encoder).fit()
    present = np.asarray(classifier.predict(table["text"].to_list()), dtype=bool)
    draws = np.random.default_rng(0).integers(len(gold), size=(1000, len(gold)))
    drawn = pd.DataFrame([measure_marks(gold[rows], present[rows]) for rows in draws])
    low, high = drawn.quantile(0.025), drawn.quantile(0.975)
    figures = "  ".join(
        f"{name} {value:.3f} ({low[name]:.3f} to {high[name]:.3f})"
        for name, value in measure_marks(gold, present).items()
    )
    print(f"{part}, {encoder}, n {len(gold)}: {figures}", flush=True)
    for column, frame in enumerate(codebook.frame_ids):
        hits = int((gold & present)[:, column].sum())
        print(f"  {frame:<24} gold {gold[:, column].sum():>3}  marked {present[:, column].sum():>3}  both {hits:>3}")


def main(arguments: list[str]) -> None:
    show_agreement()
    part = "choosing" if "choosing" in arguments else "reporting"
    for encoder in [name for name in arguments if name != "choosing"] or installed_encoders():
        show_marks(encoder, part)


if __name__ == "__main__":
    main(sys.argv[1:])
