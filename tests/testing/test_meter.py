"""Rates and quotas of one account and Region."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from certkit.testing import DOCUMENTED_RATES
from tests.issuing import Request, make_chain
from tests.testing.conftest import UNCHECKED, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import SettableClock, StrictAcm

THROTTLED = ("ThrottlingException", "Rate exceeded")
YEAR_FULL = ("LimitExceededException", "You have imported the maximum number of 2 certificates in the last year.")
FULL_TEXT = (
    "You have reached the maximum number of certificates. Delete certificates that are not in use, "
    "or contact AWS Support to request an increase."
)


def test_more_requests_than_documented_are_throttled_until_the_second_is_over(
    acm: Any, server: StrictAcm, clock: SettableClock
) -> None:
    server.behaviour = replace(server.behaviour, requests_per_second=DOCUMENTED_RATES)
    for _ in range(8):
        acm.list_certificates()

    ninth = refusal(acm.list_certificates)
    clock.advance(timedelta(seconds=1))

    assert ninth == THROTTLED
    assert acm.list_certificates()["CertificateSummaryList"] == []


def test_imports_are_limited_to_one_a_second(acm: Any, server: StrictAcm, put: Callable[..., str]) -> None:
    server.behaviour = replace(server.behaviour, requests_per_second=DOCUMENTED_RATES)
    arn = put(make_chain())

    answer = refusal(put, issued=make_chain())

    assert answer == THROTTLED
    assert acm.describe_certificate(CertificateArn=arn)


def test_rates_are_counted_apart_for_each_region(acm: Any, server: StrictAcm) -> None:
    server.behaviour = replace(server.behaviour, requests_per_second={"ListCertificates": 1})
    elsewhere = boto3.client("acm", endpoint_url=server.url, region_name="eu-central-1", config=UNCHECKED)

    acm.list_certificates()

    assert elsewhere.list_certificates()["CertificateSummaryList"] == []
    assert refusal(acm.list_certificates) == THROTTLED


def test_rates_are_not_limited_unless_it_is_set(acm: Any) -> None:
    answers = [acm.list_certificates() for _ in range(20)]

    assert len(answers) == 20


def test_the_quota_of_certificates_frees_up_by_deleting(acm: Any, server: StrictAcm, put: Callable[..., str]) -> None:
    server.behaviour = replace(server.behaviour, imported_certificates=1)
    arn = put(make_chain())

    answer = refusal(put, issued=make_chain())
    acm.delete_certificate(CertificateArn=arn)

    assert answer == ("LimitExceededException", FULL_TEXT)
    assert put(make_chain()) != arn


def test_amazons_certificates_do_not_count_as_imported(acm: Any, server: StrictAcm, put: Callable[..., str]) -> None:
    server.behaviour = replace(server.behaviour, imported_certificates=1)
    acm.request_certificate(DomainName="shop.example.com")

    arn = put(make_chain())

    assert arn


def test_the_years_quota_counts_certificates_deleted_since(
    acm: Any, server: StrictAcm, clock: SettableClock, put: Callable[..., str]
) -> None:
    server.behaviour = replace(server.behaviour, imports_per_year=2)
    for _ in range(2):
        acm.delete_certificate(CertificateArn=put(make_chain()))

    answer = refusal(put, issued=make_chain())
    clock.advance(timedelta(days=365))

    assert answer == YEAR_FULL
    assert put(make_chain())


@pytest.mark.parametrize("counts", [True, False])
def test_reimports_count_for_the_year_as_it_is_set(server: StrictAcm, put: Callable[..., str], *, counts: bool) -> None:
    server.behaviour = replace(server.behaviour, imports_per_year=2, reimports_count=counts)
    arn = put(make_chain())
    put(make_chain(leaf=Request(sans=("a.example.com",))), CertificateArn=arn)

    third = {"issued": make_chain(), "CertificateArn": arn}
    answer = refusal(put, **third) if counts else put(**third)

    assert answer == (YEAR_FULL if counts else arn)


def test_a_refused_import_does_not_count(server: StrictAcm, put: Callable[..., str]) -> None:
    server.behaviour = replace(server.behaviour, imports_per_year=1)
    refusal(put, issued=make_chain(leaf=Request(key=("EC_secp256k1", 0))))

    arn = put(make_chain())

    assert arn
