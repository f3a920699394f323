"""Human labels of a corpus: its gold passages, what each coder said, and where they come from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classified_files import gold_of, passages_of
from framing.codebook import Codebook
from framing.corpus import CorpusConfig
from framing.corpus.config import GoldRule
from framing.errors import InputError
from framing.reliability import codings_of
from framing.settings import Settings

__all__ = ["Gold", "find_gold", "gold_file", "read_gold"]


@dataclass(frozen=True)
class Gold:
    """Labelled passages.

    Attributes
    ----------
    passages : passage_id, document_id, outlet, published, text and the label columns, n rows.
    labels : shape (n, K). `codings` : shape (C, n, K), NaN where a coder did not see a passage; None without coders.
    coders : column names, length C. `refused` : rows that could not be read. `sha256` : of the file.
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
    data = data_path or os.environ.get("FRAMING_DATA", "")
    every = [*bases, *([Path(data) / path, Path(data)] if data else [])]
    places = list(dict.fromkeys((base / file).resolve() for base in every))
    for place in places:
        if place.is_file():
            return place
    raise InputError(
        f"There is no file of human labels {' or '.join(map(str, places))}. Name it with --set gold=FILE, "
        "or under gold: in corpus.yaml."
    )


def read_gold(settings: Settings, config: CorpusConfig, folder: Path, codebook: Codebook) -> Gold | None:
    """Human labels of the settings' corpus, or None; raises `InputError` for labels that the codebook lacks.

    In a file given with the settings the columns are `text` and `frames`; columns `coder_…` are the coders'.
    """
    found = gold_file(settings, config, folder, codebook)
    if found is None:
        return None
    path, rule = found
    coders = rule.coders or (_coder_columns(path) if settings.gold else ())
    passages, refused = passages_of(path, text_column=rule.text, extra=[rule.labels, *coders])
    labels = gold_of(passages, rule.labels, codebook, source=path.name)
    codings = codings_of(passages, list(coders), codebook, source=path.name) if len(coders) > 1 else None
    return Gold(
        passages=passages.reset_index(drop=True),
        labels=labels,
        codings=codings,
        coders=tuple(coders),
        refused=refused,
        name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        sampling=rule.sampling,
    )


def _coder_columns(path: Path) -> tuple[str, ...]:
    from framing.corpus.formats import Refused, format_of, read_rows

    for item in read_rows(path, kind=format_of(path), needed=[]):
        if not isinstance(item, Refused):
            return tuple(name for name in item.values if name.startswith("coder_"))
    return ()
