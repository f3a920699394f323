"""Duplicates and stories: planted copies, agreement with the events of the sample and of RUWA, chance, speed.

python -m benchmarks.stories [duplicates] [sample] [ruwa] [searched] [speed]

Weights, threshold and decay of stories were chosen on every second event of the sample (in the order of their names),
scored within the clustering of all: the strictest threshold at which those events still have a B-cubed F1 of 0.9. The
other half and RUWA are only reported. RUWA's nine events are searches, and 72 % of its documents were not found by one:
their column `ref` names no event, they were given one afterwards. `searched` leaves these out and scores the documents
that searches for one event alone found; such events follow each other in time, so that a day is almost an event. Its
lines on pairs show what both kinds of labels are worth: pairs of one day that are much alike, near-equal ones left out.
"""

from __future__ import annotations

import ast
import random
import sys
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.labelled import DATA
from framing.corpus import read_corpus, split_passages
from framing.encoders.sentence import default_store, open_encoder
from framing.stories.aligned import FLOOR, encode_passages
from framing.stories.duplicates import find_duplicates, mark_duplicates
from framing.stories.find import DECAY, find_stories
from framing.stories.similarity import find_neighbours, make_features

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "corpora" / "deep-strike"
ENCODER = "minilm"
WINDOW = ("2022-04-04", "2022-04-24")  # of documents that no search found: there are too many to compare all


def _change_numbers(text: str, rng: random.Random) -> str:
    return "".join(str(rng.randrange(10)) if letter.isdigit() else letter for letter in text)


def _shuffle_paragraphs(text: str, rng: random.Random) -> str:
    parts = [part for part in text.split("\n") if part.strip()]
    return "\n\n".join(rng.sample(parts, len(parts)))


def list_edits(documents: pd.DataFrame) -> dict[str, Callable[[str, random.Random], str]]:
    """What a copyist does to a text; new leads are the words of other articles' first paragraphs in another order."""
    leads = [text.split("\n")[0].split() for text in documents["text"]]

    def add_lead(text: str, rng: random.Random) -> str:
        words = rng.choice(leads)
        return " ".join(rng.sample(words, len(words))) + "\n\n" + text

    return {
        "truncated to the first half": lambda text, rng: text[: len(text) // 2],
        "numbers changed": _change_numbers,
        "a new lead in front": add_lead,
        "paragraphs in another order": _shuffle_paragraphs,
        "all but the truncation": lambda text, rng: _shuffle_paragraphs(add_lead(_change_numbers(text, rng), rng), rng),
        "all of them": lambda text, rng: add_lead(
            _shuffle_paragraphs(_change_numbers(text[: len(text) // 2], rng), rng), rng
        ),
    }


def measure_duplicates() -> None:
    """Share of planted copies that are found, and of pairs that are false."""
    documents = read_corpus(SAMPLE).documents
    truth = pd.read_csv(SAMPLE / "wire_copy.csv").set_index("document_id")["wire_story"]
    for unit in ("documents", "passages"):
        table = documents if unit == "documents" else split_passages(documents)
        key = unit[:-1] + "_id"
        if unit == "passages":  # those of wire copy are duplicates already
            table = table[~table["document_id"].isin(truth.index)]
        _plant_copies(unit, table, key, list_edits(documents), truth)


def _plant_copies(
    title: str,
    table: pd.DataFrame,
    key: str,
    plans: dict[str, Callable[[str, random.Random], str]],
    truth: pd.Series | None = None,
) -> None:
    """Every text once more, edited, a day later in another outlet: how many are found, how many pairs are false."""
    for name, edit in plans.items():
        rng = random.Random(20251128)
        copies = table.assign(
            **{key: table[key] + "+copy"},
            outlet="Copyist",
            published=table["published"] + pd.Timedelta(days=1),
            text=[edit(text, rng) for text in table["text"]],
        )
        members = find_duplicates(pd.concat([table, copies]))
        group = members.set_index(key)["group"]
        originals = group.reindex(table[key]).to_numpy()
        right = (originals == group.reindex(copies[key]).to_numpy()) & pd.notna(originals)
        line = f"duplicates, {title}: {name:<30} {right.mean():.1%} of {len(copies)} copies found"
        if truth is not None:
            pairs = [pair for _, part in members.groupby("group")[key] for pair in combinations(part, 2)]
            false = sum(_find_original(a, truth) != _find_original(b, truth) for a, b in pairs)
            line += f", {false / max(len(pairs), 1):.2%} of {len(pairs)} pairs false"
        print(line, flush=True)


def _find_original(name: str, truth: pd.Series) -> str:
    name = name.removesuffix("+copy")
    return str(truth.get(name, name))


def measure_agreement(events: pd.Series, stories: pd.Series, rows: np.ndarray | None = None) -> dict[str, float]:
    """Purity and B-cubed precision, recall and F1 of stories against events, averaged over `rows` (all)."""
    table = pd.DataFrame({"event": events.to_numpy(), "story": stories.to_numpy()})
    both = table.groupby(["story", "event"])["event"].transform("size")
    of_story = table.groupby("story")["story"].transform("size")
    most = both.groupby(table["story"]).transform("max")
    chosen = slice(None) if rows is None else rows
    precision = (both / of_story)[chosen].mean()
    recall = (both / table.groupby("event")["event"].transform("size"))[chosen].mean()
    counts = pd.crosstab(table["story"], table["event"]).to_numpy() > 0
    in_larger_story = (of_story > 1).to_numpy()
    return {
        "purity": float((both == most)[chosen].mean()) if rows is not None else float(_measure_purity(table)),
        "purity_of_larger": float(_measure_purity(table[in_larger_story])) if in_larger_story.any() else float("nan"),
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(2 * precision * recall / (precision + recall)),
        "stories": len(counts),
        "events_a_story": float(counts.sum(axis=1).mean()),
        "stories_an_event": float(counts.sum(axis=0).mean()),
    }


def _measure_purity(table: pd.DataFrame) -> float:
    counts = pd.crosstab(table["story"], table["event"]).to_numpy()
    return float(counts.max(axis=1).sum() / counts.sum())


def _print_agreement(title: str, found: dict[str, float]) -> None:
    print(
        f"{title:<50} purity {found['purity']:.3f}, B-cubed F1 {found['f1']:.3f} (precision {found['precision']:.3f}, "
        f"recall {found['recall']:.3f})",
        flush=True,
    )


def measure_sample() -> None:
    """Agreement with the sample's events, both halves; counterparts by chance."""
    documents = read_corpus(SAMPLE).documents
    stories = find_stories(documents, ENCODER, duplicates=find_duplicates(documents))
    names = sorted(documents["event"].unique())
    chosen = documents["event"].isin(names[::2]).to_numpy()
    _print_agreement(
        "sample, events that settings were chosen on",
        measure_agreement(documents["event"], stories["story_id"], chosen),
    )
    _print_agreement("sample, the other events", measure_agreement(documents["event"], stories["story_id"], ~chosen))
    every = measure_agreement(documents["event"], stories["story_id"])
    _print_agreement("sample, all events", every)
    print(f"sample: {every['stories']} stories of {len(names)} events, {len(documents)} documents")
    measure_chance(documents)


def measure_chance(documents: pd.DataFrame) -> None:
    """Cosine of the nearest passage that another outlet has on another event: the floor of counterparts."""
    passages = split_passages(documents)
    event = passages["document_id"].map(documents.set_index("document_id")["event"]).to_numpy()
    outlet = passages["outlet"].to_numpy()
    cosines = encode_passages(passages, ENCODER) @ encode_passages(passages, ENCODER).T
    near: dict[bool, list[np.ndarray]] = {True: [], False: []}
    for a in np.unique(event):
        for b in np.unique(event):
            for mine in np.unique(outlet):
                for theirs in np.unique(outlet[outlet != mine]):
                    rows, columns = (event == a) & (outlet == mine), (event == b) & (outlet == theirs)
                    if rows.any() and columns.any():
                        near[bool(a == b)].append(cosines[np.ix_(rows, columns)].max(axis=1))
    other, same = np.concatenate(near[False]), np.concatenate(near[True])
    print(
        f"nearest passage of an outlet on another event: cosine of {np.quantile(other, 0.95):.3f} reached by 5 %; "
        f"at the floor of {FLOOR}: {(other >= FLOOR).mean():.1%}, on the same event {(same >= FLOOR).mean():.1%}",
        flush=True,
    )


def measure_ruwa() -> None:
    """Duplicates of RUWA, and agreement of stories with its nine events."""
    documents = read_corpus(ROOT / "corpora" / "ruwa", data_path=str(DATA)).documents
    start = time.perf_counter()
    copies = find_duplicates(documents)
    seconds = time.perf_counter() - start
    with_numbers = find_duplicates(documents, numbers="keep")
    outlets = copies.merge(documents[["document_id", "outlet"]]).groupby("group")["outlet"].nunique()
    print(
        f"ruwa: {len(documents)} documents, {copies['group'].nunique()} groups of duplicates with {len(copies)} "
        f"members ({seconds:.0f} s), {(outlets > 1).sum()} groups of several outlets; "
        f"{with_numbers['group'].nunique()} groups where numbers count"
    )
    long = documents[documents["text"].str.split().str.len() >= 20].sample(1000, random_state=5)
    plans = list_edits(documents)
    del plans["paragraphs in another order"]  # items of one paragraph
    _plant_copies("ruwa, 20 words and more", long, "document_id", plans)
    events = documents.set_index("document_id")["event"]
    _print_agreement(
        "ruwa, groups of duplicates as stories", measure_agreement(copies["document_id"].map(events), copies["group"])
    )
    stories = find_stories(documents, ENCODER, duplicates=copies)
    found = measure_agreement(documents["event"], stories["story_id"])
    _print_agreement("ruwa, stories", found)
    widths = stories.groupby("story_id")["outlet"].nunique()
    print(
        f"ruwa: {found['stories']} stories, {(widths > 1).sum()} of several outlets; purity of those with several "
        f"documents {found['purity_of_larger']:.3f}; events a story {found['events_a_story']:.2f}, stories an event "
        f"{found['stories_an_event']:.1f}"
    )
    for threshold in (0.1, 0.2):
        stricter = find_stories(documents, ENCODER, duplicates=copies, threshold=threshold)
        _print_agreement(
            f"ruwa, threshold {threshold} (not chosen)", measure_agreement(documents["event"], stricter["story_id"])
        )


def measure_searched() -> None:
    """Agreement on the documents of RUWA that searches found, and what the events of the others are worth."""
    documents = read_corpus(ROOT / "corpora" / "ruwa", data_path=str(DATA)).documents.sort_values("published")
    searches = [{found["event"] for found in ast.literal_eval(refs)} - {"*"} for refs in documents["ref"]]
    n_events = np.array(list(map(len, searches)))
    searched = documents[n_events > 0].reset_index(drop=True)
    stories = find_stories(searched, ENCODER, duplicates=find_duplicates(searched))
    of_one = n_events[n_events > 0] == 1
    days = searched["published"].dt.strftime("%Y-%m-%d")
    for title, groups in (("stories", stories["story_id"]), ("a day as a story", days)):
        found = measure_agreement(searched["event"][of_one], groups[of_one])
        _print_agreement(f"ruwa, {of_one.sum()} of {len(searched)} searched, {title}", found)
    others = documents[(n_events == 0) & documents["published"].between(*WINDOW)].reset_index(drop=True)
    for title, table in (("searched", searched[of_one].reset_index(drop=True)), ("not searched, April", others)):
        share, n_pairs = _compare_pairs(table)
        print(f"ruwa, {title}: {share:.1%} of {n_pairs} pairs of one day with a likeness of 0.5 to 0.8 have one event")


def _compare_pairs(table: pd.DataFrame) -> tuple[float, int]:
    """Share of one event among pairs of one day that are much alike and not near-equal, and their number."""
    words, vectors = make_features(table, open_encoder(ENCODER, store=default_store()), 80)
    edges = find_neighbours(table, words, vectors, decay=DECAY, neighbours=10)
    days, events = (table[name].to_numpy() for name in ("published", "event"))
    alike = (days[edges.left] == days[edges.right]) & (edges.similarity >= 0.5) & (edges.similarity < 0.8)
    return float((events[edges.left] == events[edges.right])[alike].mean()), int(alike.sum())


def measure_speed() -> None:
    """Seconds on one core for the first 4,000, 8,000 and all documents of RUWA, texts encoded before."""
    documents = read_corpus(ROOT / "corpora" / "ruwa", data_path=str(DATA)).documents
    documents = documents.sort_values(["published", "document_id"])
    encoder = open_encoder(ENCODER, store=default_store())
    find_stories(documents, encoder)  # encodes what is not in the store
    for n in (4000, 8000, len(documents)):
        part = documents.head(n)
        start = time.perf_counter()
        found = find_stories(part, encoder)
        between = time.perf_counter()
        mark_duplicates(part.assign(duplicate_of=""))
        end = time.perf_counter()
        seconds, others = between - start, end - between
        print(
            f"{n} documents: stories {seconds:.1f} s ({n / seconds:.0f} a second, {found['story_id'].nunique()} "
            f"stories), duplicates {others:.1f} s ({n / others:.0f} a second)",
            flush=True,
        )


PARTS = {
    "duplicates": measure_duplicates,
    "sample": measure_sample,
    "ruwa": measure_ruwa,
    "searched": measure_searched,
    "speed": measure_speed,
}


def main(arguments: list[str]) -> None:
    chosen = arguments or ["duplicates", "sample", *(["ruwa", "searched", "speed"] if (DATA / "ruwa").is_dir() else [])]
    for name in chosen:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
