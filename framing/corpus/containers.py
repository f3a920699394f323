"""Open plain, gzip and zip files as byte and text streams with limits, and name a file's encoding."""

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

from framing.errors import InputError

__all__ = ["OVERLONG", "limited_lines", "open_streams", "text_lines"]

MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_LINE_CHARACTERS = 8 * 1024**2
# what zipfile lets through from a directory that makes no sense, or by a method that it does not know
_BROKEN_ZIP = (zipfile.BadZipFile, RuntimeError, ValueError, LookupError, EOFError, struct.error)
OVERLONG = "\x00line too long\x00"


class _Limited(io.RawIOBase):
    """Refuses to hand out more than `MAX_UNPACKED_BYTES` of a compressed stream."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name, self._left = stream, name, MAX_UNPACKED_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._stream.read(len(buffer))
        except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
            raise InputError(f"{self._name} is damaged: {error}. Compress it again.") from None
        self._left -= len(chunk)
        if self._left < 0:
            raise InputError(f"{self._name} unpacks to more than {MAX_UNPACKED_BYTES // 1024**3} GiB; refused.")
        buffer[: len(chunk)] = chunk
        return len(chunk)


@contextmanager
def _unpacked(stream: IO[bytes], name: str, *, seekable: bool) -> Iterator[IO[bytes]]:
    limited = io.BufferedReader(_Limited(stream, name), buffer_size=1 << 16)
    if not seekable:
        yield limited
        return
    with tempfile.TemporaryFile() as copy:
        while chunk := limited.read(1 << 20):
            copy.write(chunk)
        copy.seek(0)
        yield copy


def open_streams(path: Path, *, seekable: bool = False) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and byte stream of a file, or of what a .gz or .zip holds.

    `seekable` copies compressed content to a temporary file (Parquet and XLSX need to seek).
    """
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path, "rb") as unzipped:
                packed = cast(IO[bytes], unzipped)
                with _unpacked(packed, path.name, seekable=seekable) as stream:
                    yield path.name, stream
        elif path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                for member in sorted(archive.infolist(), key=lambda item: item.filename):
                    if member.is_dir() or member.filename.startswith("__MACOSX/"):
                        continue
                    name = f"{path.name}/{member.filename}"
                    with archive.open(member) as packed, _unpacked(packed, name, seekable=seekable) as stream:
                        yield name, stream
        else:
            with path.open("rb") as stream:
                yield path.name, stream
    except _BROKEN_ZIP as error:
        raise InputError(f"{path} cannot be unpacked: {error}.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None


def text_lines(stream: IO[bytes], *, name: str, encoding: str) -> Iterator[str]:
    """Lines of a byte stream, decoded strictly; an over-long line comes as `OVERLONG`.

    Raises `InputError` that names the likely encoding where the bytes do not fit `encoding`.
    """
    start = stream.read(256 * 1024)
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    whole = io.BufferedReader(_Chained(start, stream), buffer_size=1 << 16)
    try:
        reader = io.TextIOWrapper(whole, encoding=encoding, errors="strict", newline="")
    except (LookupError, ValueError):
        raise InputError(f"encoding: Python knows no encoding {encoding!r}; try utf-8 or cp1252.") from None
    number = 0
    try:
        for line in limited_lines(reader):
            number += 1
            yield line
    except UnicodeDecodeError as error:
        piece = error.object[max(0, error.start - 2000) : error.start + 2000]
        raise InputError(
            f"{name}, after line {number}: byte 0x{error.object[error.start]:02x} is not {error.encoding}. "
            f"{_likely(piece)} Set `encoding:` in corpus.yaml, or save the file as UTF-8."
        ) from None
    except UnicodeError as error:  # utf-16 without its byte order mark; codecs that only encode
        raise InputError(f"{name} cannot be read as {encoding}: {error}. Set `encoding:` in corpus.yaml.") from None


def limited_lines(reader: IO[str]) -> Iterator[str]:
    """Lines of at most `MAX_LINE_CHARACTERS`; what is longer is skipped and comes as `OVERLONG`."""
    while line := reader.readline(MAX_LINE_CHARACTERS):
        if len(line) < MAX_LINE_CHARACTERS or line.endswith(("\n", "\r")):
            yield line
            continue
        while (rest := reader.readline(1 << 20)) and not rest.endswith(("\n", "\r")):
            pass
        yield OVERLONG + "\n"


class _Chained(io.RawIOBase):
    """Bytes already read, then the rest of the stream."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start, self._stream = io.BytesIO(start), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._start.read(len(buffer)) or self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _likely(piece: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(piece).best()
    return f"It looks like {best.encoding.replace('_', '-')}." if best else "Its encoding could not be told."
