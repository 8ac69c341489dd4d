"""What is done where the ledger cannot be reached."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

import pytest

from certkit.errors import CertkitError, LedgerConflictError, LedgerError, LockedError, StateUnwritableError
from certkit.ledger.lenient import LenientLedger, may_go_on
from certkit.ledger.sqlite import SqliteLedger
from tests.aws.scene import NOW
from tests.ledger.scene import INTENT, ended, notices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from certkit.ledger import Entry


class Broken:
    """A ledger that answers everything with one error."""

    def __init__(self, error: CertkitError) -> None:
        self._error = error

    def _fail(self, *_: object, **__: object) -> NoReturn:
        raise self._error

    def entries(self, *_: object, **__: object) -> Iterator[Entry]:
        """Fails when it is read, as a generator does."""
        yield self._fail()

    write = open_intents = lock = _fail


def _lock(ledger: LenientLedger) -> None:
    with ledger.lock("shop", "anna", 0):
        pass


USES: list[Callable[[LenientLedger], object]] = [
    lambda ledger: ledger.write(INTENT),
    lambda ledger: list(ledger.entries("shop")),
    lambda ledger: ledger.open_intents("1", "2"),
    _lock,
]


@pytest.mark.parametrize(
    ("days_left", "may"), [(90, False), (10, False), (9.001, False), (9, True), (0, True), (-5, True)]
)
def test_a_certificate_cannot_wait_in_the_last_tenth_of_its_lifetime(days_left: float, may: bool) -> None:
    not_after = NOW + timedelta(days=days_left)

    assert may_go_on(not_after - timedelta(days=90), not_after, NOW) is may


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("error", [LedgerError("gone"), StateUnwritableError("full")])
def test_a_ledger_that_cannot_be_reached_is_an_error(
    use: Callable[[LenientLedger], object], error: CertkitError
) -> None:
    ledger = LenientLedger(Broken(error), lambda: False, notices().tell)

    with pytest.raises(type(error)) as raised:
        use(ledger)

    assert raised.value is error


def test_where_the_certificate_cannot_wait_it_is_a_warning_said_once() -> None:
    notes = notices()
    ledger = LenientLedger(Broken(LedgerError("the table is gone")), lambda: True, notes.tell)

    answers = [use(ledger) for use in USES]

    assert answers == [None, [], (), None]
    assert notes.told == ["the certificate in ACM cannot wait, certkit goes on without the ledger: the table is gone"]


@pytest.mark.parametrize("error", [LockedError("held"), LedgerConflictError("otherwise")])
def test_what_the_ledger_says_counts_however_late_it_is(error: CertkitError) -> None:
    ledger = LenientLedger(Broken(error), lambda: True, notices().tell)

    with pytest.raises(type(error)):
        ledger.lock("shop", "anna", 0).__enter__()
    with pytest.raises(type(error)):
        ledger.write(INTENT)


def test_a_failure_under_the_lock_is_not_the_locks(tmp_path: Path) -> None:
    notes = notices()
    inner = SqliteLedger(tmp_path / "ledger.sqlite3", lambda: NOW)
    ledger = LenientLedger(inner, lambda: True, notes.tell)

    with pytest.raises(LedgerError, match="of another"), ledger.lock("shop", "anna", 0):
        raise LedgerError("of another")

    assert notes.told == []
    _lock(ledger)


def test_what_can_be_reached_is_used(tmp_path: Path) -> None:
    ledger = LenientLedger(SqliteLedger(tmp_path / "ledger.sqlite3", lambda: NOW), lambda: False, notices().tell)
    other = INTENT.__class__(**{name: getattr(INTENT, name) for name in INTENT.__slots__} | {"id": "w-2"})

    for entry in (INTENT, ended(INTENT), other):
        ledger.write(entry)

    assert tuple(ledger.entries()) == (INTENT, ended(INTENT), other)
    assert ledger.open_intents(other.account, other.region) == (other,)
