"""Statuses of earlier runs, in the folder of state: what `status --since` compares with."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from certkit import changes, limits
from certkit.errors import CertkitError, InputTooLargeError, InputUnreadableError
from certkit.files import File, write_set

_KEPT: Final = 60
"""Statuses of one question: two months of a daily run; one of 10,000 certificates takes 6 MB."""

_TIME: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The statuses of one question, each in a file called by its time.

    Attributes:
        folder: made with the first file.
    """

    folder: Path

    def before(self, moment: dt.datetime) -> Mapping[str, Any] | None:
        """Returns the newest status of that moment or before; None where there is none. One that is damaged is passed over."""
        for path in sorted(self._files(), reverse=True):
            if _time(path) <= moment:
                try:
                    return read(path)
                except CertkitError:
                    continue
        return None

    def keep(self, document: Mapping[str, object], at: dt.datetime) -> None:
        """Keeps a status, and of all no more than the newest of them.

        Raises:
            OutputUnwritableError: the folder cannot be written.
        """
        name = f"{at.astimezone(dt.UTC):{_TIME}}.json"
        content = json.dumps(document, separators=(",", ":")).encode()
        write_set(self.folder, {name: File(content, is_private=True)}, force=True)
        for path in sorted(self._files())[:-_KEPT]:
            path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        try:
            return [path for path in self.folder.glob("*.json") if _is_time(path.stem)]
        except OSError:
            return []


def of_question(folder: Path, question: object) -> Snapshots:
    """Returns the statuses that answer the same question: the same options, asked by the same account."""
    return Snapshots(folder / "status" / hashlib.sha256(repr(question).encode()).hexdigest()[:16])


def read(path: Path) -> Mapping[str, Any]:
    """Reads a status from a file.

    Raises:
        InputUnreadableError: it cannot be read, or is none.
        InputTooLargeError: it is larger than any.
    """
    try:
        with path.open("rb") as file:
            content = file.read(limits.MAX_STATUS_BYTES + 1)
    except OSError as error:
        raise InputUnreadableError(f"{path}: {(error.strerror or 'it cannot be read').lower()}") from error
    if len(content) > limits.MAX_STATUS_BYTES:
        raise InputTooLargeError(f"{path}: it has more than {limits.MAX_STATUS_BYTES >> 20} MiB, which no status has")
    try:
        return changes.read(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputUnreadableError(f"{path}: it is no text in UTF-8") from error
    except CertkitError as error:
        raise error.about(str(path)) from error


def _time(path: Path) -> dt.datetime:
    return dt.datetime.strptime(path.stem, _TIME).replace(tzinfo=dt.UTC)


def _is_time(text: str) -> bool:
    try:
        dt.datetime.strptime(text, _TIME).replace(tzinfo=dt.UTC)
    except ValueError:
        return False
    return True
