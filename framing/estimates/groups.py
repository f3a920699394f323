"""The groups that estimates are about: the values of one column, of several together, or all passages as one group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from framing.tables import list_columns, require_columns

__all__ = ["check_groups", "join_groups", "split_groups"]

_ALL = "all"  # the one group where no column makes groups
_GROUP = "group"  # column of that group
_SEPARATOR = " / "  # between the values, and the names, of several columns


def check_groups(
    table: pd.DataFrame,
    by: str | Sequence[str] | None,
    columns: Iterable[str] = (),
    *,
    what: str = "classified passages",
) -> tuple[pd.DataFrame, list[str]]:
    """Check that a table has the columns of its groups, and others.

    Parameters
    ----------
    table : DataFrame
        Any table.
    by : str, sequence of str or None
        Columns whose values make the groups; None, or an empty name: all rows are one group.
    columns : iterable of str
        Other columns that the caller reads.
    what : str
        What the table is, for the message.

    Returns
    -------
    DataFrame
        The rows that have a value in each of these columns; where `by` names no column, all rows, with the column
        `group`, which is `all`.
    list of str
        Columns that make the groups, at least one.

    Raises
    ------
    InputError
        Where columns are missing; names them, and those that the table has.

    Examples
    --------
    >>> table, keys = check_groups(pd.DataFrame({"frame": ["x"]}), None, ["frame"])
    >>> keys, table["group"].tolist()
    (['group'], ['all'])
    """
    keys = list_columns(by)
    require_columns(table, (*keys, *columns), what=what)
    if keys:
        is_missing = table[keys].isna().any(axis=1)
        return (table[~is_missing] if is_missing.any() else table), keys
    return table.assign(**{_GROUP: _ALL}), [_GROUP]


def join_groups(
    table: pd.DataFrame,
    by: str | Sequence[str] | None,
    columns: Iterable[str] = (),
    *,
    what: str = "classified passages",
) -> tuple[pd.DataFrame, str]:
    """Check as `check_groups` does, and make one column of the groups.

    Parameters
    ----------
    table : DataFrame
        Any table.
    by : str, sequence of str or None
        Columns whose values make the groups.
    columns : iterable of str
        Other columns that the caller reads.
    what : str
        What the table is, for the message.

    Returns
    -------
    DataFrame
        The rows that have a value in each of these columns; where `by` names several, with one column more that has
        their values joined by ` / `.
    str
        Name of the column of groups.

    Examples
    --------
    >>> table, group = join_groups(pd.DataFrame({"outlet": ["A"], "language": ["en"]}), ["outlet", "language"])
    >>> group, table[group].tolist()
    ('outlet / language', ['A / en'])
    """
    table, keys = check_groups(table, by, columns, what=what)
    if len(keys) == 1:
        return table, keys[0]
    joint = _SEPARATOR.join(keys)
    values = table[keys[0]].astype(str)
    for name in keys[1:]:
        values = values + _SEPARATOR + table[name].astype(str)
    return table.assign(**{joint: values}), joint


def split_groups(result: pd.DataFrame, table: pd.DataFrame, by: str | Sequence[str] | None) -> pd.DataFrame:
    """The columns of `by` where a result has the joint column of `join_groups`.

    Parameters
    ----------
    result : DataFrame
        A result with the column of groups.
    table : DataFrame
        The table that `join_groups` returned.
    by : str, sequence of str or None
        Columns whose values make the groups.

    Returns
    -------
    DataFrame
        `result` itself where `by` names fewer than two columns.
    """
    keys = list_columns(by)
    if len(keys) < 2:
        return result
    joint = _SEPARATOR.join(keys)
    values = table.drop_duplicates(joint).set_index(joint)[keys].reindex(result[joint])
    place = list(result.columns).index(joint)
    split = result.drop(columns=joint)
    for number, name in enumerate(keys):
        split.insert(place + number, name, values[name].to_numpy())
    return split
