"""Check of the human labels that corpus.yaml names: whether they can be read, and how many passages they label."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from framing.codebook import Codebook, read_codebook
from framing.coding.gold import find_gold_file
from framing.coding.label_files import read_label_file
from framing.corpus import CorpusConfig
from framing.errors import InputError
from framing.project import named_file

__all__ = ["GoldCheck", "check_gold"]


@dataclass(frozen=True)
class GoldCheck:
    """Result of a check.

    Attributes
    ----------
    file : str
        Name of the file of labels.
    codebook : Codebook or None
        The one that they were coded with; None where it is not known.
    n_kept : int
        Rows that are labelled passages.
    refused : DataFrame
        The other rows: `file, line, reason, excerpt`.
    counts : DataFrame
        Labelled passages of each frame: `frame, n_passages`; empty without a codebook.
    problems : tuple of str
        Reasons why the labels cannot be used.
    remarks : tuple of str
        Facts that are missing and could be given.
    """

    file: str
    codebook: Codebook | None = None
    n_kept: int = 0
    refused: pd.DataFrame = field(default_factory=pd.DataFrame)
    counts: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def check_gold(config: CorpusConfig, folder: Path, *, data_path: str = "") -> GoldCheck | None:
    """Check the labels of a corpus.

    Parameters
    ----------
    config : CorpusConfig
        Content of corpus.yaml.
    folder : Path
        Folder of the corpus.
    data_path : str, default ""
        The data folder; empty: FRAMING_DATA.

    Returns
    -------
    GoldCheck or None
        Every problem that can be found beside another: nothing is raised for the user's files. None where corpus.yaml
        names no labels.
    """
    rule = config.gold
    if rule is None:
        return None
    problems, remarks = [], []
    codebook = None
    if rule.codebook:
        try:
            codebook = read_codebook(named_file("seeds", rule.codebook, ".yaml", kind="codebook"))
        except InputError as error:
            problems.append(f"gold: codebook: {error}")
    else:
        remarks.append(
            "gold: no codebook is named, so the labels were not checked: add codebook: to gold: in corpus.yaml."
        )
    if len(rule.coders) == 1:
        remarks.append(
            f"gold: coders names only {rule.coders[0]}; reliability needs at least two, so there will be none."
        )
    if not rule.sampling:
        remarks.append("gold: sampling is not stated; say there how the labelled passages were drawn.")
    try:
        path = find_gold_file(rule.file, [folder], path=config.path, data_path=data_path)
        unit = codebook.unit if codebook is not None else "passage"
        file = read_label_file(path, text=rule.text, labels=rule.labels, coders=rule.coders, unit=unit)
    except InputError as error:
        return GoldCheck(rule.file, codebook, problems=(*problems, f"gold: {error}"), remarks=tuple(remarks))
    file = replace(file, name=path.name)
    if file.remark:
        remarks.append(f"gold: {file.remark}.")
    if codebook is None:
        return GoldCheck(
            rule.file, None, len(file.passages), file.refused, pd.DataFrame(), tuple(problems), tuple(remarks)
        )
    counts, n_kept, refused = pd.DataFrame(), len(file.passages), file.refused
    for where, read in (("gold", file.read_labels), ("gold: coders", file.read_codings)):
        try:
            read(codebook)
        except InputError as error:
            problems.append(f"{where}: {error}")
    if not problems:
        try:
            labelled = file.read(codebook)
        except InputError as error:
            problems.append(f"gold: {error}")
        else:
            counts = pd.DataFrame({"frame": codebook.frame_ids, "n_passages": labelled.labels.sum(axis=0)})
            n_kept, refused = len(labelled.passages), labelled.refused
    return GoldCheck(rule.file, codebook, n_kept, refused, counts, tuple(problems), tuple(remarks))
