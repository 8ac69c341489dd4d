"""What a caller may do to what certkit keeps for itself, and whom it may tell: a shared ledger, topics, buses, metrics."""

from collections.abc import Iterator

from certkit.aws.partitions import home_of, partition_of
from certkit.policy.scope import Scope, Table
from certkit.policy.statement import ANYWHERE, Statement, allow


def reading_metrics(scope: Scope) -> Iterator[Statement]:
    """Yields what looks for heartbeats, which GetMetricStatistics cannot be held to."""
    if scope.channels.metrics:
        yield allow("LookAtMetrics", ["cloudwatch:GetMetricStatistics"], ANYWHERE)


def reading_ledger(scope: Scope) -> Iterator[Statement]:
    """Yields what reads a shared ledger."""
    if scope.table:
        yield allow("ReadLedger", ["dynamodb:Query", "dynamodb:Scan"], [_arn(scope.table, scope.account)])


def writing_ledger(scope: Scope) -> Iterator[Statement]:
    """Yields what a shared ledger takes: entries can be added and not be taken away, marks and leases can."""
    if scope.table:
        table = [_arn(scope.table, scope.account)]
        yield allow("WriteLedger", ["dynamodb:PutItem"], table)
        keys = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["lock#*", "open#*"]}}
        yield allow("LockLedger", ["dynamodb:DeleteItem", "dynamodb:UpdateItem"], table, keys)


def telling(scope: Scope) -> Iterator[Statement]:
    """Yields what telling people takes; PutMetricData knows no resource, and a namespace as its condition.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    """
    channels = scope.channels
    if channels.topics:
        yield allow("TellPeople", ["sns:Publish"], sorted(channels.topics))
    if channels.bus:
        bus = channels.bus
        home = home_of(scope.partition)
        arn = (
            bus if bus.startswith("arn:") else f"arn:{partition_of(home)}:events:{home}:{scope.account}:event-bus/{bus}"
        )
        yield allow("TellPrograms", ["events:PutEvents"], [arn])
    if channels.metrics:
        condition = {"StringEquals": {"cloudwatch:namespace": channels.metrics}}
        yield allow("TellMetrics", ["cloudwatch:PutMetricData"], ANYWHERE, condition)


def _arn(table: Table, account: str) -> str:
    return f"arn:{partition_of(table.region)}:dynamodb:{table.region}:{account}:table/{table.name}"
