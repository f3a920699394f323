"""What changes from one version of a codebook to the next, in sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from framing.analysis.codebook_versions import ADDED, REMOVED, RENAMED, VersionComparison
from framing.analysis.wording import name_frame, write_number
from framing.classify.anchors import ENOUGH_EXAMPLES, read_by
from framing.codebook import Codebook
from framing.estimates.contrast_moves import NEWLY_CLEAR, NO_LONGER_CLEAR
from framing.reports.cells import format_interval
from framing.texts import phrase, phrase_n, retell

__all__ = ["describe_versions"]

_MOST_NAMED = 5  # frames in a sentence


def describe_versions(comparison: VersionComparison, old: Codebook, new: Codebook) -> list[str]:
    """Say in sentences what changes from one version to the next.

    Parameters
    ----------
    comparison : VersionComparison
        What changes.
    old, new : Codebook
        The two versions.

    Returns
    -------
    list of str
        Sentences in the language of this process.
    """
    if comparison.is_unchanged:
        return [
            phrase("Nothing changes: both versions have the same rules and passages, and all decisions are the same.")
        ]
    names = {**old.names, **new.names}
    sentences = [*_describe_frames(comparison, old, new, names)]
    table = comparison.agreement[comparison.is_shared]
    n_turned = int((table["n_newly"] + table["n_no_longer"]).sum())
    if comparison.n_decisions:
        share = write_number(n_turned / comparison.n_decisions, ".1%")
        sentences.append(
            phrase(
                "{n:,} of {n_all:,} decisions on frames that both versions have change ({share}; a count on "
                "these passages, hence without an interval).",
                n=n_turned,
                n_all=comparison.n_decisions,
                share=share,
            )
        )
    if n_turned:
        sentences.append(_describe_largest(table.iloc[0].to_dict(), names))
    sentences += _follow_frames(comparison, names, n_turned)
    return [*sentences, *_describe_scales(old, new, comparison.languages), *_describe_contrasts(comparison)]


def _describe_frames(
    comparison: VersionComparison, old: Codebook, new: Codebook, names: Mapping[str, str]
) -> list[str]:
    """Frames that are added, removed or renamed, a sentence for each kind."""
    lists: dict[str, list[str]] = {ADDED: [], REMOVED: [], RENAMED: []}
    for row in comparison.agreement.to_dict("records"):
        frame = row["frame"]
        if row["status"] == RENAMED:
            lists[RENAMED].append(_describe_renamed(frame, comparison.renamed, old, new))
        elif row["status"] in lists:
            n = _count_units(comparison.lone[frame].n_passages, old)
            lists[row["status"]].append(f"{name_frame(frame, names)} ({n})")
    joined = {status: ", ".join(frames) for status, frames in lists.items()}
    sentences = {
        ADDED: phrase("Added: {frames}.", frames=joined[ADDED]),
        REMOVED: phrase("Removed: {frames}.", frames=joined[REMOVED]),
        RENAMED: phrase("Renamed: {frames}.", frames=joined[RENAMED]),
    }
    return [sentence for status, sentence in sentences.items() if lists[status]]


def _count_units(n: int, codebook: Codebook) -> str:
    """A number of what is classified."""
    if codebook.unit == "document":
        return phrase_n("{n:,} document", "{n:,} documents", n)
    return phrase_n("{n:,} passage", "{n:,} passages", n)


def _describe_renamed(frame: str, renamed: Mapping[str, str], old: Codebook, new: Codebook) -> str:
    """The name of a frame before and after; its ids where these differ."""
    earlier = next((before for before, after in renamed.items() if after == frame), frame)
    sides = [name_frame(earlier, old.names), name_frame(frame, new.names)]
    if sides[0] == sides[1]:  # a translation of the name may stay as it was
        sides = [{each.id: each.name for each in book.frames}[id_] for book, id_ in ((old, earlier), (new, frame))]
    if earlier != frame:
        sides = [f"{name} ({id_})" for name, id_ in zip(sides, (earlier, frame), strict=True)]
    return " → ".join(sides)


def _describe_largest(row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    """The frame with the most changed decisions, with their numbers."""
    kappa = format_interval(row["estimate"], row["low"], row["high"], ".2f")
    if pd.isna(row["low"]):
        kappa = f"{kappa} ({retell(row['method'])})"
    return phrase(
        "Most decisions change on “{frame}”: {n_before:,} present before, {n_after:,} after ({n_newly:,} newly, "
        "{n_no_longer:,} no longer); kappa {kappa}.",
        frame=name_frame(row["frame"], names),
        n_before=int(row["n_before"]),
        n_after=int(row["n_after"]),
        n_newly=int(row["n_newly"]),
        n_no_longer=int(row["n_no_longer"]),
        kappa=kappa,
    )


def _follow_frames(comparison: VersionComparison, names: Mapping[str, str], n_turned: int) -> list[str]:
    """Which changes stand in passages of added and removed frames, and what else these carry."""
    sentences = []
    for row in comparison.agreement.to_dict("records"):
        lone = comparison.lone.get(row["frame"])
        if lone is None or not lone.n_passages:
            continue
        frame = name_frame(row["frame"], names)
        named = [*_name_some(lone.elsewhere, names), phrase("no frame ({n:,})", n=lone.n_none)]
        values: dict[str, Any] = {"frame": frame, "n_passages": lone.n_passages, "frames": ", ".join(named)}
        values |= {"n": lone.n_changes, "n_all": n_turned}
        if row["status"] == REMOVED:
            text = phrase(
                "Passages that carried the removed “{frame}” ({n_passages:,}): {n:,} of {n_all:,} changed decisions "
                "are in these; in the new version they carry {frames}.",
                **values,
            )
        else:
            text = phrase(
                "Passages that carry the added “{frame}” ({n_passages:,}): {n:,} of {n_all:,} changed decisions are "
                "in these; in the old version they carried {frames}.",
                **values,
            )
        sentences.append(text)
    return sentences


def _name_some(counts: Mapping[str, int], names: Mapping[str, str]) -> list[str]:
    """Names of the first frames with their numbers, and how many more there are."""
    named = [f"{name_frame(frame, names)} ({n:,})" for frame, n in list(counts.items())[:_MOST_NAMED]]
    left = len(counts) - len(named)
    return [*named, phrase_n("{n:,} other frame", "{n:,} other frames", left)] if left else named


def _describe_scales(old: Codebook, new: Codebook, languages: Collection[str] | None) -> list[str]:
    """Say where examples set the scale of scores in one version alone."""
    few = [_find_few(book, languages) for book in (old, new)]
    if bool(few[0]) == bool(few[1]):
        return []
    book, lacking = (new, few[1]) if few[1] else (old, few[0])
    values: dict[str, Any] = {
        "frames": ", ".join(_name_some(lacking, book.names)),
        "enough": ENOUGH_EXAMPLES,
    }
    if few[1]:
        text = phrase(
            "Decisions on all frames may change: in the new version examples no longer set the scale of scores, since "
            "these frames have fewer than {enough} examples: {frames}.",
            **values,
        )
    else:
        text = phrase(
            "Decisions on all frames may change: in the new version examples set the scale of scores; in the old one "
            "these frames had fewer than {enough} examples: {frames}.",
            **values,
        )
    return [text]


def _find_few(codebook: Codebook, languages: Collection[str] | None) -> dict[str, int]:
    """Frames with too few examples that the encoder reads for these to set the scale, with their number."""
    examples = read_by(codebook.examples, languages)
    counts = {frame: sum(frame in example.frames for example in examples) for frame in codebook.frame_ids}
    return {frame: n for frame, n in counts.items() if n < ENOUGH_EXAMPLES}


def _describe_contrasts(comparison: VersionComparison) -> list[str]:
    """How many contrasts move, and how many verdicts change."""
    table = comparison.contrasts
    if table.empty:
        return []
    n_moved = int(table["differs"].astype(bool).sum())
    n_newly = int((table["verdict"] == NEWLY_CLEAR).sum())
    n_no_longer = int((table["verdict"] == NO_LONGER_CLEAR).sum())
    return [
        phrase(
            "Contrasts that move, clear of noise: {n_moved:,} of {n_tested:,} in which a decision changes, of {n:,} in "
            "all.",
            n=len(table),
            n_tested=int(table["p_adjusted"].notna().sum()),
            n_moved=n_moved,
        ),
        phrase(
            "Newly clear of noise with the new version: {n_newly:,}; no longer clear: {n_no_longer:,}.",
            n_newly=n_newly,
            n_no_longer=n_no_longer,
        ),
    ]
