"""What a ledger remembers of one certificate in one region: where it stands, and what was tried."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.ledger import Entry, Ledger, Outcome
from certkit.plan import Desired

DELETE: Final = "delete"
FOUND: Final = "found"
"""The action of an entry that only notes what ACM holds, where the ledger said otherwise: another host's work, say."""

GONE: Final = "gone"
"""The action of an entry that notes that ACM no longer holds what the ledger said."""

REPOINT: Final = "repoint"
"""The action of an entry on a user of certificates that was to name the ARN: ACM itself is not written."""

_HOLDING: Final = frozenset({"import", "reimport", "tag", FOUND})
_LOSING: Final = frozenset({DELETE, GONE})


@dataclass(frozen=True, slots=True)
class Memory:
    """What a ledger remembers; without one, nothing.

    Attributes:
        held: the fingerprint of the leaf that ACM held last under each ARN.
        made: the ARNs that certkit imported.
        resent: what was sent for the sake of the chain alone: ARN, leaf and chain.
    """

    held: tuple[tuple[str, str], ...] = ()
    made: frozenset[str] = frozenset()
    resent: frozenset[tuple[str, str, str | None]] = frozenset()

    @property
    def arns(self) -> tuple[str, ...]:
        """Where it stood last; there may have been two."""
        return tuple(arn for arn, _ in self.held)

    def has_resent(self, arn: str, leaf: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> bool:
        """Tells whether just this chain was sent to `arn` again, under a leaf that was there already."""
        return (arn, x.fingerprint(leaf), chain_sha256(chain)) in self.resent


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
    held: dict[str, str] = {}
    made, resent = set(), set()
    for arn, entry in _done(entries):
        if entry.action in _HOLDING:
            held[arn] = entry.sha256
        elif entry.action in _LOSING:
            held.pop(arn, None)
        if entry.action == "import":
            made.add(arn)
        if entry.action == "reimport" and entry.sha256 == entry.previous_sha256:
            resent.add((arn, entry.sha256, entry.chain_sha256))
    return Memory(tuple(held.items()), frozenset(made), frozenset(resent))


def chain_sha256(chain: tuple[x509.Certificate, ...]) -> str | None:
    """Returns the fingerprint of a whole chain, over the DER of its certificates in their order; None for none."""
    return hashlib.sha256(b"".join(map(x.to_der, chain))).hexdigest() if chain else None


def _done(entries: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    for entry in entries:
        if entry.outcome is Outcome.DONE and entry.arn is not None:
            yield entry.arn, entry
