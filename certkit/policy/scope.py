"""For whom a policy is, and for what."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from certkit.aws.partitions import partition_of
from certkit.escrow.where import InBucket


class Role(StrEnum):
    """What a caller is for."""

    READER = "reader"
    RENEWER = "renewer"
    RESTORER = "restorer"
    CREATOR = "creator"
    MIGRATOR = "migrator"

    @property
    def purpose(self) -> str:
        """What it may do, in one sentence."""
        return _PURPOSES[self]


_PURPOSES: Final = {
    Role.READER: "looks, and changes nothing: status, plan, inspect, history",
    Role.RENEWER: "replaces and tags the certificates that carry certkit:name, and no others: renew, apply, import",
    Role.RESTORER: "is a renewer that also takes bundles out of the escrow, with their private keys: rollback",
    Role.CREATOR: "also imports new ones, adopts others' and deletes its own: whoever has this can take over any certificate",
    Role.MIGRATOR: "is a creator that also changes load balancers, API domains and distributions: migrate",
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
        escrow: None where there is none in S3, or where this caller does not reach it.
    """

    account: str
    regions: tuple[str, ...]
    table: Table | None = None
    channels: Channels = _NOBODY
    sees_usage: bool = False
    escrow: InBucket | None = None

    @property
    def partition(self) -> str:
        """The partition of its regions."""
        return partition_of(self.regions[0])
