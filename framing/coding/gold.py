"""Human labels of a corpus: its gold passages, what each coder said, and where they come from."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.coding.labels import codings_of, gold_of
from framing.corpus import CorpusConfig
from framing.corpus.config import GoldRule, data_folders
from framing.corpus.rows import read_passages
from framing.errors import InputError
from framing.files.spreadsheets import restored
from framing.settings import Settings

__all__ = [
    "PROBABILITY",
    "STRATUM",
    "UNIT",
    "Gold",
    "file_sha256",
    "find_gold",
    "gold_file",
    "read_gold",
    "read_labels",
]

PROBABILITY, STRATUM, UNIT = "inclusion_probability", "stratum", "unit"  # columns read where nothing else is named

_IDENTITY = ("passage_id", "document_id", "group", "outlet", "text")


@dataclass(frozen=True)
class Gold:
    """Labelled passages.

    Attributes
    ----------
    passages : passage_id, document_id, outlet, published, text and the label columns, n rows.
    labels : shape (n, K). `codings` : shape (C, n, K), NaN where a coder did not see a passage; None without coders.
    coders : column names, length C. `refused` : rows that could not be read. `sha256` : of the file.
    probabilities : shape (n,), in (0, 1], the chance with which each passage was drawn for coding; None where the file
        does not say. `strata` : shape (n,), names of the strata drawn from, or None.
    unit : `passage` or `document`, what was drawn; of a document all passages are drawn together.
    """

    passages: pd.DataFrame
    labels: NDArray[np.bool_]
    codings: NDArray[np.float64] | None
    coders: tuple[str, ...]
    refused: pd.DataFrame
    name: str
    sha256: str
    sampling: str
    probabilities: NDArray[np.float64] | None = None
    strata: NDArray[np.object_] | None = None
    unit: str = "passage"

    @property
    def fingerprint(self) -> str:
        """sha256 of the labels as they were read: changes with the columns that were read, not with `sampling`."""
        content = hashlib.sha256(self.passages[list(_IDENTITY)].to_json(orient="values").encode())
        given = [None if values is None else values.tolist() for values in (self.probabilities, self.strata)]
        facts = [self.name, self.unit, len(self.refused), self.labels.tolist(), *given]
        content.update(json.dumps(facts).encode())
        return content.hexdigest()


def gold_file(
    settings: Settings, config: CorpusConfig, folder: Path, codebook: Codebook
) -> tuple[Path, GoldRule] | None:
    """Path and columns of the human labels, or None where neither the settings nor the corpus name any.

    Labels that corpus.yaml says are of another codebook do not count. A file that the settings name is looked for from
    the current folder on, then, like one that corpus.yaml names, in the corpus folder, then in the data folder
    (`data_path`, else FRAMING_DATA; there below the corpus's `path` too). Raises `InputError` for a file that is not
    there, naming the places.
    """
    rule = config.gold
    if rule is not None and rule.codebook not in ("", codebook.codebook):
        rule = None
    if settings.gold:
        rule = GoldRule(file=settings.gold)
    if rule is None:
        return None
    bases = [Path.cwd()] * bool(settings.gold) + [folder]
    return find_gold(rule.file, bases, path=config.path, data_path=settings.data_path), rule


def find_gold(file: str, bases: Sequence[Path], *, path: str, data_path: str = "") -> Path:
    """The file of human labels in the first of `bases` that has it, else in the data folder; absolute.

    `path` is the corpus's below the data folder. Raises `InputError` naming the places looked at.
    """
    every = [*bases, *data_folders(path, data_path=data_path)]
    places = list(dict.fromkeys((base / file).resolve() for base in every))
    for place in places:
        if place.is_file():
            return place
    raise InputError(
        f"There is no file of human labels {' or '.join(map(str, places))}. Name it with the setting gold, "
        "or under gold: in corpus.yaml."
    )


def read_gold(settings: Settings, config: CorpusConfig, folder: Path, codebook: Codebook) -> Gold | None:
    """Human labels of the settings' corpus, or None: `gold_file`, then `read_labels`.

    Raises
    ------
    InputError
        As those two do.
    """
    found = gold_file(settings, config, folder, codebook)
    return None if found is None else read_labels(*found, codebook, given=bool(settings.gold))


def read_labels(path: Path, rule: GoldRule, codebook: Codebook, *, given: bool) -> Gold:
    """Human labels of one file.

    Parameters
    ----------
    path : Path
        The file.
    rule : GoldRule
        Its columns. In any file `inclusion_probability`, `stratum` and `unit` are what `framing gold` writes there,
        unless the rule names other columns.
    codebook : Codebook
        Whose frames the labels name.
    given : bool
        Whether the settings name the file: its columns are then `text` and `frames`, and columns `coder_…` are the
        coders'.

    Returns
    -------
    Gold
        n labelled passages.

    Raises
    ------
    InputError
        For labels that the codebook lacks; for a probability that is no number above 0 and at most 1, a stratum
        without a name, a unit that is neither passage nor document, with file and line; for passages of a document
        that was drawn as one but has several probabilities or strata.
    """
    sha256 = file_sha256(path)
    present = _columns(path)
    coders = rule.coders or (tuple(name for name in present if name.startswith("coder_")) if given else ())
    probability = rule.probability or (PROBABILITY if PROBABILITY in present else "")
    stratum = rule.stratum or (STRATUM if STRATUM in present else "")
    unit = UNIT if "unit" not in rule.model_fields_set and UNIT in present else ""
    named = [name for name in (probability, stratum, unit) if name]
    passages, refused = read_passages(path, text_column=rule.text, extra=[rule.labels, *coders, *named])
    passages = passages.reset_index(drop=True)
    passages["text"] = [restored(text) for text in passages["text"]]
    labels = gold_of(passages, rule.labels, codebook, source=path.name)
    codings = codings_of(passages, list(coders), codebook, source=path.name) if len(coders) > 1 else None
    gold = Gold(
        passages=passages,
        labels=labels,
        codings=codings,
        coders=tuple(coders),
        refused=refused,
        name=path.name,
        sha256=sha256,
        sampling=rule.sampling,
        probabilities=_probabilities(passages, probability, path.name) if probability else None,
        strata=_strata(passages, stratum, path.name) if stratum else None,
        unit=_unit(passages, unit, path.name) if unit else rule.unit,
    )
    _check_documents(gold)
    return gold


def file_sha256(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _columns(path: Path) -> tuple[str, ...]:
    """Columns of the first row; no further row is read, so that what is needed is known before the file is parsed."""
    from framing.corpus.formats import Refused, find_format, read_rows

    for item in read_rows(path, kind=find_format(path), needed=[]):
        if not isinstance(item, Refused):
            return tuple(item.values)
    return ()


def _probabilities(passages: pd.DataFrame, column: str, source: str) -> NDArray[np.float64]:
    found = np.empty(len(passages))
    for row, (cell, line) in enumerate(zip(passages[column], passages["file_line"], strict=True)):
        try:
            found[row] = float(cell)
        except ValueError:
            found[row] = math.nan
        if not 0 < found[row] <= 1:  # also where it is no number
            raise InputError(
                f"{source}, line {line}: {column} is {str(cell)!r}; expected the chance with which the passage was "
                "drawn, above 0 and at most 1, for instance 0.25."
            )
    return found


def _strata(passages: pd.DataFrame, column: str, source: str) -> NDArray[np.object_]:
    found = np.array([str(cell).strip() for cell in passages[column]], dtype=object)
    if (found == "").any():
        line = passages["file_line"][int(np.flatnonzero(found == "")[0])]
        raise InputError(f"{source}, line {line}: {column} is empty; expected the name of the stratum drawn from.")
    return found


def _unit(passages: pd.DataFrame, column: str, source: str) -> str:
    cells = [str(cell).strip() for cell in passages[column]]
    for cell, line in zip(cells, passages["file_line"], strict=True):
        if cell not in ("passage", "document") or cell != cells[0]:
            raise InputError(
                f"{source}, line {line}: {column} is {cell!r}; expected passage or document, the same in every row."
            )
    return cells[0]


def _check_documents(gold: Gold) -> None:
    """What was drawn as one has one chance and one stratum."""
    if gold.unit != "document":
        return
    for values, what in ((gold.probabilities, "probabilities"), (gold.strata, "strata")):
        if values is None:
            continue
        several = pd.Series(values).groupby(gold.passages["document_id"].to_numpy()).nunique() > 1
        if several.any():
            raise InputError(
                f"{gold.name}: the document {several.idxmax()!r} has several {what}, but documents were drawn whole "
                "(unit: document). Correct the file, or the unit."
            )
