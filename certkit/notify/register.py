"""Who has been told of what: kept in the ledger, which an ephemeral runner shares with the next one."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Final

from certkit.ledger import Entry, Ledger, Outcome
from certkit.notify.notice import Notice

NAME: Final = "* told *"
"""What the entries stand under in the ledger: no certificate is called that, for ACM takes no asterisk in a tag."""

ACTION: Final = "tell"


class Register:
    """The notices that went out, for each channel on its own: one that fails is tried again by the next run.

    Args:
        run: an identifier of the run.
        caller: the ARN of the caller's identity.
        now: the time, aware, UTC.
    """

    def __init__(self, ledger: Ledger, run: str, caller: str, now: Callable[[], dt.datetime]) -> None:
        self._ledger = ledger
        self._run = run
        self._caller = caller
        self._now = now
        self._told: set[str] | None = None

    def locked(self, seconds: float) -> AbstractContextManager[None]:
        """Keeps other runs from telling the same at the same time.

        Args:
            seconds: how long to wait for one that does.

        Raises:
            LockedError: one of them still does.
        """
        return self._ledger.lock(NAME, self._caller, seconds)

    def new(self, channel: str, notices: Iterable[Notice]) -> tuple[Notice, ...]:
        """Returns those that have not been told on a channel.

        Raises:
            LedgerError, StateUnwritableError: the ledger cannot be read.
        """
        if self._told is None:
            self._told = {entry.id for entry in self._ledger.entries(NAME)}
        told = self._told
        return tuple(notice for notice in notices if _key(channel, notice) not in told)

    def note(self, channel: str, notices: Sequence[Notice]) -> None:
        """Writes down what was told: after it was, so that what fails is told twice rather than never.

        Raises:
            LedgerError, StateUnwritableError: the ledger cannot be written.
        """
        for notice in notices:
            self._ledger.write(self._entry(channel, notice))

    def _entry(self, channel: str, notice: Notice) -> Entry:
        listed = notice.listed
        return Entry(
            id=_key(channel, notice),
            at=self._now(),
            run=self._run,
            caller=self._caller,
            command="status",
            name=NAME,
            account=listed.account or "",
            region=listed.region or "",
            action=ACTION,
            arn=listed.place,
            sha256="",
            chain_sha256=None,
            previous_sha256=None,
            outcome=Outcome.DONE,
            detail=f"{channel}: {notice.stage}",
        )


def _key(channel: str, notice: Notice) -> str:
    """Returns what is the same for the same notice: a certificate that was renewed begins anew."""
    parts = (channel, notice.listed.place, notice.not_after.isoformat(), notice.stage)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
