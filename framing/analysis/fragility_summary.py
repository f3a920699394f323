"""What the variations of a difference come to: which sources it survives, how far seeds move it, and a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from framing.analysis.differences import KEYS, REST
from framing.analysis.seed_spread import HALVES, measure_spread
from framing.analysis.wording import write_bounds, write_number
from framing.classify.seed_influence import name_seeds
from framing.codebook import Codebook
from framing.tables import FRAGILITY
from framing.texts import phrase, phrase_later, retell

__all__ = ["ENCODER", "SIZE", "THRESHOLD", "rank_seeds", "summarise_fragility"]

ENCODER, THRESHOLD, SIZE = "encoder", "threshold", "passage size"  # kinds of variation, beside seeds
_COUNTS = {ENCODER: "encoders", THRESHOLD: "thresholds", SIZE: "passage_sizes", HALVES: "seeds"}  # and their columns
_VARIED = {
    "encoders": phrase_later("encoders"),
    "thresholds": phrase_later("thresholds"),
    "passage_sizes": phrase_later("passage sizes"),
    "seeds": phrase_later("seeds"),
}
_LEAST_HALVES = 0.9  # share of the halves that a difference must survive
_NOT_VARIED = "not varied"
_METHOD = "multiverse of choices, not a sampling interval; {}"


def rank_seeds(headlines: pd.DataFrame, singles: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Rank the seeds of each difference's frame by how far the difference moves without them.

    Parameters
    ----------
    headlines : DataFrame
        Differences: `frame, group_a, group_b, estimate`.
    singles : DataFrame
        One row a difference and seed left out, as `vary_seeds` returned them.
    codebook : Codebook
        The codebook of the seeds.

    Returns
    -------
    DataFrame
        Columns `frame, group_a, group_b, seed, without_it, moved, text`: the most influential seed of each difference,
        then the second of each, and so on.
    """
    texts = dict(zip(name_seeds(codebook), (seed for frame in codebook.frames for seed in frame.seeds), strict=True))
    table = headlines[[*KEYS, "estimate"]].merge(
        singles[[*KEYS, "variation", "estimate"]].set_axis([*KEYS, "seed", "without_it"], axis=1), on=KEYS
    )
    table["moved"] = table["without_it"] - table["estimate"]
    table["text"] = table["seed"].map(texts)
    table = table.iloc[np.argsort(-table["moved"].abs().to_numpy(float), kind="stable")]
    table["rank"] = table.groupby(KEYS).cumcount()
    places = {tuple(key): place for place, key in enumerate(headlines[KEYS].itertuples(index=False))}
    table["place"] = [places[tuple(key)] for key in table[KEYS].itertuples(index=False)]
    table = table.sort_values(["rank", "place"], kind="stable")
    return table[[*KEYS, "seed", "without_it", "moved", "text"]].reset_index(drop=True)


def summarise_fragility(
    headlines: pd.DataFrame, variations: pd.DataFrame, seeds: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """Summarise the variations of each difference.

    Parameters
    ----------
    headlines : DataFrame
        Differences of the report.
    variations : DataFrame
        One row a variation and difference.
    seeds : DataFrame
        As `rank_seeds` returned them.
    codebook : Codebook
        The codebook.

    Returns
    -------
    DataFrame
        One row a headline, with the columns `framing.tables.FRAGILITY`.
    """
    n_seeds = {frame.id: len(frame.seeds) for frame in codebook.frames}
    rows = []
    for headline in headlines.to_dict("records"):
        key = [headline[name] for name in KEYS]
        varied = variations[(variations[KEYS] == key).all(axis=1)]
        row = {
            **{name: headline[name] for name in ("family", *KEYS, "estimate", "low", "high", "differs")},
            **_count_survived(headline, varied),
            **_describe_seeds(headline, varied, seeds, n_seeds[headline["frame"]]),
            **_find_range(headline, varied),
            **{name: headline[name] for name in ("n_passages", "n_documents", "n_gold")},
            "method": _METHOD.format(headline["method"]),
        }
        rows.append({**row, "in_words": _write_sentences(row, codebook.names)})
    return pd.DataFrame(rows, columns=list(FRAGILITY))


def _count_survived(headline: dict[Any, Any], varied: pd.DataFrame) -> dict[str, Any]:
    """Sources of variation, those that the difference survives, and `m of n` of each."""
    differs = varied["differs"].astype(bool)
    same_sign = np.sign(varied["estimate"]) == np.sign(headline["estimate"])
    survived = (same_sign & differs) if headline["differs"] else ~differs
    counts, verdicts = {}, []
    for kind, column in _COUNTS.items():
        of_kind = survived[varied["kind"] == kind]
        if of_kind.empty:
            counts[column] = _NOT_VARIED
            continue
        counts[column] = f"{int(of_kind.sum())} of {len(of_kind)}"
        verdicts.append(of_kind.mean() >= (_LEAST_HALVES if kind == HALVES else 1.0))
    return {"n_sources": len(verdicts), "n_survived": int(sum(verdicts)), **counts}


def _describe_seeds(
    headline: dict[Any, Any], varied: pd.DataFrame, seeds: pd.DataFrame, n_seeds: int
) -> dict[str, Any]:
    """How far the choice of seeds moves the difference, and the seed that moves it most."""
    halves = varied.loc[varied["kind"] == HALVES, "estimate"].to_numpy(float)
    empty = {"seeds_sd": np.nan, "seeds_same_sign": np.nan, "influential_seed": "", "without_it": np.nan}
    if not len(halves):
        return empty
    own = seeds[(seeds[KEYS] == [headline[name] for name in KEYS]).all(axis=1)]
    found = {
        **empty,
        "seeds_sd": measure_spread(halves, n_seeds),
        "seeds_same_sign": float((np.sign(halves) == np.sign(headline["estimate"])).mean()),
    }
    if len(own):
        found |= {"influential_seed": own.iloc[0]["seed"], "without_it": own.iloc[0]["without_it"]}
    return found


def _find_range(headline: dict[Any, Any], varied: pd.DataFrame) -> dict[str, Any]:
    """Smallest and largest difference, and the variation under which it is nearest to the other sign."""
    if varied.empty:
        return {"smallest": np.nan, "largest": np.nan, "worst": ""}
    signed = varied["estimate"] * (np.sign(headline["estimate"]) or 1.0)
    worst = varied.iloc[int(signed.to_numpy(float).argmin())]
    return {
        "smallest": varied["estimate"].min(),
        "largest": varied["estimate"].max(),
        "worst": f"{worst['kind']}: {worst['variation']}",
    }


_IN_POINTS = ("estimate", "smallest", "largest", "without_it")


def _write_sentences(row: dict[str, Any], names: dict[str, str]) -> str:
    """The difference and what becomes of it, in words."""
    pair = (
        phrase("{first} against all others", first=row["group_a"])
        if row["group_b"] == REST
        else phrase("{first} against {second}", first=row["group_a"], second=row["group_b"])
    )
    points = {name: write_number(100 * row[name], "+.1f") for name in _IN_POINTS if not pd.isna(row[name])}
    verdict = phrase("clear of noise") if row["differs"] else phrase("not clear of noise")
    parts = [
        phrase(
            "{frame}, {pair}: {estimate} points ({bounds}), {verdict}.",
            frame=names.get(row["frame"], row["frame"]),
            pair=pair,
            estimate=points["estimate"],
            bounds=write_bounds(100 * row["low"], 100 * row["high"], "+.1f"),
            verdict=verdict,
        )
    ]
    counts = [
        f"{phrase(_VARIED[column])} {retell(row[column])}" for column in _COUNTS.values() if row[column] != _NOT_VARIED
    ]
    if not counts:
        return f"{parts[0]} " + phrase("Nothing was varied.")
    parts.append(
        phrase(
            "This survives {n_survived} of {n_sources} sources of variation: {counts}.",
            n_survived=row["n_survived"],
            n_sources=row["n_sources"],
            counts=", ".join(counts),
        )
    )
    if not np.isnan(row["seeds_sd"]):
        parts.append(
            phrase(
                "The choice of seeds moves it by {seeds_sd:.1f} points (standard deviation); "
                "{seeds_same_sign:.0%} of random halves give the same sign.",
                seeds_sd=100 * row["seeds_sd"],
                seeds_same_sign=row["seeds_same_sign"],
            )
        )
    if row["influential_seed"]:
        parts.append(
            phrase(
                "Without {seed}, which moves it most: {without_it}.",
                seed=row["influential_seed"],
                without_it=points["without_it"],
            )
        )
    parts.append(
        phrase(
            "It lies between {smallest} and {largest}; worst, {worst}.",
            smallest=points["smallest"],
            largest=points["largest"],
            worst=retell(row["worst"]),
        )
    )
    return " ".join(parts)
