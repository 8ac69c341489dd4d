"""Each stage of each certificate is told once on each channel, whichever machine the next run is on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from certkit.aws.sessions import Session
from certkit.aws.table import TableLedger
from certkit.errors import LockedError
from certkit.ledger.sqlite import SqliteLedger
from certkit.ledger.writes import newest_first
from certkit.notify import Notice, Register, due
from certkit.tags import check_name
from tests.aws.scene import HOME
from tests.estate.rows import inventory, row
from tests.ledger.scene import INTENT, TABLE, make_table, notices, waiting_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.ledger import Ledger
    from certkit.testing import SettableClock, StrictAcm

pytest_plugins = ["tests.aws.fixtures"]
WHO = "arn:aws:iam::123456789012:user/anna"


@pytest.fixture(params=["sqlite", "dynamodb"])
def ledger(
    request: pytest.FixtureRequest, tmp_path: Path, server: StrictAcm, clock: SettableClock
) -> Callable[[], Ledger]:
    """A ledger of either kind, opened again by each run."""
    if request.param == "sqlite":
        return lambda: SqliteLedger(tmp_path / "ledger.sqlite3", clock, waiting_by(clock))
    make_table(server.url)
    return lambda: TableLedger(Session().dynamodb(HOME), TABLE, clock, notices().tell, waiting_by(clock))


@pytest.fixture
def register(ledger: Callable[[], Ledger], clock: SettableClock) -> Callable[[], Register]:
    """What the next run has of what was told."""
    return lambda: Register(ledger(), "r-1", WHO, clock)


def notice(left: float = 20, number: int = 1, **more: Any) -> Notice:
    """What there is to tell of a certificate with so many days left."""
    (found,) = due(inventory(row(number, left=left, in_use=True, **more)), {})
    return found


def test_what_was_told_is_not_told_again_by_the_next_run(register: Callable[[], Register]) -> None:
    first, second = notice(), notice(number=2)
    register().note("sns", [first])

    assert register().new("sns", [first, second]) == (second,)


def test_another_channel_a_further_stage_and_a_renewed_certificate_are_new(register: Callable[[], Register]) -> None:
    told = notice()
    register().note("sns", [told])
    later, renewed = replace(told, stage="left 1"), notice(left=21)

    assert register().new("webhook", [told]) == (told,)
    assert register().new("sns", [told, later, renewed]) == (later, renewed)


def test_the_same_notice_may_be_noted_twice(register: Callable[[], Register], clock: SettableClock) -> None:
    register().note("sns", [notice()])
    clock.advance(timedelta(hours=1))

    register().note("sns", [notice()])

    assert register().new("sns", [notice()]) == ()


def test_two_runs_take_turns(register: Callable[[], Register]) -> None:
    with register().locked(0), pytest.raises(LockedError), register().locked(0):
        pass


def test_the_ledger_says_what_was_told_and_settles_nothing_else(
    register: Callable[[], Register], ledger: Callable[[], Ledger]
) -> None:
    ledger().write(INTENT)
    register().note("webhook of web", [notice()])

    (entry,) = ledger().entries("* told *")
    assert (entry.action, entry.arn, entry.detail, entry.caller) == (
        "tell",
        notice().listed.place,
        "webhook of web: left 0",
        WHO,
    )
    assert ledger().open_intents(INTENT.account, INTENT.region) == (INTENT,)
    assert len(newest_first(ledger().entries())) == 2


def test_no_certificate_can_be_called_what_the_entries_stand_under() -> None:
    with pytest.raises(Exception, match=r"\*"):
        check_name("* told *")


def test_a_certificate_outside_acm_is_told_once_too(register: Callable[[], Register]) -> None:
    outside = notice(source="https://shop.example.com", account=None, region=None, arn="")
    register().note("sns", [outside])

    assert register().new("sns", [outside]) == ()
