"""Entries put together again: one write to AWS, from its intent to what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from certkit.ledger.entry import Entry, Outcome

OPEN: Final = "open"
"""What is said of a write of which the ledger holds the intent alone."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write.

    Attributes:
        first: its oldest entry, the intent as a rule.
        last: its newest.
    """

    first: Entry
    last: Entry

    @property
    def outcome(self) -> str:
        """`done`, `failed`, `unknown` or `open`."""
        return OPEN if self.last.outcome is Outcome.INTENT else self.last.outcome.value

    @property
    def is_settled(self) -> bool:
        """Whether it is known what came of it."""
        return self.last.outcome.is_settled


def newest_first(entries: Iterable[Entry]) -> tuple[Write, ...]:
    """Returns the writes that `entries`, oldest first, tell of, the one that began last in front."""
    writes: dict[str, Write] = {}
    for entry in entries:
        begun = writes.get(entry.id)
        writes[entry.id] = Write(begun.first if begun else entry, entry)
    return tuple(reversed(writes.values()))
