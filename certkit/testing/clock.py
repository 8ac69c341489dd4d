"""The time as the strict ACM sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta


def utc_now() -> datetime:
    """The real time, in UTC."""
    return datetime.now(UTC)


class SettableClock:
    """A time that stands still until it is moved; pass it as `now`."""

    def __init__(self, start: datetime) -> None:
        self._time = start

    def __call__(self) -> datetime:
        """The time it is set to."""
        return self._time

    def advance(self, by: timedelta) -> None:
        """Moves the time on."""
        self._time += by
