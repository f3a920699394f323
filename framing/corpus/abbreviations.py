"""Abbreviations that end no sentence, by language: those that sentencex lacks."""

from __future__ import annotations

import re

__all__ = ["ends_with_abbreviation"]

# before a name, however it is written
_BEFORE_NAMES = {
    "de": "hl frl dipl ing mag prof dr st",
    "fr": "m mm mme mmes mlle me mgr pr dr st ste gén col cap",
    "es": "sr sra srta dr dra d dña gral av avda ud uds lic ing prof mons",
    "it": "sig sigg dott dr prof on avv ing arch gen col mons s rag geom cav a",
    "pl": "dr prof gen płk mjr kpt min ks bp abp ul al pl im św zob por red mgr inż hab",
    "pt": "sr sra dr dra d prof gen av exmo eng",
    "nl": "dhr mevr dr drs prof mr ir ing gen",
    "ru": "проф акад ген ул пр просп пл г гг св см тов гр пос обл",
    "uk": "проф акад ген ім вул просп пл м с смт св див тов гр обл",
    "be": "праф акад ген імя вул пр пл г гл",
    "cs": "dr mgr ing prof gen sv ul p pí",
}
# before a number
_BEFORE_NUMBERS = {
    "de": "nr art abs s bd kap ziff abb tel ca rd",
    "fr": "art no nos n p pp vol chap fig al tél env",
    "es": "art arts núm n p pág págs vol cap fig tel aprox",
    "it": "art artt n nn p pp pag pagg vol cap fig tel ca",
    "pl": "nr art ust pkt s str t poz par tel ok godz",
    "pt": "art n p pág vol cap fig tel",
    "nl": "nr art blz hfst tel ca",
    "ru": "ст стр с п пп гл т рис тел ок №",
    "uk": "ст стор с п пп гл т рис тел бл №",
    "be": "арт с п т тэл",
    "cs": "č čl str odst tel cca",
}
_MONTHS_FOLLOW = {  # an ordinal number: the word behind it has a capital, but is no start of a sentence
    "de": "januar februar märz april mai juni juli august september oktober november dezember jahrhundert jahrhunderts "
    "jahrhunderte jahrtausend etage stock klasse liga runde bezirk bundestag weltkrieg weltkriegs",
}
_SETS = [
    {language: frozenset(words.split()) for language, words in lists.items()}
    for lists in (_BEFORE_NAMES, _BEFORE_NUMBERS, _MONTHS_FOLLOW)
]
_LONGEST = 6  # characters of an abbreviation: behind a longer word a small letter is that of a careless writer
_ADDRESS = re.compile(r"\w[.:/]+\w")
_NONE: frozenset[str] = frozenset()


def ends_with_abbreviation(before: str, after: str, *, language: str) -> bool:
    """Check whether the stop at the end of a text belongs to an abbreviation, so that the sentence goes on.

    Parameters
    ----------
    before : str
        The end of a text, with its stop; a few words are enough.
    after : str
        What follows, space left out.
    language : str
        ISO 639-1 code.

    Returns
    -------
    bool
        True where a small letter follows a short word; where a name follows the abbreviation of a title or an initial,
        or a number one such as `art.`; and in German where a month and the like follows an ordinal number. False for
        English, which sentencex knows.

    Examples
    --------
    >>> ends_with_abbreviation("Wczoraj prof.", "Nowak podpisał.", language="pl")
    True
    >>> ends_with_abbreviation("Poszedł spać.", "Nowak podpisał.", language="pl")
    False
    """
    words = before[:-1].split()
    if language == "en" or not words or not after or not before.endswith(".") or words[-1].endswith("."):
        return False
    last = words[-1].lstrip("(«„“\"'[").rsplit("'", 1)[-1].rsplit("’", 1)[-1]
    following = after.split()[0]
    if after.lstrip("(«„“\"'")[:1].islower() or (after[0] == "-" and after[1:2].isalpha()):  # av. J.-C.
        return len(last) <= _LONGEST and _ADDRESS.search(following) is None
    name, number, month = (sets.get(language, _NONE) for sets in _SETS)
    if after[0].isdigit():
        return last.casefold() in number or last.casefold() in name
    if last.isdigit():
        return following.strip(".,;:!?").casefold() in month
    is_initial = len(last) == 1 and last.isupper()
    return after[0].isupper() and (is_initial or last.casefold() in name)
