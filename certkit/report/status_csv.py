"""What `certkit status --format csv` writes: RFC 4180, and nothing in it that a spreadsheet would carry out."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from typing import Final

from certkit.expiry import Threshold
from certkit.inventory import Coverage, Listed
from certkit.report import one_line
from certkit.report.status import Status, item

_HEAD: Final = (
    "record",
    "state",
    "account",
    "region",
    "source",
    "arn",
    "name",
    "owner",
    "domain",
    "sans",
    "type",
    "status",
    "key_algorithm",
    "not_before",
    "not_after",
    "days_left",
    "life_left_percent",
    "in_use",
    "expiring",
    "managed",
)
"""The first column tells the rows apart: `coverage` first, each with its state, then `certificate`."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection."""


def text(status: Status) -> str:
    """Returns all of it, lines ended as RFC 4180 (section 2) has it, the last one too."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(_HEAD)
    writer.writerows(_coverage(one) for one in status.inventory.coverage)
    now = status.inventory.at
    writer.writerows(_certificate(one, now, status.threshold) for one in status.certificates)
    return written.getvalue()


def _coverage(one: Coverage) -> Sequence[str]:
    cells = {
        "record": "coverage",
        "state": one.state,
        "account": one.account,
        "region": one.region,
        "source": one.source,
    }
    return [_cell(cells.get(name)) for name in _HEAD]


def _certificate(listed: Listed, now: dt.datetime, threshold: Threshold) -> Sequence[str]:
    cells = item(listed, now, threshold) | {"record": "certificate", "owner": listed.owner}
    cells["sans"] = " ".join(listed.summary.sans)
    return [_cell(cells.get(name)) for name in _HEAD]


def _cell(value: object) -> str:
    """Returns a cell; a text that would be a formula gets an apostrophe in front, which spreadsheets do not show."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    cell = one_line(str(value))
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
