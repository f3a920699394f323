"""Coefficients and effects of a regression with intervals and p-values, each by itself and jointly, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from framing.estimates.labelled_sample import LEAST_GOLD
from framing.estimates.regression_design import Design, find_surplus
from framing.estimates.regression_effects import Effect, measure_effect
from framing.estimates.regression_fit import Clustered, find_separation, fit_linear, fit_logit, measure_errors
from framing.uncertainty.joint import adjust_p_values, largest_statistics, normal_values, single_p_values
from framing.uncertainty.resample import STILL

__all__ = ["Counts", "Term", "estimate_terms", "tabulate_terms"]

Array = NDArray[np.float64]

_LEAST_EFFECTIVE = LEAST_GOLD / 2  # effective labelled passages on either side of a coefficient
_LEAST_DEGREES = 1.0  # below them a t interval says nothing
_ROUNDING = 1e-10  # eigenvalue of a matrix of correlations
_NAMED = 3  # parts without log-odds that a reason names


@dataclass(frozen=True)
class Counts:
    """Passages of a regression, for the counts of each frame.

    Attributes
    ----------
    passages : DataFrame
        A row a passage, sorted by cluster.
    data : Clustered
        The same passages.
    """

    passages: pd.DataFrame
    data: Clustered

    def count(self, rows: NDArray[np.bool_]) -> dict[str, int]:
        """Count passages, documents, labels and clusters.

        Parameters
        ----------
        rows : array of bool
            The passages that have an outcome.

        Returns
        -------
        dict of str to int
            Counts by their columns.
        """
        return {
            "n_passages": int(rows.sum()),
            "n_documents": int(self.passages.loc[rows, "document_id"].nunique()),
            "n_gold": int((self.data.w[rows] > 0).sum()),
            "n_clusters": len(np.unique(self.data.codes[rows])),
        }


@dataclass(frozen=True)
class Term:
    """One coefficient or effect.

    Attributes
    ----------
    columns : tuple of str
        Columns of the passages that it is about; none for the intercept.
    values : dict
        Its row, without what is the same in all rows or joint.
    influence : array
        Contribution of each cluster of the regression, shape (G,); empty where there is no estimate.
    note : str
        Why there is no estimate or interval; empty where there is.
    """

    columns: tuple[str, ...]
    values: dict[str, Any]
    influence: Array = field(repr=False)
    note: str = ""


def estimate_terms(
    frame: str,
    data: Clustered,
    y: Array,
    design: Design,
    effects: Sequence[Effect],
    counts: Counts,
    *,
    model: str,
    level: float,
) -> tuple[list[Term], list[Term]]:
    """Fit the model of one frame and test its coefficients and effects.

    Parameters
    ----------
    frame : str
        Id of the frame.
    data : Clustered
        Passages.
    y : array
        Outcomes, shape (n,); NaN where a passage has none.
    design : Design
        The design matrix.
    effects : sequence of Effect
        Changes whose average effects are tested.
    counts : Counts
        The same passages, for the counts.
    model : {"linear", "logit"}
        The model.
    level : float
        Confidence level of intervals.

    Returns
    -------
    list of Term
        One for each coefficient.
    list of Term
        One for each effect.
    """
    rows = ~np.isnan(y)
    part, outcomes = (data, y) if rows.all() else (data.take(rows), y[rows])
    keys = [{"frame": frame, "term": name} for name in design.names]
    effect_keys = [
        {"frame": frame, "variable": effect.variable, "level": effect.level, "reference": effect.reference}
        for effect in effects
    ]
    numbers = counts.count(rows)
    columns = [*design.columns, *((effect.variable,) for effect in effects)]
    k = len(keys)
    scale = np.sqrt((part.X**2).mean(axis=0))  # columns may differ by many orders of magnitude
    part = replace(part, X=part.X / np.where(scale > 0, scale, 1.0))
    fit, reason = _fit(part, outcomes, design.names, model)
    if fit is None:
        terms = [
            Term(of, {**key, **numbers}, np.empty(0), f"no estimate: {reason}")
            for of, key in zip(columns, [*keys, *effect_keys], strict=True)
        ]
        return terms[:k], terms[k:]
    scaled, u, v = fit
    beta = scaled / scale
    marginal = [measure_effect(effect, beta, logit=model == "logit") for effect in effects]
    estimates = np.array([*beta, *(value for value, _ in marginal)])
    combinations = np.vstack([np.eye(k), *(gradient for _, gradient in marginal)])
    robust = measure_errors(part, u, v, combinations / scale)
    influence = np.zeros((int(data.codes[-1]) + 1, len(estimates)))
    influence[np.unique(part.codes)] = robust.influence
    terms = []
    for place, key in enumerate([*keys, *effect_keys]):
        error, degrees = float(robust.errors[place]), float(robust.degrees[place])
        note = _explain_missing(error, degrees, float(robust.n_effective[place]))
        values: dict[str, Any] = {**key, "estimate": float(estimates[place]), **numbers}
        if not note:
            reach = float(student.ppf((1 + level) / 2, degrees)) * error
            values |= {
                "low": values["estimate"] - reach,
                "high": values["estimate"] + reach,
                "p_value": float(single_p_values(np.array(values["estimate"] / error), degrees)),
                "standard_error": error,
                "degrees": degrees,
            }
        terms.append(Term(columns[place], values, influence[:, place], note))
    return terms[:k], terms[k:]


def _fit(data: Clustered, y: Array, names: list[str], model: str) -> tuple[tuple[Array, Array, Array] | None, str]:
    """The fit of the model, or the reason for which there is none."""
    if find_surplus(data.X):
        return None, "the design matrix is singular where the classifier decided (it abstained elsewhere)"
    if model == "linear":
        return fit_linear(data, y), ""
    fit = fit_logit(data, y)
    if fit is not None:
        return fit, ""
    parts = find_separation(data, y, names)
    where = f" ({'; '.join(parts[:_NAMED])})" if parts else ""
    return None, (
        f"separation: a share that the logit has to meet is not between 0 and 1{where}; use the linear model, or leave "
        "out or merge the values with so few of the frame"
    )


def _explain_missing(error: float, degrees: float, n_effective: float) -> str:
    """Why there is no interval; empty where there is one."""
    if n_effective < _LEAST_EFFECTIVE:
        return (
            f"no interval: {n_effective:.1f} effective labelled passages on one side of the comparison, of at least "
            f"{_LEAST_EFFECTIVE:g}"
        )
    if error < STILL:
        return "no interval: the outcome does not vary"
    if not degrees >= _LEAST_DEGREES:
        return "no interval: too few independent units on one side of the comparison"
    return ""


def tabulate_terms(
    terms: Sequence[Term],
    columns: Sequence[str],
    *,
    interest: Sequence[str],
    method: str,
    n_left_out: int,
    n_bootstrap: int,
    random_seed: int,
) -> pd.DataFrame:
    """Make the table of coefficients or effects, with joint p-values of those of interest.

    Parameters
    ----------
    terms : sequence of Term
        Those of all frames.
    columns : sequence of str
        Columns of the table.
    interest : sequence of str
        Columns of the passages whose coefficients are of interest.
    method : str
        Method of all rows.
    n_left_out : int
        Passages that lack a value of the formula.
    n_bootstrap : int
        Number of draws.
    random_seed : int
        Start of the draws.

    Returns
    -------
    DataFrame
        One row a term, in the order given.

    Notes
    -----
    Min-p: with normal draws Z that have the correlations of the influences on clusters, and z_j the normal value of the
    p-value of row j, the joint p-value is the share of draws with `max_i |Z_i| >= z_j`, at least the p-value itself.
    """
    table = pd.DataFrame([term.values for term in terms]).reindex(columns=list(columns))
    table["method"] = [f"{method}; {term.note}" if term.note else method for term in terms]
    table["n_left_out"] = n_left_out
    p_value = table["p_value"].to_numpy(float)
    of_interest = np.array([bool(set(term.columns) & set(interest)) for term in terms])
    joint = np.flatnonzero(of_interest & ~np.isnan(p_value))
    table["p_adjusted"] = np.nan
    if len(joint):
        influence = np.column_stack([terms[place].influence for place in joint.tolist()])
        draws = _draw_like(influence, n_bootstrap, np.random.default_rng([random_seed, len(joint)]))
        largest = largest_statistics([draws], n_draws=n_bootstrap)
        single = p_value[joint]
        adjusted = np.full(len(terms), np.nan)
        adjusted[joint] = adjust_p_values(normal_values(single), largest, single=single)
        table["p_adjusted"] = adjusted
    return table


def _draw_like(influence: Array, n_draws: int, generator: np.random.Generator) -> Array:
    """Normal draws of variance 1 with the correlations of the columns, shape (draws, columns)."""
    size = np.sqrt((influence**2).sum(axis=0))
    is_still = size < STILL
    scaled = influence / np.where(is_still, 1.0, size)
    correlations = scaled.T @ scaled
    correlations[is_still, is_still] = 1.0  # such a row is independent of the others
    values, vectors = np.linalg.eigh(correlations)
    kept = values > _ROUNDING
    normal = generator.standard_normal((n_draws, int(kept.sum())))
    draws: Array = normal @ (vectors[:, kept] * np.sqrt(values[kept])).T
    return draws
