"""The custom endpoints of OpenSearch's domains.

https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from certkit.aws.usage.place import Place
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_opensearch import OpenSearchServiceClient
    from mypy_boto3_opensearch.type_defs import DomainStatusTypeDef

_AT_ONCE: Final = 5
"""The most domains that one DescribeDomains takes."""

_VPC: Final = "vpc"


def read(opensearch: "OpenSearchServiceClient", place: Place) -> Iterator[User]:
    """Yields what each domain has; one that has been deleted since it was listed is left out of the answer.

    Raises:
        AwsError: the service refuses, or does not answer.
    """
    place.pace.wait()
    with place.reading():
        names = [one["DomainName"] for one in opensearch.list_domain_names()["DomainNames"]]
        for start in range(0, len(names), _AT_ONCE):
            place.pace.wait()
            answer = opensearch.describe_domains(DomainNames=names[start : start + _AT_ONCE])
            for domain in answer["DomainStatusList"]:
                yield from _of_domain(place, domain)


def _of_domain(place: Place, domain: "DomainStatusTypeDef") -> Iterator[User]:
    options = domain.get("DomainEndpointOptions", {})
    if not options.get("CustomEndpointEnabled"):
        return
    inside = domain.get("Endpoints", {}).get(_VPC)
    yield from place.users(
        options.get("CustomEndpointCertificateArn"),
        Slot.DOMAIN,
        arn=domain["ARN"],
        id=domain["DomainName"],
        name=domain["DomainName"],
        hosts=(options["CustomEndpoint"],),
        address=inside or domain.get("Endpoint"),
        is_internal=inside is not None,
    )
