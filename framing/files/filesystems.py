"""On what kind of file system does a folder lie?"""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["NETWORK_KINDS", "find_kind", "is_on_network"]

NETWORK_KINDS = frozenset({
    "9p", "afs", "afpfs", "beegfs", "ceph", "cifs", "cvmfs2", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs",
    "nfs4", "ocfs2", "orangefs", "panfs", "pvfs2", "smb2", "smb3", "smbfs", "virtiofs", "vboxsf", "wekafs",
})  # fmt: skip
_FUSE = re.compile(r"^fuse(blk)?\.")
_LOCAL_FUSE = frozenset(
    {"ext2", "ext4", "fuse-overlayfs", "ntfs", "ntfs-3g", "overlayfs", "portal", "encfs", "gocryptfs"}
)
_MOUNTS = Path("/proc/self/mountinfo")


def is_on_network(folder: Path, *, mountinfo: str | None = None) -> bool:
    """Find whether a folder lies on a network file system, whose locks SQLite cannot rely on.

    Parameters
    ----------
    folder : Path
        The folder; it need not exist.
    mountinfo : str, optional
        Content of /proc/self/mountinfo; by default that of this machine.

    Returns
    -------
    bool
        False where the kind cannot be found out, as on a system without that file.

    Examples
    --------
    >>> lines = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\\n2 1 0:40 / /home rw - nfs4 server:/home rw"
    >>> is_on_network(Path("/home/me/.cache"), mountinfo=lines), is_on_network(Path("/tmp"), mountinfo=lines)
    (True, False)
    """
    kind = find_kind(folder, mountinfo=mountinfo)
    if _FUSE.match(kind):  # sshfs, s3fs, rclone, glusterfs, …; few are local
        return _FUSE.sub("", kind) not in _LOCAL_FUSE
    return kind in NETWORK_KINDS


def find_kind(folder: Path, *, mountinfo: str | None = None) -> str:
    """Find the kind of file system of a folder.

    Parameters
    ----------
    folder : Path
        The folder; it need not exist.
    mountinfo : str, optional
        Content of /proc/self/mountinfo; by default that of this machine.

    Returns
    -------
    str
        Name of the kind as Linux gives it, for instance `ext4`; empty where it cannot be found out.
    """
    if mountinfo is None:
        try:
            mountinfo = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return ""
    place = folder.resolve()
    longest, kind = -1, ""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields[4]))
        if place.is_relative_to(point) and len(point.parts) >= longest:  # of two at one place the later is on top
            longest, kind = len(point.parts), after.split()[0].lower()
    return kind
