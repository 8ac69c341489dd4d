"""The index behind List, Search and GetResources, which may lag behind what it is about."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from certkit.testing.record import Record


@dataclass(frozen=True, slots=True)
class _Change:
    """A version, or None for a deletion, and when it shows: after this call, and from this time on."""

    arn: str
    record: Record | None
    call: int
    time: datetime


class Index:
    """What listings see of the certificates."""

    def __init__(self) -> None:
        self._visible: dict[str, Record] = {}
        self._pending: deque[_Change] = deque()

    def note(self, arn: str, record: Record | None, *, call: int, time: datetime) -> None:
        """Takes in a change that is to be seen by calls after `call`, from `time` on."""
        self._pending.append(_Change(arn, record, call, time))

    def records(self, *, call: int, now: datetime) -> dict[str, Record]:
        """The certificates as a listing sees them now, by ARN, oldest first."""
        # In the order of the changes, so that a change never overtakes an earlier one.
        while self._pending and self._pending[0].call < call and self._pending[0].time <= now:
            self._show(self._pending.popleft())
        return dict(self._visible)

    def _show(self, change: _Change) -> None:
        if change.record is None:
            self._visible.pop(change.arn, None)
        else:
            self._visible[change.arn] = change.record
