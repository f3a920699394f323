"""Average marginal effects of the columns of a formula."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from framing.estimates.regression_design import Design

__all__ = ["Effect", "list_effects", "measure_effect"]

Array = NDArray[np.float64]

_STEP = 1e-4  # of a numeric column, in standard deviations, over which the derivative is taken


@dataclass(frozen=True)
class Effect:
    """The change of a column whose average effect is asked for.

    Attributes
    ----------
    variable, level, reference : str
        The column; for a categorical one the value it changes to, and from; both empty for numbers.
    before, after : array
        Design matrices of the distinct rows of the data, before and after the change, shape (rows, k).
    weights : array
        Weight of each distinct row over the size of the change; for categories the weights add up to 1.
    """

    variable: str
    level: str
    reference: str
    before: Array
    after: Array
    weights: Array


def list_effects(design: Design, omega: Array) -> Iterator[Effect]:
    """Changes of each column of a formula: each value against the reference; of numbers, one more.

    Parameters
    ----------
    design : Design
        The design matrix.
    omega : array
        Weight of each of its rows, shape (n,).

    Yields
    ------
    Effect
        One for each value but the reference, or for each column of numbers.
    """
    columns = list(design.data.columns)
    cells = design.data.assign(_omega=omega).groupby(columns, sort=False, dropna=False)["_omega"].sum().reset_index()
    rows, weights = cells[columns], cells["_omega"].to_numpy(float) / float(np.sum(omega))
    for name in columns:
        state = _find_coding(design, name)
        if state is None:
            x, step = rows[name], _STEP * float(design.data[name].std())
            lower, upper = np.maximum(x - step, x.min()), np.minimum(x + step, x.max())  # splines end at the data
            before, after = (design.remake(rows.assign(**{name: moved})) for moved in (lower, upper))
            yield Effect(name, "", "", before, after, weights / (upper - lower).to_numpy(float))
            continue
        levels, reference = state
        before = design.remake(rows.assign(**{name: reference}))
        for level in levels:
            if level != reference:
                after = design.remake(rows.assign(**{name: level}))
                yield Effect(name, _write(level), _write(reference), before, after, weights)


def _find_coding(design: Design, name: str) -> tuple[list[Any], Any] | None:
    """Values of a categorical column and the one that the others are compared with; None for numbers."""
    for factor, (kind, state) in design.spec.encoder_state.items():
        if str(kind).rpartition(".")[2] == "CATEGORICAL" and _names(str(factor), name):
            levels = list(state["categories"])
            base = getattr(getattr(state.get("contrasts"), "contrasts", None), "base", None)
            return levels, base if base in levels else levels[0]
    return None if pd.api.types.is_numeric_dtype(design.data[name]) else (sorted(design.data[name].unique()), None)


def _names(factor: str, name: str) -> bool:
    """Whether a categorical factor is of a column: the column itself, or `C(column, …)`."""
    if factor == name or factor.startswith((f"C(`{name}`", f"C({name},", f"C({name})")):
        return True
    try:
        call = ast.parse(factor, mode="eval").body
    except SyntaxError:
        return False
    return isinstance(call, ast.Call) and bool(call.args) and ast.unparse(call.args[0]) == name


def _write(level: Any) -> str:
    """A value of a categorical column as text: whole numbers without a decimal point."""
    return f"{level:g}" if isinstance(level, float) else str(level)


def measure_effect(effect: Effect, beta: Array, *, logit: bool) -> tuple[float, Array]:
    """Average marginal effect, and its gradient by the coefficients.

    Parameters
    ----------
    effect : Effect
        The change.
    beta : array
        Coefficients, shape (k,).
    logit : bool
        Whether the model is a logit; else it is linear.

    Returns
    -------
    float
        `sum_r weight_r (F(after_r' beta) - F(before_r' beta))`, a difference of shares.
    array
        Gradient, shape (k,), by which the delta method gives the standard error.
    """
    if not logit:
        gradient = effect.weights @ (effect.after - effect.before)
        return float(gradient @ beta), gradient
    p_after, p_before = expit(effect.after @ beta), expit(effect.before @ beta)
    slope_after, slope_before = effect.weights * p_after * (1 - p_after), effect.weights * p_before * (1 - p_before)
    gradient = slope_after @ effect.after - slope_before @ effect.before
    return float(effect.weights @ (p_after - p_before)), gradient
