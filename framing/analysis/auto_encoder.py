"""The encoder that `auto` stands for in the settings of a report: by the counts of its corpus and labels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from framing.analysis.chosen import describe_choice, read_chosen
from framing.analysis.sources import Source, describe_labels, find_codebook, find_sources, hash_labels, read_gold_of
from framing.analysis.tables import cached_tables
from framing.classify.auto_encoder import choose_encoder
from framing.classify.tuned.plan import TuningPlan
from framing.classify.work import Work, count_all_words, count_languages
from framing.codebook import Codebook
from framing.corpus import corpora_fingerprint
from framing.defaults import AUTO_ENCODER
from framing.files.identity import code_hash, library_versions
from framing.settings import Settings

__all__ = ["ResolvedEncoder", "resolve_encoder"]

_COUNTS = (  # wings whose code changes a count
    "analysis", "classify", "codebook", "coding", "corpus", "data", "defaults", "files", "selection", "settings",
    "tables",
)  # fmt: skip
_WITHOUT_EFFECT = "minilm"  # where nothing is scored by an encoder


@dataclass(frozen=True)
class ResolvedEncoder:
    """Settings that name their encoder.

    Attributes
    ----------
    settings : Settings
        With an encoder that is never `auto`.
    sentence : str
        Which one `auto` chose, and why; empty where one was named.
    """

    settings: Settings
    sentence: str


def resolve_encoder(settings: Settings) -> ResolvedEncoder:
    """Name the encoder that `auto` stands for in settings.

    Parameters
    ----------
    settings : Settings
        Settings of a run.

    Returns
    -------
    ResolvedEncoder
        The settings as they are if they name an encoder. Keys of caches, records and kernels have the name that is
        chosen, so that another choice, once a better encoder is installed, makes another report.

    Raises
    ------
    InputError
        If the corpus, the codebook or the labels are missing or wrong.

    Notes
    -----
    The corpus is read for its number of words and its language when it is new or changed; the cache stores them.
    """
    if settings.encoder != AUTO_ENCODER:
        return ResolvedEncoder(settings, "")
    name, sentence = _WITHOUT_EFFECT, ""
    if settings.scorer == "seeds":
        choice = choose_encoder(AUTO_ENCODER, _find_work(settings, find_codebook(settings)))
        name, sentence = choice.name, choice.sentence
    return ResolvedEncoder(settings.with_encoder(name), sentence)


def _find_work(settings: Settings, codebook: Codebook) -> Work:
    """What is to be read and learned, from the cache unless something that it depends on changed."""
    sources = find_sources(settings, codebook)
    folders = [source.folder for source in sources]
    fingerprint = corpora_fingerprint(folders, data_path=settings.data_path, by_name="file" in settings.where)
    learning = settings.model_dump(mode="json", include={"learn_from_gold", "strength"})
    inputs = [
        fingerprint, describe_choice(settings), hash_labels(sources), describe_labels(sources), learning, codebook.hash,
        code_hash(_COUNTS), library_versions(),
    ]  # fmt: skip
    made = cached_tables("work", inputs, lambda: {"counts": _count(settings, codebook, sources, folders, fingerprint)})
    counts = made["counts"].iloc[0]
    work = Work.of_codebook(
        codebook,
        languages=json.loads(counts["languages"]),
        n_texts=int(counts["n_texts"]),
        n_words=int(counts["n_words"]),
    )
    plan = TuningPlan(search=settings.search_tuning)
    if not settings.learn_from_gold:
        return work.with_examples(codebook, strength=settings.strength, plan=plan)
    return replace(
        work,
        n_labelled=int(counts["n_labelled"]),
        labelled_words=int(counts["labelled_words"]),
        n_groups=int(counts["n_groups"]),
        strength=settings.strength,
        plan=plan,
    )


def _count(
    settings: Settings, codebook: Codebook, sources: Sequence[Source], folders: Sequence[Path], fingerprint: str
) -> pd.DataFrame:
    """One row: the counts of a `Work`."""
    documents = read_chosen(folders, settings, fingerprint=fingerprint, keep=True).documents
    gold = read_gold_of(sources, settings, codebook) if settings.learn_from_gold else None
    labelled = [] if gold is None else gold.passages["text"].to_list()
    row = {
        "n_texts": len(documents),
        "n_words": count_all_words(documents["text"]),
        "languages": json.dumps(count_languages(documents["language"])),
        "n_labelled": len(labelled),
        "labelled_words": count_all_words(labelled),
        "n_groups": 0 if gold is None else gold.passages["group"].nunique(),
    }
    return pd.DataFrame([row])
