"""`framing fetch`."""

from __future__ import annotations

from typing import Annotated

import typer

from framing.cli.options import MAX_REFUSED, CorpusArgument, find_corpus, say
from framing.errors import RunError
from framing.fetch import fetch_corpus

__all__ = ["fetch"]


def fetch(
    corpus: CorpusArgument,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Also ask for known articles; changed ones become new versions")
    ] = False,
) -> None:
    """Fetch new articles of the feeds, sitemaps and exports that corpus.yaml names under fetch:, each once."""
    folder = find_corpus(corpus)
    fetched = fetch_corpus(folder, refresh=refresh, say=say)
    for row in fetched.refused.head(MAX_REFUSED).to_dict("records"):
        say(f"refused: {row['url']}: {row['reason']}")
    if len(fetched.refused) > MAX_REFUSED:
        say(f"… and {len(fetched.refused) - MAX_REFUSED} more")
    typer.echo(fetched.sources.drop(columns="note").to_string(index=False))
    for row in fetched.sources[fetched.sources["note"] != ""].to_dict("records"):
        typer.echo(f"{row['source']}: {row['note']}")
    typer.echo(f"{fetched.n_articles} articles in {folder / 'fetched.jsonl'}")
    if len(fetched.sources) and (fetched.sources["problem"] != "").all():
        raise RunError("None of the sources could be read; see the column problem above.")
