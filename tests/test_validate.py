"""What would be sent to ACM: the same verdict here as from the strict ACM, and every difference explained."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certkit.assembly import assemble
from certkit.bundle import Parts
from certkit.contents import CertificateEntry, Contents
from certkit.rules import Candidate, Severity, judge
from certkit.testing import serve
from certkit.testing.environment import foreign_variables
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
    with_broken_signature,
)
from tests.rules.cases import BREACHES, GOOD, LEAF, NOW, RSA_ROOT, SECOND, SERVER, padded, parts_of
from tests.testing.conftest import UNCHECKED

EC_PARAMETERS: Final = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
DEK_INFO: Final = b"KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"
RSA_KEY: Final = bytes.fromhex("300d06092a864886f70d0101010500")
PSS_KEY: Final = bytes.fromhex("300d06092a864886f70d01010a3000")
UNREADABLE_SANS: Final = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x04\x01x")
OTHER_NAME: Final = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "EXAMPLE ROOT")])


def leaf(request: Request = SERVER, **changes: Any) -> Issued:
    return make_chain(leaf=replace(request, **changes))


def sent(**changes: bytes) -> Parts:
    return replace(parts_of(LEAF), **changes)


def issued(**changes: Any) -> Parts:
    return parts_of(leaf(**changes))


def alone(blob: bytes, key: bytes = LEAF.key_pem) -> Parts:
    return Parts(blob, key)


def with_pss_key() -> Parts:
    rsa_leaf = leaf(key=("RSA_2048", 0))
    return replace(parts_of(rsa_leaf), body=altered(rsa_leaf, (RSA_KEY, PSS_KEY)).public_bytes(Encoding.PEM))


def with_rsa_key_of_8192_bits() -> Parts:
    """A certificate for a modulus that nobody has the factors of: to make such a key takes a minute."""
    key = rsa.RSAPublicNumbers(65537, (1 << 8191) + 1).public_key()
    signed = LEAF.certificate
    validity = (signed.not_valid_before_utc, signed.not_valid_after_utc)
    builder = x509.CertificateBuilder(signed.issuer, signed.subject, key, signed.serial_number, *validity)
    body = builder.sign(LEAF.issuers[0].private_key, hashes.SHA256()).public_bytes(Encoding.PEM)
    return replace(parts_of(LEAF), body=body)


def under(ca: Issued, **changes: Any) -> Parts:
    return parts_of(ca.issue(replace(SERVER, **changes)))


def with_subject_that_is_not_unicode() -> Parts:
    odd = leaf(sans=("b.example.com",))
    body = altered(odd, (b"shop.example.com", b"\xff\xfeop.example.com")).public_bytes(Encoding.PEM)
    return replace(parts_of(odd), body=body)


FIRST, SECOND_UP, ROOT = make_chain(intermediates=2).issuers
LONG: Final = FIRST.issue(SERVER)
PUBLIC_KEY: Final = LEAF.certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
LAPSED: Final = make_root().issue(replace(ca_request("Lapsed", key=("EC_prime256v1", 31)), not_after=NOW - SECOND))
FUTURE: Final = make_root().issue(replace(ca_request("Future", key=("EC_prime256v1", 31)), not_before=NOW + SECOND))

BLOBS: Final[Mapping[str, Parts]] = {
    # what is taken
    "good": sent(),
    "a SEC1 key": sent(key=LEAF.traditional_key_pem),
    "a SEC1 key behind its parameters": sent(key=EC_PARAMETERS + LEAF.traditional_key_pem),
    "a PKCS#1 key": replace(issued(key=("RSA_2048", 0)), key=leaf(key=("RSA_2048", 0)).traditional_key_pem),
    "CRLF": sent(body=LEAF.pem.replace(b"\n", b"\r\n"), key=LEAF.key_pem.replace(b"\n", b"\r\n")),
    "no last line end": sent(body=LEAF.pem.rstrip(), key=LEAF.key_pem.rstrip(), chain=LEAF.chain_pem.rstrip()),
    "text before the blocks": sent(body=b"Bag Attributes\n    localKeyID: 54 69 \n" + LEAF.pem),
    "with its root": sent(chain=LEAF.full_chain_pem),
    "without a chain": sent(chain=b""),
    "self-signed": parts_of(self_signed(SERVER)),
    "signed with SHA-1": sent(body=signed_with_sha1(LEAF)),
    "a CA": issued(is_ca=True),
    "a root": alone(make_root().pem, make_root().key_pem),
    "for clients": issued(extended_key_usages=(CLIENT_AUTH,)),
    "no name at all": issued(common_name=None, sans=(), organization="Example Ltd"),
    "an IP address": issued(common_name=None, sans=("192.0.2.1",)),
    "another family than the issuer's": issued(key=("RSA_2048", 0)),
    "a private CA of two tiers": under(make_root()),
    "valid to this second": issued(not_after=NOW),
    "valid from this second": issued(not_before=NOW),
    "the longest OCSP URL": issued(ocsp_url="http://ocsp.example.com/".ljust(1000, "a")),
    "the largest body": sent(body=padded(LEAF.pem, 32_768)),
    "the largest key": sent(key=padded(LEAF.key_pem, 8_192)),
    "the largest chain": sent(chain=padded(LEAF.chain_pem, 2_097_152)),
    **{f"a key of {each}": under(RSA_ROOT, key=(each, 0)) for each in ("RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096")},
    **{f"a key of {each}": issued(key=(each, 0)) for each in ("EC_prime256v1", "EC_secp384r1", "EC_secp521r1")},
    # the certificate
    "an empty body": sent(body=b""),
    "garbage": sent(body=b"garbage"),
    "DER": sent(body=LEAF.der),
    "several certificates": sent(body=LEAF.pem + LEAF.chain_pem),
    "the certificate twice": sent(body=LEAF.pem * 2),
    "the certificate and its key": sent(body=LEAF.pem + LEAF.key_pem),
    "a key for a certificate": sent(body=LEAF.key_pem),
    "another label": sent(body=LEAF.pem.replace(b"CERTIFICATE", b"TRUSTED CERTIFICATE")),
    "X509 for a label": sent(body=LEAF.pem.replace(b"CERTIFICATE", b"X509 CERTIFICATE")),
    "malformed DER": sent(body=LEAF.pem.replace(b"MII", b"AII", 1)),
    "a sign too many": sent(body=LEAF.pem.replace(b"\n-----END", b"A\n-----END")),
    "cut off": sent(body=LEAF.pem[: len(LEAF.pem) // 2]),
    "blanks at the end of a line": sent(body=LEAF.pem.replace(b"\n", b" \n", 2)),
    "a blank behind the last line": sent(body=LEAF.pem.rstrip() + b" \n"),
    "an empty line inside": sent(body=LEAF.pem.replace(b"\n", b"\n\n", 3)),
    "text behind": sent(body=LEAF.pem + b"text\n"),
    "a byte order mark": sent(body=b"\xef\xbb\xbf" + LEAF.pem),
    "UTF-16": sent(body=LEAF.pem.decode().encode("utf-16")),
    "on one line": sent(body=LEAF.pem.replace(b"\n", b"")),
    "line ends as text": sent(body=LEAF.pem.replace(b"\n", b"\\n")),
    "indented": sent(body=LEAF.pem.replace(b"\n", b"\n  ")),
    "headers": sent(body=LEAF.pem.replace(b"\n", b"\nComment: none\n\n", 1)),
    "a body too large": sent(body=padded(LEAF.pem, 32_769)),
    "version 1": alone(as_version_1(self_signed(Request())), self_signed(Request()).key_pem),
    "expired": issued(not_after=NOW - SECOND),
    "not valid yet": issued(not_before=NOW + SECOND),
    "no issuer": under(self_signed(Request(common_name=None, key=("EC_prime256v1", 31), is_ca=True))),
    "a long OCSP URL": issued(ocsp_url="http://ocsp.example.com/".ljust(1001, "a")),
    **{
        f"a key of {each}": issued(key=(each, 0))
        for each in ("Ed25519", "EC_secp256k1", "EC_secp224r1", "DSA_2048", "RSA_1536")
    },
    "an RSA key bound to PSS": with_pss_key(),
    "an RSA key of 8192 bits": with_rsa_key_of_8192_bits(),
    # the key
    "a wrong key": sent(key=self_signed(Request(key=("EC_prime256v1", 32))).key_pem),
    "a key of another algorithm": sent(key=self_signed(Request(key=("RSA_2048", 0))).key_pem),
    "an encrypted key": sent(key=LEAF.encrypted_key_pem(b"secret")),
    "a key encrypted as of old": sent(key=LEAF.traditional_key_pem.replace(b"KEY-----\n", DEK_INFO, 1)),
    "an empty key": sent(key=b""),
    "a path for a key": sent(key=b"private/key.pem"),
    "a certificate for a key": sent(key=LEAF.pem),
    "a public key for a key": sent(key=PUBLIC_KEY),
    "the key twice": sent(key=LEAF.key_pem * 2),
    "parameters behind the key": sent(key=LEAF.traditional_key_pem + EC_PARAMETERS),
    "parameters alone": sent(key=EC_PARAMETERS),
    "a malformed key": sent(key=LEAF.key_pem.replace(b"MIG", b"AIG")),
    "blanks in the key": sent(key=LEAF.key_pem.replace(b"\n", b"\t\n", 2)),
    "text behind the key": sent(key=LEAF.key_pem + b"text"),
    "a key too large": sent(key=padded(LEAF.key_pem, 8_193)),
    # the chain
    "a chain backwards": sent(chain=join_pem(reversed(LEAF.issuers))),
    "the leaf in the chain": sent(chain=LEAF.pem + LEAF.chain_pem),
    "the leaf for a chain": sent(chain=LEAF.pem),
    "the leaf behind the chain": sent(chain=LEAF.chain_pem + LEAF.pem),
    "a gap at the start": replace(parts_of(LONG), chain=SECOND_UP.pem + ROOT.pem),
    "a gap": replace(parts_of(LONG), chain=FIRST.pem + ROOT.pem),
    "a stranger in the chain": sent(chain=LEAF.chain_pem + RSA_ROOT.pem),
    "a stranger for a chain": sent(chain=RSA_ROOT.pem),
    "a certificate of the chain twice": sent(chain=LEAF.chain_pem * 2),
    "the root twice": sent(chain=LEAF.full_chain_pem + LEAF.issuers[-1].pem),
    "a broken signature": sent(body=with_broken_signature(LEAF).public_bytes(Encoding.PEM)),
    "a broken signature without a chain": alone(with_broken_signature(LEAF).public_bytes(Encoding.PEM)),
    "a chain and its key": sent(chain=LEAF.chain_pem + LEAF.key_pem),
    "garbage for a chain": sent(chain=b"garbage"),
    "DER for a chain": sent(chain=LEAF.issuers[0].der),
    "a malformed certificate in the chain": sent(chain=LEAF.chain_pem.replace(b"MII", b"AII", 1)),
    "blanks in the chain": sent(chain=LEAF.chain_pem.replace(b"\n", b" \n", 3)),
    "a chain too large": sent(chain=padded(LEAF.chain_pem, 2_097_153)),
    # where the two differ
    "an expired chain": under(LAPSED),
    "a chain that is not valid yet": under(FUTURE),
    "an issuer's name in capitals": under(make_root(), issuer_name=OTHER_NAME),
    "unreadable extensions": issued(sans=(), extensions=(UNREADABLE_SANS,)),
    "an unreadable subject": with_subject_that_is_not_unicode(),
}
"""What ImportCertificate may be sent."""

DIFFERENCES: Final[Mapping[str, str]] = {
    "an expired chain": "undocumented; the strict ACM follows moto, certkit warns (chain-certificate-expired)",
    "a chain that is not valid yet": "undocumented; the strict ACM follows moto, certkit warns (chain-certificate-expired)",
    "an issuer's name in capitals": "RFC 5280 section 7.1 calls it a match; the strict ACM compares more narrowly",
    "unreadable extensions": "undocumented; the strict ACM is cautious, certkit warns (certificate-partly-unreadable)",
    "an unreadable subject": "undocumented; the strict ACM is cautious, certkit warns (certificate-partly-unreadable)",
}
"""Where the strict ACM refuses and certkit finds no error, and why."""


@pytest.fixture(scope="module")
def acm() -> Iterator[Any]:
    """A client of a strict ACM that stands still at `NOW`, one for all tests: none looks at what another has imported."""
    with serve(now=lambda: NOW) as server, pytest.MonkeyPatch.context() as patch:
        for name in foreign_variables(os.environ):
            patch.delenv(name)
        for name, value in server.environment(os.environ).items():
            patch.setenv(name, value)
        yield boto3.Session().client("acm", config=UNCHECKED)


def is_refused(acm: Any, parts: Parts, *, sends_chain: bool = False) -> bool:
    chain = {"CertificateChain": parts.chain} if parts.chain or sends_chain else {}
    try:
        acm.import_certificate(Certificate=parts.body, PrivateKey=parts.key, **chain)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        return True
    return False


def has_error(candidate: Candidate) -> bool:
    return any(finding.severity is Severity.ERROR for finding in judge(candidate))


@pytest.mark.parametrize("name", [name for name in BLOBS if name not in DIFFERENCES])
def test_certkit_finds_an_error_exactly_where_the_strict_acm_refuses(acm: Any, name: str) -> None:
    parts = BLOBS[name]

    assert has_error(candidate_as_is(parts, NOW)) is is_refused(acm, parts)


@pytest.mark.parametrize("name", DIFFERENCES)
def test_where_the_strict_acm_alone_refuses_certkit_warns_or_follows_an_rfc(acm: Any, name: str) -> None:
    parts = BLOBS[name]

    findings = list(judge(candidate_as_is(parts, NOW)))

    assert is_refused(acm, parts)
    assert {finding.severity for finding in findings} <= {Severity.WARNING}
    assert [finding.rule for finding in findings if finding.rule in DIFFERENCES[name]] or "RFC" in DIFFERENCES[name]


@pytest.mark.parametrize(
    "rule", [rule for rule in BREACHES if rule != "host-not-covered"]
)  # what the user asks, not ACM
def test_a_broken_rule_is_an_error_exactly_where_the_strict_acm_refuses(acm: Any, rule: str) -> None:
    candidate = BREACHES[rule]
    explained = {"chain-certificate-expired", "certificate-partly-unreadable", "chain-signature-unchecked"}

    assert has_error(candidate) is (
        is_refused(acm, candidate.parts, sends_chain=candidate.sends_chain) and rule not in explained
    )


@pytest.mark.parametrize("name", [name for name, candidate in GOOD.items() if candidate.needs_key])
def test_what_breaks_no_rule_is_taken_by_the_strict_acm(acm: Any, name: str) -> None:
    assert not is_refused(acm, GOOD[name].parts)


# The candidates themselves


def test_a_bundle_becomes_what_import_would_send() -> None:
    bundle = assemble(Contents("pem", tuple(CertificateEntry(each.der) for each in (LEAF, *LEAF.issuers))), NOW)

    without_key = candidate_of(bundle, NOW, needs_key=False)

    assert without_key == Candidate(
        Parts(LEAF.pem, b"", LEAF.chain_pem),
        LEAF.certificate,
        (LEAF.issuers[0].certificate,),
        None,
        NOW,
        bundle,
        needs_key=False,
    )
    assert [each.rule for each in judge(candidate_of(bundle, NOW))] == ["no-key", "root-removed"]


def test_bytes_become_what_can_be_read_of_them() -> None:
    parts = sent(chain=b"junk" + LEAF.chain_pem + LEAF.pem.replace(b"MII", b"AII", 1) + LEAF.key_pem)

    candidate = candidate_as_is(parts, NOW)

    assert (candidate.parts, candidate.leaf, candidate.bundle) == (parts, LEAF.certificate, None)
    assert candidate.chain == (LEAF.issuers[0].certificate,)
    assert candidate.private_key is not None


def test_a_key_that_is_not_needed_is_not_looked_at() -> None:
    candidate = candidate_as_is(sent(key=b"junk"), NOW, needs_key=False)

    assert (candidate.parts.key, candidate.private_key, list(judge(candidate))) == (b"", None, [])


def test_bytes_that_hold_nothing_become_a_candidate_without_anything() -> None:
    candidate = candidate_as_is(Parts(b"", b""), NOW)

    assert (candidate.leaf, candidate.chain, candidate.private_key) == (None, (), None)
    assert [each.rule for each in judge(candidate)] == ["body-not-one-certificate", "no-key"]
