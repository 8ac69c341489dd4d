"""Who uses certificates, as each service says, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from certkit.aws.sessions import Session
from certkit.aws.usage import Held, find
from certkit.inventory import State
from certkit.usage import Coverage, Service, Slot, Usage
from tests.aws.faults import Fault, Page, Refusal
from tests.aws.scene import ACCOUNT, HOME, OTHER
from tests.aws.usage.scene import OWN_BALANCER, Neighbours, enabled

if TYPE_CHECKING:
    from certkit.aws.pacing import Timing
    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

FRANKFURT: Final = "eu-central-1"


@pytest.fixture
def neighbours(server: StrictAcm, wire: Proxy) -> Neighbours:
    """Those who use certificates, in an account that has us-east-1 alone."""
    wire.always("DescribeRegions", enabled(HOME))
    return Neighbours.of(server)


@pytest.fixture
def session(wire: Proxy, timing: Timing) -> Session:  # noqa: ARG001 -- it leads there
    """The caller."""
    return Session(timing=timing)


def _usage(session: Session, *arns: str, in_use: bool = False) -> Usage:
    return find([Held(arn, in_use) for arn in arns], {ACCOUNT: session})


def _brief(usage: Usage) -> list[tuple[str, str, str, str]]:
    return [(str(one.service), str(one.slot), one.region, one.name) for one in usage.users]


def test_an_edge_optimised_domain_of_any_region_has_a_certificate_of_us_east_1(
    neighbours: Neighbours, session: Session, wire: Proxy
) -> None:
    wire.always("DescribeRegions", enabled(HOME, FRANKFURT))
    arn, regional = neighbours.imported(), neighbours.imported(region=FRANKFURT)
    gateway = neighbours.client("apigateway", FRANKFURT)
    edge = gateway.create_domain_name(domainName="api.shop.example.com", certificateArn=arn)
    own = gateway.create_domain_name(
        domainName="eu.shop.example.com",
        regionalCertificateArn=regional,
        endpointConfiguration={"types": ["REGIONAL"]},
    )

    usage = _usage(session, arn, regional)

    assert wire.operations.count("ListDistributions") == 1  # which is one for all regions
    assert [(one.slot, one.region, one.arn, one.address) for one in usage.of(arn)] == [
        (
            Slot.EDGE,
            FRANKFURT,
            f"arn:aws:apigateway:{FRANKFURT}::/domainnames/api.shop.example.com",
            edge["distributionDomainName"],
        )
    ]
    assert [(one.slot, one.region, one.address) for one in usage.of(regional)] == [
        (Slot.REGIONAL, FRANKFURT, own["regionalDomainName"])
    ]


def test_services_that_do_not_say_cost_the_others_nothing(
    neighbours: Neighbours, session: Session, wire: Proxy
) -> None:
    arn = neighbours.imported()
    neighbours.client("apigateway").create_domain_name(domainName="api.shop.example.com", certificateArn=arn)
    wire.always("ListDomainNames", Refusal("AccessDeniedException", "no", 403))
    wire.always("ListDistributions", Refusal("AccessDenied", "no", 403))
    wire.always("DescribeClientVpnEndpoints", Refusal("UnauthorizedOperation", "no", 403))
    wire.always("DescribeLoadBalancers", Page())
    wire.always("ListServers", Fault.ERROR_BEFORE)
    wire.always("DescribeRegions", Refusal("UnauthorizedOperation", "no", 403))

    usage = _usage(session, arn)

    assert _brief(usage) == [("apigateway", "edge", HOME, "api.shop.example.com")]
    unseen = [one for one in usage.coverage if one.state is not State.SEEN]
    assert {(one.service, one.state) for one in unseen} == {
        (None, State.DENIED),
        (Service.APPSYNC, State.DENIED),
        (Service.CLIENT_VPN, State.DENIED),
        (Service.CLOUDFRONT, State.DENIED),
        (Service.ELB, State.FAILED),  # its operation has the same name
        (Service.ELBV2, State.FAILED),
        (Service.TRANSFER, State.FAILED),
    }
    reason = "listing the enabled regions: UnauthorizedOperation: no"
    assert Coverage(ACCOUNT, HOME, None, State.DENIED, reason) in unseen
    assert all(one.reason for one in unseen)
    assert not usage.is_complete


def test_a_certificate_of_another_region_asks_that_region_alone(
    neighbours: Neighbours, session: Session, wire: Proxy
) -> None:
    arn = neighbours.imported(region=FRANKFURT)
    neighbours.load_balancer(arn, region=FRANKFURT)

    usage = _usage(session, arn)

    assert _brief(usage) == [("elbv2", "default", FRANKFURT, "web")]
    assert {sent.scope[0] for sent in wire.sent} == {FRANKFURT}
    assert "ListDistributions" not in wire.operations
    assert "DescribeRegions" not in wire.operations


def test_what_acm_names_is_asked_only_where_no_service_names_it(
    neighbours: Neighbours, session: Session, server: StrictAcm, wire: Proxy
) -> None:
    known, unknown, free = (neighbours.imported() for _ in range(3))
    neighbours.load_balancer(known)
    server.set_in_use(unknown, OWN_BALANCER)

    usage = find([Held(known, in_use=True), Held(unknown, in_use=True), Held(free, in_use=False)], {ACCOUNT: session})

    described = [sent.body["CertificateArn"] for sent in wire.sent if sent.operation == "DescribeCertificate"]
    assert described == [unknown]
    assert dict(usage.elsewhere) == {unknown: (OWN_BALANCER,)}
    assert usage.is_complete


def test_where_acm_does_not_say_either_that_is_a_problem(
    neighbours: Neighbours, session: Session, server: StrictAcm
) -> None:
    arn = neighbours.imported()
    server.deny("DescribeCertificate")

    usage = _usage(session, arn, in_use=True)

    assert dict(usage.elsewhere) == {arn: ()}
    assert [problem.partition(": ")[0] for problem in usage.problems] == [f"describing {arn}"]
    assert not usage.is_complete


def test_certificates_of_accounts_without_a_caller_are_left_out(session: Session, wire: Proxy) -> None:
    usage = _usage(session, f"arn:aws:acm:{HOME}:{OTHER}:certificate/1")

    assert (usage, wire.operations) == (Usage((), ()), [])
