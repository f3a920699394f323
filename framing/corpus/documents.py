"""Read a corpus: files to a documents table, every refused row kept with file, line and reason."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from framing.corpus.config import SHAPES_DOCUMENTS, ColumnRule, CorpusConfig, find_files, read_config
from framing.corpus.formats import Refused, Row, read_rows
from framing.corpus.language import detect_languages
from framing.errors import InputError
from framing.tables import DOCUMENTS, QUARANTINE

__all__ = ["Corpus", "clean_text", "corpus_fingerprint", "has_lone_surrogate", "read_corpus"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028]")
_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")

LONE_SURROGATE = "a lone surrogate: half a character, which no file can store"


@dataclass(frozen=True)
class Corpus:
    """What was read. `files` has one row a file: rows in = kept + refused."""

    config: CorpusConfig
    documents: pd.DataFrame
    quarantine: pd.DataFrame
    files: pd.DataFrame
    hash: str
    """sha256 over the contents of the files and the settings that shape the documents."""


def _hash(config: CorpusConfig, digests: dict[Path, str]) -> str:
    settings = config.model_dump_json(include=set(SHAPES_DOCUMENTS))
    parts = list(digests.values())
    if config.format in ("txt", "html"):  # where columns may come from the file's name and folder
        parts = [f"{digest} {path.parent.name}/{path.name}" for path, digest in digests.items()]
    return hashlib.sha256("\n".join([settings, *sorted(parts)]).encode("utf-8", "replace")).hexdigest()


def corpus_fingerprint(folder: Path, *, data_path: str = "") -> str:
    """`Corpus.hash` without parsing the files."""
    config = read_config(folder)
    return _hash(config, {path: _sha256(path) for path in find_files(config, folder, data_path=data_path)})


def read_corpus(folder: str | Path, *, data_path: str = "") -> Corpus:
    """Documents of the corpus in `folder`, one row each, and what was refused.

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
    kept: list[dict[str, object]] = []
    refused: list[Refused] = []
    files = []
    digests: dict[Path, str] = {}
    seen: Counter[str] = Counter()
    for path in find_files(config, folder, data_path=data_path):
        before = len(kept), len(refused)
        rows = read_rows(path, kind=config.format, needed=needed, encoding=config.encoding, quoting=config.quoting)
        for item in _documents(rows, config, seen):
            if isinstance(item, Refused):
                refused.append(item)
            else:
                kept.append(item)
        n_kept, n_refused = len(kept) - before[0], len(refused) - before[1]
        digests[path] = _sha256(path)
        files.append((path.name, digests[path], path.stat().st_size, n_kept + n_refused, n_kept, n_refused))
    quarantine = pd.DataFrame(
        [(item.file, item.line, item.reason, clean_text(item.excerpt)) for item in refused],
        columns=list(QUARANTINE),
    )
    if not kept:
        reasons = quarantine["reason"].value_counts()
        why = f" {len(quarantine)} rows were refused, most often: {reasons.index[0]}." if len(reasons) else ""
        raise InputError(f"Corpus {config.corpus} is empty: no row of {len(files)} file(s) could be used.{why}")
    documents = pd.DataFrame(kept)
    documents["language"] = detect_languages(documents["text"])
    documents["published"] = pd.to_datetime(documents["published"])
    return Corpus(
        config=config,
        documents=documents[list(DOCUMENTS)],
        quarantine=quarantine,
        files=pd.DataFrame(files, columns=["file", "sha256", "n_bytes", "n_rows", "n_kept", "n_refused"]),
        hash=_hash(config, digests),
    )


def _documents(
    rows: Iterator[Row | Refused], config: CorpusConfig, seen: Counter[str]
) -> Iterator[dict[str, object] | Refused]:
    rules = dict(config.columns)
    rules.setdefault("text", ColumnRule(column="text"))
    for row in rows:
        if isinstance(row, Refused):
            yield row
            continue
        values = {ours: _apply(rule, row.values) for ours, rule in rules.items()}
        text = clean_text(values["text"])
        outlet = " ".join(clean_text(values["outlet"]).split())
        problem = "no text" if not text else "no outlet" if not outlet else ""
        if not problem and has_lone_surrogate(values.values()):
            problem = LONE_SURROGATE
        published: datetime | None = None
        if not problem and values.get("published"):
            published = _date(values["published"], rules["published"].format)
            if published is None:
                form = " or ".join(rules["published"].format) or "ISO 8601"
                problem = f"the date {values['published'][:40]!r} is not of the form {form}"
        given = values.get("document_id", "").strip()
        if not problem and given and seen[given]:
            problem = f"the document_id {given[:40]!r} occurs a second time"
        if problem:
            yield Refused(row.file, row.line, problem, _excerpt(row))
            continue
        title = " ".join(clean_text(values.get("title", "")).split())
        url = values.get("url", "").strip()
        identity = given or _identity(config.corpus, outlet, values.get("published", ""), title, url, text)
        seen[identity] += 1
        if seen[identity] > 1:
            identity = f"{identity}-{seen[identity]}"
        yield {
            "document_id": identity,
            "corpus": config.corpus,
            "outlet": outlet,
            "perspective": config.perspectives.get(outlet, ""),
            "published": published,
            "title": title,
            "url": url,
            "text": text,
            "event": values.get("event", "").strip(),
            "file": row.file,
            "line": row.line,
        }


def _apply(rule: ColumnRule, values: dict[str, str]) -> str:
    if rule.constant is not None:
        return rule.constant
    return "\n\n".join(part for name in rule.columns if (part := values.get(name, "").strip()))


def _date(text: str, forms: Sequence[str]) -> datetime | None:
    for form in forms or ("",):
        try:
            when = datetime.strptime(text.strip(), form) if form else datetime.fromisoformat(text.strip())
            # universal time: the machine's own zone would put one article on different days
            return when if when.tzinfo is None else when.astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            continue
    return None


def clean_text(text: str) -> str:
    """Text in Unicode NFC with plain line ends, no control characters, hard-wrapped lines joined.

    >>> clean_text("One\\r\\n\\r\\nTwo\\x07 ")
    'One\\n\\nTwo'
    """
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n")
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text))
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r" *\n *", "\n", text)
    return _unwrap(re.sub(r"\n{3,}", "\n\n", text).strip())


def has_lone_surrogate(texts: Iterable[str]) -> bool:
    """Whether a text holds half a surrogate pair, which UTF-8 cannot store.

    >>> has_lone_surrogate(["whole", "\\ud800 half"])
    True
    """
    return any(_SURROGATE.search(text) for text in texts)


def _unwrap(text: str) -> str:
    """Join lines that were broken at a fixed width: many short lines, most not ending a sentence."""
    lines = [line for line in text.split("\n") if line]
    if len(lines) < 6:
        return text
    lengths = sorted(len(line) for line in lines)
    open_ended = sum(not _ENDS.search(line) for line in lines) / len(lines)
    if lengths[int(0.9 * len(lengths))] > 110 or lengths[len(lengths) // 2] < 25 or open_ended < 0.6:
        return text
    return re.sub(r"(?<!\n)\n(?!\n|[-•*–]\s|\d+[.)]\s)", " ", text)


def _identity(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def _excerpt(row: Row) -> str:
    joined = " | ".join(value for value in row.values.values() if value)[:200]
    return joined.encode("utf-8", "replace").decode()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
