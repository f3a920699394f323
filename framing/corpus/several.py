"""Several corpora read as one: their documents in one table, each with the id of its corpus."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from framing.corpus.config import CorpusConfig
from framing.corpus.documents import Corpus, read_corpus
from framing.corpus.fingerprint import corpus_fingerprint
from framing.errors import InputError
from framing.tables import DOCUMENTS

__all__ = ["corpora_fingerprint", "merge_configs", "read_corpora"]


def read_corpora(folders: Sequence[Path], *, data_path: str = "") -> Corpus:
    """Read the documents of one or several corpora into one table.

    Parameters
    ----------
    folders : sequence of Path
        Folders, each with a corpus.yaml.
    data_path : str, default ""
        Folder of the files, over the environment variable FRAMING_DATA.

    Returns
    -------
    Corpus
        With one folder what `read_corpus` returns. With several, the documents in the order of the folders; a column
        that a corpus lacks is empty there. `files` and `quarantine` name a file with its corpus, as `corpus/file`.

    Raises
    ------
    InputError
        As `read_corpus` does; if a corpus is named twice; if corpora with human labels share ids of documents.

    Notes
    -----
    An id that an earlier corpus has is written `corpus:id`, so that ids stay unique.
    """
    if len(folders) == 1:
        return read_corpus(folders[0], data_path=data_path)
    corpora = [read_corpus(folder, data_path=data_path) for folder in folders]
    config = merge_configs([corpus.config for corpus in corpora])
    tables, taken = [], set[str]()
    for corpus in corpora:
        tables.append(_rename_shared_ids(corpus, taken))
        taken.update(tables[-1]["document_id"])
    carried = list(dict.fromkeys(name for table in tables for name in table.columns if name not in DOCUMENTS))
    documents = pd.concat(tables, ignore_index=True)
    first_files = np.cumsum([0, *(len(corpus.files) for corpus in corpora)])[:-1]
    documents[carried] = documents[carried].fillna("")
    return Corpus(
        config=config,
        documents=documents[[*DOCUMENTS, *carried]],
        quarantine=pd.concat([_name_files(corpus.quarantine, corpus) for corpus in corpora], ignore_index=True),
        files=pd.concat([_name_files(corpus.files, corpus) for corpus in corpora], ignore_index=True),
        notes=tuple(
            replace(note, file=f"{corpus.config.corpus}/{note.file}") for corpus in corpora for note in corpus.notes
        ),
        hash=_hash_all([corpus.hash for corpus in corpora]),
        file_numbers=np.concatenate(
            [corpus.file_numbers + first for corpus, first in zip(corpora, first_files, strict=True)]
        ),
    )


def corpora_fingerprint(folders: Sequence[Path], *, data_path: str = "", by_name: bool = False) -> str:
    """Compute the hash of `read_corpora` without parsing the files.

    Parameters
    ----------
    folders : sequence of Path
        Folders, each with a corpus.yaml.
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
        If a corpus.yaml is wrong, or there are no files.
    """
    return _hash_all([corpus_fingerprint(folder, data_path=data_path, by_name=by_name) for folder in folders])


def _hash_all(hashes: list[str]) -> str:
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def merge_configs(configs: Sequence[CorpusConfig]) -> CorpusConfig:
    """Unite what several corpora say of themselves.

    Parameters
    ----------
    configs : sequence of CorpusConfig
        Contents of their corpus.yaml.

    Returns
    -------
    CorpusConfig
        Of one corpus its own. Of several: titles, sources and licences joined, perspectives, sides and marks of all;
        `constructed` if one of them is. Its keys on files are those of the first, its `gold` is None.

    Raises
    ------
    InputError
        If two have the same id, or give one name in the texts two sides.
    """
    first = configs[0]
    if len(configs) == 1:
        return first
    ids = [config.corpus for config in configs]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise InputError(f"corpora: {', '.join(doubled)} is named twice, or two corpora have this id.")
    sides: dict[str, str] = {}
    for config in configs:
        for name, side in config.sides.items():
            if sides.setdefault(name, side) != side:
                raise InputError(f"corpora: {name} speaks for {sides[name]} in one corpus and for {side} in another.")
    marks = {(mark.date, mark.label): mark for config in configs for mark in config.marks}
    return first.model_copy(
        update={
            "corpus": "+".join(ids),
            "title": "; ".join(config.title for config in configs),
            "source": _join_by_title(configs, "source"),
            "licence": _join_by_title(configs, "licence"),
            "constructed": any(config.constructed for config in configs),
            "perspectives": {outlet: name for config in configs for outlet, name in config.perspectives.items()},
            "sides": sides,
            "marks": tuple(marks.values()),
            "gold": None,
        }
    )


def _join_by_title(configs: Sequence[CorpusConfig], key: str) -> str:
    given = [(config.title, str(getattr(config, key)).rstrip(".")) for config in configs if getattr(config, key)]
    return "; ".join(f"{title}: {value}" for title, value in given)


def _rename_shared_ids(corpus: Corpus, taken: set[str]) -> pd.DataFrame:
    """The documents of a corpus, with `corpus:id` for ids that an earlier corpus has."""
    documents, name = corpus.documents, corpus.config.corpus
    shared = documents["document_id"].isin(taken)
    if not shared.any():
        return documents
    if corpus.config.gold is not None:
        raise InputError(
            f"corpora: {int(shared.sum())} documents of {name} have the id of a document of another corpus, such as "
            f"{documents.loc[shared, 'document_id'].iloc[0]!r}, and its human labels name passages by them. Name "
            "another column as document_id, or none, in one of the two corpus.yaml."
        )
    ids = documents["document_id"].where(~shared, f"{name}:" + documents["document_id"])
    return documents.assign(document_id=ids)


def _name_files(table: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    return table.assign(file=f"{corpus.config.corpus}/" + table["file"].astype(str))
