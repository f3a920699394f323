"""From settings to classified passages, computed once: the door that notebooks and reports share."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.classify import FrameClassifier
from framing.codebook import Codebook, read_codebook
from framing.corpus import (
    CorpusConfig,
    corpus_fingerprint,
    read_config,
    read_corpus,
    split_passages,
)
from framing.encode import default_store, open_encoder
from framing.errors import InputError
from framing.files.whole import whole_folder
from framing.gold import Gold, read_gold
from framing.gold_sample import labelled_sample, too_few_to_compare, why_not_corrected, with_gold
from framing.identity import code_hash, library_versions
from framing.models import find_nli_model
from framing.nli import NliScorer
from framing.project import cache_folder, corpus_folder, named_file
from framing.scorer import Scorer
from framing.settings import Settings
from framing.steps import Say
from framing.tables import CLASSIFIED

__all__ = ["SHAPES_ANALYSIS", "Analysis", "classify_passages", "open_analysis"]

_TABLES = (
    "documents", "quarantine", "files", "passages", "scores", "decisions", "anchors", "gold_scores",
    "gold_decisions", "proxies", "labelled", "guarantees",
)  # fmt: skip
SHAPES_ANALYSIS = (  # parts of the package that its scores, decisions and labels are made by
    "analysis", "anchors", "blend", "classified_files", "classify", "codebook", "corpus", "correction", "data",
    "encode", "errors", "experts", "files", "folds", "gold", "gold_sample", "guarantee", "head", "identity", "kept",
    "kernel", "layers", "models", "nli", "processor", "project", "reliability", "resample", "roles", "settings",
    "shares", "spreadsheets", "steps", "store", "strength", "strict_yaml", "tables", "training", "tune", "zero_shot",
)  # fmt: skip
_DECISIVE = (  # settings that change scores or decisions
    "passage_words", "random_seed", "scorer", "nli_model", "learn_from_gold", "strength", "wanted_precision",
    "wanted_recall",
)  # fmt: skip


@dataclass(frozen=True)
class Analysis:
    """Everything one run knows before it estimates anything.

    Attributes
    ----------
    documents, quarantine, files, passages : tables of what was read, refused and split.
    scores : passage_id and one column a frame.
    decisions : passage_id and one column a frame: `present`, `absent` or `abstain`.
    anchors : per frame, how well its own seeds are found in cross-validation.
    gold_scores : passage_id of each human-labelled passage and one column a frame: scores by a classifier that
        had not seen the passage; empty where the corpus has no labels. `gold_decisions` : of those scores.
    proxies : passage_id and one column a frame: scores by classifiers that had not learned from the passage's own
        label, averaged; the same as `scores` where nothing was learned from labels.
    labelled : passages drawn for labelling with known chances: passage_id, `weight, stratum, cluster`, and a column a
        frame for what coders said (`gold_…`) and for the score out of fold (`proxy_…`); empty without such labels.
    guarantees : what precision or recall was asked for per frame, and whether it could be promised.
    threshold : the score from which a frame is present; for a codebook with one label a passage, NaN.
    facts : hashes, counts and versions for run.json.
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
    threshold: float
    facts: dict[str, Any]

    @property
    def classified(self) -> pd.DataFrame:
        """Long table: one row a passage and frame, columns `framing.tables.CLASSIFIED` and `event`.

        Where passages were labelled in a sample with known chances it also has the columns `framing.tables.GOLD`, from
        which shares and contrasts are corrected for the classifier's errors.
        """
        table = long_table(self.passages, self.scores, self.decisions, self.codebook)
        events = self.documents.set_index("document_id")["event"]
        table["event"] = table["document_id"].map(events).fillna("")
        if self.not_corrected:
            return table
        return with_gold(table, self.proxies, self.labelled, self.codebook)

    @property
    def not_corrected(self) -> str:
        """Why shares are not corrected with labels; empty where they are."""
        if self.labelled.empty:
            return str(self.facts["labels"]["correction"])
        return too_few_to_compare(self.labelled, self.passages, by=self.settings.compare_by)

    @property
    def marks(self) -> pd.DataFrame:
        """Dated events of the corpus: `date, label`."""
        rows = [(pd.Timestamp(mark.date), mark.label) for mark in self.config.marks]
        return pd.DataFrame(rows, columns=["date", "label"])


def open_analysis(settings: Settings, *, progress: bool = False, say: Say | None = None) -> Analysis:
    """Classified passages of the settings' corpus and codebook.

    The first call reads, splits, encodes and classifies; the result is kept under a key made of the
    contents of the corpus, codebook, model and code, so that a second call with the same only loads it.
    `say` is told what learning from labels does, and how far it is. Raises `InputError` for anything wrong in the
    user's files.
    """
    folder = corpus_folder(settings.corpus)
    config = read_config(folder)
    codebook = read_codebook(named_file("seeds", settings.codebook, ".yaml", kind="codebook"))
    gold = read_gold(settings, config, folder, codebook)
    if settings.learn_from_gold and gold is None:
        raise InputError(
            f"learn_from_gold: the corpus {settings.corpus} names no human labels of the codebook "
            f"{codebook.codebook}; add gold: to its corpus.yaml, or name a file with the setting gold."
        )
    if settings.learn_from_gold and settings.scorer == "nli":
        raise InputError("learn_from_gold: the scorer nli does not learn from labels; use scorer seeds.")
    classifier, encoder = _classifier(settings, codebook)
    hashes = {
        "corpus": corpus_fingerprint(folder, data_path=settings.data_path),
        "codebook": codebook.hash,
        "encoder": encoder,
        "gold": gold.sha256 if gold is not None else "",
        "code": code_hash(SHAPES_ANALYSIS),
    }
    chosen = settings.model_dump(include=set(_DECISIVE))
    labels = gold.fingerprint if gold is not None else ""
    identity = json.dumps([hashes, labels, chosen, library_versions()], sort_keys=True)
    home = cache_folder() / "analyses" / hashlib.sha256(identity.encode()).hexdigest()[:24]
    if not (home / "facts.json").is_file():
        _prepare(settings, folder, classifier, gold, home, hashes, progress=progress, say=say)
    tables = {name: pd.read_parquet(home / f"{name}.parquet") for name in _TABLES}
    facts = json.loads((home / "facts.json").read_text(encoding="utf-8"))
    return Analysis(
        settings=settings,
        config=config,
        codebook=codebook,
        threshold=float(facts["threshold"]) if facts["threshold"] is not None else float("nan"),
        facts=facts,
        **tables,
    )


def _classifier(settings: Settings, codebook: Codebook) -> tuple[Scorer, str]:
    """The unfitted classifier that the settings ask for, and the fingerprint of its model."""
    if settings.scorer == "nli":
        if not settings.nli_model:
            raise InputError("scorer nli: name the model with nli_model (a folder, or owner/name@revision).")
        if settings.wanted_precision or settings.wanted_recall:
            raise InputError("wanted_precision, wanted_recall: the scorer nli promises neither; use scorer seeds.")
        scorer = NliScorer(codebook, settings.nli_model, store=default_store())
        return scorer, find_nli_model(settings.nli_model).fingerprint
    encoder = open_encoder(settings.encoder, store=default_store())
    strength = settings.strength if settings.learn_from_gold else "zero-shot"
    if settings.strength in ("head", "fine-tuned") and not settings.learn_from_gold:
        raise InputError(f"strength {settings.strength} learns from labels; set learn_from_gold, or strength auto.")
    if settings.strength == "zero-shot" and settings.learn_from_gold:
        raise InputError("learn_from_gold: strength zero-shot does not learn; choose auto, head or fine-tuned.")
    classifier = FrameClassifier(
        codebook,
        encoder,
        strength=strength,
        precision=settings.wanted_precision or None,
        recall=settings.wanted_recall or None,
        random_seed=settings.random_seed,
    )
    return classifier, encoder.fingerprint


def _prepare(
    settings: Settings,
    folder: Path,
    classifier: Scorer,
    gold: Gold | None,
    home: Path,
    hashes: dict[str, str],
    *,
    progress: bool,
    say: Say | None,
) -> None:
    codebook = classifier.codebook
    title = "fine-tuning" if progress else ""
    if gold is not None and settings.learn_from_gold:
        classifier.fit(
            gold.passages["text"].to_list(), gold.labels, groups=gold.passages["group"].to_list(), progress=title,
            say=say,
        )  # fmt: skip
    else:
        classifier.fit()
    corpus = read_corpus(folder, data_path=settings.data_path)
    passages = split_passages(corpus.documents, max_words=settings.passage_words)
    bar = "classifying" if progress else ""
    values = classifier.predict_proba(passages["text"].to_list(), progress=bar)
    held_out = np.zeros((0, len(codebook.frames)))
    if gold is not None and classifier.cross_fitted_ is not None:
        held_out = classifier.cross_fitted_
    elif gold is not None:
        held_out = classifier.predict_proba(gold.passages["text"].to_list())
    reason = why_not_corrected(gold, passages)
    proxies, labelled = _wide(values, passages["passage_id"], codebook), pd.DataFrame()
    if gold is not None and not reason:
        out_of_fold = held_out
        folds = classifier.folds_
        if folds is not None:
            by_fold = classifier.predict_folds(passages["text"].to_list(), progress=bar)
            weights = np.bincount(folds, minlength=len(by_fold)) / len(folds)
            proxies = _wide(np.einsum("j,jnk->nk", weights, by_fold), passages["passage_id"], codebook)
            rows = pd.Index(passages["passage_id"]).get_indexer(pd.Index(gold.passages["passage_id"]))
            out_of_fold = by_fold[folds, rows]
        labelled = labelled_sample(gold, out_of_fold, codebook)
    gold_ids = gold.passages["passage_id"] if gold is not None else pd.Series([], dtype=str)
    facts = {
        "key": home.name,
        "hashes": {**hashes, "corpus": corpus.hash},
        "encoder": {
            "name": classifier.encoder_name_,
            "dtype": classifier.dtype_,
        },
        "method": _method(settings, classifier, gold),
        "threshold": classifier.threshold_ if codebook.multi_label else None,
        "labels": {
            "file": gold.name if gold is not None else "",
            "passages": len(gold.passages) if gold is not None else 0,
            "refused": len(gold.refused) if gold is not None else 0,
            "learned_from": settings.learn_from_gold,
            "tuned_in": classifier.training_dtype_,
            "correction": reason or "shares and contrasts are corrected with them",
        },
        "counts": {
            "rows_read": int(corpus.files["n_rows"].sum()),
            "rows_kept": len(corpus.documents),
            "rows_refused": len(corpus.quarantine),
            "documents": len(corpus.documents),
            "passages": len(passages),
        },
        "versions": library_versions(),
    }
    tables = {
        "documents": corpus.documents,
        "quarantine": corpus.quarantine,
        "files": corpus.files,
        "passages": passages,
        "scores": _wide(values, passages["passage_id"], codebook),
        "decisions": _wide(classifier.decide_scores(values), passages["passage_id"], codebook),
        "anchors": classifier.describe_anchors(),
        "gold_scores": _wide(held_out, gold_ids, codebook),
        "gold_decisions": _wide(classifier.decide_scores(held_out), gold_ids, codebook),
        "proxies": proxies,
        "labelled": labelled,
        "guarantees": classifier.guarantees_,
    }
    home.parent.mkdir(parents=True, exist_ok=True)
    try:
        with whole_folder(home) as work:
            for name, table in tables.items():
                table.to_parquet(work / f"{name}.parquet", index=False)
            (work / "facts.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    except OSError:
        if not (home / "facts.json").is_file():  # another process made it first, else a real fault
            raise


def _wide(values: Any, passage_ids: pd.Series, codebook: Codebook) -> pd.DataFrame:
    table = pd.DataFrame(values, columns=codebook.frame_ids)
    table.insert(0, "passage_id", passage_ids.to_list())
    return table


def _method(settings: Settings, classifier: Scorer, gold: Gold | None) -> str:
    if settings.scorer == "nli":
        return "zero-shot by natural language inference: exploratory"
    if classifier.strength_ == "zero-shot" or gold is None:
        return "zero-shot from the codebook's seeds: exploratory"
    return f"learned from {len(gold.passages)} labelled passages ({classifier.strength_}), seeds as prior examples"


def long_table(
    passages: pd.DataFrame, scores: pd.DataFrame, decisions: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """One row a passage and frame from scores and decisions with one column a frame."""
    frames = codebook.frame_ids
    k = len(frames)
    table = passages.loc[passages.index.repeat(k)].reset_index(drop=True)
    table["frame"] = np.tile(np.array(frames, dtype=object), len(passages))
    table["score"] = scores[frames].to_numpy().ravel()
    table["decision"] = decisions[frames].to_numpy().ravel()
    extra = [name for name in ("corpus", "position", "n_words") if name in table.columns]
    return table[[*CLASSIFIED, *extra]]


def classify_passages(
    passages: pd.DataFrame, codebook: Codebook, classifier: Scorer, *, progress: bool = False
) -> pd.DataFrame:
    """Classified table of `passages` by a fitted classifier."""
    values = classifier.predict_proba(passages["text"].to_list(), progress="classifying" if progress else "")
    ids = passages["passage_id"]
    decided = _wide(classifier.decide_scores(values), ids, codebook)
    return long_table(passages.reset_index(drop=True), _wide(values, ids, codebook), decided, codebook)
