"""Filled sheets: which files of a folder are some, and what became of their rows, alike for all commands."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from framing.cli.options import MAX_REFUSED, say, say_refused
from framing.coding.coded import Coded

__all__ = ["MODEL_RECORD", "leave_out_records", "say_coded_rows"]

MODEL_RECORD = ".llm.json"  # ending of what a language model was asked, which lies beside its sheet


def leave_out_records(paths: Iterable[Path]) -> list[Path]:
    """Leave out what language models were asked, of all files in a folder of sheets.

    Parameters
    ----------
    paths : iterable of Path
        The files.

    Returns
    -------
    list of Path
        The others.

    Examples
    --------
    >>> [path.name for path in leave_out_records([Path("llm-words.csv"), Path("llm-words.llm.json")])]
    ['llm-words.csv']
    """
    return [path for path in paths if not path.name.endswith(MODEL_RECORD)]


def say_coded_rows(coded: Coded, *, listed: str) -> None:
    """Print how each sheet was read, its counts, the first refused rows, and what coders have left out.

    Parameters
    ----------
    coded : Coded
        The codings.
    listed : str
        Where all refused rows are.
    """
    for remark in coded.remarks:
        say(remark)
    for row in coded.files.itertuples():
        say(f"{row.file}: {row.n_rows} rows in = {row.n_kept} kept + {row.n_refused} refused")
    say_refused(coded.refused, most=MAX_REFUSED, what=f"rows; {listed}")
    for coder, part in coded.missing.groupby("coder", sort=False):
        say(f"{coder} has not coded {len(part)} of the passages given to {coder}")
