"""SearchCertificates: the tree of filters, the order, the pages, the form."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.issuing import CLIENT_AUTH, SERVER_AUTH, Request, make_chain
from tests.testing.conftest import NOW, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from certkit.testing import StrictAcm

SHOP = Request(
    common_name="shop.example.com",
    sans=("shop.example.com", "192.0.2.1"),
    organization="Example Ltd",
    serial=0x0A1B,
    not_after=NOW + timedelta(days=10),
    key_usages=("digital_signature",),
    extended_key_usages=(SERVER_AUTH,),
)
MAIL = Request(
    common_name="Mail",
    sans=("mail.example.net",),
    key=("EC_secp384r1", 0),
    serial=0xFFFF,
    not_before=NOW - timedelta(days=5),
    not_after=NOW + timedelta(days=20),
    extended_key_usages=(SERVER_AUTH, CLIENT_AUTH),
)
ROOT = Request(common_name="-", key=("EC_secp521r1", 0), serial=1, not_after=NOW + timedelta(days=30))


@pytest.fixture
def arns(server: StrictAcm, put: Callable[..., str]) -> dict[str, str]:
    """Three certificates by name; that of the shop is in use."""
    found = {
        name: put(make_chain(leaf=request)) for name, request in {"shop": SHOP, "mail": MAIL, "root": ROOT}.items()
    }
    server.set_in_use(found["shop"], "arn:aws:cloudfront::123456789012:distribution/E1")
    return found


def by_attribute(**filter_: Any) -> dict[str, Any]:
    return {"Filter": {"X509AttributeFilter": filter_}}


def metadata(**filter_: Any) -> dict[str, Any]:
    return {"Filter": {"AcmCertificateMetadataFilter": filter_}}


def dns(operator: str, value: str) -> dict[str, Any]:
    return by_attribute(SubjectAlternativeName={"DnsName": {"Value": value, "ComparisonOperator": operator}})


def common_name(operator: str, value: str) -> dict[str, Any]:
    return by_attribute(Subject={"CommonName": {"Value": value, "ComparisonOperator": operator}})


def days(start: int | None, end: int | None) -> dict[str, Any]:
    ends = {"Start": start, "End": end}
    return {name: NOW + timedelta(days=number) for name, number in ends.items() if number is not None}


def names(answer: dict[str, Any], arns: dict[str, str]) -> Iterator[str]:
    by_arn = {arn: name for name, arn in arns.items()}
    return (by_arn[result["CertificateArn"]] for result in answer["Results"])


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (by_attribute(SerialNumber="0a:1b"), ["shop"]),
        (by_attribute(SerialNumber="0a:1c"), []),
        (dns("EQUALS", "shop.example.com"), ["shop"]),
        (dns("EQUALS", "example.com"), []),
        (dns("CONTAINS", "example"), ["shop", "mail"]),
        (dns("CONTAINS", "EXAMPLE.NET"), ["mail"]),
        (common_name("EQUALS", "Mail"), ["mail"]),
        (common_name("CONTAINS", "shop"), ["shop"]),
        (by_attribute(KeyAlgorithm="EC_secp521r1"), ["root"]),
        (by_attribute(KeyUsage="DIGITAL_SIGNATURE"), ["shop"]),
        (by_attribute(ExtendedKeyUsage="TLS_WEB_CLIENT_AUTHENTICATION"), ["mail"]),
        (by_attribute(ExtendedKeyUsage="NONE"), ["root"]),
        (by_attribute(NotAfter=days(10, 20)), ["shop", "mail"]),
        (by_attribute(NotAfter=days(11, None)), ["mail", "root"]),
        (by_attribute(NotAfter=days(None, 19)), ["shop"]),
        (by_attribute(NotBefore=days(-5, -5)), ["mail"]),
        (metadata(InUse=True), ["shop"]),
        (metadata(InUse=False), ["mail", "root"]),
        (metadata(Type="IMPORTED"), ["shop", "mail", "root"]),
        (metadata(Type="AMAZON_ISSUED"), []),
        (metadata(Status="EXPIRED"), []),
        (metadata(CertificateKeyPairOrigin="CUSTOMER_PROVIDED"), ["shop", "mail", "root"]),
        (metadata(RenewalStatus="SUCCESS"), []),
        ({"Not": metadata(InUse=True)}, ["mail", "root"]),
        ({"And": [dns("CONTAINS", "example"), {"Not": metadata(InUse=True)}]}, ["mail"]),
        ({"Or": [by_attribute(SerialNumber="0a:1b"), by_attribute(KeyAlgorithm="EC_secp521r1")]}, ["shop", "root"]),
        ({"And": [{"Or": [metadata(InUse=True), by_attribute(SerialNumber="ff:ff")]}, by_attribute(NotAfter=days(15, None))]}, ["mail"]),
    ],
)  # fmt: skip
def test_a_filter_finds_what_it_holds_for(
    acm: Any, arns: dict[str, str], statement: dict[str, Any], expected: list[str]
) -> None:
    answer = acm.search_certificates(FilterStatement=statement)

    assert list(names(answer, arns)) == expected


def test_a_certificate_is_found_by_its_arn(acm: Any, arns: dict[str, str]) -> None:
    answer = acm.search_certificates(FilterStatement={"Filter": {"CertificateArn": arns["mail"]}})

    assert list(names(answer, arns)) == ["mail"]


def test_without_a_filter_every_key_type_is_found(acm: Any, arns: dict[str, str]) -> None:
    answer = acm.search_certificates()

    assert list(names(answer, arns)) == ["shop", "mail", "root"]


@pytest.mark.parametrize(
    ("by", "order", "expected"),
    [
        ("NOT_AFTER", "ASCENDING", ["shop", "mail", "root"]),
        ("NOT_AFTER", "DESCENDING", ["root", "mail", "shop"]),
        ("COMMON_NAME", "ASCENDING", ["root", "mail", "shop"]),
        ("KEY_ALGORITHM", "ASCENDING", ["shop", "mail", "root"]),
        ("IN_USE", "DESCENDING", ["shop", "mail", "root"]),
        ("NOT_BEFORE", "DESCENDING", ["mail", "shop", "root"]),
        ("REVOKED_AT", "ASCENDING", ["shop", "mail", "root"]),
    ],
)
def test_what_is_found_is_in_the_order_asked_for(
    acm: Any, arns: dict[str, str], by: str, order: str, expected: list[str]
) -> None:
    answer = acm.search_certificates(SortBy=by, SortOrder=order)

    assert list(names(answer, arns)) == expected


def test_what_is_found_is_cut_into_pages(acm: Any, arns: dict[str, str]) -> None:
    first = acm.search_certificates(MaxResults=2, SortBy="NOT_AFTER", SortOrder="ASCENDING")
    second = acm.search_certificates(
        MaxResults=2, SortBy="NOT_AFTER", SortOrder="ASCENDING", NextToken=first["NextToken"]
    )

    assert [list(names(page, arns)) for page in (first, second)] == [["shop", "mail"], ["root"]]
    assert "NextToken" not in second


def test_pages_can_be_smaller_than_asked(acm: Any, server: StrictAcm, arns: dict[str, str]) -> None:
    server.behaviour = replace(server.behaviour, page_size=1)

    pages = [list(names(page, arns)) for page in acm.get_paginator("search_certificates").paginate()]

    assert pages == [["shop"], ["mail"], ["root"]]


def test_a_result_carries_what_describe_would(acm: Any, arns: dict[str, str]) -> None:
    (result,) = acm.search_certificates(FilterStatement=by_attribute(SerialNumber="0a:1b"))["Results"]

    assert result == {
        "CertificateArn": arns["shop"],
        "X509Attributes": {
            "Issuer": {"CommonName": "Example Intermediate 0"},
            "Subject": {"CommonName": "shop.example.com", "Organization": "Example Ltd"},
            "SubjectAlternativeNames": [{"DnsName": "shop.example.com"}, {"IpAddress": "192.0.2.1"}],
            "ExtendedKeyUsages": ["TLS_WEB_SERVER_AUTHENTICATION"],
            "KeyAlgorithm": "EC_prime256v1",
            "KeyUsages": ["DIGITAL_SIGNATURE"],
            "SerialNumber": "0a:1b",
            "NotAfter": SHOP.not_after,
            "NotBefore": SHOP.not_before,
        },
        "CertificateMetadata": {
            "AcmCertificateMetadata": {
                "CreatedAt": NOW,
                "ImportedAt": NOW,
                "InUse": True,
                "Exported": False,
                "ExportOption": "DISABLED",
                "RenewalEligibility": "INELIGIBLE",
                "Status": "ISSUED",
                "Type": "IMPORTED",
                "CertificateKeyPairOrigin": "CUSTOMER_PROVIDED",
            }
        },
    }


def test_names_of_all_kinds_are_shown(acm: Any) -> None:
    attributes = [
        x509.NameAttribute(NameOID.DOMAIN_COMPONENT, "example"),
        x509.NameAttribute(NameOID.COMMON_NAME, "Issuer"),
        x509.NameAttribute(NameOID.EMAIL_ADDRESS, "ca@example.com"),
    ]
    names_ = [
        x509.RFC822Name("shop@example.com"),
        x509.UniformResourceIdentifier("https://example.com"),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3")),
        x509.DirectoryName(x509.Name(attributes[1:2])),
        x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"),
    ]
    request = Request(issuer_name=x509.Name(attributes), extensions=(x509.SubjectAlternativeName(names_),))
    issued = make_chain(leaf=request)
    acm.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem)

    (result,) = acm.search_certificates()["Results"]

    assert result["X509Attributes"]["Issuer"] == {
        "DomainComponents": ["example"],
        "CommonName": "Issuer",
        "CustomAttributes": [{"ObjectIdentifier": "1.2.840.113549.1.9.1", "Value": "ca@example.com"}],
    }
    assert result["X509Attributes"]["SubjectAlternativeNames"] == [
        {"Rfc822Name": "shop@example.com"},
        {"UniformResourceIdentifier": "https://example.com"},
        {"RegisteredId": "1.2.3"},
        {"DirectoryName": {"CommonName": "Issuer"}},
        {"OtherName": {"ObjectIdentifier": "1.2.3", "Value": "0500"}},
    ]


@pytest.mark.parametrize(
    "request_",
    [
        {"FilterStatement": by_attribute(SerialNumber="0a")},
        {"FilterStatement": by_attribute(SerialNumber="0A:1B")},
        {"FilterStatement": by_attribute(KeyAlgorithm="RSA-2048")},
        {"FilterStatement": dns("STARTS_WITH", "a")},
        {"FilterStatement": dns("EQUALS", "a" * 257)},
        {"FilterStatement": {"And": []}},
        {"FilterStatement": {"Or": [metadata(InUse=True)] * 16}},
        {"FilterStatement": {"Not": metadata(InUse=True), "Filter": {}}},
        {"FilterStatement": {}},
        {"MaxResults": 501},
        {"SortBy": "NAME"},
        {"NextToken": "made up"},
    ],
)
def test_a_search_that_breaks_the_model_is_refused(acm: Any, request_: dict[str, Any]) -> None:
    code, _ = refusal(acm.search_certificates, **request_)

    assert code == "ValidationException"
