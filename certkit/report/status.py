"""What `certkit status` shows."""

import datetime as dt
from collections.abc import Iterator, Sequence

from certkit import expiry
from certkit.expiry import Threshold
from certkit.inventory import Inventory, Listed, State
from certkit.report import certificate as certificates
from certkit.report import one_line


def document(inventory: Inventory, account: str, now: dt.datetime, threshold: Threshold) -> dict[str, object]:
    """Returns the document `certkit.status/1`."""
    return {
        "schema": "certkit.status/1",
        "at": certificates.time_text(now),
        "coverage": [{"account": account, "region": one.region, "state": str(one.state)} for one in inventory.coverage],
        "certificates": [item(listed, account, now, threshold) for listed in inventory.certificates],
    }


def item(listed: Listed, account: str, now: dt.datetime, threshold: Threshold) -> dict[str, object]:
    """Returns one certificate as it stands in the document."""
    summary = listed.summary
    return {
        "arn": summary.arn,
        "account": account,
        "region": listed.region,
        "name": listed.name,
        "domain": summary.domain,
        "sans": list(summary.sans),
        "type": summary.kind,
        "status": summary.status,
        "key_algorithm": summary.key_algorithm,
        "not_before": certificates.time_text(summary.not_before) if summary.not_before else None,
        "not_after": certificates.time_text(summary.not_after) if summary.not_after else None,
        "days_left": expiry.days_left(summary.not_after, now) if summary.not_after else None,
        "life_left_percent": _percent(listed, now),
        "in_use": summary.in_use,
        "expiring": is_expiring(listed, now, threshold),
        "managed": listed.name is not None,
    }


def is_expiring(listed: Listed, now: dt.datetime, threshold: Threshold) -> bool:
    """Tells whether a certificate has no more left than the threshold; one that was never issued has not."""
    summary = listed.summary
    if summary.not_before is None or summary.not_after is None:
        return False
    return threshold.is_reached(summary.not_before, summary.not_after, now)


def text(inventory: Inventory, now: dt.datetime, threshold: Threshold) -> str:
    """Returns what a person reads: what was seen, then a table, soonest expiry first."""
    seen = [one.region for one in inventory.coverage if one.state is State.SEEN]
    count = len(inventory.certificates)
    head = f"{count} certificate{'s' * (count != 1)} in {_regions(seen)}"
    hidden = len(inventory.coverage) - len(seen)
    if hidden:
        head += f"; {hidden} region{'s' * (hidden != 1)} not seen"
    rows = [_row(listed, now, threshold) for listed in inventory.certificates]
    return "\n".join([head, *(_table([_HEAD, *rows]) if rows else ())])


_HEAD = ("DAYS", "LEFT", "NAME", "DOMAIN", "KEY", "TYPE", "STATUS", "USED", "REGION", "ARN")


def _row(listed: Listed, now: dt.datetime, threshold: Threshold) -> tuple[str, ...]:
    summary = listed.summary
    days = str(expiry.days_left(summary.not_after, now)) if summary.not_after else "-"
    percent = _percent(listed, now)
    return (
        days + ("!" if is_expiring(listed, now, threshold) else ""),
        "-" if percent is None else f"{percent} %",
        one_line(listed.name or "-"),
        one_line(summary.domain or "-"),
        one_line(summary.key_algorithm),
        one_line(summary.kind),
        one_line(summary.status),
        "yes" if summary.in_use else "no",
        listed.region,
        summary.arn,
    )


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _percent(listed: Listed, now: dt.datetime) -> int | None:
    summary = listed.summary
    if summary.not_before is None or summary.not_after is None:
        return None
    return int(100 * expiry.share_left(summary.not_before, summary.not_after, now))


def _regions(seen: Sequence[str]) -> str:
    if not seen:
        return "no region"
    return ", ".join(seen) if len(seen) <= 3 else f"{len(seen)} regions"  # noqa: PLR2004 -- as many as fit a line
