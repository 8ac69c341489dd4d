"""Taking the inventory: every region of every account, over HTTP, and what could not be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3

from certkit.aws.pacing import Pace, ReadingPaces, Timing
from certkit.aws.sessions import Session
from certkit.census import Site, look
from certkit.inventory import Inventory, State, gather, problems
from certkit.testing import DOCUMENTED_RATES, Behaviour
from tests.aws.faults import Fault, Refusal, Rewrite
from tests.aws.scene import ACCOUNT, NOW
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

HOME = "us-east-1"
FRANKFURT = "eu-central-1"
ALGORITHMS = ("RSA_1024", "RSA_2048", "RSA_3072", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")


def take(regions: Sequence[str], account: str = ACCOUNT, paces: ReadingPaces | None = None) -> Inventory:
    """The inventory of these regions of the caller's account."""
    session = Session()
    return gather(look([Site(session, account, region, paces) for region in regions]), NOW)


def until(year: int, name: str = "shop.example.com") -> Request:
    return Request(name, not_after=datetime(year, 1, 1, tzinfo=UTC))


def test_all_key_types_are_seen(wire: Proxy, put: Callable[..., str]) -> None:
    arns = {put(make_chain(leaf=Request(key=(algorithm, 0)))): algorithm for algorithm in ALGORITHMS}

    inventory = take([HOME])

    assert wire.operations == ["SearchCertificates", "GetResources"]
    assert {one.summary.arn: one.summary.key_algorithm for one in inventory.certificates} == arns
    assert inventory.is_complete


def test_the_soonest_expiry_comes_first_over_all_regions(wire: Proxy, put: Callable[..., str]) -> None:
    last = put(make_chain(leaf=until(2029)))
    first = put(make_chain(leaf=until(2027)), region=FRANKFURT)
    between = put(make_chain(leaf=until(2028)), certkit_name="shop")

    inventory = take([HOME, FRANKFURT])

    assert [(one.summary.arn, one.region, one.name) for one in inventory.certificates] == [
        (first, FRANKFURT, None),
        (between, HOME, "shop"),
        (last, HOME, None),
    ]
    assert len(wire.operations) == 4


def test_one_that_was_never_issued_comes_last(wire: Proxy, put: Callable[..., str]) -> None:
    def take_dates(answer: dict[str, list[dict[str, object]]]) -> None:
        answer["Results"][0].pop("X509Attributes")

    never = put(make_chain())
    put(make_chain())
    wire.always("SearchCertificates", Rewrite(take_dates))

    inventory = take([HOME])

    assert inventory.certificates[-1].summary.arn == never


def test_an_estate_is_listed_by_pages_not_one_by_one(wire: Proxy, put: Callable[..., str], server: StrictAcm) -> None:
    server.behaviour = Behaviour(page_size=10)
    for number in range(25):
        put(make_chain(leaf=Request(f"shop-{number}.example.com")), certkit_name=f"shop-{number}")

    inventory = take([HOME], paces=ReadingPaces(*(Pace(0) for _ in range(4))))

    assert len({one.name for one in inventory.certificates}) == 25
    assert wire.operations == ["SearchCertificates"] * 3 + ["GetResources"]


def test_pages_are_asked_for_no_faster_than_the_documented_rates(
    wire: Proxy, put: Callable[..., str], server: StrictAcm, clock: SettableClock
) -> None:
    server.behaviour = Behaviour(page_size=1, requests_per_second=DOCUMENTED_RATES)
    for _ in range(7):
        put(make_chain())
        clock.advance(timedelta(seconds=1))

    def paces() -> ReadingPaces:
        def sleep(seconds: float) -> None:
            clock.advance(timedelta(seconds=seconds))

        return ReadingPaces.of(Timing(lambda: clock().timestamp(), sleep))

    searched = take([HOME], paces=paces())
    clock.advance(timedelta(seconds=1))
    server.deny("SearchCertificates")
    listed = take([HOME], paces=paces())

    assert [len(one.certificates) for one in (searched, listed)] == [7, 7]
    assert wire.operations.count("SearchCertificates") == 7 + 1
    assert wire.operations.count("ListCertificates") == 7


def test_who_may_only_list_sees_as_much_with_one_request_more(
    wire: Proxy, put: Callable[..., str], server: StrictAcm
) -> None:
    request = Request(sans=("shop.example.com", "192.0.2.1"), organization="Shop")
    put(make_chain(leaf=request), certkit_name="shop", Owner="web")
    searched = take([HOME])
    wire.forget()
    server.deny("SearchCertificates")

    listed = take([HOME])

    (found,), (row,) = searched.certificates, listed.certificates
    assert wire.operations == ["SearchCertificates", "ListCertificates", "GetResources"]
    assert (found.name, found.owner) == ("shop", "web")
    assert (row.summary.serial, row.summary.issuer) == (None, None)
    assert found.summary.serial
    assert found.summary.issuer
    # ListCertificates shows no more than the names that it takes for domains.
    assert found.summary.sans == ("DNS:shop.example.com", "IP:192.0.2.1")
    assert replace(row, summary=replace(row.summary, sans=found.summary.sans)) == replace(
        found, summary=replace(found.summary, serial=None, issuer=None)
    )


def test_what_stands_in_for_aws_and_knows_no_search_is_listed(wire: Proxy, put: Callable[..., str]) -> None:
    put(make_chain())
    wire.always("SearchCertificates", Refusal("UnknownOperationException"))

    inventory = take([HOME])

    assert (len(inventory.certificates), inventory.is_complete) == (1, True)


def test_more_regions_than_are_asked_at_a_time_are_all_seen(wire: Proxy, put: Callable[..., str]) -> None:
    regions = boto3.Session().get_available_regions("acm")
    put(make_chain(), region="eu-west-1")

    inventory = take(regions)

    assert len(regions) > 32
    assert {one.region for one in inventory.coverage} == set(regions)
    assert len(wire.operations) == 2 * len(regions)


def test_a_throttled_region_is_asked_again(wire: Proxy, put: Callable[..., str]) -> None:
    put(make_chain())
    wire.script("SearchCertificates", Refusal("ThrottlingException"))

    inventory = take([HOME])

    assert inventory.is_complete
    assert wire.operations == ["SearchCertificates", "SearchCertificates", "GetResources"]


def test_a_region_that_may_not_be_seen_is_told(wire: Proxy, put: Callable[..., str], server: StrictAcm) -> None:
    put(make_chain())
    server.deny("SearchCertificates", "ListCertificates", region=FRANKFURT)

    inventory = take([HOME, FRANKFURT])

    assert wire.sent
    assert [(one.region, one.state) for one in inventory.coverage] == [(FRANKFURT, State.DENIED), (HOME, State.SEEN)]
    assert (len(inventory.certificates), inventory.is_complete) == (1, False)
    (problem,) = problems(inventory)
    assert problem.startswith("eu-central-1 was not seen: listing the certificates in eu-central-1: AccessDenied")


def test_a_region_that_is_not_enabled_counts_as_denied(wire: Proxy) -> None:
    wire.always("SearchCertificates", Refusal("UnrecognizedClientException"))

    inventory = take([HOME])

    assert [one.state for one in inventory.coverage] == [State.DENIED]
    assert wire.operations == ["SearchCertificates"]


def test_a_region_that_does_not_answer_has_failed(wire: Proxy, put: Callable[..., str]) -> None:
    put(make_chain())
    for operation in ("SearchCertificates", "ListCertificates"):
        wire.always(operation, Fault.ERROR_BEFORE, region=FRANKFURT)

    inventory = take([FRANKFURT, HOME])

    assert [one.state for one in inventory.coverage] == [State.FAILED, State.SEEN]
    assert len(inventory.certificates) == 1


def test_names_that_may_not_be_read_are_told(wire: Proxy, put: Callable[..., str]) -> None:
    put(make_chain(), certkit_name="shop")
    wire.always("GetResources", Refusal("AccessDeniedException"))

    inventory = take([HOME])

    assert [one.name for one in inventory.certificates] == [None]
    (problem,) = problems(inventory)
    assert problem.startswith(
        "us-east-1: the names could not be read: looking up the names of certificates in us-east-1"
    )


def test_no_regions_are_nothing() -> None:
    inventory = take([])

    assert (inventory.certificates, inventory.is_complete) == ((), True)
