"""Changes of the text of a codebook on a terminal."""

from __future__ import annotations

import shutil
import textwrap

import pandas as pd

__all__ = ["format_changes"]

_WIDTH = 100  # where the terminal does not say its own
_LEAST_TEXT = 30  # columns for the text, however narrow the terminal is
_MOST_FRAME = 28  # columns of the frames, which stand on a line of their own where they are longer
_GAP = "  "


def format_changes(changes: pd.DataFrame) -> str:
    """Return changes of a codebook as text that is no wider than the terminal.

    Parameters
    ----------
    changes : DataFrame
        As `compare_codebooks` returns them.

    Returns
    -------
    str
        A change after the other, its text whole: what does not fit goes on below.

    Examples
    --------
    >>> row = {"frame": "war", "part": "seeds", "change": "added", "text": "Shots were fired."}
    >>> print(format_changes(pd.DataFrame([row])))
    frame  part   change  text
    war    seeds  added   Shots were fired.
    """
    if changes.empty:
        return "No change of content."
    columns = ["frame", "part", "change"]
    widths = {name: max(len(name), int(changes[name].str.len().max())) for name in columns}
    widths["frame"] = min(widths["frame"], _MOST_FRAME)
    indent = sum(widths.values()) + len(_GAP) * len(columns)
    width = max(shutil.get_terminal_size((_WIDTH, 1)).columns, indent + _LEAST_TEXT)
    lines = []
    headings = pd.DataFrame([{name: name for name in (*columns, "text")}])
    for row in pd.concat([headings, changes]).to_dict("records"):
        frame = str(row["frame"])
        if len(frame) > widths["frame"]:
            lines += textwrap.wrap(frame, width)
            frame = ""
        head = "".join(
            f"{value:<{widths[name]}}{_GAP}"
            for name, value in zip(columns, (frame, row["part"], row["change"]), strict=True)
        )
        text = " ".join(str(row["text"]).split())
        lines += textwrap.wrap(
            text, width, initial_indent=head, subsequent_indent=" " * indent, break_on_hyphens=False
        ) or [head.rstrip()]
    return "\n".join(lines)
