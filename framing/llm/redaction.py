"""Patterns that are replaced in texts before these leave the machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from framing.errors import InputError

__all__ = ["Redaction", "read_redaction"]

_ARROW = " => "
_REPLACEMENT = "[redacted]"


@dataclass(frozen=True)
class Redaction:
    """Patterns and what stands in their place.

    Attributes
    ----------
    patterns : tuple of (Pattern, str)
        In the order of their file.
    """

    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()

    def apply(self, text: str) -> tuple[str, int]:
        """Replace what the patterns match.

        Parameters
        ----------
        text : str
            A passage.

        Returns
        -------
        text : str
            The passage as it is sent.
        n : int
            Number of replacements.

        Examples
        --------
        >>> Redaction(((re.compile("[0-9]+"), "N"),)).apply("Calls 12 and 7.")
        ('Calls N and N.', 2)
        """
        n_all = 0
        for pattern, replacement in self.patterns:
            text, n = pattern.subn(lambda _, replacement=replacement: replacement, text)  # type: ignore[misc]
            n_all += n
        return text, n_all


def read_redaction(path: Path) -> Redaction:
    """Read a file of patterns.

    Parameters
    ----------
    path : Path
        UTF-8; a regular expression a line, with ` => ` and its replacement behind it where that is not `[redacted]`.
        Empty lines, and those that begin with `# `, are left out.

    Returns
    -------
    Redaction
        The patterns.

    Raises
    ------
    InputError
        If the file cannot be read, holds no pattern, or a line is none; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as a list of patterns: {error}.") from None
    patterns = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("# ") or line.strip() == "#":
            continue
        written, _, replacement = line.partition(_ARROW)
        try:
            pattern = re.compile(written.rstrip() if _ARROW in line else line)
        except re.error as error:
            raise InputError(f"{path}, line {number}: no regular expression ({error}): {line[:80]!r}.") from None
        if pattern.match(""):
            raise InputError(f"{path}, line {number}: {written[:80]!r} matches the empty text; name what goes.")
        patterns.append((pattern, replacement if _ARROW in line else _REPLACEMENT))
    if not patterns:
        raise InputError(f"{path} holds no pattern: expected a regular expression a line.")
    return Redaction(tuple(patterns))
