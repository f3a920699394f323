"""`framing stories`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framing.cli.options import EncoderOption, PathOption, naming, tell
from framing.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["stories"]


def stories(
    source: Annotated[str, typer.Argument(metavar="CORPUS", help="Corpus folder, or the name of one in corpora/")],
    output: Annotated[Path, typer.Option("--output", help="Table to write: .csv, .jsonl or .parquet")],
    path: PathOption = "",
    pins: Annotated[
        Path | None, typer.Option("--pins", help="What is settled by hand (else stories.yaml beside the corpus.yaml)")
    ] = None,
    previous: Annotated[
        Path | None, typer.Option("--previous", help="Table of an earlier run, whose story ids are kept")
    ] = None,
    encoder: EncoderOption = "minilm",
) -> None:
    """Find the documents of one event across outlets: a row a document with its story."""
    from framing.classified_files import check_output, write_table
    from framing.corpus import read_corpus
    from framing.duplicates import find_duplicates
    from framing.settings import corpus_folder
    from framing.stories import find_stories
    from framing.story_pins import pins_of, read_pins

    with naming("--output"):
        check_output(output)
    folder = Path(source) if (Path(source) / "corpus.yaml").is_file() else corpus_folder(source)
    settled = read_pins(pins) if pins is not None else pins_of(folder)
    if settled is not None:
        tell(f"pins of {settled.source}")
    earlier = _read_previous(previous) if previous is not None else None
    if earlier is None and output.exists():
        tell(f"{output} is replaced; its story ids are not used (--previous {output} would keep them)")
    documents = read_corpus(folder, data_path=path).documents
    duplicates = find_duplicates(documents)
    found = find_stories(documents, encoder, duplicates=duplicates, pins=settled, previous=earlier)
    write_table(found, output)
    outlets = found.groupby("story_id")["outlet"].nunique()
    copies = int((duplicates["duplicate_of"] != "").sum())
    tell(
        f"{len(found):,} documents, {len(outlets):,} stories, {int((outlets > 1).sum()):,} of them of several outlets; "
        f"{copies:,} duplicates in {duplicates['group'].nunique():,} groups"
    )
    typer.echo(str(output))


def _read_previous(path: Path) -> pd.DataFrame:
    """`document_id, story_id` of an earlier table, as text."""
    import pandas as pd

    from framing.corpus.formats import Refused, format_of, read_rows

    if not path.is_file():
        raise InputError(f"--previous {path}: there is no such file.")
    rows = []
    for item in read_rows(path, kind=format_of(path), needed=["document_id", "story_id"]):
        if isinstance(item, Refused):
            raise InputError(f"--previous {item.file}, line {item.line}: {item.reason}.")
        rows.append((item.values["document_id"], item.values["story_id"]))
    return pd.DataFrame(rows, columns=["document_id", "story_id"])
