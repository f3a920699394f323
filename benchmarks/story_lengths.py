"""How long texts must be to support stories: agreement of headlines, leads and whole articles with marked events.

python -m benchmarks.story_lengths [sample] [gvc]

`sample`: the constructed sample, whose events its makers know. `gvc`: the Gun Violence Corpus (Vossen et al., LREC
2018): news of 241 shootings, of one kind and therefore hard to tell apart. None of it is part of the project. Put its
`gold.conll` and the table `gvc_doc_to_event.csv` of Bugert et al. (Computational Linguistics 2021) into the folder
`gvc` of the data folder (FRAMING_DATA).

Each document is its title alone, its title and first words, or whole. Halves are of the events: the first half of the
sample's chose weights, threshold and what likeness to headlines counts (the most with a B-cubed precision of 0.9 on
titles alone).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from benchmarks.labelled import DATA
from benchmarks.stories import ENCODER, SAMPLE, measure_agreement
from framing.corpus import read_corpus
from framing.errors import InputError
from framing.stories.duplicates import find_duplicates
from framing.stories.find import find_stories

LENGTHS = (0, 20, 40, 80, None)  # words of the text beside the title; None: all


def cut_texts(documents: pd.DataFrame, n_words: int | None) -> pd.DataFrame:
    """The documents with the title alone (0), with the first words of their texts, or as they are (None)."""
    if n_words is None:
        return documents
    leads = [" ".join(text.split()[:n_words]) for text in documents["text"]]
    return documents.assign(text=documents["title"] if n_words == 0 else leads)


def measure_lengths(title: str, documents: pd.DataFrame) -> None:
    """Print precision and recall of stories on both halves of the events, for each length of the texts."""
    names = sorted(documents["event"].unique())
    first = documents["event"].isin(names[::2]).to_numpy()
    for n_words in LENGTHS:
        table = cut_texts(documents, n_words)
        stories = find_stories(table, ENCODER, duplicates=find_duplicates(table))
        halves = (measure_agreement(table["event"], stories["story_id"], rows) for rows in (first, ~first))
        figures = "; ".join(
            f"precision {found['precision']:.3f}, recall {found['recall']:.3f}, F1 {found['f1']:.3f}"
            for found in halves
        )
        length = "whole" if n_words is None else f"{n_words} words" if n_words else "titles alone"
        print(
            f"{title}, {length:<12} {figures}; {stories['story_id'].nunique()} stories of {len(names)} events, "
            f"{(stories['support'] == 'text').mean():.0%} of documents supported by text",
            flush=True,
        )


def read_gvc(folder: Path) -> pd.DataFrame:
    """Documents of the Gun Violence Corpus with the shooting that each reports as `event`; outlets are not known."""
    events = pd.read_csv(folder / "gvc_doc_to_event.csv", dtype=str).set_index("doc-id")["event-id"]
    with (folder / "gold.conll").open(encoding="utf-8") as lines:
        documents = pd.DataFrame(_read_conll(lines))
    unknown = documents[~documents["document_id"].isin(events.index)]
    if len(unknown):
        raise InputError(f"gvc_doc_to_event.csv lacks the document {unknown['document_id'].iloc[0]} of gold.conll.")
    return documents.assign(
        event=documents["document_id"].map(events), published=pd.to_datetime(documents["published"]), outlet=""
    )


def _read_conll(lines: Iterable[str]) -> list[dict[str, str]]:
    """Title, text and day of each document; a line is a token: its id, the token, `DCT`, `TITLE` or `BODY`, a chain."""
    rows: list[dict[str, str]] = []
    parts: dict[str, list[str]] = {}
    for number, line in enumerate(lines, start=1):
        if line.startswith("#begin document"):
            parts = {"id": [line.split("(")[1].split(")")[0]], "DCT": [], "TITLE": [], "BODY": []}
        elif line.startswith("#end"):
            title, text = " ".join(parts["TITLE"]), " ".join(parts["BODY"])
            rows.append(
                {"document_id": parts["id"][0], "published": parts["DCT"][0], "title": title, "text": text or title}
            )
        elif line.strip():
            cells = line.rstrip("\n").split("\t")
            if len(cells) < 4 or cells[2] not in parts:
                raise InputError(f"gold.conll, line {number}: expected a token, its part and its chain, got {line!r}.")
            if cells[1] != "NEWLINE":
                parts[cells[2]].append(cells[1])
    return rows


def main(arguments: list[str]) -> None:
    for name in arguments or ["sample", *(["gvc"] if (DATA / "gvc").is_dir() else [])]:
        measure_lengths(name, read_corpus(SAMPLE).documents if name == "sample" else read_gvc(DATA / "gvc"))


if __name__ == "__main__":
    main(sys.argv[1:])
