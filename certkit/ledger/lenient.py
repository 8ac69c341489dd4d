"""A ledger that cannot be reached stops a run before it writes, unless a certificate would expire because of that."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from certkit.errors import LedgerError, StateUnwritableError
from certkit.ledger.entry import Entry, Ledger

LAST_SHARE: Final = 0.1
"""Within this share of its lifetime a certificate matters more than its record."""

_UNUSABLE: Final = (LedgerError, StateUnwritableError)


def may_go_on(not_before: dt.datetime, not_after: dt.datetime, now: dt.datetime) -> bool:
    """Tells whether the certificate that ACM holds is in the last tenth of its lifetime, or past it."""
    return not_after - now <= (not_after - not_before) * LAST_SHARE


class LenientLedger:
    """A ledger whose failures are only told of where the certificate cannot wait.

    A lock that somebody else holds is no such failure, nor is a contradiction.

    Args:
        cannot_wait: asked at each failure; see `may_go_on`.
        warn: told, once for each failure, that the run goes on without the ledger.
    """

    def __init__(self, ledger: Ledger, cannot_wait: Callable[[], bool], warn: Callable[[str], None]) -> None:
        self._ledger = ledger
        self._cannot_wait = cannot_wait
        self._warn = warn
        self._told: set[str] = set()

    def write(self, entry: Entry) -> None:
        """Keeps an entry, if it can be kept; see `Ledger`."""
        try:
            self._ledger.write(entry)
        except _UNUSABLE as error:
            self._forgive(error)

    def entries(self, name: str | None = None) -> Iterator[Entry]:
        """Yields entries, none where they cannot be read; see `Ledger`."""
        try:
            return iter(tuple(self._ledger.entries(name)))
        except _UNUSABLE as error:
            self._forgive(error)
            return iter(())

    def open_intents(self, account: str, region: str) -> tuple[Entry, ...]:
        """Returns the open intents, none where they cannot be read; see `Ledger`."""
        try:
            return self._ledger.open_intents(account, region)
        except _UNUSABLE as error:
            self._forgive(error)
            return ()

    @contextmanager
    def lock(self, key: str, who: str, timeout: float) -> Iterator[None]:
        """Holds a lock, if there can be one; see `Ledger`."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._ledger.lock(key, who, timeout))
            except _UNUSABLE as error:
                self._forgive(error)
            yield

    def _forgive(self, error: LedgerError | StateUnwritableError) -> None:
        if not self._cannot_wait():
            raise error
        if error.message not in self._told:
            self._told.add(error.message)
            self._warn(f"the certificate in ACM cannot wait, certkit goes on without the ledger: {error.message}")
