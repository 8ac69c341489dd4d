"""A book in the ledger of what was told to whom, which an ephemeral runner shares with the next one."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import ClassVar, Final

from certkit.ledger import Entry, Ledger, Outcome

ACTION: Final = "tell"


class Book:
    """What was told, for each channel on its own: one that fails is tried again by the next run.

    Attributes:
        name: what the entries stand under: no certificate is called that, for ACM takes no asterisk in a tag.
        command: which command tells.

    Args:
        run: an identifier of the run.
        caller: the ARN of the caller's identity, empty where nobody knows it.
        now: the time, aware, UTC.
    """

    name: ClassVar[str]
    command: ClassVar[str]

    def __init__(self, ledger: Ledger, run: str, caller: str, now: Callable[[], dt.datetime]) -> None:
        self._ledger = ledger
        self._run = run
        self._caller = caller
        self._now = now

    def locked(self, seconds: float) -> AbstractContextManager[None]:
        """Keeps other runs from telling the same at the same time.

        Args:
            seconds: how long to wait for one that does.

        Raises:
            LockedError: one of them still does.
        """
        return self._ledger.lock(self.name, self._caller, seconds)

    def _write(self, key: str, place: tuple[str, str, str], detail: str) -> None:
        """Writes down that something was told of a certificate: its name or ARN, its account and its region."""
        subject, account, region = place
        self._ledger.write(
            Entry(
                id=key,
                at=self._now(),
                run=self._run,
                caller=self._caller,
                command=self.command,
                name=self.name,
                account=account,
                region=region,
                action=ACTION,
                arn=subject,
                sha256="",
                chain_sha256=None,
                previous_sha256=None,
                outcome=Outcome.DONE,
                detail=detail,
            )
        )
