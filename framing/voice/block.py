"""One block of a document, a line that is not empty, with its sentences and quotations: each is looked for once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace

from framing.corpus.sentences import split_sentences
from framing.voice.marks import plain_marks
from framing.voice.quotes import Quote, find_quote_around, find_quotes, unite_marks

__all__ = ["Block", "DocumentBlocks", "find_blocks"]

_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[.!?][”\"’]?$")


def find_blocks(text: str) -> list[tuple[int, int]]:
    """Start and end of the lines of a text that hold more than white space.

    Parameters
    ----------
    text : str
        A document.

    Returns
    -------
    list of tuple of int
        In order.

    Examples
    --------
    >>> find_blocks("Title\\n\\nOne line.")
    [(0, 5), (7, 16)]
    """
    return [(item.start(), item.end()) for item in _LINE.finditer(text) if item.group().strip()]


class DocumentBlocks:
    """The blocks of a document, its quotation marks as those of English print, of one sign each.

    Parameters
    ----------
    text : str
        A document.
    language : str, default "en"
        ISO 639-1 code of its language, by whose rules sentences end.

    Attributes
    ----------
    texts : list of str
        The blocks, in order.

    Examples
    --------
    >>> blocks = DocumentBlocks("``One.\\n\\n``Two,'' she said.")
    >>> blocks.texts
    ['"One.', '"Two," she said.']
    >>> [blocks.locate(low) for low, _ in blocks.read()]
    [0, 8]
    """

    def __init__(self, text: str, *, language: str = "en") -> None:
        self._language = language
        self._plain = plain_marks(text)
        self._quotes = find_quotes(self._plain.text)
        text = unite_marks(self._plain.text, self._quotes)
        self._bounds = find_blocks(text)
        self.texts = [text[low:high] for low, high in self._bounds]

    def locate(self, place: int) -> int:
        """Offset in the document.

        Parameters
        ----------
        place : int
            Offset among signs of which each mark is one.

        Returns
        -------
        int
            Offset of the same sign.
        """
        return self._plain.locate(place)

    def read(self) -> Iterator[tuple[int, Block]]:
        """The blocks with their quotations, which may go on from one to the next.

        Yields
        ------
        int
            Offset of the block among signs of which each mark is one.
        Block
            The block.
        """
        for low, text, quotes in self._split():
            yield low, Block(text, quotes, language=self._language)

    def read_outer(self) -> Iterator[tuple[int, str]]:
        """The blocks with a space for every character of a quotation.

        Yields
        ------
        int
            Offset of the block among signs of which each mark is one.
        str
            The outlet's own text of the block.
        """
        for low, text, quotes in self._split():
            yield low, _blank(text, quotes)

    def _split(self) -> Iterator[tuple[int, str, list[Quote]]]:
        """Offset, text and quotations of each block."""
        number = 0
        for (low, high), text in zip(self._bounds, self.texts, strict=True):
            inside = []
            while number < len(self._quotes) and self._quotes[number].start < high:
                quote = self._quotes[number]
                inside.append(replace(quote, start=quote.start - low, end=quote.end - low))
                number += 1
            yield low, text, inside


class Block:
    """A block of text with its sentences and quotations.

    Parameters
    ----------
    text : str
        One line.
    quotes : list of Quote, optional
        Its quotations, as its document has them; by default those of the line alone.
    language : str, default "en"
        ISO 639-1 code of its language, by whose rules sentences end.

    Attributes
    ----------
    sentences : list of tuple of int
        Start and end of each, in order and apart.
    quotes : list of Quote
        In order and apart.
    quote_starts : list of int
        Where each quotation starts.

    Examples
    --------
    >>> block = Block("“Go,” said the envoy. He left.")
    >>> block.sentences, block.find_sentence(22)
    ([(0, 21), (22, 30)], (22, 30))
    """

    def __init__(self, text: str, quotes: list[Quote] | None = None, *, language: str = "en") -> None:
        self.text = text
        self.sentences = split_sentences(text, language=language)
        self.quotes = find_quotes(text) if quotes is None else quotes
        self.quote_starts = [quote.start for quote in self.quotes]
        self.end = len(text.rstrip())
        self._sentence_starts = [start for start, _ in self.sentences]

    def read_outer(self) -> str:
        """The block with a space for every character of a quotation.

        Returns
        -------
        str
            The outlet's own text.

        Examples
        --------
        >>> Block("“Go,” he said.").read_outer()
        '      he said.'
        """
        return _blank(self.text, self.quotes)

    def is_quoted(self, place: int) -> bool:
        """Whether an offset lies within a quotation that is more than a name.

        Parameters
        ----------
        place : int
            Offset in the block.

        Returns
        -------
        bool
            False also within a quotation of up to three words, such as “the corridor”.

        Examples
        --------
        >>> block = Block("“We shall not pay,” he said.")
        >>> block.is_quoted(4), block.is_quoted(22)
        (True, False)
        """
        return find_quote_around(place, self.quotes, self.quote_starts) is not None

    def is_behind_quoted(self, speaker: int, verb: int) -> bool:
        """Whether a speaker is a name in quotation marks that ends before the verb.

        Parameters
        ----------
        speaker, verb : int
            Offsets of the speaker and of the reporting verb in the block.

        Returns
        -------
        bool
            True where the speaker lies in a quotation that ends before the verb.

        Examples
        --------
        >>> Block("“Operation Swan” says no.").is_behind_quoted(1, 17)
        True
        """
        number = bisect_right(self.quote_starts, speaker) - 1
        return number >= 0 and speaker < self.quotes[number].end <= verb + 1

    def find_sentence(self, place: int, *, ends: bool = False) -> tuple[int, int] | None:
        """The sentence that an offset lies in; with `ends`, that which may end there but not start there.

        Parameters
        ----------
        place : int
            Offset in the block.
        ends : bool, default False
            Whether the offset is the end of something in the sentence.

        Returns
        -------
        tuple of int or None
            Start and end; None between sentences.
        """
        search = bisect_left if ends else bisect_right
        number = search(self._sentence_starts, place) - 1
        if number < 0:
            return None
        start, end = self.sentences[number]
        return (start, end) if place < end or (ends and place == end) else None

    def find_sentence_start(self, place: int) -> int:
        """Where the last sentence begins that begins at an offset or before it.

        Parameters
        ----------
        place : int
            Offset in the block.

        Returns
        -------
        int
            Start of the sentence; 0 where no sentence begins so early.

        Examples
        --------
        >>> Block("He left. She stayed.").find_sentence_start(12)
        9
        """
        number = bisect_right(self._sentence_starts, place) - 1
        return self._sentence_starts[number] if number >= 0 else 0

    def find_sign_before(self, place: int, begin: int = 0) -> str:
        """The last character before an offset that is no white space.

        Parameters
        ----------
        place : int
            Offset in the block.
        begin : int, default 0
            Offset from which on the character must stand.

        Returns
        -------
        str
            The character; empty where there is none.

        Examples
        --------
        >>> Block("She said: “Go.”").find_sign_before(10)
        ':'
        """
        place -= 1
        while place >= begin and self.text[place].isspace():
            place -= 1
        return self.text[place] if place >= begin else ""

    def is_set_off(self, start: int, end: int) -> bool:
        """Whether commas or dashes stand on both sides of a stretch, as of ", she said,".

        Parameters
        ----------
        start, end : int
            Offsets in the block.

        Returns
        -------
        bool
            True where a full stop stands behind it as well.

        Examples
        --------
        >>> Block("Fuel, she said, is scarce.").is_set_off(6, 14)
        True
        """
        return self.find_sign_before(start) in (",", "–", "—") and self.text[end : end + 1] in (",", ".", "–", "—")

    def starts_sentence(self, place: int) -> bool:
        """Whether a sentence ends before an offset, within a quotation or outside.

        Parameters
        ----------
        place : int
            Offset in the block.

        Returns
        -------
        bool
            True where only white space lies between the offset and the end of a sentence.

        Examples
        --------
        >>> Block("He left. “Go.”").starts_sentence(9)
        True
        """
        end = place
        while end and self.text[end - 1].isspace():
            end -= 1
        return _SENTENCE_END.search(self.text[max(0, end - 2) : end]) is not None


def _blank(text: str, quotes: list[Quote]) -> str:
    """A text with a space for every character of its quotations."""
    pieces, place = [], 0
    for quote in quotes:
        pieces += [text[place : quote.start], " " * (quote.end - quote.start)]
        place = quote.end
    return "".join([*pieces, text[place:]])
