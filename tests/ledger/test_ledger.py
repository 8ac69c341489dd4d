"""What every ledger does: the same tests for SQLite and for DynamoDB over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from certkit.aws.sessions import Session
from certkit.aws.table import TableLedger
from certkit.errors import LedgerConflictError, LockedError
from certkit.ledger import NullLedger, Outcome
from certkit.ledger.sqlite import SqliteLedger
from tests.aws.scene import HOME, OTHER
from tests.issuing import make_chain
from tests.ledger.scene import INTENT, TABLE, ended, later, make_table, notices, waiting_by
from tests.secrets.canaries import traces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.ledger import Ledger
    from certkit.testing import SettableClock

pytest_plugins = ["tests.aws.fixtures"]

WHO = "arn:aws:iam::123456789012:user/anna"


@pytest.fixture(params=["sqlite", "dynamodb"])
def opened(request: pytest.FixtureRequest, tmp_path: Path, clock: SettableClock) -> Callable[[], Ledger]:
    """Opens the same ledger, each time as another process would."""
    if request.param == "sqlite":
        return lambda: SqliteLedger(tmp_path / "ledger.sqlite3", clock, waiting_by(clock))
    make_table(request.getfixturevalue("wire").url)
    return lambda: TableLedger(Session().dynamodb(HOME), TABLE, clock, notices().tell, waiting_by(clock))


def test_what_was_written_is_read_by_others_oldest_first(opened: Callable[[], Ledger]) -> None:
    first, second = INTENT, later(INTENT, 5, id="w-0", name="blog", detail="chain-missing ignored: no other way")
    entries = (first, ended(first), second, ended(second, Outcome.FAILED, arn=None, detail="AccessDenied"))

    for entry in entries:
        opened().write(entry)

    assert tuple(opened().entries()) == entries


def test_entries_are_found_by_name(opened: Callable[[], Ledger]) -> None:
    ledger = opened()
    nameless = later(INTENT, 2, id="w-3", name=None, action="reimport", arn="arn:aws:acm:x", previous_sha256="ef" * 32)
    for entry in (INTENT, later(INTENT, 1, id="w-2", name="shop 2"), nameless):
        ledger.write(entry)

    assert tuple(ledger.entries("shop")) == (INTENT,)
    assert tuple(ledger.entries("nobody")) == ()
    assert nameless in ledger.entries()


def test_a_new_ledger_is_empty(opened: Callable[[], Ledger]) -> None:
    ledger = opened()

    assert (tuple(ledger.entries()), ledger.open_intents(INTENT.account, HOME)) == ((), ())


def test_an_intent_is_open_until_it_is_done_or_has_failed(opened: Callable[[], Ledger]) -> None:
    ledger = opened()
    done, failed, unknown, lost = (later(INTENT, number, id=f"w-{number}") for number in range(4))
    for intent in (done, failed, unknown, lost):
        ledger.write(intent)
    ledger.write(ended(done))
    ledger.write(ended(failed, Outcome.FAILED))
    ledger.write(ended(unknown, Outcome.UNKNOWN))

    assert opened().open_intents(INTENT.account, HOME) == (unknown, lost)


def test_intents_are_open_in_their_own_place_only(opened: Callable[[], Ledger]) -> None:
    ledger = opened()
    ledger.write(INTENT)

    assert ledger.open_intents(INTENT.account, "eu-west-1") == ()
    assert ledger.open_intents(OTHER, HOME) == ()


def test_what_was_unknown_can_be_found_out_and_every_step_is_kept(opened: Callable[[], Ledger]) -> None:
    ledger = opened()
    steps = (
        INTENT,
        ended(INTENT, Outcome.UNKNOWN),
        later(ended(INTENT, Outcome.UNKNOWN), run="r-2"),
        later(ended(INTENT), 5, run="r-3"),
    )

    for step in steps:
        ledger.write(step)

    assert tuple(ledger.entries("shop")) == steps
    assert ledger.open_intents(INTENT.account, HOME) == ()


def test_the_same_entry_twice_counts_once(opened: Callable[[], Ledger]) -> None:
    ledger = opened()

    for entry in (INTENT, INTENT, ended(INTENT), ended(INTENT), INTENT):
        ledger.write(entry)

    assert tuple(ledger.entries()) == (INTENT, ended(INTENT))
    assert ledger.open_intents(INTENT.account, HOME) == ()


def test_the_first_word_on_a_write_stands(opened: Callable[[], Ledger]) -> None:
    ledger = opened()
    ledger.write(INTENT)
    ledger.write(ended(INTENT))

    ledger.write(later(ended(INTENT), run="r-2", detail="found by another run"))
    with pytest.raises(LedgerConflictError, match="says of the import w-1 already: done, and not failed"):
        ledger.write(ended(INTENT, Outcome.FAILED))

    assert tuple(ledger.entries()) == (INTENT, ended(INTENT))


def test_an_intent_is_never_written_over(opened: Callable[[], Ledger]) -> None:
    ledger = opened()
    ledger.write(INTENT)

    with pytest.raises(LedgerConflictError):
        ledger.write(replace(INTENT, sha256="00" * 32))

    assert tuple(ledger.entries()) == (INTENT,)


def test_of_many_that_write_at_once_none_is_lost_and_one_has_the_last_word(opened: Callable[[], Ledger]) -> None:
    together = Barrier(8)
    intents = [later(INTENT, number, id=f"w-{number}") for number in range(8)]
    ledger = opened()

    def write(number: int) -> str:
        together.wait(30)
        ledger.write(intents[number])
        try:
            ledger.write(ended(INTENT, Outcome.DONE if number % 2 else Outcome.FAILED, id="contested"))
        except LedgerConflictError:
            return "refused"
        return "written"

    with ThreadPoolExecutor(8) as pool:
        said = sorted(pool.map(write, range(8)))

    assert said == ["refused"] * 4 + ["written"] * 4
    assert {entry for entry in ledger.entries() if entry.id != "contested"} == set(intents)
    assert len([entry for entry in ledger.entries() if entry.id == "contested"]) == 1


def test_odd_texts_come_back_as_they_can_be_kept(opened: Callable[[], Ledger]) -> None:
    odd = replace(INTENT, detail="\ud800 \0 é \n'); DROP TABLE entry; --", name="пример")

    opened().write(odd)

    assert tuple(opened().entries()) == (replace(odd, detail=odd.detail.replace("\ud800", "\\ud800")),)


def test_no_key_and_no_password_is_kept(opened: Callable[[], Ledger]) -> None:
    key = make_chain().key_pem
    detail = f"it said {key.decode()} and password=hunter2-hunter2-hunter2"

    opened().write(replace(INTENT, detail=detail))

    (kept,) = opened().entries()
    assert traces(key, "hunter2-hunter2-hunter2").found_in(detail) != []
    assert traces(key, "hunter2-hunter2-hunter2").found_in(repr(kept)) == []
    assert kept.detail == "it said [redacted]\n and password=[redacted]"


def test_a_lock_is_held_by_one_and_says_by_whom_and_since_when(opened: Callable[[], Ledger]) -> None:
    with opened().lock("shop", WHO, 0), pytest.raises(LockedError) as raised, opened().lock("shop", "another", 0):
        pass

    assert (raised.value.who, raised.value.since) == (WHO, "2026-11-22T12:00:00Z")
    assert raised.value.message == f"shop: locked by {WHO} since 2026-11-22T12:00:00Z"


def test_a_lock_is_free_once_its_block_has_ended_or_failed(opened: Callable[[], Ledger]) -> None:
    with pytest.raises(ZeroDivisionError), opened().lock("shop", WHO, 0):
        raise ZeroDivisionError

    with opened().lock("shop", "another", 0):
        pass
    with opened().lock("shop", WHO, 0):
        pass


def test_locks_of_other_keys_do_not_matter(opened: Callable[[], Ledger]) -> None:
    with opened().lock("shop", WHO, 0), opened().lock("blog", "another", 0):
        pass


def test_a_lock_is_waited_for(opened: Callable[[], Ledger], clock: SettableClock) -> None:
    start = clock()

    with opened().lock("shop", WHO, 0), pytest.raises(LockedError), opened().lock("shop", "another", 20):
        pass

    assert clock() - start == timedelta(seconds=20)


def test_of_many_that_want_a_lock_one_gets_it(opened: Callable[[], Ledger]) -> None:
    together = Barrier(8)
    ledger = opened()

    def take(number: int) -> bool:
        together.wait(30)
        try:
            with ledger.lock("shop", str(number), 0):
                together.wait(30)
        except LockedError:
            together.wait(30)
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(take, range(8)))

    assert sum(got) == 1


def test_the_ledger_that_is_none_takes_all_and_keeps_nothing() -> None:
    ledger: Ledger = NullLedger()

    ledger.write(INTENT)
    with ledger.lock("shop", WHO, 0), ledger.lock("shop", WHO, 0):
        pass

    assert (tuple(ledger.entries()), ledger.open_intents(INTENT.account, HOME)) == ((), ())
