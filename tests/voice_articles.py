"""Articles that were written for it, with the speaker of every quotation, and how often that is found.

In `voice_articles.txt` an article begins with a line `=== split: title`; `{Ada Lund|“Go,”}` is a stretch of speech
with its speaker. Stretches that begin with a quotation mark are quoted, the others reported.

In `voice/press_en.txt` a paragraph begins with a line `=== style: speaker`: whose the last line is, `-` for the
outlet's own; lines before it are its context.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from framing.voice.marking import find_voice_segments
from tests.voice_cases import figures, mark_cases, same_speaker

ARTICLES = Path(__file__).resolve().parent / "voice_articles.txt"
PRESS = Path(__file__).resolve().parent / "voice" / "press_en.txt"
_ARTICLE = re.compile(r"^=== (?P<split>\w+): (?P<title>.+)\n(?P<text>(?:(?!=== ).*\n)*)", re.MULTILINE)
_SPOKEN = re.compile(r"\{(?P<speaker>[^{}|]+)\|(?P<words>[^{}]+)\}")
_MARKS = "“\"‘'"


@dataclass(frozen=True)
class Spoken:
    """A stretch of speech within one paragraph, `text[start:end]` of its article, and who says it."""

    start: int
    end: int
    speaker: str
    quoted: bool


@dataclass(frozen=True)
class Article:
    title: str
    text: str
    spoken: tuple[Spoken, ...]


def articles(split: str, path: Path = ARTICLES) -> list[Article]:
    """Articles of one split, their marks of speakers read and left out."""
    matches = _ARTICLE.finditer(path.read_text(encoding="utf-8"))
    return [_read(match["title"], match["text"].strip()) for match in matches if match["split"] == split]


def paragraphs(*, read: bool, path: Path = PRESS) -> list[Article]:
    """Paragraphs in the styles of the press whose errors were read while rules were mended, or the others, by a hash.

    The title of each is whose its last line is.
    """
    matches = _ARTICLE.finditer(path.read_text(encoding="utf-8"))
    rows = [_read(match["title"], match["text"].strip()) for match in matches]
    return [row for row in rows if (int(hashlib.sha256(row.text.encode()).hexdigest(), 16) % 2 == 0) == read]


def cases_of_paragraphs(rows: list[Article]) -> list[dict[str, str]]:
    """The last line of each paragraph as a case of `tests.voice_cases`, those before it as its context."""
    found = []
    for row in rows:
        context, _, text = row.text.rpartition("\n")
        is_own = row.title == "-"
        found.append(
            {
                "form": "with quotation marks" if re.search('[“"]', text) else "without quotation marks",
                "voice": "own" if is_own else "attributed",
                "speaker": "" if is_own else row.title,
                "speaker_group": "",
                "context": context.strip(),
                "text": text,
            }
        )
    return found


def figures_of_paragraphs(rows: list[Article]) -> dict[str, float]:
    """Whose the paragraphs are, and who says each stretch of them."""
    found = cases_of_paragraphs(rows)
    stretches = figures_of_articles(rows, find_speakers(rows))
    names = {"n": "stretches, n"} | {name: f"stretches, {name}" for name in stretches if name != "n"}
    return figures(found, mark_cases(found)) | {names[name]: value for name, value in stretches.items()}


def list_errors(rows: list[Article]) -> list[str]:
    """Stretches whose speaker is wrong: who says them, whom the rules name, and the words."""
    return [
        f"{spoken.speaker!r}, found {speaker!r}: {row.text[spoken.start : spoken.end]}"
        for row, found in zip(rows, find_speakers(rows), strict=True)
        for spoken, speaker in zip(row.spoken, found, strict=True)
        if not (speaker and same_speaker(spoken.speaker, speaker))
    ]


def _read(title: str, marked: str) -> Article:
    pieces: list[str] = []
    spoken: list[Spoken] = []
    place = length = 0
    for match in _SPOKEN.finditer(marked):
        pieces += [marked[place : match.start()], match["words"]]
        length += match.start() - place
        quoted = match["words"][0] in _MARKS
        for paragraph in re.finditer(r"[^\n]+", match["words"]):
            spoken.append(Spoken(length + paragraph.start(), length + paragraph.end(), match["speaker"], quoted))
        length += len(match["words"])
        place = match.end()
    return Article(title, "".join([*pieces, marked[place:]]), tuple(spoken))


def find_speakers(rows: list[Article]) -> list[list[str]]:
    """The speaker found for each stretch of each article: of most of its signs, or an empty string."""
    passages = pd.DataFrame({"passage_id": range(len(rows)), "text": [row.text for row in rows]})
    found = find_voice_segments(passages)
    by_article = {number: list(part.itertuples()) for number, part in found.groupby("passage_id")}
    return [
        [_find_speaker(spoken, by_article.get(number, [])) for spoken in row.spoken] for number, row in enumerate(rows)
    ]


def _find_speaker(spoken: Spoken, segments: Iterable) -> str:
    signs: dict[str, int] = defaultdict(int)
    for segment in segments:
        signs[segment.speaker] += max(0, min(spoken.end, segment.end) - max(spoken.start, segment.start))
    speaker = max(signs, key=lambda name: signs[name], default="")
    return speaker if signs[speaker] * 2 > spoken.end - spoken.start else ""


def figures_of_articles(rows: list[Article], speakers: list[list[str]]) -> dict[str, float]:
    """Shares of the stretches whose speaker is right, quoted and reported apart."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for row, found in zip(rows, speakers, strict=True):
        for spoken, speaker in zip(row.spoken, found, strict=True):
            right = bool(speaker) and same_speaker(spoken.speaker, speaker)
            counts["speaker, quoted" if spoken.quoted else "speaker, reported"].append(right)
            if spoken.quoted:
                counts["full name, quoted"].append(right and _is_full(spoken.speaker, speaker))
    result: dict[str, float] = {"n": sum(len(row.spoken) for row in rows)}
    return result | {name: sum(each) / len(each) for name, each in sorted(counts.items())}


def _is_full(gold: str, speaker: str) -> bool:
    """Whether a name has every capitalised word of another.

    >>> _is_full("Ada Lund", "Professor Ada Lund"), _is_full("Ada Lund", "Lund")
    (True, False)
    """
    return set(re.findall(r"[A-Z][\w’'-]*", gold)) <= set(re.findall(r"[A-Z][\w’'-]*", speaker))
