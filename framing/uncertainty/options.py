"""The check of the two options that all intervals share."""

from __future__ import annotations

from framing.errors import InputError

__all__ = ["check_interval_options"]


def check_interval_options(*, level: float, n_bootstrap: int | None = None, within: float | None = None) -> None:
    """Check the level of intervals and the number of draws behind them.

    Parameters
    ----------
    level : float
        Chance that intervals hold.
    n_bootstrap : int, optional
        Number of draws; None where nothing is drawn.
    within : float, optional
        Margin of equivalence; None where none is tested.

    Raises
    ------
    InputError
        Unless `level` and `within` lie strictly between 0 and 1, and `n_bootstrap` is at least 1.

    Examples
    --------
    >>> check_interval_options(level=0.95, n_bootstrap=2000)
    """
    if within is not None and not 0 < within < 1:
        raise InputError(f"expected a margin between 0 and 1, got {within!r}; 0.1 is ten points.", argument="within")
    if not 0 < level < 1:
        remedy = f"; write {level / 100:g} for {level:g} per cent" if 1 < level < 100 else ""
        raise InputError(f"expected a number between 0 and 1, got {level!r}{remedy}.", argument="level")
    if n_bootstrap is not None and n_bootstrap < 1:
        raise InputError(f"expected a number of draws of at least 1, got {n_bootstrap!r}.", argument="n_bootstrap")
