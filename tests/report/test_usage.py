"""What people read of what uses certificates."""

from __future__ import annotations

import csv
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from certkit.expiry import DEFAULT
from certkit.inventory import State
from certkit.report import status_csv, status_text
from certkit.report.status import Status
from certkit.report.status_table import Look
from certkit.report.usage import lines, unasked
from certkit.usage import Coverage, Service, Slot, Usage
from tests import estates
from tests.estates import ACCOUNT, HOME, inventory, listed

SHOP: Final = listed()
ARN: Final = SHOP.summary.arn
LISTENER: Final = replace(estates.LISTENER, certificate=ARN, slot=Slot.SNI, is_internal=True)


def _lines(usage: Usage, **more: object) -> list[str]:
    return list(lines(usage, [replace(SHOP, summary=replace(SHOP.summary, **more))]))  # type: ignore[arg-type]


def test_a_user_is_named_with_port_region_and_names() -> None:
    domain = replace(
        LISTENER,
        service=Service.APPSYNC,
        slot=Slot.DOMAIN,
        name="api.example.com",
        hosts=("api.example.com", "www.example.com"),
        is_internal=False,
        region="eu-west-1",
    )

    assert _lines(Usage((LISTENER, domain), ())) == [
        f"  shop.example.com  {ARN}",
        "    load balancer web:443 in us-east-1 (internal): sni",
        "    AppSync domain api.example.com in eu-west-1: domain, for www.example.com",
    ]


def test_what_nothing_uses_is_left_out() -> None:
    assert _lines(Usage((), ()), in_use=False) == []


def test_a_user_that_acm_does_not_know_of_is_said() -> None:
    assert _lines(Usage((LISTENER,), ()), in_use=False)[-1] == "    ACM says that nothing uses it: its own word lags"


def test_what_acm_names_and_nobody_asked_shows_is_said() -> None:
    balancer = f"arn:aws:elasticloadbalancing:{HOME}:999999999999:loadbalancer/app/x/1"

    assert _lines(Usage((), (), MappingProxyType({ARN: (balancer,)})))[1:] == [
        f"    in use, by nothing that was asked; ACM names {balancer}",
    ]
    assert _lines(Usage((), (), MappingProxyType({ARN: ()})))[1:] == [
        "    in use, by nothing that was asked; ACM names nothing",
    ]


def test_names_that_would_write_to_the_terminal_are_escaped() -> None:
    hostile = replace(LISTENER, name="a\x1b[31m\nb")

    assert _lines(Usage((hostile,), ()))[1] == "    load balancer a\\x1b[31m\\x0ab:443 in us-east-1 (internal): sni"


def test_services_that_could_not_be_asked_share_a_line_and_many_regions_are_counted() -> None:
    denied = [Coverage(ACCOUNT, f"eu-west-{number}", Service.COGNITO, State.DENIED, "no") for number in range(1, 5)]
    failed = Coverage(ACCOUNT, HOME, None, State.FAILED, "no")
    usage = Usage((), (*denied, Coverage(ACCOUNT, HOME, Service.ELB, State.DENIED, "no"), failed))

    assert list(unasked(usage)) == [
        f"  denied, of {ACCOUNT}: Cognito domain in 4 regions; classic load balancer in us-east-1",
        f"  failed, of {ACCOUNT}: other regions in us-east-1",
    ]


def test_a_sheet_has_one_column_more() -> None:
    status = Status(inventory([SHOP]), DEFAULT, usage=Usage((LISTENER,), ()))

    coverage, certificate = csv.DictReader(status_csv.text(status).splitlines())

    named = "load balancer web:443 in us-east-1 (internal): sni"
    assert (coverage["used_by"], certificate["used_by"]) == ("", named)
    assert "used_by" not in status_csv.text(replace(status, usage=None))


def test_where_nothing_uses_anything_that_is_said() -> None:
    status = Status(inventory([replace(SHOP, summary=replace(SHOP.summary, in_use=False))]), DEFAULT)

    text = status_text.text(replace(status, usage=Usage((), ())), Look())

    assert text.splitlines()[1:3] == ["what uses them", "  nothing that was asked"]
    assert "what uses them" not in status_text.text(status, Look())
