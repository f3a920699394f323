"""250 labels of short titles in three classes: framing beside logistic regression on the same frozen encoder.

python -m benchmarks.titles [--draws 10] [--encoders mpnet minilm mpnet+minilm]

The nine frames of gvfc headlines are joined to three classes; their codebook is that of gvfc with frames joined. Each
draw learns from 250 headlines of all, and is tested on the other 1,048. The baseline chooses C by cross-validation on
the 250; both learn from the same ones.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import accuracy_score, f1_score

from benchmarks.labelled import gvfc
from framing.classify.classifier import FrameClassifier
from framing.codebook import Codebook
from framing.encoders.sentence import default_store, open_encoder

N_LABELS = 250
CLASSES = {
    "law_and_politics": (0, 1, 2),  # rows of gvfc.yaml: Second Amendment, gun control, politics
    "safety_and_health": (3, 4),
    "society": (5, 6, 7, 8),
}


def join_frames(codebook: Codebook) -> Codebook:
    """The codebook with its frames joined to three, their rules and seeds together."""
    content = codebook.model_dump(mode="json", exclude_defaults=True)
    frames = content["frames"]
    content["frames"] = [
        {
            "id": name,
            "name": name.replace("_", " ").capitalize(),
            "definition": " ".join(frames[row]["definition"] for row in rows),
            "include": [rule for row in rows for rule in frames[row].get("include", [])],
            "seeds": [seed for row in rows for seed in frames[row]["seeds"]],
        }
        for name, rows in CLASSES.items()
    ]
    return Codebook.model_validate({**content, "codebook": "gvfc-three", "multi_label": False})


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--encoders", nargs="+", default=["minilm", "mpnet", "mpnet+minilm"])
    parser.add_argument("--strengths", nargs="+", default=["head"])
    options = parser.parse_args(arguments)
    data = gvfc()
    codebook = join_frames(data.codebook)
    gold = np.column_stack([data.gold[:, list(rows)].any(axis=1) for rows in CLASSES.values()])
    classes = gold.argmax(axis=1)
    print(f"gvfc in three classes: {gold.sum(axis=0).tolist()} of {len(gold):,} headlines")
    measured: dict[str, list[tuple[float, float, float]]] = {}
    for seed in range(options.draws):
        order = np.random.default_rng(seed).permutation(len(classes))
        learn, test = order[:N_LABELS], order[N_LABELS:]
        texts, new = [data.texts[row] for row in learn], [data.texts[row] for row in test]
        for encoder in options.encoders:
            start = time.perf_counter()
            model = open_encoder(encoder, store=default_store())
            head = LogisticRegressionCV(
                Cs=[0.1, 1.0, 10.0, 100.0], cv=4, max_iter=2000, l1_ratios=(0,), use_legacy_attributes=False
            )
            found = head.fit(model.encode(texts), classes[learn]).predict(model.encode(new))
            add(measured, f"{encoder}, logistic regression", classes[test], found, start)
            for strength in options.strengths:
                start = time.perf_counter()
                fitted = FrameClassifier(codebook, encoder, strength=strength, random_seed=seed).fit(texts, gold[learn])
                found = fitted.predict_proba(new).argmax(axis=1)
                add(measured, f"{encoder}, framing {strength}", classes[test], found, start)
    for arm, values in measured.items():
        mean, spread = np.mean(values, axis=0), np.std(values, axis=0, ddof=1)
        print(
            f"{arm}, {len(values)} draws: accuracy {mean[0]:.3f} ± {spread[0]:.3f}, macro-F1 {mean[1]:.3f} ± "
            f"{spread[1]:.3f}, {mean[2]:.0f} s"
        )


def add(
    measured: dict[str, list[tuple[float, float, float]]], arm: str, gold: np.ndarray, found: np.ndarray, start: float
) -> None:
    f1 = f1_score(gold, found, average="macro")
    measured.setdefault(arm, []).append((float(accuracy_score(gold, found)), float(f1), time.perf_counter() - start))


if __name__ == "__main__":
    main()
