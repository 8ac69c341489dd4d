"""What `certkit forecast` shows."""

import datetime as dt
from collections.abc import Iterator

from certkit import expiry, limits
from certkit.forecast import Forecast, Manual, Outlook
from certkit.inventory import Inventory, State
from certkit.report import certificate as certificates
from certkit.report import count, outlook, table


def document(forecast: Forecast, inventory: Inventory, quota: int) -> dict[str, object]:
    """Returns the document `certkit.forecast/1`; `quota` is how many imports a year there may be."""
    return {
        "schema": "certkit.forecast/1",
        "at": certificates.time_text(forecast.at),
        "coverage": [
            {"account": one.account, "region": one.region, "state": str(one.state)} for one in inventory.coverage
        ],
        "certificates": forecast.certificates,
        "renewed_by_acm": forecast.by_acm,
        "forgotten": forecast.forgotten,
        "lifetimes": [_outlook(one, quota) for one in forecast.outlooks],
        "manual": [_manual(one, forecast.at) for one in forecast.manual],
    }


def _outlook(one: Outlook, quota: int) -> dict[str, object]:
    return {
        "lifetime_seconds": _seconds(one.lifetime),
        "since": one.since.isoformat() if one.since else None,
        "renewed_every_seconds": _seconds(one.renewed_every),
        "first_event_seconds": _seconds(one.first_event),
        "imports_a_year": one.imports_a_year,
        "by_hand_a_year": one.by_hand_a_year,
        "events_a_day": round(one.events_a_day, 1),
        "regions": [
            {
                "account": need.account,
                "region": need.region,
                "held": need.held,
                "held_quota": limits.MAX_IMPORTED,
                "imports_a_year": need.imports_a_year,
                "imports_quota": quota,
                "events_a_day": round(need.events_a_day, 1),
            }
            for need in one.needs
        ],
    }


def _seconds(time: dt.timedelta | None) -> int | None:
    return None if time is None else int(time.total_seconds())


def _manual(one: Manual, now: dt.datetime) -> dict[str, object]:
    listed, summary = one.listed, one.listed.summary
    return {
        "arn": summary.arn,
        "account": listed.account,
        "region": listed.region,
        "name": listed.name,
        "owner": listed.owner,
        "domain": summary.domain,
        "not_after": certificates.time_text(summary.not_after) if summary.not_after else None,
        "days_left": expiry.days_left(summary.not_after, now) if summary.not_after else None,
        "in_use": summary.in_use,
        "gap": certificates.time_text(one.gap) if one.gap else None,
    }


def text(forecast: Forecast, inventory: Inventory, quota: int) -> str:
    """Returns what a person reads: what was seen, a row for each lifetime, what bursts, and what breaks first."""
    parts = (
        _head(forecast, inventory),
        table.lines([outlook.HEAD, *outlook.rows(forecast, quota)]),
        outlook.quota_lines(forecast, quota),
        _manual_lines(forecast),
    )
    return "\n\n".join(filter(None, ("\n".join(part) for part in parts)))


def _head(forecast: Forecast, inventory: Inventory) -> Iterator[str]:
    seen = [one for one in inventory.coverage if one.state is State.SEEN]
    line = f"{count(forecast.certificates, 'certificate')} to renew in {count(len(seen), 'region')}"
    hidden = len(inventory.coverage) - len(seen)
    yield line + (f"; {count(hidden, 'region')} not seen" if hidden else "")
    if forecast.by_acm or forecast.forgotten:
        yield f"not counted: {forecast.by_acm:,} renewed by ACM, {forecast.forgotten:,} expired and unused"


def _manual_lines(forecast: Forecast) -> Iterator[str]:
    if not forecast.manual:
        yield "nothing is renewed by hand"
        return
    yield f"{count(len(forecast.manual), 'certificate')} that nothing renews, the first to break first"
    yield from table.lines([outlook.MANUAL_HEAD, *(outlook.manual_row(one, forecast.at) for one in forecast.manual)])
