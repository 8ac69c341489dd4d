"""The custom domain names of AppSync's APIs.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_DomainNameConfig.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from certkit.aws.usage.place import Place
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient


def read(appsync: "AppSyncClient", place: Place) -> Iterator[User]:
    """Yields what each domain has.

    Raises:
        AwsError: the service refuses, or does not answer.
    """
    with place.reading():
        for page in place.pages(appsync.get_paginator("list_domain_names").paginate(), "nextToken"):
            for domain in page["domainNameConfigs"]:
                name = domain["domainName"]
                yield from place.users(
                    domain.get("certificateArn"),
                    Slot.DOMAIN,
                    arn=domain.get("domainNameArn") or place.arn("appsync", f"domainnames/{name}"),
                    id=name,
                    name=name,
                    hosts=(name,),
                    address=domain.get("appsyncDomainName"),
                )
