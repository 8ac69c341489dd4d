"""ListCertificates: what it shows by default, filters, order and pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.issuing import CLIENT_AUTH, SERVER_AUTH, Request, make_chain
from tests.testing.conftest import NOW, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import SettableClock, StrictAcm

RSA = Request(key=("RSA_2048", 0))
KEY_TYPES = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]


def listed(acm: Any, **arguments: Any) -> list[str]:
    return [summary["CertificateArn"] for summary in acm.list_certificates(**arguments)["CertificateSummaryList"]]


def put_each(put: Callable[..., str], requests: dict[str, Request]) -> dict[str, str]:
    return {name: put(make_chain(leaf=request)) for name, request in requests.items()}


def test_only_small_rsa_keys_with_a_domain_are_listed_by_default(acm: Any, put: Callable[..., str]) -> None:
    requests = {algorithm: Request(key=(algorithm, 0)) for algorithm in KEY_TYPES}
    arns = put_each(put, requests | {"no domain": replace(RSA, common_name="localhost")})

    found = listed(acm)

    assert found == [arns["RSA_1024"], arns["RSA_2048"]]


def test_all_key_types_asked_for_are_listed_with_and_without_a_domain(acm: Any, put: Callable[..., str]) -> None:
    requests = {algorithm: Request(key=(algorithm, 0)) for algorithm in KEY_TYPES}
    arns = put_each(put, requests | {"no domain": replace(RSA, common_name="localhost")})

    found = listed(acm, Includes={"keyTypes": KEY_TYPES})

    assert found == list(arns.values())


def test_a_key_type_that_does_not_exist_is_refused(acm: Any) -> None:
    code, message = refusal(acm.list_certificates, Includes={"keyTypes": ["RSA-2048"]})

    assert code == "ValidationException"
    assert "'includes.keyTypes.1.member' failed to satisfy constraint: Member must satisfy enum value set" in message


@pytest.mark.parametrize(
    ("includes", "names"),
    [
        ({"keyUsage": ["KEY_ENCIPHERMENT"]}, ["both"]),
        ({"extendedKeyUsage": ["TLS_WEB_CLIENT_AUTHENTICATION"]}, ["client"]),
        ({"extendedKeyUsage": ["TLS_WEB_CLIENT_AUTHENTICATION", "TLS_WEB_SERVER_AUTHENTICATION"]}, ["both", "client"]),
        ({"extendedKeyUsage": ["NONE"]}, ["plain"]),
        ({"exportOption": "ENABLED"}, []),
        ({"managedBy": "CLOUDFRONT"}, []),
    ],
)
def test_certificates_are_listed_by_usage(
    acm: Any, put: Callable[..., str], includes: dict[str, Any], names: list[str]
) -> None:
    both = replace(RSA, key_usages=("digital_signature", "key_encipherment"), extended_key_usages=(SERVER_AUTH,))
    client = replace(RSA, key_usages=("digital_signature",), extended_key_usages=(CLIENT_AUTH,))
    arns = put_each(put, {"both": both, "client": client, "plain": RSA})

    found = listed(acm, Includes=includes)

    assert found == [arns[name] for name in names]


def test_certificates_are_listed_by_status(acm: Any, clock: SettableClock, put: Callable[..., str]) -> None:
    arns = put_each(put, {"short": replace(RSA, not_after=NOW + timedelta(days=1)), "long": RSA})
    clock.advance(timedelta(days=2))

    found = {status: listed(acm, CertificateStatuses=[status]) for status in ("ISSUED", "EXPIRED", "REVOKED")}

    assert found == {"ISSUED": [arns["long"]], "EXPIRED": [arns["short"]], "REVOKED": []}


def test_certificates_are_listed_by_the_origin_of_their_key(acm: Any, put: Callable[..., str]) -> None:
    imported = put(make_chain(leaf=RSA))
    requested = acm.request_certificate(DomainName="shop.example.com")["CertificateArn"]

    found = {origin: listed(acm, CertificateKeyPairOrigins=[origin]) for origin in ("CUSTOMER_PROVIDED", "AWS_MANAGED")}

    assert found == {"CUSTOMER_PROVIDED": [imported], "AWS_MANAGED": [requested]}


@pytest.mark.parametrize(("order", "names"), [("ASCENDING", ["old", "new"]), ("DESCENDING", ["new", "old"])])
def test_certificates_are_listed_in_the_order_asked_for(
    acm: Any, clock: SettableClock, put: Callable[..., str], order: str, names: list[str]
) -> None:
    arns = {"old": put(make_chain(leaf=RSA))}
    clock.advance(timedelta(days=1))
    arns["new"] = put(make_chain(leaf=RSA))

    found = listed(acm, SortBy="CREATED_AT", SortOrder=order)

    assert found == [arns[name] for name in names]


@pytest.mark.parametrize("half", [{"SortBy": "CREATED_AT"}, {"SortOrder": "ASCENDING"}])
def test_half_an_order_is_refused(acm: Any, half: dict[str, str]) -> None:
    code, _ = refusal(acm.list_certificates, **half)

    assert code == "InvalidArgsException"


def test_a_list_is_cut_into_pages_as_asked(acm: Any, put: Callable[..., str]) -> None:
    arns = [put(make_chain(leaf=RSA)) for _ in range(5)]

    first = acm.list_certificates(MaxItems=2)
    pages = acm.get_paginator("list_certificates").paginate(PaginationConfig={"PageSize": 2})

    assert [summary["CertificateArn"] for summary in first["CertificateSummaryList"]] == arns[:2]
    assert "NextToken" in first
    assert [[summary["CertificateArn"] for summary in page["CertificateSummaryList"]] for page in pages] == [
        arns[:2],
        arns[2:4],
        arns[4:],
    ]


def test_pages_can_be_smaller_than_asked(acm: Any, server: StrictAcm, put: Callable[..., str]) -> None:
    server.behaviour = replace(server.behaviour, page_size=2)
    arns = [put(make_chain(leaf=RSA)) for _ in range(3)]

    sizes = [
        [len(page["CertificateSummaryList"]) for page in acm.get_paginator("list_certificates").paginate(**arguments)]
        for arguments in ({}, {"MaxItems": 1000})
    ]

    assert sizes == [[2, 1], [2, 1]]
    assert len(arns) == 3


def test_a_page_has_a_hundred_certificates_by_default(acm: Any, put: Callable[..., str]) -> None:
    issued = make_chain(leaf=Request())
    for _ in range(101):
        put(issued)

    page = acm.list_certificates(Includes={"keyTypes": ["EC_prime256v1"]})

    assert len(page["CertificateSummaryList"]) == 100
    assert "NextToken" in page


def test_what_is_deleted_between_two_pages_is_not_on_the_second(acm: Any, put: Callable[..., str]) -> None:
    arns = [put(make_chain(leaf=RSA)) for _ in range(4)]
    token = acm.list_certificates(MaxItems=2)["NextToken"]
    acm.delete_certificate(CertificateArn=arns[2])

    found = listed(acm, MaxItems=2, NextToken=token)

    assert found == [arns[3]]


def test_a_token_of_nowhere_is_refused(acm: Any, put: Callable[..., str]) -> None:
    for _ in range(2):
        put(make_chain(leaf=RSA))
    token = acm.search_certificates(MaxResults=1)["NextToken"]

    codes = [refusal(acm.list_certificates, NextToken=bad)[0] for bad in ("made up", token)]

    assert codes == ["InvalidArgsException", "InvalidArgsException"]


@pytest.mark.parametrize("size", [0, 1001])
def test_a_page_of_impossible_size_is_refused(acm: Any, size: int) -> None:
    code, message = refusal(acm.list_certificates, MaxItems=size)

    assert code == "ValidationException"
    assert f"Value '{size}' at 'maxItems' failed to satisfy constraint" in message
