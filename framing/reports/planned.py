"""A run of a report before it starts: its file, settings, notebooks and codebook, looked up and checked."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from pathlib import Path

import pandas as pd

from framing.analysis.auto_encoder import resolve_encoder
from framing.analysis.sources import find_codebook, find_sources
from framing.analysis.voices import explain_no_voices
from framing.codebook import Codebook
from framing.errors import InputError
from framing.estimates.hypotheses import check_hypotheses
from framing.project import corpus_folder
from framing.reports.plan import ReportPlan
from framing.reports.side_by_side import VOICES_NOTEBOOK
from framing.selection import is_blank
from framing.settings import Settings

__all__ = ["PlannedRun", "plan_run"]

_COMPARING = ("03_outlets", "04_time", "06_fragility")  # notebooks that compare all pairs of groups
_MOST_COMPARISONS = 250_000  # pairs times frames
_LEAVE_OUT = "Without the hypotheses the report is made with --set hypotheses=[]."


@dataclass(frozen=True)
class PlannedRun:
    """A run of a report, and the files that it needs, looked up once.

    Attributes
    ----------
    plan : ReportPlan
        The report's file.
    settings : Settings
        Settings as the user gave them, with the name of the encoder that `auto` stood for; run.json records these.
    resolved : Settings
        The same with absolute paths, since notebooks run in another folder than the command.
    notebooks : list of Path
        Notebooks in order. If there are human labels and the report leaves the notebook on validity out, it is added
        as the last.
    codebook : Codebook
        Codebook of the settings.
    remarks : tuple of str
        Which notebooks of the report are left out, and why.
    """

    plan: ReportPlan
    settings: Settings
    resolved: Settings
    notebooks: list[Path]
    codebook: Codebook
    remarks: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Names of the notebooks."""
        return [path.stem for path in self.notebooks]

    def check_documents(self, documents: pd.DataFrame) -> None:
        """Refuse what the documents do not allow: hypotheses about groups that they lack, and too many comparisons.

        Parameters
        ----------
        documents : DataFrame
            Documents of the corpus.

        Raises
        ------
        InputError
            If a hypothesis is about a group that does not exist, or comparisons are too many.
        """
        by = self.settings.compare_by
        groups = documents.loc[~is_blank(documents[by]), by].astype(str).unique()
        check_hypotheses(self.settings.hypotheses, groups=groups, by=by, advice=_LEAVE_OUT)
        self.check_comparisons(documents)

    def check_comparisons(self, documents: pd.DataFrame) -> None:
        """Refuse a report whose comparisons would take hours and make tables that nobody can open.

        Parameters
        ----------
        documents : DataFrame
            Documents of the corpus.

        Raises
        ------
        InputError
            If a notebook compares all pairs of groups, and they are too many.
        """
        by, least = self.settings.compare_by, self.settings.min_documents
        sizes = documents.loc[~is_blank(documents[by]), by].value_counts()
        n_frames = len(self.codebook.frame_ids)
        n_groups = int((sizes >= least).sum())
        n_comparisons = comb(n_groups, 2) * n_frames
        comparing = [name for name in self.names if name in _COMPARING]
        if not comparing or n_comparisons <= _MOST_COMPARISONS:
            return
        most = next(n for n in range(n_groups, 1, -1) if comb(n, 2) * n_frames <= _MOST_COMPARISONS)
        raise InputError(
            f"{n_groups:,} groups ({by}) have {least} documents or more. On {n_frames} frames their pairs make "
            f"{n_comparisons:,} comparisons, and a report takes {_MOST_COMPARISONS:,} at most ({most} groups). Set "
            f"min_documents to {int(sizes.iloc[most]) + 1}, which leaves the largest groups; choose documents with "
            f"where:; compare by a column of fewer values (compare_by); or leave {' and '.join(comparing)} out."
        )


def plan_run(plan: ReportPlan, settings: Settings) -> PlannedRun:
    """Look up what a run of a report needs.

    Parameters
    ----------
    plan : ReportPlan
        The report's file.
    settings : Settings
        Settings of the run.

    Returns
    -------
    PlannedRun
        The run.

    Raises
    ------
    InputError
        If the corpus, the codebook, a notebook or the file of human labels is missing or wrong, a hypothesis is about
        a frame that the codebook lacks, or no notebook is left.
    """
    for name in settings.corpus_names:
        corpus_folder(name)
    codebook = find_codebook(settings)
    check_hypotheses(settings.hypotheses, frames=codebook.frame_ids, advice=_LEAVE_OUT)
    labels = [source.labels for source in find_sources(settings, codebook) if source.labels is not None]
    settings = resolve_encoder(settings).settings
    absolute: dict[str, str] = {}
    if settings.data_path:
        absolute["data_path"] = str(Path(settings.data_path).resolve())
    if settings.gold and labels:
        absolute["gold"] = str(labels[0][0])
    notebooks = plan.notebook_paths(labelled=bool(labels))
    no_voices = explain_no_voices(codebook.unit)
    kept = [path for path in notebooks if not (no_voices and path.stem == VOICES_NOTEBOOK)]
    if not kept:
        raise InputError(f"Report {plan.report}: {no_voices}")
    remarks = (no_voices,) if len(kept) < len(notebooks) else ()
    return PlannedRun(plan, settings, settings.model_copy(update=absolute), kept, codebook, remarks)
