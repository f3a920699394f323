"""The hash of a corpus: over the contents of its files and the settings that shape its documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from framing.corpus.config import SHAPES_DOCUMENTS, CorpusConfig, find_files, read_config
from framing.corpus.file_kinds import is_hidden
from framing.corpus.files_rule import FilesRule
from framing.corpus.formats import SINGLE
from framing.corpus.parlamint import find_metadata
from framing.files.digests import stored_sha256s
from framing.files.identity import file_sha256

__all__ = ["corpus_fingerprint", "hash_corpus", "list_corpus_files", "list_source_files"]

_PACKED = (".gz", ".zip")
_LATER_KEYS = ("separator", "header", "sheets", "records", "sources", "metadata", "where")


def corpus_fingerprint(folder: Path, *, data_path: str = "", by_name: bool = False) -> str:
    """Compute `Corpus.hash` without parsing the files.

    Parameters
    ----------
    folder : Path
        Folder with a corpus.yaml.
    data_path : str, default ""
        Folder of the files, over the environment variable FRAMING_DATA.
    by_name : bool, default False
        Whether documents are chosen by the names of their files, which then count.

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
    files: list[tuple[int, Path, str]] = []
    for source, rule in enumerate(config.rules):
        paths = find_files(rule, folder, corpus=config.corpus, data_path=data_path)
        known = stored_sha256s(paths)
        files += [(source, path, known[path]) for path in paths]
    return hash_corpus(config, files, by_name=by_name)


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


def hash_corpus(config: CorpusConfig, files: Iterable[tuple[int, Path, str]], *, by_name: bool = False) -> str:
    """Hash a corpus by the keys that shape its documents and by its files.

    Parameters
    ----------
    config : CorpusConfig
        Content of corpus.yaml.
    files : iterable of tuple
        Of each file, in the order of reading: the place of its rule in `config.rules`, its path, the hash of its bytes.
    by_name : bool, default False
        Whether documents are chosen by the names of their files, which then count; they always do where `where:` of
        `config` names the column `file`.

    Returns
    -------
    str
        64 hexadecimal digits.

    Notes
    -----
    Each file counts with the source that it belongs to. Its name counts only where the documents depend on it. The
    order of the files of a source, which is that of their names, counts where documents have ids of their own: of two
    with one id the first is kept.
    """
    dumped = config.model_dump(mode="json", include=set(SHAPES_DOCUMENTS))
    fields = CorpusConfig.model_fields
    # where a later key is not set it is left out, so that the hash of a corpus stays that of before there was the key
    shaping = [
        key for key in SHAPES_DOCUMENTS if key not in _LATER_KEYS or getattr(config, key) != fields[key].get_default()
    ]
    settings = json.dumps({key: dumped[key] for key in shaping}, ensure_ascii=False, separators=(",", ":"))
    rules = config.rules
    by_name = by_name or "file" in config.where
    described: list[list[str]] = [[] for _ in rules]
    for source, path, digest in files:
        line = _describe_file(path, rules[source], digest, by_name=by_name)
        described[source].append(f"{source} {line}" if config.sources else line)
    lines = [
        line
        for rule, of_source in zip(rules, described, strict=True)
        for line in (of_source if "document_id" in rule.columns else sorted(of_source))
    ]
    return hashlib.sha256("\n".join([settings, *lines]).encode("utf-8", "replace")).hexdigest()


def _describe_file(path: Path, rule: FilesRule, digest: str, *, by_name: bool) -> str:
    """The hash of a file, with as much of its name as its documents depend on, or with the hash of its metadata."""
    if rule.format in SINGLE:  # columns may come from name and folder
        return f"{digest} {path.parent.name}/{path.name}"
    parts = [digest]
    metadata = find_metadata(path) if rule.format == "parlamint" else None
    if metadata is not None:
        parts.append(file_sha256(metadata))
    if by_name:
        parts.append(path.name)
    else:  # whether it is unpacked, or left aside
        parts += [path.suffix.lower()] if path.suffix.lower() in _PACKED else []
        parts += ["hidden"] if is_hidden(path.name) else []
    return " ".join(parts)
