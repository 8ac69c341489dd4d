"""A forecast as rows and lines, the same in text and in HTML."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from certkit import expiry, limits
from certkit.forecast import Forecast, Manual, Need, Outlook
from certkit.report import one_line

HEAD: Final = (
    "LIFETIME",
    "FROM",
    "RENEWED EVERY",
    "IMPORTS A YEAR",
    "BY HAND",
    "BUSIEST REGION",
    "EVENTS A DAY",
    "FIRST ON",
)
"""The columns of `rows`."""

MANUAL_HEAD: Final = ("DAYS", "EXPIRES", "GAP", "USED", "OWNER", "DOMAIN", "REGION", "ARN")
"""The columns of `manual_row`."""

_NAMED: Final = 10
"""Regions named for one lifetime: who has more looks at the document."""


def rows(forecast: Forecast, quota: int) -> Iterator[tuple[str, ...]]:
    """Yields a row for each lifetime; `quota` is how many imports a year there may be."""
    for outlook in forecast.outlooks:
        busiest = outlook.needs[0].imports_a_year if outlook.needs else 0
        yield (
            days_text(outlook.lifetime) if outlook.lifetime else "as now",
            outlook.since.isoformat() if outlook.since else "-",
            days_text(outlook.renewed_every) if outlook.renewed_every else "-",
            f"{outlook.imports_a_year:,}",
            f"{outlook.by_hand_a_year:,}",
            f"{busiest:,} ({100 * busiest // quota} %)" + "!" * (busiest > quota),
            f"{outlook.events_a_day:,.1f}",
            "-" if outlook.first_event is None else f"day {outlook.first_event // dt.timedelta(days=1)}",
        )


def quota_lines(forecast: Forecast, quota: int) -> Iterator[str]:
    """Yields a line for what comes near a quota or bursts it; none where all is well."""
    for outlook in forecast.outlooks:
        near = [need for need in outlook.needs if need.imports_a_year >= limits.NEARLY_USED * quota]
        yield from (f"{_imports(outlook, need)}, the quota is {quota:,}" for need in near[:_NAMED])
        if len(near) > _NAMED:
            yield f"{_label(outlook)}: {len(near) - _NAMED:,} regions more: --format json lists them"
    for need in forecast.outlooks[0].needs:
        if need.held >= limits.NEARLY_USED * limits.MAX_IMPORTED:
            yield f"{_place(need)} holds {need.held:,} imported certificates, the quota is {limits.MAX_IMPORTED:,}"


def manual_row(one: Manual, now: dt.datetime) -> tuple[str, ...]:
    """Returns the row of a certificate that nothing renews, safe to show."""
    listed, summary = one.listed, one.listed.summary
    end = summary.not_after
    return (
        str(expiry.days_left(end, now)) if end else "-",
        _day(end),
        _day(one.gap),
        "yes" if summary.in_use else "no",
        one_line(listed.owner or "-"),
        one_line(summary.domain or "-"),
        one_line(listed.region or "-"),
        one_line(summary.arn),
    )


def _day(moment: dt.datetime | None) -> str:
    return moment.date().isoformat() if moment else "-"


def _imports(outlook: Outlook, need: Need) -> str:
    return f"{_label(outlook)}: {need.imports_a_year:,} imports a year in {_place(need)}"


def _label(outlook: Outlook) -> str:
    return days_text(outlook.lifetime) if outlook.lifetime else "as now"


def _place(need: Need) -> str:
    return one_line(f"{need.region} of {need.account}")


def days_text(time: dt.timedelta) -> str:
    """Returns a time in days, to the tenth where it is not whole."""
    days = time / dt.timedelta(days=1)
    return f"{days:,.0f}d" if days.is_integer() else f"{days:,.1f}d"
