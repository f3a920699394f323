"""Rows of the files of a corpus as documents, one by one, or refused with the reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from framing.corpus.cleaning import LONE_SURROGATE, clean_text, has_lone_surrogate, is_blank
from framing.corpus.config import CorpusConfig, find_files
from framing.corpus.dates import explain_date, read_date
from framing.corpus.files_rule import ColumnRule, FilesRule
from framing.corpus.formats import MARKED_UP, read_rows
from framing.corpus.header import clean_name
from framing.corpus.markup import REMARKS, read_cells
from framing.corpus.metadata import TRANSLATION, carry_columns
from framing.corpus.records import EXCERPT, Note, Refused, Row, Rows, short_hash
from framing.corpus.seen import SeenIds

__all__ = ["DocumentRow", "FileRead", "read_documents"]

_CONTENT = "content of "  # before the hash of a content, where it is counted beside ids
_SHOWN = 40  # characters of a wrong value in a message


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A row of a file as a document.

    Attributes
    ----------
    values : dict of str to object
        Values of our columns; `published` is a moment or None, `line` a number, all else text.
    carried : dict of str to str
        Values of the columns that are carried, by the name in the tables.
    file_number : int
        Number of its file in the corpus, from 0.
    undated : str
        Its date as the file has it, where it was kept without a date because that could not be read.
    """

    values: dict[str, Any]
    carried: dict[str, str]
    file_number: int = 0
    undated: str = ""


@dataclass(slots=True)
class FileRead:
    """A file of a corpus, and how many of its rows have been read.

    Attributes
    ----------
    path : Path
        The file.
    source : int
        Place of the rule by which it is read in the rules of the corpus, from 0.
    n_kept : int
        Rows that are documents.
    n_refused : int
        Rows that were refused.
    """

    path: Path
    source: int
    n_kept: int = 0
    n_refused: int = 0


def read_documents(
    config: CorpusConfig, folder: Path, *, data_path: str, files: list[FileRead], notes: list[Note]
) -> Iterator[DocumentRow | Refused]:
    """Read the documents of a corpus one by one, so that no more than one is in memory.

    Parameters
    ----------
    config : CorpusConfig
        Content of corpus.yaml.
    folder : Path
        Folder of the corpus.
    data_path : str
        Folder of the files, over the environment variable FRAMING_DATA; empty for none.
    files : list of FileRead
        Each file is appended when it is opened, and has its counts when the next one is.
    notes : list of Note
        Remarks on how files are read are appended.

    Yields
    ------
    DocumentRow or Refused
        In the order of the files; documents that `where:` leaves out are among them.

    Raises
    ------
    InputError
        A missing column, an unreadable file or encoding.
    """
    seen = SeenIds()
    for source, rule in enumerate(config.rules):
        for path in find_files(rule, folder, corpus=config.corpus, data_path=data_path):
            file = FileRead(path, source)
            files.append(file)
            counts: Counter[str] = Counter()
            rows = read_rows(path, needed=rule.needed, notes=notes, **rule.options)
            for item in _make_documents(rows, config, rule, seen, counts, file_number=len(files) - 1):
                if isinstance(item, Refused):
                    file.n_refused += 1
                else:
                    file.n_kept += 1
                yield item
            notes += [Note(path.name, REMARKS[what].format(n)) for what, n in counts.items() if n]


def _make_documents(
    rows: Rows, config: CorpusConfig, files: FilesRule, seen: SeenIds, counts: Counter[str], *, file_number: int
) -> Iterator[DocumentRow | Refused]:
    """Each row as a document, or refused; `seen` has the ids and contents of the documents of all files.

    `counts` counts the rows of `REMARKS`.
    """
    perspectives = {clean_name(outlet): perspective for outlet, perspective in config.perspectives.items()}
    rules = dict(files.columns)
    rules.setdefault("text", ColumnRule(column="text"))
    states_language = any("language" in rule.columns for rule in config.rules)
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
        if not problem and document_id and document_id in seen:
            problem = f"the document_id {document_id[:_SHOWN]!r} occurs a second time"
        if problem:
            yield Refused(row.file, row.line, problem, _make_excerpt(row))
            continue
        title, url = _clean_line(values.get("title", "")), values.get("url", "").strip()
        content = short_hash(config.corpus, values["outlet"], values.get("published", ""), title, url, values["text"])
        counts["identical"] += seen.add(f"{_CONTENT}{content}") > 0
        document_id = document_id or content
        if n_before := seen.add(document_id):
            document_id = f"{document_id}-{n_before + 1}"
        ours = {
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
        }
        if states_language:  # by another file, perhaps
            ours["language"] = values.get("language", "").strip()
        carried = {} if config.metadata == "none" else carry_columns(row.values, taken, united)
        if TRANSLATION in rules:
            carried = {TRANSLATION: clean_text(values[TRANSLATION]), **carried}
        yield DocumentRow(ours, carried, file_number)


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
