"""From settings to classified passages, computed once: the door that notebooks and reports share."""

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

from framing.analysis.classified import classify_passages, long_table
from framing.analysis.facts import AnalysisFacts, Hashes
from framing.analysis.labelled import too_few_to_compare, with_gold
from framing.analysis.prepare import TABLES, choose_classifier, prepare_analysis
from framing.analysis.tables import FACTS, read_tables, table_folder
from framing.codebook import Codebook, read_codebook
from framing.coding.gold import Gold, file_sha256, gold_file, read_labels
from framing.corpus import CorpusConfig, corpus_fingerprint, read_config
from framing.corpus.config import GoldRule
from framing.errors import InputError
from framing.files.identity import code_hash, library_versions
from framing.project import cache_folder, corpus_folder, named_file, project_root
from framing.settings import Settings
from framing.steps import Say

__all__ = ["SHAPES_ANALYSIS", "Analysis", "classify_passages", "handed_over", "long_table", "open_analysis"]

SHAPES_ANALYSIS = (  # wings and ground files that scores, decisions and labels are made by
    "analysis", "classify", "codebook", "coding", "corpus", "data", "defaults", "encoders", "errors", "estimates",
    "files", "project", "settings", "steps", "tables", "uncertainty",
)  # fmt: skip
_DECISIVE = (  # settings that change scores or decisions
    "passage_words", "random_seed", "scorer", "nli_model", "learn_from_gold", "strength", "wanted_precision",
    "wanted_recall",
)  # fmt: skip
_INPUTS = (*_DECISIVE, "corpus", "codebook", "encoder", "gold", "data_path")  # settings that an analysis depends on
_HANDED = "FRAMING_ANALYSIS"  # environment variable by which a report hands its analysis to its kernels
_FOLDER = "analyses"  # of the cache
_KEY = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class Analysis:
    """Everything one run knows before it estimates anything.

    Attributes
    ----------
    settings : Settings
        Of the run.
    config : CorpusConfig
        The corpus.yaml.
    codebook : Codebook
        Of the K frames.
    documents, quarantine, files, passages : DataFrame
        What was read, refused and split.
    scores : DataFrame
        `passage_id` and one column a frame.
    decisions : DataFrame
        `passage_id` and one column a frame: `present`, `absent` or `abstain`.
    anchors : DataFrame
        Per frame, how well its own seeds are found in cross-validation.
    gold_scores : DataFrame
        `passage_id` of each human-labelled passage and one column a frame: scores by a classifier that had not seen
        the passage; empty where the corpus has no labels.
    gold_decisions : DataFrame
        Decisions on those scores.
    proxies : DataFrame
        `passage_id` and one column a frame: scores by classifiers that had not learned from the passage's own label,
        averaged; the same as `scores` where nothing was learned from labels.
    labelled : DataFrame
        Passages drawn for labelling with known chances: `passage_id, weight, stratum, cluster`, and a column a frame
        for what coders said (`gold_…`) and for the score out of fold (`proxy_…`); empty without such labels.
    guarantees : DataFrame
        What precision or recall was asked for per frame, and whether it could be promised.
    facts : AnalysisFacts
        Hashes, counts and versions for run.json.
    key : str
        Name of its folder in the cache.
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
    facts: AnalysisFacts
    key: str
    _read_gold: Callable[[], Gold | None] = field(repr=False)

    @property
    def threshold(self) -> float:
        """The score from which a frame is present; for a codebook with one label a passage, NaN."""
        return float("nan") if self.facts.threshold is None else self.facts.threshold

    @property
    def groups(self) -> list[str]:
        """The outlets or perspectives that the settings compare, sorted."""
        return sorted(self.documents[self.settings.compare_by].unique())

    @cached_property
    def gold(self) -> Gold | None:
        """Human labels of the corpus, read once; None where there are none."""
        return self._read_gold()

    @cached_property
    def classified(self) -> pd.DataFrame:
        """Long table, made once: one row a passage and frame, columns `framing.tables.CLASSIFIED` and `event`.

        Where passages were labelled in a sample with known chances it also has the columns `framing.tables.GOLD`, from
        which shares and contrasts are corrected for the classifier's errors.
        """
        table = long_table(self.passages, self.scores, self.decisions, self.codebook)
        events = self.documents.set_index("document_id")["event"]
        table["event"] = table["document_id"].map(events).fillna("")
        if self.not_corrected:
            return table
        return with_gold(table, self.proxies, self.labelled, self.codebook)

    @cached_property
    def not_corrected(self) -> str:
        """Why shares are not corrected with labels; empty where they are."""
        if self.labelled.empty:
            return self.facts.labels.correction
        return too_few_to_compare(self.labelled, self.passages, by=self.settings.compare_by)

    @cached_property
    def marks(self) -> pd.DataFrame:
        """Dated events of the corpus: `date, label`."""
        rows = [(pd.Timestamp(mark.date), mark.label) for mark in self.config.marks]
        return pd.DataFrame(rows, columns=["date", "label"])


def open_analysis(settings: Settings, *, progress: bool = False, say: Say | None = None) -> Analysis:
    """Classified passages of the settings' corpus and codebook.

    The first call reads, splits, encodes and classifies; the result is kept under a key made of the contents of the
    corpus, codebook, model and code, so that a second call with the same only loads it. In the kernels of a report,
    which hands over the key of its own analysis, nothing is hashed again as long as the settings are the same.

    Parameters
    ----------
    settings : Settings
        Which corpus, codebook and classifier.
    progress : bool, default False
        Whether bars are shown on a terminal.
    say : callable or None, default None
        Called with a line on what learning from labels does, and how far it is.

    Returns
    -------
    Analysis
        The tables, and what made them.

    Raises
    ------
    InputError
        For anything wrong in the user's files, and for settings that contradict each other.
    """
    folder = corpus_folder(settings.corpus)
    config = read_config(folder)
    codebook = read_codebook(named_file("seeds", settings.codebook, ".yaml", kind="codebook"))
    labels = gold_file(settings, config, folder, codebook)
    read_gold = functools.cache(lambda: _read(labels, settings, codebook))
    home = _handed(settings, codebook)
    if home is None:
        _check_learning(settings, codebook, labelled=labels is not None)
        classifier, encoder = choose_classifier(settings, codebook)
        hashes = Hashes(
            corpus=corpus_fingerprint(folder, data_path=settings.data_path),
            codebook=codebook.hash,
            encoder=encoder,
            gold=file_sha256(labels[0]) if labels is not None else "",
            code=code_hash(SHAPES_ANALYSIS),
        )
        columns = labels[1].model_dump(mode="json") if labels is not None else {}
        chosen = settings.model_dump(include=set(_DECISIVE))
        home = table_folder(_FOLDER, [hashes.model_dump(), columns, chosen, library_versions()])
        if not (home / FACTS).is_file():
            prepare_analysis(settings, folder, classifier, read_gold(), home, hashes, progress=progress, say=say)
    return Analysis(
        settings=settings,
        config=config,
        codebook=codebook,
        facts=AnalysisFacts.model_validate_json((home / FACTS).read_text(encoding="utf-8")),
        key=home.name,
        _read_gold=read_gold,
        **read_tables(home, TABLES),
    )


def handed_over(analysis: Analysis) -> dict[str, str]:
    """Environment variables by which `open_analysis` in another process loads this analysis.

    It does so only where each setting that an analysis depends on, the project, the data folder and the codebook are
    the same; else it takes no notice of them.
    """
    return {_HANDED: json.dumps({"key": analysis.key, **_circumstances(analysis.settings, analysis.codebook)})}


def _handed(settings: Settings, codebook: Codebook) -> Path | None:
    """Folder of the analysis that was handed over, where it is the one that the settings ask for."""
    try:
        given = json.loads(os.environ.get(_HANDED, ""))
        key = str(given.pop("key"))
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    if given != _circumstances(settings, codebook) or not _KEY.fullmatch(key):
        return None
    home = cache_folder() / _FOLDER / key
    return home if (home / FACTS).is_file() else None


def _circumstances(settings: Settings, codebook: Codebook) -> dict[str, Any]:
    """What an analysis is made from, but for the contents of the corpus, the labels, the model and the code."""
    data = os.environ.get("FRAMING_DATA")
    return {
        "settings": settings.model_dump(include=set(_INPUTS)),
        "codebook": codebook.hash,
        "project": str(project_root()),
        "data": str(Path(data).resolve()) if data else "",
    }


def _check_learning(settings: Settings, codebook: Codebook, *, labelled: bool) -> None:
    if settings.learn_from_gold and not labelled:
        raise InputError(
            f"learn_from_gold: the corpus {settings.corpus} names no human labels of the codebook "
            f"{codebook.codebook}; add gold: to its corpus.yaml, or name a file with the setting gold."
        )
    if settings.learn_from_gold and settings.scorer == "nli":
        raise InputError("learn_from_gold: the scorer nli does not learn from labels; use scorer seeds.")


def _read(labels: tuple[Path, GoldRule] | None, settings: Settings, codebook: Codebook) -> Gold | None:
    return None if labels is None else read_labels(*labels, codebook, given=bool(settings.gold))
