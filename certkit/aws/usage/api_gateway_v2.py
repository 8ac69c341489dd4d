"""API Gateway's custom domain names, by its second API.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/domainnames.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from certkit.aws.usage.place import Place
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client
    from mypy_boto3_apigatewayv2.type_defs import DomainNameTypeDef

_EDGE: Final = "EDGE"


def read(gateway: "ApiGatewayV2Client", place: Place) -> Iterator[User]:
    """Yields what each domain has, of each of its configurations: while one moves to another kind it has two.

    Raises:
        AwsError: the service refuses, or does not answer.
    """
    with place.reading():
        for page in place.pages(gateway.get_paginator("get_domain_names").paginate(), "NextToken"):
            for domain in page.get("Items", ()):
                yield from _of_domain(place, domain)


def _of_domain(place: Place, domain: "DomainNameTypeDef") -> Iterator[User]:
    name = domain["DomainName"]
    arn = domain.get("DomainNameArn") or place.arn("apigateway", f"/domainnames/{name}", account="")
    about = {"arn": arn, "id": name, "name": name, "hosts": (name,)}
    for one in domain.get("DomainNameConfigurations", ()):
        slot = Slot.EDGE if one.get("EndpointType") == _EDGE else Slot.REGIONAL
        yield from place.users(one.get("CertificateArn"), slot, **about, address=one.get("ApiGatewayDomainName"))
        yield from place.users(one.get("OwnershipVerificationCertificateArn"), Slot.OWNERSHIP, **about)
