"""Draws with documents around their passages, and a coder's hand, shared by the tests of the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from framing.code_screen.draws import Draw, open_draw
from framing.code_screen.screen import Screen
from framing.coding.sampling import draw_sample
from framing.coding.sheets import write_sheets
from framing.corpus import make_passages
from tests.drawn import make_facts
from tests.tiny import SPORT, TRADE, WAR, codebook, frame

BOOK = codebook(
    frame("war", WAR, include=["Fighting."], exclude=["Chess (sport)."]),
    frame("trade", TRADE),
    frame("sport", SPORT),
    frame("other", ["Nothing much happened."], residual=True),
    multi_label=True,
)
ONE = codebook()
TAB = "a-tab-of-tests"
WORDS = 8  # of a passage
SENTENCES = ("The morning of day {k} was quiet in town.", "Tanks 🚜 crossed the river on day {k}, slowly.",
             "On day {k} the price of steel rose again.")  # fmt: skip


def make_documents(n: int, *, payload: str = "") -> pd.DataFrame:
    """n documents of three passages of eight words or so; a payload stands in each of their sentences."""
    texts = [" ".join(f"{line.format(k=k)}{payload}" for line in SENTENCES) for k in range(n)]
    return pd.DataFrame(
        {
            "document_id": [f"d{k:03}" for k in range(n)], "corpus": "small", "outlet": ["A Paper", "B Paper"][:1] * n,
            "perspective": "", "published": pd.Timestamp("2025-07-07"), "language": "en", "title": "", "url": "",
            "text": texts,
        }
    )  # fmt: skip


def write_draw(
    folder: Path, book: Any = BOOK, *, n: int = 4, size: int = 8, coders: tuple[str, ...] = ("anna", "ben"),
    payload: str = "", context: bool = True, **facts: Any,
) -> Path:  # fmt: skip
    documents = make_documents(n, payload=payload)
    passages = make_passages(documents, unit="passage", max_words=WORDS)
    sample = draw_sample(passages, size=size, random_seed=1)
    known = make_facts(sample, book, coders=coders).model_copy(update={"passage_words": WORDS, **facts})
    write_sheets(folder, sample, book, known, formats=("csv",), documents=documents if context else None)
    return folder


def make_draw(folder: Path, book: Any = BOOK, **options: Any) -> Draw:
    return open_draw(write_draw(folder, book, **options))


def marks(*frames: str, **more: Any) -> dict[str, Any]:
    return {
        "frames": list(frames),
        "none": not frames,
        "unsure": False,
        "remark": "",
        "spans": [],
        "seconds": 2.0,
        **more,
    }


def ask(screen: Screen, do: str, **more: Any) -> dict[str, Any]:
    return screen.answer({"do": do, "tab": TAB, **more})


def save(screen: Screen, index: int, *frames: str, show: int | None = None, **more: Any) -> dict[str, Any]:
    return ask(screen, "save", index=index, show=index + 1 if show is None else show, marks=marks(*frames, **more))


def code_all(draw: Draw, coder: str, code: Any) -> None:
    """A coder codes every passage: `code(number, text)` gives the frames, or those with more marks."""
    screen = Screen(draw, coder)
    ask(screen, "open")
    texts = {passage.passage_id: passage.text for passage in draw.screen.passages}
    for index, (_, passage_id) in enumerate(draw.screen.orders[coder]):
        made = code(passage_id, texts[passage_id])
        frames, more = made if isinstance(made, tuple) else (made, {})
        answer = save(screen, index, *frames, **more)
        assert "error" not in answer, answer
    screen.close()
