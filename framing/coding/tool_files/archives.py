"""Members of archives, written, and read with limits like XML of other tools: no bomb or entity reaches a parser."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from framing.errors import InputError

__all__ = ["check_xml", "is_archive", "list_names", "pack_members", "read_bytes", "read_members"]

_MAX_BYTES = 1024**3  # of all members together; files of coded passages are far smaller
_MAX_MEMBERS = 200_000
_HIDDEN = ("__MACOSX/",)


def is_archive(start: bytes) -> bool:
    """Tell a zip archive by its beginning.

    Parameters
    ----------
    start : bytes
        First bytes of a file.

    Returns
    -------
    bool
        Whether it is one.

    Examples
    --------
    >>> is_archive(b"PK\\x03\\x04"), is_archive(b"<?xml")
    (True, False)
    """
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_bytes(path: Path) -> bytes:
    """Content of a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes
        All of it.

    Raises
    ------
    InputError
        If it cannot be read, or is larger than any file of coded passages.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path} has more than {_MAX_BYTES:,} bytes; that is no file of coded passages.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None


def list_names(content: bytes, name: str) -> list[str]:
    """Names of the files in an archive.

    Parameters
    ----------
    content : bytes
        The archive.
    name : str
        What messages call it.

    Returns
    -------
    list of str
        As the archive has them, in its order; without folders.

    Raises
    ------
    InputError
        If it is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [member.filename for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise InputError(f"{name} cannot be unpacked: {error}.") from None


def read_members(content: bytes, name: str, *, endings: tuple[str, ...], depth: int = 1) -> Iterator[tuple[str, bytes]]:
    """Files of an archive, and of the archives within it.

    Parameters
    ----------
    content : bytes
        The archive.
    name : str
        What messages call it.
    endings : tuple of str
        Endings of the files that are read, in lower case.
    depth : int, default 1
        How many archives may be within each other besides the outer one.

    Yields
    ------
    path : str
        Name of the file in the archive; within an inner archive `inner.zip/name`.
    content : bytes
        Its content.

    Raises
    ------
    InputError
        If an archive is damaged or encrypted, or all of them unpack to more than a limit, whatever sizes they state.
    """
    yield from _read_members(content, name, endings, depth, _Budget(name))


class _Budget:
    """Bytes and members that may still be unpacked."""

    def __init__(self, name: str) -> None:
        self._name, self._n_bytes, self._n_members = name, _MAX_BYTES, _MAX_MEMBERS

    @property
    def n_bytes(self) -> int:
        return self._n_bytes

    def take(self, n_bytes: int) -> None:
        """Count a member; raises `InputError` where it is too much."""
        self._n_bytes -= n_bytes
        self._n_members -= 1
        if self._n_bytes < 0 or self._n_members < 0:
            raise InputError(
                f"{self._name} unpacks to more than {_MAX_BYTES // 1024**3} GiB or {_MAX_MEMBERS:,} files; refused."
            )


def _read_members(
    content: bytes, name: str, endings: tuple[str, ...], depth: int, budget: _Budget
) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                path = member.filename.replace("\\", "/")
                is_inner = depth > 0 and path.lower().endswith(".zip")
                if member.is_dir() or path.startswith(_HIDDEN) or not (is_inner or path.lower().endswith(endings)):
                    continue
                with archive.open(member) as stream:
                    data = stream.read(budget.n_bytes + 1)  # the size that is stated may be wrong
                budget.take(len(data))
                if is_inner:
                    for inner, inner_data in _read_members(data, f"{name}/{path}", endings, depth - 1, budget):
                        yield f"{path}/{inner}", inner_data
                else:
                    yield path, data
    except (zipfile.BadZipFile, RuntimeError, ValueError, EOFError, OSError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name} cannot be unpacked: {error}.") from None


def pack_members(members: dict[str, bytes]) -> bytes:
    """An archive whose bytes depend on its members alone.

    Parameters
    ----------
    members : dict of str to bytes
        Contents by name.

    Returns
    -------
    bytes
        A zip archive.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return packed.getvalue()


def check_xml(content: bytes, name: str) -> None:
    """Refuse XML that declares a document type or entities, which no file of coded passages needs.

    Parameters
    ----------
    content : bytes
        The XML.
    name : str
        What messages call it.

    Raises
    ------
    InputError
        For such declarations, and where it is no well-formed XML 1.0.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    try:
        for _, element in iterparse(io.BytesIO(content), forbid_dtd=True):
            element.clear()
    except DefusedXmlException:
        raise InputError(f"{name} declares a document type or entities, which is refused; export it anew.") from None
    except (ParseError, ValueError, LookupError) as error:
        raise InputError(f"{name} is no well-formed XML 1.0: {error}. Export it anew.") from None
