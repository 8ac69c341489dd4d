"""What `certkit history` shows."""

from collections.abc import Sequence

from certkit.ledger.writes import Write
from certkit.report import certificate as certificates
from certkit.report import one_line
from certkit.report.table import lines

_HEAD = ("BEGUN", "OUTCOME", "ACTION", "NAME", "ACCOUNT", "REGION", "LEAF", "COMMAND", "CALLER", "ARN")
_SHORT = 12
"""Digits of a fingerprint that tell certificates apart at a glance."""


def document(writes: Sequence[Write]) -> dict[str, object]:
    """Returns the document `certkit.history/1`."""
    return {"schema": "certkit.history/1", "writes": [item(write) for write in writes]}


def item(write: Write) -> dict[str, object]:
    """Returns one write as it stands in the document."""
    first, last = write.first, write.last
    return {
        "id": first.id,
        "at": certificates.time_text(first.at),
        "ended": certificates.time_text(last.at) if write.is_settled else None,
        "outcome": write.outcome,
        "action": first.action,
        "name": first.name,
        "account": first.account,
        "region": first.region,
        "arn": last.arn,
        "sha256": first.sha256 or None,
        "chain_sha256": first.chain_sha256,
        "previous_sha256": first.previous_sha256,
        "run": first.run,
        "caller": first.caller,
        "command": first.command,
        "request_id": last.request_id,
        "detail": last.detail,
    }


def text(writes: Sequence[Write], where: str) -> str:
    """Returns what a person reads: a table, and below a line what AWS or the user said to it.

    Args:
        where: the ledger is.
    """
    count, unsettled = len(writes), sum(not write.is_settled for write in writes)
    head = f"{count} write{'s' * (count != 1)} in {one_line(where)}"
    if unsettled:
        head += f"; {unsettled} not settled: open until a run at that certificate finds out what came of it"
    if not writes:
        return head
    title, *rows = lines([_HEAD, *map(_row, writes)])
    pairs = zip(rows, (write.last.detail for write in writes), strict=True)
    return "\n".join([head, title, *(f"{row}\n  {one_line(detail)}" if detail else row for row, detail in pairs)])


def _row(write: Write) -> tuple[str, ...]:
    first, last = write.first, write.last
    return (
        certificates.time_text(first.at),
        write.outcome + ("" if write.is_settled else "!"),
        one_line(first.action),
        one_line(first.name or "-"),
        one_line(first.account),
        one_line(first.region),
        _leaf(write),
        one_line(first.command),
        one_line(first.caller.rpartition(":")[2]),
        one_line(last.arn or "-"),
    )


def _leaf(write: Write) -> str:
    """Returns the beginning of the fingerprint, and of what it replaces where that is another."""
    new, old = write.first.sha256[:_SHORT], (write.first.previous_sha256 or "")[:_SHORT]
    if not old or old == new:
        return one_line(new or "-")
    return one_line(f"{old}->{new}" if new else old)
