"""Words that coders marked: each is checked against the text that was drawn, kept, or refused with its reason."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from framing.codebook import Codebook
from framing.codebook.cells import explain_unknown, fold_label
from framing.coding.decisions import Span
from framing.coding.text_places import PlaceError, find_place
from framing.errors import InputError

__all__ = ["CheckedSpans", "check_places", "check_spans", "sort_spans"]

_EXCERPT = 80  # characters of a span that cannot be read


class CheckedSpans(NamedTuple):
    """Spans of one coder in one passage.

    Attributes
    ----------
    kept : list of Span
        With places in the drawn text, in their order.
    refused : list of tuple of str
        Reason and words of each other one.
    """

    kept: list[Span]
    refused: list[tuple[str, str]]


def check_spans(cell: str, *, came: str, drawn: str, frames: Collection[str], codebook: Codebook) -> CheckedSpans:
    """Check the spans of a row.

    Parameters
    ----------
    cell : str
        JSON, a list of records with `frame, start, end` and, where it is known, `text`; places are in `came`. Records
        as Label Studio writes them into CSV, with `labels` in the place of `frame`, count too.
    came : str
        Text of the passage as it came back.
    drawn : str
        Text of the passage as it was drawn.
    frames : collection of str
        Ids of the frames that the coder gave the passage.
    codebook : Codebook
        Whose frames they are.

    Returns
    -------
    CheckedSpans
        A span is refused if its frame is unknown or is none of those given, its place is outside the text, other words
        stand there than it says, or it is there twice. As many are kept and refused as the cell has.

    Examples
    --------
    >>> check_spans("", came="Tanks.", drawn="Tanks.", frames=(), codebook=None)
    CheckedSpans(kept=[], refused=[])
    """
    kept: dict[Span, None] = {}
    refused: list[tuple[str, str]] = []
    for record in _list_records(cell):
        words = str(record.get("text") or "")
        try:
            span = _read_span(record, came, drawn, words, codebook)
        except PlaceError as error:
            refused.append((f"marked words: {error.message}", words or str(record)[:_EXCERPT]))
            continue
        shown = drawn[span.start : span.end]
        if span.frame not in frames:
            given = ", ".join(frames) or "none"
            reason = f"marked words: {span.frame} is marked, and is not among the frames given: {given}"
            refused.append((reason, shown))
        elif span in kept:
            refused.append((f"marked words: marked twice for {span.frame}; the first counts", shown))
        else:
            kept[span] = None
    return CheckedSpans(sort_spans(kept), refused)


def check_places(spans: Iterable[Span], text: str, codebook: Codebook) -> tuple[Span, ...]:
    """Check spans of the screen, whose places are those of the drawn text.

    Parameters
    ----------
    spans : iterable of Span
        The spans.
    text : str
        Text of the passage.
    codebook : Codebook
        Whose frames they are of.

    Returns
    -------
    tuple of Span
        Each once, in the order of their places.

    Raises
    ------
    InputError
        If a span is of no frame of the codebook, or not within the text.

    Examples
    --------
    >>> check_places([], "Tanks came.", None)
    ()
    """
    distinct = set(spans)
    for span in distinct:
        if span.frame not in codebook.frame_ids or not 0 <= span.start < span.end <= len(text):
            raise InputError(
                f"spans: expected a frame of {codebook.codebook} with start and end within the {len(text)} characters "
                f"of the passage, got {tuple(span)}."
            )
    return tuple(sort_spans(distinct))


def sort_spans(spans: Iterable[Span]) -> list[Span]:
    """Put spans in the order of their places.

    Parameters
    ----------
    spans : iterable of Span
        The spans.

    Returns
    -------
    list of Span
        By start, end and frame.

    Examples
    --------
    >>> [span.frame for span in sort_spans([Span("war", 4, 9), Span("trade", 0, 3)])]
    ['trade', 'war']
    """
    return sorted(spans, key=lambda span: (span.start, span.end, span.frame))


def _list_records(cell: str) -> list[Mapping[str, Any]]:
    """Records of a cell; what cannot be read is one record without a frame."""
    if not cell.strip():
        return []
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        return [{"text": cell[:_EXCERPT]}]
    records: list[Mapping[str, Any]] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping) and isinstance(item.get("labels"), list):
            records += [{**item, "frame": label} for label in item["labels"]]
        else:
            records.append(item if isinstance(item, Mapping) else {"text": str(item)[:_EXCERPT]})
    return records


def _read_span(record: Mapping[str, Any], came: str, drawn: str, words: str, codebook: Codebook) -> Span:
    """Span of a record; raises `PlaceError` with the reason."""
    written, start, end = record.get("frame"), record.get("start"), record.get("end")
    if not isinstance(written, str) or type(start) is not int or type(end) is not int:
        raise PlaceError("expected a frame, and start and end as whole numbers")
    frame = codebook.frame_of_label.get(fold_label(written))
    if frame is None:
        hint = explain_unknown(written, codebook.frame_of_label)
        raise PlaceError(f"unknown frame {written[:_EXCERPT]!r}" + f". {hint}".rstrip(".") * bool(hint))
    place = find_place(start, end, came=came, drawn=drawn, words=words)
    return Span(frame, place.start, place.end)
