"""What `certkit prune` shows."""

from collections.abc import Sequence

from certkit.inventory import Inventory, State
from certkit.prune import Reason
from certkit.remove import Fate, Removal
from certkit.report import certificate as certificates
from certkit.report import failure, one_line
from certkit.report.table import lines

_HEAD = ("", "NAME", "DOMAIN", "WHY", "ACCOUNT", "REGION", "ARN")


def document(inventory: Inventory, removals: Sequence[Removal]) -> dict[str, object]:
    """Returns the document `certkit.prune/1`."""
    coverage = [{"account": one.account, "region": one.region, "state": one.state.value} for one in inventory.coverage]
    return {
        "schema": "certkit.prune/1",
        "at": certificates.time_text(inventory.at),
        "coverage": coverage,
        "results": [item(removal) for removal in removals],
    }


def item(removal: Removal) -> dict[str, object]:
    """Returns one certificate as it stands in the document."""
    listed, successor = removal.candidate.listed, removal.candidate.successor
    summary = listed.summary
    return {
        "arn": summary.arn,
        "account": listed.account,
        "region": listed.region,
        "name": listed.name,
        "domain": summary.domain,
        "not_after": certificates.time_text(summary.not_after) if summary.not_after else None,
        "imported_at": certificates.time_text(summary.imported_at) if summary.imported_at else None,
        "reason": removal.candidate.reason.value,
        "superseded_by": successor.summary.arn if successor else None,
        "action": removal.fate.value,
        "note": removal.note,
        "error": failure.detail(removal.error) if removal.error else None,
    }


def text(inventory: Inventory, removals: Sequence[Removal]) -> str:
    """Returns what a person reads: a table, and below a line why something stayed."""
    seen = sum(one.state is State.SEEN for one in inventory.coverage)
    unseen = len(inventory.coverage) - seen
    head = f"{len(removals)} of {len(inventory.certificates)} certificates can go"
    if any(removal.fate is not Fate.PLANNED for removal in removals):
        gone = sum(removal.fate is Fate.DELETED for removal in removals)
        head = f"{gone} of {len(removals)} certificates deleted"
    head += f"; {unseen} region{'s' * (unseen != 1)} not seen" if unseen else ""
    if not removals:
        return head
    title, *rows = lines([_HEAD, *map(_row, removals)])
    pairs = zip(rows, map(_remark, removals), strict=True)
    return "\n".join([head, title, *(f"{row}\n  {one_line(remark)}" if remark else row for row, remark in pairs)])


def _row(removal: Removal) -> tuple[str, ...]:
    listed = removal.candidate.listed
    return (
        removal.fate.value,
        one_line(listed.name or "-"),
        one_line(listed.summary.domain or "-"),
        _why(removal),
        listed.account or "-",
        listed.region or "-",
        one_line(listed.summary.arn),
    )


def _why(removal: Removal) -> str:
    ends = removal.candidate.listed.summary.not_after
    if removal.candidate.reason is Reason.EXPIRED and ends:
        return f"expired {ends:%Y-%m-%d}"
    successor = removal.candidate.successor
    word = "copy of" if removal.candidate.reason is Reason.COPY else "superseded by"
    return f"{word} {successor.place.rpartition('/')[2] if successor else '?'}"


def _remark(removal: Removal) -> str | None:
    return removal.error.message if removal.error else removal.note
