"""A constructed corpus with planted topics: texts that a codebook of war, trade and sport explains, and two others."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

from tests.tiny import SPORT, TRADE, WAR

BEES = (
    ["The beekeeper opened the hive", "A swarm of bees settled in a pear tree", "The queen bee was marked in white",
     "Bees gather nectar from the clover", "Beekeepers pressed the last combs", "The hives stand beside the heath"],
    ["and lifted out a comb full of honey.", "while the meadow was still wet.", "so that the wax dries before winter.",
     "and a jar of dark honey was sold.", "which smells of lime blossom."],
)  # fmt: skip
TRAINS = (
    ["The night train left the platform", "A locomotive stood at the red signal", "The railway has a new timetable",
     "Passengers changed at the junction", "The dining carriage was uncoupled", "A sleeping car crossed the bridge"],
    ["and the driver sounded his horn.", "while the conductor checked tickets.", "since the track ahead was closed.",
     "and reached the old station at dawn.", "two minutes before the express."],
)  # fmt: skip
EXPLAINED = [*WAR, *TRADE, *SPORT]


def planted_rows() -> list[dict[str, str]]:
    """Sixty texts of planted topics, and nine seeds of the codebook; bees are told by one outlet alone."""
    rows = []
    for topic, (starts, ends) in (("bees", BEES), ("trains", TRAINS)):
        for number, (start, end) in enumerate(product(starts, ends)):
            outlet = "Hive Herald" if topic == "bees" else ("Alder Post", "Birch Mail")[number % 2]
            rows.append({"text": f"{start} {end}", "outlet": outlet})
    rows += [{"text": text, "outlet": "Alder Post"} for text in EXPLAINED]
    return [
        {**row, "document_id": f"d{number:03}", "published": f"2025-03-{1 + number % 28:02}"}
        for number, row in enumerate(rows)
    ]


def write_planted(folder: Path, rows: list[dict[str, str]]) -> Path:
    folder.mkdir(parents=True)
    (folder / "texts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    config = {
        "corpus": "planted", "title": "Planted <i>topics</i>", "source": "Written for tests", "licence": "CC0",
        "constructed": True, "files": ["texts.jsonl"], "format": "jsonl", "metadata": "none",
        "columns": {name: name for name in ("document_id", "outlet", "published", "text")},
    }  # fmt: skip
    (folder / "corpus.yaml").write_text(json.dumps(config), encoding="utf-8")
    return folder
