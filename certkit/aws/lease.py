"""A lock in a DynamoDB table: a lease, renewed while it is held, free for others once it has run out.

Whether it has is decided by the table, within the condition of the write; the table's own TTL may be days late. A holder
whose clock is ahead of the others' by more than the lease can take it from one that lives: locks spare work, no more.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from botocore.exceptions import ClientError

from certkit.aws.failures import code_of
from certkit.errors import CertkitError
from certkit.ledger.locks import Holder, locked
from certkit.ledger.waiting import Waiting

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LEASE: Final = dt.timedelta(seconds=60)
"""How long others wait for one that was killed."""

RENEWALS: Final = 3
"""How often a lease is renewed in its time: two of them may fail."""

_TAKEN: Final = "ConditionalCheckFailedException"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lease stands.

    Attributes:
        reached: turns failures inside its block into errors of the ledger.
    """

    client: "DynamoDBClient"
    table: str
    key: str
    reached: Callable[[str], AbstractContextManager[None]]

    @property
    def item(self) -> dict[str, Any]:
        """The item's key."""
        return {"pk": {"S": f"lock#{self.key}"}, "sk": {"S": "lock"}}


@dataclass(frozen=True, slots=True)
class World:
    """What a lease needs to know of the world.

    Attributes:
        notice: told where the lease was lost while the block ran.
        renew_every: seconds of real time.
    """

    now: Callable[[], dt.datetime]
    waiting: Waiting
    notice: Callable[[str], None]
    renew_every: float = LEASE.total_seconds() / RENEWALS


@contextmanager
def held(place: Place, who: str, timeout: float, world: World) -> Iterator[None]:
    """Holds a lease while the block runs; if it is lost meanwhile, `world.notice` is told, and the block goes on.

    Raises:
        LockedError: after `timeout` seconds somebody else still holds it.
        LedgerError: the table cannot be reached.
    """
    token = uuid4().hex
    _acquire(place, token, who, world, timeout)
    stopped = threading.Event()
    thread = threading.Thread(target=_keep, args=(place, token, world, stopped), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
        _release(place, token, world)


def _acquire(place: Place, token: str, who: str, world: World, timeout: float) -> None:
    holder = Holder()
    for _ in world.waiting.tries(timeout):
        now = world.now()
        item = {
            **place.item,
            "token": {"S": token},
            "who": {"S": who},
            "since": {"S": now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")},
            "expires": {"N": _epoch(now + LEASE)},
        }
        found = _put(place, item, now)
        if found is None:
            return
        holder = Holder(*(found.get(name, {}).get("S", "") for name in ("who", "since")))
    raise locked(place.key, holder)


def _put(place: Place, item: dict[str, Any], now: dt.datetime) -> dict[str, Any] | None:
    """Takes the lease if it is free, run out, or ours already since a lost answer; returns the one that is in the way."""
    with place.reached(f"locking {place.key}"):
        try:
            place.client.put_item(
                TableName=place.table,
                Item=item,
                ConditionExpression="attribute_not_exists(pk) OR expires <= :now OR #token = :token",
                ExpressionAttributeNames={"#token": "token"},
                ExpressionAttributeValues={":now": {"N": _epoch(now)}, ":token": item["token"]},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if code_of(error) != _TAKEN:
                raise
            answer: Any = error.response  # its stubs know no Item
            return dict(answer.get("Item", {}))
    return None


def _keep(place: Place, token: str, world: World, stopped: threading.Event) -> None:
    """Renews the lease until it is stopped, or somebody else has it; what fails is tried again at the next time."""
    while not stopped.wait(world.renew_every):
        try:
            if not renew(place, token, world.now()):
                world.notice(
                    f"the lock {place.key} was lost to another run: certkit goes on, and looks before it writes"
                )
                return
        except CertkitError as error:
            world.notice(f"the lock {place.key} was not renewed: {error.message}")


def renew(place: Place, token: str, now: dt.datetime) -> bool:
    """Prolongs the lease by its whole time; tells whether it was still held.

    Raises:
        LedgerError: the table cannot be reached.
    """
    with place.reached(f"renewing the lock {place.key}"):
        try:
            place.client.update_item(
                TableName=place.table,
                Key=place.item,
                UpdateExpression="SET expires = :expires",
                ConditionExpression="#token = :token",
                ExpressionAttributeNames={"#token": "token"},
                ExpressionAttributeValues={":expires": {"N": _epoch(now + LEASE)}, ":token": {"S": token}},
            )
        except ClientError as error:
            if code_of(error) != _TAKEN:
                raise
            return False
    return True


def _release(place: Place, token: str, world: World) -> None:
    """Gives the lease back, if it is ours still; where that fails it runs out by itself."""
    try:
        with place.reached(f"unlocking {place.key}"):
            try:
                place.client.delete_item(
                    TableName=place.table,
                    Key=place.item,
                    ConditionExpression="attribute_not_exists(pk) OR #token = :token",
                    ExpressionAttributeNames={"#token": "token"},
                    ExpressionAttributeValues={":token": {"S": token}},
                )
            except ClientError as error:
                if code_of(error) != _TAKEN:
                    raise
                world.notice(f"the lock {place.key} had been lost to another run")
    except CertkitError as error:
        world.notice(f"the lock {place.key} is not given back, and ends by itself: {error.message}")


def _epoch(moment: dt.datetime) -> str:
    return f"{moment.timestamp():.3f}"
