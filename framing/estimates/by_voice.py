"""Frames by voice: shares in the outlet's voice and in that of its sources, and who speaks on which frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError, TooLittleDataError
from framing.estimates.groups import check_groups
from framing.estimates.prevalence import estimate_prevalence
from framing.tables import CLASSIFIED, SPEAKERS, list_columns, require_columns
from framing.texts import phrase

__all__ = [
    "NOT_KNOWN",
    "OTHERS",
    "OUTLET",
    "CountedUnit",
    "add_voices",
    "count_voices",
    "estimate_prevalence_by_voice",
    "estimate_speakers",
]

OUTLET = "the outlet itself"
OTHERS = "all others"
NOT_KNOWN = "voice not known"
CountedUnit = Literal["passage", "span"]
_COLUMNS = ("voice", "speaker", "speaker_group")
_IDS: dict[CountedUnit, str] = {"passage": "passage_id", "span": "span_id"}
_ERRORS = (
    "classifier error not included",
    "errors of classifier and voices not included",
)  # shares rest on voices, too


def add_voices(classified: pd.DataFrame, voices: pd.DataFrame, *, unit: CountedUnit = "passage") -> pd.DataFrame:
    """Add the voice of each passage, or span, to a classified table.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`; for `unit="span"` classified spans, as
        `VoiceSpans.classified`.
    voices : DataFrame
        Voice of each passage, as `mark_voices` returned them; for `unit="span"` the spans, as `cut_spans` returned
        them.
    unit : {"passage", "span"}, default "passage"
        What has one voice.

    Returns
    -------
    DataFrame
        `classified` with the columns `voice, speaker, speaker_group`; the group of the outlet's own voice is `the
        outlet itself`, that of a passage in a language without rules `voice not known`.

    Raises
    ------
    InputError
        Where columns are missing, a passage (span) stands twice in `voices`, or a classified one has no voice; for
        another `unit`.
    """
    name_id = _find_id(unit)
    require_columns(classified, (name_id,), what=f"classified {unit}s")
    require_columns(voices, (name_id, *_COLUMNS), what="voices")
    if voices[name_id].duplicated().any():
        source = "mark_voices" if unit == "passage" else "cut_spans"
        raise InputError(f"voices has some {unit}s twice; expected one row a {unit}, as {source} returns.")
    by_unit = voices.set_index(name_id)
    missing = sorted(set(classified[name_id]) - set(by_unit.index))
    if missing:
        raise InputError(
            f"{len(missing)} classified {unit}(s) have no voice (the first is {missing[0]}); mark the voices of the "
            f"same {unit}s that were classified."
        )
    with_voices = classified.drop(columns=list(_COLUMNS), errors="ignore").reset_index(drop=True)
    for name in _COLUMNS:
        with_voices[name] = by_unit.loc[with_voices[name_id], name].to_numpy()
    voice = with_voices["voice"]
    with_voices["speaker_group"] = with_voices["speaker_group"].mask(voice == "own", OUTLET)
    with_voices["speaker_group"] = with_voices["speaker_group"].mask(voice == "unknown", NOT_KNOWN)
    return with_voices


def count_voices(
    passages: pd.DataFrame, voices: pd.DataFrame, *, by: str | Sequence[str] | None = "outlet"
) -> pd.DataFrame:
    """Count the passages of each group by voice.

    Parameters
    ----------
    passages : DataFrame
        Passages, columns `framing.tables.PASSAGES`.
    voices : DataFrame
        Voice of each passage, as `mark_voices` returned them.
    by : str, sequence of str or None, default "outlet"
        Columns that make the groups; None: all passages are one.

    Returns
    -------
    DataFrame
        Columns `by` (or `group`, which is `all`), `voice, n_passages, share, n_speakers`. `share` is of the group's
        passages; `n_speakers` counts different names. Counts are exact, hence without intervals.

    Raises
    ------
    InputError
        As `add_voices`.
    """
    table, keys = check_groups(passages, by, ("passage_id",), what="passages")
    with_voices = add_voices(table[["passage_id", *keys]], voices)
    counts = with_voices.groupby([*keys, "voice"]).agg(
        n_passages=("passage_id", "size"), n_speakers=("speaker", "nunique")
    )
    counts["share"] = counts["n_passages"] / counts.groupby(level=keys)["n_passages"].transform("sum")
    counts.loc[counts.index.get_level_values("voice").isin(["own", "unknown"]), "n_speakers"] = 0
    return counts.reset_index()[[*keys, "voice", "n_passages", "share", "n_speakers"]]


def estimate_prevalence_by_voice(
    classified: pd.DataFrame,
    voices: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("outlet", "voice"),
    unit: CountedUnit = "passage",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
    corrected: bool = False,
) -> pd.DataFrame:
    """Share of the passages, or spans, of each voice that carry each frame, with intervals.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`; for `unit="span"` `VoiceSpans.classified`.
    voices : DataFrame
        Voice of each passage, as `mark_voices` returned them; for `unit="span"` `VoiceSpans.spans`.
    by : str or sequence of str, default ("outlet", "voice")
        Any columns of `add_voices(classified, voices, unit=unit)`.
    unit : {"passage", "span"}, default "passage"
        What is counted: passages, each in the voice that has most of its attributed words; or spans, what each speaker
        says in a passage and what is left in the outlet's own voice, each scored by itself (`open_voice_spans`).
    level : float, default 0.95
        Confidence level of intervals, 0.5 to 1.
    n_bootstrap : int, default 2000
        Draws of documents.
    random_seed : int, optional
        Start of the random draws.
    corrected : bool, default False
        With labelled passages, correct for the classifier's errors. A voice needs ten of them in each group, or it has
        no share; so it is off here. Errors of voices are not corrected: see `estimate_prevalence_in_voice`.

    Returns
    -------
    DataFrame
        Keys `by` and `frame`, then the columns of `framing.estimate_prevalence`, and for spans `n_spans`, their number,
        while `n_passages` is that of the passages that hold them. With `by=("outlet", "voice")` the rows
        of voice `own` are frame shares in the outlet's own voice; with `by="speaker_group"` those of each group of
        speakers, the one with most passages first.

    Raises
    ------
    InputError
        As `add_voices`, where a column of `by` is missing, and for spans with `corrected`: labels are of passages.

    Notes
    -----
    Intervals are over documents (clusters): spans of a passage are dependent, and those of a document are drawn
    together. Assumes that voices are right: their errors are in no interval. See `framing.estimate_prevalence` for the
    rest.
    """
    if unit == "span" and corrected:
        raise InputError(
            "corrected: labels are of passages, so shares of spans are not corrected; use unit='passage', or "
            "estimate_prevalence_in_voice where labels name the speaker."
        )
    with_voices, keys = check_groups(
        add_voices(classified, voices, unit=unit), by, CLASSIFIED, what=f"classified {unit}s with voices"
    )
    shares = estimate_prevalence(
        with_voices, by=keys, level=level, n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=corrected
    )
    shares = _count_units(shares, with_voices, [*keys, "frame"], unit)
    if "speaker_group" not in keys:
        return shares
    order = shares["n_passages"].sort_values(ascending=False, kind="stable").index
    return shares.loc[order].reset_index(drop=True)


def estimate_speakers(
    classified: pd.DataFrame,
    voices: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    unit: CountedUnit = "passage",
    top: int = 8,
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Of the passages, or spans, that carry a frame: the share in the voice of each group of speakers.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`; for `unit="span"` `VoiceSpans.classified`.
    voices : DataFrame
        Voice of each passage, as `mark_voices` returned them; for `unit="span"` `VoiceSpans.spans`.
    by : str, sequence of str or None
        Columns that make the groups; None: all passages together.
    unit : {"passage", "span"}, default "passage"
        What is counted, as in `estimate_prevalence_by_voice`.
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
        Columns `by`, then `SPEAKERS`: `estimate` is the group's share of the frame's passages, `low, high` its interval
        at `level` from the document bootstrap (exact where a group is rare, as in `framing.estimate_prevalence`); the
        groups of a frame add up to 1. `n_passages, n_documents` are those with the frame. The `top` most frequent
        groups of all passages have rows, the rest are `all others`. For spans `n_spans` is the number of those with the
        frame.

    Raises
    ------
    InputError
        Where columns are missing, no passage carries any frame, or `top` is below 1.

    Notes
    -----
    One voice a passage (that with most of its attributed words), or span. Errors of classifier and of
    voices are not included.
    """
    keys = list_columns(by)
    require_columns(classified, (*CLASSIFIED, *keys), what=f"classified {unit}s")
    if top < 1:
        raise InputError(f"top is {top}; expected at least 1 group of speakers.")
    with_voices = add_voices(classified, voices, unit=unit)
    present = with_voices[with_voices["decision"] == "present"]
    if present.empty:
        raise TooLittleDataError(
            phrase("No passage carries any frame, so nobody speaks on one: read 02_frames, or try another codebook.")
        )
    speakers = _rank_speakers(present.drop_duplicates(_find_id(unit)), top)
    # each passage as a classified one whose one "frame" is its group of speakers, within the frame that it carries
    speaker = present["speaker_group"].where(present["speaker_group"].isin(speakers), OTHERS)
    crossed = present.assign(_frame=present["frame"], _speaker=speaker, text="")
    crossed = crossed.drop(columns="frame").merge(pd.DataFrame({"frame": speakers}), how="cross")
    is_speaker = crossed["_speaker"] == crossed["frame"]
    shares = estimate_prevalence(
        crossed.assign(decision=np.where(is_speaker, "present", "absent")),
        by=(*keys, "_frame"),
        level=level,
        n_bootstrap=n_bootstrap,
        random_seed=random_seed,
        corrected=False,
    )
    shares = shares.rename(columns={"frame": "speaker_group", "_frame": "frame"})
    shares = _count_units(shares, present, [*keys, "frame"], unit)
    shares["method"] = shares["method"].str.replace(*_ERRORS, regex=False)
    return shares[[*keys, *SPEAKERS, *(["n_spans"] if unit == "span" else [])]]


def _find_id(unit: CountedUnit) -> str:
    """Column of the ids of what is counted."""
    if unit not in get_args(CountedUnit):
        raise InputError(f"unit: expected one of {', '.join(get_args(CountedUnit))}, got {unit!r}.")
    return _IDS[unit]


def _count_units(shares: pd.DataFrame, counted: pd.DataFrame, keys: list[str], unit: CountedUnit) -> pd.DataFrame:
    """For spans: their number as `n_spans`, and the number of their passages as `n_passages`."""
    if unit == "passage":
        return shares
    decided = counted[counted["decision"] != "abstain"]
    n_passages = decided.groupby(keys)["passage_id"].nunique()
    rows = pd.MultiIndex.from_frame(shares[keys]) if len(keys) > 1 else pd.Index(shares[keys[0]])
    n_spans = shares["n_passages"].to_numpy()
    return shares.assign(n_passages=n_passages.reindex(rows, fill_value=0).to_numpy(), n_spans=n_spans)


def _rank_speakers(units: pd.DataFrame, top: int) -> list[str]:
    """The `top` groups of speakers with most of these passages (spans), then `all others` where there are more."""
    counts = units["speaker_group"].value_counts().rename("count").rename_axis("speaker_group").reset_index()
    ranked = counts.sort_values(["count", "speaker_group"], ascending=[False, True])
    speakers = list(ranked["speaker_group"][:top])
    return [*speakers, OTHERS] if len(ranked) > top else speakers
