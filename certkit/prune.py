"""What in ACM can go: imported certificates that nothing uses and that have expired, or have a newer one or a copy. No I/O."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from certkit import certificate as x
from certkit import limits
from certkit.inventory import Inventory, Listed
from certkit.record import IMPORTED, CertificateRecord, Identity


class Reason(StrEnum):
    """Why a certificate can go."""

    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants to be rid of.

    Attributes:
        only: names and ARNs, all where there are none.
        older_than: since when at least it must have been there, since its latest import.
        includes_foreign: whether also what does not carry `certkit:name`.
        wanted: the names that the manifest wants to be there.
    """

    only: tuple[str, ...] = ()
    older_than: dt.timedelta = dt.timedelta(0)
    includes_foreign: bool = False
    wanted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A certificate that can go.

    Attributes:
        successor: what stands in its place, where it is superseded or a copy.
    """

    listed: Listed
    reason: Reason
    successor: Listed | None = None


def candidates(inventory: Inventory, wish: Wish) -> tuple[Candidate, ...]:
    """Returns what can go, in the order of account, region and ARN.

    A certificate that the manifest wants goes only where another one carries its name too: its ARN may be known elsewhere.
    Where the names of a region could not be read, nothing goes.
    """
    unnamed = {(one.account, one.region) for one in inventory.coverage if not one.has_names}
    regions: dict[tuple[str | None, str | None], list[Listed]] = defaultdict(list)
    for one in inventory.certificates:
        if one.source is None and (one.account, one.region) not in unnamed:
            regions[one.account, one.region].append(one)
    found = (
        each
        for held in regions.values()
        for each in _without_the_last(held, tuple(_of_region(held, wish, inventory.at)), wish)
    )
    return tuple(sorted(found, key=lambda one: (one.listed.account or "", one.listed.region or "", one.listed.place)))


def why_not(candidate: Candidate, record: CertificateRecord, successor: CertificateRecord | None) -> str | None:
    """Returns why a candidate stays after all, None where it may go: what ACM says of it right before it is deleted.

    Args:
        successor: what stands in its place now, None where it has none or that is gone.
    """
    listed = candidate.listed
    if record.in_use_by:
        return f"it is in use by {record.in_use_by[0]}"
    if record.kind != IMPORTED:
        return f"it is of type {record.kind}"
    if record.name != listed.name:
        return f"it is called {record.name!r} now, not {listed.name!r}"
    if record.leaf.not_valid_after_utc != listed.summary.not_after:
        return "it was replaced meanwhile"
    return _why_not_behind(candidate, record, successor) if candidate.successor else None


def _why_not_behind(candidate: Candidate, record: CertificateRecord, successor: CertificateRecord | None) -> str | None:
    if successor is None:
        place = candidate.successor.place if candidate.successor else ""
        return f"{place}, which stands in its place, is gone"
    if record.arn == successor.follows or successor.arn == record.follows:
        return f"{record.name} is moving to a new ARN: certkit migrate {record.name} --retire ends that"
    if candidate.reason is Reason.COPY:
        return None if successor.leaf == record.leaf else f"{successor.arn} is another certificate"
    if not _covers_all(x.sans(successor.leaf), x.sans(record.leaf)):
        return f"{successor.arn} is not for all of its names"
    if successor.leaf.not_valid_after_utc <= record.leaf.not_valid_after_utc:
        return f"{successor.arn} expires no later"
    return None


def _of_region(held: Sequence[Listed], wish: Wish, now: dt.datetime) -> Iterator[Candidate]:
    by_name: dict[str, list[Listed]] = defaultdict(list)
    for one in held:
        for name in _names(one):
            by_name[name].append(one)
    originals = _originals(held)
    for one in held:
        if not _may_go(one, wish, now):
            continue
        names = _names(one)
        successor = _successor(one, by_name[min(names)] if names else (), now)
        original = originals.get(one.summary.identity, one)
        if successor is not None:
            yield Candidate(one, Reason.SUPERSEDED, successor)
        elif one.summary.not_after and one.summary.not_after < now:
            yield Candidate(one, Reason.EXPIRED)
        elif original is not one and one.name in {None, original.name}:
            yield Candidate(one, Reason.COPY, original)


def _without_the_last(held: Sequence[Listed], found: Sequence[Candidate], wish: Wish) -> Iterator[Candidate]:
    """Yields what was found, but keeps the last certificate of each name that the manifest wants: the one with the latest end."""
    staying = Counter(one.name for one in held) - Counter(each.listed.name for each in found)
    last: dict[str | None, Candidate] = {}
    for each in sorted(found, key=lambda each: (_ends(each.listed), each.listed.place)):
        last[each.listed.name] = each
    for each in found:
        is_wanted = each.listed.name in wish.wanted and staying[each.listed.name] == 0
        if not is_wanted or last[each.listed.name] is not each:
            yield each


def _ends(one: Listed) -> float:
    return one.summary.not_after.timestamp() if one.summary.not_after else 0.0


def _may_go(one: Listed, wish: Wish, now: dt.datetime) -> bool:
    summary = one.summary
    if summary.kind != IMPORTED or summary.in_use or (one.name is None and not wish.includes_foreign):
        return False
    if wish.only and one.name not in wish.only and summary.arn not in wish.only:
        return False
    return summary.imported_at is not None and now - summary.imported_at >= wish.older_than


def _successor(one: Listed, rivals: Iterable[Listed], now: dt.datetime) -> Listed | None:
    """Returns the certificate that is for all names of `one`, valid now and longer, later imported, of the same kind of key."""
    ends, imported_at = one.summary.not_after, one.summary.imported_at
    # One with as many names as a listing has may be for more, which are not seen.
    if ends is None or imported_at is None or len(one.summary.sans) >= limits.LISTED_NAMES:
        return None
    better = [
        other
        for other in rivals
        if other.summary.status == "ISSUED"
        and other.summary.not_after
        and other.summary.not_after > max(ends, now)
        and (other.summary.imported_at is None or other.summary.imported_at > imported_at)
        and other.summary.key_algorithm == one.summary.key_algorithm
        and _covers_all(other.summary.sans, one.summary.sans)
    ]
    return max(better, key=lambda other: (other.summary.in_use, other.summary.not_after, other.place), default=None)


def _originals(held: Iterable[Listed]) -> dict[Identity | None, Listed]:
    """Returns which one stays of each certificate that is there more than once: in use, with a name, imported first."""
    groups: dict[Identity | None, list[Listed]] = defaultdict(list)
    for one in held:
        if one.summary.identity and one.summary.imported_at:
            groups[one.summary.identity].append(one)
    return {identity: min(group, key=_worth) for identity, group in groups.items() if len(group) > 1}


def _worth(one: Listed) -> tuple[bool, bool, float, str]:
    imported_at = one.summary.imported_at
    return (not one.summary.in_use, one.name is None, imported_at.timestamp() if imported_at else 0.0, one.place)


def _names(one: Listed) -> frozenset[str]:
    return frozenset(name.lower() for name in one.summary.sans)


def _covers_all(theirs: Iterable[str], ours: Iterable[str]) -> bool:
    own = {name.lower() for name in ours}
    return bool(own) and own <= {name.lower() for name in theirs}
