"""The ledger of `--no-ledger`: it remembers nothing and locks nothing."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

from certkit.ledger.entry import Entry


class NullLedger:
    """A ledger in which nothing is kept."""

    def __str__(self) -> str:
        """Returns where it is."""
        return "no ledger"

    def write(self, entry: Entry) -> None:
        """Forgets the entry."""

    def entries(self, name: str | None = None) -> Iterator[Entry]:
        """Yields nothing."""
        del name
        return iter(())

    def open_intents(self, account: str, region: str) -> tuple[Entry, ...]:
        """Returns nothing."""
        del account, region
        return ()

    def lock(self, key: str, who: str, timeout: float) -> AbstractContextManager[None]:
        """Holds nothing."""
        del key, who, timeout
        return nullcontext()
