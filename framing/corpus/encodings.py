"""The character encoding of a file: what its first bytes say, and which one bytes look like that do not fit."""

from __future__ import annotations

import codecs
from collections import Counter

from framing.corpus.cleaning import read_controls
from framing.corpus.code_pages import CONTEXT, decodes, guess_encoding
from framing.errors import InputError

__all__ = [
    "decode_bytes",
    "describe_misfit",
    "describe_value",
    "find_encoding",
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
_SHOWN = 12  # characters on both sides of a wrong byte in a message
_MIN_UTF_8 = 4  # characters; fewer Chinese ones in their own encoding may be UTF-8 by chance
_MIN_COMMON = 0.9  # share of the high bytes of UTF-16 that are the two most frequent ones


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
        if all(zeros[place] >= n_characters for place in empty) and decodes(start, told):
            return told
    for high, told in ((head[1::2], "utf-16-le"), (head[0::2], "utf-16-be")):
        # the high bytes of an alphabet are few, small, and empty for spaces; bytes of other encodings are many
        n_common = sum(n for byte, n in Counter(high).most_common(2) if byte < _MAX_HIGH)
        if (
            high.count(0) > 1
            and len(high) >= _MIN_PAIRS
            and n_common >= _MIN_COMMON * len(high)
            and decodes(start, told)
        ):
            return told
    return ""


def _has_utf_8(start: bytes, encoding: str) -> bool:
    """Whether bytes are UTF-8 with characters beyond ASCII: text in a code page hardly ever is."""
    if start.isascii() or not decodes(start, "utf-8"):
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
    context = error.object[max(0, error.start - CONTEXT) : error.start + CONTEXT]
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
        likely = guess_encoding(content[:CONTEXT])
    else:
        return ""
    return f"not UTF-8{f' (it looks like {likely})' if likely else ''}; store it as text in UTF-8"
