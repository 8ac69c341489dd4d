"""What certificates are for: load balancers, distributions, domains, made with the strict ACM's server as others would."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import boto3

from tests.aws.faults import Edit, Reply
from tests.aws.scene import ACCOUNT, HOME
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm
    from tests.issuing import Issued

SHOP: Final = make_chain(leaf=Request(sans=("shop.example.com", "*.shop.example.com")))
VPN: Final = "cvpn-endpoint-0123456789abcdef0"


def enabled(*regions: str) -> Edit:
    """EC2's answer where only these regions are enabled."""
    items = "".join(f"<item><regionName>{region}</regionName></item>" for region in regions)
    answer = f"<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
    return Edit(lambda _: answer.encode())


@dataclass(slots=True)
class Neighbours:
    """Makes what uses certificates.

    Attributes:
        url: of the strict ACM's server, past any proxy.
    """

    url: str
    _subnets: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, server: StrictAcm) -> Neighbours:
        """Those of this server."""
        return cls(server.url)

    def client(self, service: str, region: str = HOME) -> Any:
        """A client of any service."""
        make: Callable[..., Any] = boto3.client
        return make(service, endpoint_url=self.url, region_name=region)

    def imported(self, issued: Issued = SHOP, region: str = HOME) -> str:
        """The ARN of a certificate that was just imported."""
        given = {"Certificate": issued.pem, "PrivateKey": issued.key_pem, "CertificateChain": issued.chain_pem}
        return str(self.client("acm", region).import_certificate(**given)["CertificateArn"])

    def load_balancer(
        self, arn: str, *sni: str, name: str = "web", kind: str = "application", region: str = HOME, **more: Any
    ) -> str:
        """The ARN of a listener on 443 with this certificate, and others for the names that clients ask for."""
        elb = self.client("elbv2", region)
        balancer = elb.create_load_balancer(Name=name, Subnets=self._network(region), Type=kind, **more)
        action = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
        listener = elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
            Port=443,
            Protocol="HTTPS" if kind == "application" else "TLS",
            Certificates=[{"CertificateArn": arn}],
            DefaultActions=[action],
        )["Listeners"][0]
        for other in sni:
            elb.add_listener_certificates(ListenerArn=listener["ListenerArn"], Certificates=[{"CertificateArn": other}])
        return str(listener["ListenerArn"])

    def distribution(self, certificate: dict[str, Any], *aliases: str, is_enabled: bool = True) -> dict[str, Any]:
        """A distribution of CloudFront with this viewer certificate."""
        origin = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
        cloudfront = self.client("cloudfront")
        made: dict[str, Any] = cloudfront.create_distribution(
            DistributionConfig={
                "CallerReference": str(aliases),
                "Aliases": {"Quantity": len(aliases), "Items": list(aliases)},
                "Comment": "",
                "Enabled": is_enabled,
                "Origins": {
                    "Quantity": 1,
                    "Items": [{"Id": "o", "DomainName": "o.example.com", "CustomOriginConfig": origin}],
                },
                "DefaultCacheBehavior": {
                    "TargetOriginId": "o",
                    "ViewerProtocolPolicy": "https-only",
                    "MinTTL": 0,
                    "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
                },
                "ViewerCertificate": certificate,
            }
        )
        found: dict[str, Any] = made["Distribution"]
        return found

    def user_pool(self, region: str = HOME) -> str:
        """The ID of a user pool without a domain of its own."""
        return str(self.client("cognito-idp", region).create_user_pool(PoolName="p")["UserPool"]["Id"])

    def _network(self, region: str) -> list[str]:
        if region not in self._subnets:
            ec2 = self.client("ec2", region)
            vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
            self._subnets[region] = [
                ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{region}{zone}")[
                    "Subnet"
                ]["SubnetId"]
                for number, zone in enumerate("ab")
            ]
        return self._subnets[region]


def of_acm(arn: str) -> dict[str, Any]:
    """A viewer certificate from ACM."""
    return {"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}


def said(document: object) -> Reply:
    """A service's answer in JSON."""
    return Reply(json.dumps(document).encode())


def vpn_endpoints(server: str, issuer: str, *, state: str = "available") -> Reply:
    """EC2's answer: one endpoint of Client VPN, that shows one certificate and takes clients of another's."""
    method = f"<mutualAuthentication><clientRootCertificateChain>{issuer}</clientRootCertificateChain></mutualAuthentication>"
    return Reply(
        f"<DescribeClientVpnEndpointsResponse><clientVpnEndpoint><item><clientVpnEndpointId>{VPN}</clientVpnEndpointId>"
        f"<status><code>{state}</code></status><serverCertificateArn>{server}</serverCertificateArn>"
        f"<authenticationOptions><item><type>certificate-authentication</type>{method}</item></authenticationOptions>"
        "</item></clientVpnEndpoint></DescribeClientVpnEndpointsResponse>".encode(),
        "text/xml",
    )


OWN_BALANCER: Final = f"arn:aws:elasticloadbalancing:{HOME}:{ACCOUNT}:loadbalancer/app/own/1"
"""Something that ACM names, and that no service shows."""
