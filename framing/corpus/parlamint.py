"""Speeches of the ParlaMint corpora: a text file a session, and the table of its metadata beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO

from framing.corpus.containers import MAX_LINE_CHARACTERS, OVERLONG, open_streams, read_lines, reread_lines
from framing.corpus.records import EXCERPT, Refused, Row, Rows, check_columns
from framing.corpus.text_tables import read_delimited

__all__ = ["NO_PARTY", "find_metadata", "read_parlamint"]

_FIELDS = ("text", "title", "outlet", "published", "language", "author", "document_id", "url")
NO_PARTY = "no party"  # outlet of a speaker whose party the metadata do not name
_TABLE = re.compile(r"(?P<session>.+?)(?P<kind>(?:-ana)?-meta(?:-en)?)\.tsv(?:\.gz)?$", re.IGNORECASE)
_TEXT = re.compile(r"(?P<session>.+)\.txt(?:\.gz)?$", re.IGNORECASE)
_KINDS = (
    "-meta-en",
    "-meta",
    "-ana-meta-en",
    "-ana-meta",
)  # the English one first: its values are those of all corpora
_DAY = re.compile(r"_(\d{4}-\d\d-\d\d)(?!\d)")
_NONE = "-"  # how the tables write that there is no value
_NO_SPEECH = "no speech in the file: expected lines of an id, a tab and a text (the .txt of a ParlaMint corpus)"

Table = Sequence[Row | Refused]


def read_parlamint(path: Path, needed: Sequence[str], encoding: str) -> Rows:
    """Rows of a session of a ParlaMint corpus, or of all sessions in a .zip archive.

    Parameters
    ----------
    path : Path
        Text file with a line a speech: its id, a tab, its text. The table of metadata has the same name with
        `-meta-en.tsv` or `-meta.tsv` at its end and lies beside it. A table itself gives only the speeches that have
        no text file.
    needed : sequence of str
        Fields that are read.
    encoding : str
        Character encoding.

    Yields
    ------
    Row or Refused
        One a speech. The row has `text, title, outlet, published, language, author, document_id, url` and the columns
        of the metadata by their own names. Refused is a speech without metadata, and one that the metadata name and
        the text file lacks.

    Raises
    ------
    InputError
        If a file cannot be read, or no speech has a needed field.
    """
    fields = set(_FIELDS)
    n_rows = 0
    for item in _read_sessions(path, encoding):
        if isinstance(item, Row):
            n_rows += 1
            fields.update(item.values)
            item = Row(item.file, item.line, dict.fromkeys(needed, "") | item.values)
        yield item
    if n_rows:
        check_columns(path.name, sorted(fields), needed)


def find_metadata(path: Path) -> Path | None:
    """Find the table of metadata beside a text file.

    Parameters
    ----------
    path : Path
        Text file of a session.

    Returns
    -------
    Path or None
        The table in English where there is one, else the one in the language of the corpus; None where there is none,
        or the file is no text file.
    """
    text = _TEXT.match(path.name)
    candidates = [f"{text['session']}{kind}.tsv{gz}" for kind in _KINDS for gz in ("", ".gz")] if text else []
    return next((path.with_name(name) for name in candidates if path.with_name(name).is_file()), None)


def _read_sessions(path: Path, encoding: str) -> Rows:
    in_archive = path.suffix.lower() == ".zip"
    tables: dict[str, dict[str, Table]] = {}  # by session and kind; in an archive they come before their text
    texts: set[str] = set()
    for name, stream in open_streams(path):
        table = _TABLE.match(name)
        if table:
            tables.setdefault(table["session"], {})[table["kind"].lower()] = _read_table(stream, name, encoding)
            continue
        text = _TEXT.match(name)
        session = text["session"] if text else name
        texts.add(session)
        if in_archive:
            yield from _join(stream, name, encoding, _choose(tables.pop(session, {})))
        else:
            beside = find_metadata(path)
            read = [_read_table(opened, found, encoding) for found, opened in open_streams(beside)] if beside else []
            yield from _join(stream, name, encoding, read[0] if read else None)
    for session, kinds in tables.items():
        if session not in texts and (in_archive or not _has_text(path, session)):
            yield from _refuse_rest(_choose(kinds) or (), f"there is no text file {Path(session).name}.txt beside it")


def _has_text(path: Path, session: str) -> bool:
    return any(path.with_name(f"{session}.txt{gz}").is_file() for gz in ("", ".gz"))


def _choose(kinds: Mapping[str, Table]) -> Table | None:
    return next((kinds[kind] for kind in _KINDS if kind in kinds), None)


def _read_table(stream: IO[bytes], name: str, encoding: str) -> Table:
    reopen = partial(reread_lines, stream, name=name, encoding=encoding)
    return list(read_delimited(reopen, name, ["ID"], separator="\t", usual="\t", quoting="none", depth=1, notes=[]))


def _join(stream: IO[bytes], name: str, encoding: str, table: Table | None) -> Rows:
    """Speeches of a text file with their metadata; then what the table has beyond them."""
    by_id: dict[str, Row] = {}
    rest: list[Row | Refused] = []  # rows of the table that cannot be joined
    for item in table or ():
        if isinstance(item, Row) and (key := _plain_id(item.values["ID"])) and key not in by_id:
            by_id[key] = item
        else:
            rest.append(item)
    lines = [
        (number, line.rstrip("\r\n"))
        for number, line in enumerate(read_lines(stream, name=name, encoding=encoding), start=1)
        if line.strip()
    ]
    if not any("\t" in line for _, line in lines) or lines[0][1].startswith("<"):  # also TEI, indented with tabs
        excerpt = lines[0][1][:EXCERPT] if lines else ""
        yield Refused(name, 1, _NO_SPEECH, excerpt)
        lines = []
    missing = "the metadata have no row of this speech" if table is not None else _describe_missing(name)
    joined: set[str] = set()
    for number, line in lines:
        speech_id, tab, text = line.partition("\t")
        key = _plain_id(speech_id)
        if OVERLONG in line:
            yield Refused(name, number, f"a line longer than {MAX_LINE_CHARACTERS} characters")
        elif not tab:
            yield Refused(name, number, "expected an id, a tab and the text of a speech", line[:EXCERPT])
        elif key in joined:
            yield Refused(name, number, f"the speech {speech_id.strip()[:EXCERPT]} stands twice", text[:EXCERPT])
        elif key not in by_id:
            yield Refused(name, number, missing, line[:EXCERPT])
        else:
            joined.add(key)
            yield _make_row(name, number, text, by_id[key].values)
    left = [row for key, row in by_id.items() if key not in joined]
    yield from _refuse_rest([*left, *rest], f"{Path(name).name} has no such speech")


def _describe_missing(name: str) -> str:
    session = Path(name).name.removesuffix(".gz").rpartition(".")[0]
    return f"there are no metadata: expected {session}-meta-en.tsv or {session}-meta.tsv beside the text"


def _refuse_rest(table: Table, reason: str) -> Iterator[Refused]:
    for item in table:
        if isinstance(item, Refused):
            yield item
        else:
            speech_id = item.values["ID"].strip()
            why = f"metadata of the speech {speech_id[:EXCERPT]}: {reason}" if speech_id else "metadata without an ID"
            yield Refused(item.file, item.line, why, " | ".join(filter(None, item.values.values()))[:EXCERPT])


def _plain_id(text: str) -> str:
    """Id without the mark of the annotated corpora, whose tables are also given with the texts."""
    return text.strip().replace(".ana.", ".")


def _find_day(speech_id: str) -> str:
    """Day of the session, which is a part of its name."""
    found = _DAY.search(speech_id)
    return found[1] if found else ""


def _make_row(name: str, line: int, text: str, metadata: Mapping[str, str]) -> Row:
    values = {key: "" if value.strip() == _NONE else value.strip() for key, value in metadata.items() if key}
    ours = {
        "text": text.strip(),
        "title": values.get("Title", ""),
        "outlet": values.get("Speaker_party_name", "") or values.get("Speaker_party", "") or NO_PARTY,
        "published": values.get("Date", "") or values.get("From", "") or _find_day(values["ID"]),
        "language": values.get("Lang", ""),
        "author": values.get("Speaker_name", ""),
        "document_id": values["ID"],
        "url": "",
    }
    return Row(name, line, values | ours)
