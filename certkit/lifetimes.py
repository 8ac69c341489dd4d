"""Lifetimes of certificates to come: what public CAs may issue, what a user asks for, and where today's rhythm ends."""

import datetime as dt
import math
from collections.abc import Iterable
from typing import Final

from certkit import expiry
from certkit.errors import UsageError
from certkit.expiry import Threshold
from certkit.inventory import Listed
from certkit.rules.clients.validity import PUBLIC_LIFETIMES

_DAY: Final = dt.timedelta(days=1)
_LIFETIMES: Final = 20
"""The most lifetimes in one forecast: each is a row that people compare."""


def parse_lifetimes(text: str) -> tuple[dt.timedelta, ...]:
    """Reads `47d,100d,200d`: times, each once.

    Raises:
        UsageError: one is none, or there are too many.
    """
    lifetimes = tuple(dict.fromkeys(_lifetime(one) for one in text.split(",")))
    if len(lifetimes) > _LIFETIMES:
        raise UsageError(f"{len(lifetimes)} lifetimes are too many", hint=f"name at most {_LIFETIMES}")
    return lifetimes


def _lifetime(text: str) -> dt.timedelta:
    try:
        left = expiry.parse_threshold(text).left
    except UsageError as error:
        raise _no_lifetime(text) from error
    if not left:
        raise _no_lifetime(text)
    return left


def _no_lifetime(text: str) -> UsageError:
    return UsageError(f"{text.strip()!r} is no lifetime", hint="name lifetimes such as 47d,100d,200d")


def public_lifetimes(now: dt.datetime) -> tuple[dt.timedelta, ...]:
    """Returns what public CAs may issue now, and what they may later on, the longest first."""
    later = [dt.timedelta(days=days) for since, days in PUBLIC_LIFETIMES if since > now]
    return (_allowed(now), *sorted(later, reverse=True))


def check(lifetimes: Iterable[dt.timedelta], renewed_at: Threshold) -> None:
    """Checks that certificates of these lifetimes live a while before they are due.

    Raises:
        UsageError: one would be due at once.
    """
    for lifetime in lifetimes:
        if renewed_at.margin(lifetime) >= lifetime:
            raise UsageError(
                f"with {lifetime / _DAY:g} days a certificate would be due as soon as it is issued",
                hint="name less time for --renew-when, or a share such as 33%",
            )


def gap(listed: Listed, now: dt.datetime) -> dt.datetime | None:
    """Returns when a renewal in today's rhythm first comes too late: now, for one that has expired."""
    end, own = end_of(listed), own_lifetime(listed)
    shorter = [since for since, days in PUBLIC_LIFETIMES if dt.timedelta(days=days) < own]
    if end <= now or not shorter:
        return end if end <= now else None
    # Who buys 398 days renews once a year: the first certificate that is shorter ends before the next reminder.
    rounds = max(0, math.ceil((min(shorter) - end) / own))
    renewed = end + rounds * own
    allowed = _allowed(renewed)
    return renewed + allowed if allowed < dt.datetime.max.replace(tzinfo=dt.UTC) - renewed else None


def since(lifetime: dt.timedelta | None) -> dt.date | None:
    """Returns the day from which on public CAs may issue for no longer than this, None where no rule says so."""
    return next((day.date() for day, days in PUBLIC_LIFETIMES if dt.timedelta(days=days) == lifetime), None)


def end_of(listed: Listed) -> dt.datetime:
    """Returns when a certificate that was issued expires."""
    end = listed.summary.not_after
    if end is None:
        raise TypeError("a certificate that was issued has an end")
    return end


def own_lifetime(listed: Listed) -> dt.timedelta:
    """Returns its lifetime in whole days, as CAs sell it: both ends included, a fraction counts whole."""
    start = listed.summary.not_before or end_of(listed)
    return -(-(end_of(listed) - start) // _DAY) * _DAY


def _allowed(at: dt.datetime) -> dt.timedelta:
    """Returns the longest lifetime that a public CA may issue at `at`."""
    return next((dt.timedelta(days=days) for since, days in PUBLIC_LIFETIMES if at >= since), dt.timedelta.max)
