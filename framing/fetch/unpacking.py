"""Packed content, unpacked within a limit."""

from __future__ import annotations

import zlib

from framing.fetch.addresses import RefusedError

__all__ = ["decode_body", "unpack"]

_GZIP = b"\x1f\x8b"
_MAX_LAYERS = 3
_MAX_MEMBERS = 10_000
_CHUNK = 1 << 16
_CODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}  # window bits of zlib


def unpack(content: bytes, limit: int) -> tuple[bytes, bool]:
    """Unpack a gzip file, also one that was packed again; other content is given back as it is.

    Parameters
    ----------
    content : bytes
        The file.
    limit : int
        Most bytes of what it unpacks to.

    Returns
    -------
    content : bytes
        Unpacked as far as it goes.
    is_whole : bool
        False where the file breaks off.

    Raises
    ------
    RefusedError
        If nothing of it can be unpacked, or it unpacks to more.
    """
    is_whole = True
    for _ in range(_MAX_LAYERS):
        if not content.startswith(_GZIP):
            return content, is_whole
        try:
            content, whole = _inflate(content, 31, limit)
        except zlib.error as error:
            raise RefusedError(f"not a whole gzip file: {error}") from None
        is_whole = is_whole and whole
    if content.startswith(_GZIP):
        raise RefusedError(f"packed more than {_MAX_LAYERS} times")
    return content, is_whole


def decode_body(body: bytes, codings: str, limit: int) -> bytes:
    """Undo the `Content-Encoding` of an answer.

    Parameters
    ----------
    body : bytes
        The body as it came.
    codings : str
        The header: names separated by commas.
    limit : int
        Most bytes of the unpacked body.

    Returns
    -------
    bytes
        The unpacked body.

    Raises
    ------
    RefusedError
        If a coding is unknown, the body is not coded so, is cut, or unpacks to more.
    """
    names = [name for part in codings.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    if len(names) > _MAX_LAYERS:
        raise RefusedError(f"packed more than {_MAX_LAYERS} times")
    for name in reversed(names):
        if name not in _CODINGS:
            raise RefusedError(f"packed as {name[:40]}, which was not asked for")
        bits = -15 if name == "deflate" and body[:1] and body[0] & 0x0F != 8 else _CODINGS[name]
        try:
            body, is_whole = _inflate(body, bits, limit) if body else (b"", True)
        except zlib.error as error:
            raise RefusedError(f"DecodingError: not packed as {name}: {error}", later=True) from None
        if not is_whole:
            raise RefusedError(f"DecodingError: the body breaks off, or is not packed as {name}", later=True)
    return body


def _inflate(content: bytes, bits: int, limit: int) -> tuple[bytes, bool]:
    """Unpacked content of the members as far as it goes, and whether the last is whole; zlib.error if there is none."""
    pieces: list[bytes] = []
    size = start = 0
    for _ in range(_MAX_MEMBERS):
        stream = zlib.decompressobj(bits)
        while not stream.eof and start < len(content):
            try:
                piece = stream.decompress(content[start : start + _CHUNK], limit + 1 - size)
            except zlib.error:
                if not size:
                    raise
                return b"".join(pieces), False
            start += _CHUNK
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                raise RefusedError(f"more than {limit} bytes unpacked")
        start = min(start, len(content)) - len(stream.unused_data)
        if not stream.eof and not size:
            raise zlib.error("it breaks off at its beginning")
        if not stream.eof or not content[start : start + 2].startswith(_GZIP):
            return b"".join(pieces), stream.eof
    raise RefusedError(f"a gzip file of more than {_MAX_MEMBERS} parts")
