"""Make the tables of an analysis: fit the classifier, read the corpus, score passages, cross-fit labels, write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.chosen import read_chosen
from framing.analysis.classified import wide_table
from framing.analysis.evidence import make_windows
from framing.analysis.facts import AnalysisFacts, Counts, Hashes, LabelFacts, describe_encoder, describe_method
from framing.analysis.labelled import labelled_sample, why_not_corrected
from framing.analysis.language_model import (
    add_language_model,
    announce_questions,
    fill_unscored,
    list_labelled,
    open_beside,
    open_language_model,
    stack_beside,
)
from framing.analysis.languages import find_codebook_languages
from framing.analysis.remarks import list_remarks
from framing.analysis.score_texts import CHUNK_TEXTS, score_texts
from framing.analysis.tables import write_tables
from framing.analysis.translations import align_translations, score_translations
from framing.classify.auto_encoder import forecast_reading
from framing.classify.classifier import FrameClassifier
from framing.classify.fitted import fit_on_codebook
from framing.classify.llm import LlmScorer
from framing.classify.nli import NliScorer
from framing.classify.scorer import Scorer
from framing.classify.tuned.plan import TuningPlan
from framing.codebook import Codebook
from framing.coding.gold import Gold
from framing.corpus import Corpus, make_passages
from framing.encoders.known import identify_reading
from framing.encoders.sentence import default_store, open_encoder
from framing.encoders.weights import find_nli_model
from framing.errors import InputError
from framing.executors.executor import open_executor
from framing.files.identity import library_versions
from framing.settings import Settings
from framing.steps import Say

__all__ = ["choose_classifier", "fit_classifier", "prepare_analysis"]

Array = NDArray[np.float64]


def choose_classifier(settings: Settings, codebook: Codebook) -> tuple[Scorer, str]:
    """Make the classifier that the settings ask for.

    Parameters
    ----------
    settings : Settings
        Settings of the run.
    codebook : Codebook
        Codebook of the classifier.

    Returns
    -------
    Scorer
        Classifier that is not fitted yet.
    str
        Fingerprint of its model.

    Raises
    ------
    InputError
        If settings contradict each other, or the model is not installed.
    """
    if settings.search_tuning and (settings.scorer, settings.strength) != ("seeds", "fine-tuned"):
        raise InputError(
            f"search_tuning: scorer {settings.scorer}, strength {settings.strength} may leave the encoder as it is; "
            "set scorer: seeds and strength: fine-tuned."
        )
    if settings.llm_beside and settings.scorer == "llm":
        raise InputError("llm_beside: the scorer is the language model itself; take scorer seeds or nli.")
    if settings.scorer == "llm":
        if settings.wanted_precision or settings.wanted_recall:
            raise InputError("wanted_precision, wanted_recall: the scorer llm promises neither; use scorer seeds.")
        model = open_language_model(settings, codebook)
        return model, model.identity
    if settings.scorer == "nli":
        if not settings.nli_model:
            raise InputError("scorer nli: name the model with nli_model (a folder, or owner/name@revision).")
        if settings.wanted_precision or settings.wanted_recall:
            raise InputError("wanted_precision, wanted_recall: the scorer nli promises neither; use scorer seeds.")
        scorer = NliScorer(codebook, settings.nli_model, store=default_store())
        return scorer, _join_beside(find_nli_model(settings.nli_model).fingerprint, settings, codebook)
    encoder = open_encoder(settings.encoder, store=default_store())
    strength = settings.strength
    if strength == "auto" and not settings.learn_from_gold:
        strength = "zero-shot"
    if settings.strength == "zero-shot" and settings.learn_from_gold:
        raise InputError("learn_from_gold: strength zero-shot does not learn; choose auto, head or fine-tuned.")
    classifier = FrameClassifier(
        codebook,
        encoder,
        strength=strength,
        precision=settings.wanted_precision or None,
        recall=settings.wanted_recall or None,
        threshold_for=settings.threshold_for,
        language_shift=settings.language_shift,
        tuning=TuningPlan(search=True) if settings.search_tuning else None,
        random_seed=settings.random_seed,
    )
    return classifier, _join_beside(identify_reading(encoder), settings, codebook)


def _join_beside(fingerprint: str, settings: Settings, codebook: Codebook) -> str:
    """The fingerprint of the scorer, with that of a language model beside it."""
    return f"{fingerprint}+{open_language_model(settings, codebook).identity}" if settings.llm_beside else fingerprint


def prepare_analysis(
    settings: Settings,
    folders: Sequence[Path],
    classifier: Scorer,
    gold: Gold | None,
    home: Path,
    hashes: Hashes,
    *,
    progress: bool,
    say: Say | None,
    check: Callable[[pd.DataFrame], None] | None = None,
) -> None:
    """Make the tables of an analysis and write them into the folder `home`.

    Parameters
    ----------
    settings : Settings
        Settings of the run.
    folders : sequence of Path
        Folders of the corpora.
    classifier : Scorer
        Classifier that `choose_classifier` returned; it is fitted here.
    gold : Gold or None
        Human labels.
    home : Path
        Folder of the result: the tables of an `Analysis`, and its facts. All of it is written, or nothing.
    hashes : Hashes
        Hashes of the inputs.
    progress : bool
        Whether bars are shown on a terminal.
    say : callable or None
        Function of one line of text, called with the progress of learning from labels.
    check : callable or None, default None
        Function of the table of documents, called before they are classified.
    """
    corpus = read_chosen(folders, settings, fingerprint=hashes.corpus)
    if check is not None:
        check(corpus.documents)
    classifier = fit_classifier(classifier, settings, gold, progress=progress, say=say)
    unit = classifier.codebook.unit
    passages = make_passages(corpus.documents, unit=unit, max_words=settings.passage_words)
    passages = align_translations(passages, corpus.documents, settings)
    bar_title = "classifying" if progress else ""
    texts = passages["text"].to_list()
    if say is not None:
        _say_forecast(say, classifier, passages)
    executor = open_executor(say=say)
    beside = open_beside(settings, classifier.codebook, why_not_corrected(gold, passages))
    if (asked := classifier if isinstance(classifier, LlmScorer) else beside) is not None:
        announce_questions(asked, [*texts, *list_labelled(gold)], say=say)
    scores, n_long = score_texts(classifier, texts, executor, title=bar_title, say=say)
    scores, is_unscored = fill_unscored(scores)
    labelled = _score_labelled(classifier, gold, passages, scores, progress=bar_title)
    if beside is not None and gold is not None:
        sample, proxies = stack_beside(beside, labelled.sample, labelled.proxies, gold, passages, progress=bar_title)
        labelled = replace(labelled, sample=sample, proxies=proxies)
    score_tables = _make_score_tables(classifier, passages, scores, gold, labelled)
    score_tables["decisions"].loc[is_unscored, classifier.codebook.frame_ids] = "abstain"
    title = "finding where" if progress else ""
    windows = make_windows(classifier, passages, score_tables["decisions"], executor, title=title, say=say)
    tables = {
        "documents": corpus.documents,
        "quarantine": corpus.quarantine,
        "files": corpus.files,
        "passages": passages,
        **score_tables,
        "windows": windows,
        "translated": score_translations(classifier, passages),
    }
    facts = _make_facts(
        settings, classifier, gold, corpus, hashes, passages=passages, n_long=n_long, reason=labelled.reason
    )
    facts = add_language_model(facts, asked, n_unscored=int(is_unscored.sum()))
    write_tables(home, tables, facts.model_dump())


def _say_forecast(say: Say, classifier: Scorer, passages: pd.DataFrame) -> None:
    """Say how long scoring takes, unless members of a tuned encoder read beside it: these show how far they are."""
    if classifier.strength_ == "fine-tuned":
        return
    if forecast := forecast_reading(classifier.encoder_name_, len(passages), int(passages["n_words"].sum())):
        say(forecast)


@dataclass(frozen=True)
class _Labelled:
    """Scores that are compared with labels, and those that correct shares.

    Attributes
    ----------
    out_of_fold : array of shape (n labelled, K)
        Scores of the labelled passages by a classifier that saw neither them nor their documents.
    proxies : array of shape (n, K)
        Mean score of each passage by the classifiers that had not learned from its label.
    sample : DataFrame
        Labelled passages with weights, as `labelled_sample` returns them; empty if they do not correct shares.
    reason : str
        Why they do not correct shares; empty if they do.
    """

    out_of_fold: Array
    proxies: Array
    sample: pd.DataFrame
    reason: str


def fit_classifier(
    classifier: Scorer, settings: Settings, gold: Gold | None, *, progress: bool = False, say: Say | None = None
) -> Scorer:
    """Fit the classifier of an analysis; one that learned from the codebook alone is fitted once, and then loaded.

    Parameters
    ----------
    classifier : Scorer
        Classifier that `choose_classifier` returned.
    settings : Settings
        Settings of the run.
    gold : Gold or None
        Human labels, from which it learns if the settings say so.
    progress : bool, default False
        Whether bars are shown on a terminal.
    say : callable or None, default None
        Function of one line of text, called with the progress of learning.

    Returns
    -------
    Scorer
        Fitted; the same each time, since its random draws start from the settings' `random_seed`.
    """
    if gold is None or not settings.learn_from_gold:
        if isinstance(classifier, FrameClassifier):
            return fit_on_codebook(classifier, say=say)
        classifier.fit()
        return classifier
    texts, groups = gold.passages["text"].to_list(), gold.passages["group"].to_list()
    classifier.fit(texts, gold.labels, groups=groups, progress="fine-tuning" if progress else "", say=say)
    return classifier


def _score_labelled(
    classifier: Scorer, gold: Gold | None, passages: pd.DataFrame, scores: Array, *, progress: str
) -> _Labelled:
    """Score the labelled passages out of fold, and make the sample that corrects shares if the labels allow it."""
    reason = why_not_corrected(gold, passages)
    if gold is None:
        return _Labelled(np.zeros((0, scores.shape[1])), scores, pd.DataFrame(), reason)
    out_of_fold = classifier.cross_fitted_
    if out_of_fold is None:
        out_of_fold, _ = fill_unscored(classifier.predict_proba(gold.passages["text"].to_list()))
    if reason:
        return _Labelled(out_of_fold, scores, pd.DataFrame(), reason)
    proxies, gold_proxies = scores, out_of_fold
    if classifier.folds_ is not None:
        proxies, gold_proxies = _cross_fit(classifier, classifier.folds_, gold, passages, progress=progress)
    return _Labelled(out_of_fold, proxies, labelled_sample(gold, gold_proxies, classifier.codebook), reason)


def _cross_fit(
    classifier: Scorer, folds: NDArray[np.intp], gold: Gold, passages: pd.DataFrame, *, progress: str
) -> tuple[Array, Array]:
    """Mean score of each passage over the folds' classifiers, and each label's score by the one that left it out."""
    rows = pd.Index(passages["passage_id"]).get_indexer(pd.Index(gold.passages["passage_id"]))
    weights = np.bincount(folds) / len(folds)
    proxies, gold_proxies = [], np.full((len(folds), len(classifier.classes_)), np.nan)
    texts = passages["text"].to_list()
    for start in range(0, len(texts), CHUNK_TEXTS):
        by_fold = classifier.predict_folds(texts[start : start + CHUNK_TEXTS], progress=progress)
        proxies.append(np.einsum("j,jnk->nk", weights, by_fold))
        inside = (rows >= start) & (rows < start + CHUNK_TEXTS)
        gold_proxies[inside] = by_fold[folds[inside], rows[inside] - start]
    return np.concatenate(proxies), gold_proxies


def _make_score_tables(
    classifier: Scorer, passages: pd.DataFrame, scores: Array, gold: Gold | None, labelled: _Labelled
) -> dict[str, pd.DataFrame]:
    codebook, ids = classifier.codebook, passages["passage_id"]
    gold_ids = gold.passages["passage_id"] if gold is not None else pd.Series([], dtype=str)
    return {
        "scores": wide_table(scores, ids, codebook),
        "decisions": wide_table(classifier.decide_scores(scores), ids, codebook),
        "anchors": classifier.describe_anchors(),
        "gold_scores": wide_table(labelled.out_of_fold, gold_ids, codebook),
        "gold_decisions": wide_table(classifier.decide_scores(labelled.out_of_fold), gold_ids, codebook),
        "proxies": wide_table(labelled.proxies, ids, codebook),
        "labelled": labelled.sample,
        "guarantees": classifier.guarantees_,
    }


def _make_facts(
    settings: Settings,
    classifier: Scorer,
    gold: Gold | None,
    corpus: Corpus,
    hashes: Hashes,
    *,
    passages: pd.DataFrame,
    n_long: int,
    reason: str,
) -> AnalysisFacts:
    languages = find_codebook_languages(classifier.codebook)
    return AnalysisFacts(
        hashes=hashes.model_copy(update={"corpus": corpus.hash}),
        encoder=describe_encoder(classifier),
        method=describe_method(settings, classifier, n_labelled=None if gold is None else len(gold.passages)),
        threshold=float(classifier.threshold_) if classifier.codebook.multi_label else None,
        labels=LabelFacts(
            file=gold.name if gold is not None else "",
            passages=len(gold.passages) if gold is not None else 0,
            refused=len(gold.refused) if gold is not None else 0,
            learned_from=settings.learn_from_gold,
            tuned_in=classifier.training_dtype_,
            correction=reason or "shares and contrasts are corrected with them",
        ),
        counts=Counts(
            rows_read=int(corpus.files["n_rows"].sum()),
            rows_kept=len(corpus.documents),
            rows_refused=len(corpus.quarantine),
            rows_left_out=int(corpus.files["n_left_out"].sum()),
            documents=len(corpus.documents),
            passages=len(passages),
            long_passages=n_long,
        ),
        unit=classifier.codebook.unit,
        remarks=list_remarks(corpus.documents, encoder=classifier.encoder_name_, codebook=languages),
        codebook_languages=tuple(sorted(languages)),
        versions=library_versions(),
    )
