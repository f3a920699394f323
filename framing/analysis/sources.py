"""Corpora that the settings name, each with its folder, its corpus.yaml and its file of human labels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framing.codebook import Codebook, read_codebook
from framing.codebook.drafts import check_written
from framing.coding.gold import Gold, gold_file, read_labels
from framing.coding.merged_gold import merge_gold
from framing.corpus import CorpusConfig, read_config
from framing.corpus.config import GoldRule
from framing.corpus.fingerprint import list_source_files
from framing.files.identity import file_sha256
from framing.project import corpus_folder, named_file
from framing.settings import Settings

__all__ = ["Source", "describe_labels", "find_codebook", "find_sources", "hash_labels", "list_inputs", "read_gold_of"]

_ABOUT_LABELS = ("sampling", "codebook", "coded")  # keys of gold: in corpus.yaml that change no label


@dataclass(frozen=True)
class Source:
    """A corpus of an analysis.

    Attributes
    ----------
    folder : Path
        Its folder.
    config : CorpusConfig
        Content of its corpus.yaml.
    labels : tuple of Path and GoldRule or None
        Its file of human labels of the codebook; None without one.
    """

    folder: Path
    config: CorpusConfig
    labels: tuple[Path, GoldRule] | None


def find_codebook(settings: Settings) -> Codebook:
    """Read the codebook of the settings.

    Parameters
    ----------
    settings : Settings
        Settings of the run, whose `unit` goes before the codebook's own.

    Returns
    -------
    Codebook
        The codebook.

    Raises
    ------
    InputError
        If its file is missing or wrong.
    """
    book = read_codebook(named_file("seeds", settings.codebook, ".yaml", kind="codebook"))
    return check_written(book.with_unit(settings.unit))


def find_sources(settings: Settings, codebook: Codebook) -> list[Source]:
    """Find the corpora of the settings.

    Parameters
    ----------
    settings : Settings
        Settings of the run.
    codebook : Codebook
        Codebook of the run; labels of another one do not count.

    Returns
    -------
    list of Source
        In the order of the settings. A file of labels that the settings name counts once, for all corpora.

    Raises
    ------
    InputError
        If a corpus, its corpus.yaml or its file of labels is missing or wrong.
    """
    sources: list[Source] = []
    for name in settings.corpus_names:
        folder = corpus_folder(name)
        config = read_config(folder)
        counted = bool(settings.gold and sources)
        sources.append(Source(folder, config, None if counted else gold_file(settings, config, folder, codebook)))
    return sources


def list_inputs(settings: Settings) -> list[Path]:
    """List the files that an analysis is made from.

    Parameters
    ----------
    settings : Settings
        Settings of the run.

    Returns
    -------
    list of Path
        The codebook, the files of the corpora, and those of their human labels.

    Raises
    ------
    InputError
        If a file is missing or wrong.
    """
    codebook = named_file("seeds", settings.codebook, ".yaml", kind="codebook")
    sources = find_sources(settings, find_codebook(settings))
    return [
        codebook,
        *(path for item in sources for path in list_source_files(item.folder, data_path=settings.data_path)),
        *(item.labels[0] for item in sources if item.labels is not None),
    ]


def hash_labels(sources: Sequence[Source]) -> str:
    """Hash of the files of human labels.

    Parameters
    ----------
    sources : sequence of Source
        The corpora.

    Returns
    -------
    str
        sha256 of the file, or of the hashes of several; empty without one.
    """
    hashes = [file_sha256(source.labels[0]) for source in sources if source.labels is not None]
    if len(hashes) < 2:
        return "".join(hashes)
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def describe_labels(sources: Sequence[Source]) -> Any:
    """Rules by which human labels are read, as far as they change a label.

    Parameters
    ----------
    sources : sequence of Source
        The corpora.

    Returns
    -------
    object
        Plain values.
    """
    rules = [
        source.labels[1].model_dump(mode="json", exclude=set(_ABOUT_LABELS)) if source.labels is not None else {}
        for source in sources
    ]
    return rules[0] if len(rules) == 1 else rules


def read_gold_of(sources: Sequence[Source], settings: Settings, codebook: Codebook) -> Gold | None:
    """Read the human labels of the corpora.

    Parameters
    ----------
    sources : sequence of Source
        The corpora.
    settings : Settings
        Settings of the run.
    codebook : Codebook
        Codebook of the run.

    Returns
    -------
    Gold or None
        Labels of all corpora; None where none has any.

    Raises
    ------
    InputError
        If a file is wrong.
    """
    golds = {
        source.config.corpus: read_labels(*source.labels, codebook, given=bool(settings.gold))
        for source in sources
        if source.labels is not None
    }
    return merge_gold(golds) if golds else None
