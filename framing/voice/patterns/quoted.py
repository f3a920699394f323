"""Whether words in quotation marks are speech at all, or a word, a name or a title."""

from __future__ import annotations

import re

from framing.voice.parsed.speech import Cue
from framing.voice.quotes import Quote
from framing.voice.words import VERBS, word_set

__all__ = ["STATEMENT_WORDS", "is_naming", "is_speech", "is_statement", "is_title"]

STATEMENT_WORDS = 8  # words from which a quotation is speech even without a verb near it
_TITLE_WORDS = word_set("title_words")
_LEADING = "[]()…. "  # an omission or addition within a quotation: “[The treaty] is dead,” “… is dead,”


def is_statement(inner: str, quote: Quote) -> bool:
    """Whether the words within quotation marks are a statement, as in “We left at noon.”, and no mere word or title.

    Parameters
    ----------
    inner : str
        What stands within the marks.
    quote : Quote
        The quotation.

    Returns
    -------
    bool
        True from eight words on, or from three that begin and end as a sentence does, unless they are a title.

    Examples
    --------
    >>> is_statement("We left at noon.", Quote(0, 18, True, 4)), is_statement("a joke", Quote(0, 8, True, 2))
    (True, False)
    """
    if quote.n_words >= STATEMENT_WORDS:
        return not is_title(inner)
    ends = inner.endswith((".", ",", "!", "?", "…"))
    begins = inner.lstrip(_LEADING)[:1].isupper() or inner.startswith(("…", "...", "[…", "[...", "[", "("))
    return quote.n_words >= 3 and ends and begins and not is_title(inner)


def is_title(inner: str) -> bool:
    """Whether the words within quotation marks are the title of a work: all but the small ones are capitalised.

    Parameters
    ----------
    inner : str
        What stands within the marks.

    Returns
    -------
    bool
        False also where fewer than two words are left without the small ones.

    Examples
    --------
    >>> is_title("The Bridge on the Drina"), is_title("We left at noon.")
    (True, False)
    """
    words = [word for word in re.findall(r"[^\W\d_]+", inner) if word.lower() not in _TITLE_WORDS]
    return len(words) >= 2 and all(word[0].isupper() for word in words)


def is_speech(inner: str, quote: Quote) -> bool:
    """Whether words within quotation marks are speech even though nobody is named beside them.

    Parameters
    ----------
    inner : str
        What stands within the marks.
    quote : Quote
        The quotation.

    Returns
    -------
    bool
        True for a statement that has eight words or ends as a sentence does.

    Examples
    --------
    >>> is_speech("We left at noon.", Quote(0, 18, True, 4)), is_speech("a joke", Quote(0, 8, True, 2))
    (True, False)
    """
    return is_statement(inner, quote) and (quote.n_words >= STATEMENT_WORDS or inner[-1:] in ".,!?")


def is_naming(cue: Cue, quote: Quote, inner: str) -> bool:
    """Whether a verb names a thing by words in quotation marks: the soldiers call the road “the corridor”.

    Parameters
    ----------
    cue : Cue
        The verb: "call".
    quote : Quote
        The quotation.
    inner : str
        What stands within its marks: "the corridor".

    Returns
    -------
    bool
        True for a verb of naming with up to three words, and for "say" and "read" with a title of up to four.

    Examples
    --------
    >>> from framing.voice.parsed.noun_phrases import Mention
    >>> soldiers = Mention(0, 12, "The soldiers", "The soldiers", True, True, "soldiers")
    >>> is_naming(Cue(13, 17, -1, -1, soldiers, "call"), Quote(27, 41, True, 2), "the corridor")
    True
    """
    lemma = VERBS.get(cue.word.lower(), "")
    if lemma in ("say", "read"):
        if lemma == "say" and cue.start >= quote.end and inner.endswith(","):  # “Since May,” she said.
            return False
        return quote.n_words <= 4 and is_title(inner)
    return lemma in ("call", "describe", "label", "dub", "brand", "name", "speak", "refer") and quote.n_words <= 3
