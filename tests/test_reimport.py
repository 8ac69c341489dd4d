"""Whether a certificate may replace another under its ARN: the same verdict as the strict ACM's."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from types import SimpleNamespace
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certkit.record import CertificateRecord, Place
from certkit.reimport import Breach, Clause, Target, losses, misplaced, refusals, verdict
from certkit.rules import Severity, replacement
from certkit.testing import StrictAcm, names
from certkit.testing.plugin import strict_acm, strict_acm_sessions  # noqa: F401 -- fixtures
from certkit.testing.record import CertificateType
from certkit.testing.refusal import AwsRefusal
from certkit.testing.replacement import check_replacement
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

PAIRS: Final[Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any], tuple[Breach, ...]]]] = {
    # before, after, why not
    "the same again": ({}, {}, ()),
    "another key of the same kind": ({}, {"key": ("EC_prime256v1", 1)}, ()),
    "another curve": (
        {"key": ("EC_secp384r1", 0)},
        {},
        (
            Breach(
                Clause.KEY,
                "its key is EC_prime256v1, the one there is EC_secp384r1: ACM changes neither type nor size under an ARN",
            ),
        ),
    ),
    "another size": (
        {"key": RSA},
        {"key": ("RSA_1024", 0)},
        (
            Breach(
                Clause.KEY,
                "its key is RSA_1024, the one there is RSA_2048: ACM changes neither type nor size under an ARN",
            ),
        ),
    ),
    "another type": (
        {"key": RSA},
        {},
        (
            Breach(
                Clause.KEY,
                "its key is EC_prime256v1, the one there is RSA_2048: ACM changes neither type nor size under an ARN",
            ),
        ),
    ),
    "other domains": ({}, {"common_name": "other.example.com", "sans": ("b.example.com",)}, ()),
    "fewer domains": ({"sans": ("a.example.com", "b.example.com")}, {"sans": ("a.example.com",)}, ()),
    "no domain left": (
        {},
        NO_NAME,
        (Breach(Clause.ALL_NAMES, "it has no domain name left, and ACM lets one lose some names, not all"),),
    ),
    "no domain left but an address": (
        {"sans": ("shop.example.com",)},
        {"common_name": None, "sans": ("192.0.2.1",)},
        (Breach(Clause.ALL_NAMES, "it has no domain name left, and ACM lets one lose some names, not all"),),
    ),
    "no domain, as before": (NO_NAME, NO_NAME, ()),
    "a domain at last": (NO_NAME, {}, ()),
    "a key usage less": (
        {"key_usages": BOTH},
        {"key_usages": ENCIPHER},
        (Breach(Clause.KEY_USAGE, "it lacks the key usage digitalSignature, which the one there has"),),
    ),
    "a key usage more": ({"key_usages": SIGN}, {"key_usages": BOTH}, ()),
    "key usages at last": ({}, {"key_usages": BOTH}, ()),
    "no key encipherment for ECDSA": ({"key_usages": BOTH}, {"key_usages": SIGN}, ()),
    "no key encipherment for RSA": (
        {"key": RSA, "key_usages": BOTH},
        {"key": RSA, "key_usages": SIGN},
        (Breach(Clause.KEY_USAGE, "it lacks the key usage keyEncipherment, which the one there has"),),
    ),
    "another usage instead of key encipherment": ({"key_usages": ENCIPHER}, {"key_usages": SIGN}, ()),
    "no key usage left": (
        {"key_usages": SIGN},
        {},
        (Breach(Clause.KEY_USAGE, "it lacks the key usage digitalSignature, which the one there has"),),
    ),
    "no key usage left where only key encipherment was": (
        {"key_usages": ENCIPHER},
        {},
        (Breach(Clause.KEY_USAGE, "it has no key usage left, and ACM lets one lose some values, not the extension"),),
    ),
    "no encipher only": (
        {"key_usages": AGREE},
        {"key_usages": ("key_agreement",)},
        (Breach(Clause.KEY_USAGE, "it lacks the key usage encipherOnly, which the one there has"),),
    ),
    "every key usage lost": (
        {"key_usages": ("content_commitment", "data_encipherment", "key_cert_sign", "crl_sign")},
        {"key_usages": SIGN},
        (
            Breach(
                Clause.KEY_USAGE,
                "it lacks the key usage cRLSign, dataEncipherment, keyCertSign, nonRepudiation, which the one there has",
            ),
        ),
    ),
    "an extended key usage less": (
        {"extended_key_usages": (SERVER_AUTH, EMAIL)},
        {"extended_key_usages": (SERVER_AUTH,)},
        (
            Breach(
                Clause.EXTENDED_KEY_USAGE, "it lacks the extended key usage emailProtection, which the one there has"
            ),
        ),
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
        (Breach(Clause.EXTENDED_KEY_USAGE, "it lacks the extended key usage serverAuth, which the one there has"),),
    ),
    "no extended key usage left": (
        {"extended_key_usages": (SERVER_AUTH,)},
        {},
        (Breach(Clause.EXTENDED_KEY_USAGE, "it lacks the extended key usage serverAuth, which the one there has"),),
    ),
    "no extended key usage left where only client authentication was": (
        {"extended_key_usages": (CLIENT_AUTH,)},
        {},
        (
            Breach(
                Clause.EXTENDED_KEY_USAGE,
                "it has no extended key usage left, and ACM lets one lose some values, not the extension",
            ),
        ),
    ),
    "an extended key usage more": (
        {"extended_key_usages": (SERVER_AUTH,)},
        {"extended_key_usages": (CLIENT_AUTH, SERVER_AUTH)},
        (),
    ),
    "another usage of someone's own": (
        {"extended_key_usages": (CUSTOM,)},
        {"extended_key_usages": (OTHER_CUSTOM,)},
        (Breach(Clause.EXTENDED_KEY_USAGE, "it lacks the extended key usage 1.2.3.4, which the one there has"),),
    ),
    "everything at once": (
        {"key": RSA, "key_usages": BOTH, "extended_key_usages": (SERVER_AUTH,)},
        {"common_name": "localhost", "key_usages": ENCIPHER},
        (
            Breach(
                Clause.KEY,
                "its key is EC_prime256v1, the one there is RSA_2048: ACM changes neither type nor size under an ARN",
            ),
            Breach(Clause.ALL_NAMES, "it has no domain name left, and ACM lets one lose some names, not all"),
            Breach(Clause.KEY_USAGE, "it lacks the key usage digitalSignature, which the one there has"),
            Breach(Clause.EXTENDED_KEY_USAGE, "it lacks the extended key usage serverAuth, which the one there has"),
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

    message = f"the certificate there is of type {kind}, and only an imported one can be replaced"
    assert found == (Breach(Clause.NOT_IMPORTED, message),)


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
        Breach(Clause.SOME_NAMES, "the name *.b.example.com is lost"),
        Breach(Clause.SOME_NAMES, "the name gone.example.com is lost"),
        Breach(Clause.SOME_NAMES, "the name local is lost"),
        Breach(
            Clause.CLIENT_AUTH,
            "the extended key usage clientAuth is lost, which breaks its use as a client certificate",
        ),
    )
    assert losses(old.certificate, old.certificate) == ()


@pytest.mark.parametrize(
    ("after", "what"),
    [({"key_usages": SIGN}, "key usage"), ({"extended_key_usages": (SERVER_AUTH,)}, "extended key usage")],
)
def test_an_extension_where_there_was_none_is_a_warning_since_aws_contradicts_itself(
    after: Mapping[str, Any], what: str
) -> None:
    old, new = issued({}), issued(after)

    assert refusals(new.certificate, record(old)) == ()
    assert losses(new.certificate, old.certificate) == (
        Breach(Clause.EXTENSION_ADDED, f"it has the extension {what}, which the one there has not"),
    )


# Every pair of many


def matrix() -> Iterator[Issued]:
    """Certificates that differ in key, names, key usages and extended key usages, each with each."""
    usages = [(), SIGN, ENCIPHER, BOTH, AGREE, ("crl_sign", *SIGN)]
    extended = [(), (SERVER_AUTH,), (CLIENT_AUTH,), (SERVER_AUTH, CLIENT_AUTH), (EMAIL, CUSTOM)]
    keys = [("EC_prime256v1", 0), ("EC_secp384r1", 0), RSA]
    for sans, usage, further, key in product([("shop.example.com",), ("localhost",)], usages, extended, keys):
        if key == keys[0] or (len(usage) == 1 and further == extended[3]):
            request = Request(common_name=None, sans=sans, key=key, key_usages=usage, extended_key_usages=further)
            yield make_chain(leaf=request)


def is_refused_by_the_strict_acm(old: Issued, new: Issued) -> bool:
    domains, kind = names.domains(old.certificate), CertificateType.IMPORTED
    current = SimpleNamespace(type=kind, domains=domains, material=SimpleNamespace(leaf=old.certificate), arn="arn")
    try:
        check_replacement(current, new.certificate)  # type: ignore[arg-type]  # what it looks at of a Record
    except AwsRefusal:
        return True
    return False


def test_the_verdict_and_the_strict_acm_agree_on_every_pair() -> None:
    certificates = list(matrix())

    verdicts = {
        (old.sha256, new.sha256): str(verdict(new.certificate, Target("arn", old.der)))
        for old, new in product(certificates, repeat=2)
    }

    refused = {
        (old.sha256, new.sha256): is_refused_by_the_strict_acm(old, new) for old, new in product(certificates, repeat=2)
    }
    assert len(verdicts) == len(certificates) ** 2
    assert {pair for pair, word in verdicts.items() if word == "new-arn-required"} == {
        pair for pair, is_refused in refused.items() if is_refused
    }
    assert set(verdicts.values()) == {"reimport-ok", "new-arn-required"}


# The verdict


def test_a_verdict_holds_why_not_and_what_is_lost() -> None:
    old, new = issued({"sans": ("a.example.com",)}), issued({"key": ("EC_secp384r1", 0)})

    found = verdict(new.certificate, Target("arn", old.der))

    assert str(found) == "new-arn-required"
    assert [breach.clause for breach in found.refusals] == ["reimport-key-differs"]
    assert [breach.clause for breach in found.losses] == ["reimport-some-names-lost"]


def test_what_is_not_imported_is_not_looked_into() -> None:
    found = verdict(issued({}).certificate, Target("arn", issued({"key": RSA}).der, "PRIVATE"))

    assert [breach.clause for breach in found.refusals] == [Clause.NOT_IMPORTED]


def test_what_is_elsewhere_cannot_be_replaced_whatever_it_is() -> None:
    place = Place("aws", "111122223333", "eu-west-1")
    where = misplaced(place, "aws", ("eu-west-1", "us-east-1"))

    found = verdict(issued({}).certificate, Target("arn", None, misplaced=where))

    assert found.refusals == (Breach(Clause.WRONG_REGION, "it stands in eu-west-1, and cannot be used from us-east-1"),)
    assert str(found) == "new-arn-required"


def test_a_place_is_right_where_the_arn_is_used_in_its_own_region() -> None:
    place = Place("aws", "111122223333", "eu-west-1")

    assert misplaced(place, "aws", ()) == misplaced(place, "aws", ("eu-west-1",)) == ()


def test_a_region_of_another_partition_is_no_place_at_all() -> None:
    (breach,) = misplaced(Place("aws-cn", "111122223333", "eu-west-1"), "aws", ("eu-west-1",))

    assert breach.message == "there is no region eu-west-1 in the partition aws-cn: it is one of aws"


def test_every_clause_is_a_rule_that_says_how_bad_it_is() -> None:
    severities = {criterion.id: criterion.severity for criterion in replacement.CRITERIA}

    assert list(severities) == list(Clause)
    assert [clause for clause, severity in severities.items() if severity is Severity.WARNING] == [
        Clause.SOME_NAMES,
        Clause.CLIENT_AUTH,
        Clause.EXTENSION_ADDED,
    ]
