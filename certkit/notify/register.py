"""Who has been told of what."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from certkit.notify.book import Book
from certkit.notify.notice import Notice

NAME: Final = "* told *"


class Register(Book):
    """The notices that went out; see `Book`."""

    name = NAME
    command = "status"

    def new(self, channel: str, notices: Iterable[Notice]) -> tuple[Notice, ...]:
        """Returns those that have not been told on a channel.

        Raises:
            LedgerError, StateUnwritableError: the ledger cannot be read.
        """
        return tuple(notice for notice in notices if _key(channel, notice) not in self._told)

    def note(self, channel: str, notices: Sequence[Notice]) -> None:
        """Writes down what was told: after it was, so that what fails is told twice rather than never.

        Raises:
            LedgerError, StateUnwritableError: the ledger cannot be written.
        """
        for notice in notices:
            listed = notice.listed
            place = (listed.place, listed.account or "", listed.region or "")
            self._write(_key(channel, notice), place, f"{channel}: {notice.stage}")

    @cached_property
    def _told(self) -> frozenset[str]:
        """What was told, as it was when this was first asked."""
        return frozenset(entry.id for entry in self._ledger.entries(NAME))


def _key(channel: str, notice: Notice) -> str:
    """Returns what is the same for the same notice: a certificate that was renewed begins anew."""
    parts = (channel, notice.listed.place, notice.not_after.isoformat(), notice.stage)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
