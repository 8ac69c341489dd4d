"""An escrow in a folder of this machine, for bundles that are closed to a key."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from certkit import limits
from certkit.errors import EscrowError, EscrowUnreadableError, OutputExistsError, OutputUnwritableError
from certkit.files import File, write_set


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Deposits as files for their owner alone. The content MUST be closed: nothing here encrypts."""

    root: Path

    def check(self) -> None:
        """Checks, without a write, that files can be put here, or that the folder can be made.

        Raises:
            EscrowError: the file system does not let it.
        """
        there = next(path for path in (self.root, *self.root.absolute().parents) if path.exists())
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            raise EscrowError(f"the escrow: {there} cannot be written", hint="name another folder for the escrow")

    def put(self, path: str, kept: bytes) -> None:
        """Writes a new file; see `Store`."""
        target = self.root / path
        try:
            write_set(target.parent, {target.name: File(kept, is_private=True)}, force=False)
        except (OutputExistsError, OutputUnwritableError) as error:
            raise EscrowError(f"the escrow: {error.message}", hint="name another folder for the escrow") from error

    def get(self, path: str) -> bytes:
        """Reads a file; see `Store`."""
        try:
            with (self.root / path).open("rb") as file:
                kept = file.read(limits.MAX_ESCROW_BYTES + 1)
        except OSError as error:
            raise _unreadable(self.root / path, error) from error
        if len(kept) > limits.MAX_ESCROW_BYTES:
            raise EscrowUnreadableError(f"{path}: it is larger than any deposit")
        return kept

    def files(self, folder: str) -> Iterator[str]:
        """Yields names; see `Store`."""
        try:
            yield from sorted(path.name for path in (self.root / folder).iterdir())
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unreadable(self.root / folder, error) from error


def _unreadable(path: Path, error: OSError) -> EscrowUnreadableError:
    return EscrowUnreadableError(f"the escrow: {path}: {(error.strerror or 'it cannot be read').lower()}")
