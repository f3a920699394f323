"""Which settings a kernel of a report reads: a report runs a notebook again only where one of these changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

__all__ = ["READS_VARIABLE", "Reads"]

READS_VARIABLE = "FRAMING_SETTINGS_READ"  # in a kernel of a report: file in which it records the settings that it reads


class Reads:
    """Records in a file which settings this process reads: a name a line, each once, and `*` for all of them.

    Parameters
    ----------
    path : str
        The file.
    settings : collection of str
        Names of all settings.
    """

    def __init__(self, path: str, settings: Collection[str]) -> None:
        self._path, self._settings = path, settings
        self._names: set[str] = set()
        self._dumping = False

    def note(self, name: str) -> None:
        """Record that an attribute is read; the dict of all attributes counts as all settings.

        Parameters
        ----------
        name : str
            Name of the attribute.
        """
        if self._dumping:
            return
        if name == "__dict__":
            self.write({"*"})
        elif name in self._settings:
            self.write({name})

    @contextmanager
    def dump(self, names: set[str]) -> Iterator[None]:
        """Record that settings are read at once, in this block, however that is done.

        Parameters
        ----------
        names : set of str
            Names of settings.

        Yields
        ------
        None
            The block in which they are read.
        """
        self.write(names)
        before, self._dumping = self._dumping, True
        try:
            yield
        finally:
            self._dumping = before

    def write(self, names: set[str]) -> None:
        """Record that these are read.

        Parameters
        ----------
        names : set of str
            Names of settings.
        """
        new = sorted(names - self._names)
        if new:
            with open(self._path, "a", encoding="utf-8") as stream:  # noqa: PTH123
                stream.write("".join(f"{name}\n" for name in new))
            self._names.update(new)
