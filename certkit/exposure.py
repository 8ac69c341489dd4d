"""What every user of this machine can read or change, so that certkit can warn of a key, or of a file that names programs.

Modes alone decide, and only where every folder above lets others through: what stands in a folder of one's own is nobody
else's, whatever its mode. A group is somebody's decision, and is not asked about. Windows has no such modes.
"""

import os
import stat
from collections.abc import Iterator
from typing import Final

from certkit.layout import FILES, Layout

_DEVICES: Final = ("/dev/", "/proc/")
"""What stands there is a pipe, a terminal or somebody's descriptor, and its mode is the system's."""

_HAS_MODES: Final = os.name != "nt"


def readable(path: str) -> Iterator[str]:
    """Yields the files at `path` that everybody can read: itself, or in a folder those that are called after a key."""
    if not _HAS_MODES or path.startswith(_DEVICES) or "\0" in path:
        return
    if os.path.isdir(path):  # noqa: PTH112 -- on the path of `split`
        yield from (one for name in _holders(path) if _is_readable(one := os.path.join(path, name)))  # noqa: PTH118
    elif _is_readable(path):
        yield path


def is_changeable(path: str) -> bool:
    """Tells whether everybody can write a file, or put another one in its place; a link counts as what it leads to, too."""
    if not _HAS_MODES:
        return False
    return any(_is_changeable(one) for one in {os.path.abspath(path), os.path.realpath(path)})  # noqa: PTH100


def _holders(folder: str) -> list[str]:
    """Returns the files of a folder that hold a key, as ACME clients and `certkit split` call them."""
    try:
        return sorted(name for name in os.listdir(folder) if "key" in name or name in FILES[Layout.HAPROXY])  # noqa: PTH208
    except OSError:  # gone meanwhile
        return []


def _is_readable(path: str) -> bool:
    mode = _mode(path)
    is_open = stat.S_ISREG(mode) and bool(mode & stat.S_IROTH)
    return is_open and all(_lets_through(one) for one in _above(os.path.realpath(path)))


def _is_changeable(path: str) -> bool:
    folders = [_mode(one) for one in _above(path)]
    reached = [mode for number, mode in enumerate(folders) if all(one & stat.S_IXOTH for one in folders[number:])]
    # In a sticky folder, /tmp, nobody replaces what is another's.
    is_replaceable = any(mode & stat.S_IWOTH and not mode & stat.S_ISVTX for mode in reached)
    return is_replaceable or (len(reached) == len(folders) and bool(_mode(path) & stat.S_IWOTH))


def _above(path: str) -> Iterator[str]:
    """Yields the folders above an absolute path, the nearest first."""
    while (above := os.path.dirname(path)) != path:  # noqa: PTH120 -- on the path of `split`
        yield above
        path = above


def _lets_through(folder: str) -> bool:
    return bool(_mode(folder) & stat.S_IXOTH)


def _mode(path: str) -> int:
    """Returns the mode of what stands there, 0 where nothing does."""
    try:
        return os.stat(path).st_mode  # noqa: PTH116 -- the same
    except (OSError, ValueError):  # gone meanwhile, or a NUL in the path
        return 0
