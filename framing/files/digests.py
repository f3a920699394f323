"""sha256 of files that are read once: the digest is stored until the file changes."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from framing.errors import FramingError
from framing.files.cache import KeptValues
from framing.project import cache_folder

__all__ = ["stored_sha256", "stored_sha256s"]

_CLOCK_NS = 2 * 10**9  # the coarsest clock of a disk in use


class _Digests(KeptValues):
    """sha256 of files by where they are and when they were last changed."""

    table, value, what = "digests", "sha256 TEXT", "record of files"


def stored_sha256(path: Path) -> str:
    """Hash a file, which is read once until it changes.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        sha256 of its bytes, in hexadecimal digits.
    """
    return stored_sha256s([path])[path]


def stored_sha256s(paths: Iterable[Path]) -> dict[Path, str]:
    """Hash files, each of which is read once until it changes.

    Parameters
    ----------
    paths : iterable of Path
        The files.

    Returns
    -------
    dict of Path to str
        sha256 of the bytes of each, in hexadecimal digits.

    Raises
    ------
    OSError
        If a file cannot be read.

    Notes
    -----
    Digests are stored in the cache folder. The key contains place, size and number of the file, and the times at which
    its content and its metadata last changed; a copy can preserve the former, and nothing preserves the latter. The
    digest of a file that changed within the last seconds is not stored: on a disk with a coarse clock the file could
    change again unseen.
    """
    digests = _Digests(cache_folder() / "digests.sqlite")
    keys = {path: _make_key(path, path.stat()) for path in paths}
    known: dict[bytes, str] = {}
    with suppress(FramingError):  # a cache that cannot be used costs the reading, nothing else
        known = {key: str(digest) for key, digest in digests.known(list(keys.values()))}
    found: dict[Path, str] = {}
    fresh: list[tuple[bytes, str]] = []
    for path, key in keys.items():
        if key in known:
            found[path] = known[key]
            continue
        with path.open("rb") as stream:
            found[path] = hashlib.file_digest(stream, "sha256").hexdigest()
            status = os.fstat(stream.fileno())
        changed = max(status.st_mtime_ns, status.st_ctime_ns)
        if _make_key(path, status) == key and time.time_ns() - changed > _CLOCK_NS:
            fresh.append((key, found[path]))
    if fresh:
        with suppress(FramingError):
            digests.keep(fresh)
    return found


def _make_key(path: Path, status: os.stat_result) -> bytes:
    """Key of a file, which is another whenever it changes."""
    version = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    return hashlib.sha256("\x1f".join(map(str, (path.resolve(), *version))).encode("utf-8", "surrogateescape")).digest()
