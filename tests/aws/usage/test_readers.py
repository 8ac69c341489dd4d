"""What each service says of who uses certificates, asked alone, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from certkit.aws.pacing import Pace
from certkit.aws.sessions import Session
from certkit.aws.usage.asking import READERS
from certkit.aws.usage.place import Place
from certkit.errors import AwsDeniedError
from certkit.usage import Service, Slot, User
from tests.aws.faults import Fault, Refusal, Reply
from tests.aws.scene import ACCOUNT, HOME
from tests.aws.usage.scene import SHOP, VPN, Neighbours, of_acm, said, vpn_endpoints

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.aws.pacing import Timing
    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

UNKNOWN: Final = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000"


@pytest.fixture
def neighbours(server: StrictAcm) -> Neighbours:
    """Those who use certificates."""
    return Neighbours.of(server)


@pytest.fixture
def read(wire: Proxy, timing: Timing) -> Callable[[Service], list[User]]:  # noqa: ARG001 -- it leads there
    """Asks one service in us-east-1."""

    def ask(service: Service) -> list[User]:
        reader = READERS[service]
        place = Place(ACCOUNT, HOME, service, Pace(timing=timing))
        return list(reader.read(Session(timing=timing).client(reader.api, HOME), place))

    return ask


def test_a_listener_has_a_default_certificate_and_others_by_name(
    neighbours: Neighbours, read: Callable[[Service], list[User]]
) -> None:
    first, second = neighbours.imported(), neighbours.imported()
    listener = neighbours.load_balancer(first, second)
    neighbours.load_balancer(second, name="games", kind="network", Scheme="internal")

    users = read(Service.ELBV2)

    default = User(
        certificate=first,
        service=Service.ELBV2,
        slot=Slot.DEFAULT,
        arn=listener,
        id=listener,
        name="web",
        account=ACCOUNT,
        region=HOME,
        parent=listener.replace(":listener/", ":loadbalancer/").rpartition("/")[0],
        address=f"web-1.{HOME}.elb.amazonaws.com",
    )
    assert users[:2] == [default, replace(default, certificate=second, slot=Slot.SNI)]
    assert [(one.name, one.slot, one.certificate, one.is_internal) for one in users[2:]] == [
        ("games", Slot.DEFAULT, second, True)
    ]


def test_a_load_balancer_that_is_deleted_in_the_meantime_costs_nothing(
    neighbours: Neighbours, read: Callable[[Service], list[User]], wire: Proxy
) -> None:
    arn = neighbours.imported()
    for name in ("going", "staying"):
        neighbours.load_balancer(arn, name=name)
    wire.script("DescribeListeners", Refusal("LoadBalancerNotFound"))

    users = read(Service.ELBV2)

    assert [one.name for one in users] == ["staying"]


def test_a_load_balancer_that_may_not_be_looked_at_is_an_error(
    neighbours: Neighbours, read: Callable[[Service], list[User]], wire: Proxy
) -> None:
    neighbours.load_balancer(neighbours.imported())
    wire.always("DescribeListenerCertificates", Refusal("AccessDenied", "no", 403))

    with pytest.raises(AwsDeniedError) as raised:
        read(Service.ELBV2)

    assert raised.value.message == f"reading each load balancer in {HOME}: AccessDenied: no"


def test_a_classic_load_balancer_has_one_for_each_listener_and_none_of_iam_counts(
    neighbours: Neighbours, read: Callable[[Service], list[User]]
) -> None:
    arn = neighbours.imported()
    listener = {"Protocol": "HTTPS", "InstancePort": 80, "InstanceProtocol": "HTTP", "SSLCertificateId": arn}
    iam = {**listener, "LoadBalancerPort": 9443, "SSLCertificateId": _server_certificate(neighbours)}
    plain = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}
    neighbours.client("elb").create_load_balancer(
        LoadBalancerName="old",
        Listeners=[{**listener, "LoadBalancerPort": 443}, {**listener, "LoadBalancerPort": 8443}, iam, plain],
        AvailabilityZones=["us-east-1a"],
    )

    users = read(Service.ELB)

    assert [(one.certificate, one.name, one.port, one.address) for one in users] == [
        (arn, "old", port, "old.us-east-1.elb.amazonaws.com") for port in (443, 8443)
    ]


def _server_certificate(neighbours: Neighbours) -> str:
    given = {"CertificateBody": SHOP.pem.decode(), "PrivateKey": SHOP.key_pem.decode()}
    made = neighbours.client("iam").upload_server_certificate(ServerCertificateName="old", **given)
    return str(made["ServerCertificateMetadata"]["Arn"])


def test_a_distribution_has_aliases_and_shows_it_to_nobody_when_it_is_off(
    neighbours: Neighbours, read: Callable[[Service], list[User]]
) -> None:
    arn = neighbours.imported()
    shown = neighbours.distribution(of_acm(arn), "www.shop.example.com")
    off = neighbours.distribution(of_acm(arn), "old.shop.example.com", is_enabled=False)
    neighbours.distribution({"CloudFrontDefaultCertificate": True})

    users = read(Service.CLOUDFRONT)

    assert [(one.id, one.arn, one.hosts, one.address) for one in users] == [
        (shown["Id"], shown["ARN"], ("www.shop.example.com",), shown["DomainName"]),
        (off["Id"], off["ARN"], ("old.shop.example.com",), None),
    ]


def test_a_tenant_of_a_distribution_has_its_own(
    neighbours: Neighbours, read: Callable[[Service], list[User]], wire: Proxy
) -> None:
    arn = neighbours.imported()
    tenant = f"arn:aws:cloudfront::{ACCOUNT}:distribution-tenant/dt_1"
    wire.always("ListDistributions", Reply(_tenanted().encode(), "text/xml"))
    wire.always("ListDistributionTenants", Reply(_tenants(tenant, arn).encode(), "text/xml"))

    users = read(Service.CLOUDFRONT)

    assert [(one.certificate, one.arn, one.id, one.parent, one.hosts) for one in users] == [
        (arn, tenant, "dt_1", "E1", ("acme.shop.example.com",))
    ]


def _tenanted() -> str:
    item = (
        f"<Id>E1</Id><ARN>arn:aws:cloudfront::{ACCOUNT}:distribution/E1</ARN><Enabled>true</Enabled>"
        "<DomainName>d1.cloudfront.net</DomainName><Aliases><Quantity>0</Quantity></Aliases>"
        "<ConnectionMode>tenant-only</ConnectionMode><ViewerCertificate/>"
    )
    return f"<DistributionList><Items><DistributionSummary>{item}</DistributionSummary></Items></DistributionList>"


def _tenants(tenant: str, certificate: str) -> str:
    item = (
        f"<Id>dt_1</Id><DistributionId>E1</DistributionId><Name>acme</Name><Arn>{tenant}</Arn>"
        "<Domains><member><Domain>acme.shop.example.com</Domain><Status>active</Status></member></Domains>"
        f"<Customizations><Certificate><Arn>{certificate}</Arn></Certificate></Customizations>"
    )
    items = f"<DistributionTenantList><DistributionTenantSummary>{item}</DistributionTenantSummary></DistributionTenantList>"
    return f"<ListDistributionTenantsResult>{items}</ListDistributionTenantsResult>"


def test_a_domain_may_be_private_or_have_one_to_prove_whose_it_is(
    neighbours: Neighbours, read: Callable[[Service], list[User]], wire: Proxy
) -> None:
    arn = neighbours.imported()
    private = f"arn:aws:apigateway:{HOME}:{ACCOUNT}:/domainnames/in.shop.example.com+1"
    items = [
        {
            "domainName": "in.shop.example.com",
            "domainNameArn": private,
            "certificateArn": arn,
            "endpointConfiguration": {"types": ["PRIVATE"]},
        },
        {
            "domainName": "mtls.shop.example.com",
            "regionalCertificateArn": UNKNOWN,
            "regionalDomainName": "d-1.example",
            "ownershipVerificationCertificateArn": arn,
        },
    ]
    wire.script("GetDomainNames", said({"item": items}))

    users = read(Service.APIGATEWAY)

    assert [(one.certificate, one.name, one.slot, one.is_internal, one.address) for one in users] == [
        (arn, "in.shop.example.com", Slot.PRIVATE, True, None),
        (UNKNOWN, "mtls.shop.example.com", Slot.REGIONAL, False, "d-1.example"),
        (arn, "mtls.shop.example.com", Slot.OWNERSHIP, False, None),
    ]
    assert users[0].arn == private


def test_a_user_pool_may_have_a_domain_of_its_own(
    neighbours: Neighbours, read: Callable[[Service], list[User]], wire: Proxy
) -> None:
    arn = neighbours.imported()
    first, second, third = sorted(neighbours.user_pool() for _ in range(3))
    wire.always("ListUserPools", said({"UserPools": [{"Id": one} for one in (first, second, third)]}))
    wire.script("DescribeUserPool", said({"UserPool": {"Id": first, "CustomDomain": "auth.shop.example.com"}}))
    wire.script("DescribeUserPool", Fault.PASS, Refusal("ResourceNotFoundException"))
    described = {"CustomDomainConfig": {"CertificateArn": arn}, "CloudFrontDistribution": "d2.cloudfront.net"}
    wire.script("DescribeUserPoolDomain", said({"DomainDescription": described}))

    users = read(Service.COGNITO)

    pool = f"arn:aws:cognito-idp:{HOME}:{ACCOUNT}:userpool/{first}"
    assert [(one.id, one.parent, one.arn, one.address) for one in users] == [
        ("auth.shop.example.com", first, pool, "d2.cloudfront.net")
    ]
    assert wire.operations.count("DescribeUserPool") == 3


def test_the_pages_of_a_listing_are_turned(
    neighbours: Neighbours, read: Callable[[Service], list[User]], wire: Proxy
) -> None:
    arn = neighbours.imported()
    domains = [
        {"domainName": f"{name}.shop.example.com", "certificateArn": arn, "appsyncDomainName": f"{name}.cloudfront.net"}
        for name in ("a", "b")
    ]
    wire.script("ListDomainNames", said({"domainNameConfigs": domains[:1], "nextToken": "more"}))
    wire.script("ListDomainNames", said({"domainNameConfigs": domains[1:]}))

    users = read(Service.APPSYNC)

    assert [(one.id, one.hosts, one.address, one.arn) for one in users] == [
        (name, (name,), f"{name[0]}.cloudfront.net", f"arn:aws:appsync:{HOME}:{ACCOUNT}:domainnames/{name}")
        for name in ("a.shop.example.com", "b.shop.example.com")
    ]


def test_a_server_of_transfer_family_has_one_for_ftps(
    neighbours: Neighbours, read: Callable[[Service], list[User]]
) -> None:
    arn, transfer = neighbours.imported(), neighbours.client("transfer")
    ftps = {"Protocols": ["FTPS"], "IdentityProviderType": "AWS_LAMBDA", "EndpointType": "VPC"}
    made = transfer.create_server(Certificate=arn, **ftps)
    transfer.create_server(Protocols=["SFTP"], IdentityProviderType="SERVICE_MANAGED", EndpointType="PUBLIC")

    users = read(Service.TRANSFER)

    assert [(one.certificate, one.id, one.is_internal, one.address) for one in users] == [
        (arn, made["ServerId"], True, None)
    ]


def test_six_domains_of_opensearch_take_two_requests(
    neighbours: Neighbours, read: Callable[[Service], list[User]], wire: Proxy
) -> None:
    arn, opensearch = neighbours.imported(), neighbours.client("opensearch")
    custom = {
        "CustomEndpointEnabled": True,
        "CustomEndpoint": "logs.shop.example.com",
        "CustomEndpointCertificateArn": arn,
    }
    opensearch.create_domain(DomainName="logs", DomainEndpointOptions=custom)
    for number in range(5):
        opensearch.create_domain(DomainName=f"bare{number}")

    users = read(Service.OPENSEARCH)

    assert [(one.name, one.hosts, one.address) for one in users] == [
        ("logs", ("logs.shop.example.com",), f"logs.{HOME}.es.amazonaws.com")
    ]
    assert wire.operations.count("DescribeDomains") == 2


def test_an_endpoint_of_client_vpn_has_one_to_show_and_one_for_its_clients(
    neighbours: Neighbours, read: Callable[[Service], list[User]], wire: Proxy
) -> None:
    arn, issuer = neighbours.imported(), neighbours.imported()
    wire.script("DescribeClientVpnEndpoints", vpn_endpoints(arn, issuer), vpn_endpoints(arn, issuer, state="deleted"))

    there, deleted = read(Service.CLIENT_VPN), read(Service.CLIENT_VPN)

    assert [(one.certificate, one.slot, one.id, one.address) for one in there] == [
        (arn, Slot.SERVER, VPN, None),
        (issuer, Slot.CLIENT_CA, VPN, None),
    ]
    assert deleted == []


def test_a_domain_of_the_second_api_of_api_gateway_has_one_for_each_configuration(
    neighbours: Neighbours, read: Callable[[Service], list[User]], wire: Proxy
) -> None:
    arn = neighbours.imported()
    only = {"CertificateArn": arn, "EndpointType": "REGIONAL"}
    neighbours.client("apigatewayv2").create_domain_name(
        DomainName="http.shop.example.com", DomainNameConfigurations=[only]
    )
    moving = {
        "domainName": "http.shop.example.com",
        "domainNameConfigurations": [
            {"certificateArn": arn, "endpointType": "EDGE", "apiGatewayDomainName": "d3.cloudfront.net"},
            {"certificateArn": arn, "endpointType": "REGIONAL", "apiGatewayDomainName": "d-3.example"},
        ],
    }

    alone = read(Service.APIGATEWAYV2)
    wire.script("GetDomainNamesV2", said({"items": [moving]}))
    both = read(Service.APIGATEWAYV2)

    assert [(one.slot, one.arn) for one in alone] == [
        (Slot.REGIONAL, f"arn:aws:apigateway:{HOME}::/domainnames/http.shop.example.com")
    ]
    assert [(one.slot, one.address) for one in both] == [
        (Slot.EDGE, "d3.cloudfront.net"),
        (Slot.REGIONAL, "d-3.example"),
    ]
