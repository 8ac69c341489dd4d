"""A part of the fault campaign, and proof that the campaign can fail; all of it is `make faults`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

import pytest

from tests.faults.campaign import SETTINGS, meetings, schedules, staged
from tests.faults.fault import Fault
from tests.faults.naive import impatient, naive
from tests.faults.scenario import scenarios
from tests.faults.table import MEETING, Row, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.campaign import Schedule, Stage

WRITES: Final = {"ImportCertificate", "AddTagsToCertificate", "DeleteCertificate"}
NEW: Final = scenarios()[0]
DUPLICATING: Final = {Fault.LOST, Fault.ERROR_AFTER, Fault.KILL_AFTER}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Where certkit plays."""
    with staged() as stage:
        yield stage


def at_writes(stage: Stage) -> list[Schedule]:
    """Every fault at every write to ACM or the ledger, without a lag."""
    planned = schedules(stage, scenarios())
    return [
        schedule
        for schedule in planned
        if (schedule.step in WRITES or schedule.step.startswith("ledger")) and not schedule.setting.lag
    ]


def test_no_fault_at_any_write_leaves_anything_behind(stage: Stage) -> None:
    planned = at_writes(stage)[::20]

    outcomes = [stage.play(schedule) for schedule in planned]

    assert len(outcomes) > 15
    assert [outcome for outcome in outcomes if outcome.violations] == []


def test_an_index_that_lags_leaves_nothing_behind(stage: Stage) -> None:
    lagging = [one for one in schedules(stage, [NEW]) if one.setting.lag and one.step == "ImportCertificate"][::5]

    outcomes = [stage.play(schedule) for schedule in lagging]

    assert [outcome for outcome in outcomes if outcome.violations] == []


def test_two_hosts_at_once_end_with_one(stage: Stage) -> None:
    met = list(meetings(stage, [NEW]))[::36]

    outcomes = [stage.take_turns(*meeting) for meeting in met]

    assert len(outcomes) > 5
    assert [outcome for outcome in outcomes if outcome.violations] == []


@pytest.mark.slow
def test_the_same_schedule_comes_to_the_same_end(stage: Stage) -> None:
    schedule = next(one for one in at_writes(stage) if one.fault is Fault.LOST)

    assert stage.play(schedule) == stage.play(schedule)
    assert stage.boundaries(NEW, SETTINGS[0]) == stage.boundaries(NEW, SETTINGS[0])


def test_the_campaign_has_more_than_five_hundred_schedules(stage: Stage) -> None:
    assert len(list(islice(schedules(stage, scenarios()), 501))) > 500


def test_a_client_that_believes_its_answers_is_found_out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it not, the campaign would say nothing about certkit either."""
    monkeypatch.setattr(stage, "client", naive)

    planned = [one for one in schedules(stage, [NEW]) if one.step == "ImportCertificate" and one.setting.lag]
    outcomes = {one.fault: stage.play(one).violations for one in planned if one.fault in DUPLICATING}
    met = [stage.take_turns(*meeting).violations for meeting in islice(meetings(stage, [NEW]), 2)]

    assert set(outcomes) == DUPLICATING
    assert all("certificates of one name" in " ".join(found) for found in outcomes.values())
    assert all("2 at once" in found for found in met)


def test_certkit_without_its_patience_is_found_out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "client", impatient)

    planned = [one for one in schedules(stage, [NEW]) if one.step == "ImportCertificate" and one.setting.lag]
    outcomes = [stage.play(one).violations for one in planned if one.fault in {Fault.LOST, Fault.LATE}]
    lagging = [meeting for meeting in meetings(stage, [NEW]) if meeting[1].lag]
    met = [stage.take_turns(*meeting).violations for meeting in lagging[:40:10]]

    assert len(outcomes) == 4
    assert any("certificates of one name" in " ".join(found) for found in outcomes)
    assert any("2 at once" in found for found in met)


def test_the_table_counts_schedules_and_shows_violations() -> None:
    rows = [
        Row("new", "lag 0 s", "ImportCertificate", "hang", ()),
        Row("new", "lag 0 s", "ImportCertificate", "hang", ("another leaf",)),
        Row("new", "lag 0 s", "GetResources", MEETING, ()),
    ]

    lines = list(table(rows))

    assert lines[-1] == "3 schedules, 1 violations"
    assert lines[-2] == "new, lag 0 s, ImportCertificate, hang: another leaf"
    assert lines[-4].split()[:4] == ["new:", "ImportCertificate", "-", "-"]
    assert "1!" in lines[-4]
