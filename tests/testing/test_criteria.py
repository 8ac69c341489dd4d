"""What ImportCertificate refuses and takes, of the certificate and of the key."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.issuing import Issued, Request, as_version_1, ca_request, make_chain, make_key, self_signed, signed_with_sha1
from tests.testing.conftest import NOW, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

INVALID = "ValidationException"
SEVERAL = (
    "The certificate field contains more than one certificate. You can specify only one certificate in this field."
)
NO_PEM = "Unable to parse certificate. Please ensure the certificate is in PEM format."
NO_KEY_PEM = "The private key is not PEM-encoded or is not valid."
KEY_UNSUPPORTED = "The private key is not supported."

# Made by `openssl ecparam -name prime256v1`: the OID of the curve.
EC_PARAMETERS = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"


def leaf(**changes: Any) -> Issued:
    return make_chain(leaf=replace(Request(), **changes))


def bag_attributes(pem: bytes) -> bytes:
    return b"Bag Attributes\n    localKeyID: 54 69 6D 65 \nsubject=CN = shop\n" + pem


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda pem: pem + make_chain().issuers[0].pem, SEVERAL),
        (lambda pem: pem + pem, SEVERAL),
        (lambda _: b"garbage", SEVERAL),
        (base64.b64encode, SEVERAL),
        (lambda pem: x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER), SEVERAL),
        (lambda pem: pem.replace(b"\n", b" \n", 2), NO_PEM),
        (lambda pem: pem.replace(b"-----END CERTIFICATE-----\n", b"-----END CERTIFICATE----- \n"), NO_PEM),
        (lambda pem: pem.replace(b"\n", b"\n\n", 3), NO_PEM),
        (lambda pem: pem + b"junk\n", NO_PEM),
        (lambda pem: b"\xff\xfe\n" + pem, NO_PEM),
        (lambda pem: b"\xef\xbb\xbf" + pem, NO_PEM),
        (lambda pem: pem[: len(pem) // 2], NO_PEM),
        (lambda pem: pem.replace(b"\n", b""), NO_PEM),
        (lambda pem: pem.replace(b"\n", b"\\n"), NO_PEM),
        (lambda pem: pem.replace(b"MII", b"AII", 1), NO_PEM),
        (lambda pem: pem + make_chain().key_pem, NO_PEM),
        (lambda pem: pem.replace(b"CERTIFICATE", b"TRUSTED CERTIFICATE"), NO_PEM),
        (lambda pem: pem.replace(b"-----BEGIN CERTIFICATE", b"----- BEGIN CERTIFICATE"), NO_PEM),
        (lambda pem: pem.replace(b"\n-----END", b"A\n-----END"), NO_PEM),
        (lambda pem: pem.replace(b"\n", b"\nComment: none\n\n", 1), NO_PEM),
    ],
    ids=[
        "with its issuer",
        "twice",
        "garbage",
        "encoded twice",
        "DER",
        "a blank at the end of a line",
        "a blank after the end line",
        "an empty line inside",
        "text after it",
        "bytes before it",
        "a byte order mark",
        "cut off",
        "on one line",
        "newlines as escapes",
        "malformed content",
        "with its key",
        "another label",
        "a blank in the first line",
        "a sign too many",
        "headers",
    ],
)
def test_a_certificate_that_is_not_one_in_pem_is_refused(
    acm: Any, spoil: Callable[[bytes], bytes], message: str
) -> None:
    issued = leaf()

    answer = refusal(acm.import_certificate, Certificate=spoil(issued.pem), PrivateKey=issued.key_pem)

    assert answer == (INVALID, message)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda _: make_chain(leaf=Request(key=("EC_prime256v1", 1))).key_pem, "does not match the certificate"),
        (lambda _: make_chain(leaf=Request(key=("RSA_2048", 0))).key_pem, "does not match the certificate"),
        (lambda issued: issued.encrypted_key_pem(b"secret"), "Your private key should not be encrypted."),
        (
            lambda issued: issued.traditional_key_pem.replace(
                b"KEY-----\n", b"KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n", 1
            ),
            "Your private key should not be encrypted.",
        ),
        (lambda issued: issued.pem, "Passed PEM was not a private key."),
        (
            lambda issued: issued.private_key.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            ),
            "Passed PEM was not a private key.",
        ),
        (lambda _: b"private/key.pem", KEY_UNSUPPORTED),
        (lambda issued: issued.key_pem + issued.key_pem, KEY_UNSUPPORTED),
        (lambda issued: issued.key_pem.replace(b"MIG", b"AIG"), KEY_UNSUPPORTED),
        (lambda issued: issued.key_pem.replace(b"\n", b"\t\n", 2), NO_KEY_PEM),
        (lambda issued: issued.key_pem + EC_PARAMETERS, KEY_UNSUPPORTED),
    ],
    ids=[
        "another key",
        "a key of another algorithm",
        "encrypted PKCS#8",
        "encrypted PEM",
        "the certificate",
        "the public key",
        "a path",
        "twice",
        "malformed content",
        "a tab at the end of a line",
        "parameters after it",
    ],
)
def test_a_private_key_that_cannot_be_used_is_refused(acm: Any, spoil: Callable[[Issued], bytes], message: str) -> None:
    issued = leaf()

    code, text = refusal(acm.import_certificate, Certificate=issued.pem, PrivateKey=spoil(issued))

    assert code == INVALID
    assert message in text


@pytest.mark.parametrize(
    ("algorithm", "message"),
    [
        ("RSA_1536", "The private key length 1536 is not supported for key algorithm."),
        ("DSA_2048", KEY_UNSUPPORTED),
        ("Ed25519", KEY_UNSUPPORTED),
        ("EC_secp256k1", KEY_UNSUPPORTED),
        ("EC_secp224r1", KEY_UNSUPPORTED),
    ],
)
def test_a_key_algorithm_that_acm_does_not_list_is_refused(acm: Any, algorithm: str, message: str) -> None:
    issued = leaf(key=(algorithm, 0))

    answer = refusal(acm.import_certificate, Certificate=issued.pem, PrivateKey=issued.key_pem)

    assert answer == (INVALID, message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"not_after": NOW - timedelta(seconds=1)}, "The certificate has expired, is not valid."),
        ({"not_before": NOW + timedelta(seconds=1)}, "The certificate is not in effect yet, is not valid."),
        ({"issuer_name": x509.Name([])}, "The certificate issuer must not be empty."),
        (
            {"ocsp_url": "http://ocsp.example.com/".ljust(1001, "a")},
            "The OCSP authority URL must not exceed 1000 characters.",
        ),
    ],
    ids=["expired", "not yet valid", "no issuer", "a long OCSP URL"],
)
def test_a_certificate_that_breaks_a_prerequisite_is_refused(acm: Any, change: dict[str, Any], message: str) -> None:
    issued = leaf(**change)

    answer = refusal(acm.import_certificate, Certificate=issued.pem, PrivateKey=issued.key_pem)

    assert answer == (INVALID, message)


def test_a_certificate_with_an_unreadable_extension_is_refused(acm: Any) -> None:
    # subjectAltName, as an octet string instead of a sequence
    unreadable = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x04\x01x")
    issued = leaf(extensions=(unreadable,))

    answer = refusal(acm.import_certificate, Certificate=issued.pem, PrivateKey=issued.key_pem)

    assert answer == (INVALID, NO_PEM)


def test_a_certificate_of_x509_version_1_is_refused(acm: Any) -> None:
    issued = self_signed(Request())

    answer = refusal(acm.import_certificate, Certificate=as_version_1(issued), PrivateKey=issued.key_pem)

    assert answer == (INVALID, "The certificate is not valid.")


def test_a_refused_import_leaves_nothing_behind(acm: Any) -> None:
    issued = leaf(key=("RSA_2048", 0))

    refusal(acm.import_certificate, Certificate=issued.pem, PrivateKey=leaf().key_pem)

    assert acm.list_certificates()["CertificateSummaryList"] == []


@pytest.mark.parametrize(
    "request_",
    [
        Request(sans=("shop.example.com", "*.example.com")),
        Request(common_name=None, sans=("shop.example.com",)),
        Request(common_name=None, organization="No Name Ltd"),
        Request(common_name=None, sans=("192.0.2.1",)),
        Request(not_after=NOW),
        Request(not_before=NOW),
        Request(ocsp_url="http://ocsp.example.com/".ljust(1000, "a")),
        ca_request("Example CA", key=("EC_prime256v1", 0)),
    ],
    ids=[
        "several names",
        "no common name",
        "no name at all",
        "an IP address",
        "valid to this second",
        "valid from this second",
        "the longest OCSP URL",
        "a CA",
    ],
)
def test_a_certificate_that_acm_was_seen_to_take_is_taken(acm: Any, request_: Request) -> None:
    issued = make_chain(leaf=request_)

    arn = acm.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem)["CertificateArn"]

    assert acm.get_certificate(CertificateArn=arn)["Certificate"].encode() == issued.pem


@pytest.mark.parametrize(
    "algorithm",
    ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"],
)
def test_each_key_algorithm_that_acm_lists_is_taken(acm: Any, algorithm: str) -> None:
    issued = leaf(key=(algorithm, 0))

    arn = acm.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem)["CertificateArn"]

    described = acm.describe_certificate(CertificateArn=arn)["Certificate"]["KeyAlgorithm"]
    assert described == algorithm.replace("RSA_", "RSA-")


@pytest.mark.parametrize(
    "write",
    [
        lambda issued: issued.key_pem,
        lambda issued: issued.traditional_key_pem,
        lambda issued: EC_PARAMETERS + issued.traditional_key_pem,
        lambda issued: bag_attributes(issued.key_pem),
        lambda issued: issued.key_pem.replace(b"\n", b"\r\n"),
        lambda issued: issued.key_pem.rstrip(),
    ],
    ids=["PKCS#8", "SEC1", "SEC1 after its parameters", "text before it", "CRLF", "no last line end"],
)
def test_a_private_key_is_taken_in_each_known_envelope(acm: Any, write: Callable[[Issued], bytes]) -> None:
    issued = leaf()

    answer = acm.import_certificate(Certificate=bag_attributes(issued.pem), PrivateKey=write(issued))

    assert answer["CertificateArn"].startswith("arn:aws:acm:us-east-1:123456789012:certificate/")


def test_an_rsa_key_is_taken_as_pkcs1(acm: Any) -> None:
    issued = leaf(key=("RSA_2048", 0))

    answer = acm.import_certificate(Certificate=issued.pem, PrivateKey=issued.traditional_key_pem)

    assert b"BEGIN RSA PRIVATE KEY" in issued.traditional_key_pem
    assert answer["CertificateArn"]


def test_a_certificate_signed_with_sha1_is_taken_with_its_chain(acm: Any) -> None:
    issued = leaf()

    answer = acm.import_certificate(
        Certificate=signed_with_sha1(issued), PrivateKey=issued.key_pem, CertificateChain=issued.chain_pem
    )

    assert answer["CertificateArn"]


def test_a_self_signed_certificate_is_taken(acm: Any) -> None:
    issued = self_signed(Request())

    answer = acm.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem)

    assert answer["CertificateArn"]


def test_the_same_certificate_twice_makes_two(acm: Any, put: Callable[..., str]) -> None:
    issued = leaf(key=("RSA_2048", 0))

    arns = {put(issued), put(issued)}

    assert {summary["CertificateArn"] for summary in acm.list_certificates()["CertificateSummaryList"]} == arns
    assert len(arns) == 2


def test_private_keys_are_in_no_repr(server: Any, put: Callable[..., str]) -> None:
    arn = put(leaf())

    shown = repr(server.backend().find(arn))

    assert "PRIVATE" not in shown
    assert str(make_key().private_numbers().private_value) not in shown  # type: ignore[union-attr] # an EC key
