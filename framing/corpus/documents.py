"""Documents of a corpus: the rows of its files, each a document or in the quarantine with file, line and reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.cleaning import LONE_SURROGATE, clean_text, has_lone_surrogate, is_blank
from framing.corpus.config import CorpusConfig, find_files, read_config
from framing.corpus.dates import explain_date, read_date
from framing.corpus.files_rule import ColumnRule, FilesRule
from framing.corpus.fingerprint import describe_file, hash_corpus
from framing.corpus.formats import MARKED_UP, read_rows
from framing.corpus.header import clean_name
from framing.corpus.language import detect_languages
from framing.corpus.markup import REMARKS, read_cells
from framing.corpus.metadata import carried_name, carry_columns
from framing.corpus.records import EXCERPT, Note, Refused, Row, Rows, quarantine_table, short_hash
from framing.errors import InputError
from framing.files.identity import file_sha256
from framing.selection import select_documents
from framing.tables import DOCUMENTS

__all__ = ["Corpus", "read_corpus"]

_CONTENT = "content of "  # before the hash of a content, where it is counted beside ids
_SHOWN = 40  # characters of a wrong value in a message


@dataclass(frozen=True)
class Corpus:
    """A corpus as it was read.

    Attributes
    ----------
    config : CorpusConfig
        Parsed corpus.yaml.
    documents : DataFrame
        One row a document, columns `framing.tables.DOCUMENTS`, then columns of the files that are carried by name.
    quarantine : DataFrame
        One row a refused row, columns `framing.tables.QUARANTINE`.
    files : DataFrame
        One row a file: `file, sha256, n_bytes, n_rows, n_kept, n_refused, n_left_out`; rows are kept, refused, or left
        out by `where:`.
    notes : tuple of Note
        Remarks on how files were read, such as the separator that was taken.
    hash : str
        sha256 over the contents of the files and the settings that shape the documents.
    file_numbers : ndarray of int
        Row of `files` that each document is from, from 0.
    """

    config: CorpusConfig
    documents: pd.DataFrame
    quarantine: pd.DataFrame
    files: pd.DataFrame
    notes: tuple[Note, ...]
    hash: str
    file_numbers: NDArray[np.intp]

    def keep(self, kept: pd.Series) -> Corpus:
        """Leave out documents, and count them.

        Parameters
        ----------
        kept : Series of bool
            Per document, whether it is kept.

        Returns
        -------
        Corpus
            The same corpus with the documents that are kept; `files` counts the others as left out.

        Raises
        ------
        InputError
            If none is kept.
        """
        if not kept.any():
            raise InputError(
                f"Corpus {self.config.corpus} is empty: none of its {len(kept)} documents is as where: says."
            )
        chosen = kept.to_numpy(bool)
        left_out = np.bincount(self.file_numbers[~chosen], minlength=len(self.files))
        files = self.files.assign(
            n_kept=self.files["n_kept"] - left_out, n_left_out=self.files["n_left_out"] + left_out
        )
        documents = self.documents[chosen].reset_index(drop=True)
        return replace(self, documents=documents, files=files, file_numbers=self.file_numbers[chosen])


def read_corpus(folder: str | Path, *, data_path: str = "") -> Corpus:
    """Read the documents of a corpus.

    Parameters
    ----------
    folder : str or Path
        Folder with a corpus.yaml.
    data_path : str, default ""
        Folder of the files, over the environment variable FRAMING_DATA.

    Returns
    -------
    Corpus
        `documents` with the columns `framing.tables.DOCUMENTS`, then those of the files that `metadata:` carries;
        `published` is a timestamp or NaT, all else text, empty where the source has none. `quarantine` has one row a
        refused row.

    Raises
    ------
    InputError
        A missing column, an unreadable file or encoding, or no document at all.

    Notes
    -----
    Rows read are rows kept, refused, or left out by `where:`; `files` has the numbers.
    """
    folder = Path(folder)
    config = read_config(folder)
    rows: list[dict[str, Any]] = []
    refused: list[Refused] = []
    notes: list[Note] = []
    files: list[dict[str, Any]] = []
    digests: list[str] = []
    n_with_id: Counter[str] = Counter()
    for rule in config.rules:
        for path in find_files(rule, folder, corpus=config.corpus, data_path=data_path):
            n_rows_before, n_refused_before = len(rows), len(refused)
            read = read_rows(path, needed=rule.needed, notes=notes, **rule.options)
            counts: Counter[str] = Counter()
            for item in _make_documents(read, config, rule, n_with_id, counts):
                if isinstance(item, Refused):
                    refused.append(item)
                else:
                    item["_file"] = len(files)
                    rows.append(item)
            notes += [Note(path.name, REMARKS[what].format(n)) for what, n in counts.items() if n]
            n_read, n_refused = len(rows) - n_rows_before, len(refused) - n_refused_before
            digest = file_sha256(path)
            digests.append(describe_file(path, rule, digest))
            files.append(
                {
                    "file": path.name,
                    "sha256": digest,
                    "n_bytes": path.stat().st_size,
                    "n_rows": n_read + n_refused,
                    "n_kept": n_read,
                    "n_refused": n_refused,
                    "n_left_out": 0,
                }
            )
    quarantine = quarantine_table(refused)
    if not rows:
        reasons = quarantine["reason"].value_counts()
        why = f" {len(quarantine)} rows were refused, most often: {reasons.index[0]}." if len(reasons) else ""
        raise InputError(f"Corpus {config.corpus} is empty: no row of {len(files)} file(s) could be used.{why}")
    documents = _make_table(rows, config)
    corpus = Corpus(
        config=config,
        documents=documents,
        quarantine=quarantine,
        files=pd.DataFrame(files),
        notes=tuple(notes),
        hash=hash_corpus(config, digests),
        file_numbers=np.array([row["_file"] for row in rows], dtype=np.intp),
    )
    return corpus.keep(select_documents(documents, config.where)) if config.where else corpus


def _make_table(rows: list[dict[str, Any]], config: CorpusConfig) -> pd.DataFrame:
    """The documents as a table: our columns, then those that are carried."""
    carried = list(dict.fromkeys(name for row in rows for name in row["_carried"]))
    if isinstance(config.metadata, tuple):
        absent = [name for name in config.metadata if carried_name(clean_name(name)) not in carried]
        if absent:
            raise InputError(
                f"Corpus {config.corpus}: metadata: no file has the column(s) {', '.join(absent)} besides those under "
                f"columns. The files have: {', '.join(carried) or 'no others'}."
            )
        carried = [carried_name(clean_name(name)) for name in config.metadata]
    if isinstance(config.metadata, dict):
        absent = [name for name in config.metadata if name not in carried]
        if absent:
            raise InputError(
                f"Corpus {config.corpus}: metadata: no file has a column for {', '.join(absent)} "
                f"({', '.join(column for name in absent for column in config.metadata[name])})."
            )
    documents = pd.DataFrame(rows).drop(columns=["_carried", "_file"])
    documents["language"] = detect_languages(documents["text"])
    documents["published"] = pd.to_datetime(documents["published"])
    more = {name: [row["_carried"].get(name, "") for row in rows] for name in carried}
    return pd.concat([documents[list(DOCUMENTS)], pd.DataFrame(more, index=documents.index)], axis=1)


def _make_documents(
    rows: Rows, config: CorpusConfig, files: FilesRule, n_with_id: Counter[str], counts: Counter[str]
) -> Iterator[dict[str, Any] | Refused]:
    """Each row as a document, or refused; `n_with_id` counts the documents of an id over all files.

    `counts` counts the rows of `REMARKS`.
    """
    perspectives = {clean_name(outlet): perspective for outlet, perspective in config.perspectives.items()}
    rules = dict(files.columns)
    rules.setdefault("text", ColumnRule(column="text"))
    united = config.metadata if isinstance(config.metadata, dict) else {}
    taken = {name for rule in rules.values() for name in rule.columns}
    for row in rows:
        if isinstance(row, Refused):
            yield row
            continue
        values = {column: _apply_rule(rule, row.values) for column, rule in rules.items()}
        values |= read_cells(values, counts, marked_up=files.format in MARKED_UP)
        values["text"] = clean_text(values["text"])
        values["outlet"] = _clean_line(values["outlet"])
        published = None
        if values.get("published"):
            published = read_date(values["published"], rules["published"].format)
        document_id = values.get("document_id", "").strip()
        problem = _find_unmatched(rules, row.values) or _find_problem(values, published, rules)
        if not problem and document_id and n_with_id[document_id]:
            problem = f"the document_id {document_id[:_SHOWN]!r} occurs a second time"
        if problem:
            yield Refused(row.file, row.line, problem, _make_excerpt(row))
            continue
        title, url = _clean_line(values.get("title", "")), values.get("url", "").strip()
        content = short_hash(config.corpus, values["outlet"], values.get("published", ""), title, url, values["text"])
        counts["identical"] += n_with_id[f"{_CONTENT}{content}"] > 0
        n_with_id[f"{_CONTENT}{content}"] += 1
        document_id = document_id or content
        n_with_id[document_id] += 1
        if n_with_id[document_id] > 1:
            document_id = f"{document_id}-{n_with_id[document_id]}"
        yield {
            "document_id": document_id,
            "corpus": config.corpus,
            "outlet": values["outlet"],
            "perspective": perspectives.get(clean_name(values["outlet"]), ""),
            "published": published,
            "title": title,
            "url": url,
            "text": values["text"],
            "event": values.get("event", "").strip(),
            "file": row.file,
            "line": row.line,
            "_carried": {} if config.metadata == "none" else carry_columns(row.values, taken, united),
        }


def _find_problem(values: dict[str, str], published: datetime | None, rules: dict[str, ColumnRule]) -> str:
    """Why the values make no document; empty where they do."""
    if is_blank(values["text"]):
        return "no text"
    if is_blank(values["outlet"]):
        return "no outlet"
    if has_lone_surrogate(values.values()):
        return LONE_SURROGATE
    if values.get("published") and published is None:
        return explain_date(values["published"], rules["published"].format)
    return ""


def _apply_rule(rule: ColumnRule, values: dict[str, str]) -> str:
    if rule.constant is not None:
        return rule.constant
    joined = _join_columns(rule, values)
    match = re.search(rule.pattern, joined) if rule.pattern else None
    return (match[1] or "").strip() if match else "" if rule.pattern else joined


def _join_columns(rule: ColumnRule, values: dict[str, str]) -> str:
    return "\n\n".join(part for name in rule.columns if (part := values.get(name, "").strip()))


def _find_unmatched(rules: dict[str, ColumnRule], values: dict[str, str]) -> str:
    """Which value a pattern finds nothing in; empty where none."""
    for column, rule in rules.items():
        joined = _join_columns(rule, values) if rule.pattern else ""
        if joined and not re.search(rule.pattern, joined):
            return f"{column}: its pattern finds nothing in {joined[:_SHOWN]!r}"
    return ""


def _clean_line(text: str) -> str:
    """A clean text on one line."""
    return " ".join(clean_text(text).split())


def _make_excerpt(row: Row) -> str:
    joined = " | ".join(value for value in row.values.values() if value)[:EXCERPT]
    return joined.encode("utf-8", "replace").decode()
