"""Times in which nothing is written to ACM: from one moment until another, or every week or day anew. No I/O."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from certkit.errors import ConfigurationError

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MARK_PATTERN: Final = rf"(({'|'.join(DAYS)}) )?([01][0-9]|2[0-3]):[0-5][0-9]"
"""A time on the clock on the wall, of one day of the week or of every day: `Fri 16:00`, `22:00`."""

_DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A time on the clock on the wall.

    Attributes:
        day: of the week, 0 for Monday, None for every day.
        minute: of the day.
    """

    day: int | None
    minute: int

    def __str__(self) -> str:
        """Returns it as it is written."""
        time = f"{self.minute // 60:02}:{self.minute % 60:02}"
        return time if self.day is None else f"{DAYS[self.day]} {time}"


Moment: TypeAlias = dt.datetime | dt.date | Mark
"""What `from` and `until` may say."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time from one moment until another, the second not included; both are aware."""

    begin: dt.datetime
    end: dt.datetime

    def covers(self, now: dt.datetime) -> bool:
        """Tells whether it is now."""
        return self.begin <= now < self.end

    def __str__(self) -> str:
        """Returns until when it is."""
        return f"{self.end.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True)
class Recurring:
    """The time between two marks, every week or every day; it may go over the end of either."""

    begin: Mark
    end: Mark
    zone: dt.tzinfo

    def covers(self, now: dt.datetime) -> bool:
        """Tells whether it is now, by the clock on the wall."""
        local = now.astimezone(self.zone)
        day = None if self.begin.day is None else local.weekday()
        at = _minutes(Mark(day, local.hour * 60 + local.minute))
        begin, end = _minutes(self.begin), _minutes(self.end)
        return begin <= at < end if begin < end else at >= begin or at < end

    def __str__(self) -> str:
        """Returns until when it is."""
        return f"{self.end} {self.zone}"


@dataclass(frozen=True, slots=True)
class Freeze:
    """A time in which nothing is written.

    Attributes:
        match: a pattern as the shell has it, for the names of certificates.
        accounts: the IDs of the accounts that it is for, all where there are none.
        break_within: what ACM holds and has no more than this left is replaced all the same; None where nothing is.
    """

    time: Span | Recurring
    reason: str
    match: str = "*"
    accounts: tuple[str, ...] = ()
    break_within: dt.timedelta | None = None

    def is_for(self, name: str, account: str | None) -> bool:
        """Tells whether it is for a certificate of that name in that account."""
        return fnmatchcase(name, self.match) and (not self.accounts or account in self.accounts)

    def holds(self, expires: dt.datetime | None, now: dt.datetime) -> bool:
        """Tells whether it holds back what replaces a certificate that expires then; None where there is none yet."""
        if not self.time.covers(now):
            return False
        return self.break_within is None or expires is None or expires - now > self.break_within

    def __str__(self) -> str:
        """Returns why nothing is written."""
        return f"frozen until {self.time}: {self.reason}"


def freeze_on(
    freezes: Iterable[Freeze], name: str, account: str | None, expires: dt.datetime | None, now: dt.datetime
) -> Freeze | None:
    """Returns the first freeze that holds back a write now, None where none does.

    Args:
        expires: when what ACM holds there does, None where it holds nothing.
    """
    return next((one for one in freezes if one.is_for(name, account) and one.holds(expires, now)), None)


def parse_mark(text: str) -> Mark:
    """Reads `Fri 16:00`, or `22:00` for every day.

    Raises:
        ConfigurationError: it is neither.
    """
    match = re.fullmatch(MARK_PATTERN, text)
    if not match:
        raise ConfigurationError(
            f"{text!r} is no time",
            hint='a time such as 2026-12-18T18:00:00+01:00 without quotes, "Fri 16:00" or "22:00"',
        )
    hours, minutes = text[-5:].split(":")
    return Mark(DAYS.index(match[2]) if match[2] else None, int(hours) * 60 + int(minutes))


def parse_zone(name: str) -> dt.tzinfo:
    """Returns the time zone of that name, as the IANA has it: https://www.iana.org/time-zones.

    Raises:
        ConfigurationError: this machine knows none of that name.
    """
    if name == "UTC":
        return dt.UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"{name!r} is no time zone that this machine knows",
            hint="such as Europe/Berlin or UTC; on Windows pip install tzdata brings them",
        ) from error


def time_between(begin: Moment, end: Moment, zone: dt.tzinfo) -> Span | Recurring:
    """Returns the time between two moments; a day counts from its beginning, as `end` to its end.

    Args:
        zone: that of what names none.

    Raises:
        ConfigurationError: they do not go together, or the end does not come after the beginning.
    """
    if isinstance(begin, Mark) and isinstance(end, Mark):
        if begin == end or (begin.day is None) != (end.day is None):
            raise ConfigurationError("from and until are not two times of a week, or of a day")
        return Recurring(begin, end, zone)
    if isinstance(begin, Mark) or isinstance(end, Mark):
        raise ConfigurationError("one of from and until comes once, the other every week or day")
    span = Span(_aware(begin, zone), _aware(end, zone, whole_days=1))
    if span.begin >= span.end:
        raise ConfigurationError("until is not after from")
    return span


def _aware(moment: dt.datetime | dt.date, zone: dt.tzinfo, whole_days: int = 0) -> dt.datetime:
    if isinstance(moment, dt.datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return dt.datetime.combine(moment, dt.time(), zone) + dt.timedelta(days=whole_days)


def _minutes(mark: Mark) -> int:
    return (mark.day or 0) * _DAY_MINUTES + mark.minute
