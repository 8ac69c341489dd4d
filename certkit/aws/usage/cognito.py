"""The custom domains of Cognito's user pools.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DomainDescriptionType.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from certkit.aws.usage.place import Place, is_gone
from certkit.errors import AwsRefusedError
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

_PAGE: Final = 60
"""The largest MaxResults of ListUserPools, which it demands."""


def read(cognito: "CognitoIdentityProviderClient", place: Place) -> Iterator[User]:
    """Yields what the custom domain of each pool has: a request for each pool, and one for each such domain.

    Raises:
        AwsError: the service refuses, or does not answer.
    """
    pages = cognito.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": _PAGE})
    with place.reading():
        pools = [one["Id"] for page in place.pages(pages, "NextToken") for one in page["UserPools"]]
    for pool in pools:
        try:
            yield from list(_of_pool(cognito, place, pool))
        except AwsRefusedError as error:
            if not is_gone(error):
                raise


def _of_pool(cognito: "CognitoIdentityProviderClient", place: Place, pool: str) -> Iterator[User]:
    place.pace.wait()
    with place.reading():
        found = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
        domain = found.get("CustomDomain")
        if not domain:
            return
        place.pace.wait()
        described = cognito.describe_user_pool_domain(Domain=domain)["DomainDescription"]
        yield from place.users(
            described.get("CustomDomainConfig", {}).get("CertificateArn"),
            Slot.DOMAIN,
            arn=found.get("Arn") or place.arn("cognito-idp", f"userpool/{pool}"),
            id=domain,
            name=domain,
            parent=pool,
            hosts=(domain,),
            address=described.get("CloudFrontDistribution"),
        )
