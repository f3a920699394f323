"""What a language knows of speech: its file of `framing/data/voices/`, with patterns made of the lists in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from framing.corpus.voice_languages import VOICE_FILES
from framing.files.strict_yaml import parse_yaml, validate
from framing.voice.languages.language_file import LanguageFile
from framing.voice.languages.word_lists import any_of, count_shared, expand, split_pair, to_set

__all__ = ["LanguageRules", "read_rules"]


@dataclass(frozen=True, eq=False)
class LanguageRules:
    """Rules of one language.

    Parameters
    ----------
    file : LanguageFile
        The file of the language.

    Attributes
    ----------
    code : str
        ISO 639-1 code.
    roles : dict of str to tuple of str
        Beginnings of the words for those who speak, by kind: `officials`, `experts`, `residents`, `media`, `others`.

    Examples
    --------
    >>> rules = read_rules("de")
    >>> rules.verb.findall("Sie sagte nein"), rules.find_role("Sprecherin"), rules.is_given("Anna")
    (['sagte'], 'officials', 'she')
    """

    file: LanguageFile
    code: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", self.file.language)

    @cached_property
    def roles(self) -> dict[str, tuple[str, ...]]:
        """Beginnings of words for roles, by kind."""
        kinds = ("experts", "officials", "residents", "media", "others")
        return {kind: tuple(getattr(self.file, kind).split()) for kind in kinds}

    @cached_property
    def verb(self) -> re.Pattern[str]:
        """A verb that introduces a quotation, by its form."""
        file = self.file
        if not file.spaced:
            return re.compile(any_of(to_set(file.verbs)))
        pronouns = any_of(to_set(f"{file.he} {file.she} {file.it}"))
        perfect = ""
        if file.participles:
            perfect = (
                rf"(?:{any_of(to_set(file.auxiliaries))})(?:\s+(?:{pronouns}))?(?:\s+[^\W\d_]+){{0,1}}?"
                rf"\s+(?:{any_of(to_set(file.participles))})e?s?|"
            )
        if file.infinitives:
            perfect += rf"d(?:e\s+|[’'])(?:{any_of(to_set(file.infinitives))})|"
        return re.compile(rf"(?<![\w’'-])(?:{perfect}{any_of(expand(file.verbs))})(?![\w’'])", re.IGNORECASE)

    @cached_property
    def reporting(self) -> re.Pattern[str]:
        """A verb that reports without quotation marks, too."""
        file = self.file
        if not file.spaced:
            return re.compile(any_of(to_set(file.reporting)))
        perfect = ""
        if file.participles:
            perfect = rf"(?:{any_of(to_set(file.auxiliaries))})\s+(?:{any_of(to_set(file.participles))})|"
        return re.compile(rf"(?<![\w’'-])(?:{perfect}{any_of(expand(file.reporting))})(?![\w’'])", re.IGNORECASE)

    @cached_property
    def source(self) -> re.Pattern[str]:
        """Words before whom a quotation is from."""
        return re.compile(rf"(?<!\w)(?:{any_of(self.file.sources)})(?!\w)", re.IGNORECASE)

    @cached_property
    def reporting_source(self) -> re.Pattern[str]:
        """Words before whom a sentence without quotation marks is from."""
        return re.compile(rf"(?<!\w)(?:{any_of(self.file.reporting_sources)})(?!\w)", re.IGNORECASE)

    @cached_property
    def source_behind(self) -> re.Pattern[str]:
        """Words behind whom a quotation is from."""
        return re.compile(rf"(?<!\w)(?:{any_of(self.file.sources_behind)})(?!\w)", re.IGNORECASE)

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """The lists of single words, by the key of the file."""
        keys = (
            "he", "she", "it", "indefinite", "definite", "titles", "prepositions", "joining", "adverbs",
            "stops", "women_words", "men_words", "parts_of_names", "endings", "not_names", "connectors",
            "subjunctive", "particles_of_speech", "surnames", "verb_endings", "demonstratives", "oblique_articles",
            "feminine_articles", "masculine_articles", "genitive", "linking", "names_as_words", "not_within",
            "article_forms", "possessive", "as_words", "nouns", "whole_words", "bodies", "determiners", "not_nouns",
            "pronouns_of_somebody", "conjunctions", "ranks", "datives",
        )  # fmt: skip
        return {key: to_set(getattr(self.file, key)) for key in keys}

    def words_of(self, key: str) -> tuple[str, ...]:
        """Words of a list, as a tuple for `str.endswith`.

        Parameters
        ----------
        key : str
            Name of the list in the file of the language.

        Returns
        -------
        tuple of str
            The words; empty where the language has no such list.
        """
        return tuple(getattr(self.file, key).split())

    @cached_property
    def surname_cases(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Endings of surnames with that of the first case, by `he` and `she`, the longest first."""
        tables = {"he": self.file.men_cases, "she": self.file.women_cases}
        return {gender: tuple(split_pair(pair) for pair in table.split()) for gender, table in tables.items()}

    @cached_property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """Groups of roles that one person may have."""
        return tuple(tuple(group.split()) for group in self.file.alike)

    @cached_property
    def sides(self) -> dict[str, tuple[str, ...]]:
        """Beginnings of words that name each state or organisation."""
        return {side: tuple(words.split()) for side, words in self.file.sides.items()}

    @cached_property
    def _given(self) -> dict[str, str]:
        return dict.fromkeys(self.file.women.split(), "she") | dict.fromkeys(self.file.men.split(), "he")

    def find_role(self, word: str) -> str:
        """Kind of the role that a word names.

        Parameters
        ----------
        word : str
            A word of the language.

        Returns
        -------
        str
            `officials`, `experts`, `residents`, `media`, `others`, or nothing.
        """
        return _find_role(self, word.lower().rstrip("."))

    def is_role_of(self, stem: str, word: str) -> bool:
        """Whether a word is a role by the beginning of it.

        Parameters
        ----------
        stem : str
            One of the beginnings in `roles`.
        word : str
            A word, in lower case.

        Returns
        -------
        bool
            True for a word that begins so, or that is one of `whole_words` with an ending of number or gender.

        Examples
        --------
        >>> rules = read_rules("fr")
        >>> rules.is_role_of("ami", "amies"), rules.is_role_of("ami", "amiral")
        (True, False)
        """
        if not word.startswith(stem):
            return False
        if stem in self.words["whole_words"]:
            return word[len(stem) :] in _PLURALS
        return len(word) <= len(stem) + 1 or not word.endswith(self.words_of("not_roles") or ("\0",))

    def is_given(self, word: str) -> str:
        """The pronoun of a given name in its first case.

        Parameters
        ----------
        word : str
            The word, as it is written in a name.

        Returns
        -------
        str
            `she`, `he`, or nothing where it is no usual given name.
        """
        return self._given.get(word.replace("'", "’"), "")

    def find_given(self, word: str) -> str:
        """The first case of a given name.

        Parameters
        ----------
        word : str
            The name in any case: Ивана.

        Returns
        -------
        str
            The name: Иван; nothing where it is no usual given name.
        """
        word = word.replace("'", "’")
        if word in self._given:
            return word
        if not self.words["endings"] or len(word) < 3:
            return ""
        return _find_inflected(self, word)

    def same_word(self, one: str, other: str) -> bool:
        """Whether two words of names are one in different cases.

        Parameters
        ----------
        one, other : str
            Words, as they are written in names.

        Returns
        -------
        bool
            True for Мороз and Морозом.

        Examples
        --------
        >>> read_rules("ru").same_word("Мороз", "Морозом"), read_rules("ru").same_word("Иван", "Иванов")
        (True, False)
        """
        a, b = one.lower().replace("'", "’"), other.lower().replace("'", "’")
        if a == b:
            return True
        endings = self.words["endings"]
        if not endings:
            return False
        shared = count_shared(a, b)
        while shared >= max(3, min(len(a), len(b)) - 3):
            if (a[shared:] in endings or a == b[:shared]) and (b[shared:] in endings or b == a[:shared]):
                return True
            shared -= 1
        return False


_PLURALS = ("", "e", "s", "es")


@lru_cache(maxsize=50_000)
def _find_role(rules: LanguageRules, word: str) -> str:
    if rules.file.compounds:
        return _find_head(rules, word)
    parts = (word, *word.split("-")[1:])
    for kind, stems in rules.roles.items():
        if any(rules.is_role_of(stem, part) for part in parts for stem in stems):
            return kind
    return ""


_INFLECTION = re.compile(r"(?:e[nmrs]?|n|e?s|(?:e?r)?in(?:nen)?)?")  # of German nouns, and of adjectives used so
_LONGEST_INFLECTION = 6  # characters


def _find_head(rules: LanguageRules, word: str) -> str:
    """Kind of the last part of a German noun, which says what it names: no Bauernverband is a farmer.

    An earlier part tells of an institution to which somebody may belong (Regierungsmitglied), but of no resident.
    """
    best: tuple[int, str] = (0, "")
    first = ""
    for kind, stems in rules.roles.items():
        for stem in stems:
            place = word.rfind(stem)
            if place and stem in rules.words["whole_words"]:
                continue  # Bahlmann
            tail = len(word) - place - len(stem)
            is_part = place == 0 or (place > 0 and (len(stem) > 3 or word[place - 1] == "-"))
            is_other = word.endswith(rules.words_of("not_roles") or ("\0",)) or stem in rules.words["whole_words"]
            if is_part and not first and kind != "residents" and not is_other:
                first = kind
            if is_part and tail <= _LONGEST_INFLECTION and _INFLECTION.fullmatch(word, place + len(stem)):
                best = max(best, (len(stem), kind), key=lambda found: found[0])
    return best[1] or first


_OBLIQUE = frozenset("а у ом ем ём е ы и ой ою ей ею ю я ью ия ию ием ии ією ия ові еві єві єм і ї".split())  # noqa: SIM905


@lru_cache(maxsize=50_000)
def _find_inflected(rules: LanguageRules, word: str) -> str:
    """The given name of which a word is another case; Артемий is no case of Артём."""
    start = word[:2]
    for name in rules._given:
        if name.startswith(start) and rules.same_word(name, word) and word[count_shared(name, word) :] in _OBLIQUE:
            return name
    return ""


@lru_cache(maxsize=32)
def read_rules(code: str) -> LanguageRules:
    """Read the rules of a language.

    Parameters
    ----------
    code : str
        ISO 639-1 code, one of `known_languages()` other than `en`.

    Returns
    -------
    LanguageRules
        The rules.

    Raises
    ------
    InputError
        Where a key of the file is unknown or missing.

    Examples
    --------
    >>> read_rules("fr").file.name
    'French'
    """
    path = VOICE_FILES / f"{code}.yaml"
    return LanguageRules(
        validate(LanguageFile, parse_yaml(path.read_text(encoding="utf-8"), source=str(path)), source=str(path))
    )
