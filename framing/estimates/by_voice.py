"""Frames by voice: what an outlet says itself, what it lets others say, and who gets to speak on which frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.prevalence import BOOTSTRAP, EXACT, estimate_prevalence
from framing.tables import CLASSIFIED, SPEAKERS, require_columns

__all__ = [
    "OTHERS",
    "OUTLET",
    "add_voices",
    "count_voices",
    "estimate_prevalence_by_voice",
    "estimate_speakers",
]

OUTLET = "the outlet itself"
OTHERS = "all others"
_COLUMNS = ("voice", "speaker", "speaker_group")
_METHODS = {  # of the shares of speakers, which rest on voices too
    BOOTSTRAP: "document bootstrap; errors of classifier and voices not included",
    EXACT: "exact (Korn-Graubard); errors of classifier and voices not included",
}


def add_voices(classified: pd.DataFrame, voices: pd.DataFrame) -> pd.DataFrame:
    """Add the voice of each passage to a classified table.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`.
    voices : DataFrame
        Voice of each passage, as `mark_voices` returned them.

    Returns
    -------
    DataFrame
        `classified` with the columns `voice, speaker, speaker_group`; the outlet's own is `the outlet itself`.

    Raises
    ------
    InputError
        Where columns are missing, a passage stands twice in `voices`, or a classified passage has no voice.
    """
    require_columns(classified, ("passage_id",), what="classified passages")
    require_columns(voices, ("passage_id", *_COLUMNS), what="voices")
    if voices["passage_id"].duplicated().any():
        raise InputError("voices has some passages twice; expected one row a passage, as mark_voices returns.")
    known = voices.set_index("passage_id")
    missing = sorted(set(classified["passage_id"]) - set(known.index))
    if missing:
        raise InputError(
            f"{len(missing)} classified passage(s) have no voice (the first is {missing[0]}); mark the voices of the "
            "same passages that were classified."
        )
    merged = classified.drop(columns=[name for name in _COLUMNS if name in classified.columns]).reset_index(drop=True)
    for name in _COLUMNS:
        merged[name] = known.loc[merged["passage_id"], name].to_numpy()
    merged["speaker_group"] = np.where(merged["voice"] == "own", OUTLET, merged["speaker_group"])
    return merged


def count_voices(passages: pd.DataFrame, voices: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """Count the passages of each group by voice.

    Parameters
    ----------
    passages : DataFrame
        Passages, columns `framing.tables.PASSAGES`.
    voices : DataFrame
        Voice of each passage, as `mark_voices` returned them.
    by : str, default "outlet"
        Column of the groups.

    Returns
    -------
    DataFrame
        Columns `by, voice, n_passages, share, n_speakers`. `share` is of the group's passages; `n_speakers` counts
        different names. Counts are exact.

    Raises
    ------
    InputError
        As `add_voices`.
    """
    require_columns(passages, ("passage_id", by), what="passages")
    marked = add_voices(passages[["passage_id", by]], voices)
    counts = marked.groupby([by, "voice"], sort=True).agg(
        n_passages=("passage_id", "size"), n_speakers=("speaker", "nunique")
    )
    counts["share"] = counts["n_passages"] / counts.groupby(level=0)["n_passages"].transform("sum")
    counts.loc[counts.index.get_level_values("voice") == "own", "n_speakers"] = 0
    return counts.reset_index()[[by, "voice", "n_passages", "share", "n_speakers"]]


def estimate_prevalence_by_voice(
    classified: pd.DataFrame,
    voices: pd.DataFrame,
    *,
    by: Sequence[str] = ("outlet", "voice"),
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
    corrected: bool = False,
) -> pd.DataFrame:
    """Share of the passages of each voice that carry each frame, with intervals.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`.
    voices : DataFrame
        Voice of each passage, as `mark_voices` returned them.
    by : sequence of str, default ("outlet", "voice")
        Any columns of `add_voices(classified, voices)`.
    level : float, default 0.95
        Confidence level of intervals, 0.5 to 1.
    n_bootstrap : int, default 2000
        Draws of documents.
    random_seed : int, optional
        Start of the random draws.
    corrected : bool, default False
        With labelled passages, correct for the classifier's errors. A voice needs ten of them in each group, or it has
        no share; so it is off here.

    Returns
    -------
    DataFrame
        Keys `by` and `frame`, then the columns of `framing.estimate_prevalence`. With `by=("outlet", "voice")` the rows
        of voice `own` are frame shares in the outlet's own voice; with `by=("speaker_group",)` those of each side, most
        heard first.

    Notes
    -----
    Assumes that voices are right: their errors are in no interval. See `framing.estimate_prevalence` for the rest.
    """
    marked = add_voices(classified, voices)
    require_columns(marked, by, what="classified passages with voices")
    shares = estimate_prevalence(
        marked, by=tuple(by), level=level, n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=corrected
    )
    if "speaker_group" not in by:
        return shares
    order = shares["n_passages"].sort_values(ascending=False, kind="stable").index
    return shares.loc[order].reset_index(drop=True)


def estimate_speakers(
    classified: pd.DataFrame,
    voices: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    top: int = 8,
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Of the passages that carry a frame: how many are in whose voice.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`.
    voices : DataFrame
        Voice of each passage, as `mark_voices` returned them.
    by : sequence of str, default ()
        Columns of groups; empty: all passages together.
    top : int, default 8
        Groups of speakers with rows of their own.
    level : float, default 0.95
        Confidence level of intervals, 0.5 to 1.
    n_bootstrap : int, default 2000
        Draws of documents.
    random_seed : int, optional
        Start of the random draws.

    Returns
    -------
    DataFrame
        Columns `by`, then `SPEAKERS`: `estimate` is the share of the frame's passages that are the group's, `low, high`
        its interval at `level` from the document bootstrap (exact where a group is rare, as in
        `framing.estimate_prevalence`); the groups of a frame add up to 1. `n_passages, n_documents` : those with the
        frame. The `top` most frequent groups of all passages have rows, the rest are `all others`.

    Raises
    ------
    InputError
        Where no passage carries any frame, or `top` is below 1.

    Notes
    -----
    One voice a passage: that with most of its attributed words. Errors of classifier and of voices are not included.
    """
    require_columns(classified, (*CLASSIFIED, *by), what="classified passages")
    if top < 1:
        raise InputError(f"top is {top}; expected at least 1 group of speakers.")
    marked = add_voices(classified, voices)
    present = marked[marked["decision"] == "present"]
    if present.empty:
        raise InputError("No passage carries any frame, so nobody speaks on one.")
    passages = present.drop_duplicates("passage_id")
    counts = passages["speaker_group"].value_counts().rename("count").rename_axis("speaker_group").reset_index()
    ranked = counts.sort_values(["count", "speaker_group"], ascending=[False, True])
    kept = list(ranked["speaker_group"][:top])
    if len(ranked) > top:
        kept.append(OTHERS)
    group = present["speaker_group"].where(present["speaker_group"].isin(kept), OTHERS)
    present = present.assign(of=present["frame"], speaks=group)
    every = present.merge(pd.DataFrame({"said_by": kept}), how="cross")
    every = every.assign(
        frame=every["said_by"], decision=np.where(every["speaks"] == every["said_by"], "present", "absent"), score=1.0
    )
    shares = estimate_prevalence(
        every, by=(*by, "of"), level=level, n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=False
    )
    shares = shares.rename(columns={"frame": "speaker_group", "of": "frame"})
    shares["method"] = shares["method"].replace(_METHODS)
    return shares[[*by, *SPEAKERS]]
