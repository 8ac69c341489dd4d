"""Leases in a DynamoDB table, over HTTP."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from certkit.aws import lease
from certkit.aws.sessions import Session
from certkit.aws.table import TableLedger
from certkit.errors import ConfigurationError, LedgerError, LockedError
from tests.aws.faults import Fault, Refusal
from tests.aws.scene import HOME
from tests.ledger.scene import TABLE, make_table, notices, waiting_by

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import SimpleNamespace

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]


@pytest.fixture
def notes() -> SimpleNamespace:
    """What was told to people."""
    return notices()


@pytest.fixture
def ledger(wire: Proxy, server: StrictAcm, clock: SettableClock, notes: SimpleNamespace) -> TableLedger:
    """A ledger in a new table."""
    make_table(server.url)
    assert wire.sent == []
    return TableLedger(Session().dynamodb(HOME), TABLE, clock, notes.tell, waiting_by(clock))


@pytest.fixture
def place(ledger: TableLedger) -> lease.Place:
    """Where the lock `shop` stands."""
    return lease.Place(ledger._client, TABLE, "shop", ledger._reached)


@pytest.fixture
def world(clock: SettableClock, notes: SimpleNamespace) -> lease.World:
    """A world in which a lease is renewed a hundred times a second."""
    return lease.World(clock, waiting_by(clock), notes.tell, renew_every=0.01)


def _make_new_exceptions(client: Any) -> None:
    """Has botocore make the classes under `client.exceptions` anew with each call, as threads that race may see it."""

    def forget(**_: object) -> None:
        client._exceptions = None
        client._exceptions_factory._client_exceptions_cache.clear()

    client.meta.events.register("before-call.dynamodb", forget)


class _Signal:
    """Takes notices down, and wakes who waits for the first."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._came = threading.Event()

    def tell(self, text: str) -> None:
        self.told.append(text)
        self._came.set()

    def wait(self) -> None:
        assert self._came.wait(30)


def _leave(ledger: TableLedger, clock: SettableClock, who: str) -> None:
    """Takes the lock as one that is killed before it gives it back."""
    place = lease.Place(ledger._client, TABLE, "shop", ledger._reached)
    lease._acquire(place, "dead", who, lease.World(clock, waiting_by(clock), lambda _: None), 0)


def test_a_dead_holders_lease_is_free_once_it_has_run_out(ledger: TableLedger, clock: SettableClock) -> None:
    _leave(ledger, clock, "the dead one")
    clock.advance(lease.LEASE - timedelta(milliseconds=1))
    with pytest.raises(LockedError, match="locked by the dead one since 2026-11-22T12:00:00Z"):
        ledger.lock("shop", "next", 0).__enter__()

    clock.advance(timedelta(milliseconds=1))

    with ledger.lock("shop", "next", 0):
        pass


def test_a_refusal_is_known_by_its_code_whatever_class_botocore_made_for_it(
    ledger: TableLedger, place: lease.Place, world: lease.World, clock: SettableClock, notes: SimpleNamespace
) -> None:
    _make_new_exceptions(ledger._client)
    _leave(ledger, clock, "the first one")

    with pytest.raises(LockedError, match="locked by the first one"):
        ledger.lock("shop", "another", 0).__enter__()

    assert not lease.renew(place, "another", clock())
    lease._release(place, "another", world)
    assert notes.told == ["the lock shop had been lost to another run"]


def test_settings_that_cannot_be_read_any_more_are_told_of_and_end_nothing(
    place: lease.Place, world: lease.World
) -> None:
    signal = _Signal()

    def reached(what: str) -> AbstractContextManager[None]:
        if not what.startswith("locking"):
            raise ConfigurationError("the AWS configuration cannot be used")
        return place.reached(what)

    with lease.held(replace(place, reached=reached), "me", 0, replace(world, notice=signal.tell)):
        signal.wait()

    assert signal.told[0] == "the lock shop was not renewed: the AWS configuration cannot be used"
    assert signal.told[-1] == (
        "the lock shop is not given back, and ends by itself: the AWS configuration cannot be used"
    )


def test_the_next_one_waits_it_out(ledger: TableLedger, clock: SettableClock) -> None:
    _leave(ledger, clock, "the dead one")
    start = clock()

    with ledger.lock("shop", "next", 120):
        waited = clock() - start

    assert waited == lease.LEASE


def test_a_lease_that_is_renewed_outlives_its_time(
    ledger: TableLedger, place: lease.Place, clock: SettableClock
) -> None:
    _leave(ledger, clock, "the slow one")

    for _ in range(5):
        clock.advance(lease.LEASE * 0.9)
        assert lease.renew(place, "dead", clock())

    with pytest.raises(LockedError):
        ledger.lock("shop", "next", 0).__enter__()


def test_a_holder_renews_by_itself(place: lease.Place, world: lease.World, wire: Proxy) -> None:
    renewed = threading.Event()
    send = wire.sent.append

    class Watched(list):  # type: ignore[type-arg]
        def append(self, sent: object) -> None:
            send(sent)  # type: ignore[arg-type]
            if sent.operation == "UpdateItem":  # type: ignore[attr-defined]
                renewed.set()

    wire.sent = Watched(wire.sent)

    with lease.held(place, "anna", 0, world):
        was_renewed = renewed.wait(30)

    assert was_renewed


def test_a_lease_that_somebody_else_has_by_now_is_told_and_left_to_him(
    ledger: TableLedger, place: lease.Place, clock: SettableClock
) -> None:
    signal = _Signal()
    slow = lease.World(clock, waiting_by(clock), signal.tell, renew_every=0.2)

    with lease.held(place, "anna", 0, slow):
        clock.advance(lease.LEASE * 2)
        _leave(ledger, clock, "the thief")
        signal.wait()

    assert signal.told == [
        "the lock shop was lost to another run: certkit goes on, and looks before it writes",
        "the lock shop had been lost to another run",
    ]
    with pytest.raises(LockedError, match="locked by the thief"):
        ledger.lock("shop", "next", 0).__enter__()


def test_a_renewal_that_fails_is_told_and_tried_again(place: lease.Place, world: lease.World, wire: Proxy) -> None:
    signal = _Signal()
    wire.script("UpdateItem", Refusal("AccessDeniedException", "not now"))

    with lease.held(place, "anna", 0, lease.World(world.now, world.waiting, signal.tell, 0.01)):
        signal.wait()

    assert len(signal.told) == 1
    assert signal.told[0].startswith("the lock shop was not renewed: ")


def test_a_lease_that_cannot_be_given_back_is_told_and_no_error(
    ledger: TableLedger, wire: Proxy, notes: SimpleNamespace
) -> None:
    wire.always("DeleteItem", Fault.ERROR_BEFORE)

    with ledger.lock("shop", "anna", 0):
        pass

    assert len(notes.told) == 1
    assert notes.told[0].startswith("the lock shop is not given back, and ends by itself: ")


def test_one_whose_answer_was_lost_has_it_all_the_same(ledger: TableLedger, wire: Proxy, clock: SettableClock) -> None:
    start = clock()
    wire.script("PutItem", Fault.RESET_AFTER)

    with ledger.lock("shop", "anna", 0):
        pass

    assert wire.operations.count("PutItem") == 2
    assert clock() - start < lease.LEASE


def test_a_lease_whose_release_was_answered_twice_is_no_loss(
    ledger: TableLedger, wire: Proxy, notes: SimpleNamespace
) -> None:
    wire.script("DeleteItem", Fault.RESET_AFTER)

    with ledger.lock("shop", "anna", 0):
        pass

    assert notes.told == []


def test_a_table_that_does_not_answer_is_an_error(ledger: TableLedger, wire: Proxy) -> None:
    wire.always("PutItem", Refusal("AccessDeniedException", "not you"))

    with pytest.raises(LedgerError, match="locking shop: AccessDeniedException: not you"):
        ledger.lock("shop", "anna", 0).__enter__()
