"""One part: its documents split, encoded, scored and decided, and written to a file with a name of its own."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.part_documents import ReadParts, open_part
from framing.analysis.part_files import PartFacts, read_facts, write_part
from framing.classify.shipped import ShippedScorer
from framing.classify.windows import find_evidence
from framing.corpus.part_passages import passages_of_part
from framing.corpus.streams import TextSource
from framing.errors import InputError
from framing.files.identity import code_hash
from framing.tables import WINDOWS

__all__ = ["SHAPES_PARTS", "PartJob", "load_part", "load_windows"]

SHAPES_PARTS = (  # wings and modules whose code changes a part
    "analysis", "classify", "codebook", "corpus", "data", "defaults", "encoders", "errors", "executors", "files", "llm",
    "selection", "tables",
)  # fmt: skip
# columns; no column of a file has such a name
_SCORES, _CODES, _WINDOWS = "\x1fscores", "\x1fdecisions", "\x1fwindows"
_WINDOW = [("start", "int64"), ("end", "int64"), ("frame", "string"), ("score", "double")]
_DECISIONS = ("absent", "present", "abstain")
_EXCERPT = 200  # characters of a passage without a score that are shown


@dataclass(frozen=True)
class PartJob:
    """The computation of a part, by its number; the same whoever calls it and how often.

    Attributes
    ----------
    folder : Path
        Folder of the files of classified parts, which exists.
    read : ReadParts
        The documents.
    source : TextSource
        What they were read from.
    scorer : ShippedScorer
        Scores and decides.
    code : str
        Hash of the code that a process must have.
    windows : bool
        Whether the windows that carry the frames of a passage are stored, too.
    """

    folder: Path
    read: ReadParts
    source: TextSource
    scorer: ShippedScorer
    code: str
    windows: bool = False

    def file(self, number: int) -> Path:
        """Name the file of a part by its number and a hash of all that it depends on.

        Parameters
        ----------
        number : int
            Number of the part, from 0.

        Returns
        -------
        Path
            The file.
        """
        content = "\x1f".join(
            [self.read.key, self.scorer.identity, self.code, str(number), *["windows"] * self.windows]
        )
        return self.folder / f"part-{number:05}-{hashlib.sha256(content.encode()).hexdigest()[:16]}.parquet"

    def __call__(self, number: int) -> PartFacts:
        """Compute a part unless its file is there.

        Parameters
        ----------
        number : int
            Number of the part, from 0.

        Returns
        -------
        PartFacts
            Its counts.

        Raises
        ------
        InputError
            If this process has other code, or does not see the files.
        FramingError
            If the file of its documents is damaged.
        """
        path = self.file(number)
        if (facts := read_facts(path)) is not None:
            return facts
        self._check_process()
        passages, languages = self.list_passages(number)
        return self._write(path, passages, languages, len(languages))

    def list_passages(self, number: int) -> tuple[pd.DataFrame, list[str]]:
        """List the passages of a part.

        Parameters
        ----------
        number : int
            Number of the part, from 0.

        Returns
        -------
        passages : DataFrame
            One row a passage; without columns where no document is kept.
        languages : list of str
            Detected language of each document that is kept.
        """
        kept = self.read.kept(number)
        if not kept.any():
            return pd.DataFrame(), []
        return passages_of_part(
            self.read.load(number),
            self.source,
            self.read.outline,
            first=sum(self.read.outline.n_documents[:number]),
            kept=kept,
        )

    def _check_process(self) -> None:
        if _find_code() != self.code:
            raise InputError(
                "A worker has another version of framing than the process that calls it; install the same on both."
            )
        if not self.read.folder.is_dir():
            raise InputError(
                f"A worker finds no folder {self.read.folder}: workers must see it under the same path, for instance "
                "on a network file system."
            )

    def _write(self, path: Path, passages: pd.DataFrame, languages: list[str], n_documents: int) -> PartFacts:
        import pyarrow as pa

        frames = self.scorer.codebook.frame_ids
        texts = passages["text"].to_list() if len(passages) else []
        scores, codes, n_long = np.zeros((0, len(frames))), np.zeros((0, len(frames)), dtype=np.int8), 0
        evidence: list[list[dict[str, Any]]] = []
        unscored: list[list[str]] = []
        if texts:
            scorer = self.scorer.open()
            scores = scorer.predict_proba(texts)
            passages, scores, unscored = _set_unscored_aside(passages, scores, getattr(scorer, "failures_", {}))
            texts = passages["text"].to_list()
            decisions = scorer.decide_scores(scores)
            codes = _encode_decisions(decisions)
            if self.windows:
                evidence = _list_evidence(find_evidence(scorer, texts, decisions), len(texts))
            n_long = int(scorer.find_long(texts).sum())
        facts = PartFacts(
            file=path.name,
            n_documents=n_documents,
            n_passages=len(passages),
            n_long=n_long,
            n_abstained=int((codes == _DECISIONS.index("abstain")).sum()),
            has_return=any(
                passages[name].str.contains("\r", regex=False).any()
                for name in passages.columns
                if pd.api.types.is_string_dtype(passages[name])
            ),
            languages=dict(Counter(languages)),
            unscored=unscored,
        )
        table = pa.Table.from_pandas(passages, preserve_index=False)
        for name, values in ((_SCORES, scores), (_CODES, codes)):
            table = table.append_column(name, pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), len(frames)))
        if self.windows:
            table = table.append_column(_WINDOWS, pa.array(evidence, type=pa.list_(pa.struct(_WINDOW))))
        write_part(path, table, facts)
        return facts


def _set_unscored_aside(
    passages: pd.DataFrame, scores: NDArray[np.float64], reasons: Mapping[str, str]
) -> tuple[pd.DataFrame, NDArray[np.float64], list[list[str]]]:
    """Passages that have scores, and those that a language model gave none: id, document, reason, start of the text."""
    is_unscored: NDArray[np.bool_] = np.asarray(np.isnan(scores).any(axis=1))
    if not is_unscored.any():
        return passages, scores, []
    columns = [passages[name].astype(str)[is_unscored] for name in ("passage_id", "document_id", "text")]
    unscored = [
        [passage, document, reasons.get(text, "no score"), text[:_EXCERPT]]
        for passage, document, text in zip(*columns, strict=True)
    ]
    scored = passages.take(np.flatnonzero(~is_unscored)).reset_index(drop=True)
    return scored, scores[~is_unscored], unscored


@cache
def _find_code() -> str:
    return code_hash(SHAPES_PARTS)


def _encode_decisions(decisions: NDArray[np.str_]) -> NDArray[np.int8]:
    codes = np.full(decisions.shape, -1, dtype=np.int8)
    for code, name in enumerate(_DECISIONS):
        codes[decisions == name] = code
    return codes


def _list_evidence(evidence: pd.DataFrame, n: int) -> list[list[dict[str, Any]]]:
    """The windows of each of n passages, without their text: that is a piece of the passage's."""
    of_passage: list[list[dict[str, Any]]] = [[] for _ in range(n)]
    for row, window in zip(
        evidence["row"], evidence[["start", "end", "frame", "score"]].to_dict("records"), strict=True
    ):
        of_passage[row].append({str(name): value for name, value in window.items()})
    return of_passage


def load_part(path: Path) -> tuple[pd.DataFrame, NDArray[np.float64], NDArray[Any]]:
    """Load a classified part.

    Parameters
    ----------
    path : Path
        Its file.

    Returns
    -------
    passages : DataFrame
        One row a passage, n rows.
    scores : ndarray, shape (n, K)
        Scores of the frames.
    decisions : ndarray of str, shape (n, K)
        Decisions.

    Raises
    ------
    FramingError
        If the file is damaged.
    """
    import pyarrow.parquet as pq

    table = pq.read_table(open_part(path).open())
    shape = (table.num_rows, -1)
    values = {
        name: table.column(f"\x1f{name}").combine_chunks().flatten().to_numpy() for name in ("scores", "decisions")
    }
    unnamed = [name for name in table.column_names if name in (_SCORES, _CODES, _WINDOWS)]
    passages = table.drop_columns(unnamed).to_pandas()
    decisions = np.array(_DECISIONS, dtype=object)[values["decisions"]]
    return passages, values["scores"].reshape(shape), decisions.reshape(shape)


def load_windows(path: Path) -> pd.DataFrame:
    """Load the windows of a classified part that has them.

    Parameters
    ----------
    path : Path
        Its file.

    Returns
    -------
    DataFrame
        Columns `framing.tables.WINDOWS`, in the order of the passages.

    Raises
    ------
    FramingError
        If the file is damaged.
    """
    import pyarrow.parquet as pq

    table = pq.read_table(open_part(path).open(), columns=["document_id", "text", _WINDOWS])
    rows = [
        (
            document,
            window["start"],
            window["end"],
            text[window["start"] : window["end"]],
            window["frame"],
            window["score"],
        )
        for document, text, windows in zip(*(column.to_pylist() for column in table.columns), strict=True)
        for window in windows
    ]
    return pd.DataFrame(rows, columns=list(WINDOWS)).astype(
        {"document_id": str, "start": np.int64, "end": np.int64, "text": str, "frame": str, "score": np.float64}
    )
