"""The names that the user asks for."""

from dataclasses import replace

import pytest

from certkit.hosts import parse
from certkit.rules import Candidate, judge
from tests.issuing import Request
from tests.rules.cases import LEAF, as_is, issued, parts_of


def messages(candidate: Candidate, *hosts: str) -> list[str]:
    wanted = replace(candidate, hosts=tuple(map(parse, hosts)))
    return [finding.message for finding in judge(wanted) if finding.rule == "host-not-covered"]


@pytest.mark.parametrize(
    ("request_", "host", "message"),
    [
        (
            Request(sans=("a.example.com", "192.0.2.1")),
            "b.example.com",
            "it does not cover b.example.com: it is for DNS:a.example.com, IP:192.0.2.1",
        ),
        (
            Request(sans=tuple(f"{number}.example.com" for number in range(7))),
            "b.example.com",
            f"it does not cover b.example.com: it is for {', '.join(f'DNS:{one}.example.com' for one in range(5))} and 2 more",
        ),
        (
            Request(sans=tuple(f"{number}.example.com" for number in range(5))),
            "b.example.com",
            f"it does not cover b.example.com: it is for {', '.join(f'DNS:{one}.example.com' for one in range(5))}",
        ),
        (
            Request(common_name="b.example.com", sans=("a.example.com",)),
            "b.example.com",
            "it does not cover b.example.com: only its common name does, and clients do not look at that",
        ),
        (
            Request(common_name="*.example.com"),
            "b.example.com",
            "it does not cover b.example.com: only its common name does, and clients do not look at that",
        ),
        (
            Request(common_name="192.0.2.1"),
            "192.0.2.1",
            "it does not cover 192.0.2.1: only its common name does, and clients do not look at that",
        ),
        (Request(), "b.example.com", "it does not cover b.example.com: it has no subject alternative name"),
        (
            Request(sans=("bucher.example",)),
            "bücher.example",
            "it does not cover bücher.example: it is for DNS:bucher.example",
        ),
    ],
)
def test_a_host_that_is_not_covered_is_named_with_what_is(request_: Request, host: str, message: str) -> None:
    assert messages(issued(request_), host) == [message]


def test_each_host_is_looked_at() -> None:
    candidate = issued(Request(sans=("*.example.com", "xn--bcher-kva.example")))

    said = messages(candidate, "a.example.com", "example.com", "bücher.example", "192.0.2.1")

    assert [text.partition(":")[0] for text in said] == [
        "it does not cover example.com",
        "it does not cover 192.0.2.1",
    ]


def test_without_a_certificate_no_host_is_missed() -> None:
    nothing = as_is(replace(parts_of(LEAF), body=b"junk"))

    assert messages(nothing, "a.example.com") == []
