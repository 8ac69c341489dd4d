"""What a caller may do to what uses certificates: load balancers, API Gateway, CloudFront and others."""

from collections.abc import Iterator
from typing import Final

from certkit.aws.partitions import partition_of
from certkit.policy.scope import Scope
from certkit.policy.statement import ANYWHERE, Statement, allow

_USAGE: Final = (
    "appsync:ListDomainNames",
    "cloudfront:ListDistributionTenants",
    "cloudfront:ListDistributions",
    "cognito-idp:DescribeUserPool",
    "cognito-idp:DescribeUserPoolDomain",
    "cognito-idp:ListUserPools",
    "ec2:DescribeClientVpnEndpoints",
    "elasticloadbalancing:DescribeListenerCertificates",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancers",
    "es:DescribeDomains",
    "es:ListDomainNames",
    "transfer:DescribeServer",
    "transfer:ListServers",
)
"""Listing, and what no listing says. OpenSearch's actions are called by the name of what it was:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonopensearchservice.html.
"""

_LISTENER: Final = (
    "elasticloadbalancing:AddListenerCertificates",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:RemoveListenerCertificates",
)


def seeing(scope: Scope) -> Iterator[Statement]:
    """Yields what `status --usage` takes; what it lists is in any region, since certificates of us-east-1 serve in all.

    API Gateway knows one action for all that can be read, keys of its users among it: hence its resource.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
    """
    yield allow("LookAtUsers", list(_USAGE), ANYWHERE)
    yield allow("LookAtDomains", ["apigateway:GET"], [f"arn:{scope.partition}:apigateway:*::/domainnames"])


def repointing(scope: Scope) -> Iterator[Statement]:
    """Yields what `migrate` takes beside that: who keeps a user as it is, and to have it name another certificate.

    IAM knows no condition on the certificate. An edge-optimized domain stands behind a distribution of AWS's own account, which
    its owner must be allowed to update:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-edge-optimized-custom-domain-name.html
    """
    yield allow("LookWhoKeepsThem", ["elasticloadbalancing:DescribeTags"], ANYWHERE)
    yield allow("RepointListeners", list(_LISTENER), _listeners(scope))
    domains = [f"arn:{scope.partition}:apigateway:*::/domainnames/*"]
    yield allow("RepointDomains", ["apigateway:GET", "apigateway:PATCH"], domains)
    distributions = [f"arn:{scope.partition}:cloudfront::{scope.account}:distribution/*"]
    looks = ["cloudfront:GetDistributionConfig", "cloudfront:ListTagsForResource"]
    yield allow("LookAtDistributions", looks, distributions)
    yield allow("RepointDistributions", ["cloudfront:UpdateDistribution"], ANYWHERE)


def _listeners(scope: Scope) -> list[str]:
    """Returns the listeners of Application and Network Load Balancers, which take certificates of their own region alone.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
    """
    return [
        f"arn:{partition_of(region)}:elasticloadbalancing:{region}:{scope.account}:listener/{kind}/*"
        for region in scope.regions
        for kind in ("app", "net")
    ]
