"""What is in ACM over regions, and what could not be seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from certkit.aws.sessions import Session
from certkit.inventory import State, problems, take
from certkit.testing import Behaviour
from tests.aws.faults import Fault, Refusal, Rewrite
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

HOME = "us-east-1"
FRANKFURT = "eu-central-1"
ALGORITHMS = ("RSA_1024", "RSA_2048", "RSA_3072", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")


def until(year: int, name: str = "shop.example.com") -> Request:
    return Request(name, not_after=datetime(year, 1, 1, tzinfo=UTC))


def test_all_key_types_are_seen(wire: Proxy, put: Callable[..., str]) -> None:
    arns = {put(make_chain(leaf=Request(key=(algorithm, 0)))): algorithm for algorithm in ALGORITHMS}

    inventory = take(Session(), [HOME])

    assert wire.operations == ["ListCertificates", "GetResources"]
    assert {one.summary.arn: one.summary.key_algorithm for one in inventory.certificates} == arns
    assert inventory.is_complete


def test_the_soonest_expiry_comes_first_over_all_regions(wire: Proxy, put: Callable[..., str]) -> None:
    last = put(make_chain(leaf=until(2029)))
    first = put(make_chain(leaf=until(2027)), region=FRANKFURT)
    between = put(make_chain(leaf=until(2028)), certkit_name="shop")

    inventory = take(Session(), [HOME, FRANKFURT])

    assert [(one.summary.arn, one.region, one.name) for one in inventory.certificates] == [
        (first, FRANKFURT, None),
        (between, HOME, "shop"),
        (last, HOME, None),
    ]
    assert len(wire.operations) == 4


def test_one_that_was_never_issued_comes_last(wire: Proxy, put: Callable[..., str]) -> None:
    def take_dates(answer: dict[str, list[dict[str, object]]]) -> None:
        for name in ("NotBefore", "NotAfter"):
            answer["CertificateSummaryList"][0].pop(name)

    never = put(make_chain())
    put(make_chain())
    wire.always("ListCertificates", Rewrite(take_dates))

    inventory = take(Session(), [HOME])

    assert inventory.certificates[-1].summary.arn == never


def test_an_estate_is_listed_by_pages_not_one_by_one(wire: Proxy, put: Callable[..., str], server: StrictAcm) -> None:
    server.behaviour = Behaviour(page_size=10)
    for number in range(25):
        put(make_chain(leaf=Request(f"shop-{number}.example.com")), certkit_name=f"shop-{number}")

    inventory = take(Session(), [HOME])

    assert len({one.name for one in inventory.certificates}) == 25
    assert wire.operations == ["ListCertificates"] * 3 + ["GetResources"]


def test_a_region_that_may_not_be_seen_is_told(wire: Proxy, put: Callable[..., str], server: StrictAcm) -> None:
    put(make_chain())
    server.deny("ListCertificates", region=FRANKFURT)

    inventory = take(Session(), [HOME, FRANKFURT])

    assert wire.sent
    assert [(one.region, one.state) for one in inventory.coverage] == [(HOME, State.SEEN), (FRANKFURT, State.DENIED)]
    assert (len(inventory.certificates), inventory.is_complete) == (1, False)
    (problem,) = problems(inventory)
    assert problem.startswith("eu-central-1 was not seen: listing the certificates in eu-central-1: AccessDenied")


def test_a_region_that_is_not_enabled_counts_as_denied(wire: Proxy) -> None:
    wire.always("ListCertificates", Refusal("UnrecognizedClientException"))

    inventory = take(Session(), [HOME])

    assert [one.state for one in inventory.coverage] == [State.DENIED]


def test_a_region_that_does_not_answer_has_failed(wire: Proxy, put: Callable[..., str]) -> None:
    put(make_chain())
    wire.always("ListCertificates", Fault.ERROR_BEFORE, region=FRANKFURT)

    inventory = take(Session(), [FRANKFURT, HOME])

    assert [one.state for one in inventory.coverage] == [State.FAILED, State.SEEN]
    assert len(inventory.certificates) == 1


def test_names_that_may_not_be_read_are_told(wire: Proxy, put: Callable[..., str]) -> None:
    put(make_chain(), certkit_name="shop")
    wire.always("GetResources", Refusal("AccessDeniedException"))

    inventory = take(Session(), [HOME])

    assert [one.name for one in inventory.certificates] == [None]
    (problem,) = problems(inventory)
    assert problem.startswith(
        "us-east-1: the names could not be read: looking up the names of certificates in us-east-1"
    )


def test_no_regions_are_nothing() -> None:
    inventory = take(Session(), [])

    assert (inventory.certificates, inventory.is_complete) == ((), True)
