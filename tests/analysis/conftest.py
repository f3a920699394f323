"""Small projects whose seeds can be varied; each is made once and keeps its cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from framing.corpus import read_corpus, split_passages
from framing.settings import Settings
from tests.analysis.project import enter_project, write_project
from tests.tiny import SPORT, TRADE, WAR

FRAMES = ["war", "trade", "sport"]


def write_seeded(folder: Path, *, labelled: bool, multi_label: bool) -> None:
    """Sixty passages of two outlets, a document each; where labelled, 40 of them with a known chance."""
    generator = np.random.default_rng(0)
    rows, topics = [], []
    for number in range(60):
        outlet = "AB"[number % 2]
        topic = int(generator.choice(3, p=[0.6, 0.2, 0.2] if outlet == "A" else [0.2, 0.4, 0.4]))
        words = [WAR, TRADE, SPORT][topic][int(generator.integers(3))].split()
        other = SPORT[number % 3].split()
        text = " ".join([*words[: 4 + number % 4], *other[: number % 5]])
        rows.append({"text": f"{text} page {number}.", "outlet": outlet, "published": "2025-07-01"})
        topics.append(FRAMES[topic])
    rules = "gold: {file: coded.csv}\n" if labelled else ""
    home = write_project(folder, rows, rules=rules, multi_label=multi_label)
    if labelled:
        passages = split_passages(read_corpus(home).documents)
        coded = passages.assign(frames=topics, inclusion_probability=repr(2 / 3))
        columns = ["passage_id", "document_id", "outlet", "text", "frames", "inclusion_probability"]
        coded.loc[coded.index % 3 > 0, columns].to_csv(home / "coded.csv", index=False)


@pytest.fixture(scope="session")
def seeded_folder(tmp_path_factory) -> Callable[..., Path]:
    folders: dict[tuple[bool, bool], Path] = {}

    def find(*, labelled: bool, multi_label: bool) -> Path:
        key = (labelled, multi_label)
        if key not in folders:
            folders[key] = tmp_path_factory.mktemp("seeded")
            write_seeded(folders[key], labelled=labelled, multi_label=multi_label)
        return folders[key]

    return find


@pytest.fixture
def seeded(seeded_folder, monkeypatch) -> Callable[..., Settings]:
    """Enters a project of sixty passages, with labels that have chances or without, and gives its settings."""

    def enter(*, labelled: bool, multi_label: bool = True) -> Settings:
        enter_project(seeded_folder(labelled=labelled, multi_label=multi_label), monkeypatch)
        return Settings(corpus="small", codebook="tiny", n_bootstrap=300, cluster="document")

    return enter
