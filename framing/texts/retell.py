"""Texts that stand in tables and files in English, told in the reader's language where they are shown."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from framing.texts.data_texts import DATA_TEXTS
from framing.texts.language import ENGLISH, current_language
from framing.texts.numbers import localise_number, write_day
from framing.texts.phrases import translate

__all__ = ["retell", "retell_day"]

_PLACE = re.compile(r"\\\{(\w+)\\\}")
_NUMBER = r"[+\-−]?[\d,.]*\d%?"
_COUNT = r"\d(?:[\d,]*\d)?"
_OF = re.compile(rf"(?<![\w.,])({_COUNT}) of ({_COUNT})(?=$|[ ,;)])")
_COUNTS = re.compile(rf"({_COUNT} of {_COUNT}) \(([^)]*)\)(?:; outlets: (.+))?")
_LANGUAGE = re.compile(rf"(?<= ){_COUNT}(?=,|$)")
_MORE = re.compile(rf"(.+) and ({_COUNT}) more", re.DOTALL)
_IS_NUMBER = re.compile(_NUMBER)
_DAY = re.compile(r" \((\d{1,2} [A-Z][a-z]{2} \d{4})\)$")  # at the end of the label of a story
_JOINTS = ("; ", ": ", ", ")  # between parts that have translations of their own


def retell(text: str) -> str:
    """Translate a text that a table or a file holds in English.

    Parameters
    ----------
    text : str
        The text: one of `DATA_TEXTS` with values in its places, or several with `; ` between them.

    Returns
    -------
    str
        Its translation; parts that are not known stay as they are.

    Examples
    --------
    >>> retell("percentile bootstrap over documents")
    'percentile bootstrap over documents'
    """
    return text if current_language() == ENGLISH or not text else _retell(text, current_language())


def retell_day(label: str) -> str:
    """Write the day at the end of a story's label in the form of the language.

    Parameters
    ----------
    label : str
        The label, such as `Summit in Anchorage (15 Aug 2025)`.

    Returns
    -------
    str
        The label; in English, or without a day, as it is.

    Examples
    --------
    >>> from framing.texts import in_language
    >>> with in_language("de"):
    ...     retell_day("Summit (15 Aug 2025)")
    'Summit (15. Aug. 2025)'
    """
    found = _DAY.search(label)
    if current_language() == ENGLISH or not found:
        return label
    try:
        day = datetime.strptime(found.group(1), "%d %b %Y").date()
    except ValueError:
        return label
    return f"{label[: found.start()]} ({write_day(day)})"


@lru_cache(maxsize=4096)
def _retell(text: str, language: str) -> str:
    return _find(text, 0) or text


def _find(text: str, joint: int) -> str:
    """Translation of a text, or of its parts; empty where none is known."""
    known = translate(text)
    if known != text:
        return known
    if known := _find_territory(text):
        return known
    for pattern, template in _list_patterns():
        if found := pattern.fullmatch(text):
            values = {key: _retell_value(value) for key, value in found.groupdict().items()}
            return translate(template).format(**values)
    for place, between in enumerate(_JOINTS[joint:], start=joint):
        if between in text:
            parts = text.split(between)
            told = [_find(part, place + 1) for part in parts]
            if any(told):
                return between.join(new or old for new, old in zip(told, parts, strict=True))
    return ""


def _find_territory(text: str) -> str:
    """Name of a state or region; empty for any other text."""
    from babel import Locale

    code = _list_territories().get(text)
    return "" if code is None else str(Locale.parse(current_language()).territories.get(code, ""))


@lru_cache(maxsize=1)
def _list_territories() -> dict[str, str]:
    """Codes of states and regions by their English names."""
    from babel import Locale

    return {str(name): str(code) for code, name in Locale.parse(ENGLISH).territories.items()}


def _retell_value(value: str) -> str:
    if _IS_NUMBER.fullmatch(value):
        return localise_number(value)
    if more := _MORE.fullmatch(value):
        names, n_more = _retell_value(more[1]), localise_number(more[2])
        return translate("{names} and {n_more} more").format(names=names, n_more=n_more)
    if counts := _COUNTS.fullmatch(value):
        return _retell_counts(*counts.groups())
    return _find(value, 0) or value


def _retell_counts(whole: str, languages: str, outlets: str | None) -> str:
    """Counts of languages and outlets: `19 of 24 (ru 19); outlets: The Post 8 of 8`."""
    told = f"{_retell_shares(whole)} ({_LANGUAGE.sub(lambda found: localise_number(found[0]), languages)})"
    return f"{told}; {translate('outlets')}: {_retell_shares(outlets)}" if outlets else told


def _retell_shares(text: str) -> str:
    return _OF.sub(
        lambda found: translate("{n} of {n_all}").format(n=localise_number(found[1]), n_all=localise_number(found[2])),
        text,
    )


@lru_cache(maxsize=1)
def _list_patterns() -> list[tuple[re.Pattern[str], str]]:
    """Texts with places as patterns, the longest first. A place named n, or n_ and more, holds a number."""
    templates = sorted((text for text in DATA_TEXTS if "{" in text), key=len, reverse=True)
    return [(re.compile(_PLACE.sub(_write_group, re.escape(text)), re.DOTALL), text) for text in templates]


def _write_group(place: re.Match[str]) -> str:
    name = place.group(1)
    return f"(?P<{name}>{_NUMBER if name == 'n' or name.startswith('n_') else '.+?'})"
