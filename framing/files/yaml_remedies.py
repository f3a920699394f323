"""What a line that is no YAML was probably meant to be, and how to write it."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["explain_syntax", "find_bad_scalar", "quote_text"]

_KEY = r"(?:-\s+)*[\w.\-]+"
_NO_SPACE = re.compile(rf"^\s*({_KEY}):([^\s:/\\'\"].*)$")
_WIDE_COLON = re.compile(rf"^\s*({_KEY})\s*[：﹕︓]")
_ENTRY = re.compile(r"^\s*((?:-\s+)*)(?:([^\s\"'{\[#][^:#]*?)\s*:\s+)?(.*?)\s*$")
_CURLY = "“”„‟‘’‚‛"
_SENTENCE_ENDS = ".!?…,;:"
_SHOWN = 60  # characters of a value that are shown
_MOST_WORDS = 5  # of a value in curly quotation marks; more are a sentence that somebody said


def quote_text(text: str) -> str:
    """Text in quotation marks, as YAML takes it.

    Parameters
    ----------
    text : str
        One line.

    Returns
    -------
    str
        In double marks; in single ones where it has double ones.

    Examples
    --------
    >>> print(quote_text("Kiev: two papers"), quote_text('"No": the answer'))
    "Kiev: two papers" '"No": the answer'
    """
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def find_bad_scalar(value: str) -> str:
    """What is wrong with a value that stands without straight quotation marks, though YAML takes it.

    Parameters
    ----------
    value : str
        A key or value.

    Returns
    -------
    str
        A problem with its remedy; empty where there is none.

    Examples
    --------
    >>> find_bad_scalar("“We will win,” she said."), find_bad_scalar("“We will win.”"), find_bad_scalar("*.csv")
    ('', '', '')
    >>> find_bad_scalar("“*.csv”")
    'curly quotation marks do not enclose a value: write "*.csv", or "“*.csv”" if they belong to it'
    """
    if value[:1] and value[0] not in " \t\r\n" and not value[0].strip("\u200b\u200e\u200f\u2060\ufeff \t").strip():
        name = unicodedata.name(value[0], f"U+{ord(value[0]):04X}").lower()
        return (
            f"there is a {name} before {value.strip()[:20]!r}: put ordinary spaces in its place, as before other lines"
        )
    inner = value[1:-1]
    enclosed = len(value) > 2 and value[0] in _CURLY and value[-1] in _CURLY and not any(s in inner for s in "“”„‟")
    if enclosed and inner[-1] not in _SENTENCE_ENDS and len(inner.split()) <= _MOST_WORDS:
        return (
            f"curly quotation marks do not enclose a value: write {quote_text(inner)}, or {quote_text(value)} if they "
            "belong to it"
        )
    return ""


def explain_syntax(text: str, line: int, problem: str) -> tuple[int, str]:
    """Explain an error of the parser.

    Parameters
    ----------
    text : str
        Content of the file.
    line : int
        Line of the error, from 1.
    problem : str
        What the parser says.

    Returns
    -------
    line : int
        Line to mend.
    explanation : str
        What is wrong and how to write it; the parser's words where nothing is known.
    """
    lines = text.splitlines()
    there = lines[line - 1] if 0 < line <= len(lines) else ""
    before = next((number for number in range(line - 1, 0, -1) if lines[number - 1].strip()), 0)
    if "'\\t'" in problem or there[: len(there) - len(there.lstrip())].count("\t"):
        return line, "the line is indented with a tab; YAML takes spaces: put two in the place of each tab"
    for number in (before, line):
        candidate = lines[number - 1] if 0 < number <= len(lines) else ""
        if match := _WIDE_COLON.match(candidate):
            return number, f"after {match[1]} stands a wide colon; write an ordinary one and a space: {match[1]}: …"
        if (match := _NO_SPACE.match(candidate)) and ": " not in candidate:
            return number, f"a space is missing after the colon: {match[1]}: {match[2].strip()}"
    return line, _explain_words(there, lines[before - 1] if before else "", problem, before)


def _explain_words(there: str, previous: str, problem: str, before: int) -> str:
    """Explanation of an error by the parser's words and the line where it stands."""
    match = _ENTRY.match(there)
    dash, key, value = (match[1], match[2] or "", match[3]) if match else ("", "", there.strip())
    start = f"{dash}{key}: " if key else dash
    shown = quote_text(_shorten(value))
    if "mapping values are not allowed" in problem:
        if re.search(r":(\s|$)", value):
            shown = quote_text(_shorten(value.strip(_CURLY)))
            return f"a colon and a space within a text: put the text into quotation marks, {start}{shown}"
        if key and previous and not previous.rstrip().endswith(":"):
            return (
                f"the line continues the text of line {before}, but has a colon: put that text into quotation marks as "
                "a whole, or let keys of one level begin in the same column"
            )
    if "cannot start any token" in problem or "expected alphabetic or numeric" in problem:
        return f"a text that begins with {value[:1]} is put into quotation marks: {start}{shown}"
    if "expected the node content" in problem or "mapping keys are not allowed" in problem:
        return f"a text that begins with a sign of YAML is put into quotation marks: {start}{shown}"
    if "chomping or indentation" in problem:
        return f"a text that begins with {value[:1]} is put into quotation marks: {start}{shown}"
    if "<block end>" in problem and value[:1] in ("'", '"', "[", "{"):
        if value[0] == "'" and value.count("'") > 2:
            return "within single quotation marks an apostrophe is written twice ('It''s done'); or use double ones"
        what = "quotation mark" if value[0] in "'\"" else "bracket"
        return f"a text goes on after its closing {what}: put the whole into quotation marks: {start}{shown}"
    if "expected ',' or" in problem:
        return f"a list or mapping in brackets is not closed before this line ({problem})"
    if "sequence entries are not allowed" in problem:
        return "the items of a list stand on lines of their own below their key, each after - and a space"
    if "unknown escape character" in problem:
        return r"within double quotation marks \ begins an escape; use single ones"
    if "end of stream" in problem:
        return "a quotation mark or bracket that was opened above is not closed"
    if "<block end>" in problem or "<document start>" in problem:
        return "the indentation does not fit: keys of one level, and items of one list, begin in the same column"
    return problem


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
