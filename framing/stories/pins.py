"""What the user has settled about stories: which documents belong together, which do not, what a story is called."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from framing.errors import InputError
from framing.files.strict_yaml import read_yaml
from framing.project import corpus_folder

__all__ = ["StoryPins", "read_corpus_pins", "read_pins"]

_KEYS = ("together", "apart", "labels")


@dataclass(frozen=True)
class StoryPins:
    """Pins of a file `stories.yaml`; `lines` says where each document, pair and story id stands in it."""

    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    source: str = "pins"
    lines: dict[str, int] = field(default_factory=dict)

    def check_documents(self, known: Collection[str]) -> None:
        """Raise `InputError` naming a document that is not among `known`, and the file and line of its pin."""
        held = set(known)
        for name in (name for group in (*self.together, *self.apart) for name in group):
            if name not in held:
                raise InputError(
                    f"{self.where(name)}: there is no document {name}. Pins name documents by document_id, as the "
                    "table of stories lists them; remove the pin if the document has left the corpus."
                )
        self._check_contradictions()

    def check_stories(self, known: Collection[str]) -> None:
        """Raise `InputError` naming a story that has a label here but is not among `known`."""
        for name in self.labels:
            if name not in set(known):
                raise InputError(
                    f"{self.where(name)}: there is no story {name}, so it cannot be labelled. Stories are named by "
                    "story_id; give the earlier table of stories as previous, so that ids stay."
                )

    def _check_contradictions(self) -> None:
        group: dict[str, str] = {}

        def root(name: str) -> str:
            while group.get(name, name) != name:
                name = group[name]
            return name

        for names in self.together:
            for name in names[1:]:
                group[root(name)] = root(names[0])
        for a, b in self.apart:
            if root(a) == root(b):
                raise InputError(
                    f"{self.where(_pair(a, b))}: {a} and {b} are pinned both together and apart (together may tie them "
                    "through other documents); remove one of the pins."
                )

    def where(self, name: str) -> str:
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
        With file and line for unknown keys, and for what is not of this form.
    """
    path = Path(path)
    values = read_yaml(path)
    return _Reader(str(path), path.read_text(encoding="utf-8-sig")).pins(values)


def read_corpus_pins(corpus: str | Path) -> StoryPins | None:
    """Pins of the file `stories.yaml` beside a corpus's corpus.yaml.

    Parameters
    ----------
    corpus : str or Path
        Name of a folder in corpora/, or a folder.

    Returns
    -------
    StoryPins or None
        The pins; None if there is no such file.
    """
    folder = Path(corpus) if (Path(corpus) / "corpus.yaml").is_file() else corpus_folder(str(corpus))
    path = folder / "stories.yaml"
    return read_pins(path) if path.is_file() else None


class _Reader:
    def __init__(self, source: str, text: str) -> None:
        from ruamel.yaml import YAML

        self.source = source
        self.node = YAML(pure=True).compose(text)
        self.lines: dict[str, int] = {}

    def pins(self, values: dict[str, Any]) -> StoryPins:
        together: list[tuple[str, ...]] = []
        apart: list[tuple[str, str]] = []
        labels: dict[str, str] = {}
        for key, node in self.node.value:
            if key.value not in _KEYS:
                self._refuse(key, f"unknown key {key.value} (known: {', '.join(_KEYS)})")
            if key.value == "labels":
                labels = dict(self._labels(node))
                continue
            for group, names in self._groups(key.value, node):
                if key.value == "together":
                    together.append(names)
                elif len(names) != 2:
                    self._refuse(group, f"apart holds pairs of two documents, not {len(names)}")
                else:
                    apart.append((names[0], names[1]))
                    self.lines[_pair(*names)] = group.start_mark.line + 1
        return StoryPins(tuple(together), tuple(apart), labels, self.source, self.lines)

    def _groups(self, key: str, node: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
        if not isinstance(node.value, list) or any(not _is_list(item) for item in node.value):
            self._refuse(node, f"{key} is a list of lists of document ids, for instance [[doc-1, doc-2]]")
        for group in node.value:
            names = tuple(self._text(item, "a document id") for item in group.value)
            if len(names) < 2:
                self._refuse(group, f"{key} needs at least two documents in a list")
            if len(set(names)) < len(names):
                twice = next(name for name in names if names.count(name) > 1)
                self._refuse(group, f"{twice} stands twice in one list")
            yield group, names

    def _labels(self, node: Any) -> Iterator[tuple[str, str]]:
        if not isinstance(node.value, list) or _is_list(node):
            self._refuse(node, "labels is a mapping of story_id to text")
        for key, value in node.value:
            label = self._text(value, "a label").strip()
            if not label:
                self._refuse(value, f"the label of {key.value} is empty; write one, or remove the line")
            yield self._text(key, "a story id"), label

    def _text(self, node: Any, what: str) -> str:
        if not isinstance(node.value, str):
            self._refuse(node, f"expected {what}, got a list or mapping")
        self.lines.setdefault(node.value, node.start_mark.line + 1)
        return str(node.value)

    def _refuse(self, node: Any, problem: str) -> None:
        raise InputError(f"{self.source}, line {node.start_mark.line + 1}: {problem}.")


def _pair(*names: str) -> str:
    return "\x1f".join(names)


def _is_list(node: Any) -> bool:
    return type(node).__name__ == "SequenceNode"
