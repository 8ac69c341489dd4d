"""The forms of the answers about one certificate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from certkit.testing import ChainEcho, KeyAlgorithmStyle, MissingChain
from tests.issuing import CLIENT_AUTH, SERVER_AUTH, Request, join_pem, make_chain
from tests.testing.conftest import NOW, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import SettableClock, StrictAcm

FULL = Request(
    organization="Example Ltd",
    sans=("shop.example.com", "*.example.com", "localhost", "192.0.2.1"),
    key=("RSA_2048", 0),
    key_usages=("digital_signature", "key_encipherment"),
    extended_key_usages=(SERVER_AUTH, CLIENT_AUTH),
    serial=0xFF01,
)
DATES = {
    "NotBefore": datetime(2026, 1, 1, tzinfo=UTC),
    "NotAfter": datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC),
    "CreatedAt": NOW,
    "ImportedAt": NOW,
}
COMMON = {
    "DomainName": "shop.example.com",
    "Status": "ISSUED",
    "Type": "IMPORTED",
    "KeyAlgorithm": "RSA-2048",
    "CertificateKeyPairOrigin": "CUSTOMER_PROVIDED",
    "RenewalEligibility": "INELIGIBLE",
} | DATES


def test_a_certificate_is_described_in_full(acm: Any, put: Callable[..., str]) -> None:
    arn = put(make_chain(leaf=FULL))

    described = acm.describe_certificate(CertificateArn=arn)["Certificate"]

    assert described == COMMON | {
        "CertificateArn": arn,
        "SubjectAlternativeNames": ["shop.example.com", "*.example.com"],
        "Subject": "CN=shop.example.com,O=Example Ltd",
        "Issuer": "Example Intermediate 0",
        "Serial": "ff:01",
        "SignatureAlgorithm": "SHA256WITHECDSA",
        "KeyUsages": [{"Name": "DIGITAL_SIGNATURE"}, {"Name": "KEY_ENCIPHERMENT"}],
        "ExtendedKeyUsages": [
            {"Name": "TLS_WEB_SERVER_AUTHENTICATION", "OID": "1.3.6.1.5.5.7.3.1"},
            {"Name": "TLS_WEB_CLIENT_AUTHENTICATION", "OID": "1.3.6.1.5.5.7.3.2"},
        ],
        "InUseBy": [],
    }


def test_a_certificate_is_summed_up_in_a_list(acm: Any, put: Callable[..., str]) -> None:
    arn = put(make_chain(leaf=FULL))

    summaries = acm.list_certificates()["CertificateSummaryList"]

    assert summaries == [
        COMMON
        | {
            "CertificateArn": arn,
            "SubjectAlternativeNameSummaries": ["shop.example.com", "*.example.com"],
            "HasAdditionalSubjectAlternativeNames": False,
            "KeyUsages": ["DIGITAL_SIGNATURE", "KEY_ENCIPHERMENT"],
            "ExtendedKeyUsages": ["TLS_WEB_SERVER_AUTHENTICATION", "TLS_WEB_CLIENT_AUTHENTICATION"],
            "InUse": False,
        }
    ]


def test_a_summary_has_a_hundred_names_and_says_that_there_are_more(acm: Any, put: Callable[..., str]) -> None:
    names = tuple(f"host{number}.example.com" for number in range(101))
    arn = put(make_chain(leaf=replace(FULL, common_name=None, sans=names)))

    (summary,) = acm.list_certificates()["CertificateSummaryList"]

    assert summary["SubjectAlternativeNameSummaries"] == list(names[:100])
    assert summary["HasAdditionalSubjectAlternativeNames"] is True
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["SubjectAlternativeNames"] == list(names)


@pytest.mark.parametrize(
    ("request_", "domain"),
    [
        (Request(common_name=None, sans=("a.example.com", "b.example.com")), "a.example.com"),
        (Request(common_name="My shop", sans=("a.example.com",)), "a.example.com"),
        (Request(common_name="shop.example.com", sans=("a.example.com",)), "shop.example.com"),
        (Request(common_name="-"), None),
        (Request(common_name="under_score.example.com", sans=("192.0.2.1", "localhost")), None),
    ],
    ids=["no common name", "no domain as common name", "a common name", "a dash", "nothing that is a domain"],
)
def test_the_domain_name_is_the_first_that_acm_takes_for_one(
    acm: Any, put: Callable[..., str], request_: Request, domain: str | None
) -> None:
    arn = put(make_chain(leaf=request_))

    described = acm.describe_certificate(CertificateArn=arn)["Certificate"]

    assert described.get("DomainName") == domain
    assert ("SubjectAlternativeNames" in described) is (domain is not None)


def test_the_key_algorithm_can_be_spelled_with_an_underscore(
    acm: Any, server: StrictAcm, put: Callable[..., str]
) -> None:
    server.behaviour = replace(server.behaviour, key_algorithm_style=KeyAlgorithmStyle.UNDERSCORE)
    arn = put(make_chain(leaf=FULL))

    (summary,) = acm.list_certificates()["CertificateSummaryList"]

    assert summary["KeyAlgorithm"] == "RSA_2048"
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["KeyAlgorithm"] == "RSA_2048"


def test_a_certificate_expires_as_time_goes_by(acm: Any, clock: SettableClock, put: Callable[..., str]) -> None:
    arn = put(make_chain(leaf=replace(FULL, not_after=NOW + timedelta(days=1))))

    clock.advance(timedelta(days=1, seconds=1))

    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "EXPIRED"


def test_the_organisation_of_the_issuer_is_its_name(acm: Any, put: Callable[..., str]) -> None:
    issuer = make_chain(leaf=replace(FULL, is_ca=True, key=("EC_prime256v1", 0)))
    arn = put(issuer.issue(Request()))

    described = acm.describe_certificate(CertificateArn=arn)["Certificate"]

    assert described["Issuer"] == "Example Ltd"


@pytest.mark.parametrize(
    ("setting", "answer"),
    [
        (MissingChain.ABSENT, lambda _: None),
        (MissingChain.EMPTY, lambda _: ""),
        (MissingChain.LEAF, lambda issued: issued.pem.decode()),
    ],
)
def test_a_chain_that_was_not_sent_is_answered_as_it_is_set(
    acm: Any, server: StrictAcm, setting: MissingChain, answer: Callable[..., str | None]
) -> None:
    server.behaviour = replace(server.behaviour, missing_chain=setting)
    issued = make_chain()
    arn = acm.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem)["CertificateArn"]

    got = acm.get_certificate(CertificateArn=arn)

    assert got["Certificate"].encode() == issued.pem
    assert got.get("CertificateChain") == answer(issued)


@pytest.mark.parametrize(
    ("setting", "answer"),
    [
        (ChainEcho.AS_SENT, join_pem),
        (ChainEcho.WITHOUT_ROOT, lambda issuers: join_pem(issuers[:-1])),
        (ChainEcho.CRLF, lambda issuers: join_pem(issuers).replace(b"\n", b"\r\n")),
    ],
)
def test_a_chain_that_was_sent_is_answered_as_it_is_set(
    acm: Any, server: StrictAcm, put: Callable[..., str], setting: ChainEcho, answer: Callable[..., bytes]
) -> None:
    server.behaviour = replace(server.behaviour, chain_echo=setting)
    issued = make_chain()
    arn = put(issued, CertificateChain=issued.full_chain_pem)

    got = acm.get_certificate(CertificateArn=arn)["CertificateChain"]

    assert got.encode() == answer(issued.issuers)


def test_an_imported_certificate_cannot_be_exported(acm: Any, put: Callable[..., str]) -> None:
    arn = put(make_chain())

    code, _ = refusal(acm.export_certificate, CertificateArn=arn, Passphrase=b"secret")

    assert code == "ValidationException"
