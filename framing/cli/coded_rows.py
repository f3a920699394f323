"""What became of the rows of filled sheets, printed alike by the commands that read them."""

from __future__ import annotations

from framing.cli.options import MAX_REFUSED, say, say_refused
from framing.coding.coded import Coded

__all__ = ["say_coded_rows"]


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
