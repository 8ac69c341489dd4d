"""Locks of the operating system, one file for each key: however its holder dies, the system lets the lock go."""

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certkit.errors import LockedError, StateUnwritableError
from certkit.ledger.waiting import Waiting

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700
_LOCKING: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
"""A link in the place of a lock may lead to anything, and what it leads to would be emptied."""

_LOCKED_BYTE: Final = 1 << 30
"""Windows does not let others read what is locked: this byte lies behind all that is written."""

_MOST_BYTES: Final = 4_096


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, and from when on, as RFC 3339; both empty where that cannot be told."""

    who: str = ""
    since: str = ""


@contextlib.contextmanager
def held(folder: Path, key: str, holder: Holder, timeout: float, waiting: Waiting) -> Iterator[None]:
    """Holds the lock `key` while the block runs; the files in `folder` stay, and mean nothing by being there.

    Raises:
        LockedError: after `timeout` seconds somebody else still holds it.
        StateUnwritableError: the file system does not let it.
    """
    path = folder / f"{hashlib.sha256(key.encode('utf-8', 'backslashreplace')).hexdigest()[:32]}.lock"
    try:
        folder.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
        descriptor = os.open(path, _LOCKING, _MODE)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        _acquire(descriptor, path, key, waiting.tries(timeout))
        try:
            _write(descriptor, path, holder)
            yield
        finally:
            _unlock(descriptor)
    finally:
        os.close(descriptor)  # lets the lock go


def _acquire(descriptor: int, path: Path, key: str, tries: Iterator[None]) -> None:
    for _ in tries:
        try:
            _lock(descriptor)
        except (BlockingIOError, PermissionError):  # fcntl says the one, msvcrt the other
            continue
        except OSError as error:
            raise _unwritable(path, error) from error
        return
    raise locked(key, _read(path))


def locked(key: str, holder: Holder) -> LockedError:
    """Returns the error for a lock that somebody else holds."""
    since = f" since {holder.since}" if holder.since else ""
    return LockedError(
        f"{key}: locked by {holder.who or 'another run'}{since}",
        hint="wait until it has ended, or longer with --lock-timeout SECONDS",
        who=holder.who,
        since=holder.since,
    )


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _unlock(descriptor: int) -> None:
    """Lets the lock go on Windows, which does so for a file that is closed, too, but in its own time."""
    if sys.platform == "win32":
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)


def _write(descriptor: int, path: Path, holder: Holder) -> None:
    text = json.dumps({"who": holder.who, "since": holder.since})[:_MOST_BYTES].encode()
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, text)
    except OSError as error:
        raise _unwritable(path, error) from error


def _read(path: Path) -> Holder:
    """Returns who holds a lock; nobody where its holder is only just about to write it."""
    try:
        with path.open("rb") as stream:
            found = json.loads(stream.read(_MOST_BYTES))
        return Holder(str(found["who"]), str(found["since"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Holder()


def _unwritable(path: Path, error: OSError) -> StateUnwritableError:
    return StateUnwritableError(
        f"the lock {path} cannot be taken: {(error.strerror or 'failure').lower()}",
        hint="name a local folder of yours with CERTKIT_STATE, or go without with --no-ledger",
    )
