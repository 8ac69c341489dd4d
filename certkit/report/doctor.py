"""What `certkit doctor` shows."""

import datetime as dt
from collections.abc import Iterator, Sequence

from certkit.doctor import Check
from certkit.report import certificate as certificates
from certkit.report import one_line


def document(checks: Sequence[Check], now: dt.datetime) -> dict[str, object]:
    """Returns the document `certkit.doctor/1`."""
    rows = [
        {"check": check.about, "state": check.state.value, "message": check.message, "hint": check.hint}
        for check in checks
    ]
    return {"schema": "certkit.doctor/1", "at": certificates.time_text(now), "checks": rows}


def text(checks: Sequence[Check]) -> str:
    """Returns what a person reads: a line for each check, and below it what to do."""
    width = max(len(check.about) for check in checks)
    return "\n".join(line for check in checks for line in _lines(check, width))


def _lines(check: Check, width: int) -> Iterator[str]:
    yield f"{check.state.value:<7}  {check.about:<{width}}  {one_line(check.message)}"
    if check.hint:
        yield f"{'':<7}  {'':<{width}}  hint: {one_line(check.hint)}"
