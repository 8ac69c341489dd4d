"""API Gateway's custom domain names, by its first API.

https://docs.aws.amazon.com/apigateway/latest/api/API_DomainName.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from certkit.aws.usage.place import Place
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import DomainNameTypeDef


def read(gateway: "APIGatewayClient", place: Place) -> Iterator[User]:
    """Yields what each domain has: for CloudFront's edges, for the region, or to prove whose domain it is.

    Raises:
        AwsError: the service refuses, or does not answer.
    """
    with place.reading():
        for page in place.pages(gateway.get_paginator("get_domain_names").paginate(), "position"):
            for domain in page.get("items", ()):
                yield from _of_domain(place, domain)


def _of_domain(place: Place, domain: "DomainNameTypeDef") -> Iterator[User]:
    """Yields the users; a private domain has its certificate where an edge-optimised one has it."""
    name = domain["domainName"]
    arn = domain.get("domainNameArn") or place.arn("apigateway", f"/domainnames/{name}", account="")
    about = {"arn": arn, "id": name, "name": name, "hosts": (name,)}
    if "PRIVATE" in domain.get("endpointConfiguration", {}).get("types", ()):
        yield from place.users(domain.get("certificateArn"), Slot.PRIVATE, **about, is_internal=True)
    else:
        edge = domain.get("distributionDomainName")
        yield from place.users(domain.get("certificateArn"), Slot.EDGE, **about, address=edge)
    regional = domain.get("regionalDomainName")
    yield from place.users(domain.get("regionalCertificateArn"), Slot.REGIONAL, **about, address=regional)
    yield from place.users(domain.get("ownershipVerificationCertificateArn"), Slot.OWNERSHIP, **about)
