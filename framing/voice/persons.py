"""Which mentions are persons: by role, title, name or the ending of the noun."""

from __future__ import annotations

from framing.voice.bodies import is_body_name
from framing.voice.full_names import FullNames
from framing.voice.mentions import MentionKey
from framing.voice.names import is_given_name, split_name
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.sides import Sides
from framing.voice.words import EXPERTS, MEDIA, OFFICIALS, PEOPLE, RESIDENTS, TITLES, word_set

__all__ = ["PersonReader"]

_BODIES = word_set("bodies")
_KINDS_OF_BODIES = word_set("kinds_of_bodies")
_WRITERS = word_set("writers")
_KIN = word_set("kin")
_PRONOUNS = word_set("pronouns")
_AGENTS = ("er", "or", "ist", "ian", "ive", "man", "eer")
_PLURAL_AGENTS = ("ers", "ors", "ists", "ians", "men", "eers", "ives")
_SURE_AGENTS = ("ists", "ians", "eers", "men", "women")
_COUNTS = ("handful", "dozen", "couple", "trio", "pair")
_SPEAKING_BODIES = word_set("speaking_bodies")
_THINGS = word_set("things")
_COLLECTIVES = word_set("collectives")
_DAYS = word_set("days")
_ROLES = OFFICIALS | EXPERTS | RESIDENTS
_HUMAN = (_ROLES | PEOPLE | _KIN) - _KINDS_OF_BODIES - _BODIES
_PERSONS = (OFFICIALS - _BODIES) | EXPERTS | RESIDENTS
_NEAR = 120  # characters within which a pronoun may mean one capitalised word, whatever it names


class PersonReader:
    """Says of a mention whether it is a person.

    Parameters
    ----------
    sides : Sides
        Names of states and organisations.
    names : FullNames
        The full names of the document.
    """

    def __init__(self, sides: Sides, names: FullNames) -> None:
        self._sides = sides
        self._names = names

    def is_side(self, name: str) -> bool:
        """Whether a name is that of a side and no person's, of whom `sides` may tell for whom she speaks.

        Parameters
        ----------
        name : str
            The name.

        Returns
        -------
        bool
            True for "the Kremlin".
        """
        return self._sides.is_side(name) and not _has_given_name(name)

    def holds_side(self, name: str) -> bool:
        """Whether a name that is no person's names a side.

        Parameters
        ----------
        name : str
            The name.

        Returns
        -------
        bool
            True for "the Kremlin gate".
        """
        return bool(self._sides.find_names(name)) and not _has_given_name(name)

    def is_people(self, name: str) -> bool:
        """Whether a plural names those who belong to a side, as "the Norwegians" do.

        Parameters
        ----------
        name : str
            One word.

        Returns
        -------
        bool
            True for "Norwegians" and "Europeans", whose adjective is a name of a side.
        """
        return name[:1].isupper() and name.endswith("s") and self._sides.is_side(name.removesuffix("s"))

    def is_body(self, mention: Mention) -> bool:
        """Whether a mention is an organisation, as "the UN mission".

        Parameters
        ----------
        mention : Mention
            As read in one block.

        Returns
        -------
        bool
            True for "the ministry" as well.
        """
        if mention.head in _SPEAKING_BODIES and not mention.person and not mention.plural:
            return True
        if self.is_side(mention.name) or (mention.head or mention.name.lower()) in _BODIES:
            return True
        return self.holds_side(mention.name) and not set(mention.name.lower().split()) & _PERSONS

    def is_full_name(self, mention: Mention, name: str) -> bool:
        """Whether a mention gives a person's full name, or a title with the surname.

        Parameters
        ----------
        mention : Mention
            As read in one block.
        name : str
            Its name without an office.

        Returns
        -------
        bool
            True for "Ada Lund" and "Mr. Lund".
        """
        words, titled = split_name(name), split_name(mention.name)[:1]
        if len(words) < 2 or not words[-1][:1].isupper() or "and" in words or words[0].lower() in _DAYS:
            return False
        if is_body_name(name) or self.is_side(name) or (mention.head or words[-1].lower()) in _BODIES:
            return False
        if titled and titled[0] in TITLES:
            return True
        capitals = [word for word in words if word[:1].isupper()]
        is_named = mention.head in _ROLES and len(capitals) == len(words) and mention.head not in name.lower().split()
        return len(capitals) >= 2 and (mention.person or is_named) and not self.holds_side(name)

    def is_person(self, mention: Mention, *, speaks: bool) -> bool:
        """Whether a mention is a person or several: "a trucker".

        Parameters
        ----------
        mention : Mention
            As read in one block, its name without an office.
        speaks : bool
            Whether a cue has it as its speaker.

        Returns
        -------
        bool
            True for whoever may be meant by "he", "she" or "they".
        """
        words = split_name(mention.name)
        people = words[1:] if words and words[0].lower() in ("the", "many", "most") else words
        if mention.plural and mention.subject and len(people) == 1 and self.is_people(people[0]):
            return True
        if not words or self.is_side(mention.name) or mention.name.lower() in _PRONOUNS:
            return False
        head = mention.head or words[-1].lower()
        if (
            head in _BODIES
            or (head not in _ROLES - {words[-1].lower()} and is_body_name(mention.name))
            or (len(words) > 1 and words[-1] in TITLES)
        ):
            return False
        if head in _ROLES | _WRITERS | _KIN or (speaks and head not in _THINGS):
            return True
        if (len(words) > 1 and words[0] in TITLES) or self._names.find(mention.name):
            return True
        if mention.person and not self.holds_side(mention.name):
            return words[0].lower() not in _DAYS
        if mention.plural and (head in _COUNTS or head.endswith(_SURE_AGENTS)):
            return True
        if mention.plural and mention.subject and head in PEOPLE and head not in _COLLECTIVES:
            return True
        if mention.plural and mention.subject and head.endswith(_PLURAL_AGENTS) and head[:-1] not in _THINGS:
            return True
        article = words[0].lower() in ("a", "an", "one", "another")
        return article and mention.subject and head.endswith(_AGENTS) and head not in _THINGS

    def may_be_pronoun(self, key: MentionKey, distance: int) -> bool:
        """Whether "he" or "she" may mean a mention: "the museum said" makes it no "he".

        Parameters
        ----------
        key : MentionKey
            A mention that counts as a person.
        distance : int
            Characters from the mention to the pronoun.

        Returns
        -------
        bool
            True for persons, for "a surveyor", and for a capitalised name that is no known organisation's: one of a
            single word only where it stands near.
        """
        if key.person or key.head in _HUMAN:
            return True
        if key.head in MEDIA | _KINDS_OF_BODIES | _BODIES | _THINGS | EXPERTS:
            return False
        words = split_name(key.name)
        if words and all(word[:1].isupper() and not word.isupper() for word in words):
            return len(words) > 1 or distance <= _NEAR
        return key.head.endswith(_AGENTS)


def _has_given_name(name: str) -> bool:
    """Whether a name begins with a given name and goes on.

    >>> _has_given_name("Ada Lund"), _has_given_name("Ada")
    (True, False)
    """
    words = split_name(name)
    return len(words) > 1 and is_given_name(words[0])
