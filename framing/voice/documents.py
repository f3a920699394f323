"""Speaker spans of many documents: what can hold no speech is not parsed, and all cores share the work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from framing.steps import count_steps
from framing.voice.attribution import Span, attribute, read_block
from framing.voice.block import DocumentBlocks
from framing.voice.forked import map_forked
from framing.voice.parsed.parses import may_speak, may_state, read_blocks
from framing.voice.parsed.speech import Speech
from framing.voice.sides import Sides

__all__ = ["read_documents"]

_CHUNK_DOCUMENTS = 256  # documents that a process reads at once
_CHUNK_CHARACTERS = 400_000
_UNPARSED = Speech((), ())


def read_documents(
    sources: Sequence[str], sides: Sides, *, progress: str = "", what: str = "documents"
) -> Iterator[list[Span]]:
    """Find the speaker spans of documents.

    Parameters
    ----------
    sources : sequence of str
        The documents, each once.
    sides : Sides
        Names of states and organisations.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.
    what : str, default "documents"
        What is counted, in the progress.

    Yields
    ------
    list of Span
        Of each document, in the order of `sources`.

    Raises
    ------
    FramingError
        If the English model of the parser is not installed.
    """
    chunks = list(_split(sources))
    with count_steps(progress, len(sources), what=what) as steps:
        for spans in map_forked(partial(_read_chunk, sides=sides), chunks):
            steps.update(len(spans))
            yield from spans


def _split(sources: Sequence[str]) -> Iterator[list[str]]:
    """Documents in order, in chunks that do not grow with the corpus."""
    chunk: list[str] = []
    n_characters = 0
    for source in sources:
        chunk.append(source)
        n_characters += len(source)
        if len(chunk) >= _CHUNK_DOCUMENTS or n_characters >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, n_characters = [], 0
    if chunk:
        yield chunk


def _read_chunk(sources: Sequence[str], sides: Sides) -> list[list[Span]]:
    """Spans of some documents: what may speak is parsed first, then the blocks that tell who spoke."""
    documents = [_Document(source, sides) for source in sources]
    parsed = read_blocks([text for document in documents for text in document.list_speaking()], sides)
    for document in documents:
        document.read_speaking(parsed)
    parsed = read_blocks([text for document in documents for text in document.list_needed()], sides)
    return [document.attribute(parsed) for document in documents]


class _Document:
    """A document whose blocks are parsed as far as its speakers are told by them.

    Patterns alone read a document in which nothing can speak. In any other, a block without a quotation mark, verb of
    speech or pattern of attribution has no statement, parsed or not: its names count where a later block has one, whose
    speaker may be a pronoun, a surname or a role.
    """

    def __init__(self, source: str, sides: Sides) -> None:
        self._blocks = DocumentBlocks(source)
        self._sides = sides
        self._read = [read_block(block, low, _UNPARSED, sides) for low, block in self._blocks.read()]
        self._speaks = [False] * len(self._read)
        self._is_parsed = any(may_speak(text) for text in self._blocks.texts)
        if self._is_parsed:
            self._speaks = [bool(each.cues) or may_state(each.block.text) for each in self._read]

    def list_speaking(self) -> list[str]:
        """Texts of the blocks that may hold a statement."""
        return [each.block.text for each, speaks in zip(self._read, self._speaks, strict=True) if speaks]

    def read_speaking(self, parsed: dict[str, Speech]) -> None:
        """Find the statements; what stands behind the last one is left out."""
        self._parse(parsed, self._speaks)
        n_read = max((number + 1 for number, each in enumerate(self._read) if each.statements), default=0)
        del self._read[n_read:], self._speaks[n_read:]

    def list_needed(self) -> list[str]:
        """Texts of the other blocks before the last statement."""
        return [each.block.text for each, needs in zip(self._read, self._needs, strict=True) if needs]

    def attribute(self, parsed: dict[str, Speech]) -> list[Span]:
        """Spans of the document."""
        self._parse(parsed, self._needs)
        return attribute(self._blocks, self._read, self._sides)

    @property
    def _needs(self) -> list[bool]:
        return [self._is_parsed and not speaks for speaks in self._speaks]

    def _parse(self, parsed: dict[str, Speech], chosen: list[bool]) -> None:
        for number, (each, is_chosen) in enumerate(zip(self._read, chosen, strict=True)):
            if is_chosen:
                self._read[number] = read_block(each.block, each.low, parsed[each.block.text], self._sides)
