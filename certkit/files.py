"""Sets of files that change together or not at all, private ones 0600 from their first byte."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile
from pathlib import Path
from typing import Final, NamedTuple

from certkit.errors import OutputExistsError, OutputUnwritableError

_PRIVATE_MODE: Final = 0o600
_PUBLIC_MODE: Final = 0o644
_FOLDER_MODE: Final = 0o700
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class File(NamedTuple):
    """What a file is to hold.

    Attributes:
        content: its bytes, or None where no such file may be left.
        is_private: whether only its owner may read it; others as the umask lets them.
    """

    content: bytes | None
    is_private: bool = False

    def __repr__(self) -> str:
        """Returns everything but the content."""
        return f"File(is_private={self.is_private})"


def write_set(folder: Path, files: Mapping[str, File], *, force: bool) -> None:
    """Writes `files` into `folder`, which is made if it is not there: all of them, or none.

    A new folder appears with all its files in one step. In one that is there, new content is complete beside the old
    before the first name changes; whatever then fails, interruption included, every name is put back. Only a power cut or
    `kill -9` between two of the last renames, microseconds apart, can leave files of two sets.

    Args:
        force: whether files of these names may be replaced; without it they are never touched, not even in a race.

    Raises:
        OutputExistsError: a file is in the way and `force` is not set.
        OutputUnwritableError: the file system does not let it.
    """
    is_there = os.path.lexists(folder)
    if is_there and not force:
        _refuse_existing([folder / name for name in files])
    try:
        if is_there or not _write_new(folder, files):
            _write_into(folder, files, force=force)
    except FileExistsError as error:
        _refuse_existing([folder / name for name in files])
        raise _unwritable(folder, error) from error
    except OSError as error:
        raise _unwritable(folder, error) from error


def _write_new(folder: Path, files: Mapping[str, File]) -> bool:
    """Makes `folder` with all files in it, in one step; tells whether it could, or somebody else made it meanwhile."""
    parent = folder.parent
    with _made(parent), _scratch(parent) as scratch:
        _stage(files, scratch, flush=False)
        try:
            os.rename(scratch, folder)
        except OSError:
            if os.path.lexists(folder):
                return False
            raise
    return True


def _write_into(folder: Path, files: Mapping[str, File], *, force: bool) -> None:
    """Writes all files into a folder that is there, and puts every name back if one fails."""
    with _scratch(folder) as scratch:
        staged = _stage(files, scratch, flush=force)
        with _put_back_on_failure() as changes:
            for name in files:
                changes.append(_Change(folder / name, staged.get(name), os.path.join(scratch, f"old-{name}")))
                if force:
                    _replace(changes[-1])
                else:
                    _place(changes[-1])


@dataclass(slots=True)
class _Change:
    """A name on its way from what it holds to what it is to hold; noted before the first step of it.

    Attributes:
        staged: the new content, None where the file is to go.
        backup: where the old content goes, if there is any.
        is_claimed: whether an empty file of ours holds the place.
    """

    target: Path
    staged: str | None
    backup: str
    is_claimed: bool = False

    def undo(self) -> None:
        """Puts the name back, however far the change has come."""
        if os.path.lexists(self.backup):
            os.replace(self.backup, self.target)
        elif self.staged and (self.is_claimed or _is_moved(self.staged, self.target)):
            self.target.unlink()


def _is_moved(staged: str, target: Path) -> bool:
    """Tells whether what was staged stands at `target` by now, by a rename or by a link."""
    return not os.path.lexists(staged) or os.path.samestat(os.lstat(staged), target.lstat())


def _refuse_existing(targets: Sequence[Path]) -> None:
    existing = [str(target) for target in targets if os.path.lexists(target)]
    if existing:
        raise OutputExistsError(
            f"{', '.join(existing)} already {'exists' if len(existing) == 1 else 'exist'}",
            hint="name another folder with --out, or replace with --force",
        )


def _unwritable(folder: Path, error: OSError) -> OutputUnwritableError:
    return OutputUnwritableError(
        f"{folder} cannot be written: {(error.strerror or 'failure').lower()}", hint="name another folder with --out"
    )


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Makes `folder` for its owner alone, with what is missing above it; takes both away again on failure."""
    missing = list(takewhile(lambda path: not path.exists(), chain((folder,), folder.parents)))
    try:
        for path in reversed(missing):
            path.mkdir(_FOLDER_MODE, exist_ok=True)
        yield
    except BaseException:
        for path in missing:
            with contextlib.suppress(OSError):  # somebody else's file is in it
                path.rmdir()
        raise


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[str]:
    """Makes a folder inside `folder` for its owner alone, and takes it away at the end, whatever happens."""
    path = os.path.join(folder, f".certkit-{os.urandom(8).hex()}")
    try:
        os.mkdir(path, _FOLDER_MODE)
        yield path
    finally:
        try:
            shutil.rmtree(path, ignore_errors=True)
        except BaseException:  # interrupted in the middle of it: there may be a key in there
            shutil.rmtree(path, ignore_errors=True)
            raise


def _stage(files: Mapping[str, File], scratch: str, *, flush: bool) -> dict[str, str]:
    """Writes every content into `scratch`, to the disk itself where it will replace something; returns where each is."""
    staged = {}
    for name, file in files.items():
        if file.content is not None:
            staged[name] = os.path.join(scratch, name)
            _write(staged[name], file.content, _PRIVATE_MODE if file.is_private else _PUBLIC_MODE, flush=flush)
    return staged


def _write(path: str, content: bytes, mode: int, *, flush: bool) -> None:
    descriptor = os.open(path, _NEW, mode)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if flush:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _put_back_on_failure() -> Iterator[list[_Change]]:
    """Yields a list for the changes to come; undoes them, the last one first, if what follows fails."""
    changes: list[_Change] = []
    try:
        yield changes
    except BaseException:
        for change in reversed(changes):
            with contextlib.suppress(OSError):  # the others are to be put back all the same
                change.undo()
        raise


def _replace(change: _Change) -> None:
    """Gives the name its new content in one step, or takes the file away."""
    if os.path.lexists(change.target):
        _back_up(change.target, change.backup)
    if change.staged:
        os.replace(change.staged, change.target)
    else:
        change.target.unlink(missing_ok=True)


def _back_up(target: Path, backup: str) -> None:
    """Keeps what stands at `target`, a link as the link that it is.

    Raises:
        OutputUnwritableError: it is a folder.
    """
    if target.is_dir() and not target.is_symlink():
        raise OutputUnwritableError(f"{target} is a folder", hint="name another folder with --out")
    try:
        os.link(target, backup, follow_symlinks=False)
    except (OSError, NotImplementedError):
        target.rename(backup)  # a file system without hard links: the name is missing for a moment


def _place(change: _Change) -> None:
    """Gives a new file its name; unlike a rename, this never replaces what came there meanwhile."""
    if change.staged is None:
        return
    try:
        os.link(change.staged, change.target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: an empty file takes the place first
        os.close(os.open(change.target, _NEW, _PRIVATE_MODE))
        change.is_claimed = True
        os.replace(change.staged, change.target)
