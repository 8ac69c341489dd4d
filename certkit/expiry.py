"""Lifetimes: how much of one is left, and when that is too little."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from certkit.errors import UsageError

_SHORT: Final = dt.timedelta(days=10)
"""Below this lifetime half of it is the threshold, as certbot and Let's Encrypt have it for 6-day certificates."""

_THRESHOLD: Final = re.compile(r"(\d+(?:\.\d+)?)(%|[smhdw])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_STEP_UNITS: Final = {
    "ns": dt.timedelta(microseconds=1) / 1_000,
    "us": dt.timedelta(microseconds=1),
    "µs": dt.timedelta(microseconds=1),
    "ms": dt.timedelta(milliseconds=1),
    **{unit: dt.timedelta(**{name: 1}) for unit, name in _UNITS.items()},
}
"""Go's units (https://pkg.go.dev/time#ParseDuration), and days and weeks, which it lacks."""

_STEP_TERM: Final = re.compile(r"(?<![\d.])(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|[smhdw])")
_CRITICAL_SHARE: Final = 1 / 3
"""Of the time between the threshold and the end: the last third of it is critical."""


class Urgency(StrEnum):
    """How near its end a certificate is, measured by its own lifetime: 4 days left of 6 are plenty, of 90 they are not."""

    GOOD = "good"
    EXPIRING = "expiring"
    CRITICAL = "critical"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Threshold:
    """When a certificate counts as expiring.

    Attributes:
        left: the time left from which on it does, None where a share decides.
        share: the share of its lifetime left from which on it does, 0 to 1, None where a time decides.
    """

    left: dt.timedelta | None = None
    share: float | None = None

    def is_reached(self, not_before: dt.datetime, not_after: dt.datetime, now: dt.datetime) -> bool:
        """Tells whether at `now` no more than that is left."""
        return not_after - now <= self.margin(not_after - not_before)

    def margin(self, lifetime: dt.timedelta) -> dt.timedelta:
        """Returns the time left from which on a certificate of this lifetime counts as expiring."""
        if self.left is not None:
            return self.left
        share = self.share if self.share is not None else (1 / 2 if lifetime < _SHORT else 1 / 3)
        return lifetime * share


DEFAULT: Final = Threshold()
"""A third of the lifetime, half of it where it is under ten days."""


def parse_threshold(text: str) -> Threshold:
    """Reads `30d`, `12h`, `2w` (time left) or `33%` (share of the lifetime left).

    Raises:
        UsageError: it is neither.
    """
    match = _THRESHOLD.fullmatch(text.strip())
    if not match:
        raise UsageError(
            f"{text!r} is no threshold",
            hint="give the time left, such as 30d, or the share of the lifetime, such as 33%",
        )
    number, unit = float(match[1]), match[2]
    if unit != "%":
        return Threshold(left=_time_left(number, unit, text))
    if number > 100:  # noqa: PLR2004 -- per cent
        raise UsageError(f"{text!r} is more than a whole lifetime")
    return Threshold(share=number / 100)


def parse_time(text: str) -> dt.timedelta | None:
    """Reads a time such as `90s` or `30d`; None where it is none, or a share."""
    try:
        return parse_threshold(text).left
    except UsageError:
        return None


def _time_left(number: float, unit: str, text: str) -> dt.timedelta:
    try:
        return dt.timedelta(**{_UNITS[unit]: number})
    except OverflowError as error:
        raise UsageError(f"{text!r} is longer than any time") from error


def parse_expires_in(text: str) -> Threshold:
    """Reads what step's `--expires-in` takes: the time left, as Go writes it (`1h30m`) or in days, or the share *used* (`66%`).

    https://smallstep.com/docs/step-cli/reference/certificate/needs-renewal/: it needs renewal "when it has passed 66%".

    Raises:
        UsageError: it is neither.
    """
    if text.strip().endswith("%"):
        used = parse_threshold(text).share or 0.0
        return Threshold(share=1 - used)
    terms = _STEP_TERM.findall(text.strip())
    if not terms or "".join(number + unit for number, unit in terms) != text.strip():
        raise UsageError(
            f"{text!r} is no threshold",
            hint="give the time left, such as 720h or 30d, or the share of the lifetime used, such as 66%",
        )
    try:
        return Threshold(left=sum((float(number) * _STEP_UNITS[unit] for number, unit in terms), dt.timedelta()))
    except OverflowError as error:
        raise UsageError(f"{text!r} is longer than any time") from error


def parse_checkend(seconds: int) -> Threshold:
    """Returns the threshold of openssl's `-checkend`: the certificate expires within so many seconds.

    Raises:
        UsageError: no time is as long.
    """
    try:
        return Threshold(left=dt.timedelta(seconds=seconds))
    except OverflowError as error:
        raise UsageError(f"{seconds} seconds are longer than any time") from error


def urgency(not_before: dt.datetime, not_after: dt.datetime, now: dt.datetime) -> Urgency:
    """Tells how near its end a certificate is: expiring from `DEFAULT` on, critical in the last third of what is left then."""
    left, margin = not_after - now, DEFAULT.margin(not_after - not_before)
    if left < dt.timedelta(0):
        return Urgency.EXPIRED
    if left <= margin * _CRITICAL_SHARE:
        return Urgency.CRITICAL
    return Urgency.EXPIRING if left <= margin else Urgency.GOOD


def days_left(not_after: dt.datetime, now: dt.datetime) -> int:
    """Returns the whole days left, rounded down: 0 on the last day, -1 once it has expired."""
    return (not_after - now) // dt.timedelta(days=1)


def share_left(not_before: dt.datetime, not_after: dt.datetime, now: dt.datetime) -> float:
    """Returns the share of the lifetime that is left, from 0 to 1."""
    lifetime = not_after - not_before
    return min(1.0, max(0.0, (not_after - now) / lifetime)) if lifetime else 0.0
