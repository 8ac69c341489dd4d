"""Whether a certificate may replace another under its ARN: the same verdict as the strict ACM's."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certkit.record import CertificateRecord
from certkit.reimport import losses, refusals
from certkit.testing import StrictAcm
from certkit.testing.plugin import strict_acm, strict_acm_sessions  # noqa: F401 -- fixtures
from tests.issuing import CLIENT_AUTH, SERVER_AUTH, Issued, Request, make_chain
from tests.testing.conftest import UNCHECKED

NOW: Final = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
EMAIL: Final = ExtendedKeyUsageOID.EMAIL_PROTECTION
CUSTOM: Final = x509.ObjectIdentifier("1.2.3.4")
OTHER_CUSTOM: Final = x509.ObjectIdentifier("1.2.3.5")
SIGN: Final = ("digital_signature",)
ENCIPHER: Final = ("key_encipherment",)
AGREE: Final = ("key_agreement", "encipher_only")
BOTH: Final = SIGN + ENCIPHER
RSA: Final = ("RSA_2048", 0)
NO_NAME: Final[Mapping[str, Any]] = {"common_name": "localhost"}

PAIRS: Final[Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any], tuple[str, ...]]]] = {
    # before, after, why not
    "the same again": ({}, {}, ()),
    "another key of the same kind": ({}, {"key": ("EC_prime256v1", 1)}, ()),
    "another curve": (
        {"key": ("EC_secp384r1", 0)},
        {},
        ("its key is EC_prime256v1, the one there is EC_secp384r1: ACM changes neither type nor size under an ARN",),
    ),
    "another size": (
        {"key": RSA},
        {"key": ("RSA_1024", 0)},
        ("its key is RSA_1024, the one there is RSA_2048: ACM changes neither type nor size under an ARN",),
    ),
    "another type": (
        {"key": RSA},
        {},
        ("its key is EC_prime256v1, the one there is RSA_2048: ACM changes neither type nor size under an ARN",),
    ),
    "other domains": ({}, {"common_name": "other.example.com", "sans": ("b.example.com",)}, ()),
    "fewer domains": ({"sans": ("a.example.com", "b.example.com")}, {"sans": ("a.example.com",)}, ()),
    "no domain left": ({}, NO_NAME, ("it has no domain name left, and ACM lets one lose some names, not all",)),
    "no domain left but an address": (
        {"sans": ("shop.example.com",)},
        {"common_name": None, "sans": ("192.0.2.1",)},
        ("it has no domain name left, and ACM lets one lose some names, not all",),
    ),
    "no domain, as before": (NO_NAME, NO_NAME, ()),
    "a domain at last": (NO_NAME, {}, ()),
    "a key usage less": (
        {"key_usages": BOTH},
        {"key_usages": ENCIPHER},
        ("it lacks the key usage digitalSignature, which the one there has",),
    ),
    "a key usage more": ({"key_usages": SIGN}, {"key_usages": BOTH}, ()),
    "key usages at last": ({}, {"key_usages": BOTH}, ()),
    "no key encipherment for ECDSA": ({"key_usages": BOTH}, {"key_usages": SIGN}, ()),
    "no key encipherment for RSA": (
        {"key": RSA, "key_usages": BOTH},
        {"key": RSA, "key_usages": SIGN},
        ("it lacks the key usage keyEncipherment, which the one there has",),
    ),
    "another usage instead of key encipherment": ({"key_usages": ENCIPHER}, {"key_usages": SIGN}, ()),
    "no key usage left": (
        {"key_usages": SIGN},
        {},
        ("it lacks the key usage digitalSignature, which the one there has",),
    ),
    "no key usage left where only key encipherment was": (
        {"key_usages": ENCIPHER},
        {},
        ("it has no key usage left, and ACM lets one lose some values, not the extension",),
    ),
    "no encipher only": (
        {"key_usages": AGREE},
        {"key_usages": ("key_agreement",)},
        ("it lacks the key usage encipherOnly, which the one there has",),
    ),
    "every key usage lost": (
        {"key_usages": ("content_commitment", "data_encipherment", "key_cert_sign", "crl_sign")},
        {"key_usages": SIGN},
        ("it lacks the key usage cRLSign, dataEncipherment, keyCertSign, nonRepudiation, which the one there has",),
    ),
    "an extended key usage less": (
        {"extended_key_usages": (SERVER_AUTH, EMAIL)},
        {"extended_key_usages": (SERVER_AUTH,)},
        ("it lacks the extended key usage 1.3.6.1.5.5.7.3.4, which the one there has",),
    ),
    "no client authentication": (
        {"extended_key_usages": (SERVER_AUTH, CLIENT_AUTH)},
        {"extended_key_usages": (SERVER_AUTH,)},
        (),
    ),
    "server instead of client authentication": (
        {"extended_key_usages": (CLIENT_AUTH,)},
        {"extended_key_usages": (SERVER_AUTH,)},
        (),
    ),
    "client instead of server authentication": (
        {"extended_key_usages": (SERVER_AUTH,)},
        {"extended_key_usages": (CLIENT_AUTH,)},
        ("it lacks the extended key usage 1.3.6.1.5.5.7.3.1, which the one there has",),
    ),
    "no extended key usage left": (
        {"extended_key_usages": (SERVER_AUTH,)},
        {},
        ("it lacks the extended key usage 1.3.6.1.5.5.7.3.1, which the one there has",),
    ),
    "no extended key usage left where only client authentication was": (
        {"extended_key_usages": (CLIENT_AUTH,)},
        {},
        ("it has no extended key usage left, and ACM lets one lose some values, not the extension",),
    ),
    "an extended key usage more": (
        {"extended_key_usages": (SERVER_AUTH,)},
        {"extended_key_usages": (CLIENT_AUTH, SERVER_AUTH)},
        (),
    ),
    "another usage of someone's own": (
        {"extended_key_usages": (CUSTOM,)},
        {"extended_key_usages": (OTHER_CUSTOM,)},
        ("it lacks the extended key usage 1.2.3.4, which the one there has",),
    ),
    "everything at once": (
        {"key": RSA, "key_usages": BOTH, "extended_key_usages": (SERVER_AUTH,)},
        {"common_name": "localhost", "key_usages": ENCIPHER},
        (
            "its key is EC_prime256v1, the one there is RSA_2048: ACM changes neither type nor size under an ARN",
            "it has no domain name left, and ACM lets one lose some names, not all",
            "it lacks the key usage digitalSignature, which the one there has",
            "it lacks the extended key usage 1.3.6.1.5.5.7.3.1, which the one there has",
        ),
    ),
}


def issued(changes: Mapping[str, Any]) -> Issued:
    return make_chain(leaf=replace(Request(), **changes))


def record(leaf: Issued, kind: str = "IMPORTED") -> CertificateRecord:
    return CertificateRecord("arn", kind, "ISSUED", leaf.certificate, ())


@pytest.fixture
def acm(strict_acm: StrictAcm) -> Any:  # noqa: F811 -- the fixture
    """A client of the strict ACM, which stands still at `NOW`."""
    strict_acm.now = lambda: NOW
    return boto3.client("acm", endpoint_url=strict_acm.url, config=UNCHECKED)


@pytest.mark.parametrize("name", PAIRS)
def test_certkit_refuses_exactly_where_the_strict_acm_does(acm: Any, name: str) -> None:
    before, after, expected = PAIRS[name]
    old, new = issued(before), issued(after)
    arn = acm.import_certificate(Certificate=old.pem, PrivateKey=old.key_pem)["CertificateArn"]

    found = refusals(new.certificate, record(old))

    assert found == expected
    try:
        acm.import_certificate(CertificateArn=arn, Certificate=new.pem, PrivateKey=new.key_pem)
        is_refused = False
    except ClientError:
        is_refused = True
    assert is_refused is bool(expected)


@pytest.mark.parametrize("kind", ["AMAZON_ISSUED", "PRIVATE"])
def test_only_an_imported_certificate_can_be_replaced(kind: str) -> None:
    found = refusals(issued({}).certificate, record(issued({"key": RSA}), kind))

    assert found == (f"the certificate there is of type {kind}, and only an imported one can be replaced",)


def test_what_acm_takes_away_without_a_word_is_told() -> None:
    old = issued(
        {
            "common_name": "gone.example.com",
            "sans": ("Shop.example.com", "*.b.example.com", "local"),
            "extended_key_usages": (SERVER_AUTH, CLIENT_AUTH),
        }
    )
    new = issued({"sans": ("shop.example.com",), "extended_key_usages": (SERVER_AUTH,)})

    assert losses(new.certificate, old.certificate) == (
        "the name *.b.example.com is lost",
        "the name gone.example.com is lost",
        "the name local is lost",
        "the extended key usage clientAuth is lost, which breaks its use as a client certificate",
    )
    assert losses(old.certificate, old.certificate) == ()
