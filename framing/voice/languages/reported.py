"""Reported speech without quotation marks, where a language marks it safely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from framing.voice.languages.chinese import report_unspaced
from framing.voice.languages.clauses import attribute_clause, find_source
from framing.voice.languages.mention import Attribution
from framing.voice.languages.people import People

__all__ = ["Report", "Reports", "find_reported", "subtract"]

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_WORD_OR_STOP = re.compile(r"[^\W\d_]+|[,;:]")
_BEHIND_COMMA = re.compile(r",\s+([^\W\d_]+)")
_COMMA = re.compile(r"(?<=[\w)]),\s+")
_NEAR_WORD = 60  # characters from a verb to the word that leads to what is reported
_NEAR_COMMA = 90  # and to the comma
_NEAR_SUBJECT = 25  # and to a subject behind it
_FEWEST_WORDS = 3  # that are reported before a verb
_SHORTEST = 12  # characters that are reported


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody is reported to say: `text[start:end]`.

    Attributes
    ----------
    start, end : int
        Offsets in the block.
    attribution : Attribution or None
        Who says it; None where it goes on with the report before.
    word : str
        The word that tells.
    """

    start: int
    end: int
    attribution: Attribution | None
    word: str


class Reports:
    """Reports of a block, taken in order as its quotations are read.

    Parameters
    ----------
    reports : list of Report
        In order.
    """

    def __init__(self, reports: list[Report]) -> None:
        self._reports = reports

    def take(self, before: int) -> list[Report]:
        """Take those that begin before an offset and have not been taken.

        Parameters
        ----------
        before : int
            Offset in the block.

        Returns
        -------
        list of Report
            In order.
        """
        taken = [report for report in self._reports if report.start < before]
        self._reports = self._reports[len(taken) :]
        return taken


def find_reported(outer: str, sentences: list[tuple[int, int]], people: People) -> Iterator[Report]:
    """Reported speech in the outlet's own text of a block.

    Parameters
    ----------
    outer : str
        The block with its quotations left out.
    sentences : list of tuple of int
        Its sentences.
    people : People
        The persons of the document.

    Yields
    ------
    Report
        In order.
    """
    goes_on = False
    for start, end in sentences:
        report = _read_sentence(outer, start, end, people)
        if report is None and goes_on and _goes_on(outer, start, end, people):
            word = next(word for word in _WORD.findall(outer[start:end]) if word in people.rules.words["subjunctive"])
            report = Report(start, end, None, word)
        goes_on = report is not None
        if report is not None:
            yield report


def _goes_on(outer: str, start: int, end: int, people: People) -> bool:
    """Whether a sentence has its verb in the subjunctive, as speech that goes on: Die Lage sei ernst."""
    words = _WORD.findall(outer[start:end])
    return any(word in people.rules.words["subjunctive"] for word in words) and not people.rules.verb.search(
        outer, start, end
    )


def _read_sentence(outer: str, start: int, end: int, people: People) -> Report | None:
    rules = people.rules
    if not rules.file.spaced:
        report = report_unspaced(outer, start, end, people)
        return None if report is None else Report(report[0], report[1], report[2], report[2].word)
    for verb in rules.reporting.finditer(outer, start, end):
        content = _find_content(outer, verb.end(), end, people)
        if content is None and (first := _WORD.search(outer, start, end)) is not None:
            comma = _COMMA.search(outer, verb.end(), min(end, verb.end() + _NEAR_COMMA))
            if first.group().lower() in rules.words["as_words"] and comma is not None:
                content = comma.end()  # Wie Kranz sagte, habe …
        if content is None:
            continue
        found = attribute_clause(outer, start, content, people, behind=False)
        if found is not None and found.start <= verb.start() < found.end + 1:
            close = outer[content:end].rstrip()
            if len(close) >= _SHORTEST:
                return Report(content, end, found, found.word)
    behind = _read_behind(outer, start, end, people)
    if behind is not None:
        return behind
    found = find_source(outer, start, end, people, reporting=True)
    if found is not None and found.mention.kind != "phrase":
        low, high = min(found.start, found.mention.start), max(found.end, found.mention.end)
        if low - start < end - high and end - high >= _SHORTEST:
            return Report(high, end, found, found.word)
        if low - start >= _SHORTEST:
            return Report(start, low, found, found.word)
    return None


def _read_behind(outer: str, start: int, end: int, people: People) -> Report | None:
    """What stands before a verb with its subject at the end of a sentence: Die Brücke sei zu, sagte Anna Kranz."""
    rules = people.rules
    for comma in _COMMA.finditer(outer, start, end):
        verb = rules.reporting.match(outer, comma.end(), end)
        if verb is None or len(_WORD.findall(outer[start : comma.start()])) < _FEWEST_WORDS:
            continue
        found = attribute_clause(outer, comma.end(), end, people, behind=True)
        if found is None or found.start != verb.start():
            continue
        mention, said = found.mention, outer[start : comma.start()]
        if mention.kind == "phrase" and not any(word in rules.words["subjunctive"] for word in _WORD.findall(said)):
            continue
        following = _WORD.match(outer, min(end, mention.end + 1), end)
        is_object = mention.kind == "name" and not mention.head and not any(map(rules.find_given, mention.words))
        if is_object and following is not None and following.group() in rules.words["stops"]:
            continue  # Er kam, sagte Guten Tag und ging
        is_beside = verb.end() <= mention.start <= verb.end() + _NEAR_SUBJECT
        if is_beside and _find_content(outer, mention.end, end, people) is None:
            return Report(start, comma.start(), found, found.word)
    return None


def _find_content(outer: str, place: int, end: int, people: People) -> int | None:
    """Where the clause begins that a verb reports: behind a comma, or with que."""
    rules = people.rules
    connectors = rules.words["connectors"]
    if rules.file.clause_by == "word":
        for match in _WORD_OR_STOP.finditer(outer, place, min(end, place + _NEAR_WORD)):
            if match.group() in ",;:":
                return None
            if match.group().lower() in connectors:
                return match.end() + (outer[match.end() : match.end() + 1] in "’'")
        return None
    for match in _BEHIND_COMMA.finditer(outer, place, min(end, place + _NEAR_COMMA)):
        word = match.group(1).lower()
        is_relative = word in rules.words["definite"] and match.start() > place + 2
        if word in connectors and not is_relative:
            return match.start(1)
        if any(each in rules.words["subjunctive"] for each in _WORD.findall(outer[match.start(1) : end])):
            return match.start(1)
    return None


def subtract(start: int, end: int, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Parts of a stretch that no quotation takes.

    Parameters
    ----------
    start, end : int
        The stretch.
    taken : list of tuple of int
        Start and end of each quotation, in order.

    Yields
    ------
    tuple of int
        Start and end of each part, in order.

    Examples
    --------
    >>> list(subtract(0, 20, [(4, 8), (30, 40)]))
    [(0, 4), (8, 20)]
    """
    for low, high in taken:
        if low >= end:
            break
        if high > start:
            if start < low:
                yield start, low
            start = max(start, high)
    if start < end:
        yield start, end
