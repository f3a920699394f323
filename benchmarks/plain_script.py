"""What a plain script does: sentence-transformers and scikit-learn, all in memory; the rival of benchmarks.scale.

python -m benchmarks.plain_script INPUT CODEBOOK OUTPUT [--windows]
"""

from __future__ import annotations

import gzip
import json
import re
import sys

import numpy as np
import pandas as pd
import yaml
from sentence_transformers import SentenceTransformer
from sklearn.linear_model import LogisticRegression

from framing.encoders.weights import find_model
from framing.project import project_root

MAX_WORDS, WINDOW_WORDS = 90, 60


def split(text: str) -> list[list[str]]:
    """Passages of whole sentences of at most so many words, each as its sentences."""
    passages: list[list[str]] = []
    current: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", " ".join(text.split())):
        if current and sum(len(item.split()) for item in current) + len(sentence.split()) > MAX_WORDS:
            passages.append(current)
            current = []
        current.append(sentence)
    return [*passages, current]


def main(source: str, codebook: str, output: str, *, windows: bool) -> None:
    """Classify each passage of each text and write a row a passage and frame.

    With `windows` runs of two sentences of longer passages are scored too, and a passage has the mean of its own score
    and that of its best run, as `framing classify` has it.
    """
    open_file = gzip.open if source.endswith(".gz") else open
    with open_file(source, "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    rows = [
        {**{name: value for name, value in document.items() if name != "text"}, "document": number, "sentences": part}
        for number, document in enumerate(documents)
        for part in split(document["text"])
    ]
    passages = pd.DataFrame(rows)
    passages["text"] = passages["sentences"].str.join(" ")

    frames = yaml.safe_load(open(codebook, encoding="utf-8"))["frames"]  # noqa: PTH123, SIM115
    background = (project_root() / "framing" / "data" / "background.txt").read_text(encoding="utf-8").splitlines()
    seeds = [seed for frame in frames for seed in frame["seeds"]]
    owners = [frame["id"] for frame in frames for _ in frame["seeds"]]
    others = [line for line in background if line.strip()]

    model = SentenceTransformer(str(find_model("minilm").folder), device="cpu")
    known = model.encode([*seeds, *others], normalize_embeddings=True, show_progress_bar=False)
    vectors = model.encode(passages["text"].to_list(), normalize_embeddings=True, show_progress_bar=False)
    runs, of_row = [], []
    if windows:
        for row, sentences in enumerate(passages["sentences"]):
            if sum(len(item.split()) for item in sentences) > WINDOW_WORDS:
                pairs = [" ".join(sentences[place : place + 2]) for place in range(max(len(sentences) - 1, 1))]
                runs += pairs
                of_row += [row] * len(pairs)
        run_vectors = model.encode(runs, normalize_embeddings=True, show_progress_bar=False)
    scores = np.empty((len(passages), len(frames)))
    for column, frame in enumerate(frames):
        target = np.array([owner == frame["id"] for owner in owners] + [False] * len(others))
        head = LogisticRegression(class_weight="balanced", max_iter=1000).fit(known, target)
        scores[:, column] = head.predict_proba(vectors)[:, 1]
        if windows:
            best = pd.Series(head.predict_proba(run_vectors)[:, 1]).groupby(of_row).max()
            scores[best.index, column] = (scores[best.index, column] + best.to_numpy()) / 2

    table = passages.drop(columns="sentences").loc[passages.index.repeat(len(frames))].reset_index(drop=True)
    table["frame"] = [frame["id"] for frame in frames] * len(passages)
    table["score"] = scores.ravel()
    table["decision"] = np.where(table["score"] >= 0.5, "present", "absent")
    table.to_parquet(output, index=False)
    print(f"{len(passages)} passages, {len(runs)} runs of sentences")


if __name__ == "__main__":
    main(*sys.argv[1:4], windows="--windows" in sys.argv)
