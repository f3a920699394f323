"""The human labels that corpus.yaml names: whether they can be read, and what would be kept of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from framing.codebook import Codebook, read_codebook
from framing.coding.gold import find_gold
from framing.coding.labels import codings_of, gold_of
from framing.corpus import CorpusConfig
from framing.corpus.rows import read_passages
from framing.errors import InputError
from framing.project import named_file

__all__ = ["GoldCheck", "check_gold"]


@dataclass(frozen=True)
class GoldCheck:
    """What was found.

    Attributes
    ----------
    file : name of the file of labels. `codebook` : the one that they were coded with; None where it is not known.
    n_kept : rows that are labelled passages. `refused` : the other rows, `file, line, reason, excerpt`.
    counts : labelled passages of each frame, `frame, n_passages`; empty without a codebook.
    problems : what stops the labels from being used. `remarks` : what is missing and could be there.
    """

    file: str
    codebook: Codebook | None = None
    n_kept: int = 0
    refused: pd.DataFrame = field(default_factory=pd.DataFrame)
    counts: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def check_gold(config: CorpusConfig, folder: Path, *, data_path: str = "") -> GoldCheck | None:
    """What is wrong with the labels of a corpus, and what would be read; None where corpus.yaml names none.

    Every problem that can be found beside another is listed; nothing is raised for the user's files.
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
        path = find_gold(rule.file, [folder], path=config.path, data_path=data_path)
        passages, refused = read_passages(path, text_column=rule.text, extra=[rule.labels, *rule.coders])
    except InputError as error:
        return GoldCheck(rule.file, codebook, problems=(*problems, f"gold: {error}"), remarks=tuple(remarks))
    counts = pd.DataFrame()
    if codebook is not None:
        try:
            labels = gold_of(passages, rule.labels, codebook, source=path.name)
            counts = pd.DataFrame({"frame": codebook.frame_ids, "n_passages": labels.sum(axis=0)})
        except InputError as error:
            problems.append(f"gold: {error}")
        try:
            if len(rule.coders) > 1:
                codings_of(passages, list(rule.coders), codebook, source=path.name)
        except InputError as error:
            problems.append(f"gold: coders: {error}")
    return GoldCheck(rule.file, codebook, len(passages), refused, counts, tuple(problems), tuple(remarks))
