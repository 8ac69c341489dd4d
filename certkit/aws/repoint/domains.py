"""Custom domain names of API Gateway, by the API that made them; the one of REST APIs knows edge-optimized ones too.

https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateDomainName.html (patch operations)
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/domainnames-domainname.html
"""

from typing import TYPE_CHECKING, Final

from certkit.aws.failures import explained
from certkit.aws.repoint.refusals import REFUSALS
from certkit.aws.repoint.swap import Swap, Swapped
from certkit.aws.sessions import Session
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client
    from mypy_boto3_apigatewayv2.type_defs import DomainNameConfigurationUnionTypeDef

_MEMBERS: Final = {Slot.EDGE: "certificateArn", Slot.REGIONAL: "regionalCertificateArn"}

_KEPT: Final = (
    "CertificateArn",
    "EndpointType",
    "IpAddressType",
    "OwnershipVerificationCertificateArn",
    "SecurityPolicy",
)
"""What of a configuration is the caller's to set; the rest is API Gateway's own to say."""


def swap(aws: Session, user: User, swap: Swap) -> Swapped:
    """Replaces the ARN of one endpoint of a domain; the other endpoint, while it moves from one kind to the other, stays."""
    client: APIGatewayClient = aws.client("apigateway", user.region)
    member = _MEMBERS[user.slot]
    with explained(f"reading the domain {user.id}", REFUSALS):
        held = client.get_domain_name(domainName=user.id).get(member)
    if held != swap.old:
        return Swapped.ALREADY if held == swap.new else Swapped.ELSEWHERE
    with explained(f"updating the domain {user.id}", REFUSALS):
        change = {"op": "replace", "path": f"/{member}", "value": swap.new}
        client.update_domain_name(domainName=user.id, patchOperations=[change])  # type: ignore[list-item]  # a plain dict
    return Swapped.DONE


def swap_v2(aws: Session, user: User, swap: Swap) -> Swapped:
    """Sends the configurations of a domain back as they are, with the new ARN in place of the old."""
    client: ApiGatewayV2Client = aws.client("apigatewayv2", user.region)
    with explained(f"reading the domain {user.id}", REFUSALS):
        held = client.get_domain_name(DomainName=user.id).get("DomainNameConfigurations", [])
    arns = {one.get("CertificateArn") for one in held}
    if swap.old not in arns:
        return Swapped.ALREADY if swap.new in arns else Swapped.ELSEWHERE
    wanted = [
        {
            key: swap.new if key == "CertificateArn" and value == swap.old else value
            for key, value in one.items()
            if key in _KEPT
        }
        for one in held
    ]
    with explained(f"updating the domain {user.id}", REFUSALS):
        configurations: list[DomainNameConfigurationUnionTypeDef] = wanted  # type: ignore[assignment]  # a plain dict
        client.update_domain_name(DomainName=user.id, DomainNameConfigurations=configurations)
    return Swapped.DONE
