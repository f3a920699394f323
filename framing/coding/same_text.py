"""Whether a text that came back from a spreadsheet is the one that was sent, and where it is not."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["describe_difference", "fold_text", "is_same_text", "list_letters"]

# what programs exchange for one another while people type, and what they hide
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″❝❞〝〞＂", '"'),
        **dict.fromkeys("‘’‚‛‹›′`´ʼ＇", "'"),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufffe\uffff"),
        "™": "(tm)", "©": "(c)", "®": "(r)", "→": "->", "←": "<-", "⇒": "=>", "↔": "<->", "\u2044": "/",
    }
)  # fmt: skip
_RUNS = ((re.compile("''"), '"'), (re.compile("-{2,}"), "-"))
_LOST = "?\ufffd"  # in place of a character that an encoding lacks
_SHOWN = 40  # characters of a difference that are shown


def fold_text(text: str) -> str:
    """Text without what AutoCorrect, encodings and line breaks change: kinds of quotes, dashes, dots and spaces.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The folded text, with single spaces.

    Examples
    --------
    >>> fold_text("“So –\\u00a0it” ends…\\r\\n")
    '"So - it" ends...'
    """
    folded = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    for run, sign in _RUNS:
        folded = run.sub(sign, folded)
    return " ".join(folded.split())


def is_same_text(sent: str, came: str) -> bool:
    """Whether two texts differ only as spreadsheets make them differ.

    Parameters
    ----------
    sent : str
        The text as it was drawn.
    came : str
        The text as it came back.

    Returns
    -------
    bool
        Spaces, letter case, and what `fold_text` unites do not count; nor do question marks in the place of
        characters that an encoding lacked.

    Examples
    --------
    >>> is_same_text("“Peace — now…”", '"peace -- now..."'), is_same_text("Kyjiw – müde", "Kyjiw ? m?de")
    (True, True)
    >>> is_same_text("He laughed.", "He smiled.")
    False
    """
    if list_letters(sent) == list_letters(came):
        return True
    if not any(sign in came for sign in _LOST):
        return False
    whole, lossy = ("".join(unicodedata.normalize("NFC", text).split()) for text in (sent, came))
    return len(whole) == len(lossy) and all(
        a == b or (b in _LOST and not a.isascii()) for a, b in zip(whole, lossy, strict=True)
    )


def describe_difference(sent: str, came: str) -> str:
    """Say where a text that came back differs from the one that was sent.

    Parameters
    ----------
    sent : str
        The text as it was drawn.
    came : str
        The text as it came back.

    Returns
    -------
    str
        The first words of each that differ.

    Examples
    --------
    >>> describe_difference("She said so and laughed.", "She said so and smiled.")
    "from character 17 on 'laughed.' was drawn and 'smiled.' came back"
    """
    a, b = fold_text(sent), fold_text(came)
    pairs = enumerate(zip(a.casefold(), b.casefold(), strict=False))
    start = next((number for number, (one, other) in pairs if one != other), min(len(a), len(b)))
    start = a.rfind(" ", 0, start) + 1
    first, second = (_shorten(text[start:]) for text in (a, b))
    return f"from character {start + 1} on {first} was drawn and {second} came back"


def list_letters(text: str) -> str:
    """What two texts have in common that differ only as spreadsheets make them differ.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The folded text without spaces and letter case.

    Examples
    --------
    >>> list_letters("“Peace – now…”")
    '"peace-now..."'
    """
    return fold_text(text).casefold().replace(" ", "")


def _shorten(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…") if text else "nothing more"
