"""What was done, when and by whom: written before and after each write to AWS, never changed, without secrets."""

from certkit.ledger.entry import Entry, Ledger, Outcome
from certkit.ledger.null import NullLedger

__all__ = ["Entry", "Ledger", "NullLedger", "Outcome"]
