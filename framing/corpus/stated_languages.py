"""Languages that the files of a corpus state: read from codes and names, and compared with what is detected."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

import pandas as pd

from framing.corpus.language import DETECTED, detect_languages
from framing.texts import list_languages

__all__ = ["StatedLanguages", "find_document_languages", "read_language"]

_SAME = {"nb": "no", "nn": "no", "tl": "fil"}
_ALIKE = [{"bs", "hr", "sr", "cnr"}, {"id", "ms"}]  # which of them is stated, no detector knows better
_READERS = (*list_languages(), "es")  # whose names of languages are read
_WORD_LANGUAGE = re.compile(r"\s+(?:language|язык|мова)$|(?<=[a-z])e sprache$|^langue\s+")
_N_SHOWN = 5


def read_language(value: str) -> str:
    """Read what a file states as the language of a text.

    Parameters
    ----------
    value : str
        A code of two or three letters, also with a country or script (`pt-BR`, `zh_Hans`), or the name of a language
        in itself, in Spanish, or in a language of the page.

    Returns
    -------
    str
        ISO 639 code in small letters, of two letters where there is one; empty where the value is none.

    Examples
    --------
    >>> [read_language(value) for value in ("pt-BR", "eng", "German", "арабский", "英文", "n/a")]
    ['pt', 'en', 'de', 'ar', 'en', '']
    """
    text = _WORD_LANGUAGE.sub("", value.strip().casefold())
    codes, names = _list_codes()
    if text in names:
        return names[text]
    match = re.fullmatch(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", text)
    code = codes.get(match[1], "") if match else ""
    return _SAME.get(code, code)


@cache
def _list_codes() -> tuple[dict[str, str], dict[str, str]]:
    """Codes by the codes that stand for them, and by names of languages."""
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global

    english = {code: name for code, name in Locale("en").languages.items() if re.fullmatch("[a-z]{2,3}", code)}
    codes = {code: code for code in english if code not in ("und", "mul", "mis", "zxx")}
    codes |= {alias: code[:2] if code[2:3] == "_" else code for alias, code in get_global("language_aliases").items()}
    names = {name.casefold(): _SAME.get(code, code) for code, name in english.items() if code in codes}
    for code in sorted(DETECTED):
        try:
            names.setdefault(str(Locale(code).get_language_name(code)).casefold(), code)
        except UnknownLocaleError:
            continue
    for reader in _READERS:
        for code, name in Locale(reader).languages.items():
            if code in codes:
                names.setdefault(str(name).casefold(), _SAME.get(code, code))
                names.setdefault(re.sub("[语語]$", "文", str(name).casefold()), _SAME.get(code, code))  # 英语, 英文
    return codes, names


class StatedLanguages:
    """Languages of documents: the stated one where it can be read, else the detected one; what differs is counted."""

    def __init__(self) -> None:
        self._n_stated = self._n_texts = 0
        self._unread: Counter[str] = Counter()
        self._differ: Counter[tuple[str, str]] = Counter()

    def resolve(self, texts: Iterable[str], stated: Iterable[str]) -> list[str]:
        """Find the language of each text.

        Parameters
        ----------
        texts : iterable of str
            The texts.
        stated : iterable of str
            What the file states of each; empty for nothing.

        Returns
        -------
        list of str
            A code each.
        """
        languages = []
        for detected, value in zip(detect_languages(texts), stated, strict=True):
            language = read_language(value) if value.strip() else ""
            self._n_texts += 1
            self._n_stated += bool(language)
            if value.strip() and not language:
                self._unread[value.strip()] += 1
            if language and detected not in ("und", language) and not _are_alike(language, detected):
                self._differ[language, detected] += 1
            languages.append(language or detected)
        return languages

    def describe(self) -> str:
        """Say how many documents have the stated language, and how many of them seem to be in another.

        Returns
        -------
        str
            A sentence; empty where nothing was stated.
        """
        if not (self._n_stated or self._unread):
            return ""
        parts = [f"the language of {self._n_stated:,} of {self._n_texts:,} documents is the one that the file states"]
        if self._differ:
            shown = ", ".join(f"{stated} by the file, {found} by its words {n:,}" for (stated, found), n in
                              self._differ.most_common(_N_SHOWN))  # fmt: skip
            parts.append(f"{self._differ.total():,} of them seem to be in another ({shown})")
        if self._unread:
            shown = ", ".join(f"{value[:20]!r} {n:,}" for value, n in self._unread.most_common(_N_SHOWN))
            parts.append(f"{self._unread.total():,} values name no language ({shown}), so that it is detected")
        return "; ".join(parts)


def find_document_languages(documents: pd.DataFrame) -> list[str]:
    """Find the language of each document of a corpus that was read in parts.

    Parameters
    ----------
    documents : DataFrame
        Column `language` where the corpus maps one, else `text` alone.

    Returns
    -------
    list of str
        Codes.
    """
    if "language" in documents.columns:
        return [str(name) for name in documents["language"]]
    return detect_languages(documents["text"])


def _are_alike(first: str, second: str) -> bool:
    return any({first, second} <= group for group in _ALIKE)
