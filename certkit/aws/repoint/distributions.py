"""CloudFront distributions: the whole configuration is read, one ARN in it changed, and sent back if nobody was faster.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html
"""

from typing import TYPE_CHECKING, Final

from certkit.aws.failures import explained
from certkit.aws.repoint.refusals import REFUSALS
from certkit.aws.repoint.swap import Swap, Swapped
from certkit.aws.sessions import Session
from certkit.errors import AwsRefusedError
from certkit.usage import User

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient

_TRIES: Final = 3
_CONFLICTS: Final = frozenset({"PreconditionFailed", "InvalidIfMatchVersion"})
"""Somebody else has written since it was read; or we have, and the answer was lost on its way."""


def swap(aws: Session, user: User, swap: Swap) -> Swapped:
    """Puts the new ARN into the distribution; where it was changed meanwhile, into what it was changed to."""
    for _ in range(_TRIES - 1):
        try:
            return _swap(aws, user, swap)
        except AwsRefusedError as error:
            if error.aws_code not in _CONFLICTS:
                raise
    return _swap(aws, user, swap)


def _swap(aws: Session, user: User, swap: Swap) -> Swapped:
    client: CloudFrontClient = aws.client("cloudfront", user.region)
    with explained(f"reading the distribution {user.id}", REFUSALS):
        answer = client.get_distribution_config(Id=user.id)
        config, etag = answer["DistributionConfig"], answer["ETag"]
    viewer = config.get("ViewerCertificate", {})
    if viewer.get("ACMCertificateArn") != swap.old:
        return Swapped.ALREADY if viewer.get("ACMCertificateArn") == swap.new else Swapped.ELSEWHERE
    viewer["ACMCertificateArn"] = swap.new
    viewer.pop("Certificate", None)  # these two are deprecated, and say the old one again
    viewer.pop("CertificateSource", None)
    config["ViewerCertificate"] = viewer
    with explained(f"updating the distribution {user.id}", REFUSALS):
        client.update_distribution(Id=user.id, DistributionConfig=config, IfMatch=etag)
    return Swapped.DONE
