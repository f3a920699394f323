"""From settings to classified passages, computed once and loaded by notebooks and reports alike."""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from framing.analysis.auto_encoder import resolve_encoder
from framing.analysis.chosen import check_compared, describe_choice, forget_read
from framing.analysis.classified import add_design, classify_passages, long_table
from framing.analysis.evidence import find_excerpts
from framing.analysis.facts import AnalysisFacts, Hashes
from framing.analysis.groups import add_groups, describe_ungrouped
from framing.analysis.labelled import too_few_to_compare, with_gold
from framing.analysis.languages import count_languages
from framing.analysis.prepare import choose_classifier, prepare_analysis
from framing.analysis.sources import describe_labels, find_codebook, find_sources, hash_labels, read_gold_of
from framing.analysis.tables import find_tables, keep_tables, table_folder
from framing.codebook import Codebook
from framing.coding.gold import Gold
from framing.corpus import CorpusConfig, corpora_fingerprint, merge_configs
from framing.errors import InputError
from framing.files.identity import code_hash, library_versions
from framing.project import cache_folder, data_folder, project_root
from framing.settings import Settings
from framing.steps import Say

__all__ = ["SHAPES_ANALYSIS", "Analysis", "classify_passages", "handed_over", "long_table", "open_analysis"]

SHAPES_ANALYSIS = (  # wings and modules whose code changes scores, decisions or labels
    "analysis", "classify", "codebook", "coding", "corpus", "data", "defaults", "encoders", "errors", "estimates",
    "executors", "files", "llm", "project", "reads", "selection", "settings", "steps", "stories", "tables",
    "uncertainty",
)  # fmt: skip
_DECISIVE = (  # settings that change scores or decisions
    "unit", "passage_words", "random_seed", "scorer", "nli_model", "llm_model", "llm_mode", "llm_beside",
    "llm_redaction", "learn_from_gold", "strength", "threshold_for", "search_tuning",
    "language_shift", "wanted_precision", "wanted_recall",
)  # fmt: skip
_INPUTS = (
    *_DECISIVE,
    "where",
    "corpus",
    "corpora",
    "compare_by",
    "codebook",
    "encoder",
    "gold",
    "data_path",
)  # settings that an analysis depends on
_HANDOVER = "FRAMING_ANALYSIS"  # environment variable in which a report names its analysis for its kernels
_FOLDER = "analyses"  # of the cache
_KEY = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class Analysis:
    """One corpus, read and classified, with its human labels: what every estimate starts from.

    Attributes
    ----------
    settings : Settings
        Settings of the run, with the name of the encoder that `auto` stood for.
    config : CorpusConfig
        Content of corpus.yaml.
    codebook : Codebook
        Codebook with K frames.
    documents : DataFrame
        One row a document.
    quarantine : DataFrame
        One row a refused row, with file, line and reason.
    files : DataFrame
        One row a file of the corpus, with the number of its rows.
    passages : DataFrame
        One row a passage.
    scores : DataFrame
        `passage_id` and one column a frame.
    decisions : DataFrame
        `passage_id` and one column a frame: `present`, `absent` or `abstain`.
    anchors : DataFrame
        Per frame, how well held-out seeds find it.
    gold_scores : DataFrame
        `passage_id` of each human-labelled passage and one column a frame: scores by a classifier that had not seen
        the passage; empty where the corpus has no labels.
    gold_decisions : DataFrame
        Decisions on those scores.
    proxies : DataFrame
        `passage_id` and one column a frame: mean score of the classifiers that had not learned from the passage's
        label; equal to `scores` where nothing was learned from labels.
    labelled : DataFrame
        Passages that were drawn for coding with known chances: `passage_id, weight, stratum, cluster`, and for each
        frame the gold label (`gold_…`) and the score out of fold (`proxy_…`); empty without such labels.
    guarantees : DataFrame
        Per frame, the precision or recall that was asked for, and whether it could be promised.
    windows : DataFrame
        Where the unit is the document: the windows of each that score highest on each frame, three of a frame that it
        has and one of any other, columns `passage_id, frame, start, end, score` (characters of its text); else empty.
    translated : DataFrame
        Where the corpus has translations: `passage_id` and the decision on each frame by the passage's translation.
    facts : AnalysisFacts
        Hashes, counts and versions for run.json.
    key : str
        Name of the analysis's folder in the cache.
    """

    settings: Settings
    config: CorpusConfig
    codebook: Codebook
    documents: pd.DataFrame
    quarantine: pd.DataFrame
    files: pd.DataFrame
    passages: pd.DataFrame
    scores: pd.DataFrame
    decisions: pd.DataFrame
    anchors: pd.DataFrame
    gold_scores: pd.DataFrame
    gold_decisions: pd.DataFrame
    proxies: pd.DataFrame
    labelled: pd.DataFrame
    guarantees: pd.DataFrame
    windows: pd.DataFrame
    translated: pd.DataFrame
    facts: AnalysisFacts
    key: str
    _read_gold: Callable[[], Gold | None] = field(repr=False)

    @property
    def threshold(self) -> float:
        """Least score at which a frame is present; NaN for a codebook with one frame a passage."""
        return float("nan") if self.facts.threshold is None else self.facts.threshold

    @cached_property
    def languages(self) -> pd.DataFrame:
        """Documents and passages of each outlet by language, and what knows it: columns `framing.tables.LANGUAGES`."""
        known = self.facts.codebook_languages
        return count_languages(self.documents, self.passages, encoder=self.facts.encoder.name, codebook=known)

    @property
    def groups(self) -> list[str]:
        """Outlets, perspectives or other groups that the settings compare, sorted."""
        return sorted(self.documents[self.settings.compare_by].dropna().unique())

    @property
    def ungrouped(self) -> str:
        """Sentence on the documents that no comparison includes, as they are in no group; empty if there are none."""
        return describe_ungrouped(self.documents, self.settings.compare_by)

    @cached_property
    def gold(self) -> Gold | None:
        """Human labels of the corpus; None if it has none."""
        return self._read_gold()

    @cached_property
    def classified(self) -> pd.DataFrame:
        """Long table: one row a passage and frame, with the columns `framing.tables.CLASSIFIED` and `event`.

        Where the unit is the document it has the column `excerpt`, the window of the document that scores highest.
        If passages were drawn for coding with known chances, it also has the columns `framing.tables.GOLD`, with which
        shares and contrasts are corrected for the classifier's errors, and `gold_speaker` where coders named the
        speaker of a passage. The settings `cluster` and `weights` add the
        columns `cluster` and `weight`, which estimators read (`framing.estimates.clusters`).
        """
        table = long_table(self.passages, self.scores, self.decisions, self.codebook)
        table = add_design(table, self.documents, self.settings)
        if self.codebook.unit == "document":
            table["excerpt"] = pd.Series(find_excerpts(table, self.windows), index=table.index, dtype=object)
        if self.not_corrected:
            return table
        return with_gold(table, self.proxies, self.labelled, self.codebook)

    @cached_property
    def not_corrected(self) -> str:
        """Reason for which shares are not corrected with labels; empty if they are."""
        if self.labelled.empty:
            return self.facts.labels.correction
        return too_few_to_compare(self.labelled, self.passages, by=self.settings.compare_by)

    @cached_property
    def marks(self) -> pd.DataFrame:
        """Dated events of the corpus: `date, label`."""
        rows = [{"date": pd.Timestamp(mark.date), "label": mark.label} for mark in self.config.marks]
        return pd.DataFrame(rows, columns=["date", "label"])


def open_analysis(
    settings: Settings,
    *,
    progress: bool = False,
    say: Say | None = None,
    check: Callable[[pd.DataFrame], None] | None = None,
) -> Analysis:
    """Read and classify the corpus of the settings with their codebook, or load the result from the cache.

    Parameters
    ----------
    settings : Settings
        Which corpus, codebook and classifier.
    progress : bool, default False
        Whether bars are shown on a terminal.
    say : callable or None, default None
        Function of one line of text, called with the encoder that `auto` stands for, and the progress of learning.
    check : callable or None, default None
        Function of the table of documents, called before they are classified; what it raises ends the analysis.

    Returns
    -------
    Analysis
        Tables of the corpus, and the hashes and versions that they depend on.

    Raises
    ------
    InputError
        If a file of the user is wrong, or settings contradict each other.

    Notes
    -----
    The first call reads, splits, encodes and classifies. The cache stores the result under a key made of the contents
    of corpus, codebook, labels, model and code, so that a second call with the same inputs loads it. A report hands the
    key of its analysis to its kernels; these load it without hashing the inputs again if their settings are the same.
    """
    resolved = resolve_encoder(settings)
    settings = resolved.settings
    if say is not None and resolved.sentence:
        say(resolved.sentence)
    codebook = find_codebook(settings)
    sources = find_sources(settings, codebook)
    folders = [source.folder for source in sources]
    read_gold = functools.cache(lambda: read_gold_of(sources, settings, codebook))
    home = _handed_over_folder(settings, codebook)
    kept = find_tables(home) if home is not None else None
    if home is None or kept is None:
        _check_learning(settings, codebook, labelled=any(source.labels for source in sources))
        classifier, encoder = choose_classifier(settings, codebook)
        hashes = Hashes(
            corpus=corpora_fingerprint(folders, data_path=settings.data_path, by_name="file" in settings.where),
            codebook=codebook.hash,
            encoder=encoder,
            gold=hash_labels(sources),
            code=code_hash(SHAPES_ANALYSIS),
        )
        columns = describe_labels(sources)
        decisive = settings.model_dump(mode="json", include=set(_DECISIVE)) | describe_choice(settings)
        home = table_folder(_FOLDER, [hashes.model_dump(), columns, decisive, library_versions()])
        place = home

        def prepare() -> None:
            prepare_analysis(
                settings, folders, classifier, read_gold(), place, hashes, progress=progress, say=say, check=check
            )

        kept = keep_tables(home, prepare)
    forget_read()
    tables = kept.tables
    check_compared(tables["documents"], settings.compare_by)
    if check is not None:
        check(tables["documents"])
    tables["documents"], tables["passages"] = add_groups(tables["documents"], tables["passages"], settings.compare_by)
    return Analysis(
        settings=settings,
        config=merge_configs([source.config for source in sources]),
        codebook=codebook,
        facts=AnalysisFacts.model_validate(kept.facts),
        key=home.name,
        _read_gold=read_gold,
        **tables,
    )


def handed_over(analysis: Analysis) -> dict[str, str]:
    """Environment variables with which `open_analysis` in another process loads this analysis.

    Parameters
    ----------
    analysis : Analysis
        Analysis to load there.

    Returns
    -------
    dict of str to str
        Variables by name. The other process ignores them unless all settings that an analysis depends on, the project,
        the data folder and the codebook are the same.
    """
    return {_HANDOVER: json.dumps({"key": analysis.key, **_describe_inputs(analysis.settings, analysis.codebook)})}


def _handed_over_folder(settings: Settings, codebook: Codebook) -> Path | None:
    """Folder of the analysis that a report handed over; None unless it has the inputs that the settings ask for."""
    try:
        inputs = json.loads(os.environ.get(_HANDOVER, ""))
        key = str(inputs.pop("key"))
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    if inputs != _describe_inputs(settings, codebook) or not _KEY.fullmatch(key):
        return None
    return cache_folder() / _FOLDER / key


def _describe_inputs(settings: Settings, codebook: Codebook) -> dict[str, Any]:
    """Inputs of an analysis, except the contents of the corpus, the labels, the model and the code."""
    data = data_folder()
    return {
        "settings": settings.model_dump(mode="json", include=set(_INPUTS)),
        "codebook": codebook.hash,
        "project": str(project_root()),
        "data": str(data.resolve()) if data is not None else "",
    }


def _check_learning(settings: Settings, codebook: Codebook, *, labelled: bool) -> None:
    if settings.learn_from_gold and not labelled:
        raise InputError(
            f"learn_from_gold: the corpus {' and '.join(settings.corpus_names)} names no human labels of the codebook "
            f"{codebook.codebook}; add gold: to its corpus.yaml, or name a file with the setting gold."
        )
    if settings.learn_from_gold and settings.scorer != "seeds":
        raise InputError(f"learn_from_gold: the scorer {settings.scorer} does not learn from labels; use scorer seeds.")
