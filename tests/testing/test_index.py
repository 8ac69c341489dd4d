"""An index that lags: listings see a change late, questions about one ARN at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.issuing import Request, make_chain
from tests.testing.conftest import UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import SettableClock, StrictAcm

RSA = Request(key=("RSA_2048", 0))


@pytest.fixture
def look(server: StrictAcm, acm: Any) -> dict[str, Callable[[], int]]:
    """How many certificates each listing sees."""
    tagging = boto3.client("resourcegroupstaggingapi", endpoint_url=server.url, config=UNCHECKED)
    return {
        "list": lambda: len(acm.list_certificates()["CertificateSummaryList"]),
        "search": lambda: len(acm.search_certificates()["Results"]),
        "tagging": lambda: len(tagging.get_resources()["ResourceTagMappingList"]),
    }


@pytest.mark.parametrize("listing", ["list", "search", "tagging"])
def test_a_new_certificate_is_listed_after_so_many_further_calls(
    server: StrictAcm, put: Callable[..., str], look: dict[str, Callable[[], int]], listing: str
) -> None:
    server.behaviour = replace(server.behaviour, index_lag_calls=2)
    put(make_chain(leaf=RSA), Tags=[{"Key": "a"}])

    seen = [look[listing]() for _ in range(4)]

    assert seen == [0, 0, 1, 1]


@pytest.mark.parametrize("listing", ["list", "search", "tagging"])
def test_a_new_certificate_is_listed_after_so_much_time(
    server: StrictAcm, clock: SettableClock, put: Callable[..., str], look: dict[str, Callable[[], int]], listing: str
) -> None:
    server.behaviour = replace(server.behaviour, index_lag=timedelta(seconds=10))
    put(make_chain(leaf=RSA), Tags=[{"Key": "a"}])
    seen = []

    for _ in range(3):
        seen.append(look[listing]())
        clock.advance(timedelta(seconds=5))

    assert seen == [0, 0, 1]


def test_describe_does_not_lag(acm: Any, server: StrictAcm, put: Callable[..., str]) -> None:
    server.behaviour = replace(server.behaviour, index_lag_calls=100)

    arn = put(make_chain(leaf=RSA), Tags=[{"Key": "a"}])

    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED"
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == [{"Key": "a"}]


def test_listings_see_the_former_certificate_after_a_reimport(
    acm: Any, server: StrictAcm, clock: SettableClock, put: Callable[..., str]
) -> None:
    arn = put(make_chain(leaf=replace(RSA, sans=("old.example.com",))))
    server.behaviour = replace(server.behaviour, index_lag=timedelta(seconds=1))
    put(make_chain(leaf=replace(RSA, sans=("new.example.com",))), CertificateArn=arn)

    before = acm.list_certificates()["CertificateSummaryList"][0]["SubjectAlternativeNameSummaries"]
    clock.advance(timedelta(seconds=1))
    after = acm.list_certificates()["CertificateSummaryList"][0]["SubjectAlternativeNameSummaries"]

    assert (before, after) == (["shop.example.com", "old.example.com"], ["shop.example.com", "new.example.com"])


def test_the_tagging_api_sees_a_new_tag_late(
    acm: Any, server: StrictAcm, put: Callable[..., str], look: dict[str, Callable[[], int]]
) -> None:
    arn = put(make_chain(leaf=RSA))
    server.behaviour = replace(server.behaviour, index_lag_calls=1)
    acm.add_tags_to_certificate(CertificateArn=arn, Tags=[{"Key": "a"}])

    seen = [look["tagging"](), look["tagging"]()]

    assert seen == [0, 1]


def test_listings_see_a_deleted_certificate_for_a_while(
    acm: Any, server: StrictAcm, put: Callable[..., str], look: dict[str, Callable[[], int]]
) -> None:
    arn = put(make_chain(leaf=RSA))
    server.behaviour = replace(server.behaviour, index_lag_calls=1)
    acm.delete_certificate(CertificateArn=arn)

    seen = [look["list"](), look["list"]()]

    assert seen == [1, 0]


def test_a_change_does_not_overtake_an_earlier_one(
    acm: Any, server: StrictAcm, put: Callable[..., str], look: dict[str, Callable[[], int]]
) -> None:
    server.behaviour = replace(server.behaviour, index_lag_calls=3)
    arn = put(make_chain(leaf=RSA))
    server.behaviour = replace(server.behaviour, index_lag_calls=0)
    acm.delete_certificate(CertificateArn=arn)

    seen = [look["list"]() for _ in range(4)]

    assert seen == [0, 0, 0, 0]
