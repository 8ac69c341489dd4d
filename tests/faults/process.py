"""Converges one certificate in a process of its own, to be killed: `python -m tests.faults.process PEM LEDGER`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certkit.apply import Patience
from certkit.aws.acm import Acm
from certkit.aws.sessions import Session
from certkit.bundle import Bundle
from certkit.converge import converge
from certkit.journal import Journal
from certkit.ledger.sqlite import SqliteLedger
from certkit.plan import Desired
from tests.aws.scene import ACCOUNT, HOME


def main(pem: Path, ledger: Path) -> int:
    """Converges on the real clock; what is late comes within a second here. Prints what came of it."""
    result = converge(
        Acm(Session(), HOME), desired(pem.read_bytes()), journal(ledger), Patience(seconds=5.0, settle_seconds=1.0)
    )
    print(result.action, result.arn, result.error)  # noqa: T201 -- the test reads it
    return 1 if result.error else 0


def journal(ledger: Path) -> Journal:
    """A hand in a ledger in a file."""
    return Journal(SqliteLedger(ledger, _now), "run", "arn:aws:iam::123456789012:user/ops", "import", _now)


def desired(pem: bytes) -> Desired:
    """What a PEM file of a key, a leaf and its chain holds, as `shop` with a tag."""
    leaf, *chain = x509.load_pem_x509_certificates(pem)
    private_key = load_pem_private_key(pem, None)
    bundle = Bundle(
        leaf=leaf,
        chain=tuple(chain),
        root=None,
        private_key=private_key,  # type: ignore[arg-type]  # of an elliptic curve
        is_complete=True,
        was_reordered=False,
        dropped=(),
        notes=(),
    )
    return Desired("shop", None, ACCOUNT, HOME, bundle, {"team": "web"})


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
