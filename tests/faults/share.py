"""One processor's share of the campaign."""

from __future__ import annotations

from tests.faults.campaign import meetings, schedules, staged
from tests.faults.host import certkit
from tests.faults.naive import naive
from tests.faults.scenario import scenarios
from tests.faults.table import MEETING, Row


def play(worker: int, workers: int, is_naive: bool) -> list[tuple[int, Row]]:
    """Plays every so manyth schedule, and then of the meetings likewise."""
    rows = []
    with staged(naive if is_naive else certkit) as stage:
        planned = list(schedules(stage, scenarios()))
        met = list(meetings(stage, [scenario for scenario in scenarios() if scenario.meets]))
        for number, schedule in enumerate(planned):
            if number % workers == worker:
                found = stage.play(schedule).violations
                place = (schedule.scenario.name, str(schedule.setting), schedule.step, str(schedule.fault))
                rows.append((number, Row(*place, found)))
        for number, (scenario, setting, first, second) in enumerate(met, start=len(planned)):
            if number % workers == worker:
                found = stage.take_turns(scenario, setting, first, second).violations
                rows.append((number, Row(scenario.name, str(setting), "anywhere", MEETING, found)))
    return rows
