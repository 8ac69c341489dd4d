"""What was fetched from addresses in certificates, kept on this machine for the next run.

Nothing in it is believed: who uses it verifies it. So whatever goes wrong with it costs another fetch, and no more.
"""

import contextlib
import datetime as dt
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certkit import limits
from certkit.completion import Recalled
from certkit.errors import OutputUnwritableError
from certkit.files import File, write_set

_MAX_AGE: Final = dt.timedelta(days=7)
"""How long an address is not asked again: CAs let their own answers be kept for a day to a month (RFC 9111, max-age)."""


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder with a file for each address, called by the address's SHA-256; its time is that of the fetch.

    Attributes:
        folder: made with the first file.
    """

    folder: Path
    now: dt.datetime

    def recall(self, url: str) -> Recalled | None:
        """Returns what was fetched from an address, None for nothing."""
        try:
            with self._path(url).open("rb") as file:
                answer = file.read(limits.MAX_FETCHED_BYTES)
                fetched = dt.datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, dt.UTC)
        except (OSError, OverflowError, ValueError):  # not there, or with a time that is none
            return None
        return Recalled(answer, is_fresh=dt.timedelta(0) <= self.now - fetched <= _MAX_AGE)

    def keep(self, url: str, answer: bytes) -> None:
        """Keeps what was fetched from an address, if the folder can be written."""
        path = self._path(url)
        with contextlib.suppress(OutputUnwritableError, OSError):  # it is fetched again
            write_set(self.folder, {path.name: File(answer)}, force=True)
            os.utime(path, (self.now.timestamp(), self.now.timestamp()))

    def _path(self, url: str) -> Path:
        return self.folder / hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
