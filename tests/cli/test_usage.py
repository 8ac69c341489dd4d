"""`certkit status --usage` against the strict ACM and moto's other services, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.aws.faults import Refusal
from tests.aws.scene import ACCOUNT, HOME
from tests.aws.usage.scene import OWN_BALANCER, Neighbours, enabled
from tests.cli.running import certkit

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]


@pytest.fixture
def neighbours(server: StrictAcm, wire: Proxy) -> Neighbours:
    """Those who use certificates, in an account that has us-east-1 alone."""
    wire.always("DescribeRegions", enabled(HOME))
    return Neighbours.of(server)


def test_what_uses_a_certificate_stands_beside_it_with_where_to_look(
    run: Callable[..., Ran], neighbours: Neighbours
) -> None:
    arn, unused = neighbours.imported(), neighbours.imported()
    listener = neighbours.load_balancer(arn)

    ran = run("status", "--usage", "--format", "json")

    address = f"web-1.{HOME}.elb.amazonaws.com"
    rows = {row["arn"]: row for row in ran.document["certificates"]}
    assert ran.code == 0
    assert rows[unused]["usage"] == []
    assert rows[arn]["usage"] == [
        {
            "service": "elbv2",
            "slot": "default",
            "arn": listener,
            "id": listener,
            "name": "web",
            "account": ACCOUNT,
            "region": HOME,
            "internal": False,
            "endpoints": [
                {"host": "shop.example.com", "port": 443, "connect_to": address},
                {"host": "certkit-verify.shop.example.com", "port": 443, "connect_to": address},
            ],
        }
    ]
    services = [one["service"] for one in ran.document["usage_coverage"] if one["state"] == "seen"]
    assert len(services) == 10


def test_a_service_that_is_denied_is_a_fact_about_that_service(
    run: Callable[..., Ran], neighbours: Neighbours, server: StrictAcm, wire: Proxy
) -> None:
    arn, elsewhere = neighbours.imported(), neighbours.imported()
    neighbours.load_balancer(arn, elsewhere)
    other = neighbours.imported()
    server.set_in_use(other, OWN_BALANCER)
    wire.always("ListServers", Refusal("AccessDeniedException", "no", 403))

    ran = run("status", "--usage")

    lines = ran.out.splitlines()
    assert ran.code == 3
    assert lines[:3] == [
        f"3 certificates in {HOME}",
        "what uses them",
        f"  denied, of {ACCOUNT}: Transfer Family server in {HOME}",
    ]
    assert f"  shop.example.com  {arn}" in lines
    assert f"    load balancer web:443 in {HOME}: default" in lines
    assert f"    load balancer web:443 in {HOME}: sni" in lines
    assert f"    in use, by nothing that was asked; ACM names {OWN_BALANCER}" in lines
    assert ran.err == (
        f"certkit: warning: each Transfer Family server in {HOME} of {ACCOUNT} could not be asked what it uses: reading each "
        f"Transfer Family server in {HOME}: AccessDeniedException: no\n"
    )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--format", "html"], "--usage does not go with --format html"),
        (["--format", "prometheus"], "--usage does not go with --format prometheus"),
        (["shop.pem"], "--usage is about what is in ACM, and SOURCEs alone are asked for"),
    ],
)
def test_what_has_no_place_for_usage_is_said_before_anything_is_asked(more: list[str], message: str) -> None:
    done = certkit("status", "--usage", *more)

    assert done.exit_code == 2
    assert done.stderr.startswith(f"certkit: error: {message}\n")
