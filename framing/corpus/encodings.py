"""The character encoding of a file: what its first bytes say, and which one bytes look like that do not fit."""

from __future__ import annotations

import codecs
from collections import Counter

from framing.corpus.cleaning import read_controls
from framing.corpus.language import detect_languages
from framing.errors import InputError

__all__ = [
    "decode_bytes",
    "describe_misfit",
    "describe_value",
    "doubt_encoding",
    "find_encoding",
    "guess_encoding",
    "has_controls",
    "is_utf_8",
]

_MARKS = (  # the longer marks first: that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_ZERO_BYTES = 512  # beginning of a file in which empty bytes are counted: a header has ASCII characters
_MIN_PAIRS = 4
_MAX_HIGH = 0x20  # high bytes of alphabets are below
_CONTEXT = 2000  # bytes on both sides of a wrong one that are shown to the guess
_SHOWN = 12  # characters on both sides of a wrong byte in a message
_MIN_UTF_8 = 4  # characters; fewer Chinese ones in their own encoding may be UTF-8 by chance
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


def is_utf_8(encoding: str) -> bool:
    """Check whether a name of an encoding is one of UTF-8.

    Parameters
    ----------
    encoding : str
        Name, as in corpus.yaml.

    Returns
    -------
    bool
        True for `utf-8` in any spelling.

    Examples
    --------
    >>> is_utf_8("UTF_8"), is_utf_8("cp1252")
    (True, False)
    """
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")


def has_controls(encoding: str) -> bool:
    """Check for an encoding that programs name where they write Windows-1252.

    Parameters
    ----------
    encoding : str
        Name that Python knows.

    Returns
    -------
    bool
        True for ISO 8859-1, -9 and -15, which have controls where Windows has quotation marks and dashes: bytes 0x80
        to 0x9f are read as in Windows-1252, as browsers do.

    Examples
    --------
    >>> has_controls("latin-1"), has_controls("cp1252")
    (True, False)
    """
    return codecs.lookup(encoding).name in ("iso8859-1", "iso8859-9", "iso8859-15")


def find_encoding(start: bytes, encoding: str, name: str) -> str:
    """Encoding of a file: that of its byte order mark, of its empty bytes, or the declared one.

    Parameters
    ----------
    start : bytes
        Beginning of the file.
    encoding : str
        Declared encoding.
    name : str
        Name of the file, for messages.

    Returns
    -------
    str
        Name of a codec.

    Raises
    ------
    InputError
        If Python knows no such encoding, or the file is UTF-8 and another one is declared.

    Examples
    --------
    >>> find_encoding("text".encode("utf-16"), "utf-8", "a.csv"), find_encoding(b"text", "cp1252", "a.csv")
    ('utf-16', 'cp1252')
    """
    try:
        canonical = codecs.lookup(encoding).name
        "".encode(canonical)  # codecs such as base64 are none of characters
    except (LookupError, ValueError):
        raise InputError(f"encoding: Python knows no encoding {encoding!r}; try utf-8 or cp1252.") from None
    for mark, told in _MARKS:
        if start.startswith(mark) and canonical not in (f"{told}-le", f"{told}-be"):
            return told
    if is_utf_8(canonical) or canonical in ("utf-16", "utf-32"):
        return _find_wide(start) or canonical
    if not canonical.startswith("utf") and _has_utf_8(start, canonical):
        raise InputError(f"{name} is UTF-8, but `encoding: {encoding}` is set: leave `encoding:` out.")
    return encoding


def _find_wide(start: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, by the places of empty bytes; empty where they do not tell."""
    head = start[:_ZERO_BYTES]
    zeros = [head[place::4].count(0) for place in range(4)]
    n_characters = len(head) // 4
    if not n_characters:
        return ""
    for empty, told in (((2, 3), "utf-32-le"), ((0, 1), "utf-32-be")):
        if all(zeros[place] >= n_characters for place in empty) and _decodes(start, told):
            return told
    for high, told in ((head[1::2], "utf-16-le"), (head[0::2], "utf-16-be")):
        # the high bytes of an alphabet are few, small, and empty for spaces; bytes of other encodings are many
        n_common = sum(n for byte, n in Counter(high).most_common(2) if byte < _MAX_HIGH)
        if high.count(0) > 1 and len(high) >= _MIN_PAIRS and n_common >= _MIN_FIT * len(high) and _decodes(start, told):
            return told
    return ""


def _decodes(start: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeError:
        return False
    return True


def _has_utf_8(start: bytes, encoding: str) -> bool:
    """Whether bytes are UTF-8 with characters beyond ASCII: text in a code page hardly ever is."""
    if start.isascii() or not _decodes(start, "utf-8"):
        return False
    is_code_page = len("\u00e9".encode(encoding, "replace")) == 1
    n_beyond = sum(not character.isascii() for character in start.decode("utf-8", "ignore"))
    return n_beyond >= (1 if is_code_page else _MIN_UTF_8)


def decode_bytes(content: bytes, encoding: str, name: str) -> str:
    """Text of a whole file.

    Parameters
    ----------
    content : bytes
        The file.
    encoding : str
        Declared encoding, as in `find_encoding`.
    name : str
        Name of the file.

    Returns
    -------
    str
        The text, without a byte order mark.

    Raises
    ------
    InputError
        If the bytes do not fit the encoding.

    Examples
    --------
    >>> decode_bytes(b"caf\\xe9", "cp1252", "a.json")
    'café'
    """
    told = find_encoding(content, encoding, name)
    try:
        text = content.decode(told).removeprefix("\ufeff")
        return read_controls(text) if has_controls(told) else text
    except UnicodeDecodeError as error:
        n_lines = content.count(b"\n", 0, error.start)
        raise InputError(describe_misfit(error, name, n_lines)) from None
    except UnicodeError as error:
        raise InputError(f"{name} cannot be read as {told}: {error}. Set `encoding:` in corpus.yaml.") from None


def describe_misfit(error: UnicodeDecodeError, name: str, n_lines: int) -> str:
    """Message on a byte that does not fit the encoding, with the encoding that it looks like.

    Parameters
    ----------
    error : UnicodeDecodeError
        What the decoder raised.
    name : str
        Name of the file.
    n_lines : int
        Number of lines before the byte, as far as is known.

    Returns
    -------
    str
        What was expected, what came, and what to do.
    """
    context = error.object[max(0, error.start - _CONTEXT) : error.start + _CONTEXT]
    good = error.object[: error.start]
    if is_utf_8(error.encoding) and not good.isascii():
        page = guess_encoding(error.object[error.start : error.start + _SHOWN])
        return (
            f"{name}, {_name_place(n_lines)}: byte 0x{error.object[error.start]:02x} is not {error.encoding}, but text "
            f"before it is: the file mixes encodings{f' (this part may be {page})' if page else ''}. Save that part as "
            "UTF-8, or take it out."
        )
    likely = guess_encoding(context)
    message = f"{name}, {_name_place(n_lines)}: byte 0x{error.object[error.start]:02x} is not {error.encoding}. "
    if not likely:
        return (
            f"{message}Its encoding could not be detected. Save the file as UTF-8, or set `encoding:` in corpus.yaml."
        )
    before, after = error.object[: error.start], error.object[error.start :]
    shown = before.decode(likely, "replace")[-_SHOWN:] + after[: 2 * _SHOWN].decode(likely, "replace")[:_SHOWN]
    return (
        f"{message}It looks like {likely} (“{' '.join(shown.split())}”). Save the file as UTF-8 (in Excel: CSV "
        f"UTF-8), or set `encoding: {likely}` in corpus.yaml; for a file alone: --encoding {likely}."
    )


def _name_place(n_lines: int) -> str:
    return f"after line {n_lines}" if n_lines else "near its beginning"


def describe_value(content: bytes) -> str:
    """Say that bytes of one value are not UTF-8, and which encoding they look like.

    Parameters
    ----------
    content : bytes
        The value.

    Returns
    -------
    str
        The problem and what to do; empty where they are UTF-8.

    Examples
    --------
    >>> describe_value("Fähre".encode()), describe_value("Die Fähre fuhr über den Fluss.".encode("cp1252"))
    ('', 'not UTF-8 (it looks like cp1252); store it as text in UTF-8')
    """
    try:
        content.decode()
    except UnicodeDecodeError:
        likely = guess_encoding(content[:_CONTEXT])
    else:
        return ""
    return f"not UTF-8{f' (it looks like {likely})' if likely else ''}; store it as text in UTF-8"


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
    context = start[: 2 * _CONTEXT]
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
        if not set(languages) & {*_WEST, *_EAST} or not _decodes(context, page):
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
