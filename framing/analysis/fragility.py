"""How far the clearest differences depend on choices that could have been made otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.analysis import SHAPES_ANALYSIS, Analysis, open_analysis
from framing.analysis.tables import cached_table
from framing.classify.seed_influence import seed_names, shares_without_seeds
from framing.encoders.sentence import default_store, open_encoder
from framing.encoders.weights import installed_encoders
from framing.estimates.compare import compare_groups
from framing.files.identity import code_hash
from framing.project import cache_folder
from framing.settings import Settings
from framing.tables import FRAGILITY
from framing.uncertainty.resample import TINY

__all__ = ["Fragility", "measure_fragility"]

METHOD = (
    "multiverse of choices, not a sampling interval; contrasts of the classifier's decisions, "
    "{draws} bootstrap draws a variation; classifier error not included"
)
SEEDS = "seed left out"
KINDS = {  # of variation, with the column that counts them
    "encoder": "encoders",
    "threshold": "thresholds",
    "passage size": "passage_sizes",
    SEEDS: "seeds_left_out",
}
_THRESHOLD_FACTORS = (0.8, 0.9, 1.1, 1.2)
_PASSAGE_SIZES = (60, 120)  # words, beside the size of the settings
_N_BOOTSTRAP = 500  # draws a variation
_LEAST_HEADLINES = 3  # differences that are examined even if fewer are clear
_KEYS = ["frame", "group_a", "group_b"]


class _Options(TypedDict):
    """Arguments of `compare_groups` that all variations share."""

    by: str
    level: float
    min_documents: int
    random_seed: int
    corrected: bool
    n_bootstrap: int


@dataclass(frozen=True)
class Fragility:
    """The clearest differences under other choices of method.

    Attributes
    ----------
    headlines : DataFrame
        One row a difference, clearest first, with the columns `framing.tables.FRAGILITY`.
    variations : DataFrame
        One row a variation and difference: `kind, variation, frame, group_a, group_b, estimate, low, high, differs`.
    left_out : DataFrame
        Kinds of choice that were not varied: `kind, reason`.
    """

    headlines: pd.DataFrame
    variations: pd.DataFrame
    left_out: pd.DataFrame


@dataclass(frozen=True)
class _Variation:
    """Another choice: its kind, its name, and a function that makes the contrasts under it."""

    kind: str
    name: str
    compare: Callable[[], pd.DataFrame]


def measure_fragility(settings: Settings, *, say: Callable[[str], None] = lambda _: None) -> Fragility:
    """Repeat the comparison of groups with other encoders, thresholds and passage sizes, and without each seed.

    Parameters
    ----------
    settings : Settings
        Settings of the run.
    say : callable, optional
        Function of one line of text, called before each variation is made.

    Returns
    -------
    Fragility
        Contrasts under each variation, and for each clear difference the number of variations that it survives.

    Notes
    -----
    A difference survives a variation if it has the same sign and is as clear of noise, or as little, as in the analysis
    itself, jointly at the settings' level. This is a multiverse analysis (Steegen, Tuerlinckx, Gelman & Vanpaemel
    2016): the spread over variations shows how much the choices matter, and is no interval.

    The cache stores each variation under a key of all its inputs, so that a second run, or one after an interruption,
    makes only those that are missing.
    """
    analysis = open_analysis(settings)
    options: _Options = {
        "by": settings.compare_by,
        "level": settings.level,
        "min_documents": settings.min_documents,
        "random_seed": settings.random_seed,
        "corrected": False,
        "n_bootstrap": settings.n_bootstrap,
    }
    contrasts = compare_groups(analysis.classified, **options)
    n_clear = int(contrasts["differs"].sum())
    headlines = contrasts.head(max(min(n_clear, settings.fragility_top), _LEAST_HEADLINES))
    options["n_bootstrap"] = _N_BOOTSTRAP
    folder = _make_cache_folder(analysis, options)
    parts: list[pd.DataFrame] = []
    for variation in _list_variations(settings, analysis, options, folder):
        say(f"{variation.kind}: {variation.name}")
        varied = variation.compare()[[*_KEYS, "estimate", "low", "high", "differs"]]
        varied = headlines[_KEYS].merge(varied, on=_KEYS, how="left")
        parts.append(varied.assign(kind=variation.kind, variation=variation.name))
    reasons = _list_reasons(settings, analysis)
    if SEEDS not in reasons:
        parts.append(_vary_seeds(settings, analysis, headlines, folder, say))
    columns = ["kind", "variation", *_KEYS, "estimate", "low", "high", "differs"]
    variations = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    left_out = pd.DataFrame(list(reasons.items()), columns=["kind", "reason"])
    return Fragility(_summarise(headlines, variations), variations, left_out)


def _list_reasons(settings: Settings, analysis: Analysis) -> dict[str, str]:
    """Kinds of choice that are not varied, with the reason."""
    reasons = {}
    if settings.scorer == "nli":
        reasons["encoder"] = "the scorer nli has none"
    elif not _other_encoders(settings):
        reasons["encoder"] = "no other encoder is installed (framing encoder install mpnet)"
    if not analysis.codebook.multi_label:
        reasons["threshold"] = "the codebook gives each passage exactly one frame, the one with the highest score"
    if settings.scorer == "nli":
        reasons[SEEDS] = "the scorer nli uses none"
    elif settings.learn_from_gold:
        reasons[SEEDS] = "the classifier learned from labels, beside which seeds have little weight"
    elif not analysis.codebook.multi_label:
        reasons[SEEDS] = "seeds are varied only for codebooks with several frames a passage"
    return reasons


def _other_encoders(settings: Settings) -> list[str]:
    """Encoders to compare with that of the settings: those that the settings name, else those installed."""
    wanted = [name.strip() for name in settings.encoders_varied.split(",") if name.strip()]
    return [name for name in (wanted or installed_encoders()) if name != settings.encoder]


def _list_variations(settings: Settings, analysis: Analysis, options: _Options, folder: Path) -> Iterator[_Variation]:
    """Other encoders, thresholds and passage sizes; the contrasts of each are made once and then cached."""

    def vary(kind: str, name: str, compare: Callable[[], pd.DataFrame]) -> _Variation:
        path = folder / f"{hashlib.sha256(f'{kind} {name}'.encode()).hexdigest()[:20]}.parquet"
        return _Variation(kind, name, lambda: cached_table(path, compare))

    def rerun(**change: str | int) -> Callable[[], pd.DataFrame]:
        changed = Settings(**{**settings.model_dump(), **change})
        return lambda: compare_groups(open_analysis(changed).classified, **options)

    if settings.scorer != "nli":
        for name in _other_encoders(settings):
            yield vary("encoder", name, rerun(encoder=name))
    if analysis.codebook.multi_label:
        scores = analysis.scores[analysis.codebook.frame_ids].to_numpy(float)
        for factor in _THRESHOLD_FACTORS:
            threshold = factor * analysis.threshold
            yield vary("threshold", f"{threshold:.3f}", _decide_and_compare(analysis, scores >= threshold, options))
    for size in _PASSAGE_SIZES:
        if size != settings.passage_words:
            yield vary("passage size", f"{size} words", rerun(passage_words=size))


def _decide_and_compare(
    analysis: Analysis, present: NDArray[np.bool_], options: _Options
) -> Callable[[], pd.DataFrame]:
    decisions = np.where(present, "present", "absent").ravel()
    return lambda: compare_groups(analysis.classified.assign(decision=decisions), **options)


def _vary_seeds(
    settings: Settings, analysis: Analysis, headlines: pd.DataFrame, folder: Path, say: Callable[[str], None]
) -> pd.DataFrame:
    """Contrast of each headline without each seed in turn, beside the joint critical value of the analysis itself.

    The half width of the joint interval, in standard errors of the analysis, is kept; the standard errors are those
    without the seed.
    """

    def make() -> pd.DataFrame:
        frames = list(pd.unique(headlines["frame"]))
        encoder = open_encoder(settings.encoder, store=default_store())
        groups, shares, ses = shares_without_seeds(
            analysis.codebook, encoder, analysis.passages, by=settings.compare_by, frames=frames, say=say
        )  # first row: all seeds
        parts = []
        for headline in headlines.to_dict("records"):
            column = frames.index(headline["frame"])
            a, b = groups.index(str(headline["group_a"])), groups.index(str(headline["group_b"]))
            estimate = shares[1:, column, a] - shares[1:, column, b]
            se = np.hypot(ses[:, column, a], ses[:, column, b])
            half_width = max(headline["high"] - headline["estimate"], headline["estimate"] - headline["low"])
            half_widths = half_width * se[1:] / max(se[0], TINY)
            table = {
                "kind": SEEDS,
                "variation": seed_names(analysis.codebook),
                **{name: headline[name] for name in _KEYS},
                "estimate": estimate,
                "low": estimate - half_widths,
                "high": estimate + half_widths,
                "differs": np.abs(estimate) > half_widths,
            }
            parts.append(pd.DataFrame(table))
        return pd.concat(parts, ignore_index=True)

    name = hashlib.sha256(headlines[_KEYS].to_json(orient="values").encode()).hexdigest()[:20]
    return cached_table(folder / f"seeds-{name}.parquet", make)


def _make_cache_folder(analysis: Analysis, options: _Options) -> Path:
    """Make the folder of this analysis's variations; its name stands for all that they depend on."""
    content = hashlib.sha256(code_hash(SHAPES_ANALYSIS).encode())
    facts = {"key": analysis.key, "method": analysis.facts.method, "threshold": analysis.facts.threshold}
    settings = analysis.settings.model_dump(exclude={"encoders_varied", "fragility_top", "data_path"})
    content.update(json.dumps([facts, settings, options], sort_keys=True).encode())
    folder = cache_folder() / "fragility" / content.hexdigest()[:24]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _summarise(headlines: pd.DataFrame, variations: pd.DataFrame) -> pd.DataFrame:
    """One row a headline, with the columns `framing.tables.FRAGILITY`."""
    rows = []
    for headline in headlines.to_dict("records"):
        varied = variations[(variations[_KEYS] == [headline[name] for name in _KEYS]).all(axis=1)]
        varied = varied[varied["estimate"].notna()]  # another choice may leave a group out
        same_sign = np.sign(varied["estimate"]) == np.sign(headline["estimate"])
        survived = same_sign & (varied["differs"].astype(bool) == headline["differs"])
        signed = varied["estimate"] * np.sign(headline["estimate"])
        worst = varied.loc[signed.idxmin()] if len(varied) else None
        names = (*_KEYS, "estimate", "low", "high", "differs", "n_passages", "n_documents")
        rows.append(
            {
                **{name: headline[name] for name in names},
                "n_variations": len(varied),
                "n_same_sign": int(same_sign.sum()),
                "n_survived": int(survived.sum()),
                **{column: _count_survived(survived, varied["kind"] == kind) for kind, column in KINDS.items()},
                "smallest": varied["estimate"].min(),
                "largest": varied["estimate"].max(),
                "worst": "" if worst is None else f"{worst['kind']}: {worst['variation']}",
                "n_gold": 0,
                "method": METHOD.format(draws=_N_BOOTSTRAP),
            }
        )
    return pd.DataFrame(rows, columns=list(FRAGILITY))


def _count_survived(survived: pd.Series, of_kind: pd.Series) -> str:
    return f"{int(survived[of_kind].sum())} of {int(of_kind.sum())}" if of_kind.any() else "not varied"
