"""The hash of a corpus: over the contents of its files and the settings that shape its documents."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from framing.corpus.config import SHAPES_DOCUMENTS, CorpusConfig, find_files, read_config
from framing.corpus.files_rule import FilesRule
from framing.corpus.parlamint import find_metadata
from framing.files.digests import stored_sha256s
from framing.files.identity import file_sha256

__all__ = ["corpus_fingerprint", "describe_file", "hash_corpus", "list_corpus_files", "list_source_files"]

_LATER_KEYS = ("separator", "header", "sheets", "records", "sources", "metadata", "where")


def corpus_fingerprint(folder: Path, *, data_path: str = "") -> str:
    """Compute `Corpus.hash` without parsing the files.

    Parameters
    ----------
    folder : Path
        Folder with a corpus.yaml.
    data_path : str, default ""
        Folder of the files, over the environment variable FRAMING_DATA.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    InputError
        If corpus.yaml is wrong, or there are no files.
    """
    config = read_config(folder)
    digests = []
    for rule in config.rules:
        files = find_files(rule, folder, corpus=config.corpus, data_path=data_path)
        known = stored_sha256s(files)
        digests += [describe_file(path, rule, known[path]) for path in files]
    return hash_corpus(config, digests)


def list_corpus_files(config: CorpusConfig, folder: Path, *, data_path: str = "") -> list[Path]:
    """List the files that a corpus is read from, beside its corpus.yaml.

    Parameters
    ----------
    config : CorpusConfig
        Content of corpus.yaml.
    folder : Path
        Folder of the corpus.
    data_path : str, default ""
        Folder of the files, over the environment variable FRAMING_DATA.

    Returns
    -------
    list of Path
        Files with documents, and tables of metadata beside them; each once.

    Raises
    ------
    InputError
        If there are no files.
    """
    listed: dict[Path, None] = {}
    for rule in config.rules:
        for path in find_files(rule, folder, corpus=config.corpus, data_path=data_path):
            metadata = find_metadata(path) if rule.format == "parlamint" else None
            listed.update(dict.fromkeys([path, *([metadata] if metadata is not None else [])]))
    return list(listed)


def list_source_files(source: Path, *, data_path: str = "") -> list[Path]:
    """List the files that a corpus or a single file is read from.

    Parameters
    ----------
    source : Path
        A folder with a corpus.yaml, or a file.
    data_path : str, default ""
        Folder of the files of a corpus, over the environment variable FRAMING_DATA.

    Returns
    -------
    list of Path
        The file alone; of a corpus its corpus.yaml, its files, and tables of metadata beside them.

    Raises
    ------
    InputError
        If corpus.yaml is wrong, or there are no files.
    """
    if not source.is_dir():
        return [source]
    return [source / "corpus.yaml", *list_corpus_files(read_config(source), source, data_path=data_path)]


def hash_corpus(config: CorpusConfig, digests: list[str]) -> str:
    """Hash a corpus by the keys that shape its documents and by its files.

    Parameters
    ----------
    config : CorpusConfig
        Content of corpus.yaml.
    digests : list of str
        What `describe_file` gives of each file, in any order.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    dumped = config.model_dump(mode="json", include=set(SHAPES_DOCUMENTS))
    fields = CorpusConfig.model_fields
    # where a later key is not set it is left out, so that the hash of a corpus stays that of before there was the key
    shaping = [
        key for key in SHAPES_DOCUMENTS if key not in _LATER_KEYS or getattr(config, key) != fields[key].get_default()
    ]
    settings = json.dumps({key: dumped[key] for key in shaping}, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256("\n".join([settings, *sorted(digests)]).encode("utf-8", "replace")).hexdigest()


def describe_file(path: Path, rule: FilesRule, digest: str) -> str:
    """Describe what a file adds to the hash of its corpus.

    Parameters
    ----------
    path : Path
        The file.
    rule : FilesRule
        How it is read.
    digest : str
        Hash of its bytes.

    Returns
    -------
    str
        The hash, with name and folder where columns may come from them, or with the hash of its table of metadata.
    """
    metadata = find_metadata(path) if rule.format == "parlamint" else None
    if metadata is not None:
        return f"{digest} {file_sha256(metadata)}"
    return f"{digest} {path.parent.name}/{path.name}" if rule.format in ("txt", "html") else digest
