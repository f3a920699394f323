"""From settings to classified passages, computed once: the door that notebooks and reports share."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
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
from framing.encode import SentenceEncoder, default_store
from framing.settings import Settings, cache_folder, corpus_folder, named_file
from framing.tables import CLASSIFIED

__all__ = ["Analysis", "classify_passages", "open_analysis"]

_TABLES = ("documents", "quarantine", "files", "passages", "scores", "anchors")
_LIBRARIES = (
    "framing", "numpy", "pandas", "scikit-learn", "scipy", "torch", "transformers", "sentence-transformers",
    "sentencex", "py3langid", "altair", "papermill",
)  # fmt: skip


@dataclass(frozen=True)
class Analysis:
    """Everything one run knows before it estimates anything.

    Attributes
    ----------
    documents, quarantine, files, passages : tables of what was read, refused and split.
    scores : passage_id and one column a frame.
    anchors : per frame, how well its own seeds are found in cross-validation.
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
    anchors: pd.DataFrame
    threshold: float
    facts: dict[str, Any]

    @property
    def classified(self) -> pd.DataFrame:
        """Long table: one row a passage and frame, columns `framing.tables.CLASSIFIED`."""
        return long_table(self.passages, self.scores, self.codebook, self.threshold)

    @property
    def marks(self) -> pd.DataFrame:
        """Dated events of the corpus: `date, label`."""
        rows = [(pd.Timestamp(mark.date), mark.label) for mark in self.config.marks]
        return pd.DataFrame(rows, columns=["date", "label"])


def open_analysis(settings: Settings, *, progress: bool = False) -> Analysis:
    """Classified passages of the settings' corpus and codebook.

    The first call reads, splits, encodes and classifies; the result is kept under a key made of the
    contents of the corpus, codebook, model and code, so that a second call with the same only loads it.
    Raises `InputError` for anything wrong in the user's files.
    """
    folder = corpus_folder(settings.corpus)
    config = read_config(folder)
    codebook = read_codebook(named_file("seeds", settings.codebook, ".yaml", kind="codebook"))
    encoder = SentenceEncoder(settings.encoder, store=default_store())
    hashes = {
        "corpus": corpus_fingerprint(folder, data_path=settings.data_path),
        "codebook": codebook.hash,
        "encoder": encoder.fingerprint,
        "code": _code_hash(),
    }
    identity = json.dumps([hashes, settings.passage_words, settings.random_seed, _versions()], sort_keys=True)
    home = cache_folder() / "analyses" / hashlib.sha256(identity.encode()).hexdigest()[:24]
    if not (home / "facts.json").is_file():
        _prepare(settings, folder, codebook, encoder, home, hashes, progress=progress)
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


def _prepare(
    settings: Settings,
    folder: Path,
    codebook: Codebook,
    encoder: SentenceEncoder,
    home: Path,
    hashes: dict[str, str],
    *,
    progress: bool,
) -> None:
    corpus = read_corpus(folder, data_path=settings.data_path)
    passages = split_passages(corpus.documents, max_words=settings.passage_words)
    classifier = FrameClassifier(codebook, encoder, random_seed=settings.random_seed)
    classifier.fit()
    scores = pd.DataFrame(
        classifier.predict_proba(passages["text"].to_list(), progress="classifying" if progress else ""),
        columns=codebook.frame_ids,
    )
    scores.insert(0, "passage_id", passages["passage_id"])
    facts = {
        "hashes": {**hashes, "corpus": corpus.hash},
        "encoder": {"name": encoder.name, "precision": encoder.precision},
        "method": "zero-shot from the codebook's seeds: exploratory",
        "threshold": classifier.threshold_ if codebook.multi_label else None,
        "counts": {
            "rows_read": int(corpus.files["n_rows"].sum()),
            "rows_kept": len(corpus.documents),
            "rows_refused": len(corpus.quarantine),
            "documents": len(corpus.documents),
            "passages": len(passages),
        },
        "versions": _versions(),
    }
    tables = {
        "documents": corpus.documents,
        "quarantine": corpus.quarantine,
        "files": corpus.files,
        "passages": passages,
        "scores": scores,
        "anchors": classifier.anchors_,
    }
    home.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=home.parent, prefix=".making-"))
    try:
        for name, table in tables.items():
            table.to_parquet(work / f"{name}.parquet", index=False)
        (work / "facts.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        try:
            os.rename(work, home)  # noqa: PTH104
        except OSError:
            if not (home / "facts.json").is_file():  # another process made it first, else a real fault
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def long_table(passages: pd.DataFrame, scores: pd.DataFrame, codebook: Codebook, threshold: float) -> pd.DataFrame:
    """One row a passage and frame from scores with one column a frame."""
    frames = codebook.frame_ids
    values = scores[frames].to_numpy()
    k = len(frames)
    table = passages.loc[passages.index.repeat(k)].reset_index(drop=True)
    table["frame"] = np.tile(np.array(frames, dtype=object), len(passages))
    table["score"] = values.ravel()
    highest = np.arange(k) == values.argmax(axis=1)[:, None]
    present = values >= threshold if codebook.multi_label else highest
    table["decision"] = np.where(present.ravel(), "present", "absent")
    extra = [name for name in ("corpus", "position", "n_words") if name in table.columns]
    return table[[*CLASSIFIED, *extra]]


def classify_passages(
    passages: pd.DataFrame, codebook: Codebook, classifier: FrameClassifier, *, progress: bool = False
) -> pd.DataFrame:
    """Classified table of `passages` by a fitted classifier."""
    scores = pd.DataFrame(
        classifier.predict_proba(passages["text"].to_list(), progress="classifying" if progress else ""),
        columns=codebook.frame_ids,
    )
    return long_table(passages.reset_index(drop=True), scores, codebook, classifier.threshold_)


def _versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _code_hash() -> str:
    """sha256 of the package's source, so that kept tables never outlive the code that made them."""
    home = Path(__file__).parent
    content = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        if "reports" not in path.parts and path.name not in ("cli.py", "charts.py"):
            content.update(path.read_bytes())
    return content.hexdigest()
