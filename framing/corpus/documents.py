"""Documents of a corpus: the rows of its files, each a document or in the quarantine with file, line and reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from framing.corpus.cleaning import LONE_SURROGATE, clean_text, has_lone_surrogate
from framing.corpus.config import SHAPES_DOCUMENTS, ColumnRule, CorpusConfig, find_files, read_config
from framing.corpus.formats import read_rows
from framing.corpus.language import detect_languages
from framing.corpus.records import EXCERPT, Refused, Row, Rows, quarantine_table, short_hash
from framing.errors import InputError
from framing.tables import DOCUMENTS

__all__ = ["Corpus", "corpus_fingerprint", "read_corpus"]

_SHOWN = 40  # characters of a wrong value in a message


@dataclass(frozen=True)
class Corpus:
    """A corpus as it was read.

    Attributes
    ----------
    config : CorpusConfig
        Parsed corpus.yaml.
    documents : DataFrame
        One row a document, columns `framing.tables.DOCUMENTS`.
    quarantine : DataFrame
        One row a refused row, columns `framing.tables.QUARANTINE`.
    files : DataFrame
        One row a file: `file, sha256, n_bytes, n_rows, n_kept, n_refused`; rows are kept or refused.
    hash : str
        sha256 over the contents of the files and the settings that shape the documents.
    """

    config: CorpusConfig
    documents: pd.DataFrame
    quarantine: pd.DataFrame
    files: pd.DataFrame
    hash: str


def corpus_fingerprint(folder: Path, *, data_path: str = "") -> str:
    """Compute `Corpus.hash` without parsing the files.

    Parameters
    ----------
    folder : Path
        Folder with a corpus.yaml.
    data_path : str, default ""
        Folder of the files, over the environment variable FRAMING_DATA.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    InputError
        If corpus.yaml is wrong, or there are no files.
    """
    config = read_config(folder)
    return _hash_corpus(config, {path: _hash_file(path) for path in find_files(config, folder, data_path=data_path)})


def _hash_corpus(config: CorpusConfig, digests: dict[Path, str]) -> str:
    # where it is not set it is left out, so that the hash of a corpus stays that of before there was this key
    shaping = set(SHAPES_DOCUMENTS) - (set() if config.records else {"records"})
    settings = config.model_dump_json(include=shaping)
    parts = list(digests.values())
    if config.format in ("txt", "html"):  # where columns may come from the file's name and folder
        parts = [f"{digest} {path.parent.name}/{path.name}" for path, digest in digests.items()]
    return hashlib.sha256("\n".join([settings, *sorted(parts)]).encode("utf-8", "replace")).hexdigest()


def _hash_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
        `documents` with the columns `framing.tables.DOCUMENTS`; `published` is a timestamp or NaT,
        all else text, empty where the source has none. `quarantine` has one row a refused row.

    Raises
    ------
    InputError
        A missing column, an unreadable file or encoding, or no document at all.
    """
    folder = Path(folder)
    config = read_config(folder)
    needed = sorted({name for rule in config.columns.values() for name in rule.columns})
    rows: list[dict[str, object]] = []
    refused: list[Refused] = []
    files = []
    digests: dict[Path, str] = {}
    n_with_id: Counter[str] = Counter()
    for path in find_files(config, folder, data_path=data_path):
        n_rows_before, n_refused_before = len(rows), len(refused)
        read = read_rows(
            path,
            kind=config.format,
            needed=needed,
            encoding=config.encoding,
            quoting=config.quoting,
            records=config.records,
        )
        for item in _make_documents(read, config, n_with_id):
            if isinstance(item, Refused):
                refused.append(item)
            else:
                rows.append(item)
        n_kept, n_refused = len(rows) - n_rows_before, len(refused) - n_refused_before
        digests[path] = _hash_file(path)
        files.append(
            {
                "file": path.name,
                "sha256": digests[path],
                "n_bytes": path.stat().st_size,
                "n_rows": n_kept + n_refused,
                "n_kept": n_kept,
                "n_refused": n_refused,
            }
        )
    quarantine = quarantine_table(refused)
    if not rows:
        reasons = quarantine["reason"].value_counts()
        why = f" {len(quarantine)} rows were refused, most often: {reasons.index[0]}." if len(reasons) else ""
        raise InputError(f"Corpus {config.corpus} is empty: no row of {len(files)} file(s) could be used.{why}")
    documents = pd.DataFrame(rows)
    documents["language"] = detect_languages(documents["text"])
    documents["published"] = pd.to_datetime(documents["published"])
    return Corpus(
        config=config,
        documents=documents[list(DOCUMENTS)],
        quarantine=quarantine,
        files=pd.DataFrame(files),
        hash=_hash_corpus(config, digests),
    )


def _make_documents(rows: Rows, config: CorpusConfig, n_with_id: Counter[str]) -> Iterator[dict[str, object] | Refused]:
    """Each row as a document, or refused; `n_with_id` counts the documents of an id over all files."""
    rules = dict(config.columns)
    rules.setdefault("text", ColumnRule(column="text"))
    for row in rows:
        if isinstance(row, Refused):
            yield row
            continue
        values = {column: _apply_rule(rule, row.values) for column, rule in rules.items()}
        values["text"] = clean_text(values["text"])
        values["outlet"] = _clean_line(values["outlet"])
        published = None
        if values.get("published"):
            published = _read_date(values["published"], rules["published"].format)
        document_id = values.get("document_id", "").strip()
        problem = _find_problem(values, published, rules)
        if not problem and document_id and n_with_id[document_id]:
            problem = f"the document_id {document_id[:_SHOWN]!r} occurs a second time"
        if problem:
            yield Refused(row.file, row.line, problem, _make_excerpt(row))
            continue
        title, url = _clean_line(values.get("title", "")), values.get("url", "").strip()
        document_id = document_id or short_hash(
            config.corpus, values["outlet"], values.get("published", ""), title, url, values["text"]
        )
        n_with_id[document_id] += 1
        if n_with_id[document_id] > 1:
            document_id = f"{document_id}-{n_with_id[document_id]}"
        yield {
            "document_id": document_id,
            "corpus": config.corpus,
            "outlet": values["outlet"],
            "perspective": config.perspectives.get(values["outlet"], ""),
            "published": published,
            "title": title,
            "url": url,
            "text": values["text"],
            "event": values.get("event", "").strip(),
            "file": row.file,
            "line": row.line,
        }


def _find_problem(values: dict[str, str], published: datetime | None, rules: dict[str, ColumnRule]) -> str:
    """Why the values make no document; empty where they do."""
    if not values["text"]:
        return "no text"
    if not values["outlet"]:
        return "no outlet"
    if has_lone_surrogate(values.values()):
        return LONE_SURROGATE
    if values.get("published") and published is None:
        formats = " or ".join(rules["published"].format) or "ISO 8601"
        return f"the date {values['published'][:_SHOWN]!r} is not of the form {formats}"
    return ""


def _apply_rule(rule: ColumnRule, values: dict[str, str]) -> str:
    if rule.constant is not None:
        return rule.constant
    return "\n\n".join(part for name in rule.columns if (part := values.get(name, "").strip()))


def _read_date(text: str, formats: Sequence[str]) -> datetime | None:
    """Date in the first of the formats that fits, by default ISO 8601; None where none does."""
    for form in formats or ("",):
        try:
            when = datetime.strptime(text.strip(), form) if form else datetime.fromisoformat(text.strip())
            # universal time: the machine's zone would put one article on different days
            return when if when.tzinfo is None else when.astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            continue
    return None


def _clean_line(text: str) -> str:
    """A clean text on one line."""
    return " ".join(clean_text(text).split())


def _make_excerpt(row: Row) -> str:
    joined = " | ".join(value for value in row.values.values() if value)[:EXCERPT]
    return joined.encode("utf-8", "replace").decode()
