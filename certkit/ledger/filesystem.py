"""Whether a folder stands on another machine, where neither SQLite's WAL nor locks of the system can be relied on.

https://www.sqlite.org/wal.html: "all processes using a database must be on the same host computer; WAL does not work
over a network filesystem". Linux alone says what kind a file system is without asking C; Windows names the host.
"""

import re
from pathlib import Path, PurePath
from typing import Final

_MOUNTS: Final = Path("/proc/self/mountinfo")
_REMOTE: Final = frozenset(
    {"afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "lustre", "nfs", "nfs4", "smb3", "smbfs"}
)
_MOUNT_POINT: Final = 4
_OCTAL: Final = re.compile(r"\\([0-7]{3})")


def remote_kind(folder: Path) -> str | None:
    """Returns the kind of the network file system that `folder` stands on, None where it is local or nobody says."""
    if is_share(folder.resolve()):
        return "a share"
    try:
        mounts = _MOUNTS.read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    kind = kind_in(mounts, folder.resolve())
    return kind if kind in _REMOTE else None


def is_share(folder: PurePath) -> bool:
    r"""Tells whether Windows has `folder`, resolved, on another machine: `\\HOST\SHARE`."""
    return folder.drive.startswith("\\\\")


def kind_in(mounts: str, folder: Path) -> str | None:
    """Returns the kind of the file system that holds `folder`; `mounts` is in the form of proc(5), mountinfo."""
    best, kind = -1, None
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(_OCTAL.sub(lambda match: chr(int(match[1], 8)), before.split(" ")[_MOUNT_POINT]))
        if len(point.parts) >= best and folder.is_relative_to(point):  # a later mount covers an earlier one
            best, kind = len(point.parts), after.split(" ")[0]
    return kind
