"""Tests of what people are told to do about what an endpoint serves."""

from __future__ import annotations

from typing import Final

import pytest

from certkit import hosts
from certkit.errors import InputUnreadableError
from certkit.report.verify import hints, text
from certkit.sources.endpoint import Endpoint
from certkit.verify import Sight, State, View, Wanted, unreachable
from tests.issuing import Request, make_chain

NAME: Final = "shop.example.com"
SHOP: Final = make_chain(leaf=Request(sans=(NAME,)))
WANTED: Final = Wanted(hosts.parse(NAME), SHOP.certificate, (), ())
SERVED: Final = View("192.0.2.1", 443, State.SERVED)
INTERNAL: Final = "an internal address is reached from its own network alone"


def sight(*views: View, host: str = NAME, canonical: str = "", source: str = "shop.pem") -> Sight:
    """A look at an endpoint."""
    return Sight(Endpoint(host, 443), source, WANTED, (canonical,), views)


def lost(address: str) -> View:
    """An address without an answer."""
    return unreachable(address, 443, InputUnreadableError("no answer within 10 s"))


def test_of_what_is_served_there_is_nothing_to_do() -> None:
    assert list(hints(sight(SERVED))) == []


@pytest.mark.parametrize("state", [State.STALE, State.PROPAGATING, State.INCOMPLETE, State.UNREACHABLE])
def test_each_other_state_has_its_advice_once(state: State) -> None:
    view = View("192.0.2.1", 443, state)

    (advice,) = hints(sight(view, SERVED, view)) if state is not State.UNREACHABLE else hints(sight(lost("8.8.8.8")))

    assert advice.startswith(f"{state}: ")


@pytest.mark.parametrize(
    ("address", "is_internal"),
    [
        ("10.0.0.7", True),
        ("172.31.0.1", True),
        ("fd00::1", True),
        ("8.8.8.8", False),
        ("127.0.0.1", False),
        ("::1", False),
    ],
)
def test_an_internal_address_is_called_so(address: str, is_internal: bool) -> None:
    assert any(hint.startswith(INTERNAL) for hint in hints(sight(lost(address)))) == is_internal


@pytest.mark.parametrize(
    "seen",
    [sight(SERVED, canonical="d111.cloudfront.net"), sight(SERVED, host="d111.cloudfront.net")],
    ids=["behind a CNAME", "by its own name"],
)
def test_of_cloudfront_more_is_there_than_dns_shows(seen: Sight) -> None:
    (hint,) = hints(seen)

    assert hint.startswith("CloudFront: ")


def test_a_name_that_only_looks_like_cloudfronts_is_none() -> None:
    assert list(hints(sight(SERVED, canonical="cloudfront.net.example.com"))) == []


def test_a_source_of_any_name_is_one_line() -> None:
    first, *_ = text(sight(SERVED, source="a\n\x1b[31m.pem")).split("\n")

    assert first == f"{NAME}:443: a\\x0a\\x1b[31m.pem is served at 1 of 1 address"
