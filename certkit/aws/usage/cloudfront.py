"""CloudFront's distributions, and the tenants of those that have some.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from certkit.aws.usage.place import Place
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_cloudfront.type_defs import DistributionSummaryTypeDef

_TENANTS: Final = "tenant-only"


def read(cloudfront: "CloudFrontClient", place: Place) -> Iterator[User]:
    """Yields what each distribution shows to viewers, and each tenant that has one of its own.

    Tenants are asked for only where a distribution is made for them.

    Raises:
        AwsError: the service refuses, or does not answer.
    """
    has_tenants = False
    with place.reading():
        lists = (page["DistributionList"] for page in cloudfront.get_paginator("list_distributions").paginate())
        for found in place.pages(lists, "NextMarker"):
            for one in found.get("Items", ()):
                has_tenants |= one.get("ConnectionMode") == _TENANTS
                yield from _of_distribution(place, one)
    if has_tenants:
        yield from _of_tenants(cloudfront, place)


def _of_distribution(place: Place, one: "DistributionSummaryTypeDef") -> Iterator[User]:
    """Yields the user; without an alias, or disabled, a distribution shows the certificate to nobody."""
    aliases = tuple(one["Aliases"].get("Items", ()))
    yield from place.users(
        one["ViewerCertificate"].get("ACMCertificateArn"),
        Slot.VIEWER,
        arn=one["ARN"],
        id=one["Id"],
        name=one["Id"],
        hosts=aliases,
        address=one["DomainName"] if aliases and one["Enabled"] else None,
    )


def _of_tenants(cloudfront: "CloudFrontClient", place: Place) -> Iterator[User]:
    """Yields the users; what leads to a tenant its connection group alone knows."""
    pages = cloudfront.get_paginator("list_distribution_tenants").paginate()
    with place.reading():
        for page in place.pages(pages, "NextMarker"):
            for tenant in page.get("DistributionTenantList", ()):
                yield from place.users(
                    tenant.get("Customizations", {}).get("Certificate", {}).get("Arn"),
                    Slot.VIEWER,
                    arn=tenant["Arn"],
                    id=tenant["Id"],
                    name=tenant["Name"],
                    parent=tenant["DistributionId"],
                    hosts=tuple(one["Domain"] for one in tenant["Domains"]),
                )
