"""How long a classifier takes to learn from labels by fine-tuning, and how well it then does, on one official split.

Run as `python -m benchmarks.tuning_speed [--encoder E] [--seed N]`; the set is gvfc, in FRAMING_DATA or beside the
repository.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from benchmarks.labelled import gvfc
from benchmarks.learning import measure
from framing.classify.classifier import FrameClassifier
from framing.files.machine import count_available_cores


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    data = gvfc()
    rows, test = (np.flatnonzero(data.parts == part) for part in ("train", "test"))
    texts = [data.texts[row] for row in rows]
    classifier = FrameClassifier(data.codebook, options.encoder, strength="fine-tuned", random_seed=options.seed)
    start = time.perf_counter()
    classifier.fit(texts, data.gold[rows], progress="fine-tuning", say=print)
    seconds = time.perf_counter() - start
    scores = classifier.predict_proba([data.texts[row] for row in test])
    decided = classifier.decide_scores(scores) == "present"
    figures = ", ".join(f"{name} {value:.3f}" for name, value in measure(data.gold[test], decided, scores).items())
    print(f"gvfc, {options.encoder}, {len(rows):,} labels, {count_available_cores()} cores: {seconds:.0f} s; {figures}")


if __name__ == "__main__":
    main()
