"""What a ledger remembers of one certificate in one region: where it stands, and what was tried."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.hold import Hold
from certkit.ledger import Entry, Ledger, Outcome
from certkit.plan import Desired

DELETE: Final = "delete"
FOUND: Final = "found"
"""The action of an entry that only notes what ACM holds, where the ledger said otherwise: another host's work, say."""

GONE: Final = "gone"
"""The action of an entry that notes that ACM no longer holds what the ledger said."""

REPOINT: Final = "repoint"
"""The action of an entry on a user of certificates that was to name the ARN: ACM itself is not written."""

ROLLBACK: Final = "rollback"
"""The command that puts back what stood before."""

_HOLDING: Final = frozenset({"import", "reimport", "tag", FOUND})
_PUTTING: Final = frozenset({"import", "reimport"})
_LOSING: Final = frozenset({DELETE, GONE})


@dataclass(frozen=True, slots=True)
class Memory:
    """What a ledger remembers; without one, nothing.

    Attributes:
        held: the fingerprint of the leaf that ACM held last under each ARN.
        made: the ARNs that certkit imported.
        resent: what was sent for the sake of the chain alone: ARN, leaf and chain.
        holds: what was rolled back from since something was last put there otherwise.
    """

    held: tuple[tuple[str, str], ...] = ()
    made: frozenset[str] = frozenset()
    resent: frozenset[tuple[str, str, str | None]] = frozenset()
    holds: tuple[Hold, ...] = ()

    @property
    def arns(self) -> tuple[str, ...]:
        """Where it stood last; there may have been two."""
        return tuple(arn for arn, _ in self.held)

    def has_resent(self, arn: str, leaf: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> bool:
        """Tells whether just this chain was sent to `arn` again, under a leaf that was there already."""
        return (arn, x.fingerprint(leaf), chain_sha256(chain)) in self.resent

    def hold_on(self, leaf: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> Hold | None:
        """Returns the hold on just this leaf with just this chain, None where it may be put there."""
        own = (x.fingerprint(leaf), chain_sha256(chain))
        return next((hold for hold in self.holds if hold.is_of(*own)), None)


def recall(ledger: Ledger, desired: Desired) -> Memory:
    """Returns what the ledger remembers of a desired certificate.

    Raises:
        LedgerError, StateUnwritableError: it cannot be read.
    """
    return remember(entry for entry in ledger.entries(desired.name) if is_about(entry, desired))


def is_about(entry: Entry, desired: Desired) -> bool:
    """Tells whether an entry is about a desired certificate: by its name, or by the ARN where it has none."""
    if (entry.account, entry.region) != (desired.account, desired.region):
        return False
    return entry.name == desired.name if desired.name else entry.arn == desired.arn


def remember(entries: Iterable[Entry]) -> Memory:
    """Returns what entries, the oldest first, say of the one certificate that they are about."""
    listed = tuple(entries)
    held: dict[str, str] = {}
    made, resent = set(), set()
    for arn, entry in _done(listed):
        if entry.action in _HOLDING:
            held[arn] = entry.sha256
        elif entry.action in _LOSING:
            held.pop(arn, None)
        if entry.action == "import":
            made.add(arn)
        if entry.action == "reimport" and entry.sha256 == entry.previous_sha256:
            resent.add((arn, entry.sha256, entry.chain_sha256))
    return Memory(tuple(held.items()), frozenset(made), frozenset(resent), _holds(listed))


def chain_sha256(chain: tuple[x509.Certificate, ...]) -> str | None:
    """Returns the fingerprint of a whole chain, over the DER of its certificates in their order; None for none."""
    return hashlib.sha256(b"".join(map(x.to_der, chain))).hexdigest() if chain else None


def _holds(entries: Iterable[Entry]) -> tuple[Hold, ...]:
    """Returns what was rolled back from; rollbacks count of which nobody knows the end yet, since ACM may have done them.

    They add up: after one from C to B and one to A, neither C nor B comes back. Anything else that is put there ends all
    of them, and what stands there again was not rolled back from any more.
    """
    holds: list[Hold] = []
    chains: dict[str, str | None] = {}
    latest = {entry.id: entry for entry in entries}  # of each write the newest entry, in the order in which they began
    for entry in latest.values():
        if entry.action not in _HOLDING or entry.outcome is Outcome.FAILED:
            continue
        if entry.command == ROLLBACK and entry.action == "reimport":
            left = entry.previous_sha256 or ""
            holds.append(Hold(left, (chains[left],) if left in chains else (), entry.at, entry.caller))
        elif entry.outcome is not Outcome.DONE:
            continue
        elif entry.action in _PUTTING:
            holds.clear()
        if entry.action != FOUND:
            chains[entry.sha256] = entry.chain_sha256
        holds = [hold for hold in holds if not hold.is_of(entry.sha256, entry.chain_sha256)]
    return tuple(holds)


def _done(entries: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    for entry in entries:
        if entry.outcome is Outcome.DONE and entry.arn is not None:
            yield entry.arn, entry
