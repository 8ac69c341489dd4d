"""The endpoints of Client VPN: what they show, and what issued the certificates of their clients.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ClientVpnEndpoint.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from certkit.aws.usage.place import Place
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client

_DELETED: Final = "deleted"


def read(ec2: "EC2Client", place: Place) -> Iterator[User]:
    """Yields what each endpoint has.

    Raises:
        AwsError: the service refuses, or does not answer.
    """
    with place.reading():
        for page in place.pages(ec2.get_paginator("describe_client_vpn_endpoints").paginate(), "NextToken"):
            for one in page["ClientVpnEndpoints"]:
                if one.get("Status", {}).get("Code") == _DELETED:  # listed for a while
                    continue
                own = one["ClientVpnEndpointId"]
                about = {"arn": place.arn("ec2", f"client-vpn-endpoint/{own}"), "id": own, "name": own}
                yield from place.users(one.get("ServerCertificateArn"), Slot.SERVER, **about)
                for method in one.get("AuthenticationOptions", ()):
                    issuer = method.get("MutualAuthentication", {}).get("ClientRootCertificateChain")
                    yield from place.users(issuer, Slot.CLIENT_CA, **about)
