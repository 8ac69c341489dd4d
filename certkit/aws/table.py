"""The ledger that several machines share: a DynamoDB table.

Keys `pk` and `sk`, both strings; `docs/ledger.md` says how to make it, which certkit never does.

| pk | sk | holds |
| --- | --- | --- |
| `name#NAME` | `ID STAGE` | one entry, put once and never again |
| `open#ACCOUNT/REGION` | `ID` | the intent of a write that is not settled, put and taken away together with its entries |
| `lock#KEY` | `lock` | a lease |
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from certkit.aws import lease
from certkit.aws.failures import code_of, explained
from certkit.aws.items import SCHEME, from_item, to_item
from certkit.errors import (
    AwsError,
    AwsUnreachableError,
    CertkitError,
    LedgerError,
    LedgerUnreadableError,
)
from certkit.ledger.entry import Entry, Outcome, check_same, stage_of
from certkit.ledger.waiting import Waiting

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ENTRY: Final = "name#"
_OPEN: Final = "open#"
_CONFLICT_SECONDS: Final = 10.0
"""How long to try again where another transaction touches the same item."""

_NO_TABLE: Final = "ResourceNotFoundException"
_OTHER_KEYS: Final = "ValidationException"
_CANCELLED: Final = "TransactionCanceledException"
_Item = Mapping[str, Any]


class TableLedger:
    """A ledger in a table that is there already.

    Args:
        client: of the table's region.
        now: tells the time, for the leases.
        notice: told of a lease that was lost while it was held.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        now: Callable[[], dt.datetime],
        notice: Callable[[str], None],
        waiting: Waiting | None = None,
    ) -> None:
        self._client = client
        self._table = table
        self._now = now
        self._notice = notice
        self._waiting = waiting or Waiting()

    def __str__(self) -> str:
        """Returns where it is."""
        return f"{SCHEME}://{self._table}?region={self._client.meta.region_name}"

    def write(self, entry: Entry) -> None:
        """Keeps an entry; see `Ledger`."""
        item = {
            **to_item(entry),
            "pk": {"S": f"{_ENTRY}{entry.name or ''}"},
            "sk": {"S": f"{entry.id} {stage_of(entry)}"},
        }
        put = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        steps = [{"Put": put}, *self._mark(entry)]
        for _ in self._waiting.tries(_CONFLICT_SECONDS):
            kept = self._transact(steps)
            if kept is not None:
                if kept:
                    check_same(entry, from_item(kept))
                return
        raise LedgerError(f"the ledger {self}: other transactions are in the way", hint="run it again in a minute")

    def entries(self, name: str | None = None) -> Iterator[Entry]:
        """Yields entries, oldest first; see `Ledger`."""
        if name is not None:
            return iter(self._query(f"{_ENTRY}{name}"))
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            ConsistentRead=True,
            FilterExpression="begins_with(pk, :prefix)",
            ExpressionAttributeValues={":prefix": {"S": _ENTRY}},
        )
        return iter(self._sorted(pages))

    def open_intents(self, account: str, region: str) -> tuple[Entry, ...]:
        """Returns the intents that are not settled, oldest first; see `Ledger`."""
        return self._query(f"{_OPEN}{account}/{region}")

    def lock(self, key: str, who: str, timeout: float) -> AbstractContextManager[None]:
        """Holds a lease, which is renewed meanwhile; see `Ledger`."""
        place = lease.Place(self._client, self._table, key, self._reached)
        return lease.held(place, who, timeout, lease.World(self._now, self._waiting, self._notice))

    def _mark(self, entry: Entry) -> list[dict[str, Any]]:
        """Returns the step that marks the write as open, or as settled."""
        key = {"pk": {"S": f"{_OPEN}{entry.account}/{entry.region}"}, "sk": {"S": entry.id}}
        if entry.outcome is Outcome.INTENT:
            return [{"Put": {"TableName": self._table, "Item": {**to_item(entry), **key}}}]
        return [{"Delete": {"TableName": self._table, "Key": key}}] if entry.outcome.is_settled else []

    def _transact(self, steps: list[dict[str, Any]]) -> _Item | None:
        """Carries all steps out, or none; returns what was there already, nothing, or None to try again."""
        with self._reached("writing an entry"):
            try:
                self._client.transact_write_items(TransactItems=steps)  # type: ignore[arg-type]  # made above
            except ClientError as error:
                if code_of(error) != _CANCELLED:
                    raise
                answer: Any = error.response  # its stubs know no reasons
                reasons = answer.get("CancellationReasons", [{}])
                if reasons[0].get("Code") == "ConditionalCheckFailed":
                    return dict(reasons[0]["Item"])
                if any(reason.get("Code") == "TransactionConflict" for reason in reasons):
                    return None
                raise
        return {}

    def _query(self, key: str) -> tuple[Entry, ...]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :key",
            ExpressionAttributeValues={":key": {"S": key}},
        )
        return self._sorted(pages)

    def _sorted(self, pages: Iterable[_Item]) -> tuple[Entry, ...]:
        with self._reached("reading entries"):
            items = [item for page in pages for item in page["Items"]]
        entries = [(item["sk"]["S"], from_item(item)) for item in items]
        order = {Outcome.INTENT: 0, Outcome.UNKNOWN: 1}
        ordered = sorted(entries, key=lambda pair: (pair[1].at, order.get(pair[1].outcome, 2), pair[0]))
        return tuple(entry for _, entry in ordered)

    @contextmanager
    def _reached(self, what: str) -> Iterator[None]:
        """Turns what DynamoDB answers inside the block into errors of the ledger."""
        try:
            with explained(f"the ledger {self}: {what}"):
                yield
        except AwsError as error:
            raise _of_ledger(f"the ledger {self}", error) from error


def _of_ledger(ledger: str, error: AwsError) -> CertkitError:
    if error.aws_code == _NO_TABLE:
        hint = "make it, with the strings pk and sk as its HASH and RANGE key: aws dynamodb create-table"
        return LedgerError(f"{ledger}: there is no such table in this account and region", hint=hint)
    if error.aws_code == _OTHER_KEYS:
        hint = "the table's keys must be pk and sk, both strings"
        return LedgerUnreadableError(f"{ledger}: the table is no ledger of certkit's", hint=hint)
    unsettled = isinstance(error, AwsUnreachableError)
    return LedgerError(error.message, hint="check the network and AWS_ENDPOINT_URL" if unsettled else error.hint)
