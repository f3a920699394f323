"""`framing stories`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from framing.analysis.languages import describe_stories
from framing.analysis.remarks import describe_dates
from framing.analysis.story_encoder import choose_story_encoder
from framing.cli.options import (
    CorpusArgument,
    OutputOption,
    PathOption,
    find_corpus,
    say,
)
from framing.cli.remarks import say_all
from framing.corpus import read_corpus
from framing.corpus.fingerprint import list_source_files
from framing.corpus.formats import Refused, find_format, read_rows
from framing.defaults import AUTO_ENCODER
from framing.errors import InputError
from framing.files.spreadsheets import restored
from framing.files.whole import check_not_read, check_output, write_table
from framing.stories.duplicates import find_duplicates
from framing.stories.find import HEADLINE, find_stories, resolve_encoder
from framing.stories.pins import read_corpus_pins, read_pins
from framing.stories.similarity import SHORT_WORDS
from framing.stories.translations import add_originals, find_translations, join_translations

__all__ = ["stories"]


def stories(
    source: CorpusArgument,
    output: OutputOption,
    data_path: PathOption = "",
    pins: Annotated[
        Path | None,
        typer.Option("--pins", help="Documents joined or separated by hand (else stories.yaml beside the corpus.yaml)"),
    ] = None,
    previous: Annotated[
        Path | None, typer.Option("--previous", help="Table of an earlier run, whose story ids are used again")
    ] = None,
    encoder: Annotated[
        str, typer.Option("--encoder", help="auto, minilm, mpnet, multilingual, a folder, or owner/name@revision")
    ] = AUTO_ENCODER,
) -> None:
    """Find the documents of one event across outlets: a row a document with its story."""
    check_output(output)
    folder = find_corpus(source)
    check_not_read(output, [*list_source_files(folder, data_path=data_path), pins])
    fixed = read_pins(pins) if pins is not None else read_corpus_pins(folder)
    if fixed is not None:
        say(f"pins of {fixed.source}")
    earlier = _read_previous(previous) if previous is not None else None
    if earlier is None and output.exists():
        say(f"{output} is replaced; its story ids are not used (--previous {output} would use them again)")
    documents = read_corpus(folder, data_path=data_path).documents
    encoder, chosen = choose_story_encoder(encoder, documents["language"])
    say_all([chosen, describe_stories(documents["language"], encoder=encoder), *describe_dates(documents)])
    model = resolve_encoder(encoder)
    translations = find_translations(documents, model, progress="finding translations")
    copies = find_duplicates(documents, progress="finding duplicates")
    duplicates = join_translations(documents, copies, translations)
    table = find_stories(
        documents, model, duplicates=duplicates, pins=fixed, previous=earlier, progress="finding stories"
    )
    table = add_originals(table, duplicates)
    write_table(table, output)
    say(_describe_counts(table, duplicates))
    say_all([_describe_support(table)])
    typer.echo(str(output))


def _describe_counts(table: pd.DataFrame, duplicates: pd.DataFrame) -> str:
    """Numbers of documents, stories and duplicates, in a sentence."""
    n_outlets = table.groupby("story_id")["outlet"].nunique()
    n_copies, n_translations = (int((duplicates["relation"] == name).sum()) for name in ("copy", "translation"))
    translations = f", {n_translations:,} translations" if n_translations else ""
    return (
        f"{len(table):,} documents, {len(n_outlets):,} stories, {int((n_outlets > 1).sum()):,} of them of several "
        f"outlets; {n_copies:,} duplicates{translations} in {duplicates['group'].nunique():,} groups"
    )


def _describe_support(table: pd.DataFrame) -> str:
    """How many stories of several documents rest on headlines, in a sentence; empty where none does."""
    stories = table.groupby("story_id").agg(n_documents=("document_id", "size"), support=("support", "first"))
    several = stories[stories["n_documents"] > 1]
    n_weak = int((several["support"] == HEADLINE).sum())
    return (
        f"{n_weak:,} of {len(several):,} stories of several documents rest on headlines alone (column support): under "
        f"{SHORT_WORDS} words, events of one kind are hardly told apart"
        if n_weak
        else ""
    )


def _read_previous(path: Path) -> pd.DataFrame:
    """`document_id, story_id` of an earlier table, as text."""
    if not path.is_file():
        raise InputError(f"--previous {path}: there is no such file.")
    rows = []
    for item in read_rows(path, kind=find_format(path), needed=["document_id", "story_id"]):
        if isinstance(item, Refused):
            raise InputError(f"--previous {item.file}, line {item.line}: {item.reason}.")
        rows.append(tuple(restored(item.values[name]) for name in ("document_id", "story_id")))
    return pd.DataFrame(rows, columns=["document_id", "story_id"])
