"""Speaker spans of many documents: what can hold no speech is not parsed, and all cores share the work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from framing.corpus.voice_languages import known_languages
from framing.executors.forked import map_forked
from framing.steps import count_steps
from framing.voice.attribution import ReadBlock, Span, attribute, read_block
from framing.voice.block import DocumentBlocks
from framing.voice.languages.reading import read_document
from framing.voice.parsed.parses import BlockParser, may_speak, may_state
from framing.voice.parsed.speech import Speech
from framing.voice.sides import Sides

__all__ = ["read_documents"]

_ENGLISH = "en"
_CHUNK_DOCUMENTS = 256  # documents that a process reads at once
_CHUNK_CHARACTERS = 400_000
_UNPARSED = Speech((), ())


def read_documents(
    sources: Sequence[str],
    sides: Sides,
    *,
    languages: Sequence[str] | None = None,
    progress: str = "",
    what: str = "documents",
) -> Iterator[list[Span]]:
    """Find the speaker spans of documents.

    Parameters
    ----------
    sources : sequence of str
        The documents, each once.
    sides : Sides
        Names of states and organisations.
    languages : sequence of str, optional
        ISO 639-1 code of each document; English by default. A document in a language without rules has no spans.
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
    chunks = list(_split(sources, languages or [_ENGLISH] * len(sources)))
    with count_steps(progress, len(sources), what=what) as steps:
        for spans in map_forked(partial(_read_chunk, sides=sides), chunks):
            steps.update(len(spans))
            yield from spans


def _split(sources: Sequence[str], languages: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
    """Documents with their languages, in order, in chunks that do not grow with the corpus."""
    chunk: list[tuple[str, str]] = []
    n_characters = 0
    for source, language in zip(sources, languages, strict=True):
        chunk.append((source, language))
        n_characters += len(source)
        if len(chunk) >= _CHUNK_DOCUMENTS or n_characters >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, n_characters = [], 0
    if chunk:
        yield chunk


def _read_chunk(chunk: Sequence[tuple[str, str]], sides: Sides) -> list[list[Span]]:
    """Spans of some documents, each by the rules of its language."""
    english = iter(_read_english([source for source, language in chunk if language == _ENGLISH], sides))
    return [
        next(english)
        if language == _ENGLISH
        else read_document(source, language, sides)
        if language in known_languages()
        else []
        for source, language in chunk
    ]


def _read_english(sources: Sequence[str], sides: Sides) -> list[list[Span]]:
    """Spans of English documents: what may speak is parsed first, then the blocks that tell who spoke."""
    if not sources:
        return []
    documents = [_Document(source, sides) for source in sources]
    parser = BlockParser(sides)
    speaking = parser.read_speaking([text for document in documents for text in document.list_speaking()])
    for document in documents:
        document.take_speaking(speaking)
    needed = parser.read_all([text for document in documents for text in document.list_needed()])
    return [document.attribute(needed) for document in documents]


class _Document:
    """A document whose blocks are parsed as far as its speakers are told by them.

    Patterns alone read a document in which nothing can speak. In any other, a block without a quotation mark, a verb
    that reports or a pattern of attribution has no statement: its names count where a later block has one, whose
    speaker may be a pronoun, a surname or a role.
    """

    def __init__(self, source: str, sides: Sides) -> None:
        self._blocks = DocumentBlocks(source)
        self._sides = sides
        self._read: list[ReadBlock] = []
        self._unparsed: list[int] = []  # numbers of blocks that were read by patterns alone
        self._speaks = any(may_speak(text) for text in self._blocks.texts)

    def list_speaking(self) -> list[str]:
        """Texts of the blocks that may hold a statement by their words."""
        return [text for text in self._blocks.texts if may_state(text)] if self._speaks else []

    def take_speaking(self, speeches: dict[str, Speech]) -> None:
        """Find the statements; what stands behind the last one is left out."""
        n_read = 0
        for number, (low, block) in enumerate(self._blocks.read()):
            speech = speeches.get(block.text)
            read = read_block(block, low, speech or _UNPARSED, self._sides)
            self._read.append(read)
            if speech is None:
                self._unparsed.append(number)
            if read.statements or (speech is None and read.cues):
                n_read = number + 1
        del self._read[n_read:]
        self._unparsed = [number for number in self._unparsed if number < n_read and self._speaks]

    def list_needed(self) -> list[str]:
        """Texts of the blocks before the last statement that were read by patterns alone."""
        return [self._read[number].block.text for number in self._unparsed]

    def attribute(self, speeches: dict[str, Speech]) -> list[Span]:
        """Spans of the document."""
        for number in self._unparsed:
            block = self._read[number].block
            self._read[number] = read_block(block, self._read[number].low, speeches[block.text], self._sides)
        return attribute(self._blocks, self._read, self._sides)
