"""A small set of stories for the side-by-side page: two shared, one of one outlet, one document in no story."""

from __future__ import annotations

from typing import Any

import pandas as pd

FRAMES = [("blame", "Blame", "#0072B2"), ("relief", "Relief", "#D55E00"), ("cost", "Cost", "#009E73")]
OUTLETS = [("Harbour Post", "#0072B2"), ("Hill Courier", "#E69F00"), ("Marsh Echo", "#000000")]
# document, outlet, day, story, then its passages: text, present frames, voice, speaker, side
ARTICLES: list[tuple[str, str, str, str, list[tuple[str, str, str, str, str]]]] = [
    ("d1", "Harbour Post", "2025-03-02", "flood", [
        ("The dam gave way at dawn.", "", "own", "", ""),
        ("“The council was warned twice,” Ada Venn said.", "blame", "quoted", "Ada Venn", "residents"),
        ("Repairs will cost nine million, the council said.", "cost", "reported", "the council", "council"),
    ]),
    ("d2", "Hill Courier", "2025-03-03", "flood", [
        ("At dawn the dam broke.", "", "own", "", ""),
        ("Warnings had gone unread for a year.", "blame", "own", "", ""),
        ("The bakery opened its doors to families.", "relief", "own", "", ""),
    ]),
    ("d3", "Marsh Echo", "2025-03-05", "flood", [("The dam gave way at dawn.", "", "own", "", "")]),
    ("d4", "Harbour Post", "2025-04-01", "tram", [("The tram line is late, and dear.", "cost;blame", "own", "", "")]),
    ("d5", "Hill Courier", "2025-04-02", "tram", [("Riders cheered the first tram.", "relief", "own", "", "")]),
    ("d6", "Marsh Echo", "2025-05-01", "heron", [("A heron returned to the marsh.", "", "own", "", "")]),
    ("d7", "Marsh Echo", "", "", [("The weather stays mild.", "", "own", "", "")]),
]  # fmt: skip
LABELS = {"flood": "The dam at Lower Venn breaks", "tram": "The tram opens", "heron": "The heron is back", "": ""}


def page_tables(*, payload: str = "") -> dict[str, Any]:
    """Arguments of `render_side_by_side`; `payload` is added to every text that comes from data."""
    documents, passages, decisions, scores, stories, voices = [], [], [], [], [], []
    for name, outlet, day, story, written in ARTICLES:
        outlet = outlet + payload
        published = pd.Timestamp(day) if day else pd.NaT
        documents.append((name, outlet, published, f"Title of {name}{payload}", f"https://example.org/{name}"))
        stories.append((name, story, LABELS[story] + payload if story else ""))
        for position, (text, present, voice, speaker, side) in enumerate(written):
            passage = f"{name}-{position}"
            passages.append((passage, name, outlet, published, position, text + payload, ""))
            marks = ["present" if frame in present.split(";") else "absent" for frame, _, _ in FRAMES]
            decisions.append((passage, *marks))
            scores.append((passage, *(0.9 if mark == "present" else 0.1 for mark in marks)))
            voices.append((passage, voice, speaker + payload if speaker else "", side + payload if side else ""))
    frames = [name for name, _, _ in FRAMES]
    table = pd.DataFrame(
        passages,
        columns=["passage_id", "document_id", "outlet", "published", "position", "text", "duplicate_of"],
    )
    table.loc[table["passage_id"] == "d3-0", "duplicate_of"] = "d1-0"
    return {
        "title": "Three towns" + payload,
        "constructed": True,
        "frames": [(name, label + payload, colour) for name, label, colour in FRAMES],
        "outlets": [(name + payload, colour) for name, colour in OUTLETS],
        "documents": pd.DataFrame(documents, columns=["document_id", "outlet", "published", "title", "url"]),
        "passages": table,
        "decisions": pd.DataFrame(decisions, columns=["passage_id", *frames]),
        "scores": pd.DataFrame(scores, columns=["passage_id", *frames]),
        "stories": pd.DataFrame(stories, columns=["document_id", "story_id", "story_label"]),
        "voices": pd.DataFrame(voices, columns=["passage_id", "voice", "speaker", "speaker_group"]),
        "segments": pd.DataFrame(
            [("d1-1", 0, 31, "quoted", "Ada Venn" + payload)],
            columns=["passage_id", "start", "end", "voice", "speaker"],
        ),
        "aligned": pd.DataFrame(
            [
                ("flood", "d1-0", "d2-0", 0.91),
                ("flood", "d2-1", "d1-1", 0.74),  # either order
                ("flood", "d1-0", "d3-0", 1.0),
                ("flood", "d1-2", "d2-1", 0.55),  # d2-1 stands beside d1-1 already
            ],
            columns=["story_id", "passage_id", "other_id", "similarity"],
        ),
        "notes": ["Exploratory: nothing was validated." + payload, "Second note." + payload],
        "files": ["tables/passages.csv"],
    }
