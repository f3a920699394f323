"""What the coding screen shows: `screen.json` has the rules, the texts with what stands around them, and each order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from framing.codebook import Codebook
from framing.coding.design import DesignFacts
from framing.corpus import make_passages
from framing.defaults import Unit
from framing.errors import InputError
from framing.files.strict_yaml import validate
from framing.files.whole import write_whole

__all__ = ["SCREEN_FILE", "ScreenFile", "ScreenPassage", "make_screen_file", "read_screen_file", "write_screen_file"]

SCREEN_FILE = "screen.json"
_AROUND = 1_500  # characters of the document on each side of a passage that are shown
_MAX_BYTES = 500_000_000


class ScreenPassage(BaseModel):
    """A passage as its coders see it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    passage_id: str
    text: str
    before: str = Field(default="", description="text of the document before it")
    after: str = Field(default="", description="text of the document after it")
    cut_before: bool = Field(default=False, description="whether the document has more before that")
    cut_after: bool = Field(default=False, description="whether the document has more after that")
    source: str = Field(default="", description="who published it and when; empty where coders are not to know")


class ScreenFile(BaseModel):
    """Content of `screen.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    draw: str = Field(description="sha256 of drawn.csv")
    coded: Unit
    codebook: Codebook
    passages: tuple[ScreenPassage, ...]
    orders: dict[str, tuple[tuple[str, str], ...]] = Field(description="place and passage_id, by coder")


def make_screen_file(
    facts: DesignFacts,
    codebook: Codebook,
    passages: pd.DataFrame,
    orders: Mapping[str, Sequence[tuple[str, str]]],
    *,
    documents: pd.DataFrame | None = None,
) -> ScreenFile:
    """Collect what the screen shows.

    Parameters
    ----------
    facts : DesignFacts
        How the passages were drawn.
    codebook : Codebook
        Whose frames are coded.
    passages : DataFrame
        The drawn passages: `passage_id, document_id, outlet, published, text`.
    orders : mapping of str to sequence of tuple of str
        Place and passage_id of what each coder codes, in order.
    documents : DataFrame, optional
        Documents of the corpus. Without them, and for documents as a whole, a passage stands alone.

    Returns
    -------
    ScreenFile
        The content, passages in the order of their ids.
    """
    around = {} if documents is None or facts.coded == "document" else _find_around(facts, passages, documents)
    shown = []
    for row in passages.sort_values("passage_id").to_dict("records"):
        day, key = pd.to_datetime(row["published"]), row["passage_id"]
        known = filter(None, (row["outlet"], "" if pd.isna(day) else f"{day:%Y-%m-%d}"))
        source = "" if facts.blind else ", ".join(known)
        shown.append(ScreenPassage(passage_id=key, text=row["text"], source=source, **around.get(key, {})))
    return ScreenFile(
        draw=facts.drawn_sha256,
        coded=facts.coded,
        codebook=codebook,
        passages=tuple(shown),
        orders={coder: tuple(order) for coder, order in orders.items()},
    )


def write_screen_file(path: Path, screen: ScreenFile) -> None:
    """Write the file, whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    screen : ScreenFile
        Its content.
    """
    text = json.dumps(screen.model_dump(mode="json", exclude_defaults=True), indent=1, ensure_ascii=False)
    write_whole(path, (text + "\n").encode("utf-8", "replace"))


def read_screen_file(path: Path) -> ScreenFile:
    """Read the file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    ScreenFile
        Its content.

    Raises
    ------
    InputError
        Where it is missing, no JSON, or was changed so that an order names unknown passages.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path} has more than {_MAX_BYTES:,} bytes; that is no file of framing sample.")
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; give the folder that framing sample wrote.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from None
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected what framing sample wrote there.")
    screen = validate(ScreenFile, content, source=str(path))
    known = {passage.passage_id for passage in screen.passages}
    for coder, order in screen.orders.items():
        unknown = [passage_id for _, passage_id in order if passage_id not in known]
        if unknown or len({passage_id for _, passage_id in order}) < len(order):
            what = f"names the passage {unknown[0]!r}, which it lacks" if unknown else "names a passage twice"
            raise InputError(f"{path}: the order of {coder} {what}; take the file that framing sample wrote.")
    return screen


def _find_around(facts: DesignFacts, passages: pd.DataFrame, documents: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Text before and after each passage that is still in its document, by passage_id."""
    drawn = documents[documents["document_id"].isin(set(passages["document_id"]))]
    if drawn.empty:
        return {}
    texts = dict(zip(drawn["document_id"], drawn["text"], strict=True))
    split = make_passages(drawn, unit="passage", max_words=facts.passage_words)
    places = dict(zip(split["passage_id"], zip(split["start"], split["end"], strict=True), strict=True))
    around: dict[str, dict[str, Any]] = {}
    for row in passages.to_dict("records"):
        if row["passage_id"] not in places or row["document_id"] not in texts:
            continue
        (start, end), text = places[row["passage_id"]], texts[row["document_id"]]
        if text[start:end] != row["text"]:
            continue
        before, after = text[:start].strip(), text[end:].strip()
        around[row["passage_id"]] = {
            "before": _take_end(before),
            "after": _take_end(after[::-1])[::-1],
            "cut_before": len(before) > _AROUND,
            "cut_after": len(after) > _AROUND,
        }
    return around


def _take_end(text: str) -> str:
    """The last characters of a text, from the beginning of a word on."""
    if len(text) <= _AROUND:
        return text
    end = text[-_AROUND:]
    head, space, rest = end.partition(" ")
    return rest if space and len(head) < _AROUND // 2 else end
