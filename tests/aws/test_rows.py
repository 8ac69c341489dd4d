"""Rows of ACM's listings, in forms that the strict ACM does not answer in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509

from certkit.aws.rows import of_list, of_search

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/1"
WHEN = datetime(2027, 1, 1, tzinfo=UTC)


def found(**attributes: Any) -> Any:
    metadata = {"Status": "ISSUED", "Type": "IMPORTED", "InUse": True, "ImportedAt": WHEN}
    return {
        "CertificateArn": ARN,
        "X509Attributes": attributes,
        "CertificateMetadata": {"AcmCertificateMetadata": metadata},
    }


@pytest.mark.parametrize(
    ("issuer", "expected"),
    [
        ({"CommonName": "Example CA", "Organization": "Example", "Country": "DE"}, "CN=Example CA,O=Example,C=DE"),
        ({"CommonName": "a, b+c"}, r"CN=a\, b\+c"),
        ({"CommonName": " #1 "}, r"CN=\ #1\ "),
        ({"Organization": "#1"}, r"O=\#1"),
        ({"DomainComponents": ["example", "com"], "CommonName": "CA"}, "CN=CA,DC=example,DC=com"),
        ({"CustomAttributes": [{"ObjectIdentifier": "2.5.4.97", "Value": "NTRDE-1"}]}, "2.5.4.97=NTRDE-1"),
        ({}, None),
    ],
)
def test_an_issuer_is_written_as_rfc_4514_has_it(issuer: dict[str, Any], expected: str | None) -> None:
    assert of_search(found(Issuer=issuer)).issuer == expected


@pytest.mark.parametrize("value", ["a, b", "a+b", 'say "so"', "a;b", "<a>", "back\\slash", " a ", "#a", "ü"])
def test_what_is_escaped_is_read_back_as_it_was(value: str) -> None:
    issuer = of_search(found(Issuer={"CommonName": value, "Country": "DE"})).issuer

    name = x509.Name.from_rfc4514_string(issuer or "")

    assert [attribute.value for attribute in name] == ["DE", value]


def test_the_domain_is_the_first_name_that_acm_takes_for_one() -> None:
    sans = [{"IpAddress": "192.0.2.1"}, {"DnsName": "localhost"}, {"DnsName": "*.example.com"}]

    domains = [
        of_search(found(Subject={"CommonName": name}, SubjectAlternativeNames=sans)).domain
        for name in ("shop.example.com", "Shop")
    ]

    assert domains == ["shop.example.com", "*.example.com"]


def test_every_kind_of_name_says_of_which_kind_it_is() -> None:
    sans = [
        {"DnsName": "shop.example.com"},
        {"IpAddress": "192.0.2.1"},
        {"Rfc822Name": "shop@example.com"},
        {"UniformResourceIdentifier": "https://shop.example.com"},
        {"DirectoryName": {"CommonName": "Shop"}},
        {"RegisteredId": "1.2.3"},
        {"OtherName": {"ObjectIdentifier": "1.2.3", "Value": "00"}},
    ]

    assert of_search(found(SubjectAlternativeNames=sans)).sans == (
        "DNS:shop.example.com",
        "IP:192.0.2.1",
        "email:shop@example.com",
        "URI:https://shop.example.com",
        "DirName:CN=Shop",
        "RID:1.2.3",
        "othername:1.2.3",
    )


def test_what_was_never_issued_has_neither_names_nor_dates() -> None:
    row: Any = {"CertificateArn": ARN, "CertificateMetadata": {"AcmCertificateMetadata": {"Status": "FAILED"}}}

    summary = of_search(row)

    assert (summary.domain, summary.sans, summary.issuer, summary.serial) == (None, (), None, None)
    assert (summary.not_before, summary.not_after, summary.status, summary.kind) == (None, None, "FAILED", "")


def test_an_address_in_a_list_is_told_from_a_name() -> None:
    row: Any = {"CertificateArn": ARN, "SubjectAlternativeNameSummaries": ["shop.example.com", "2001:db8::1"]}

    assert of_list(row).sans == ("DNS:shop.example.com", "IP:2001:db8::1")
