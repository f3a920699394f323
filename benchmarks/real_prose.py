"""Real prose with the 14 frames of great-power-crisis: 500 passages, found again in the corpora by their hashes.

python -m benchmarks.real_prose draw FOLDER     the passages as sheets for coders, in a random order
python -m benchmarks.real_prose                 how well they are marked from the codebook alone

The labels are in real_prose.csv beside this file, the texts are not: they are read from FRAMING_DATA (ruwa,
us_gov_ukraine). Half of the passages is for choosing between methods, half for reporting.
"""

from __future__ import annotations

import hashlib
import random
import re
import sys
from pathlib import Path

import pandas as pd

from framing import read_corpus
from framing.corpus.passages import split_passages

ROOT = Path(__file__).resolve().parent.parent
LABELS = Path(__file__).with_suffix(".csv")
SEED = 20221
N_ANY, N_TOPICAL, N_OFFICIAL = 200, 200, 100  # passages of ruwa, of ruwa with a word below, of US government texts
SHORTEST = 15  # words
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
