"""The least that certkit's callers must be allowed: three IAM policies. No I/O.

Actions, resources and condition keys: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html.
A new import is authorised against `certificate/*`, and sending tags with it takes `acm:AddTagsToCertificate` as well.
A condition on a tag that is not there is met by `Null` alone:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from certkit.aws.partitions import home_of, partition_of
from certkit.record import NAME_TAG

Statement = dict[str, Any]
_VERSION: Final = "2012-10-17"
_SOME_CERTIFICATE: Final = "certificate/00000000-0000-0000-0000-000000000000"
_CARRIES_NAME: Final = {f"aws:ResourceTag/{NAME_TAG}": "false"}
_SENDS_NAME: Final = {f"aws:RequestTag/{NAME_TAG}": "false"}
_SENDS_NO_NAME: Final = {f"aws:RequestTag/{NAME_TAG}": "true"}
_USAGE: Final = (
    "appsync:ListDomainNames",
    "cloudfront:ListDistributionTenants",
    "cloudfront:ListDistributions",
    "cognito-idp:DescribeUserPool",
    "cognito-idp:DescribeUserPoolDomain",
    "cognito-idp:ListUserPools",
    "ec2:DescribeClientVpnEndpoints",
    "elasticloadbalancing:DescribeListenerCertificates",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancers",
    "es:DescribeDomains",
    "es:ListDomainNames",
    "transfer:DescribeServer",
    "transfer:ListServers",
)
"""Listing, and what no listing says. OpenSearch's actions are called by the name of what it was:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonopensearchservice.html.
"""


class Role(StrEnum):
    """What a caller is for."""

    READER = "reader"
    RENEWER = "renewer"
    CREATOR = "creator"

    @property
    def purpose(self) -> str:
        """What it may do, in one sentence."""
        return _PURPOSES[self]


_PURPOSES: Final = {
    Role.READER: "looks, and changes nothing: status, plan, inspect, history",
    Role.RENEWER: "replaces and tags the certificates that carry certkit:name, and no others: renew, apply, import",
    Role.CREATOR: "also imports new ones, adopts others' and deletes its own: whoever has this can take over any certificate",
}


@dataclass(frozen=True, slots=True)
class Table:
    """The DynamoDB table of a shared ledger."""

    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Channels:
    """What `status --notify` and jobs send to.

    Attributes:
        topics: the ARNs of SNS topics.
        bus: the ARN of an event bus, or its name; None without one.
        metrics: the namespace of CloudWatch metrics, None without any.
    """

    topics: tuple[str, ...] = ()
    bus: str | None = None
    metrics: str | None = None


_NOBODY: Final = Channels()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a policy is for.

    Attributes:
        account: its 12 digits, or `*`: a policy reaches no other account than the one that it stands in.
        regions: at least one; `*` is every region of the partition `aws`.
        table: None where the ledger is on each machine.
        channels: those of the configuration.
        sees_usage: whether the services that take certificates from ACM may be asked what they use.
    """

    account: str
    regions: tuple[str, ...]
    table: Table | None = None
    channels: Channels = _NOBODY
    sees_usage: bool = False


def document(role: Role, scope: Scope) -> dict[str, object]:
    """Returns the policy of a role, as IAM takes it."""
    statements = [*_reading(scope), *_seeing_usage(scope), *_ledger(role, scope)]
    if role is not Role.READER:
        statements += [*_renewing(scope), *_telling(scope)]
    if role is Role.CREATOR:
        statements += _creating(scope)
    return {"Version": _VERSION, "Statement": statements}


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that a policy of `document` is to allow, as IAM's simulator takes it."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: tuple[tuple[str, str], ...]


def probes(role: Role, scope: Scope) -> Iterator[Probe]:
    """Yields requests that take everything that a role needs."""
    statements: list[Statement] = document(role, scope)["Statement"]  # type: ignore[assignment]  # made by `document`
    for one in statements:
        resources = tuple(resource.replace("certificate/*", _SOME_CERTIFICATE) for resource in one["Resource"])
        yield Probe(tuple(one["Action"]), resources, tuple(_context(one.get("Condition", {}))))


def _context(conditions: Statement) -> Iterator[tuple[str, str]]:
    for key, absent in conditions.get("Null", {}).items():
        if absent == "false":
            yield key, "certkit"
    yield from conditions.get("StringEquals", {}).items()
    for key, patterns in conditions.get("ForAllValues:StringLike", {}).items():
        yield key, patterns[0].replace("*", "certkit")


def _reading(scope: Scope) -> Iterator[Statement]:
    listing = ["acm:ListCertificates", "acm:SearchCertificates", "ec2:DescribeRegions", "tag:GetResources"]
    yield _allow("List", listing, ["*"])
    actions = ["acm:DescribeCertificate", "acm:GetCertificate", "acm:ListTagsForCertificate"]
    yield _allow("Look", actions, _certificates(scope))
    if scope.channels.metrics:  # which GetMetricStatistics cannot be held to
        yield _allow("LookAtMetrics", ["cloudwatch:GetMetricStatistics"], ["*"])


def _seeing_usage(scope: Scope) -> Iterator[Statement]:
    """Yields what `status --usage` takes; what it lists is in any region, since certificates of us-east-1 serve in all.

    API Gateway knows one action for all that can be read, keys of its users among it: hence its resource.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
    """
    if scope.sees_usage:
        yield _allow("LookAtUsers", list(_USAGE), ["*"])
        yield _allow(
            "LookAtDomains", ["apigateway:GET"], [f"arn:{partition_of(scope.regions[0])}:apigateway:*::/domainnames"]
        )


def _renewing(scope: Scope) -> Iterator[Statement]:
    """Yields what reaches certificates that carry the name, and can give it to none nor change it."""
    yield _allow("Reimport", ["acm:ImportCertificate"], _certificates(scope), {"Null": _CARRIES_NAME})
    condition = {"Null": {**_CARRIES_NAME, **_SENDS_NO_NAME}}
    yield _allow("Tag", ["acm:AddTagsToCertificate"], _certificates(scope), condition)


def _telling(scope: Scope) -> Iterator[Statement]:
    """Yields what telling people takes; PutMetricData knows no resource, and a namespace as its condition.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    """
    channels = scope.channels
    if channels.topics:
        yield _allow("TellPeople", ["sns:Publish"], sorted(channels.topics))
    if channels.bus:
        bus = channels.bus
        home = home_of(partition_of(scope.regions[0]))
        arn = (
            bus if bus.startswith("arn:") else f"arn:{partition_of(home)}:events:{home}:{scope.account}:event-bus/{bus}"
        )
        yield _allow("TellPrograms", ["events:PutEvents"], [arn])
    if channels.metrics:
        condition = {"StringEquals": {"cloudwatch:namespace": channels.metrics}}
        yield _allow("TellMetrics", ["cloudwatch:PutMetricData"], ["*"], condition)


def _creating(scope: Scope) -> Iterator[Statement]:
    """Yields what makes new certificates; ACM refuses tags on a reimport, so that `Import` allows none.

    Tagging a certificate of somebody else's with the name and tagging a new one are the same to IAM.
    """
    actions = ["acm:ImportCertificate", "acm:AddTagsToCertificate"]
    yield _allow("Import", actions, _certificates(scope), {"Null": _SENDS_NAME})
    actions = ["acm:DeleteCertificate", "acm:RemoveTagsFromCertificate"]
    yield _allow("Remove", actions, _certificates(scope), {"Null": _CARRIES_NAME})


def _ledger(role: Role, scope: Scope) -> Iterator[Statement]:
    """Yields what a shared ledger takes: entries can be added and not be taken away, marks and leases can."""
    if scope.table is None:
        return
    table = [
        f"arn:{partition_of(scope.table.region)}:dynamodb:{scope.table.region}:{scope.account}:table/{scope.table.name}"
    ]
    yield _allow("ReadLedger", ["dynamodb:Query", "dynamodb:Scan"], table)
    if role is not Role.READER:
        yield _allow("WriteLedger", ["dynamodb:PutItem"], table)
        keys = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["lock#*", "open#*"]}}
        yield _allow("LockLedger", ["dynamodb:DeleteItem", "dynamodb:UpdateItem"], table, keys)


def _allow(sid: str, actions: list[str], resources: list[str], condition: Statement | None = None) -> Statement:
    statement = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}
    return {**statement, "Condition": condition} if condition else statement


def _certificates(scope: Scope) -> list[str]:
    return [f"arn:{partition_of(region)}:acm:{region}:{scope.account}:certificate/*" for region in scope.regions]
