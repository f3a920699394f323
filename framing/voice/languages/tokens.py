"""Words and signs of a stretch of text."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["BREAKS", "Token", "is_abbreviation", "read_tokens"]

BREAKS = frozenset(',;:—–()«»“”„"!?…')
_TOKEN = re.compile(r"[^\W\d_][\w’'-]*\.?|\d+|[^\w\s]")
_NO_ABBREVIATION = re.compile(r"(?:^|\s)(?:er|es|ab|an|zu|um|da|so|wo|ja|du|il|on|là|ça|va|vu|lu|né|eu|dû|pu)\.$")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:[^\W\d_]|[^\W\d_]{2}|Mme|Prof|проф|Dipl|St|bzw)\.$")
_HYPHEN = re.compile(r"-(?:t-)?(?=(?:il|elle|ils|elles|on)\b)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign: `text` from `start` to `end`, in lower case `low`."""

    start: int
    end: int
    text: str

    @property
    def low(self) -> str:
        """The word in lower case, without a full stop."""
        return self.text.lower().rstrip(".")


def is_abbreviation(text: str) -> bool:
    """Whether the full stop at the end of a text is that of an abbreviation.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    bool
        True for an abbreviation.

    Examples
    --------
    >>> is_abbreviation("sagte Prof."), is_abbreviation("сказал мэр."), is_abbreviation("sagte er.")
    (True, False, False)
    """
    return _ABBREVIATION.search(text) is not None and _NO_ABBREVIATION.search(text) is None


def read_tokens(text: str, start: int, end: int) -> list[Token]:
    """Words and signs of a stretch; an article before an apostrophe, and a pronoun behind a hyphen, stand alone.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.

    Returns
    -------
    list of Token
        In order.

    Examples
    --------
    >>> [token.text for token in read_tokens("dit-il à l’ami", 0, 14)]
    ['dit', 'il', 'à', 'l', 'ami']
    """
    part = _HYPHEN.sub(lambda match: " " * len(match.group()), text[start:end])
    tokens = []
    for match in _TOKEN.finditer(part):
        word, low = match.group(), start + match.start()
        # an elided article is a word of its own: l’ambassadeur
        cut = max(word.find("’"), word.find("'"))
        if 0 < cut <= 2 and word[:cut].lower() in ("l", "d", "qu", "s", "n", "c", "j"):
            tokens.append(Token(low, low + cut, word[:cut]))
            tokens.append(Token(low + cut + 1, low + len(word), word[cut + 1 :]))
        else:
            tokens.append(Token(low, low + len(word), word))
    return [token for token in tokens if token.text]
