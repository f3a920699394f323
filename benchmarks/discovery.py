"""Frames that were left out of a codebook, found again by `framing discover`.

A frame is taken out of the codebook (its seeds and examples with it), and the texts are searched by what is left. It is
found again if one of the first ten groups has it in at least half of its texts, and the lower bound of the Wilson
interval of that share (95 % for ten groups together) is above the frame's share of all texts. By chance: the same with
the frame's labels dealt out anew among the texts that were grouped, mean over 200 deals.

How groups are made was chosen on plover; gvfc (headlines) and the policy frames (passages of English articles, which
have the labels of their article) are reported. Frames with fewer than eight labelled texts are not asked for.

`python -m benchmarks.discovery [--encoder NAME] [gvfc policy policy-documents plover]`. The policy frame other is not
asked for: it says that no frame fits, which is what is searched. Passages of an article share its labels, so a group
of few articles can count as found: `articles` says of how many the best group is, and `by_chance_articles` deals the
labels of articles out anew, each with all of its passages. policy-documents has the same articles as whole documents.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.labelled import gvfc, plover, semeval
from framing.classify.classifier import FrameClassifier
from framing.codebook import Codebook
from framing.corpus.passages import split_text
from framing.discovery.grouping import LEAST_TEXTS, group_vectors
from framing.discovery.unexplained import find_unexplained, open_every_frame
from framing.encoders.encoder import Encoder
from framing.encoders.neutral import remove_language_shift
from framing.encoders.sentence import default_store, open_encoder
from framing.stories.duplicates import mark_duplicates
from framing.uncertainty.intervals import wilson_bounds

SETS = ("gvfc", "policy", "policy-documents", "plover")
TOP, LEVEL, LEAST_LABELLED, N_DEALS = 10, 0.95, 8, 200


@dataclass(frozen=True)
class Texts:
    """Texts with gold frames of shape (n, K), and the article of each."""

    codebook: Codebook
    texts: list[str]
    gold: NDArray[np.bool_]
    articles: NDArray[np.int64]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=["gvfc", "policy"], choices=SETS)
    parser.add_argument("--encoder", default="mpnet")
    options = parser.parse_args(arguments)
    encoder = open_encoder(options.encoder, store=default_store())
    reported = {}  # without plover, on which groups were chosen
    for name in options.sets:
        rows = pd.DataFrame(find_again(read_texts(name), encoder))
        print(f"{name}, {options.encoder}\n{rows.round(2).to_string(index=False)}\n", flush=True)
        report(name, rows)
        if name != "plover":
            reported[name] = rows
    if len(reported) > 1:
        report(" and ".join(reported), pd.concat(reported.values()))


def report(name: str, rows: pd.DataFrame) -> None:
    n_found, n = int(rows["found"].sum()), len(rows)
    low, high = wilson_bounds(np.array([n_found]), np.array([n]), level=LEVEL)
    chances = f"{rows['by_chance'].mean():.2f} (articles dealt: {rows['by_chance_articles'].mean():.2f})"
    n_lifted = int((rows["found"] & (rows["lift"] >= 3)).sum())
    share = f"{n_found / n:.2f} ({low[0]:.2f} to {high[0]:.2f})"
    print(f"{name}: {n_found} of {n} frames found again, {share}; by chance {chances}; with a lift of 3: {n_lifted}\n")


def read_texts(name: str) -> Texts:
    if name == "policy":
        labelled = semeval()
        parts = [(text[start:end], row) for row, text in enumerate(labelled.texts) for start, end in split_text(text)]
        articles = np.array([row for _, row in parts])
        return Texts(labelled.codebook, [text for text, _ in parts], labelled.gold[articles], articles)
    if name == "policy-documents":
        labelled = semeval()
        codebook = labelled.codebook.with_unit("document")
        return Texts(codebook, labelled.texts, labelled.gold, np.arange(len(labelled.texts)))
    labelled = gvfc(both=True) if name == "gvfc" else plover(roles=False)
    return Texts(labelled.codebook, labelled.texts, labelled.gold, np.arange(len(labelled.texts)))


def find_again(texts: Texts, encoder: Encoder) -> Iterator[dict[str, object]]:
    """A row for each frame that is left out."""
    table = pd.DataFrame({"passage_id": [f"{row:06}" for row in range(len(texts.texts))], "text": texts.texts})
    repeats = mark_duplicates(table.assign(outlet="", published=pd.NaT))["duplicate_of"].to_numpy() != ""
    vectors = remove_language_shift(encoder).encode(texts.texts)
    for place, frame in enumerate(texts.codebook.frame_ids):
        gold = texts.gold[:, place]
        if gold.sum() < LEAST_LABELLED or place == texts.codebook.residual:
            continue
        codebook = leave_out(texts.codebook, frame)
        classifier = FrameClassifier(codebook, encoder, strength="zero-shot").fit()
        decisions = classifier.decide_scores(classifier.predict_proba(texts.texts))
        rows = np.flatnonzero(find_unexplained(decisions, codebook) & ~repeats)
        if len(rows) < LEAST_TEXTS:
            yield {"frame": frame, "labelled": int(gold.sum()), "share": float(gold.mean()), "unexplained": len(rows),
                   "found": False, "lift": 0.0, "by_chance": 0.0, "by_chance_articles": 0.0}  # fmt: skip
            continue
        grouping = group_vectors(vectors[rows])
        first = grouping.core[grouping.core < TOP], rows[grouping.core < TOP]
        first = first[0][first[0] >= 0], first[1][first[0] >= 0]
        is_found, share, n_texts, best = judge(first[0], gold[first[1]], float(gold.mean()))
        generator = np.random.default_rng(place)
        is_first = np.isin(rows, first[1])
        article_of = np.unique(texts.articles[rows], return_inverse=True)[1]
        of_articles = gold[rows][np.unique(article_of, return_index=True)[1]]
        deals = [
            [
                judge(first[0], dealt[is_first], float(gold.mean()))[0]
                for dealt in (generator.permutation(gold[rows]), generator.permutation(of_articles)[article_of])
            ]
            for _ in range(N_DEALS)
        ]
        members = first[1][first[0] == best]
        yield {
            "frame": frame,
            "labelled": int(gold.sum()),
            "share": float(gold.mean()),
            "unexplained": len(rows),
            "labelled_there": int(gold[rows].sum()),
            "groups": len(grouping.centres),
            "best_share": share,
            "best_texts": n_texts,
            "articles": len(np.unique(texts.articles[members])),
            "lift": share / float(gold.mean()),
            "found": is_found,
            "by_chance": float(np.mean(deals, axis=0)[0]),
            "by_chance_articles": float(np.mean(deals, axis=0)[1]),
        }


def judge(groups: NDArray[np.int64], gold: NDArray[np.bool_], share: float) -> tuple[bool, float, int, int]:
    """Whether a frame counts as found again; share and number of texts of the group that shows it best, its number."""
    n = np.bincount(groups, minlength=1)
    hits = np.bincount(groups, gold, minlength=1)
    low, _ = wilson_bounds(hits, np.maximum(n, 1), level=1 - (1 - LEVEL) / TOP)
    shares = hits / np.maximum(n, 1)
    found = (shares >= 0.5) & (low > share) & (n > 0)
    best = int(np.argmax(np.where(found, 1 + low, low)))
    return bool(found.any()), float(shares[best]), int(n[best]), best


def leave_out(codebook: Codebook, frame: str) -> Codebook:
    """The codebook without a frame and the examples that have it."""
    values = {name: getattr(codebook, name) for name in Codebook.model_fields}
    values["frames"] = tuple(item for item in codebook.frames if item.id != frame)
    values["examples"] = tuple(item for item in codebook.examples if frame not in item.frames)
    return open_every_frame(Codebook(**values))


if __name__ == "__main__":
    main()
