"""The labelled sets that figures are measured on, read from a folder beside the project; none is part of it."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from framing.codebook import Codebook, read_codebook

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FRAMING_DATA", ROOT.parent / "shared" / "data"))

PLOVER_GROUPS = {
    "1": "verbal cooperation",
    "2": "material cooperation",
    "3": "verbal conflict",
    "4": "material conflict",
}
NARRATIVE = {
    "RE": "responsibility",
    "HI": "human_interest",
    "CO": "conflict",
    "MO": "morality",
    "EC": "economic_consequences",
}
POSTS = {"Arabic": "ar", "Hebrew": "he", "French": "fr", "Hindi": "hi", "English": "en"}  # ISO 639-1


@dataclass(frozen=True)
class Labelled:
    """Texts, gold frames of shape (n, K), and for each text the part it belongs to."""

    codebook: Codebook
    texts: list[str]
    gold: np.ndarray
    parts: np.ndarray
    extra: np.ndarray


def _read(*parts: str) -> pd.DataFrame:
    return pd.read_csv(DATA.joinpath(*parts), sep="\t", dtype=str, keep_default_na=False)


def _codebook(name: str, *, multi_label: bool) -> Codebook:
    return read_codebook(ROOT / "seeds" / f"{name}.yaml").model_copy(update={"multi_label": multi_label})


def fignews() -> pd.DataFrame:
    """Posts with their English translations by a machine: columns `language` (ISO 639-1), `text, translation`."""
    path = DATA / "fignews" / "texts.tsv"  # quotation marks belong to the text
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE)
    posts = table.rename(columns={"Source Language": "language", "Text": "text", "English MT": "translation"})
    return posts[["language", "text", "translation"]].assign(language=posts["language"].map(POSTS))


def gvfc(*, both: bool = False) -> Labelled:
    """Headlines with their first frame, or with both; `parts` is the official split."""
    codebook = _codebook("gvfc", multi_label=both)
    table = _read("gvfc", "gvfc_framed_headlines.tsv")
    names = [frame.name for frame in codebook.frames]
    first = table["theme1_name"].to_numpy(object)[:, None] == np.array(names, dtype=object)
    second = table["theme2_name"].to_numpy(object)[:, None] == np.array(names, dtype=object)
    assert (first.sum(axis=1) == 1).all()
    gold = first | second if both else first
    parts = table["split"].to_numpy(object)
    return Labelled(codebook, table["headline"].to_list(), gold, parts, parts)


def plover(*, roles: bool) -> Labelled:
    """Sentences of the authors' training split with their root class; `extra` is the group of four."""
    codebook = _codebook("plover", multi_label=False)
    table = _read("plover_zsp", "plv_train.tsv")
    gold = table["gold_root"].str.lower().to_numpy(object)[:, None] == np.array(codebook.frame_ids, dtype=object)
    texts = table["marked_sentence" if roles else "sentence"].to_list()
    return Labelled(codebook, texts, gold, table["sentence_id"].to_numpy(object), table["gold_penta"].to_numpy(object))


def semeval(language: str = "en") -> Labelled:
    """Whole articles with policy frames in one language; `parts` are their ids."""
    codebook = _codebook("policy-frames", multi_label=True)
    lines = (DATA / "semeval2023_frames" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["lang"] == language]
    gold = np.array([np.isin(codebook.frame_ids, row["frames"].split(";")) for row in rows])
    ids = np.array([row["id"] for row in rows], dtype=object)
    return Labelled(codebook, [row["text"] for row in rows], gold, ids, ids)


def narrative() -> tuple[Labelled, list[tuple[np.ndarray, np.ndarray]]]:
    """Climate articles with five frames, and the authors' five folds as rows to learn from and to test on."""
    codebook = _codebook("generic-news", multi_label=True)
    table = _read("narrative_frames", "articles_metadata.tsv")
    table = table[table["ID"] != "405"].drop_duplicates("ID").reset_index(drop=True)  # 405 has no labels
    columns = {frame: column for column, frame in NARRATIVE.items()}
    gold = np.column_stack([(table[columns[frame]] == "True").to_numpy() for frame in codebook.frame_ids])
    place = {name: row for row, name in enumerate(table["ID"])}
    folds = _read("narrative_frames", "folds.tsv")
    splits = []
    for number in sorted(folds["fold"].unique()):
        part = folds[folds["fold"] == number]
        rows = {
            name: np.array([place[i] for i in part.loc[part["split"] == name, "ID"] if i in place])
            for name in part["split"].unique()
        }
        learn = np.concatenate([rows[name] for name in rows if name != "test"])
        splits.append((learn, rows["test"]))
    ids = table["ID"].to_numpy(object)
    return Labelled(codebook, table["text"].to_list(), gold, ids, ids), splits
