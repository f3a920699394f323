"""How much the clearest differences hang on choices that could have been made otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.analysis.analysis import SHAPES_ANALYSIS, Analysis, open_analysis
from framing.classify.seed_influence import seed_names, shares_without_seeds
from framing.encoders.sentence import default_store, open_encoder
from framing.encoders.weights import installed_encoders
from framing.errors import FramingError
from framing.estimates.compare import compare_groups
from framing.files.identity import code_hash
from framing.files.whole import whole_file
from framing.project import cache_folder
from framing.settings import Settings
from framing.tables import FRAGILITY
from framing.uncertainty.resample import TINY

__all__ = ["Fragility", "measure_fragility"]

METHOD = (
    "multiverse of choices, not a sampling interval; contrasts of the classifier's decisions, "
    "{draws} bootstrap draws a variation; classifier error not included"
)
KINDS = ("encoder", "threshold", "passage size", "seed left out")
_FACTORS = (0.8, 0.9, 1.1, 1.2)  # of the threshold
_SIZES = (60, 120)  # words a passage, beside the one chosen
_DRAWS = 500
_LEAST = 3  # differences that are looked at even if fewer are clear
_KEYS = ["frame", "group_a", "group_b"]


@dataclass(frozen=True)
class Fragility:
    """What became of the clearest differences.

    Attributes
    ----------
    headlines : columns `framing.tables.FRAGILITY`, one row a difference, clearest first.
    variations : long: `kind, variation`, the keys of a contrast, `estimate, low, high, differs`.
    left_out : kinds that were not varied, with the reason: `kind, reason`.
    """

    headlines: pd.DataFrame
    variations: pd.DataFrame
    left_out: pd.DataFrame


def measure_fragility(settings: Settings, *, say: Callable[[str], None] = lambda _: None) -> Fragility:
    """Rerun the comparison over encoders, thresholds, passage sizes and without each seed in turn.

    Every variation is kept in the cache folder under a key of all that it depends on, so a second run, or one after an
    interruption, makes only what is missing. A difference survives a variation if it has the same sign and still
    differs jointly at the settings' level.

    Parameters
    ----------
    settings : Settings
        Parameters of the run.
    say : callable, optional
        Called with a line on each variation before it is made.

    Returns
    -------
    Fragility
        Each variation, and for each clear difference how many of them it survives.

    Notes
    -----
    A multiverse analysis (Steegen, Tuerlinckx, Gelman & Vanpaemel 2016): the spread says how much the choices matter,
    and is no interval.
    """
    analysis = open_analysis(settings)
    options: dict[str, Any] = {
        "by": settings.compare_by,
        "level": settings.level,
        "min_documents": settings.min_documents,
        "random_seed": settings.random_seed,
        "corrected": False,
    }
    base = compare_groups(analysis.classified, n_bootstrap=settings.n_bootstrap, **options)
    n_clear = int(base["differs"].sum())
    heads = base.head(min(max(min(n_clear, settings.fragility_top), _LEAST), len(base)))
    options["n_bootstrap"] = _DRAWS
    home = _home(analysis, options)
    parts: list[pd.DataFrame] = []
    variations, left_out = _variations(settings, analysis, options, home)
    for varied in variations:
        say(f"{varied.kind}: {varied.name}")
        contrasts = varied.contrasts()
        oriented = heads[_KEYS].merge(contrasts[[*_KEYS, "estimate", "low", "high", "differs"]], on=_KEYS, how="left")
        parts.append(oriented.assign(kind=varied.kind, variation=varied.name))
    why = _why_no_seeds(settings, analysis)
    if why:
        left_out.append(("seed left out", why))
    else:
        parts.append(_without_seeds(settings, analysis, heads, home, say))
    columns = ["kind", "variation", *_KEYS, "estimate", "low", "high", "differs"]
    table = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    return Fragility(_summary(heads, table), table, pd.DataFrame(left_out, columns=["kind", "reason"]))


@dataclass(frozen=True)
class _Variation:
    """Another choice: its kind, its name, and the contrasts under it, which are made when they are asked for."""

    kind: str
    name: str
    contrasts: Callable[[], pd.DataFrame]


def _variations(
    settings: Settings, analysis: Analysis, options: dict[str, Any], home: Path
) -> tuple[list[_Variation], list[tuple[str, str]]]:
    """The variations, and the kinds of choice that are not varied, with the reason."""
    given = settings.model_dump()
    variations: list[_Variation] = []
    left_out: list[tuple[str, str]] = []

    def rerun(change: dict[str, Any]) -> Callable[[], pd.DataFrame]:
        return lambda: compare_groups(open_analysis(Settings(**{**given, **change})).classified, **options)

    def vary(kind: str, name: str, make: Callable[[], pd.DataFrame]) -> None:
        path = home / f"{hashlib.sha256(f'{kind} {name}'.encode()).hexdigest()[:20]}.parquet"
        variations.append(_Variation(kind, name, lambda: _kept(path, make)))

    asked = [name.strip() for name in settings.encoders_varied.split(",") if name.strip()]
    others = [name for name in (asked or installed_encoders()) if name != settings.encoder]
    if settings.scorer == "nli":
        left_out.append(("encoder", "the scorer nli has none"))
    elif not others:
        left_out.append(("encoder", "no other encoder is installed (framing encoder install mpnet)"))
    else:
        for name in others:
            vary("encoder", name, rerun({"encoder": name}))
    if analysis.codebook.multi_label:
        scores = analysis.scores[analysis.codebook.frame_ids].to_numpy(float)
        for factor in _FACTORS:
            cut = factor * analysis.threshold
            vary("threshold", f"{cut:.3f}", _decided(analysis, scores >= cut, options))
    else:
        left_out.append(("threshold", "the codebook gives each passage exactly one frame, the highest"))
    for size in _SIZES:
        if size != settings.passage_words:
            vary("passage size", f"{size} words", rerun({"passage_words": size}))
    return variations, left_out


def _without_seeds(
    settings: Settings, analysis: Analysis, heads: pd.DataFrame, home: Path, say: Callable[[str], None]
) -> pd.DataFrame:
    """Each headline difference without each seed in turn, held against the base's joint critical value."""

    def make() -> pd.DataFrame:
        frames = list(pd.unique(heads["frame"]))
        groups, shares, errors = shares_without_seeds(
            analysis.codebook, open_encoder(settings.encoder, store=default_store()), analysis.passages,
            by=settings.compare_by, frames=frames, say=say,
        )  # fmt: skip
        parts = []
        for head in heads.to_dict("records"):
            column = frames.index(head["frame"])
            a, b = groups.index(str(head["group_a"])), groups.index(str(head["group_b"]))
            gap = shares[:, column, a] - shares[:, column, b]
            error = np.hypot(errors[:, column, a], errors[:, column, b])
            half = max(head["high"] - head["estimate"], head["estimate"] - head["low"])
            reach = half * error[1:] / max(error[0], TINY)
            parts.append(
                pd.DataFrame(
                    {
                        "kind": "seed left out", "variation": seed_names(analysis.codebook),
                        **{name: head[name] for name in _KEYS}, "estimate": gap[1:], "low": gap[1:] - reach,
                        "high": gap[1:] + reach, "differs": np.abs(gap[1:]) > reach,
                    }
                )
            )  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    name = hashlib.sha256(heads[_KEYS].to_json(orient="values").encode()).hexdigest()[:20]
    return _kept(home / f"seeds-{name}.parquet", make)


def _why_no_seeds(settings: Settings, analysis: Analysis) -> str:
    if settings.scorer == "nli":
        return "the scorer nli uses none"
    if settings.learn_from_gold:
        return "labels were learned from, beside which seeds count for little"
    if not analysis.codebook.multi_label:
        return "done for codebooks with several labels a passage only"
    return ""


def _decided(analysis: Analysis, chosen: NDArray[np.bool_], options: dict[str, Any]) -> Callable[[], pd.DataFrame]:
    decisions = np.where(chosen, "present", "absent").ravel()
    return lambda: compare_groups(analysis.classified.assign(decision=decisions), **options)


def _home(analysis: Analysis, options: dict[str, Any]) -> Path:
    """Folder of the variations of this analysis, by all that they depend on."""
    content = hashlib.sha256()
    content.update(code_hash(SHAPES_ANALYSIS).encode())
    facts = {"key": analysis.key, "method": analysis.facts.method, "threshold": analysis.facts.threshold}
    settings = analysis.settings.model_dump(exclude={"encoders_varied", "fragility_top", "data_path"})
    content.update(json.dumps([facts, settings, options], sort_keys=True).encode())
    home = cache_folder() / "fragility" / content.hexdigest()[:24]
    home.mkdir(parents=True, exist_ok=True)
    return home


def _kept(path: Path, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    if path.is_file():
        return pd.read_parquet(path)
    table = make()
    try:
        with whole_file(path) as work:
            table.to_parquet(work, index=False)
    except OSError as error:
        raise FramingError(f"The variation could not be kept in {path.parent}: {error}") from None
    return table


def _summary(heads: pd.DataFrame, varied: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for head in heads.to_dict("records"):
        own = varied[(varied[_KEYS] == [head[name] for name in _KEYS]).all(axis=1)]
        own = own[own["estimate"].notna()]  # a passage size or encoder may leave a group out
        same = np.sign(own["estimate"]) == np.sign(head["estimate"])
        survives = same & (own["differs"].astype(bool) == head["differs"])
        signed = own["estimate"] * np.sign(head["estimate"])
        worst = own.loc[signed.idxmin()] if len(own) else None
        of_kind = [own["kind"] == kind for kind in KINDS]
        counts = [
            f"{int(survives[kind].sum())} of {int(kind.sum())}" if kind.any() else "not varied" for kind in of_kind
        ]
        row = {name: head[name] for name in (*_KEYS, "estimate", "low", "high", "differs", "n_passages", "n_documents")}
        row |= {"n_variations": len(own), "n_same_sign": int(same.sum()), "n_survived": int(survives.sum())}
        row |= dict(zip(("encoders", "thresholds", "passage_sizes", "seeds_left_out"), counts, strict=True))
        row |= {"smallest": own["estimate"].min(), "largest": own["estimate"].max()}
        row["worst"] = "" if worst is None else f"{worst['kind']}: {worst['variation']}"
        rows.append(row | {"n_gold": 0, "method": METHOD.format(draws=_DRAWS)})
    return pd.DataFrame(rows, columns=list(FRAGILITY))
