"""Code pages: which one bytes look like, by the letters of the languages that are written in it."""

from __future__ import annotations

import codecs

from framing.corpus.language import detect_languages

__all__ = ["CONTEXT", "decodes", "doubt_encoding", "guess_encoding"]

CONTEXT = 2000  # bytes on both sides of a wrong one that are shown to the guess
_MIN_FIT = 0.9  # share of a code page's characters that must be letters of one language or marks
_MAX_DOUBTED, _MIN_BETTER = 0.8, 0.95  # a declared page that fits less is doubted where another fits more

_PUNCTUATION = frozenset("“”„‟‘’‚«»‹›–—…•·€£§©®°№™\u00a0¿¡")
# letters beyond ASCII
_LETTERS = {
    "de": "äöüß", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíóúüñ", "it": "àèéìíîòóùú", "pt": "ãáâàçéêíóôõúü", "sv": "åäöé",
    "da": "æøåéèòôó", "nl": "éëèêïóöüáíú", "ca": "àçéèíïòóúü", "is": "áðéíóúýþæö", "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýžö", "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű", "ro": "ăâîșțşţ", "hr": "čćđšž",
    "tr": "çğıöşüâîû", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "et": "äõöüšž",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя", "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    "el": "αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ", "he": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأؤإئپچژگں،؛؟ًٌٍَُِّْـ",
}  # fmt: skip
_WEST = ("de", "fr", "es", "it", "pt", "sv", "da", "nl", "ca", "is")
_EAST = ("pl", "cs", "sk", "hu", "ro", "hr")
_CYRILLIC = ("ru", "uk", "be", "sr", "mk")
# code pages in the order in which they are preferred: bytes of Hebrew are Cyrillic letters in cp1251, hardly ever the
# reverse
_PAGES = {
    "cp1252": _WEST, "cp1250": _EAST, "cp1255": ("he",), "cp1251": _CYRILLIC, "cp1254": ("tr",),
    "cp1257": ("lt", "lv", "et"), "cp1253": ("el",), "cp1256": ("ar",), "iso8859-15": _WEST,
    "iso8859-2": _EAST,
    "koi8-r": ("ru",), "koi8-u": ("uk",),
    "iso8859-5": _CYRILLIC, "cp866": ("ru",), "mac-roman": _WEST, "mac-cyrillic": _CYRILLIC, "mac-latin2": _EAST,
    "cp850": _WEST, "cp852": _EAST,
}  # fmt: skip
_NON_LATIN = (*_CYRILLIC, "el", "he", "ar")


def decodes(start: bytes, encoding: str) -> bool:
    """Check whether the beginning of a file fits an encoding.

    Parameters
    ----------
    start : bytes
        The beginning, which may end within a character.
    encoding : str
        Name of a codec.

    Returns
    -------
    bool
        Whether all bytes are characters of it.

    Examples
    --------
    >>> decodes(b"caf\\xe9s", "utf-8"), decodes(b"caf\\xe9s", "cp1252")
    (False, True)
    """
    try:
        codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeError:
        return False
    return True


def doubt_encoding(start: bytes, encoding: str) -> str:
    """Remark on a declared code page under which the text is not that of any of its languages.

    Parameters
    ----------
    start : bytes
        Beginning of the file.
    encoding : str
        Declared encoding.

    Returns
    -------
    str
        The remark, with the code page that the bytes look like; empty where there is no doubt.

    Examples
    --------
    >>> doubt_encoding("Мэр заявил, что паром ушёл.".encode("cp1251"), "cp1252")
    'read as cp1252, but it looks like cp1251'
    >>> doubt_encoding("Мэр заявил, что паром ушёл.".encode("cp1251"), "cp1251")
    ''
    """
    declared = codecs.lookup(encoding).name
    page = next((page for page in _PAGES if codecs.lookup(page).name == declared), "")
    context = start[: 2 * CONTEXT]
    if not page or context.isascii() or _measure_fit(context, page)[0] > _MAX_DOUBTED:
        return ""
    likely = guess_encoding(context)
    certain = likely in _PAGES and _measure_fit(context, likely)[0] >= _MIN_BETTER
    return f"read as {encoding}, but it looks like {likely}" if certain else ""


def guess_encoding(context: bytes) -> str:
    """Guess the encoding of bytes that are not UTF-8.

    Parameters
    ----------
    context : bytes
        A part of the file with characters beyond ASCII.

    Returns
    -------
    str
        The code page under which they are letters of one language, else what charset-normalizer says; empty where
        neither knows.
    """
    from charset_normalizer import from_bytes

    fits = {page: _measure_fit(context, page) for page in _PAGES}
    best = max(fits, key=lambda page: fits[page])  # the first of equals
    if fits[best][0] >= _MIN_FIT:
        return best
    if page := _find_region(context):
        return page
    match = from_bytes(context).best()
    return match.encoding.replace("_", "-") if match else ""


def _find_region(context: bytes) -> str:
    """Code page whose letters a text with names of several languages has, and in a language of which it is."""
    fitting = []
    for page, languages in _PAGES.items():
        if not set(languages) & {*_WEST, *_EAST} or not decodes(context, page):
            continue
        text = context.decode(page, "ignore")
        letters = {letter for language in languages for letter in _LETTERS[language]} | _PUNCTUATION
        beyond = [
            character.lower()
            for place, character in enumerate(text)
            if not character.isascii() and not (character.isupper() and text[place - 1 : place].islower())
        ]
        if beyond and sum(character in letters for character in beyond) >= _MIN_BETTER * len(beyond):
            fitting.append((page, detect_languages([text])[0] in languages))
    return next((page for page, is_spoken in fitting if is_spoken), fitting[0][0] if fitting else "")


def _measure_fit(context: bytes, page: str) -> tuple[float, bool]:
    """Share of the characters beyond ASCII that fit a language of the page, and whether the text is in it."""
    try:
        text = context.decode(page)
    except UnicodeDecodeError:
        return 0.0, False
    beyond = [place for place, character in enumerate(text) if not character.isascii()]
    if not beyond:
        return 0.0, False
    marks = sum(text[place] in _PUNCTUATION for place in beyond)
    # a capital within a word is a sign of a wrong code page, and so are two scripts in one word
    likely = [place for place in beyond if not (text[place].isupper() and text[place - 1 : place].islower())]
    alone = [text[place].lower() for place in likely if not _is_latin(text, place)]
    within = [text[place].lower() for place in likely if _is_latin(text, place)]
    known = {
        language: sum(
            character in _LETTERS[language] for character in (alone if language in _NON_LATIN else [*alone, *within])
        )
        for language in _PAGES[page]
    }
    most = max(known.values())
    (spoken,) = detect_languages([text])
    return (marks + most) / len(beyond), any(known[language] == most for language in known if language == spoken)


def _is_latin(text: str, place: int) -> bool:
    """Whether a letter of ASCII stands beside a character."""
    return any(
        character.isascii() and character.isalpha()
        for character in (*text[max(place - 1, 0) : place], *text[place + 1 : place + 2])
    )
