"""Pins: which documents belong to one story, which do not, and what a story is called, as the user decides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

from scipy.cluster.hierarchy import DisjointSet

from framing.errors import InputError
from framing.files.strict_yaml import read_yaml
from framing.project import corpus_folder

__all__ = ["StoryPins", "read_corpus_pins", "read_pins"]

_KEYS = ("together", "apart", "labels")


@dataclass(frozen=True)
class StoryPins:
    """What a file `stories.yaml` settles by hand.

    Attributes
    ----------
    together : tuple of tuple of str
        Ids of documents that belong to one story.
    apart : tuple of (str, str)
        Pairs of ids of documents that belong to different stories.
    labels : dict of str to str
        Label of each story_id.
    source : str
        Name of the file, for messages.
    lines : dict of str to int
        Line of the file on which each document, pair and story id stands.
    """

    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    source: str = "pins"
    lines: dict[str, int] = field(default_factory=dict)

    def check_documents(self, known: Collection[str]) -> None:
        """Check that all documents exist and that no pins contradict each other.

        Parameters
        ----------
        known : collection of str
            Ids of all documents.

        Raises
        ------
        InputError
            With the file and line of a pin that names an unknown document, or pins two documents apart that other
            pins put together.
        """
        valid = set(known)
        for name in chain(*self.together, *self.apart):
            if name not in valid:
                raise InputError(
                    f"{self.locate(name)}: there is no document {name}. Pins name documents by document_id, as the "
                    "table of stories lists them; remove the pin if the document has left the corpus."
                )
        self._check_contradictions()

    def check_stories(self, known: Collection[str]) -> None:
        """Check that all stories with a label exist.

        Parameters
        ----------
        known : collection of str
            Ids of all stories.

        Raises
        ------
        InputError
            With the file and line of a label whose story is not among them.
        """
        valid = set(known)
        for name in self.labels:
            if name not in valid:
                raise InputError(
                    f"{self.locate(name)}: there is no story {name}, so it cannot be labelled. Stories are named by "
                    "story_id; give the earlier table of stories as previous, so that ids stay."
                )

    def _check_contradictions(self) -> None:
        components = DisjointSet(dict.fromkeys(chain(*self.together, *self.apart)))
        for first, *others in self.together:
            for name in others:
                components.merge(first, name)
        for a, b in self.apart:
            if components.connected(a, b):
                raise InputError(
                    f"{self.locate(_join_pair(a, b))}: {a} and {b} are pinned both together and apart (together may "
                    "tie them through other documents); remove one of the pins."
                )

    def locate(self, name: str) -> str:
        """File and, where it is known, line of a document, pair or story.

        Parameters
        ----------
        name : str
            Key of `lines`.

        Returns
        -------
        str
            For the beginning of a message.
        """
        return f"{self.source}, line {self.lines[name]}" if name in self.lines else self.source


def read_pins(path: Path | str) -> StoryPins:
    """Read pins from a file.

    Parameters
    ----------
    path : Path or str
        File with the keys `together` (lists of document ids), `apart` (pairs) and `labels` (story_id: text).

    Returns
    -------
    StoryPins
        The pins. Whether the documents and stories exist is checked where the pins are used.

    Raises
    ------
    InputError
        With file and line, for an unknown key or a value of another form.
    """
    path = Path(path)
    read_yaml(path)  # refuses what no file of this project may hold, such as aliases
    return _Reader(str(path), path.read_text(encoding="utf-8-sig")).read()


def read_corpus_pins(*corpora: str | Path) -> StoryPins | None:
    """Read the pins of corpora, from the file `stories.yaml` beside each corpus.yaml.

    Parameters
    ----------
    *corpora : str or Path
        Names of folders in corpora/, or folders.

    Returns
    -------
    StoryPins or None
        The pins of all; None if there is no such file.

    Raises
    ------
    InputError
        With file and line, for an unknown key or a value of another form.
    """
    found = []
    for corpus in corpora:
        folder = Path(corpus) if (Path(corpus) / "corpus.yaml").is_file() else corpus_folder(str(corpus))
        if (folder / "stories.yaml").is_file():
            found.append(read_pins(folder / "stories.yaml"))
    return _merge_pins(found) if found else None


def _merge_pins(found: Sequence[StoryPins]) -> StoryPins:
    """Pins of all files; where one names a document or story again, its line is that of the first file."""
    if len(found) == 1:
        return found[0]
    return StoryPins(
        together=tuple(chain.from_iterable(pins.together for pins in found)),
        apart=tuple(chain.from_iterable(pins.apart for pins in found)),
        labels={story: label for pins in reversed(found) for story, label in pins.labels.items()},
        source=" or ".join(pins.source for pins in found),
        lines={name: line for pins in reversed(found) for name, line in pins.lines.items()},
    )


class _Reader:
    """Reads pins from the nodes of a YAML file, which know their lines."""

    def __init__(self, source: str, text: str) -> None:
        from ruamel.yaml import YAML

        self.source = source
        self.node = YAML().compose(text)
        self.lines: dict[str, int] = {}

    def read(self) -> StoryPins:
        together: list[tuple[str, ...]] = []
        apart: list[tuple[str, str]] = []
        labels: dict[str, str] = {}
        for key, node in self.node.value:
            if key.value == "labels":
                labels = dict(self._read_labels(node))
            elif key.value == "together":
                together += [names for _, names in self._read_groups(key.value, node)]
            elif key.value == "apart":
                apart += self._read_pairs(node)
            else:
                self._refuse(key, f"unknown key {key.value} (known: {', '.join(_KEYS)})")
        return StoryPins(tuple(together), tuple(apart), labels, self.source, self.lines)

    def _read_pairs(self, node: Any) -> Iterator[tuple[str, str]]:
        for group, names in self._read_groups("apart", node):
            if len(names) != 2:
                self._refuse(group, f"apart holds pairs of two documents, not {len(names)}")
            self.lines[_join_pair(*names)] = group.start_mark.line + 1
            yield names[0], names[1]

    def _read_groups(self, key: str, node: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
        """Groups of document ids, each with its node."""
        if not isinstance(node.value, list) or any(not _is_list(item) for item in node.value):
            self._refuse(node, f"{key} is a list of lists of document ids, for instance [[doc-1, doc-2]]")
        for group in node.value:
            names = tuple(self._read_text(item, "a document id") for item in group.value)
            if len(names) < 2:
                self._refuse(group, f"{key} needs at least two documents in a list")
            if len(set(names)) < len(names):
                repeated = next(name for name in names if names.count(name) > 1)
                self._refuse(group, f"{repeated} stands twice in one list")
            yield group, names

    def _read_labels(self, node: Any) -> Iterator[tuple[str, str]]:
        """Story ids with their labels."""
        if not isinstance(node.value, list) or _is_list(node):
            self._refuse(node, "labels is a mapping of story_id to text")
        for key, value in node.value:
            label = self._read_text(value, "a label").strip()
            if not label:
                self._refuse(value, f"the label of {key.value} is empty; write one, or remove the line")
            yield self._read_text(key, "a story id"), label

    def _read_text(self, node: Any, what: str) -> str:
        if not isinstance(node.value, str):
            self._refuse(node, f"expected {what}, got a list or mapping")
        self.lines.setdefault(node.value, node.start_mark.line + 1)
        return str(node.value)

    def _refuse(self, node: Any, problem: str) -> NoReturn:
        raise InputError(f"{self.source}, line {node.start_mark.line + 1}: {problem}.")


def _join_pair(*names: str) -> str:
    """Key of a pair in `StoryPins.lines`."""
    return "\x1f".join(names)


def _is_list(node: Any) -> bool:
    return type(node).__name__ == "SequenceNode"
