"""Files of decisions as rows of a sheet, and sheets as decisions: both ways of coding can be mixed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from framing.codebook import Codebook
from framing.codebook.cells import NOT_CODED, write_cell
from framing.coding.decision_file import DecisionFile
from framing.coding.decisions import Decision, Span
from framing.errors import InputError
from framing.files.escaping import harmless_id
from framing.tables import SHEET

__all__ = ["DECISION_COLUMNS", "format_spans", "make_decision_sheet", "parse_spans"]

DECISION_COLUMNS = (*SHEET, "unsure", "spans", "seconds", "decided_at")


def make_decision_sheet(file: DecisionFile, codebook: Codebook) -> pd.DataFrame:
    """A coder's decisions as a sheet that `framing gold` reads.

    Parameters
    ----------
    file : DecisionFile
        The decisions.
    codebook : Codebook
        Whose frames were coded.

    Returns
    -------
    DataFrame
        One row a passage of the coder, in the coder's order: `coder, place, passage_id, text, frames, notes, unsure,
        spans, seconds, decided_at`. `frames` is `not coded` where there is no label yet, `unsure` is `x` or empty,
        `spans` JSON with frame, start, end and the words, `seconds` the time at work on the passage.
    """
    latest = file.latest()
    rows = []
    for passage_id, (place, text) in file.passages.items():
        decision = latest.get(passage_id, Decision(passage_id, state="open"))
        frames = write_cell(decision.frames, codebook) if decision.state == "coded" else NOT_CODED
        values = (
            file.about.coder, place, harmless_id(passage_id), text, frames, decision.remark, "x" * decision.unsure,
            format_spans(decision.spans, text), round(decision.seconds, 1), decision.decided_at,
        )  # fmt: skip
        rows.append(values)
    return pd.DataFrame(rows, columns=list(DECISION_COLUMNS))


def format_spans(spans: Sequence[Span], text: str) -> str:
    """Spans as the cell of a sheet.

    Parameters
    ----------
    spans : sequence of Span
        The spans.
    text : str
        Text of the passage.

    Returns
    -------
    str
        JSON, a list of records with `frame, start, end, text`; empty where there are none.

    Examples
    --------
    >>> format_spans([Span("war", 0, 5)], "Tanks came.")
    '[{"frame": "war", "start": 0, "end": 5, "text": "Tanks"}]'
    """
    if not spans:
        return ""
    records = [{**span._asdict(), "text": text[span.start : span.end]} for span in spans]
    return json.dumps(records, ensure_ascii=False)


def parse_spans(value: object, text: str, codebook: Codebook) -> tuple[Span, ...]:
    """Spans of a cell or a message, checked.

    Parameters
    ----------
    value : object
        A list of records with `frame, start, end`, the same as JSON, or an empty cell.
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
    >>> parse_spans("", "Tanks came.", None)
    ()
    """
    written = value
    if isinstance(value, str):
        try:
            written = json.loads(value) if value.strip() else []
        except (ValueError, RecursionError):
            raise InputError(f"spans: expected JSON as framing code writes it, got {value[:40]!r}.") from None
    spans = set()
    items: list[Any] = list(written) if isinstance(written, Sequence) else [written]
    for item in items:
        record: dict[str, Any] = dict(item) if isinstance(item, Mapping) else {}
        frame, start, end = (record.get(name, -1) for name in ("frame", "start", "end"))
        whole = type(start) is int and type(end) is int
        if frame not in codebook.frame_ids or not whole or not 0 <= start < end <= len(text):
            raise InputError(
                f"spans: expected a frame of {codebook.codebook} with start and end within the {len(text)} characters "
                f"of the passage, got {str(item)[:80]}."
            )
        spans.add(Span(frame, start, end))
    return tuple(sorted(spans, key=lambda span: (span.start, span.end, span.frame)))
