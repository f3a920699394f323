"""`framing store`: what the cache folder holds, what goes, and whether it is as it was stored."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from framing.encoders.sentence import default_store
from framing.encoders.store import VectorStore
from framing.encoders.vectors.shelf import Batch, choose_batches, find_limit, today
from framing.errors import FramingError, InputError
from framing.files.caches import CacheEntry, list_caches, remove_entries
from framing.files.filesystems import find_kind
from framing.files.sizes import format_size, parse_days, parse_size
from framing.project import cache_folder

__all__ = ["check", "prune", "show"]

_DAY = 86400
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON")]


@dataclass(frozen=True)
class _Share:
    """What the vectors of one model take."""

    encoder: str
    model: str
    n_vectors: int
    n_bytes: int
    days_unused: int


def show(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show what the cache folder holds: vectors by encoder, and what else can be computed again."""
    if context.invoked_subcommand is not None:
        if as_json:
            raise InputError(f"--json stands behind the command: framing store {context.invoked_subcommand} --json.")
        return
    store = default_store()
    shares = _sum_models(store.shelf.list_batches())
    size, limit = store.shelf.size(), find_limit(store.shelf.place.parent)
    others = _sum_kinds(_list_others(store))
    place = store.shelf.place
    if as_json:
        where = {"place": str(place), "kind": store.shelf.kind, "file_system": find_kind(place.parent)}
        vectors = {**where, "n_bytes": size, "limit": limit, "models": [vars(share) for share in shares]}
        typer.echo(json.dumps({"folder": str(cache_folder()), "vectors": vectors, "others": others}, indent=1))
        return
    kind = "one SQLite file" if store.shelf.kind == "sqlite" else "Parquet parts"
    typer.echo(f"vectors: {place} ({kind}), {format_size(size)} of at most {format_size(limit)}")
    if size > limit:
        typer.echo("over its limit: vectors that are used again today stay until tomorrow")
    if shares:
        rows = [
            (share.encoder or "unknown", f"{share.n_vectors:,}", format_size(share.n_bytes), _ago(share.days_unused),
             share.model)
            for share in shares
        ]  # fmt: skip
        _show_table(("encoder", "vectors", "size", "last used", "model"), rows)
    typer.echo(f"\nother caches in {cache_folder()}" if others else f"\nno other caches in {cache_folder()}")
    if others:
        rows = [
            (kind["name"], f"{kind['n_entries']:,}", format_size(kind["n_bytes"]), _ago(kind["days_unused"]),
             _ago(kind["days_oldest"]))
            for kind in others
        ]  # fmt: skip
        _show_table(("name", "entries", "size", "last used", "oldest"), rows)


def prune(
    older_than: Annotated[
        str, typer.Option(metavar="AGE", help="What was not used for so long: 90d, 12w, 6m or 1y")
    ] = "",
    to_size: Annotated[
        str, typer.Option(metavar="SIZE", help="Vectors, those unused longest first, down to a size: 5GB")
    ] = "",
    model: Annotated[
        str, typer.Option(metavar="FINGERPRINT", help="Vectors of this model alone; its first digits do")
    ] = "",
    everything: Annotated[
        bool, typer.Option("--everything", help="All that can be computed again; installed encoders stay")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, remove nothing")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove what was not used for long, what is over a size, or everything; say what was removed.

    Together, --older-than and --to-size remove what either names, and --model leaves all but its vectors. --older-than
    also removes prepared analyses and tables, and damaged files that were set aside.
    """
    if not (older_than or to_size or model or everything):
        raise InputError("Say what may go: --older-than 90d, --to-size 5GB, --model FINGERPRINT or --everything.")
    if everything and (older_than or to_size or model):
        raise InputError("--everything goes with no other choice; leave out --older-than, --to-size and --model.")
    days = parse_days(older_than, argument="--older-than") if older_than else None
    room = parse_size(to_size, argument="--to-size") if to_size else None
    store = default_store()
    batches = store.shelf.list_batches()
    if model and not any(batch.model.startswith(model) for batch in batches):
        known = ", ".join(sorted({batch.model for batch in batches if batch.model})) or "none"
        raise InputError(f"--model: no vectors of {model!r} are stored. Stored are those of: {known}.")
    before = today() - days if days is not None else None
    gone = choose_batches(batches, size=store.shelf.size(), to_size=room, before=before, model=model)
    others = [entry for entry in _list_others(store) if _goes(entry, days, everything=everything) and not model]
    if not dry_run:
        store.shelf.remove(gone)
        remove_entries(others)
        while room is not None and (more := _choose_more(store, room, model)):  # their sizes were estimates
            store.shelf.remove(more)
            gone += more
    _say_removed(_sum_models(gone), _sum_kinds(others), dry_run=dry_run, as_json=as_json)


def check(as_json: JsonOption = False) -> None:
    """Compare every stored vector with its checksum; exit code 1 if any was damaged.

    What is damaged is set aside, and the vectors of it that are right are kept.
    """
    store = default_store()
    checked = store.shelf.check()
    if as_json:
        facts = {"place": str(store.shelf.place), "n_vectors": checked.n_vectors, "problems": checked.problems}
        typer.echo(json.dumps(facts, indent=1))
    elif not checked.problems:
        typer.echo(f"{checked.n_vectors:,} vectors in {store.shelf.place}: all are as they were stored")
    if checked.problems:
        store.shelf.salvage()
        raise FramingError(
            f"{store.shelf.place} was damaged: {'; '.join(checked.problems)}. It was set aside; "
            f"{len(store):,} vectors could be read and are kept, the rest is computed again when it is needed."
        )


def _list_others(store: VectorStore) -> list[CacheEntry]:
    return list_caches(cache_folder(), leave={store.shelf.place.name})


def _choose_more(store: VectorStore, room: int, model: str) -> list[Batch]:
    return choose_batches(store.shelf.list_batches(), size=store.shelf.size(), to_size=room, model=model)


def _goes(entry: CacheEntry, days: int | None, *, everything: bool) -> bool:
    if everything:
        return not entry.is_installed
    return days is not None and entry.goes_by_age and (time.time() - entry.used) / _DAY > days


def _sum_models(batches: Sequence[Batch]) -> list[_Share]:
    """A record a model, those used last first."""
    by_model: dict[str, list[Batch]] = {}
    for batch in batches:
        by_model.setdefault(batch.model, []).append(batch)
    shares = [
        _Share(
            encoder=next((batch.encoder for batch in group if batch.encoder), ""),
            model=model,
            n_vectors=sum(batch.n_vectors for batch in group),
            n_bytes=sum(batch.n_bytes for batch in group),
            days_unused=today() - max(batch.used for batch in group),
        )
        for model, group in by_model.items()
    ]
    return sorted(shares, key=lambda share: (share.days_unused, -share.n_vectors, share.model))


def _sum_kinds(entries: Sequence[CacheEntry]) -> list[dict[str, Any]]:
    """A record a kind: its name, entries, size, and days since the last use of its newest and its oldest."""
    records = []
    for name in sorted({entry.kind for entry in entries}):
        group = [entry for entry in entries if entry.kind == name]
        ages = [max(int((time.time() - entry.used) // _DAY), 0) for entry in group]
        n_bytes = sum(entry.n_bytes for entry in group)
        records.append(
            {
                "name": name,
                "n_entries": len(group),
                "n_bytes": n_bytes,
                "days_unused": min(ages),
                "days_oldest": max(ages),
            }
        )
    return records


def _say_removed(shares: Sequence[_Share], kinds: Sequence[dict[str, Any]], *, dry_run: bool, as_json: bool) -> None:
    n_bytes = sum(share.n_bytes for share in shares) + sum(kind["n_bytes"] for kind in kinds)
    if as_json:
        facts = {"removed": not dry_run, "n_bytes": n_bytes, "models": [vars(share) for share in shares]}
        typer.echo(json.dumps({**facts, "others": list(kinds)}, indent=1))
        return
    verb = "would remove" if dry_run else "removed"
    for share in shares:
        name = f"{share.encoder or 'an unknown encoder'} ({share.model[:12] or 'no fingerprint'})"
        typer.echo(f"{verb} {share.n_vectors:,} vectors of {name}, {format_size(share.n_bytes)}")
    for kind in kinds:
        typer.echo(f"{verb} {kind['n_entries']:,} of {kind['name']}, {format_size(kind['n_bytes'])}")
    typer.echo(f"{verb} {format_size(n_bytes)} in all" if shares or kinds else "nothing to remove")


def _ago(days: int) -> str:
    if days > 20_000:
        return "not known"
    return {0: "today", 1: "yesterday"}.get(days, f"{days:,} days ago")


def _show_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns set to their widest value; numbers and sizes to the right."""
    widths = [max(len(row[column]) for row in [names, *rows]) for column in range(len(names))]
    for row in [names, *rows]:
        cells = [
            value.rjust(width) if names[column] in ("vectors", "entries", "size") else value.ljust(width)
            for column, (value, width) in enumerate(zip(row, widths, strict=True))
        ]
        typer.echo("  ".join(cells).rstrip())
