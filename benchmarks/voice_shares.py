"""Do intervals of frames within voices cover the true shares where classifier and rules for voices both err?

A world has outlets whose documents carry frames more or less often, more often in others' voice than in the outlet's
own. Scores err, and so do the rules for voices, each more in some outlets than in others; both err more often together.
Each time the documents of the outlets are drawn anew, and labels of them: single passages, or whole documents. The true
share of an outlet, frame and voice is that of its process: the mean over very many documents.

python -m benchmarks.voice_shares [--draws 1000] [--labels 60]
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import pandas as pd

from framing.estimates.in_voice import SAID, estimate_prevalence_in_voice

OUTLETS = ("A", "B", "C")
FRAMES = ("common", "some", "rare")
OWN_SHARES = np.array([[0.20, 0.10, 0.05], [0.30, 0.10, 0.04], [0.15, 0.15, 0.06]])  # of own passages, by outlet
SAID_SHARES = np.array([[0.45, 0.25, 0.12], [0.35, 0.30, 0.15], [0.50, 0.20, 0.10]])  # of others' passages
OWN = np.array([0.4, 0.5, 0.6])  # share of passages in the outlet's own voice
TAKEN_FOR_SAID = np.array([0.05, 0.15, 0.30])  # chance that the rules miss the own voice, and
TAKEN_FOR_OWN = np.array([0.20, 0.10, 0.05])  # that of others
SHIFT = np.array([0.0, 0.6, -0.4])  # of the scores of an outlet, in standard deviations
DISTANCE, HARDER = 2.0, 0.8  # of scores with and without the frame; less where the rules err
N_DOCUMENTS, N_PASSAGES, ICC = 60, 6, 0.2
VOICES = ("own", SAID)


def draw_documents(outlet: int, n: int, generator: np.random.Generator) -> dict[str, np.ndarray]:
    """Labels (n documents, passages, frames), scores, and voices by coders and rules."""
    shape = (n, N_PASSAGES)
    is_own = generator.random(shape) < OWN[outlet]
    mass = (1 - ICC) / ICC
    chances = []
    for shares in (OWN_SHARES[outlet], SAID_SHARES[outlet]):
        chances.append(generator.beta(shares * mass, (1 - shares) * mass, (n, len(FRAMES)))[:, None])
    labels = generator.random((*shape, len(FRAMES))) < np.where(is_own[..., None], *chances)
    errs = generator.random(shape) < np.where(is_own, TAKEN_FOR_SAID[outlet], TAKEN_FOR_OWN[outlet])
    distance = np.where(errs, HARDER, DISTANCE)[..., None]
    latent = distance * (labels - 0.5) + generator.standard_normal(labels.shape) + SHIFT[outlet] - 0.5
    return {"labels": labels, "scores": 1 / (1 + np.exp(-2 * latent)), "own": is_own, "marked": is_own ^ errs}


def compute_truth() -> pd.Series:
    """True share by outlet, voice and frame: that of the process, by its parameters."""
    rows = {}
    for outlet, name in enumerate(OUTLETS):
        for column, frame in enumerate(FRAMES):
            rows[name, "own", frame] = OWN[outlet] * OWN_SHARES[outlet, column]
            rows[name, SAID, frame] = (1 - OWN[outlet]) * SAID_SHARES[outlet, column]
    return pd.Series(rows)


def draw_table(n_labels: int, drawn: str, generator: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Classified passages with labels of `n_labels` passages an outlet, and the voices that rules mark."""
    parts, voices = [], []
    n, k = N_DOCUMENTS * N_PASSAGES, len(FRAMES)
    for outlet, name in enumerate(OUTLETS):
        drawn_documents = draw_documents(outlet, N_DOCUMENTS, generator)
        labels, scores = (drawn_documents[key].reshape(n, k) for key in ("labels", "scores"))
        is_own, is_marked = (drawn_documents[key].ravel() for key in ("own", "marked"))
        ids = np.array([f"{name}{number}" for number in range(n)], dtype=object)
        documents = np.array([f"{name}{number // N_PASSAGES}" for number in range(n)], dtype=object)
        size = 1 if drawn == "passages" else N_PASSAGES
        units = np.arange(n) // size
        chosen = np.isin(units, generator.choice(n // size, n_labels // size, replace=False))
        weight = np.where(chosen, n / (n_labels // size * size), 0.0)
        table = {
            "passage_id": ids, "document_id": documents, "outlet": name, "perspective": "", "published": pd.NaT,
            "text": "", "gold_weight": weight, "gold_stratum": name,
            "gold_cluster": ids if drawn == "passages" else documents,
            "gold_speaker": np.where(chosen, np.where(is_own, "", "somebody"), None),
        }  # fmt: skip
        long = {key: np.repeat(value, k) if isinstance(value, np.ndarray) else value for key, value in table.items()}
        flat = scores.ravel()
        long |= {"frame": np.tile(np.array(FRAMES, dtype=object), n), "score": flat, "proxy": flat, "gold_proxy": flat}
        long |= {"decision": np.where(flat >= 0.5, "present", "absent"), "gold": labels.ravel().astype(float)}
        parts.append(pd.DataFrame(long))
        voices.append(pd.DataFrame({"passage_id": ids, "voice": np.where(is_marked, "own", "quoted")}))
    marked = pd.concat(voices, ignore_index=True)
    return pd.concat(parts, ignore_index=True), marked.assign(speaker="", speaker_group="")


def measure(n_labels: int, drawn: str, draws: int) -> pd.DataFrame:
    """Coverage, bias and width by outlet, voice and frame."""
    truth = compute_truth()
    generator = np.random.default_rng([n_labels, len(drawn)])
    rows: list[Any] = []
    for _ in range(draws):
        table, voices = draw_table(n_labels, drawn, generator)
        shares = estimate_prevalence_in_voice(table, voices, n_bootstrap=200)
        shares = shares.set_index(["outlet", "voice", "frame"]).loc[truth.index]
        rows.append(
            pd.DataFrame(
                {
                    "covered": (shares["low"] <= truth) & (truth <= shares["high"]),
                    "error": shares["estimate"] - truth,
                    "width": shares["high"] - shares["low"],
                    "raw covered": (shares["raw_low"] <= truth) & (truth <= shares["raw_high"]),
                    "raw error": shares["raw"] - truth,
                }
            )
        )
    every = pd.concat(rows)
    result = every.groupby(level=[0, 1, 2]).mean().loc[truth.index]
    return result.rename_axis(["outlet", "voice", "frame"]).assign(truth=truth.to_numpy())


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--labels", type=int, default=60, help="labelled passages of each outlet")
    options = parser.parse_args(arguments)
    for drawn in ("passages", "documents"):
        result = measure(options.labels, drawn, options.draws)
        print(f"\n{options.labels} labelled passages of each outlet, {drawn} drawn; {options.draws} draws")
        print(result.round(3).to_string())
        covered, raw = result["covered"], result["raw covered"]
        print(
            f"coverage of nominal 95 %: {covered.mean():.1%} (least {covered.min():.1%}, most {covered.max():.1%}); "
            f"of what is marked: {raw.mean():.1%} (least {raw.min():.1%}); "
            f"largest bias {result['error'].abs().max():.4f}, of what is marked {result['raw error'].abs().max():.4f}"
        )


if __name__ == "__main__":
    main()
