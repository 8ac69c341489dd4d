"""What is DynamoDB's own about the ledger, over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from certkit.aws.items import parse, to_item
from certkit.aws.sessions import Session
from certkit.aws.table import TableLedger
from certkit.errors import LedgerError, LedgerUnreadableError, UsageError
from certkit.ledger import Outcome
from tests.aws.faults import Fault, Refusal
from tests.aws.scene import HOME
from tests.ledger.scene import INTENT, TABLE, ended, later, make_table, notices, waiting_by

if TYPE_CHECKING:
    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]


@pytest.fixture
def ledger(wire: Proxy, server: StrictAcm, clock: SettableClock) -> TableLedger:
    """A ledger in a new table."""
    make_table(server.url)
    assert wire.sent == []
    return TableLedger(Session().dynamodb(HOME), TABLE, clock, notices().tell, waiting_by(clock))


def _items(server: StrictAcm) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = boto3.client("dynamodb", endpoint_url=server.url).scan(TableName=TABLE)["Items"]
    return items


@pytest.mark.parametrize(
    ("url", "parsed"),
    [
        ("dynamodb://certkit", ("certkit", None)),
        ("dynamodb://certkit/", ("certkit", None)),
        ("dynamodb://Cert.kit-1_x?region=eu-west-1", ("Cert.kit-1_x", "eu-west-1")),
    ],
)
def test_a_url_names_table_and_region(url: str, parsed: tuple[str, str | None]) -> None:
    assert parse(url) == parsed


@pytest.mark.parametrize(
    "url",
    [
        "dynamodb://",
        "dynamodb://ab",
        "dynamodb://certkit/items",
        "dynamodb://certkit?profile=x",
        "dynamodb://cert kit",
        "dynamodb:certkit",
        "s3://certkit",
        "dynamodb://certkit#x",
    ],
)
def test_another_url_is_an_error(url: str) -> None:
    with pytest.raises(UsageError, match="names no table"):
        parse(url)


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.ERROR_AFTER, Fault.HALF_AFTER])
def test_an_entry_whose_answer_is_lost_is_written_once(ledger: TableLedger, wire: Proxy, fault: Fault) -> None:
    wire.script("TransactWriteItems", fault)

    ledger.write(INTENT)

    assert wire.operations.count("TransactWriteItems") == 2
    assert tuple(ledger.entries()) == (INTENT,)


def test_an_intent_is_found_without_looking_at_what_is_settled(
    ledger: TableLedger, wire: Proxy, server: StrictAcm
) -> None:
    for number in range(3):
        ledger.write(later(INTENT, id=f"w-{number}"))
        ledger.write(ended(INTENT, id=f"w-{number}"))
    ledger.write(later(INTENT, id="w-open"))

    ledger.open_intents(INTENT.account, HOME)

    (query,) = (sent.body for sent in wire.sent if sent.operation == "Query")
    marks = [item for item in _items(server) if item["pk"]["S"].startswith("open#")]
    assert query["ConsistentRead"] is True
    assert query["ExpressionAttributeValues"] == {":key": {"S": f"open#{INTENT.account}/{HOME}"}}
    assert [mark["sk"]["S"] for mark in marks] == ["w-open"]


def test_an_intent_that_comes_late_does_not_open_what_is_settled(ledger: TableLedger, server: StrictAcm) -> None:
    ledger.write(INTENT)
    ledger.write(ended(INTENT))

    ledger.write(INTENT)

    assert [item["pk"]["S"] for item in _items(server)] == ["name#shop"] * 2


def _cancelled(times: int, reason: str) -> Any:
    """Answers so many requests as DynamoDB does where a transaction is cancelled, which moto never does for a conflict."""
    left = [times]

    def answer(request: Any, **_: object) -> AWSResponse | None:
        if not left[0]:
            return None
        left[0] -= 1
        kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
        body = {"__type": kind, "message": "cancelled", "CancellationReasons": [{"Code": reason}]}
        return AWSResponse(request.url, 400, HTTPHeaders(), BytesRaw(json.dumps(body).encode()))

    return answer


class BytesRaw:
    """What urllib3 would hand on."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        """Returns the body, in one piece."""
        return [self._body]


def test_a_conflict_of_transactions_is_tried_again(ledger: TableLedger) -> None:
    ledger._client.meta.events.register("before-send.dynamodb.TransactWriteItems", _cancelled(3, "TransactionConflict"))

    ledger.write(INTENT)

    assert tuple(ledger.entries()) == (INTENT,)


@pytest.mark.parametrize(
    ("reason", "text"), [("TransactionConflict", "are in the way"), ("ThrottlingError", "TransactionCanceledException")]
)
def test_a_conflict_that_does_not_end_is_an_error(ledger: TableLedger, reason: str, text: str) -> None:
    ledger._client.meta.events.register("before-send.dynamodb.TransactWriteItems", _cancelled(999, reason))

    with pytest.raises(LedgerError, match=text):
        ledger.write(INTENT)

    assert tuple(ledger.entries()) == ()


@pytest.mark.parametrize(
    ("step", "text", "hint"),
    [
        (Refusal("AccessDeniedException", "not you"), "not you", "the caller's policy must allow this action"),
        (Fault.ERROR_BEFORE, "writing an entry", "check the network and AWS_ENDPOINT_URL"),
        (Refusal("ProvisionedThroughputExceededException", "slow down"), "slow down", None),
    ],
)
def test_a_table_that_does_not_answer_is_the_ledgers_error(
    ledger: TableLedger, wire: Proxy, step: Fault | Refusal, text: str, hint: str | None
) -> None:
    wire.always("TransactWriteItems", step)

    with pytest.raises(LedgerError, match=text) as raised:
        ledger.write(INTENT)

    assert raised.value.message.startswith("the ledger dynamodb://certkit?region=us-east-1: writing an entry: ")
    assert raised.value.hint == hint


def test_a_table_that_is_not_there_is_not_made(wire: Proxy, clock: SettableClock) -> None:
    ledger = TableLedger(Session().dynamodb(HOME), "nowhere", clock, notices().tell)

    for use in (lambda: ledger.write(INTENT), lambda: list(ledger.entries()), lambda: ledger.open_intents("1", "2")):
        with pytest.raises(LedgerError, match="there is no such table") as raised:
            use()

        assert (
            raised.value.hint
            == "make it, with the strings pk and sk as its HASH and RANGE key: aws dynamodb create-table"
        )
    assert "CreateTable" not in wire.operations


def test_a_table_with_other_keys_is_no_ledger(wire: Proxy, server: StrictAcm, clock: SettableClock) -> None:
    make_table(server.url, "other", id="HASH")
    ledger = TableLedger(Session().dynamodb(HOME), "other", clock, notices().tell)

    with pytest.raises(LedgerUnreadableError) as raised:
        ledger.open_intents("1", "2")

    assert wire.sent
    assert raised.value.hint == "the table's keys must be pk and sk, both strings"


def test_an_entry_of_a_later_certkit_is_an_error(ledger: TableLedger, server: StrictAcm) -> None:
    ledger.write(INTENT)
    client = boto3.client("dynamodb", endpoint_url=server.url)
    for item in _items(server):
        client.put_item(TableName=TABLE, Item={**item, "v": {"N": "2"}})

    with pytest.raises(LedgerUnreadableError, match="is of version 2, and this certkit knows 1"):
        list(ledger.entries())


def test_many_entries_come_page_by_page(ledger: TableLedger, server: StrictAcm, wire: Proxy) -> None:
    client = boto3.client("dynamodb", endpoint_url=server.url)
    entries = [later(INTENT, number, id=f"w-{number}", detail="x" * 4000) for number in range(300)]
    for first in range(0, 300, 25):
        items = [{**to_item(one), "pk": {"S": "name#shop"}, "sk": {"S": one.id}} for one in entries[first : first + 25]]
        client.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": item}} for item in items]})

    assert list(ledger.entries()) == entries
    assert list(ledger.entries("shop")) == entries
    assert [sent.operation for sent in wire.sent] == ["Scan"] * 2 + ["Query"] * 2


def test_an_outcome_without_its_intent_is_kept(ledger: TableLedger) -> None:
    ledger.write(ended(INTENT, Outcome.FAILED))

    assert tuple(ledger.entries()) == (ended(INTENT, Outcome.FAILED),)
