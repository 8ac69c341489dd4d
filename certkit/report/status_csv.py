"""What `certkit status --format csv` writes: RFC 4180, and nothing in it that a spreadsheet would carry out."""

import csv
import io
from typing import Final

from certkit.inventory import Coverage, Listed
from certkit.report import one_line
from certkit.report.status import Status, item
from certkit.report.usage import named

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

_USED_BY: Final = "used_by"
"""One column more, with `--usage`."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection."""


def text(status: Status) -> str:
    """Returns all of it, lines ended as RFC 4180 (section 2) has it, the last one too."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    head = _HEAD if status.usage is None else (*_HEAD, _USED_BY)
    rows = [*map(_coverage, status.inventory.coverage), *(_certificate(one, status) for one in status.certificates)]
    writer.writerow(head)
    writer.writerows([_cell(row.get(name)) for name in head] for row in rows)
    return written.getvalue()


def _coverage(one: Coverage) -> dict[str, object]:
    return {
        "record": "coverage",
        "state": one.state,
        "account": one.account,
        "region": one.region,
        "source": one.source,
    }


def _certificate(listed: Listed, status: Status) -> dict[str, object]:
    cells = item(listed, status.inventory.at, status.threshold) | {"record": "certificate", "owner": listed.owner}
    cells["sans"] = " ".join(listed.summary.sans)
    if status.usage is not None:
        cells[_USED_BY] = "; ".join(map(named, status.usage.of(listed.summary.arn)))
    return cells


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
