"""tables/passages.parquet: every passage of a report with its document, scores, decisions, labels, story and voice.

Where documents are the unit, tables/windows.parquet has the windows that carry their frames.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from framing.analysis.analysis import Analysis
from framing.analysis.evidence import list_windows
from framing.analysis.stories import mark_repeated, open_stories
from framing.analysis.voices import open_voices
from framing.tables import DOCUMENTS

__all__ = ["PASSAGE_TABLE", "make_passage_table", "write_passage_table"]

PASSAGE_TABLE = "passages"
_OF_PASSAGE = (
    "passage_id", "document_id", "corpus", "outlet", "perspective", "published", "position", "n_words", "language",
    "duplicate_of", "text", "translation", "translation_unit",
)  # fmt: skip
_OF_DOCUMENT = ("title", "url", "event")
_OF_STORY = ("story_id", "translation_of")
_OF_VOICE = ("voice", "speaker", "speaker_group")


def write_passage_table(analysis: Analysis, work: Path, *, stories: bool, voices: bool) -> None:
    """Write tables/passages.parquet into a report in the making, and tables/windows.parquet where there are windows.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the report.
    work : Path
        Folder of the report in the making.
    stories, voices : bool
        Whether the report finds them.
    """
    found = open_stories(analysis) if stories else None
    voice_table = open_voices(analysis).passages if voices else None
    table = make_passage_table(analysis, stories=None if found is None else found.documents, voices=voice_table)
    if found is not None:
        table = mark_repeated(table, found)
    (work / "tables").mkdir(parents=True, exist_ok=True)
    table.to_parquet(work / "tables" / f"{PASSAGE_TABLE}.parquet", index=False)
    if analysis.codebook.unit == "document":
        windows = list_windows(analysis.windows, analysis.passages, analysis.decisions)
        windows.to_parquet(work / "tables" / "windows.parquet", index=False)


def make_passage_table(
    analysis: Analysis, *, stories: pd.DataFrame | None = None, voices: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Set side by side what is known of each passage.

    Parameters
    ----------
    analysis : Analysis
        Analysis of n passages and K frames.
    stories : DataFrame or None, default None
        The story of each document, as `find_stories` returns it.
    voices : DataFrame or None, default None
        The voice of each passage, as `mark_voices` returns it.

    Returns
    -------
    DataFrame
        n rows in the order of the corpus: ids, document, outlet, date, text, columns of the corpus's files; for each
        frame `score_<id>` and `decision_<id>`, and with human labels `gold_<id>` (missing where nobody coded the
        passage); `inclusion_probability` where passages were drawn with known chances; `story_id, translation_of`;
        `voice, speaker, speaker_group`.
    """
    passages = analysis.passages
    table = passages[[name for name in _OF_PASSAGE if name in passages.columns]].copy()
    documents = analysis.documents.set_index("document_id")
    carried = [str(name) for name in documents.columns if name not in DOCUMENTS]
    for name in (*_OF_DOCUMENT, *carried):
        if name in documents.columns and name not in table.columns:
            table[name] = documents[name].reindex(table["document_id"]).to_numpy()
    ids = table["passage_id"]
    columns: dict[str, object] = {}
    for prefix, source in (("score", analysis.scores), ("decision", analysis.decisions)):
        rows = source.set_index("passage_id").reindex(ids)
        columns.update((f"{prefix}_{frame}", rows[frame].to_numpy()) for frame in analysis.codebook.frame_ids)
    columns.update(_list_gold(analysis, ids))
    if stories is not None:
        rows = stories.set_index("document_id").reindex(table["document_id"])
        columns.update((name, rows[name].to_numpy()) for name in _OF_STORY if name in rows.columns)
    if voices is not None:
        by_passage = voices.set_index("passage_id").reindex(ids)
        columns.update((name, by_passage[name].to_numpy()) for name in _OF_VOICE if name in by_passage.columns)
    return pd.concat([table.reset_index(drop=True), pd.DataFrame(columns)], axis=1)


def _list_gold(analysis: Analysis, ids: pd.Series[str]) -> dict[str, object]:
    """Human labels of the passages, and the chance with which each was drawn; nothing without labels."""
    gold = analysis.gold
    if gold is None:
        return {}
    is_first = ~gold.passages["passage_id"].duplicated().to_numpy()
    known = pd.Index(gold.passages.loc[is_first, "passage_id"])
    rows = known.get_indexer(pd.Index(ids))  # -1: no label
    columns: dict[str, object] = {}
    for place, frame in enumerate(analysis.codebook.frame_ids):
        labels = pd.array(gold.labels[is_first, place][rows], dtype="boolean")
        labels[rows < 0] = pd.NA
        columns[f"gold_{frame}"] = labels
    if gold.probabilities is not None:
        columns["inclusion_probability"] = np.where(rows >= 0, gold.probabilities[is_first][rows], np.nan)
    return columns
