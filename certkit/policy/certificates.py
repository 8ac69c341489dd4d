"""What a caller may do to certificates in ACM.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html. A new import is authorised
against `certificate/*`, and sending tags with it takes `acm:AddTagsToCertificate` as well. A condition on a tag that is not
there is met by `Null` alone:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null.
"""

from collections.abc import Iterator
from typing import Final

from certkit.aws.partitions import partition_of
from certkit.policy.scope import Scope
from certkit.policy.statement import ANYWHERE, Statement, allow
from certkit.record import NAME_TAG

_CARRIES_NAME: Final = {f"aws:ResourceTag/{NAME_TAG}": "false"}
_SENDS_NAME: Final = {f"aws:RequestTag/{NAME_TAG}": "false"}
_SENDS_NO_NAME: Final = {f"aws:RequestTag/{NAME_TAG}": "true"}


def reading(scope: Scope) -> Iterator[Statement]:
    """Yields what lists certificates and looks at them."""
    listing = ["acm:ListCertificates", "acm:SearchCertificates", "ec2:DescribeRegions", "tag:GetResources"]
    yield allow("List", listing, ANYWHERE)
    actions = ["acm:DescribeCertificate", "acm:GetCertificate", "acm:ListTagsForCertificate"]
    yield allow("Look", actions, _certificates(scope))


def renewing(scope: Scope) -> Iterator[Statement]:
    """Yields what reaches certificates that carry the name, and can give it to none nor change it."""
    yield allow("Reimport", ["acm:ImportCertificate"], _certificates(scope), {"Null": _CARRIES_NAME})
    condition = {"Null": {**_CARRIES_NAME, **_SENDS_NO_NAME}}
    yield allow("Tag", ["acm:AddTagsToCertificate"], _certificates(scope), condition)


def creating(scope: Scope) -> Iterator[Statement]:
    """Yields what makes new certificates; ACM refuses tags on a reimport, so that `Import` allows none.

    Tagging a certificate of somebody else's with the name and tagging a new one are the same to IAM.
    """
    actions = ["acm:ImportCertificate", "acm:AddTagsToCertificate"]
    yield allow("Import", actions, _certificates(scope), {"Null": _SENDS_NAME})
    actions = ["acm:DeleteCertificate", "acm:RemoveTagsFromCertificate"]
    yield allow("Remove", actions, _certificates(scope), {"Null": _CARRIES_NAME})


def _certificates(scope: Scope) -> list[str]:
    return [f"arn:{partition_of(region)}:acm:{region}:{scope.account}:certificate/*" for region in scope.regions]
