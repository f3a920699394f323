"""Files of decisions as rows of a sheet, and sheets as decisions: both ways of coding can be mixed."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd

from framing.codebook import Codebook
from framing.codebook.cells import NOT_CODED, write_cell
from framing.coding.decision_file import DecisionFile
from framing.coding.decisions import Decision, Span
from framing.files.escaping import harmless_id
from framing.tables import SHEET

__all__ = ["DECISION_COLUMNS", "format_spans", "make_decision_sheet"]

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
