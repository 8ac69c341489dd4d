"""What came of a campaign, for people: boundaries down, faults across."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.faults.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEETING: Final = "two at once"
"""The column for two hosts that run at the same time."""

COLUMNS: Final = (*Fault, MEETING)


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one schedule.

    Attributes:
        fault: a value of `Fault`, or `MEETING`.
    """

    scenario: str
    setting: str
    step: str
    fault: str
    violations: tuple[str, ...]


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yields the lines of the table: how many schedules, or how many of them were violated."""
    rows = tuple(rows)
    played = Counter((row.scenario, row.step, row.fault) for row in rows)
    broken = Counter((row.scenario, row.step, row.fault) for row in rows if row.violations)
    places = list(dict.fromkeys((row.scenario, row.step) for row in rows))
    width = max(len(f"{scenario}: {step}") for scenario, step in places)
    for number, name in enumerate(COLUMNS, start=1):
        yield f"{number:>4}  {name}"
    yield " " * width + "".join(f"{number:>6}" for number in range(1, len(COLUMNS) + 1))
    for scenario, step in places:
        cells = [_cell(played[scenario, step, fault], broken[scenario, step, fault]) for fault in COLUMNS]
        yield f"{scenario}: {step}".ljust(width) + "".join(f"{cell:>6}" for cell in cells)
    for row in rows:
        if row.violations:
            yield f"{row.scenario}, {row.setting}, {row.step}, {row.fault}: {'; '.join(row.violations)}"
    yield f"{len(rows)} schedules, {sum(broken.values())} violations"


def _cell(played: int, broken: int) -> str:
    if broken:
        return f"{broken}!"
    return str(played) if played else "-"
