"""Sets of files that change together or not at all, private ones 0600 from their first byte."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from certkit.errors import OutputExistsError, OutputUnwritableError

_PRIVATE_MODE: Final = 0o600
_PUBLIC_MODE: Final = 0o644
_FOLDER_MODE: Final = 0o700


@dataclass(frozen=True, slots=True)
class File:
    """What a file is to hold.

    Attributes:
        content: its bytes, or None where no such file may be left.
        is_private: whether only its owner may read it.
    """

    content: bytes | None = field(repr=False)
    is_private: bool = False


def write_set(folder: Path, files: Mapping[str, File], *, force: bool) -> None:
    """Writes `files` into `folder`, which is made if it is not there: all of them, or none.

    New content is complete beside the old before the first name changes; whatever then fails, interruption included,
    every name is put back, and folders made for it go again. Only a power cut or `kill -9` between two of the last
    renames, microseconds apart, can leave files of two sets.

    Args:
        force: whether files of these names may be replaced; without it they are never touched, not even in a race.

    Raises:
        OutputExistsError: a file is in the way and `force` is not set.
        OutputUnwritableError: the file system does not let it.
    """
    if not force:
        _refuse_existing([folder / name for name in files])
    try:
        with _made(folder), tempfile.TemporaryDirectory(prefix=".certkit-", dir=folder) as scratch:
            staged = _stage(files, Path(scratch), flush=force)
            with _put_back_on_failure() as done:
                for name in files:
                    if force:
                        _replace(folder / name, staged.get(name), Path(scratch, f"old-{name}"), done)
                    elif name in staged:
                        _place(folder / name, staged[name], done)
    except FileExistsError as error:
        _refuse_existing([folder / name for name in files])
        raise _unwritable(folder, error) from error
    except OSError as error:
        raise _unwritable(folder, error) from error


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
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    made: list[Path] = []
    try:
        for path in reversed(missing):
            path.mkdir(_FOLDER_MODE, exist_ok=True)
            made.append(path)
        yield
    except BaseException:
        for path in reversed(made):
            with contextlib.suppress(OSError):  # somebody else's file is in it
                path.rmdir()
        raise


def _stage(files: Mapping[str, File], scratch: Path, *, flush: bool) -> dict[str, Path]:
    """Writes every content into `scratch`, to the disk itself where it will replace something."""
    staged = {}
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for name, file in files.items():
        if file.content is None:
            continue
        staged[name] = scratch / name
        descriptor = os.open(staged[name], flags, _PRIVATE_MODE if file.is_private else _PUBLIC_MODE)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(file.content)
            if flush:
                stream.flush()
                os.fsync(stream.fileno())
    return staged


@contextlib.contextmanager
def _put_back_on_failure() -> Iterator[list[tuple[Path, Path | None]]]:
    """Yields a list of targets with the backups of what they held; puts those back if what follows fails."""
    done: list[tuple[Path, Path | None]] = []
    try:
        yield done
    except BaseException:
        for target, backup in reversed(done):
            if backup:
                backup.replace(target)
            else:
                target.unlink(missing_ok=True)
        raise


def _replace(target: Path, staged: Path | None, backup: Path, done: list[tuple[Path, Path | None]]) -> None:
    """Gives `target` its new content in one step, or takes the file away."""
    done.append((target, _back_up(target, backup)))
    if staged:
        staged.replace(target)
    else:
        target.unlink(missing_ok=True)


def _back_up(target: Path, backup: Path) -> Path | None:
    if not os.path.lexists(target):
        return None
    try:
        os.link(target, backup, follow_symlinks=False)
    except (OSError, NotImplementedError):
        if target.is_dir() and not target.is_symlink():
            raise
        target.rename(backup)  # a file system without hard links: the name is missing for a moment
    return backup


def _place(target: Path, staged: Path, done: list[tuple[Path, Path | None]]) -> None:
    """Gives a new file its name; unlike a rename, a link never replaces what came there meanwhile."""
    try:
        os.link(staged, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        staged.rename(target)
    done.append((target, None))
