"""Files of the classified parts, and the list that must match them and what was read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from framing.analysis.part_documents import ReadParts
from framing.errors import FramingError
from framing.files.damage import DamageError
from framing.files.sealed import read_sealed, write_sealed
from framing.files.whole import remove_place, write_whole

__all__ = ["MANIFEST", "PartFacts", "check_parts", "read_facts", "write_part"]

MANIFEST = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class PartFacts:
    """Counts of a part whose passages are classified.

    Attributes
    ----------
    file : str
        Name of its file.
    n_documents : int
        Its documents.
    n_passages : int
        Its passages: rows of the file.
    n_long : int
        Passages that are longer than what the model reads at once.
    n_abstained : int
        Decisions that are abstentions.
    has_return : bool
        Whether a text has a carriage return, so that all texts of a CSV file are quoted.
    languages : dict of str to int
        Documents by detected language.
    unscored : list of list of str
        Passages without a score, which are no rows of the file: id, document, reason and start of the text.
    """

    file: str
    n_documents: int
    n_passages: int
    n_long: int
    n_abstained: int
    has_return: bool
    languages: dict[str, int] = field(default_factory=dict)
    unscored: list[list[str]] = field(default_factory=list)


def write_part(path: Path, table: Any, facts: PartFacts) -> None:
    """Write a part, whole or not at all, with its counts in its metadata.

    Parameters
    ----------
    path : Path
        The file.
    table : pyarrow.Table
        A row a passage.
    facts : PartFacts
        Its counts.
    """
    if path.is_dir():
        remove_place(path)
    write_sealed(path, table, asdict(facts))


def read_facts(path: Path) -> PartFacts | None:
    """Read the counts of a part that is finished.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    PartFacts or None
        None where there is no such file, or a bit of it is not as it was written.
    """
    try:
        facts = PartFacts(**read_sealed(path).facts)
    except (DamageError, TypeError):
        return None
    return facts if facts.file == path.name else None


def check_parts(folder: Path, read: ReadParts, parts: Iterable[PartFacts]) -> None:
    """Check the files of all parts against their counts and the rows that were read; write the list of them last.

    Parameters
    ----------
    folder : Path
        Folder of the files.
    read : ReadParts
        The documents.
    parts : iterable of PartFacts
        Counts as they were reported, in the order of the parts.

    Raises
    ------
    FramingError
        If a file is missing or holds other rows than were reported, or documents were lost or doubled.
    """
    listed = list(parts)
    wrong = [facts.file for facts in listed if read_facts(folder / facts.file) != facts]
    if wrong:
        raise FramingError(
            f"{folder}: {len(wrong)} part(s) such as {wrong[0]} are not as they were written. Run the same command "
            "again: they are computed anew. If that happens again, the disk is at fault."
        )
    outline = read.outline
    n_read, n_kept = sum(outline.n_documents), sum(facts.n_documents for facts in listed)
    doubled = len(listed) - len({facts.file for facts in listed})
    if len(listed) != len(outline.n_documents) or doubled or n_kept + outline.n_left_out != n_read:
        raise FramingError(
            f"{folder}: {n_read} documents were read, and {n_kept} are in {len(listed)} parts of "
            f"{len(outline.n_documents)}, {outline.n_left_out} left out. Delete the folder and run the command again."
        )
    manifest = {
        "rows_in": n_read + outline.n_refused,
        "rows_kept": n_kept,
        "rows_left_out": outline.n_left_out,
        "rows_refused": outline.n_refused,
        "passages": sum(facts.n_passages for facts in listed),
        "passages_without_score": sum(len(facts.unscored) for facts in listed),
        "parts": [asdict(facts) for facts in listed],
    }
    write_whole(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
