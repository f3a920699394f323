"""Human labels of a corpus: its gold passages, the labels of each coder, and the file that they are from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.coding.design_columns import (
    PROBABILITY,
    STRATUM,
    UNIT,
    parse_probabilities,
    parse_speakers,
    parse_strata,
    parse_unit,
)
from framing.coding.label_files import read_header, read_label_file
from framing.corpus import CorpusConfig
from framing.corpus.config import GoldRule, data_folders
from framing.errors import InputError
from framing.files.identity import file_sha256
from framing.files.spreadsheets import restored
from framing.settings import Settings

__all__ = ["Gold", "find_gold_file", "gold_file", "read_gold", "read_labels"]


@dataclass(frozen=True)
class Gold:
    """Labelled passages.

    Attributes
    ----------
    passages : DataFrame
        passage_id, document_id, outlet, published, text and the label columns, n rows.
    labels : ndarray of bool
        Shape (n, K).
    codings : ndarray of float or None
        Labels of each coder, shape (C, n, K), NaN where a coder did not see a passage; None without two coders.
    coders : tuple of str
        Column names, length C.
    refused : DataFrame
        Rows that could not be read, and those that nobody has coded.
    name : str
        Name of the file.
    sha256 : str
        Hash of the file.
    sampling : str
        How the passages were drawn, as corpus.yaml says.
    probabilities : ndarray of float or None
        Chance with which each passage was drawn for coding, shape (n,), in (0, 1]; None where the file does not say.
    strata : ndarray of str or None
        Names of the strata drawn from, shape (n,); None where the file does not say.
    speakers : ndarray of str or None
        Speaker of each passage as coders named them, shape (n,), empty for the outlet's own voice; None where the file
        does not say.
    unit : {"passage", "document"}
        What was drawn; of a document all passages are drawn together.
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
    speakers: NDArray[np.object_] | None = None
    unit: str = "passage"


def gold_file(
    settings: Settings, config: CorpusConfig, folder: Path, codebook: Codebook
) -> tuple[Path, GoldRule] | None:
    """Path and columns of the human labels of a corpus.

    Parameters
    ----------
    settings : Settings
        Settings of the run, whose `gold` goes before the corpus's own.
    config : CorpusConfig
        Content of corpus.yaml. Labels that it says are of another codebook, or of another unit, do not count.
    folder : Path
        Folder of the corpus.
    codebook : Codebook
        Codebook of the run.

    Returns
    -------
    tuple of Path and GoldRule or None
        None where neither the settings nor the corpus name a file.

    Raises
    ------
    InputError
        For a file that does not exist, naming the places.

    Notes
    -----
    A file that the settings name is looked for from the current folder on, then, like one that corpus.yaml names, in
    the corpus folder, then in the data folder (`data_path`, else FRAMING_DATA; there below the corpus's `path` too).
    """
    rule = config.gold
    if rule is not None and (rule.codebook not in ("", codebook.codebook) or rule.coded not in ("", codebook.unit)):
        rule = None
    if settings.gold:
        rule = GoldRule(file=settings.gold)
    if rule is None:
        return None
    bases = [Path.cwd()] * bool(settings.gold) + [folder]
    return find_gold_file(rule.file, bases, path=config.path, data_path=settings.data_path), rule


def find_gold_file(file: str, bases: Sequence[Path], *, path: str, data_path: str = "") -> Path:
    """Find a file of human labels.

    Parameters
    ----------
    file : str
        Its name, relative to one of the folders.
    bases : sequence of Path
        Folders to look in first.
    path : str
        The corpus's `path` below the data folder.
    data_path : str, default ""
        The data folder; empty: FRAMING_DATA.

    Returns
    -------
    Path
        The first that exists, absolute.

    Raises
    ------
    InputError
        Naming the places where there is none.
    """
    folders = [*bases, *data_folders(path, data_path=data_path)]
    places = list(dict.fromkeys((folder / file).resolve() for folder in folders))
    for place in places:
        if place.is_file():
            return place
    raise InputError(
        f"There is no file of human labels {' or '.join(map(str, places))}. Name it with the setting gold, "
        "or under gold: in corpus.yaml."
    )


def read_gold(settings: Settings, config: CorpusConfig, folder: Path, codebook: Codebook) -> Gold | None:
    """Human labels of the settings' corpus: `gold_file`, then `read_labels`.

    Parameters
    ----------
    settings : Settings
        Settings of the run.
    config : CorpusConfig
        Content of corpus.yaml.
    folder : Path
        Folder of the corpus.
    codebook : Codebook
        Codebook of the run.

    Returns
    -------
    Gold or None
        None where there are no labels.

    Raises
    ------
    InputError
        As those two do.
    """
    source = gold_file(settings, config, folder, codebook)
    return None if source is None else read_labels(*source, codebook, given=bool(settings.gold))


def read_labels(path: Path, rule: GoldRule, codebook: Codebook, *, given: bool) -> Gold:
    """Human labels of one file.

    Parameters
    ----------
    path : Path
        The file.
    rule : GoldRule
        Its columns. In any file `inclusion_probability`, `stratum` and `unit` are what `framing gold` writes there,
        unless the rule names other columns; the speakers of passages are read where it names their column.
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
        For labels that the codebook lacks; for several rows of a document, if the codebook's unit is the document;
        for a probability that is no number above 0 and at most 1, a stratum
        without a name, a unit that is neither passage nor document, with file and line; for passages of a document
        that was drawn as one but has several probabilities or strata.
    """
    sha256 = file_sha256(path)
    header = read_header(path)
    coders = rule.coders or (tuple(name for name in header if name.startswith("coder_")) if given else ())
    probability = rule.probability or (PROBABILITY if PROBABILITY in header else "")
    stratum = rule.stratum or (STRATUM if STRATUM in header else "")
    unit = UNIT if "unit" not in rule.model_fields_set and UNIT in header else ""
    design_columns = [name for name in (probability, stratum, rule.speaker, unit) if name]
    file = read_label_file(
        path, text=rule.text, labels=rule.labels, coders=coders, extra=design_columns, unit=codebook.unit
    )
    labelled = replace(file, name=path.name).read(codebook)
    passages = labelled.passages
    for name in ("passage_id", "document_id", "outlet", "text"):
        passages[name] = [restored(value) for value in passages[name]]
    gold = Gold(
        passages=passages,
        labels=labelled.labels,
        codings=labelled.codings,
        coders=tuple(coders),
        refused=labelled.refused,
        name=path.name,
        sha256=sha256,
        sampling=rule.sampling,
        probabilities=parse_probabilities(passages, probability, path.name) if probability else None,
        strata=parse_strata(passages, stratum, path.name) if stratum else None,
        speakers=parse_speakers(passages, rule.speaker) if rule.speaker else None,
        unit=parse_unit(passages, unit, path.name) if unit else rule.unit,
    )
    _check_documents(gold)
    return gold


def _check_documents(gold: Gold) -> None:
    """Raise `InputError` where passages of a document that was drawn whole have several chances or strata."""
    if gold.unit != "document":
        return
    for values, what in ((gold.probabilities, "probabilities"), (gold.strata, "strata")):
        if values is None:
            continue
        differ = pd.Series(values).groupby(gold.passages["document_id"].to_numpy()).nunique() > 1
        if differ.any():
            raise InputError(
                f"{gold.name}: the document {differ.idxmax()!r} has several {what}, but documents were drawn whole "
                "(unit: document). Correct the file, or the unit."
            )
