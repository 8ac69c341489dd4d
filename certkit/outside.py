"""Certificates that are not in ACM, as rows of the same list."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.inventory import Listed
from certkit.record import Summary

FILE: Final = "FILE"
ENDPOINT: Final = "ENDPOINT"
"""What stands as type, where ACM's are IMPORTED, AMAZON_ISSUED and PRIVATE."""


def leaves(ders: Iterable[bytes]) -> Iterator[x509.Certificate]:
    """Yields the certificates that are no CA's, each once; all of them where there are no others. No chain is built."""
    found = [one for one in map(x.load, dict.fromkeys(ders)) if one is not None]
    own = [one for one in found if not x.is_ca(one)]
    yield from own or found


def listed(leaf: x509.Certificate, source: str, kind: str, now: dt.datetime) -> Listed:
    """Returns a certificate from a SOURCE as a row of the list; what a server serves is in use."""
    not_before, not_after = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    key, issuer = x.public_key(leaf), x.issuer(leaf)
    summary = Summary(
        arn="",
        domain=next(iter(x.domains(leaf)), None),
        sans=x.sans(leaf),
        kind=kind,
        status="EXPIRED" if now > not_after else "ISSUED",
        key_algorithm=x.subject_key_algorithm(leaf),
        not_before=not_before,
        not_after=not_after,
        imported_at=None,
        in_use=kind == ENDPOINT,
        issuer=issuer.rfc4514_string() if issuer else None,
        serial=x.serial_text(x.serial_number(leaf)),
        spki_sha256=x.spki_fingerprint(key) if key else None,
        sha256=x.fingerprint(leaf),
    )
    return Listed(summary, None, None, source=source)
