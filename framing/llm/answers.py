"""Answers of language models, kept by the hash of model, prompt, text and parameters: no question is asked twice."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from framing.files.sqlite_file import open_damaged, open_sqlite, use_file
from framing.project import cache_folder

__all__ = ["Answer", "AnswerStore", "answers_file"]

_WHAT = "file of answers of language models"
_TABLE = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL, checksum TEXT NOT NULL)"
_AT_ONCE = 500  # keys of one query


@dataclass(frozen=True)
class Answer:
    """What is known of a question.

    Attributes
    ----------
    chosen : tuple of str
        What was answered.
    probability : float or None
        Of yes, where the question is one of yes or no and the server tells it.
    failure : str
        Why there is no answer: the model refused, or wrote something else; empty if there is one.
    model, fingerprint : str
        Name and version of the model, as the server says.
    tokens_in, tokens_out : int
        Tokens of all tries.
    content : str
        What the model wrote.
    from_store : bool
        Whether it was asked in an earlier run.
    """

    chosen: tuple[str, ...] = ()
    probability: float | None = None
    failure: str = ""
    model: str = ""
    fingerprint: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    content: str = ""
    from_store: bool = False


def answers_file() -> Path:
    """Name the file of the answers.

    Returns
    -------
    Path
        In the cache folder.
    """
    return cache_folder() / "answers.sqlite"


class AnswerStore:
    """Answers in one SQLite file, written one by one: a run that is killed loses only what was under way.

    Parameters
    ----------
    path : Path
        The file; it need not exist. Damage is mended and a file that cannot be used is done without, with a warning.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, keys: Sequence[str]) -> dict[str, Answer]:
        """Read answers.

        Parameters
        ----------
        keys : sequence of str
            Hashes of questions.

        Returns
        -------
        dict of str to Answer
            Of those questions that are known.
        """
        if not self.path.exists() or not keys:
            return {}

        def read() -> dict[str, Answer]:
            found: dict[str, Answer] = {}
            with self._open() as connection:
                for start in range(0, len(keys), _AT_ONCE):
                    part = keys[start : start + _AT_ONCE]
                    marks = ", ".join("?" * len(part))
                    rows = connection.execute(f"SELECT * FROM answers WHERE key IN ({marks})", part)
                    found |= {key: replace(answer, from_store=True) for key, answer in _parse(rows)}
            return found

        return use_file(self.path, _WHAT, read, salvage=self._salvage, otherwise={})

    def put(self, key: str, answer: Answer) -> None:
        """Store an answer; an earlier one of the same question stays.

        Parameters
        ----------
        key : str
            Hash of the question.
        answer : Answer
            What was answered.
        """
        row = _format(key, answer)
        use_file(self.path, _WHAT, lambda: self._insert([row]), salvage=self._salvage, otherwise=0)

    def _insert(self, rows: Iterable[tuple[str, str, str]]) -> int:
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            cursor = connection.executemany("INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", rows)
            connection.execute("COMMIT")
            return max(cursor.rowcount, 0)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with open_sqlite(self.path) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'answers'").fetchone():
                connection.execute(_TABLE)
            yield connection

    def _salvage(self, damaged: Path) -> int:
        rows: list[tuple[str, str, str]] = []
        with open_damaged(damaged) as connection, suppress(sqlite3.Error):
            rows += [_format(key, answer) for key, answer in _parse(connection.execute("SELECT * FROM answers"))]
        return self._insert(rows)


def _format(key: str, answer: Answer) -> tuple[str, str, str]:
    values = asdict(answer)
    del values["from_store"]
    text = json.dumps(values)  # escapes: a lone half of a letter is no UTF-8
    return key, text, _sum(key, text)


def _parse(rows: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, Answer]]:
    """Answers of rows; one that is not as it was written is asked again."""
    for key, text, checksum in rows:
        if checksum == _sum(key, text):
            values = json.loads(text)
            yield key, Answer(**{**values, "chosen": tuple(values["chosen"])})


def _sum(key: str, text: str) -> str:
    return hashlib.sha256(f"{key}\x1f{text}".encode()).hexdigest()[:16]
