"""Plain, gzip and zip files as streams of bytes and lines, with limits on their size; the encoding of a file."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from framing.corpus.cleaning import read_controls
from framing.corpus.encodings import describe_misfit, find_encoding, has_controls
from framing.corpus.file_kinds import is_hidden
from framing.errors import InputError

__all__ = ["OVERLONG", "limit_lines", "list_members", "open_streams", "read_lines", "reread_lines"]

MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_LINE_CHARACTERS = 8 * 1024**2
OVERLONG = "\x00line too long\x00"  # in the place of a line that is too long
_PROBE_BYTES = 256 * 1024  # beginning of a file, where a byte order mark is looked for
_BYTE_ORDER_MARK = "\ufeff"
_BUFFER_BYTES = 1 << 16
_COPY_BYTES = 1 << 20
# errors that zipfile raises for a damaged directory, or an unknown method of compression
_BROKEN_ZIP = (zipfile.BadZipFile, RuntimeError, ValueError, LookupError, EOFError, struct.error)


class _LimitedStream(io.RawIOBase):
    """A compressed stream of which at most `MAX_UNPACKED_BYTES` can be read."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name, self._remaining = stream, name, MAX_UNPACKED_BYTES

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return MAX_UNPACKED_BYTES - self._remaining

    def seek(self, offset: int, whence: int = 0) -> int:
        if (offset, whence) != (0, 0):
            raise io.UnsupportedOperation("a compressed stream can be read from its beginning only")
        self._stream.seek(0)
        self._remaining = MAX_UNPACKED_BYTES
        return 0

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._stream.read(len(buffer))
        except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
            raise InputError(f"{self._name} is damaged: {error}. Compress it again.") from None
        self._remaining -= len(chunk)
        if self._remaining < 0:
            raise InputError(f"{self._name} unpacks to more than {MAX_UNPACKED_BYTES // 1024**3} GiB; refused.")
        buffer[: len(chunk)] = chunk
        return len(chunk)


@contextmanager
def _limit_stream(stream: IO[bytes], name: str, *, seekable: bool) -> Iterator[IO[bytes]]:
    """The stream with the limit on its size; with `seekable` a temporary copy of its content."""
    limited = io.BufferedReader(_LimitedStream(stream, name), buffer_size=_BUFFER_BYTES)
    if not seekable:
        yield limited
        return
    with tempfile.TemporaryFile() as copy:
        while chunk := limited.read(_COPY_BYTES):
            copy.write(chunk)
        copy.seek(0)
        yield copy


def open_streams(path: Path, *, seekable: bool = False, unpack: bool = True) -> Iterator[tuple[str, IO[bytes]]]:
    """Open a file, or the files that a .gz or .zip file holds.

    Parameters
    ----------
    path : Path
        The file.
    seekable : bool, default False
        Whether the streams must be able to seek: compressed content is copied to a temporary file.
    unpack : bool, default True
        Whether .gz and .zip files are unpacked.

    Yields
    ------
    name : str
        Name of the file; of a member of an archive `archive.zip/member`. Members come sorted by name.
    stream : binary file
        Its content, open until the next one is asked for.

    Raises
    ------
    InputError
        If the file cannot be read or unpacked, or unpacks to more than `MAX_UNPACKED_BYTES`.
    """
    try:
        if unpack and path.suffix.lower() == ".gz":
            with (
                gzip.open(path, "rb") as unzipped,
                _limit_stream(cast(IO[bytes], unzipped), path.name, seekable=seekable) as stream,
            ):
                yield path.name, stream
        elif unpack and path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                for member in sorted(archive.infolist(), key=lambda item: item.filename):
                    if member.is_dir() or is_hidden(member.filename):
                        continue
                    name = f"{path.name}/{member.filename}"
                    with archive.open(member) as packed, _limit_stream(packed, name, seekable=seekable) as stream:
                        yield name, stream
        else:
            with path.open("rb") as stream:
                yield path.name, stream
    except _BROKEN_ZIP as error:
        raise InputError(f"{path} cannot be unpacked: {error}.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None


def list_members(path: Path) -> list[str]:
    """Names of the files in a .zip archive, sorted.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of str
        None for a file that is no archive.

    Raises
    ------
    InputError
        If the archive cannot be read.
    """
    if path.suffix.lower() != ".zip":
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            return sorted(member.filename for member in archive.infolist() if not member.is_dir())
    except _BROKEN_ZIP as error:
        raise InputError(f"{path} cannot be unpacked: {error}.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None


def read_lines(stream: IO[bytes], *, name: str, encoding: str) -> Iterator[str]:
    """Lines of a byte stream, decoded strictly.

    Parameters
    ----------
    stream : binary file
        Content.
    name : str
        Name of the file.
    encoding : str
        Character encoding; a byte order mark wins, and UTF-16 and UTF-32 without one are told by their empty bytes.

    Yields
    ------
    str
        Lines with their line ends; `OVERLONG` in the place of a line that is too long. Byte order marks at the
        beginning of a line, which files have that were put together from several, are left out.

    Raises
    ------
    InputError
        If the bytes do not fit the encoding, with the likely one; or if there is no such encoding.
    """
    start = stream.read(_PROBE_BYTES)
    content = io.BufferedReader(_ChainedStream(start, stream), buffer_size=_BUFFER_BYTES)
    told = find_encoding(start, encoding, name)
    reader = io.TextIOWrapper(content, encoding=told, errors="strict", newline="")
    is_latin = has_controls(told)
    n_lines = 0
    try:
        for line in limit_lines(reader):
            n_lines += 1
            yield (read_controls(line) if is_latin else line).lstrip(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        raise InputError(describe_misfit(error, name, n_lines)) from None
    except UnicodeError as error:  # utf-16 without its byte order mark; codecs that only encode
        raise InputError(f"{name} cannot be read as {told}: {error}. Set `encoding:` in corpus.yaml.") from None


def reread_lines(stream: IO[bytes], *, name: str, encoding: str) -> Iterator[str]:
    """Lines of a byte stream from its beginning, as `read_lines` gives them.

    Parameters
    ----------
    stream : binary file
        Content, as `open_streams` gives it: it can be read from its beginning more than once.
    name : str
        Name of the file.
    encoding : str
        Character encoding.

    Yields
    ------
    str
        Lines with their line ends.

    Raises
    ------
    InputError
        If the bytes do not fit the encoding.
    """
    stream.seek(0)
    yield from read_lines(stream, name=name, encoding=encoding)


def limit_lines(reader: IO[str]) -> Iterator[str]:
    """Lines of a text stream; lines of more than `MAX_LINE_CHARACTERS` are replaced by `OVERLONG`.

    Parameters
    ----------
    reader : text file
        Content.

    Yields
    ------
    str
        Lines with their line ends.
    """
    while line := reader.readline(MAX_LINE_CHARACTERS):
        if len(line) < MAX_LINE_CHARACTERS or line.endswith(("\n", "\r")):
            yield line
            continue
        while (rest := reader.readline(1 << 20)) and not rest.endswith(("\n", "\r")):
            pass
        yield OVERLONG + "\n"


class _ChainedStream(io.RawIOBase):
    """Bytes that were read already, then the rest of the stream."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start, self._stream = io.BytesIO(start), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._start.read(len(buffer)) or self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)
