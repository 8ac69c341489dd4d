"""What people read of `certkit status`."""

from collections.abc import Iterator, Sequence

from certkit.changes import Change, Changes, Kind, place
from certkit.incident import Hit
from certkit.inventory import Coverage, Inventory, State, places_text
from certkit.report import count, findings, one_line
from certkit.report import usage as usages
from certkit.report.status import FEW, Status, head
from certkit.report.status_table import Look, lines


def text(status: Status, look: Look) -> str:
    """Returns what a person reads: what was seen, what changed, then a table, soonest expiry first."""
    found = [head(status), *_unseen(status.inventory)]
    if status.changes is not None:
        found += _changes_text(status.changes)
    if status.hits is not None:
        found += _hits_text(status.hits)
    if status.findings is not None:
        found += findings.lines(status.findings)
    if status.usage is not None:
        used = list(usages.lines(status.usage, status.certificates))
        found += ["what uses them", *usages.unasked(status.usage), *(used or ["  nothing that was asked"])]
    found += lines(status.certificates, status.inventory.at, status.threshold, look)
    return "\n".join(found)


def _unseen(inventory: Inventory) -> Iterator[str]:
    """Yields a line for the regions that the organization closed, and one for each other state, account by account."""
    names_account = len({one.account for one in inventory.coverage if one.source is None}) > 1
    groups: dict[tuple[str, str | None], list[Coverage]] = {}
    for one in inventory.coverage:
        if one.state is not State.SEEN:
            label = "closed by policy" if one.is_closed_by_policy else str(one.state)
            groups.setdefault((label, None if one.is_closed_by_policy else one.account), []).append(one)
    for (label, _), places in groups.items():
        sources = [one for one in places if one.source is not None]
        regions = [one for one in places if one.source is None]
        if regions:
            yield one_line(f"  {label}: {places_text(regions, names_account=names_account)}")
        if sources:
            named = ", ".join(one.source or "" for one in sources)
            yield one_line(f"  {label}: {named if len(sources) <= FEW else count(len(sources), 'source')}")


def _changes_text(changes: Changes) -> Iterator[str]:
    numbers = {kind: sum(one.kind is kind for one in changes.changes) for kind in Kind}
    said = ", ".join(f"{number:,} {kind}" for kind, number in numbers.items() if number)
    more = f"; {count(changes.left_out, 'place')} only one of the two saw" if changes.left_out else ""
    yield one_line(f"since {changes.since}: {said or 'no change'}{more}")
    for one in changes.changes:
        yield one_line(f"  {one.kind:<8} {one.row.get('domain') or '-'}  {place(one.row)}{_differences(one)}")


def _differences(change: Change) -> str:
    said = (f"{name}: {was} -> {change.row.get(name)}" for name, was in change.before.items())
    return "".join(f"  {difference}" for difference in said)


def _hits_text(hits: Sequence[Hit]) -> Iterator[str]:
    """Yields how many are left, and for each where it is, whose, and what uses it."""
    used = sum(hit.listed.summary.in_use for hit in hits)
    accounts = len({hit.listed.account for hit in hits if hit.listed.account})
    yield f"{count(len(hits), 'certificate')} left, {used:,} in use, in {count(accounts, 'account')}"
    for hit in hits:
        yield one_line(f"  {hit.listed.place}  owner: {hit.listed.owner or '-'}")
        yield from (one_line(f"    used by {arn}") for arn in hit.in_use_by)
