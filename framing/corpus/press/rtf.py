"""Text of an RTF file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from framing.corpus.press.contents import UnreadableError

__all__ = ["plain_rtf", "read_rtf"]

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\"
)
_IGNORED = {
    *("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "fldinst", "themedata", "datastore"),
    *("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "listtable"),
    *("listoverridetable", "rsidtbl", "xmlnstbl", "latentstyles", "revtbl", "filetbl", "footnote", "annotation"),
    *("bkmkend", "ftnsep", "aftnsep", "colorschememapping", "generator", "nonshppict", "shppict", "xe", "tc"),
}
_CHARACTERS = {
    **{"par": "\n", "line": "\n", "sect": "\n", "row": "\n", "page": "\f", "cell": "\x07\n", "nestcell": "\x07\n"},
    **{"tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
    **{"bullet": "•", "emspace": " ", "enspace": " "},
}
_SYMBOLS = {"~": "\xa0", "_": "-", "\n": "\n", "\r": "\n", "\\": "\\", "{": "{", "}": "}"}
_MAX_DEPTH = 1000
_CODE_PAGES = {"0": "cp1252", "10000": "mac_roman", "65001": "utf-8"}


@dataclass(slots=True)
class _Group:
    """State that ends with its group: is its text left out, how many characters follow \\u, is it a bookmark's name."""

    ignored: bool = False
    n_fallback: int = 1
    bookmark: bool = False


def read_rtf(content: bytes) -> str:
    """Read the text of an RTF file.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    str
        The text: a line a paragraph, a form feed for a new page, `\\x07` at the end of each cell of a table, and the
        names of bookmarks between `\\x01` and `\\x02`. Pictures, headers, footers and instructions are left out.

    Raises
    ------
    UnreadableError
        If groups nest too deeply.
    """
    return _Reader(content.decode("latin-1")).read()


def plain_rtf(content: bytes) -> str:
    """Read the text of an RTF file without the marks of bookmarks, cells and pages.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    str
        The text, a line a paragraph.

    Raises
    ------
    UnreadableError
        If groups nest too deeply.
    """
    return re.sub("\x01[^\x02]*\x02|[\x07\f]", "", read_rtf(content))


class _Reader:
    """Walks once through the file; bytes are gathered until they can be decoded together."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._bytes = bytearray()
        self._groups = [_Group()]
        self._n_skipped = 0  # characters still to leave out behind \u
        self._code_page = "cp1252"

    def read(self) -> str:
        position = 0
        while position < len(self._source):
            token = _TOKEN.match(self._source, position)
            if token is None:
                break
            position = token.end()
            word, number, code, symbol, brace, plain = token.groups()
            if brace:
                self._turn(brace)
            elif word:
                if word == "bin":  # raw bytes follow, in which braces mean nothing
                    position += max(0, int(number or 0))
                self._obey(word, number)
            elif code:
                self._add_bytes(bytes([int(code, 16)]))
            elif symbol == "*":
                self._groups[-1].ignored = self._groups[-1].ignored or not self._is_bookmark(position)
            elif symbol:
                self._add(_SYMBOLS.get(symbol, ""))
            elif plain:
                self._add_bytes(plain.encode("latin-1"))
        self._flush()
        text = "".join(self._parts)
        # two halves of a character beyond the basic plane
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _is_bookmark(self, position: int) -> bool:
        return self._source.startswith("\\bkmkstart", position)

    def _turn(self, brace: str) -> None:
        self._flush()
        self._n_skipped = 0
        if brace == "{":
            if len(self._groups) > _MAX_DEPTH:
                raise UnreadableError(f"the RTF nests more than {_MAX_DEPTH} groups")
            outer = self._groups[-1]
            self._groups.append(_Group(outer.ignored, outer.n_fallback))
        elif len(self._groups) > 1 and self._groups.pop().bookmark:
            self._parts.append("\x02")

    def _obey(self, word: str, number: str | None) -> None:
        group = self._groups[-1]
        if word in _IGNORED:
            group.ignored = True
        elif word == "bkmkstart" and not group.ignored:
            self._flush()
            self._parts.append("\x01")
            group.bookmark = True
        elif word == "ansicpg" and number:
            self._code_page = _CODE_PAGES.get(number, f"cp{number}")
        elif word == "mac":
            self._code_page = "mac_roman"
        elif word == "uc" and number:
            group.n_fallback = max(0, int(number))
        elif word == "u" and number:
            self._add(chr(int(number) % 0x10000))
            self._n_skipped = group.n_fallback
        elif word in _CHARACTERS:
            self._add(_CHARACTERS[word])

    def _add(self, text: str) -> None:
        self._flush()
        self._n_skipped = 0
        if text and not self._groups[-1].ignored:
            self._parts.append(text)

    def _add_bytes(self, raw: bytes) -> None:
        left_out = min(self._n_skipped, len(raw))
        self._n_skipped -= left_out
        if not self._groups[-1].ignored:
            self._bytes += raw[left_out:]

    def _flush(self) -> None:
        if not self._bytes:
            return
        try:
            text = self._bytes.decode(self._code_page)
        except (UnicodeDecodeError, LookupError):
            text = self._bytes.decode("cp1252", "replace")
        self._parts.append(text)
        self._bytes.clear()
