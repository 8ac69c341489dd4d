"""Who is to be asked, where to look afterwards, and what is said of what could not be asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from certkit.inventory import State
from certkit.usage import (
    Coverage,
    Endpoint,
    Service,
    Slot,
    Usage,
    User,
    dns_names,
    endpoints,
    merged,
    problems,
)
from tests import estates
from tests.estates import ACCOUNT, HOME

DUBLIN: Final = "eu-west-1"
LISTENER: Final = replace(estates.LISTENER, address="web-1.us-east-1.elb.amazonaws.com", port=8443)
DISTRIBUTION: Final = User(
    certificate=LISTENER.certificate,
    service=Service.CLOUDFRONT,
    slot=Slot.VIEWER,
    arn=f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1",
    id="E1",
    name="E1",
    account=ACCOUNT,
    region=HOME,
    hosts=("www.shop.example.com", "*.img.example.com", "elsewhere.example.com"),
    address="d1.cloudfront.net",
)


def test_a_load_balancer_is_asked_for_each_name_of_the_certificate() -> None:
    found = endpoints(LISTENER, ("shop.example.com", "Shop.example.com", "*.shop.example.com"))

    address = "web-1.us-east-1.elb.amazonaws.com"
    assert found == (
        Endpoint("shop.example.com", 8443, address),
        Endpoint("certkit-verify.shop.example.com", 8443, address),
    )


def test_a_distribution_is_asked_for_those_of_its_aliases_that_the_certificate_covers() -> None:
    found = endpoints(DISTRIBUTION, ("*.shop.example.com", "*.img.example.com"))

    assert found == (
        Endpoint("www.shop.example.com", 443, "d1.cloudfront.net"),
        Endpoint("certkit-verify.img.example.com", 443, "d1.cloudfront.net"),
    )


@pytest.mark.parametrize("name", ["", "a b.example.com", "x" * 300, "*", "-.example.com", "a\x1b[31m.example.com"])
def test_a_name_that_nobody_can_ask_for_is_left_out(name: str) -> None:
    assert endpoints(LISTENER, (name,)) == ()


@pytest.mark.parametrize(
    "user",
    [
        replace(DISTRIBUTION, address=None),
        replace(DISTRIBUTION, slot=Slot.OWNERSHIP),
        replace(DISTRIBUTION, slot=Slot.CLIENT_CA),
        replace(DISTRIBUTION, hosts=("other.example.com",)),
    ],
)
def test_what_shows_the_certificate_to_nobody_has_no_endpoint(user: User) -> None:
    assert endpoints(user, ("*.shop.example.com",)) == ()


def test_dns_names_alone_can_be_asked_for() -> None:
    assert dns_names(["DNS:shop.example.com", "IP:192.0.2.1", "email:a@shop.example.com"]) == ("shop.example.com",)


def test_the_same_user_counts_once_and_the_first_api_of_api_gateway_is_believed() -> None:
    first = replace(DISTRIBUTION, service=Service.APIGATEWAY, address="d-1.example")
    second = replace(first, service=Service.APIGATEWAYV2, address=None)
    other_port = replace(LISTENER, port=443)

    assert merged([second, LISTENER, first, other_port, LISTENER]) == (other_port, LISTENER, first)


def test_a_service_that_could_not_be_asked_in_several_regions_is_one_problem() -> None:
    def denied(region: str, service: Service, account: str = ACCOUNT) -> Coverage:
        reason = f"reading in {region}: no appsync:List on arn:aws:appsync:{region}:{account}:*"
        return Coverage(account, region, service, State.DENIED, reason)

    seen = Coverage(ACCOUNT, HOME, Service.ELBV2, State.SEEN)
    coverage = (denied(HOME, Service.APPSYNC), denied(DUBLIN, Service.APPSYNC), denied(HOME, Service.TRANSFER), seen)
    unlisted = Coverage(ACCOUNT, HOME, None, State.FAILED, "no answer")

    told = list(problems(Usage((), (*coverage, unlisted), problems=("describing it: no",))))

    assert told == [
        f"each AppSync domain in {HOME}, {DUBLIN} of {ACCOUNT} could not be asked what it uses: {coverage[0].reason}",
        f"each Transfer Family server in {HOME} of {ACCOUNT} could not be asked what it uses: {coverage[2].reason}",
        f"the enabled regions of {ACCOUNT} could not be asked what it uses: no answer",
        "describing it: no",
    ]
