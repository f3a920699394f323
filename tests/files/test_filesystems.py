"""Network file systems are told from local ones by the table of mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from framing.files.filesystems import find_kind, is_on_network

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home rw,relatime shared:9 - nfs4 server:/export/home rw,vers=4.2
31 30 8:2 / /home/me/local\\040disk rw,relatime - xfs /dev/sdb1 rw
32 22 0:41 / /lab rw - fuse.sshfs me@host:/lab rw
33 22 0:42 / /mnt/win rw - fuseblk /dev/sdc1 rw
34 22 0:43 / /scratch rw - lustre mds@tcp:/scratch rw
35 22 0:44 / /share rw - cifs //server/share rw
36 22 8:3 / /twice rw - ext4 /dev/sdd1 rw
37 36 0:45 / /twice rw - beegfs beegfs_nodev rw
38 22 0:46 / /overlay rw - fuse.fuse-overlayfs fuse-overlayfs rw
a line that is none
"""


@pytest.mark.parametrize(
    ("folder", "kind", "on_network"),
    [
        ("/tmp/x", "ext4", False),
        ("/home/me/.cache/framing", "nfs4", True),
        ("/home/me/local disk/cache", "xfs", False),
        ("/homework", "ext4", False),
        ("/lab/cache", "fuse.sshfs", True),
        ("/mnt/win/cache", "fuseblk", False),
        ("/scratch/me", "lustre", True),
        ("/share", "cifs", True),
        ("/twice/x", "beegfs", True),
        ("/overlay/x", "fuse.fuse-overlayfs", False),
    ],
)
def test_the_mount_that_lies_nearest_decides(folder, kind, on_network):
    assert find_kind(Path(folder), mountinfo=MOUNTS) == kind
    assert is_on_network(Path(folder), mountinfo=MOUNTS) is on_network


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    mounts = f"1 0 8:1 / / rw - ext4 a rw\n2 1 0:40 / {tmp_path.resolve()}/real rw - nfs b rw\n"
    assert is_on_network(tmp_path / "link" / "cache", mountinfo=mounts)


def test_where_nothing_is_known_a_folder_counts_as_local(monkeypatch, tmp_path):
    monkeypatch.setattr("framing.files.filesystems._MOUNTS", tmp_path / "none")
    assert find_kind(tmp_path) == ""
    assert not is_on_network(tmp_path)
