"""A mark, and what was measured of it: each benchmark shows its own, and ends with how many were met.

A mark that was missed is a fact and no failure, since a slow machine misses some: the exit code tells whether all was measured.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark with what was measured."""

    what: str
    measured: float
    limit: float
    unit: str
    is_floor: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the measurement is on the right side of the limit."""
        return self.measured >= self.limit if self.is_floor else self.measured <= self.limit

    def __str__(self) -> str:
        """The line that is printed."""
        bound = "at least" if self.is_floor else "at most"
        verdict = "met" if self.is_met else "MISSED"
        return f"{verdict:<6}  {self.what}: {self.measured:.1f} {self.unit} ({bound} {self.limit:g})"


def show(marks: Iterable[Mark]) -> None:
    """Prints each mark once it is measured, and at the end how many were met."""
    met = count = 0
    for mark in marks:
        print(mark, flush=True)
        met, count = met + mark.is_met, count + 1
    print(f"{met} of {count} marks were met")
