"""Real prose with the 14 frames of great-power-crisis: 500 passages, found again in the corpora by their hashes.

python -m benchmarks.real_prose [choosing] [minilm] [mpnet] [mpnet+minilm] [head] [fine-tuned] [CODEBOOK.yaml]

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
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.speed import DATA, ROOT
from benchmarks.zero_shot import evaluate, format_measure
from framing.corpus import read_corpus, split_passages
from framing.encoders.weights import installed_encoders
from framing.errors import InputError

BOOK = ROOT / "seeds" / "great-power-crisis.yaml"
LABELS = Path(__file__).with_suffix(".csv")
SEED = 20221
N_ANY, N_TOPICAL, N_OFFICIAL = 200, 200, 100  # passages of ruwa, of ruwa with a word below, of US government texts
SHORTEST = 15  # words
ENCODERS = ("minilm", "mpnet")
CODED = ("frames", "coder_1", "coder_2")  # columns of labels: settled, and of each coder
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


def show_marks(encoder: str, part: str, codebook: Path, strength: str) -> None:
    """Marks from the codebook alone, by `framing evaluate`: intervals over documents, agreement of the coders."""
    table = read_labelled(part)
    for column in CODED:
        table[column] = table[column].replace("", "none")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{part}.csv"
        table[["document_id", "text", *CODED]].to_csv(source, index=False)
        found = evaluate(
            source,
            codebook,
            encoder,
            "--label-column",
            CODED[0],
            "--coders",
            ",".join(CODED[1:]),
            "--strength",
            strength,
        )
    measures = {
        "recall": ("(micro)", "recall"),
        "precision": ("(micro)", "precision"),
        "micro-F1": ("(micro)", "f1"),
        "macro-F1": ("(macro)", "f1"),
    }
    words = "  ".join(f"{title} {format_measure(found, *names)}" for title, names in measures.items())
    print(f"{part}, {encoder}, {strength}, n {len(table)}: {words}", flush=True)
    alphas = {row["frame"]: row["estimate"] for row in found["reliability"] if row["measure"] == "alpha"}
    carried = table[CODED[0]].str.split(";").explode().value_counts()
    for row in found["measures"]:
        if row["measure"] == "f1" and not row["frame"].startswith("("):
            f1, alpha = (
                "none" if value is None else f"{value:.2f}" for value in (row["estimate"], alphas.get(row["frame"]))
            )
            print(f"  {row['frame']:<24} in {carried.get(row['frame'], 0):>3} passages, F1 {f1}, coders' alpha {alpha}")


def main(arguments: list[str]) -> None:
    part = "choosing" if "choosing" in arguments else "reporting"
    codebook = next((Path(name).resolve() for name in arguments if name.endswith(".yaml")), BOOK)
    strengths = [name for name in arguments if name in ("head", "fine-tuned")] or ["auto"]
    for encoder in [name for name in arguments if name in (*ENCODERS, "mpnet+minilm")] or installed_encoders():
        for strength in strengths:
            show_marks(encoder, part, codebook, strength)


if __name__ == "__main__":
    main(sys.argv[1:])
