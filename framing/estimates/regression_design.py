"""Design matrices of regressions: the columns of a formula as numbers, and what cannot be estimated with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.periods import add_period, find_period, has_period, read_dates
from framing.errors import InputError, TooLittleDataError
from framing.estimates.regression_formula import COLOURS, PERIOD, TIME, find_columns, read_formula
from framing.selection import is_blank
from framing.tables import require_columns
from framing.texts import phrase

__all__ = ["Design", "find_surplus", "make_design"]

Array = NDArray[np.float64]

_MOST_COLUMNS = 100  # of a design matrix
_RANK = 1e-9  # length of a column beyond the others, over its own, below which it is a sum of them


@dataclass(frozen=True)
class Design:
    """The design matrix of a formula.

    Attributes
    ----------
    matrix : array
        Shape (n, k): a row a passage that has a value in each column of the formula.
    names : list of str
        Names of the k columns, as `formulaic` gives them: `outlet[T.Reuters]`.
    columns : list of tuple of str
        Columns of the passages that each of the k is made of; none for the intercept.
    data : DataFrame
        The columns of the formula, n rows.
    is_complete : array of bool
        Which of the passages given are among the n.
    spec : object
        The `formulaic` model specification, which makes the matrix of other data.
    missing : dict of str to int
        Number of passages without a value, by column of the formula; columns without such passages are left out.
    """

    matrix: Array
    names: list[str]
    columns: list[tuple[str, ...]]
    data: pd.DataFrame
    is_complete: NDArray[np.bool_]
    spec: Any
    missing: dict[str, int]

    def remake(self, data: pd.DataFrame) -> Array:
        """Make the design matrix of other values of the columns, with the same coding.

        Parameters
        ----------
        data : DataFrame
            Columns of the formula.

        Returns
        -------
        array
            Shape (rows of `data`, k).
        """
        return np.asarray(self.spec.get_model_matrix(data, context={}), dtype=float)


def make_design(passages: pd.DataFrame, formula: str, *, period: str = "week") -> Design:
    """Make the design matrix of a formula.

    Parameters
    ----------
    passages : DataFrame
        A row a passage.
    formula : str
        Right-hand side, as `read_formula` takes it. `period` is the first day of the period of a passage, `time` the
        number of periods since the first day, a fraction included, where the table has no columns of these names.
    period : {"day", "week", "month"}, default "week"
        Period of `period` and unit of `time`.

    Returns
    -------
    Design
        Passages without a value in a column of the formula are left out and counted.

    Raises
    ------
    InputError
        For a formula that cannot be read, a column of dates, more than 100 columns, or columns of which one is a sum of
        others; names these.
    TooLittleDataError
        Where no passage has all values, or a column has one value only.
    """
    from formulaic.errors import FormulaicError

    parsed, columns = read_formula(formula, passages)
    data = _prepare_columns(passages, columns, period)
    is_missing = data.isna()
    is_complete = ~is_missing.any(axis=1).to_numpy()
    missing = {str(name): int(count) for name, count in is_missing.sum().items() if count}
    data = data[is_complete].reset_index(drop=True)
    _check_values(data, missing)
    try:
        with np.errstate(all="ignore"):  # what is not finite is refused below
            matrix = parsed.get_model_matrix(data, context={})
    except (FormulaicError, ValueError, TypeError) as error:
        problem = COLOURS.sub("", str(error)).strip().splitlines()[0].rstrip(".")
        raise InputError(f"{formula!r} cannot be computed: {problem}.", argument="formula") from None
    values = np.asarray(matrix, dtype=float)
    names = [str(name) for name in matrix.columns]
    if values.shape[1] > _MOST_COLUMNS:
        raise InputError(
            f"{formula!r} makes {values.shape[1]:,} coefficients; at most {_MOST_COLUMNS} can be estimated. Leave out "
            "the column with most values, or use longer periods.",
            argument="formula",
        )
    if not np.isfinite(values).all():
        place = int(np.flatnonzero(~np.isfinite(values).all(axis=0))[0])
        raise InputError(f"{names[place]} is infinite or not a number in some passages.", argument="formula")
    _check_rank(values, names)
    made_of: list[tuple[str, ...]] = [()] * len(names)
    for term, places in matrix.model_spec.term_indices.items():
        of_term = tuple(dict.fromkeys(name for factor in term.factors for name in find_columns(factor, formula)))
        for place in places:
            made_of[place] = of_term
    return Design(values, names, made_of, data, is_complete, matrix.model_spec, missing)


def _prepare_columns(passages: pd.DataFrame, columns: list[str], period: str) -> pd.DataFrame:
    """The columns of a formula: numbers as numbers, all else as text, missing where blank."""
    prepared: dict[str, Any] = {}
    for name in columns:
        values = passages[name] if name in passages.columns else _date_column(passages, name, period)
        if pd.api.types.is_datetime64_any_dtype(values):
            raise InputError(
                f"{name} holds dates; write {TIME} or {PERIOD}, which are made of the date of publication, or give "
                "numbers.",
                argument="formula",
            )
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            prepared[name] = values.astype(float).to_numpy()
            continue
        texts = values.astype(object)
        prepared[name] = texts.map(str).mask(is_blank(texts), None).astype(object).to_numpy()
    return pd.DataFrame(prepared, index=passages.index)


def _date_column(passages: pd.DataFrame, name: str, period: str) -> pd.Series:
    """`period` or `time` of each passage; missing where it has no date."""
    require_columns(passages, ["published"], what="classified passages")
    is_dated = has_period(passages["published"])
    values = pd.Series(np.nan if name == TIME else None, index=passages.index, dtype=float if name == TIME else object)
    dated = passages.loc[is_dated]
    if name == TIME:
        dates = read_dates(dated["published"]).dt.normalize()
        values[is_dated] = (dates - dates.min()).dt.days / find_period(period).days
    else:
        values[is_dated] = add_period(dated, period)[PERIOD].dt.strftime("%Y-%m-%d").to_numpy(object)
    return values


def _check_values(data: pd.DataFrame, missing: dict[str, int]) -> None:
    """Refuse data without rows, or with a column that does not vary."""
    if data.empty:
        counts = ", ".join(f"{name}: {count:,}" for name, count in missing.items())
        raise TooLittleDataError(
            phrase("no passage has a value in each column (passages without one: {counts}).", counts=counts),
            argument="formula",
        )
    for name in data.columns:
        if data[name].nunique() < 2:
            raise TooLittleDataError(
                phrase(
                    "{name} is {value!r} in all passages that are left, so it has no coefficient; leave it out.",
                    name=name,
                    value=data[name].iloc[0],
                ),
                argument="formula",
            )


def find_surplus(matrix: Array) -> list[int]:
    """Find the columns of a design matrix that are sums of those before them.

    Parameters
    ----------
    matrix : array
        Shape (n, k).

    Returns
    -------
    list of int
        Their places.

    Examples
    --------
    >>> find_surplus(np.array([[1.0, 0, 1], [1, 1, 0], [1, 1, 0]]))
    [2]
    """
    scale = np.sqrt((matrix**2).sum(axis=0))
    triangle = np.linalg.qr(matrix / np.where(scale > 0, scale, 1.0), mode="r")
    beyond = np.abs(np.diag(triangle))  # what of each column is no sum of those before it
    return [*np.flatnonzero(beyond < _RANK).tolist(), *range(len(beyond), matrix.shape[1])]


def _check_rank(matrix: Array, names: list[str]) -> None:
    """Refuse a matrix in which columns are sums of others; names the columns that come last."""
    surplus = find_surplus(matrix)
    if surplus:
        named = ", ".join(names[place] for place in surplus[:6]) + (" …" if len(surplus) > 6 else "")
        raise InputError(
            f"the design matrix is singular: {len(surplus)} of its {matrix.shape[1]} columns follow from the others, "
            f"among them {named}. Leave out a column that says the same as another (as perspective does beside "
            "outlet), or an interaction of which some combinations have no passages.",
            argument="formula",
        )
