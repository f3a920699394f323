"""A project whose corpus is hostile: markup, scripts and formulas in texts, titles and names of outlets."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

from framing.files.strict_yaml import parse_yaml

PAYLOADS = [
    "<script>window.hacked=1</script>",
    '<img src=x onerror="window.hacked=1">',
    "<svg onload=window.hacked=1>",
    "</table><script>window.hacked=1</script>",
    "[click](javascript:window.hacked=1)",
    "<iframe srcdoc='<script>parent.hacked=1</script>'>",
    "{{ 7*7 }}{% raw %}",
    "<style>@import url(http://example.invalid/x.css)</style>",
    '"><details open ontoggle=window.hacked=1>',
    "]]><script>window.hacked=1</script><!--",
]
FRAMES = (
    "escalation_risk", "deterrence", "china_as_stabilizer", "negotiated_settlement", "economic_coercion", "arms_supply",
)  # fmt: skip
OUTLETS = ["The <b>Bold</b> Post", 'Quote"s & Sons', "Daily.Dot[0]", "=cmd|'/c calc'!A1"]
PROSE = [
    "Officials warned on Tuesday that the strikes could pull the alliance into open war with a nuclear power.",
    "The ministry said that a second battery of interceptors would be delivered in the autumn, paid by three allies.",
    "Beijing called on both sides to show restraint and offered to host a new round of talks.",
    "The market hall opened at seven, and by noon the stalls with plums had sold out.",
    "The new tariffs on buyers of its oil are meant to force the government to the table.",
]


def shorten_codebook(path: Path) -> None:
    """Leave six frames of a codebook, and twelve seeds of each: enough for a page, and soon encoded."""
    path.write_text(_shorten(path.read_text(encoding="utf-8")), encoding="utf-8")


@cache
def _shorten(codebook: str) -> str:
    """The shorter text; the long one is parsed once for all projects."""
    content = parse_yaml(codebook, source="codebook")
    content.pop("examples", None)
    frames = [{**frame, "seeds": frame["seeds"][:12]} for frame in content["frames"] if frame["id"] in FRAMES]
    return json.dumps({**content, "frames": frames})  # JSON is YAML


def build_project(folder: Path, root: Path) -> Path:
    """A project in `folder` with the repository's seeds and notebooks and a hostile corpus of its own."""
    shutil.copytree(root / "seeds", folder / "seeds")
    shorten_codebook(folder / "seeds" / "great-power-crisis.yaml")
    shutil.copytree(root / "notebooks", folder / "notebooks")
    corpus = folder / "corpora" / "hostile"
    corpus.mkdir(parents=True)
    (folder / "reports").mkdir()
    lines = []
    for number in range(48):
        payload = PAYLOADS[number % len(PAYLOADS)]
        lines.append(
            json.dumps(
                {
                    "outlet": OUTLETS[number % len(OUTLETS)],
                    "published": f"2025-07-{1 + number % 28:02d}",
                    "title": payload,
                    "text": f"{PROSE[number % 5]} Number {number}. {payload} {PROSE[(number + 2) % 5]}",
                }
            )
        )
    lines.insert(3, '{"outlet": "broken')
    (corpus / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (corpus / "corpus.yaml").write_text(
        "corpus: hostile\ntitle: 'Hostile <script>window.hacked=1</script>'\nconstructed: true\n"
        "source: '<img src=x onerror=window.hacked=1>'\nfiles: ['articles.jsonl']\nformat: jsonl\n"
        "columns: {text: text, outlet: outlet, published: published, title: title}\n"
        "marks:\n  - {date: 2025-07-14, label: '<script>window.hacked=1</script>'}\n",
        encoding="utf-8",
    )
    (folder / "reports" / "hostile.yaml").write_text(
        "report: hostile\ntitle: 'A title <script>window.hacked=1</script>'\ncorpus: hostile\n"
        "codebook: great-power-crisis\nnotebooks: [01_corpora, 02_frames, 03_outlets, 04_time, 08_stories, 09_voices]\n"
        "parameters: {n_bootstrap: 300}\n",
        encoding="utf-8",
    )
    return folder
