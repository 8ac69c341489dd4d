"""For each rule a candidate that breaks it and no other, and candidates that break none."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certkit.assembly import Wishes, assemble
from certkit.bundle import Addition, Parts
from certkit.contents import CertificateEntry, Contents, KeyEntry
from certkit.formats import pem
from certkit.hosts import parse
from certkit.password import Passwords
from certkit.rules import Candidate
from certkit.validate import candidate_as_is, candidate_of
from tests.issuing import (
    CLIENT_AUTH,
    Issued,
    Request,
    altered,
    as_version_1,
    ca_request,
    join_pem,
    make_chain,
    make_root,
    self_signed,
    signed_with_sha1,
)
from tests.rules import public

NOW: Final = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
SECOND: Final = dt.timedelta(seconds=1)
SERVER: Final = Request(sans=("shop.example.com",))
LEAF: Final = make_chain(leaf=SERVER)
RSA_ROOT: Final = make_root("RSA Root", key=("RSA_2048", 30))
COMMENT: Final = b"a comment of openssl's\n"
EC_PARAMETERS: Final = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
PUBLIC_KEY: Final = b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
PRIME256V1: Final = bytes.fromhex("06082a8648ce3d030107")
UNKNOWN_CURVE: Final = bytes.fromhex("06082a8648ce3d03017f")
CA: Final = ca_request("Issuing", key=("EC_prime256v1", 31))
UNKNOWN: Final = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
UNREADABLE: Final = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.37"), b"\x04\x01x")


def parts_of(issued: Issued) -> Parts:
    """The three parts of a certificate with its chain, in order."""
    return Parts(issued.pem, issued.key_pem, issued.chain_pem if issued.issuer else b"")


def padded(blob: bytes, size: int) -> bytes:
    """The same PEM behind so much text that the whole is of this size."""
    return (COMMENT * size)[: size - len(blob) - 1] + b"\n" + blob


def only_for(*names: str) -> x509.NameConstraints:
    """Name constraints that permit these domains and those below them."""
    return x509.NameConstraints([x509.DNSName(name) for name in names], None)


def as_is(parts: Parts, *, needs_key: bool = True) -> Candidate:
    """The bytes themselves as a candidate."""
    return candidate_as_is(parts, NOW, needs_key=needs_key)


def issued(request: Request) -> Candidate:
    """A certificate under the intermediate of all others, as a candidate."""
    return as_is(parts_of(make_chain(leaf=request)))


def mended(*found: Issued | bytes, wishes: Wishes | None = None, kind: str = "pem") -> Candidate:
    """What import would send for the certificates and the key of `LEAF`."""
    entries = [CertificateEntry(one if isinstance(one, bytes) else one.der) for one in found]
    keys: tuple[KeyEntry, ...] = pem.read(LEAF.key_pem, Passwords()).keys
    return candidate_of(assemble(Contents(kind, tuple(entries), keys), NOW, wishes), NOW)


def _with(**changes: bytes) -> Candidate:
    return as_is(replace(parts_of(LEAF), **changes))


def _under_an_expired_intermediate() -> Candidate:
    request = replace(ca_request("Lapsed", key=("EC_prime256v1", 31)), not_after=NOW - SECOND)
    return as_is(parts_of(make_root().issue(request).issue(SERVER)))


def _under_a_nameless_ca() -> Candidate:
    nameless = self_signed(Request(common_name=None, key=("EC_prime256v1", 31), is_ca=True))
    return as_is(parts_of(nameless.issue(SERVER)))


def _of_version_1() -> Candidate:
    old = self_signed(Request())
    return as_is(Parts(as_version_1(old), old.key_pem))


def _with_a_fork(not_after: dt.datetime) -> Candidate:
    issuing, root = LEAF.issuers
    request = ca_request("Example Intermediate 0", key=("EC_prime256v1", 11))
    other = root.issue(replace(request, not_before=NOW - dt.timedelta(days=9999), not_after=not_after))
    return mended(LEAF, issuing, other)


def under(*requests: Request, leaf: Request = SERVER) -> Candidate:
    """A certificate under CAs of its own, the topmost first, as a candidate."""
    issuer = make_root()
    for request in requests:
        issuer = issuer.issue(request)
    return as_is(parts_of(issuer.issue(leaf)))


def _under_an_unknown_curve() -> Candidate:
    issuer = altered(LEAF.issuers[0], (PRIME256V1, UNKNOWN_CURVE))
    return _with(chain=issuer.public_bytes(Encoding.PEM))


def _not_completed() -> Candidate:
    candidate = mended(LEAF, LEAF.issuers[0])
    assert candidate.bundle
    return replace(
        candidate, bundle=candidate.bundle._replace(incomplete=("http://ca.example/ answers with status 404",))
    )


def _long_url() -> str:
    return "http://ocsp.example.com/".ljust(1001, "a")


BREACHES: Final[Mapping[str, Candidate]] = {
    "no-key": _with(key=b""),
    "key-mismatch": _with(key=self_signed(Request(key=("EC_prime256v1", 32))).key_pem),
    "key-algorithm-unsupported": issued(replace(SERVER, key=("EC_secp256k1", 0))),
    "certificate-not-version-3": _of_version_1(),
    "certificate-partly-unreadable": issued(replace(SERVER, extensions=(UNREADABLE,))),
    "certificate-expired": issued(replace(SERVER, not_after=NOW - SECOND)),
    "certificate-not-yet-valid": issued(replace(SERVER, not_before=NOW + SECOND)),
    "issuer-empty": _under_a_nameless_ca(),
    "ocsp-url-too-long": issued(replace(SERVER, ocsp_url=_long_url())),
    "leaf-in-chain": _with(chain=LEAF.pem + LEAF.chain_pem),
    "chain-not-in-order": _with(chain=join_pem(reversed(LEAF.issuers))),
    "chain-missing": _with(chain=b""),
    "chain-certificate-expired": _under_an_expired_intermediate(),
    "chain-signature-unchecked": _under_an_unknown_curve(),
    "issuer-not-a-ca": under(replace(CA, is_ca=False)),
    "path-length-exceeded": under(replace(CA, path_length=0), replace(CA, common_name="Lower")),
    "name-not-permitted": under(replace(CA, extensions=(only_for("other.example"),))),
    "critical-extension-unknown": issued(replace(SERVER, critical_extensions=(UNKNOWN,))),
    "key-family-differs-from-issuer": issued(replace(SERVER, key=("RSA_2048", 0))),
    "no-domain-name": issued(Request(common_name="Shop", sans=("192.0.2.1",))),
    "no-subject-alternative-name": issued(Request()),
    "weak-key": as_is(parts_of(RSA_ROOT.issue(replace(SERVER, key=("RSA_1024", 0))))),
    "weak-signature": _with(body=signed_with_sha1(LEAF)),
    "body-too-large": _with(body=padded(LEAF.pem, 32_769)),
    "key-too-large": _with(key=padded(LEAF.key_pem, 8_193)),
    "key-over-documented-size": _with(key=padded(LEAF.key_pem, 5_121)),
    "chain-too-large": _with(chain=padded(LEAF.chain_pem, 2_097_153)),
    "body-not-one-certificate": _with(body=LEAF.pem + LEAF.chain_pem),
    "chain-empty": candidate_as_is(replace(parts_of(LEAF), chain=b""), NOW, sends_chain=True),
    "chain-not-certificates": _with(chain=LEAF.chain_pem + PUBLIC_KEY),
    "key-encrypted": _with(key=LEAF.encrypted_key_pem(b"secret")),
    "key-not-one-key": _with(key=LEAF.key_pem * 2),
    "trailing-blanks": _with(body=LEAF.pem.replace(b"\n", b" \n", 2)),
    "pem-edited": _with(chain=LEAF.chain_pem.replace(b"\n", b"\n\n", 3)),
    "chain-reordered": mended(LEAF.issuers[0], LEAF),
    "chain-completed": mended(LEAF, wishes=Wishes(additions=(Addition(LEAF.issuers[0].certificate, "ca.pem"),))),
    "chain-not-completed": _not_completed(),
    "leaf-copy-removed": mended(LEAF, LEAF, LEAF.issuers[0]),
    "duplicate-removed": mended(LEAF, LEAF.issuers[0], LEAF.issuers[0]),
    "root-removed": mended(LEAF, *LEAF.issuers),
    "unrelated-removed": mended(LEAF, LEAF.issuers[0], RSA_ROOT),
    "alternative-removed": _with_a_fork(NOW + SECOND),
    "expired-removed": _with_a_fork(NOW - SECOND),
    "unreadable-removed": mended(LEAF, b"no DER at all", LEAF.issuers[0]),
    "host-not-covered": replace(_with(), hosts=(parse("www.example.com"),)),
    **public.BREACHES,
}
"""By rule, a candidate that breaks this one alone."""

GOOD: Final[Mapping[str, Candidate]] = {
    "in order": _with(),
    "as import sends it": mended(LEAF, LEAF.issuers[0]),
    "a PFX in any order": mended(LEAF.issuers[0], LEAF, kind="pkcs12"),
    "with its root": _with(chain=LEAF.full_chain_pem),
    "with its root, as asked for": mended(LEAF, *LEAF.issuers, wishes=Wishes(include_root=True)),
    "of a private CA of two tiers": as_is(parts_of(make_root().issue(SERVER))),
    "self-signed": as_is(parts_of(self_signed(SERVER))),
    "self-signed with SHA-1": as_is(Parts(signed_with_sha1(self_signed(SERVER)), LEAF.key_pem)),
    "RSA under RSA": as_is(parts_of(RSA_ROOT.issue(replace(SERVER, key=("RSA_2048", 0))))),
    "P-521": issued(replace(SERVER, key=("EC_secp521r1", 0))),
    "a CA with a domain": issued(replace(SERVER, is_ca=True)),
    "a CA without alternative names": issued(Request(is_ca=True)),
    "for clients": issued(replace(SERVER, extended_key_usages=(CLIENT_AUTH,))),
    "a wildcard": issued(Request(common_name=None, sans=("*.example.com",))),
    "a SEC1 key": _with(key=LEAF.traditional_key_pem),
    "a SEC1 key behind its parameters": _with(key=EC_PARAMETERS + LEAF.traditional_key_pem),
    "CRLF": _with(body=LEAF.pem.replace(b"\n", b"\r\n")),
    "no last line end": _with(body=LEAF.pem.rstrip(), key=LEAF.key_pem.rstrip(), chain=LEAF.chain_pem.rstrip()),
    "text with blanks before a block": _with(body=b"localKeyID: 54 69 \n" + LEAF.pem),
    "valid to this second": issued(replace(SERVER, not_after=NOW)),
    "valid from this second": issued(replace(SERVER, not_before=NOW)),
    "the longest OCSP URL": issued(replace(SERVER, ocsp_url=_long_url()[:-1])),
    "the largest body": _with(body=padded(LEAF.pem, 32_768)),
    "the largest key": _with(key=padded(LEAF.key_pem, 5_120)),
    "the largest chain": _with(chain=padded(LEAF.chain_pem, 2_097_152)),
    "without a key that is not needed": as_is(replace(parts_of(LEAF), key=b""), needs_key=False),
    "with a bad key that is not looked at": as_is(replace(parts_of(LEAF), key=b"junk"), needs_key=False),
    "with the host that is asked for": replace(_with(), hosts=(parse("SHOP.example.com"),)),
    **public.GOOD,
}
"""Candidates in which no rule finds anything."""
