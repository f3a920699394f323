"""`framing fetch`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import tell
from framing.errors import RunError

__all__ = ["fetch"]


def fetch(
    corpus: Annotated[str, typer.Argument(metavar="CORPUS", help="A corpus of corpora/, or its folder")],
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Also ask for known articles; changed ones become new versions")
    ] = False,
) -> None:
    """Bring new articles of the feeds, sitemaps and exports that corpus.yaml names under fetch:, each once."""
    from framing.fetch import fetch_corpus
    from framing.settings import corpus_folder

    folder = Path(corpus) if (Path(corpus) / "corpus.yaml").is_file() else corpus_folder(corpus)
    found = fetch_corpus(folder, refresh=refresh, say=tell)
    for row in found.refused.head(20).to_dict("records"):
        tell(f"refused: {row['url']}: {row['reason']}")
    if len(found.refused) > 20:
        tell(f"… and {len(found.refused) - 20} more")
    typer.echo(found.sources.to_string(index=False))
    typer.echo(f"{found.n_articles} articles in {folder / 'fetched.jsonl'}")
    if len(found.sources) and (found.sources["problem"] != "").all():
        raise RunError("None of the sources could be read; see the column problem above.")
