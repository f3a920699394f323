"""What a methods section reports about a classifier: labels, coders, agreement, calibration and errors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.analysis import Analysis, open_analysis
from framing.analysis.floor import judge_marks
from framing.analysis.validity_prose import explain_validity
from framing.codebook import Codebook
from framing.coding.gold import Gold
from framing.errors import TooLittleDataError
from framing.estimates.abstentions import bound_abstentions
from framing.estimates.clusters import CLUSTER
from framing.estimates.prevalence import estimate_prevalence
from framing.settings import Settings
from framing.texts import phrase
from framing.validation.coder_errors import bound_coder_errors
from framing.validation.coders import count_confusions, measure_reliability
from framing.validation.curves import reliability_bins, risk_coverage
from framing.validation.decisions import evaluate_decisions, evaluate_groups
from framing.validation.errors_by_group import compare_errors
from framing.validation.mistakes import confused_frames, worst_errors

__all__ = ["Validity", "open_validity"]


@dataclass(frozen=True)
class Validity:
    """Agreement of classifier and coders on the human-labelled passages of a corpus.

    No passage is scored by a classifier that learned from it, or from another passage of its document.

    Attributes
    ----------
    settings : Settings
        Settings of the run.
    codebook : Codebook
        Codebook with K frames.
    gold : Gold
        Human labels of n passages.
    analysis : Analysis
        Analysis of the corpus.
    """

    settings: Settings
    codebook: Codebook
    gold: Gold
    analysis: Analysis

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """Scores of the labelled passages, shape (n, K)."""
        return self.analysis.gold_scores[self.codebook.frame_ids].to_numpy(float)

    @cached_property
    def decided(self) -> NDArray[np.str_]:
        """`present`, `absent` or `abstain`, shape (n, K)."""
        return self.analysis.gold_decisions[self.codebook.frame_ids].to_numpy().astype(str)

    @property
    def facts(self) -> pd.DataFrame:
        """Labels, coders, classifier and hashes behind the numbers: `what, value`."""
        gold, facts = self.gold, self.analysis.facts
        n_documents = gold.passages["document_id"].nunique()
        counts = gold.labels.sum(axis=0)
        rarest = int(counts.argmin())
        rows = [
            (
                "labelled passages",
                f"{len(gold.passages):,}, from {n_documents:,} documents; {len(gold.refused)} rows refused",
            ),
            ("how they were drawn", gold.sampling or "not stated: add gold: sampling to corpus.yaml"),
            ("rarest frame", f"{self.codebook.frames[rarest].name}: {int(counts[rarest])} passages"),
            ("shares of this report", _describe_correction(self.analysis.not_corrected)),
            ("coders", _describe_coders(gold.coders)),
            ("classifier", facts.method),
            ("how passages were scored", self._describe_scoring()),
            ("encoder", f"{facts.encoder.name} ({facts.encoder.backend} {facts.encoder.dtype})"),
            ("codebook", f"{self.codebook.codebook} {self.codebook.version}"),
            ("sha256 of the labels", gold.sha256),
            ("sha256 of the codebook", self.codebook.hash),
            ("sha256 of the encoder", facts.hashes.encoder),
        ]
        return pd.DataFrame(rows, columns=["what", "value"])

    def _describe_scoring(self) -> str:
        if self.analysis.facts.labels.learned_from:
            return "cross-fitted: each by a classifier and a calibration that saw neither it nor its document"
        return "by a classifier that saw no labels"

    @property
    def prose(self) -> dict[str, str]:
        """Paragraphs about this classifier, codebook and coders, by the part of the report that shows them."""
        return explain_validity(
            corrected=not self.analysis.not_corrected,
            learned=self.analysis.facts.labels.learned_from,
            inference=self.settings.scorer == "nli",
            multi_label=self.codebook.multi_label,
            promises=bool(len(self.analysis.guarantees)),
            n_coders=len(self.gold.coders),
        )

    @cached_property
    def all_measures(self) -> pd.DataFrame:
        """Agreement per frame and overall, long: `frame, measure` and the estimate columns."""
        return evaluate_decisions(
            self.gold.labels,
            self.decided,
            self.scores,
            frames=self.codebook.frame_ids,
            documents=self._documents,
            **self.settings.draws,
        )

    @property
    def overall(self) -> pd.DataFrame:
        """Rows of `all_measures` over all frames: macro, micro, all."""
        return self._select_rows(self.all_measures, per_frame=False)

    @property
    def per_frame(self) -> pd.DataFrame:
        """Rows of `all_measures` about single frames, in the codebook's order."""
        return self._select_rows(self.all_measures, per_frame=True)

    @cached_property
    def per_group(self) -> pd.DataFrame:
        """Agreement per outlet or perspective: `group, frame, measure` and the estimate columns."""
        return evaluate_groups(
            self.gold.labels,
            self.decided,
            self.scores,
            groups=self._groups,
            frames=self.codebook.frame_ids,
            documents=self._documents,
            min_documents=self.settings.min_documents,
            **self.settings.draws,
        )

    @property
    def per_group_overall(self) -> pd.DataFrame:
        """Rows of `per_group` over all frames."""
        return self._select_rows(self.per_group, per_frame=False)

    @cached_property
    def error_differences(self) -> pd.DataFrame:
        """Differences between groups in recall and false-positive rate, jointly tested, clearest first."""
        if len(set(self._groups)) < 2:
            return pd.DataFrame(columns=["frame", "measure", "group_a", "group_b", "estimate"])
        return compare_errors(
            self.gold.labels,
            self.decided,
            groups=self._groups,
            frames=self.codebook.frame_ids,
            documents=self._documents,
            clusters=self._clusters,
            min_documents=self.settings.min_documents,
            **self.settings.draws,
        )

    @cached_property
    def reliability(self) -> pd.DataFrame:
        """Krippendorff's alpha and percent agreement of the coders; empty without columns of single coders."""
        if self.gold.codings is None:
            return pd.DataFrame(columns=["frame", "measure", "estimate"])
        return measure_reliability(
            self.gold.codings, frames=self.codebook.frame_ids, documents=self._documents, **self.settings.draws
        )

    @cached_property
    def coder_confusions(self) -> pd.DataFrame:
        """Pairs of frames that coders confuse: `frame_a, frame_b, n_passages, share`."""
        if self.gold.codings is None:
            return pd.DataFrame(columns=["frame_a", "frame_b", "n_passages", "share"])
        return count_confusions(self.gold.codings, frames=self.codebook.frame_ids)

    @cached_property
    def coder_errors(self) -> pd.DataFrame:
        """Bounds of the true share of each frame, of all passages and of each group, if coders err as they seem to."""
        parts = [self._estimate_shares_of_labels(by) for by in (None, self.settings.compare_by)]
        return bound_coder_errors(
            pd.concat(parts, ignore_index=True),
            self.gold.codings,
            frames=self.codebook.frame_ids,
            documents=[] if self.gold.codings is None else self._documents,
            level=self.settings.level,
            random_seed=self.settings.random_seed,
        )

    @cached_property
    def floor(self) -> pd.DataFrame:
        """Whether what the classifier marks agrees well enough with coders to be read, per frame."""
        return judge_marks(self.per_frame, self.reliability, frames=self.codebook.frame_ids)

    @cached_property
    def abstention_bounds(self) -> pd.DataFrame:
        """Shares of marks if undecided passages all carry the frame, or none; empty where all are decided."""
        return bound_abstentions(self.analysis.classified, by=self.settings.compare_by, **self.settings.draws)

    def _estimate_shares_of_labels(self, by: str | None) -> pd.DataFrame:
        """Shares by labels with the column `group`: corrected ones, or those of the labelled passages alone."""
        key = by or "group"
        if not self.analysis.not_corrected:
            shares = estimate_prevalence(
                self.analysis.classified, by=by, target=self.settings.target, **self.settings.draws
            )
        else:
            passages = self.gold.passages[["passage_id", "document_id", "outlet", "published", "text"]]
            table = passages.assign(perspective="").loc[passages.index.repeat(len(self.codebook.frame_ids))]
            table = table.assign(
                frame=np.tile(np.array(self.codebook.frame_ids, dtype=object), len(passages)),
                score=self.gold.labels.ravel().astype(float),
                decision=np.where(self.gold.labels.ravel(), "present", "absent"),
            )
            if by:
                table[by] = np.repeat(np.array(self._groups, dtype=object), len(self.codebook.frame_ids))
            shares = estimate_prevalence(table.reset_index(drop=True), by=by, **self.settings.draws)
        known = shares.rename(columns={key: "group"}).dropna(subset=["estimate", "low", "high"])
        return known[["group", "frame", "estimate", "low", "high"]]

    @cached_property
    def bins(self) -> pd.DataFrame:
        """Calibration curve over all frames: mean score and observed share per bin of scores."""
        frames = self.codebook.frame_ids
        table = reliability_bins(self.gold.labels, self.scores, frames=frames, level=self.settings.level)
        return table[table["frame"] == "(all)"].reset_index(drop=True)

    @cached_property
    def risk_coverage(self) -> pd.DataFrame:
        """Share of wrong decisions at increasing coverage, the surest decisions first, over all frames."""
        threshold = self.analysis.threshold
        table = risk_coverage(
            self.gold.labels,
            self.scores,
            "highest" if np.isnan(threshold) else threshold,
            frames=self.codebook.frame_ids,
            documents=self._documents,
            **self.settings.draws,
        )
        return table[table["frame"] == "(all)"].reset_index(drop=True)

    @property
    def abstained(self) -> pd.DataFrame:
        """Precision or recall asked for, whether it is promised, and the share of the corpus's passages undecided."""
        guarantees = self.analysis.guarantees.drop(columns="shortfall")  # the column note says it in words
        abstained = (self.analysis.decisions[self.codebook.frame_ids] == "abstain").mean()
        return guarantees.assign(share_abstained=[float(abstained[frame]) for frame in guarantees["frame"]])

    @cached_property
    def worst_errors(self) -> pd.DataFrame:
        """Labelled passages with the surest wrong decisions, and their text."""
        table = worst_errors(
            self.gold.passages, self.gold.labels, self.decided, self.scores, frames=self.codebook.frame_ids, top=20
        )
        classified = self.analysis.classified
        if "excerpt" not in classified.columns:
            return table
        excerpts = classified.set_index(["passage_id", "frame"])["excerpt"].reindex(
            pd.MultiIndex.from_frame(table[["passage_id", "frame"]])
        )
        return table.assign(text=excerpts.where(excerpts.notna(), table["text"].to_numpy()).to_numpy())

    @cached_property
    def confusions(self) -> pd.DataFrame:
        """Gold frame by decided frame, most frequent first."""
        table = confused_frames(self.gold.labels, self.decided, frames=self.codebook.frame_ids)
        return table.sort_values("n", ascending=False, kind="stable").reset_index(drop=True)

    @cached_property
    def _documents(self) -> list[str]:
        return [str(name) for name in self.gold.passages["document_id"]]

    @cached_property
    def _clusters(self) -> list[str] | None:
        classified = self.analysis.classified
        if CLUSTER not in classified.columns:
            return None
        of_documents = classified.drop_duplicates("document_id").set_index("document_id")[CLUSTER].to_dict()
        return [str(of_documents.get(name, name)) for name in self.gold.passages["document_id"]]

    @cached_property
    def _groups(self) -> list[str]:
        passages = self.gold.passages
        if self.settings.compare_by == "perspective":
            perspectives = self.analysis.config.perspectives
            return [perspectives.get(name, name) or "not stated" for name in passages["outlet"]]
        if self.settings.compare_by == "outlet":
            return [name or "not stated" for name in passages["outlet"]]
        group_of = self.analysis.documents.set_index("document_id")[self.settings.compare_by]
        return [str(name) for name in passages["document_id"].map(group_of).fillna("not stated")]

    def _select_rows(self, table: pd.DataFrame, *, per_frame: bool) -> pd.DataFrame:
        """Rows about single frames, or those over all frames."""
        return table[table["frame"].isin(self.codebook.frame_ids) == per_frame].reset_index(drop=True)


def open_validity(settings: Settings) -> Validity:
    """Compare classifier and coders on the human-labelled passages of a corpus.

    Parameters
    ----------
    settings : Settings
        Settings of the run.

    Returns
    -------
    Validity
        Tables about the agreement; each is computed when it is first used.

    Raises
    ------
    InputError
        If neither the corpus nor the settings name any labels.
    """
    analysis = open_analysis(settings)
    gold = analysis.gold
    if gold is None:
        raise TooLittleDataError(
            phrase(
                "The corpus {corpus_names} names no human labels, so there is nothing to compare with. Add "
                "gold: to its corpus.yaml, or name a file with the setting gold.",
                corpus_names=" and ".join(settings.corpus_names),
            )
        )
    return Validity(analysis.settings, analysis.codebook, gold, analysis)


def _describe_coders(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"{names[0]} alone, so no reliability: it needs columns of at least two coders"
    return ", ".join(names) or "no columns of single coders, so no reliability"


def _describe_correction(reason: str) -> str:
    return f"not corrected with these labels: {reason}" if reason else "corrected for the classifier's errors with them"
