"""What was rolled back from is held: it is not put back while a SOURCE still gives it, unless somebody says so. No I/O."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from cryptography import x509

from certkit import expiry
from certkit.errors import HeldError
from certkit.expiry import Urgency

_SHORT: Final = 12
"""Digits of a fingerprint that tell certificates apart at a glance."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A bundle that was rolled back from.

    Attributes:
        sha256: of its leaf.
        chains: the fingerprint of the chain that it stood there with, None for no chain; empty where nobody knows.
        at: when it was rolled back from, aware, UTC.
        caller: the ARN of whoever did it.
    """

    sha256: str
    chains: tuple[str | None, ...]
    at: dt.datetime
    caller: str

    def is_of(self, sha256: str, chain_sha256: str | None) -> bool:
        """Tells whether it holds a bundle, by the fingerprints of its leaf and its chain: a mended chain is another one."""
        return sha256 == self.sha256 and (not self.chains or chain_sha256 in self.chains)

    def __str__(self) -> str:
        """Returns what was done, when and by whom."""
        who = self.caller.rpartition(":")[2]
        return f"{self.sha256[:_SHORT]} was rolled back from on {self.at:%Y-%m-%dT%H:%M:%SZ} by {who}"

    def told(self, name: str) -> str:
        """Returns the same, and what ends it."""
        return f"{self}: {_way_out(name)}"


def check_lasting(hold: Hold, name: str, standing: x509.Certificate, now: dt.datetime) -> None:
    """Checks that what was rolled back to lasts: a hold that nobody remembers would end with a certificate that expires.

    Which of the two is the lesser evil is no program's to say: near its end it fails, night after night, and writes nothing.

    Raises:
        HeldError: what ACM holds is critical, or has expired.
    """
    before, after = standing.not_valid_before_utc, standing.not_valid_after_utc
    if expiry.urgency(before, after, now) in {Urgency.CRITICAL, Urgency.EXPIRED}:
        raise HeldError(
            f"what ACM holds expires on {after:%Y-%m-%dT%H:%M:%SZ}, and the SOURCE still gives what is held: {hold};"
            " nothing was written",
            hint=_way_out(name),
        )


def _way_out(name: str) -> str:
    return f"mend the SOURCE, or let it pass with certkit apply --allow {name}"
