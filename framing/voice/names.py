"""Names of persons: their words, the given name, and whether it is a woman's or a man's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from framing.files.strict_yaml import parse_yaml
from framing.voice.words import EXPERTS, OFFICIALS, PEOPLE, TITLES, word_set

__all__ = ["SUFFIXES", "find_gender", "find_names", "is_given_name", "split_name", "strip_office"]

_FILE = files("framing") / "data" / "first_names.yaml"
_ROLES = OFFICIALS | EXPERTS | PEOPLE | word_set("offices") | word_set("role_words")
_ENDS_OF_BODIES = word_set("ends_of_bodies")
SUFFIXES = frozenset(("Jr", "Sr", "II", "III", "IV"))
_RULERS = frozenset(("King", "Queen", "Prince", "Princess", "Pope"))  # their titles are part of the name
_WORDS_OF_BODIES = frozenset(("General", "Justice", "Major", "Vice", "Cardinal"))  # General Motors Europe
_WORDS_AS_WELL = frozenset(("Will", "Mark", "Grant", "Chase", "Bill", "Sue", "Drew", "Rose", "Faith", "Grace", "Dean",
                            "Guy", "Dawn", "Joy", "Rob", "Pat", "Jack", "April", "June", "May"))  # fmt: skip
_NAME = re.compile(
    r"\b(?=(?P<name>(?P<given>[A-ZÀ-Ž][a-zà-ž]+)(?: [A-Z]\.)?(?: (?:de|van|von|der|la|del|al|bin))*"
    r"(?: (?![JS]r\b)[A-ZÀ-Ž][\w’'-]*[a-zà-ž](?<![’']s)){1,2}(?: [JS]r\.?)?(?![\w])))"
)
_FORMS_OF_ADDRESS = {"Mr": "he", "Mrs": "she", "Ms": "she", "Miss": "she", "Sir": "he", "Lord": "he", "Dame": "she",
                     "Congressman": "he", "Congresswoman": "she", "Councilman": "he", "Councilwoman": "she",
                     "Assemblyman": "he", "Assemblywoman": "she", "Sister": "she", "Father": "he"}  # fmt: skip


@lru_cache(maxsize=1)
def _read() -> dict[str, str]:
    """The pronoun of each given name; nothing for one that women and men have."""
    lists = parse_yaml(_FILE.read_text(encoding="utf-8"), source=str(_FILE))
    pronouns = (("women", "she"), ("men", "he"), ("both", ""))
    return {name: pronoun for kind, pronoun in pronouns for name in lists[kind].split()}


def split_name(name: str) -> list[str]:
    """Words of a name without possessives and marks.

    Parameters
    ----------
    name : str
        The name.

    Returns
    -------
    list of str
        Its words.

    Examples
    --------
    >>> split_name("St. Lund’s")
    ['St', 'Lund']
    """
    return [word.strip(".,’'“”\"") for word in name.replace("’s", "").replace("'s", "").split() if word.strip(".,’'")]


def is_given_name(word: str) -> bool:
    """Whether a word is a usual given name.

    Parameters
    ----------
    word : str
        The word, as it is written in a name.

    Returns
    -------
    bool
        True for "Ada".

    Examples
    --------
    >>> is_given_name("Ada"), is_given_name("Lund")
    (True, False)
    """
    return word in _read()


def find_names(text: str) -> Iterator[tuple[int, str]]:
    """Find names of persons that begin with a usual given name.

    Parameters
    ----------
    text : str
        Any text.

    Yields
    ------
    int
        Where the name starts.
    str
        The name; of given names that are words as well, as Will, none.

    Examples
    --------
    >>> list(find_names("In Oslo Ada B. Lund met Tom de Witt's dog. Will Oslo pay?"))
    [(8, 'Ada B. Lund'), (24, 'Tom de Witt')]
    """
    end = 0
    for match in _NAME.finditer(text):
        given = match.group("given")
        if match.start() >= end and given in _read() and given not in _WORDS_AS_WELL:
            yield match.start(), match.group("name")
            end = match.end("name")


def find_gender(name: str) -> str:
    """The pronoun of a person, by the form of address or the given name.

    Parameters
    ----------
    name : str
        The name.

    Returns
    -------
    str
        `she`, `he`, or nothing where the name does not tell.

    Examples
    --------
    >>> find_gender("Mrs. Lund"), find_gender("Dr. Tom Berg"), find_gender("Lund")
    ('she', 'he', '')
    """
    words = split_name(name)
    for word in words:
        if word in _FORMS_OF_ADDRESS:
            return _FORMS_OF_ADDRESS[word]
    words = [word for word in words if word not in TITLES]
    return _read().get(words[0], "") if len(words) > 1 or (words and words[0] in _read()) else ""


def strip_office(name: str) -> str:
    """A personal name without the office or title before it; a title stays where only a surname follows.

    Parameters
    ----------
    name : str
        The name: "Harbour Commissioner Ada Lund".

    Returns
    -------
    str
        "Ada Lund"; the same name where no office and no two words behind it are found.

    Examples
    --------
    >>> strip_office("Harbour Commissioner Ada Lund"), strip_office("Professor Ada Lund")
    ('Ada Lund', 'Ada Lund')
    >>> strip_office("Professor Lund"), strip_office("Queen Ada Maria")
    ('Professor Lund', 'Queen Ada Maria')
    >>> strip_office("Ada Lund Foundation"), strip_office("co-founder Tom Berg")
    ('Ada Lund Foundation', 'Tom Berg')
    """
    words = _strip_titles(name.split())
    if len(words) < 3 or not (words[-1][:1].isupper() and words[-2][:1].isupper()):
        return " ".join(words)
    start = 0
    for place in range(1, len(words) - 1):
        before = words[place - 1].strip(".,").lower()
        is_role = any(part in _ROLES for part in (before, *before.split("-")))
        is_office = is_role and words[place - 1].rstrip(".") not in TITLES and not is_given_name(words[place - 1])
        if is_office and words[place][:1].isupper():
            start = place
    if not start and not is_given_name(words[0].strip(".,")):
        given = next((place for place in range(1, len(words) - 1) if is_given_name(words[place])), 0)
        is_initial = bool(given) and len(words[given - 1]) == 2 and words[given - 1].endswith(".")  # J. Edgar Lund
        start = 0 if is_initial or words[0].rstrip(".") in TITLES else given
    rest = words[start:]
    is_body = bool({word.lower().strip(",") for word in rest} & _ROLES) or rest[-1] in _ENDS_OF_BODIES
    return " ".join(words if is_body else rest)


def _strip_titles(words: list[str]) -> list[str]:
    """Words of a name without the titles before it; all where less than a given name and a surname would be left.

    >>> _strip_titles(["Rear", "Adm.", "Tom", "Berg", "Jr."]), _strip_titles(["General", "Motors", "Europe"])
    (['Tom', 'Berg', 'Jr.'], ['General', 'Motors', 'Europe'])
    """
    plain = [word.strip(".,") for word in words]
    start = next((place for place, word in enumerate(plain) if word not in TITLES), len(words))
    titles, name = set(plain[:start]), [word for word in plain[start:] if word not in SUFFIXES]
    if not titles or len(name) < 2 or not (name[0][:1].isupper() and name[-1][:1].isupper()):
        return words
    is_body = name[-1] in _ENDS_OF_BODIES or (titles <= _WORDS_OF_BODIES and not is_given_name(name[0]))
    return words if is_body or titles & _RULERS else words[start:]
