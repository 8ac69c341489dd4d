"""The table of `certkit status`: one row for a certificate, however many places hold it, as wide as the terminal allows."""

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from certkit import expiry
from certkit.expiry import Threshold, Urgency, urgency
from certkit.inventory import Listed, is_expiring
from certkit.report import one_line
from certkit.report.status import percent_left

_HEAD: Final = ("DAYS", "LEFT", "NAME", "DOMAIN", "KEY", "TYPE", "STATUS", "USED", "ACCOUNT", "REGION", "ARN")
_DOMAIN: Final = _HEAD.index("DOMAIN")
_FIRST_TO_GO: Final = ("ARN", "TYPE", "KEY", "STATUS", "LEFT", "ACCOUNT", "NAME", "USED", "REGION")
"""What a narrow terminal leaves out, in this order; days and domain stay."""

_GAP: Final = 2
_MIN_DOMAIN: Final = 12
_COLORS: Final = {
    Urgency.GOOD: "\x1b[32m",
    Urgency.EXPIRING: "\x1b[33m",
    Urgency.CRITICAL: "\x1b[31m",
    Urgency.EXPIRED: "\x1b[1;31m",
}
"""ECMA-48 section 8.3.117; measured by the certificate's own lifetime, so that a healthy one of 6 days is green."""

_PLAIN: Final = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Look:
    """How the table is to look.

    Attributes:
        width: columns of the terminal, None where there is none: then nothing is left out.
        has_color: whether to colour what is left.
        unfolds: whether each place has a row of its own.
    """

    width: int | None = None
    has_color: bool = False
    unfolds: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[str, ...]
    urgency: Urgency | None


def lines(certificates: Sequence[Listed], now: dt.datetime, threshold: Threshold, look: Look) -> Iterator[str]:
    """Yields the lines of the table, its head first; none where there is nothing."""
    if not certificates:
        return
    groups = [[one] for one in certificates] if look.unfolds else _folded(certificates)
    rows = [_Row(_HEAD, None), *(_row(group, now, threshold) for group in groups)]
    columns = _columns(rows, look.width, shows_account=len({one.account for one in certificates}) > 1)
    widths = {column: _width(rows, column) for column in columns}
    if look.width is not None:
        spare = look.width - sum(widths.values()) - _GAP * (len(columns) - 1)
        widths[_DOMAIN] = max(_MIN_DOMAIN, widths[_DOMAIN] + min(0, spare))
    yield from (_line(row, widths, has_color=look.has_color) for row in rows)


def _folded(certificates: Iterable[Listed]) -> list[list[Listed]]:
    """Returns the certificates, those that are the same one in several places together."""
    groups: dict[Hashable, list[Listed]] = {}
    for one in certificates:
        groups.setdefault(_identity(one), []).append(one)
    return list(groups.values())


def _identity(listed: Listed) -> Hashable:
    """Returns what the same certificate has in common everywhere: issuer and serial number (RFC 5280, 4.1.2.2), else all else."""
    one = listed.summary
    if one.serial and one.issuer:
        return one.issuer, one.serial
    if one.not_after is None:
        return one.arn
    return one.domain, one.sans, one.key_algorithm, one.not_before, one.not_after


def _row(group: Sequence[Listed], now: dt.datetime, threshold: Threshold) -> _Row:
    summary = group[0].summary
    used = sum(one.summary.in_use for one in group)
    is_late = any(is_expiring(one, now, threshold) for one in group)
    cells = (
        (str(expiry.days_left(summary.not_after, now)) if summary.not_after else "-") + "!" * is_late,
        _percent(group[0], now),
        _together([one.name or "-" for one in group], "names"),
        one_line(summary.domain or "-"),
        one_line(summary.key_algorithm),
        _together([one.summary.kind for one in group], "types"),
        _together([one.summary.status for one in group], "statuses"),
        ("yes" if used else "no") if used in {0, len(group)} else f"{used} of {len(group)}",
        _together([one.account for one in group if one.account], "accounts"),
        _together([one.region for one in group if one.region], "regions"),
        one_line(group[0].place) if len(group) == 1 else f"{len(group)} places: --unfold",
    )
    return _Row(cells, _urgency(group[0], now))


def _together(values: Sequence[str], things: str) -> str:
    different = list(dict.fromkeys(values)) or ["-"]
    return one_line(different[0]) if len(different) == 1 else f"{len(different)} {things}"


def _percent(listed: Listed, now: dt.datetime) -> str:
    percent = percent_left(listed, now)
    return "-" if percent is None else f"{percent} %"


def _urgency(listed: Listed, now: dt.datetime) -> Urgency | None:
    summary = listed.summary
    if summary.not_before is None or summary.not_after is None:
        return None
    return urgency(summary.not_before, summary.not_after, now)


def _columns(rows: Sequence[_Row], width: int | None, *, shows_account: bool) -> list[int]:
    """Returns the columns that there is room for."""
    columns = [column for column, name in enumerate(_HEAD) if name != "ACCOUNT" or shows_account]
    for name in _FIRST_TO_GO:
        needed = sum(_width(rows, column) for column in columns) + _GAP * (len(columns) - 1)
        if width is None or needed <= width:
            break
        columns = [column for column in columns if _HEAD[column] != name]
    return columns


def _width(rows: Sequence[_Row], column: int) -> int:
    return max(len(row.cells[column]) for row in rows)


def _line(row: _Row, widths: dict[int, int], *, has_color: bool) -> str:
    cells = [_fitted(row.cells[column], width) for column, width in widths.items()]
    if has_color and row.urgency is not None:
        cells[0] = f"{_COLORS[row.urgency]}{cells[0]}{_PLAIN}"
    return (" " * _GAP).join(cells).rstrip()


def _fitted(cell: str, width: int) -> str:
    return cell.ljust(width) if len(cell) <= width else f"{cell[: width - 1]}…"
