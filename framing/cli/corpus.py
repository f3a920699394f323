"""`framing corpus check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from framing.analysis.languages import describe_encoders, describe_sentences, describe_voices
from framing.analysis.remarks import describe_dates
from framing.cli.options import MAX_REFUSED, PathOption, find_corpus
from framing.coding.gold_check import check_gold
from framing.corpus import Corpus, CorpusConfig, read_corpus
from framing.corpus.header import clean_name, find_alike
from framing.errors import InputError
from framing.tables import DOCUMENTS

__all__ = ["check"]


def check(
    folder: Annotated[Path, typer.Argument(help="Corpus folder with its corpus.yaml, or the name of one in corpora/")],
    data_path: PathOption = "",
) -> None:
    """Check a corpus: rows accepted and refused, documents per outlet, the first refusals; human labels."""
    home = folder if folder.is_dir() else find_corpus(str(folder))
    corpus = read_corpus(home, data_path=data_path)
    _show_corpus(corpus)
    _check_gold(corpus.config, home, data_path)


def _show_corpus(corpus: Corpus) -> None:
    typer.echo(corpus.files.drop(columns="sha256").to_string(index=False))
    for note in corpus.notes:
        typer.echo(f"{note.file}: {note.text}")
    for row in corpus.quarantine.head(MAX_REFUSED).itertuples():
        typer.echo(f"{row.file}, line {row.line}: {row.reason}")
    if len(corpus.quarantine) > MAX_REFUSED:
        typer.echo(f"… and {len(corpus.quarantine) - MAX_REFUSED} more")
    typer.echo(corpus.documents["outlet"].value_counts().to_string())
    for alike in find_alike(corpus.documents["outlet"].unique()):
        typer.echo(f"outlets that may be one, written in several ways: {', '.join(alike)}")
    outlets = set(map(clean_name, corpus.documents["outlet"].unique()))
    absent = sorted(name for name in corpus.config.perspectives if clean_name(name) not in outlets)
    if absent:
        typer.echo(f"perspectives name outlets that do not occur: {', '.join(absent)}")
    carried = [name for name in corpus.documents.columns if name not in DOCUMENTS]
    if carried:
        typer.echo(f"carried columns: {', '.join(carried)}")
    typer.echo(_describe_days(corpus.documents["published"]))
    languages = corpus.documents["language"].value_counts()
    typer.echo("languages: " + ", ".join(f"{name} {n}" for name, n in languages.items()))
    for sentence in _describe_languages(corpus.documents):
        typer.echo(sentence)
    for sentence in describe_dates(corpus.documents):
        typer.echo(sentence)
    n_rows, n_documents = int(corpus.files["n_rows"].sum()), len(corpus.documents)
    n_left_out = int(corpus.files["n_left_out"].sum())
    left_out = f" + {n_left_out} left out by where:" if corpus.config.where else ""
    typer.echo(f"{n_rows} rows in = {n_documents} kept + {len(corpus.quarantine)} refused{left_out}")


def _describe_languages(documents: pd.DataFrame) -> list[str]:
    """Languages of the outlets that have several, and what of this package does not know which."""
    names = documents["language"]
    per_outlet = [
        f"languages of {outlet}: {', '.join(f'{name} {n:,}' for name, n in part.value_counts().items())}"
        for outlet, part in names.groupby(documents["outlet"])
        if part.nunique() > 1
    ]
    known = [describe_sentences(names, unit="documents"), describe_voices(names, unit="documents")]
    shown = per_outlet[:MAX_REFUSED]
    if len(per_outlet) > MAX_REFUSED:
        shown.append(f"… and {len(per_outlet) - MAX_REFUSED} more outlets with several languages")
    return [*shown, *describe_encoders(names), *filter(None, known)]


def _describe_days(published: pd.Series) -> str:
    """First and last day, and how many documents have none."""
    if not published.notna().any():
        return "dates: none"
    n_undated = int(published.isna().sum())
    undated = f"; {n_undated} document(s) without a date" if n_undated else ""
    return f"dates: {published.min():%Y-%m-%d} to {published.max():%Y-%m-%d}{undated}"


def _check_gold(config: CorpusConfig, folder: Path, data_path: str) -> None:
    """Show how many human labels would be read; raises `InputError` if they cannot be used."""
    checked = check_gold(config, folder, data_path=data_path)
    if checked is None:
        return
    for row in checked.refused.head(MAX_REFUSED).itertuples():
        typer.echo(f"{row.file}, line {row.line}: {row.reason}")
    if len(checked.counts):
        typer.echo(checked.counts.to_string(index=False))
    if checked.n_kept:
        n_rows = checked.n_kept + len(checked.refused)
        codebook = f" in {checked.codebook.codebook}" if checked.codebook is not None else ""
        typer.echo(
            f"labels{codebook}: {checked.file}: {n_rows} rows in = {checked.n_kept} labelled passages + "
            f"{len(checked.refused)} refused"
        )
    for remark in checked.remarks:
        typer.echo(remark)
    if checked.problems:
        raise InputError(" ".join(checked.problems))
