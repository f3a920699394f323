"""Decisions of a coder in one SQLite file: on the disk before the next passage shows, and never overwritten.

Each decision is a new row; the last row of a passage counts, and undoing adds the state before as a row. So a file has
the history of the coding, too. Decisions go through a write-ahead log, which takes one flush of the disk each; `tidy`
moves them into the file itself, so that between two sittings the file can be copied or sent without a companion.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

from framing.coding.decision_rows import parse_decision, parse_draft, refuse_file
from framing.coding.decisions import About, Decision
from framing.errors import InputError
from framing.files.filesystems import is_on_network

__all__ = ["DecisionFile"]

_FORMAT = "framing decisions 1"
_TIMEOUT = 10  # seconds to wait for another writer
_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE passages (passage_id TEXT PRIMARY KEY, place TEXT NOT NULL, text TEXT NOT NULL, number INTEGER NOT NULL);
CREATE TABLE decisions (
  number INTEGER PRIMARY KEY AUTOINCREMENT, passage_id TEXT NOT NULL REFERENCES passages, state TEXT NOT NULL,
  frames TEXT NOT NULL, unsure INTEGER NOT NULL, remark TEXT NOT NULL, spans TEXT NOT NULL, seconds REAL NOT NULL,
  decided_at TEXT NOT NULL, undoes INTEGER
);
CREATE INDEX by_passage ON decisions (passage_id, number);
CREATE TABLE drafts (passage_id TEXT PRIMARY KEY, content TEXT NOT NULL);
"""


class DecisionFile:
    """A file of decisions, open until `close`; any thread may use it, one at a time.

    Parameters
    ----------
    path : Path
        A file that is there; `create` makes one.

    Attributes
    ----------
    path : Path
        The file.
    about : About
        What it is about.

    Raises
    ------
    InputError
        If it is missing, no file of decisions, or damaged: every row is checked.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise InputError(f"There is no file {path}.")
        try:
            with ExitStack() as opened:
                self._connection = opened.enter_context(closing(_connect(path)))
                self.about = self._read_about()
                self._check_rows()
                opened.pop_all()  # it stays open
        except (sqlite3.Error, ValueError) as error:
            raise refuse_file(path, f"{error}") from None

    @classmethod
    def create(cls, path: Path, about: About, passages: Iterable[tuple[str, str, str]]) -> DecisionFile:
        """Make a file without decisions.

        Parameters
        ----------
        path : Path
            A new file; its folder is made where it is missing.
        about : About
            What it is about.
        passages : iterable of tuple of str
            passage_id, place and text of the passages, in the coder's order.

        Returns
        -------
        DecisionFile
            The file.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        work = path.with_name(f".{path.name}.making")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            work.unlink(missing_ok=True)
            with closing(_connect(work, create=True)) as connection:
                connection.executescript(f"BEGIN; {_SCHEMA}")
                values = {"format": _FORMAT, **vars(about)}
                connection.executemany("INSERT INTO about VALUES (?, ?)", values.items())
                rows = [(*passage, number) for number, passage in enumerate(passages, start=1)]
                connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", rows)
                connection.execute("COMMIT")
            work.replace(path)
        except (OSError, sqlite3.Error) as error:
            raise InputError(f"{path} cannot be written: {error}.") from None
        return cls(path)

    def tidy(self) -> None:
        """Move what was decided from the log into the file itself; where somebody reads it just now, later."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file, which is then without a log."""
        self._connection.close()

    def __enter__(self) -> DecisionFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def passages(self) -> dict[str, tuple[str, str]]:
        """Place and text of each passage by its id, in the coder's order."""
        rows = self._connection.execute("SELECT passage_id, place, text FROM passages ORDER BY number")
        return {passage_id: (place, text) for passage_id, place, text in rows}

    def add(self, decision: Decision, *, undoes: int | None = None) -> Decision:
        """Store a decision; when this returns, it is on the disk.

        Parameters
        ----------
        decision : Decision
            The decision; without `decided_at` it is one of now.
        undoes : int, optional
            Number of the decision that it takes back.

        Returns
        -------
        Decision
            The decision with its number and time.

        Raises
        ------
        InputError
            If the disk refuses it: nothing was stored.
        """
        decided_at = decision.decided_at or datetime.now(UTC).isoformat(timespec="milliseconds")
        values = (
            decision.passage_id, decision.state, json.dumps(decision.frames), int(decision.unsure), decision.remark,
            json.dumps(decision.spans), decision.seconds, decided_at, undoes,
        )  # fmt: skip
        statement = (
            "INSERT INTO decisions (passage_id, state, frames, unsure, remark, spans, seconds, decided_at, undoes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                number = connection.execute(statement, values).lastrowid
                connection.execute("DELETE FROM drafts WHERE passage_id = ?", (decision.passage_id,))
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise InputError(f"{self.path}: the decision was not stored: {error}; save it again.") from None
        return replace(decision, number=number or 0, decided_at=decided_at)

    def undo(self) -> Decision | None:
        """Take back the last decision that was not taken back yet.

        Returns
        -------
        Decision or None
            What holds now of its passage, a new row; None where there is nothing to take back.
        """
        row = self._connection.execute(
            "SELECT number, passage_id FROM decisions WHERE undoes IS NULL "
            "AND number NOT IN (SELECT undoes FROM decisions WHERE undoes IS NOT NULL) ORDER BY number DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        number, passage_id = row
        before = [item for item in self.history(passage_id) if item.number < number]
        earlier = before[-1] if before else Decision(passage_id, state="open")
        return self.add(replace(earlier, seconds=0.0, decided_at=""), undoes=number)

    def history(self, passage_id: str = "") -> list[Decision]:
        """Every decision, also those that no longer count.

        Parameters
        ----------
        passage_id : str, default ""
            Only those on this passage.

        Returns
        -------
        list of Decision
            In the order in which they were made.
        """
        rows = self._connection.execute(
            "SELECT passage_id, state, frames, unsure, remark, spans, seconds, decided_at, number FROM decisions "
            "WHERE ? IN ('', passage_id) ORDER BY number",
            (passage_id,),
        )
        return [parse_decision(row) for row in rows]

    def latest(self) -> dict[str, Decision]:
        """What holds of each passage that was decided on, with the seconds of all its decisions.

        Returns
        -------
        dict of Decision
            By passage_id.
        """
        last: dict[str, Decision] = {}
        for decision in self.history():
            earlier = last.get(decision.passage_id)
            seconds = decision.seconds + (earlier.seconds if earlier else 0.0)
            last[decision.passage_id] = replace(decision, seconds=seconds)
        return last

    def write_draft(self, passage_id: str, content: Mapping[str, object]) -> None:
        """Keep marks that are no decision yet.

        Parameters
        ----------
        passage_id : str
            The passage.
        content : mapping
            What the screen showed; replaces what was there.
        """
        self._connection.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?)", (passage_id, json.dumps(content)))

    def drop_draft(self, passage_id: str) -> None:
        """Forget marks that are no decision.

        Parameters
        ----------
        passage_id : str
            The passage.
        """
        self._connection.execute("DELETE FROM drafts WHERE passage_id = ?", (passage_id,))

    def read_drafts(self) -> dict[str, dict[str, object]]:
        """Marks that are no decision yet.

        Returns
        -------
        dict of dict
            By passage_id.
        """
        rows: Sequence[tuple[str, str]] = self._connection.execute("SELECT passage_id, content FROM drafts").fetchall()
        return {passage_id: parse_draft(passage_id, content) for passage_id, content in rows}

    def _read_about(self) -> About:
        if self._connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise ValueError("it is damaged")
        values = dict(self._connection.execute("SELECT name, value FROM about").fetchall())
        if values.pop("format", "") != _FORMAT:
            raise ValueError("another version of framing wrote it")
        expected = [field.name for field in fields(About)]
        if set(values) != set(expected) or not all(isinstance(value, str) for value in values.values()):
            raise ValueError(
                f"its table about has {', '.join(map(str, values)) or 'nothing'}; expected texts for "
                f"{', '.join(expected)}"
            )
        return About(**values)

    def _check_rows(self) -> None:
        passages = self.passages
        for passage_id, values in passages.items():
            if not all(isinstance(value, str) for value in (passage_id, *values)):
                raise ValueError(f"the passage {passage_id!r} has no text or place")
        decided = [(f"decision {decision.number}", decision.passage_id) for decision in self.history()]
        for what, passage_id in [*decided, *(("a draft", passage_id) for passage_id in self.read_drafts())]:
            if passage_id not in passages:
                raise ValueError(f"{what} is on {passage_id!r}, which is none of its passages")


def _connect(path: Path, *, create: bool = False) -> sqlite3.Connection:
    access = "rwc" if create else "rw"
    place = f"{path.resolve().as_uri()}?mode={access}"
    connection = sqlite3.connect(place, uri=True, timeout=_TIMEOUT, isolation_level=None, check_same_thread=False)
    mode = "DELETE" if create else "TRUNCATE" if is_on_network(path.parent) else "WAL"
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute("PRAGMA synchronous=FULL")  # a decision is on the disk before the statement returns
    connection.execute("PRAGMA foreign_keys=ON")
    return connection
