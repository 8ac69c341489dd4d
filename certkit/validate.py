"""What would be sent to ACM, as a candidate for the rules to judge."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from cryptography import x509

from certkit import certificate as x
from certkit.assembly import encode_certificates, encode_parts
from certkit.bundle import Bundle, Parts
from certkit.contents import PrivateKey
from certkit.errors import CertkitError
from certkit.formats import keys, pem
from certkit.formats.keys import KeyFormat
from certkit.rules import Candidate


def candidate_of(bundle: Bundle, now: dt.datetime, *, needs_key: bool = True) -> Candidate:
    """Returns the candidate that `import` would send for `bundle`.

    Args:
        needs_key: whether a missing key is a fault.
    """
    has_key = bundle.private_key is not None
    parts = encode_parts(bundle, KeyFormat.PKCS8) if has_key else encode_certificates(bundle)
    return Candidate(parts, bundle.leaf, bundle.chain, bundle.private_key, now, bundle, needs_key)


def candidate_as_is(parts: Parts, now: dt.datetime, *, needs_key: bool = True) -> Candidate:
    """Returns the candidate that these very bytes are; what cannot be parsed is left for the rules to find.

    Args:
        needs_key: whether a missing key is a fault; where it is not, the key is not looked at.
    """
    if not needs_key:
        parts = replace(parts, key=b"")
    leaf = next(_certificates(parts.body), None)
    return Candidate(parts, leaf, tuple(_certificates(parts.chain)), _key(parts.key), now, needs_key=needs_key)


def _blocks(blob: bytes) -> Iterator[pem.Block]:
    try:
        yield from pem.blocks(blob)
    except CertkitError:
        return


def _certificates(blob: bytes) -> Iterator[x509.Certificate]:
    for block in _blocks(blob):
        if block.label == "CERTIFICATE":
            try:
                certificate = x.load(pem.decode(block))
            except CertkitError:
                continue
            if certificate:
                yield certificate


def _key(blob: bytes) -> PrivateKey | None:
    for block in _blocks(blob):
        if block.label in pem.KEY_LABELS:
            try:
                return keys.load(pem.decode(block))
            except CertkitError:
                return None
    return None
