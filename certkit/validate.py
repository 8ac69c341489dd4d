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
from certkit.formats import keys, pem, x509_der
from certkit.formats.keys import KeyFormat
from certkit.rules import Candidate
from certkit.trust import profile_of


def candidate_of(bundle: Bundle, now: dt.datetime, *, needs_key: bool = True) -> Candidate:
    """Returns the candidate that `import` would send for `bundle`.

    Args:
        needs_key: whether a missing key is a fault.
    """
    has_key = bundle.private_key is not None
    parts = encode_parts(bundle, KeyFormat.PKCS8) if has_key else encode_certificates(bundle)
    profile = profile_of(bundle.leaf, bundle.whole_chain)
    return Candidate(parts, bundle.leaf, bundle.chain, bundle.private_key, now, bundle, needs_key, profile)


def candidate_as_is(parts: Parts, now: dt.datetime, *, needs_key: bool = True, sends_chain: bool = False) -> Candidate:
    """Returns the candidate that these very bytes are; what cannot be parsed is left for the rules to find.

    Args:
        needs_key: whether a missing key is a fault; where it is not, the key is not looked at.
        sends_chain: whether the chain is sent though it be empty; else an empty one is none.
    """
    if not needs_key:
        parts = replace(parts, key=b"")
    private_key = _key(parts.key)
    leaf = _leaf(tuple(_certificates(parts.body)), private_key)
    chain = tuple(_certificates(parts.chain))
    profile = profile_of(leaf, chain)
    return Candidate(
        parts, leaf, chain, private_key, now, needs_key=needs_key, profile=profile, sends_chain=sends_chain
    )


def has_key_of(certificate: x509.Certificate, algorithm: bytes) -> bool:
    """Tells whether a certificate's key is of the kind, and on the curve, that an encoded AlgorithmIdentifier names."""
    try:
        found, *_ = x509_der.public_key_info(x.to_der(certificate)).parts()
    except ValueError:  # cryptography has parsed it, and forgives no more than certkit does
        return False
    return found.encoded == algorithm


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


def _leaf(found: tuple[x509.Certificate, ...], private_key: PrivateKey | None) -> x509.Certificate | None:
    """Returns the certificate that the key belongs to, else the first: several in one blob are a fault of their own."""
    if len(found) > 1 and private_key is not None:
        spki = x.spki(private_key.public_key())
        own = (one for one in found if (key := x.public_key(one)) is not None and x.spki(key) == spki)
        return next(own, found[0])
    return found[0] if found else None


def _key(blob: bytes) -> PrivateKey | None:
    blocks = [block for block in _blocks(blob) if block.label in pem.KEY_LABELS]
    if len(blocks) != 1:
        return None
    try:
        return keys.load(pem.decode(blocks[0]))
    except CertkitError:
        return None
