"""False findings where nothing differs, with documents and with clusters as independent units.

python -m benchmarks.stories_null [--runs 60] [--tools changes …]

Documents of an outlet and week belong to two stories; stories have their own chance of each frame (`icc`), documents
theirs within it (.15). No outlet, week, word or pair of frames differs from another. Each figure is the share of runs
with any row that is called different at level .95, with its Monte Carlo error; of `shares`, the share of intervals that
miss the truth. Units are the stories, the weeks of an outlet (what a corpus without events has), or documents.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from framing.estimates.arrivals import compare_arrivals, measure_drift
from framing.estimates.changes import find_changes
from framing.estimates.compare import compare_groups
from framing.estimates.cooccurrence import measure_cooccurrence
from framing.estimates.decompose import decompose_differences
from framing.estimates.prevalence import estimate_prevalence
from framing.estimates.trends import compare_trends
from framing.estimates.words import find_distinctive_words

SHARE, ICC_DOCUMENT, N_WEEKS, N_PASSAGES = 0.2, 0.15, 14, 4
WORLDS = {"independent documents": 0.0, "stories .1": 0.1, "stories .3": 0.3}
UNITS = ("story", "week", "document")
START = pd.Timestamp("2024-01-01")  # a Monday
VOCABULARY = np.array([f"w{first}{second}" for first in "abcdefghijklmnopqrst" for second in "abcdefghijklmno"])
STRENGTH = {0.0: 0.0, 0.1: 60.0, 0.3: 20.0}  # Dirichlet mass of the words of a story: alike with 0


def draw_beta(
    generator: np.random.Generator, mean: np.ndarray | float, icc: float, size: tuple[int, ...]
) -> np.ndarray:
    """Chances with a mean and an intraclass correlation."""
    if icc == 0:
        return np.broadcast_to(mean, size)
    mass = (1 - icc) / icc
    mean = np.clip(mean, 1e-6, 1 - 1e-6)
    return generator.beta(mean * mass, (1 - mean) * mass, size)


def make_world(seed: int, icc: float, *, n_outlets: int = 6, n_frames: int = 4) -> pd.DataFrame:
    """Fourteen weeks of each outlet: two stories of two documents of four passages a week."""
    generator = np.random.default_rng([seed, round(100 * icc)])
    stories = pd.MultiIndex.from_product(
        [[f"O{number}" for number in range(n_outlets)], range(N_WEEKS), range(2)], names=["outlet", "week", "number"]
    ).to_frame(index=False)
    of_story = np.repeat(np.arange(len(stories)), 2 * N_PASSAGES)
    document = np.arange(2 * len(stories)).repeat(N_PASSAGES)
    passages = stories.iloc[of_story].reset_index(drop=True)
    passages = passages.assign(
        passage_id=np.arange(len(passages)).astype(str), document_id=document.astype(str), perspective="p", text="",
        published=START + pd.to_timedelta(7 * passages["week"] + 3 * passages["number"], unit="D"),
        story=of_story.astype(str), event="w" + passages["week"].astype(str) + "-" + passages["number"].astype(str),
    )  # fmt: skip
    of_stories = draw_beta(generator, SHARE, icc, (len(stories), n_frames))
    of_documents = draw_beta(generator, np.repeat(of_stories, 2, axis=0), ICC_DOCUMENT, (2 * len(stories), n_frames))
    present = generator.random((len(passages), n_frames)) < of_documents[document]
    tones = generator.standard_normal((len(stories), n_frames)) * np.sqrt(icc / ICC_DOCUMENT)
    score = generator.standard_normal((2 * len(stories), n_frames)) + np.repeat(tones, 2, axis=0)
    parts = [
        passages.assign(
            frame=f"f{number}", score=score[document, number],
            decision=np.where(present[:, number], "present", "absent"),
        )
        for number in range(n_frames)
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def make_texts(seed: int, icc: float) -> pd.DataFrame:
    """Thirty documents of each of three outlets, two passages of thirty words each; eight stories an outlet."""
    generator = np.random.default_rng([seed, 7, round(100 * icc)])
    base = generator.dirichlet(np.full(len(VOCABULARY), 0.5))
    rows = []
    for outlet in range(3):
        strength = STRENGTH[icc]
        chances = [generator.dirichlet(base * strength + 1e-3) if strength else base for _ in range(8)]
        for number in range(30):
            story = int(generator.integers(8))
            for place in range(2):
                words = ". ".join(generator.choice(VOCABULARY, 30, p=chances[story]))
                rows.append((f"{outlet}-{number}-{place}", f"{outlet}-{number}", f"O{outlet}", words, f"s{story}"))
    table = pd.DataFrame(rows, columns=["passage_id", "document_id", "outlet", "text", "story"])
    return table.assign(
        perspective="p", published=START, frame="f", score=0.5, decision="present", week=table["story"], number=0
    )


def read_earlier(table: pd.DataFrame) -> set[str]:
    return set(table.loc[table["week"] < N_WEEKS - 4, "document_id"])


def miss_truth(table: pd.DataFrame) -> float:
    shares = estimate_prevalence(table, n_bootstrap=1000)
    return float(((shares["low"] > SHARE) | (shares["high"] < SHARE)).mean())


def find_words(table: pd.DataFrame) -> pd.DataFrame:
    words = find_distinctive_words(table)
    return words.assign(differs=words["q_value"] < 0.05)


TOOLS: dict[str, Callable[[pd.DataFrame], pd.DataFrame | float]] = {
    "shares": miss_truth,
    "changes": lambda table: find_changes(table, by="outlet", n_permutations=999),
    "changes, all outlets": lambda table: find_changes(table, n_permutations=999),
    "slopes": lambda table: compare_trends(table, n_bootstrap=1000),
    "contrasts": lambda table: compare_groups(table, n_bootstrap=1000),
    "decomposition, events": lambda table: decompose_differences(table, n_bootstrap=1000),
    "decomposition, weeks": lambda table: decompose_differences(table, n_bootstrap=1000, agenda_items="week"),
    "arrivals": lambda table: compare_arrivals(table, read_earlier(table), n_bootstrap=1000),
    "drift": lambda table: measure_drift(table, read_earlier(table)),
    "words": find_words,
    "co-occurrence": lambda table: measure_cooccurrence(table, n_bootstrap=1000),
}
SIZES = {  # outlets and frames, where they are not six and four
    "decomposition, events": (3, 4),
    "decomposition, weeks": (3, 4),
    "co-occurrence": (6, 6),
}


def add_units(table: pd.DataFrame, unit: str, tool: str) -> pd.DataFrame:
    """The column `cluster` of the units."""
    if unit == "document":
        return table
    if unit == "story" and tool == "decomposition, events":
        return table.assign(cluster=table["event"])  # stories of outlets are those of events
    names = table["outlet"] + " " + table["week"].astype(str)
    return table.assign(cluster=names if unit == "week" else names + " " + table["story"])


def measure_tool(tool: str, icc: float, runs: int) -> dict[str, np.ndarray]:
    """Of each run and unit, whether any row differs (or the share of intervals that miss)."""
    flags: dict[str, list[float]] = {unit: [] for unit in UNITS}
    outlets, frames = SIZES.get(tool, (6, 4))
    for seed in range(runs):
        table = make_texts(seed, icc) if tool == "words" else make_world(seed, icc, n_outlets=outlets, n_frames=frames)
        for unit in UNITS:
            result = TOOLS[tool](add_units(table, unit, tool))
            flags[unit].append(result if isinstance(result, float) else float(result["differs"].fillna(False).any()))
    return {unit: np.array(values) for unit, values in flags.items()}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--tools", nargs="+", default=list(TOOLS), choices=list(TOOLS))
    options = parser.parse_args(arguments)
    for tool in options.tools:
        for name, icc in WORLDS.items():
            start = time.process_time()
            flags = measure_tool(tool, icc, options.runs)
            figures = "; ".join(
                f"{unit} {values.mean():.3f} ({values.std() / np.sqrt(len(values)):.3f})"
                for unit, values in flags.items()
            )
            print(f"{tool}, {name}: {figures}; {time.process_time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
