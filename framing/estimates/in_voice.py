"""Frames within voices: the share of all passages that carry a frame in a voice, corrected where coders named speakers.

One outcome joins frame and voice: passage i has `y_i = 1` if it carries the frame and is in the voice. Its proxy is the
score of the frame where the rules mark the voice, else 0; so errors of the classifier and of the rules, together, are
what labels correct (`framing.estimates.correction`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.by_voice import add_voices
from framing.estimates.correction import Target, has_gold
from framing.estimates.groups import check_groups
from framing.estimates.prevalence import estimate_prevalence
from framing.tables import CLASSIFIED, GOLD_SPEAKER

__all__ = ["SAID", "estimate_prevalence_in_voice", "names_speakers"]

SAID = "others"  # voice of all whom an outlet quotes or reports
_MARKED = {"own": "own", "quoted": SAID, "reported": SAID, "unknown": "unknown"}
_METHODS = {
    "classifier error not included": "errors of classifier and voices not included",
    "classifier error included": "errors of classifier and voices included",
}


def names_speakers(classified: pd.DataFrame) -> bool:
    """Whether labels of a classified table name the speakers of passages.

    Parameters
    ----------
    classified : DataFrame
        Classified passages.

    Returns
    -------
    bool
        True where it has the columns `framing.tables.GOLD` and `gold_speaker`.

    Examples
    --------
    >>> names_speakers(pd.DataFrame({"passage_id": ["p"], "gold_speaker": [""]}))
    False
    """
    return GOLD_SPEAKER in classified.columns and has_gold(classified)


def estimate_prevalence_in_voice(
    classified: pd.DataFrame,
    voices: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "outlet",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
    target: Target = "process",
) -> pd.DataFrame:
    """Share of a group's passages that carry a frame in the outlet's own voice, and in that of others.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`. `Analysis.classified` has the columns
        `framing.tables.GOLD` and `gold_speaker`, too, where labels were drawn with known chances and name the speaker
        (`speaker` under `gold` in corpus.yaml).
    voices : DataFrame
        Voice of each passage, as `mark_voices` returned them.
    by : str, sequence of str or None, default "outlet"
        Columns that make the groups; None: all passages are one.
    level : float, default 0.95
        Chance that each interval holds.
    n_bootstrap : int, default 2000
        Number of draws.
    random_seed : int, optional
        Start of the draws.
    target : {"process", "corpus"}, default "process"
        What corrected shares are about, as in `framing.estimate_prevalence`.

    Returns
    -------
    DataFrame
        Keys `by`, `voice` (`own`; `others`, who are quoted or reported; and without labels `unknown`, in a language
        without rules) and `frame`, then the columns of `framing.estimate_prevalence`. Shares are of all
        passages of the group: those of all voices add up to the share of the frame. Where labels name the speaker
        they are corrected for errors of classifier and voices together; what classifier and rules mark stands beside
        them as `raw, raw_low, raw_high`.

    Raises
    ------
    InputError
        As `add_voices` and `framing.estimate_prevalence`; where a labelled passage has no `gold_speaker`.

    Notes
    -----
    Outcome of passage i, frame and voice v is `y_i = gold_i [V_i = v]`, where V is the voice by the coders (`own` where
    `gold_speaker` is empty); its proxy is `f_i [M_i = v]` with the score f and the voice M by the rules. A labelled
    passage has one speaker: all of its frames count in that voice. The estimator is that of
    `framing.estimates.correction`, unbiased however often rules and classifier are wrong. Where a language has no
    rules, the proxy is 0 in both voices, which costs precision only.
    """
    with_voices, keys = check_groups(
        add_voices(classified, voices), by, CLASSIFIED, what="classified passages with voices"
    )
    is_corrected = names_speakers(with_voices)
    marked = with_voices["voice"].map(_MARKED).to_numpy(object)
    values = ["own", SAID] if is_corrected else [value for value in ("own", SAID, "unknown") if (marked == value).any()]
    spoken = _read_speakers(with_voices) if is_corrected else None
    parts = []
    for value in values:
        is_spoken = None if spoken is None else spoken == value
        shares = estimate_prevalence(
            _restrict(with_voices, marked == value, is_spoken),
            by=keys,
            level=level,
            n_bootstrap=n_bootstrap,
            random_seed=random_seed,
            corrected=is_corrected,
            target=target,
        )
        shares.insert(len(keys), "voice", value)
        parts.append(shares)
    shares = pd.concat(parts, ignore_index=True)
    for old, new in _METHODS.items():
        shares["method"] = shares["method"].str.replace(old, new, regex=False)
    rank = shares["voice"].map({value: number for number, value in enumerate(values)})
    return (
        shares.assign(_rank=rank).sort_values([*keys, "_rank"], kind="stable", ignore_index=True).drop(columns="_rank")
    )


def _read_speakers(classified: pd.DataFrame) -> NDArray[np.object_]:
    """Voice of each row by the coders: `own` or `others`; empty where the passage is not labelled."""
    is_labelled = (classified["gold_weight"] > 0).to_numpy()
    speakers = classified[GOLD_SPEAKER]
    lacking = is_labelled & speakers.isna().to_numpy()
    if lacking.any():
        passage = classified["passage_id"].to_numpy()[int(np.flatnonzero(lacking)[0])]
        raise InputError(
            f"labelled passage {passage}: expected {GOLD_SPEAKER}, the name of a speaker, or an empty text for the "
            "outlet's own voice."
        )
    is_own = speakers.fillna("").astype(str).str.strip().to_numpy() == ""
    spoken = np.where(is_own, "own", SAID).astype(object)
    spoken[~is_labelled] = ""
    return spoken


def _restrict(table: pd.DataFrame, is_marked: NDArray[np.bool_], is_spoken: NDArray[np.bool_] | None) -> pd.DataFrame:
    """The table with frames that count only in one voice: as marked, and as coders say."""
    restricted = table.assign(decision=np.where(is_marked, table["decision"], "absent"))
    if is_spoken is None:
        return restricted
    return restricted.assign(
        proxy=table["proxy"].to_numpy(float) * is_marked,
        gold_proxy=table["gold_proxy"].to_numpy(float) * is_marked,
        gold=table["gold"].to_numpy(float) * is_spoken,
    )
