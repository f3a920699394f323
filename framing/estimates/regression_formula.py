"""Formulas of regressions: which columns they may name, and what they may call."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from framing.corpus.periods import has_period
from framing.errors import InputError
from framing.estimates.clusters import CLUSTER, WEIGHT
from framing.estimates.regression_grammar import EXAMPLE, check_grammar, check_term, list_names, split_tokens
from framing.tables import GOLD

__all__ = ["COLOURS", "PERIOD", "TIME", "find_columns", "list_covariates", "make_default_formula", "read_formula"]

PERIOD, TIME = "period", "time"  # made of the date of publication where a table has no such column
_NO_COVARIATES = {
    "passage_id", "document_id", "published", "text", "frame", "score", "decision", CLUSTER, WEIGHT, *GOLD,
}  # fmt: skip
_LISTED = 30  # columns that a message lists
COLOURS = re.compile(r"\x1b\[[0-9;]*m|[⧛⧚]")  # with which the parser marks the place of an error


def list_covariates(table: pd.DataFrame) -> list[str]:
    """List the columns that a formula may name.

    Parameters
    ----------
    table : DataFrame
        Classified passages.

    Returns
    -------
    list of str
        Columns in the order of the table, then `period` and `time` where passages have dates.

    Examples
    --------
    >>> list_covariates(pd.DataFrame({"frame": ["x"], "outlet": ["A"], "published": ["2024-01-01"]}))
    ['outlet', 'period', 'time']
    """
    names = [str(name) for name in table.columns if name not in _NO_COVARIATES]
    made = [PERIOD, TIME] if "published" in table.columns and has_period(table["published"]).any() else []
    return [*names, *(name for name in made if name not in names)]


def make_default_formula(table: pd.DataFrame, by: str) -> str:
    """Write the formula of a regression on groups, and on linear time where passages have dates.

    Parameters
    ----------
    table : DataFrame
        Classified passages.
    by : str
        Column of the groups.

    Returns
    -------
    str
        The formula.

    Examples
    --------
    >>> make_default_formula(pd.DataFrame({"outlet": ["A"], "published": ["2024-01-01"]}), "outlet")
    'outlet + time'
    """
    group = by if by.isidentifier() else f"`{by}`"
    return f"{group} + {TIME}" if TIME in list_covariates(table) else group


def read_formula(formula: str, table: pd.DataFrame) -> tuple[Any, list[str]]:
    """Read the right-hand side of a regression.

    Parameters
    ----------
    formula : str
        Terms with `+`, interactions with `:` or `*`, categorical columns as `C(column)`; texts are categorical anyway.
        A column whose name is no plain word stands between backticks.
    table : DataFrame
        Classified passages, whose columns it may name.

    Returns
    -------
    object
        The `formulaic` formula.
    list of str
        Columns that it names, each once.

    Raises
    ------
    InputError
        Where it cannot be read, has a left-hand side, names a column that the table lacks (lists those there are), or
        calls what is no function of formulas: a formula runs no other code.
    """
    from formulaic import Formula
    from formulaic.errors import FormulaicError
    from formulaic.formula import SimpleFormula

    text = formula.strip().removeprefix("~").strip()
    if not text:
        raise InputError(f"it is empty; write {EXAMPLE}.", argument="formula")
    if "~" in re.sub(r"\"[^\"]*\"|'[^']*'|`[^`]*`", "", text):
        raise InputError(
            f"{formula!r}: leave out what stands before ~; the frame stands there. Write {EXAMPLE}.",
            argument="formula",
        )
    check_grammar(text, formula)
    try:
        parsed = Formula(text)
    except Exception as error:  # the parser meets brackets that do not match, for one, with errors of any kind
        problem = COLOURS.sub("", str(error)).strip().splitlines() if isinstance(error, FormulaicError) else []
        raise InputError(
            f"{formula!r} cannot be read ({problem[0].rstrip('.') if problem else 'not a formula'}); write {EXAMPLE}.",
            argument="formula",
        ) from None
    if not isinstance(parsed, SimpleFormula):
        raise InputError(f"{formula!r}: expected one list of terms; write {EXAMPLE}.", argument="formula")
    factors = dict.fromkeys(factor for term in parsed for factor in term.factors)
    columns = list(dict.fromkeys(name for factor in factors for name in find_columns(factor, formula)))
    if not columns:
        raise InputError(f"{formula!r} names no column; write {EXAMPLE}.", argument="formula")
    _check_names(columns, table)
    return parsed, columns


def find_columns(factor: Any, formula: str) -> list[str]:
    """Find the columns that a factor of a formula names.

    Parameters
    ----------
    factor : object
        Factor of a `formulaic` formula.
    formula : str
        The formula, for messages.

    Returns
    -------
    list of str
        Names, as often as they occur.

    Raises
    ------
    InputError
        For a call of what is no function of formulas.
    """
    kind = factor.eval_method.value
    if kind == "lookup":
        return [str(factor.expr)]
    if kind != "python":
        return []
    _check_evaluated(str(factor.expr), formula)
    return list_names(split_tokens(str(factor.expr), formula))


def _check_evaluated(expression: str, formula: str) -> None:
    """Refuse a term of Python that is not in the grammar, in the very words that will be evaluated."""
    from formulaic.utils.code import sanitize_variable_names

    try:
        evaluated = sanitize_variable_names(expression, {}, {})
    except IndexError:  # of an empty name
        raise InputError(f"{formula!r}: {expression!r} cannot be read; write {EXAMPLE}.", argument="formula") from None
    check_term(evaluated, formula)


def _check_names(columns: list[str], table: pd.DataFrame) -> None:
    """Refuse columns that the table lacks, or that are no covariates."""
    known = list_covariates(table)
    if "published" in columns:
        raise InputError(
            f"published is a date: write {TIME} for a linear trend, or {PERIOD} for a coefficient a period.",
            argument="formula",
        )
    unknown = [name for name in columns if name not in known]
    if unknown:
        more = f", and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
        raise InputError(
            f"there is no column {', '.join(unknown)} to regress on. There are: {', '.join(known[:_LISTED])}{more}.",
            argument="formula",
        )
