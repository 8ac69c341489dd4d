"""What the tests of the ledgers have in common."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import boto3

from certkit.ledger import Entry, Outcome
from certkit.ledger.waiting import Waiting
from tests.aws.scene import ACCOUNT, HOME, NOW

if TYPE_CHECKING:
    from certkit.testing import SettableClock

ARN: Final = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1"
INTENT: Final = Entry(
    id="w-1",
    at=NOW,
    run="r-1",
    caller=f"arn:aws:iam::{ACCOUNT}:user/anna",
    command="import",
    name="shop",
    account=ACCOUNT,
    region=HOME,
    action="import",
    arn=None,
    sha256="ab" * 32,
    chain_sha256="cd" * 32,
    previous_sha256=None,
    outcome=Outcome.INTENT,
)
TABLE: Final = "certkit"


def later(entry: Entry, seconds: float = 1, **changes: Any) -> Entry:
    """The same entry some time later, with changes."""
    return replace(entry, at=entry.at + timedelta(seconds=seconds), **changes)


def ended(intent: Entry, outcome: Outcome = Outcome.DONE, **changes: Any) -> Entry:
    """What came of an intent a second later."""
    return later(intent, **{"outcome": outcome, "arn": ARN, "request_id": "req-1", **changes})


def waiting_by(clock: SettableClock) -> Waiting:
    """Waits by moving `clock` on."""
    return Waiting(lambda: clock().timestamp(), lambda seconds: clock.advance(timedelta(seconds=seconds)))


def make_table(url: str, name: str = TABLE, **keys: str) -> None:
    """Makes the table as docs/ledger.md says, or one with other keys."""
    keys = keys or {"pk": "HASH", "sk": "RANGE"}
    boto3.client("dynamodb", endpoint_url=url, region_name=HOME).create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],  # type: ignore[typeddict-item]
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
    )


def notices() -> SimpleNamespace:
    """Takes notices down: `tell` is the function, `told` what it was told."""
    told: list[str] = []
    return SimpleNamespace(tell=told.append, told=told)
