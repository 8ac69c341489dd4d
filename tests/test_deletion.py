"""One deletion, on record: what the ledger says of it, whatever ACM answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from certkit.deletion import Deletion, delete
from certkit.errors import AwsError
from certkit.journal import Journal
from certkit.ledger import Outcome
from certkit.ledger.sqlite import SqliteLedger
from tests.aws.faults import Fault, Refusal
from tests.aws.scene import desired_of
from tests.issuing import make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.aws.acm import Acm
    from certkit.testing import SettableClock
    from tests.aws.faults import Proxy, Step

pytest_plugins = ["tests.aws.fixtures"]

SHOP = make_chain()


@pytest.fixture
def ledger(tmp_path: Path, clock: SettableClock) -> SqliteLedger:
    return SqliteLedger(tmp_path / "ledger.sqlite3", clock)


@pytest.fixture
def journal(ledger: SqliteLedger, clock: SettableClock) -> Journal:
    return Journal(ledger, "run", "arn:aws:iam::123456789012:user/ci", "prune", clock)


def test_what_was_deleted_stands_in_the_ledger_with_the_reason(
    acm: Acm, put: Callable[..., str], journal: Journal, ledger: SqliteLedger
) -> None:
    record = acm.record(put(SHOP))

    came = delete(acm, desired_of(SHOP), record, journal, "pruned: expired")

    assert came == Deletion(())
    assert acm.find(record.arn) is None
    assert [(one.outcome, one.detail) for one in ledger.entries()] == [
        (Outcome.INTENT, ""),
        (Outcome.DONE, "pruned: expired"),
    ]


def test_what_another_run_has_deleted_first_is_gone_and_no_error(
    acm: Acm, put: Callable[..., str], journal: Journal, ledger: SqliteLedger
) -> None:
    record = acm.record(put(SHOP))
    acm.delete(record.arn)

    came = delete(acm, desired_of(SHOP), record, journal)

    assert came == Deletion((), was_gone=True)
    assert [one.outcome for one in ledger.entries()] == [Outcome.INTENT, Outcome.DONE]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Refusal("ResourceInUseException", "It is in use."), Outcome.FAILED),
        (Fault.RESET_BEFORE, Outcome.UNKNOWN),
    ],
)
def test_what_was_refused_failed_and_of_what_was_not_answered_nobody_knows(
    acm: Acm,
    wire: Proxy,
    put: Callable[..., str],
    journal: Journal,
    ledger: SqliteLedger,
    fault: Step,
    outcome: Outcome,
) -> None:
    record = acm.record(put(SHOP))
    wire.always("DeleteCertificate", fault)

    came = delete(acm, desired_of(SHOP), record, journal)

    assert isinstance(came.error, AwsError)
    assert [one.outcome for one in ledger.entries()] == [Outcome.INTENT, outcome]
