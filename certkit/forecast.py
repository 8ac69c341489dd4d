"""What an estate will take under shorter lifetimes: imports, alarms, and hands."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from certkit import expiry
from certkit.expiry import Threshold
from certkit.inventory import Inventory, Listed
from certkit.lifetimes import check, end_of, gap, own_lifetime, since
from certkit.record import IMPORTED

YEAR: Final = dt.timedelta(days=365)
"""What the quota of imports counts in: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html."""

EVENT_WINDOW: Final = dt.timedelta(days=45)
"""From this time left on EventBridge has an event a day for each imported certificate, unless the account says otherwise.

At most 45: https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html (ACM Certificate Approaching Expiration).
"""

_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Need:
    """What one account and region takes under one lifetime.

    Attributes:
        held: the imported certificates that stand there now, expired ones too: they count toward the quota.
        imports_a_year: as many as renew all of them, were reimports counted as imports; AWS does not say.
        events_a_day: what EventBridge sends, where all are renewed in time.
    """

    account: str | None
    region: str | None
    held: int
    imports_a_year: int
    events_a_day: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The estate under one lifetime.

    Attributes:
        lifetime: the most that a certificate gets; None for the lifetimes of today.
        since: from which day on public CAs may issue no longer ones, None where no rule says so.
        renewed_every: between two renewals of a certificate of this lifetime; None with the lifetimes of today.
        first_event: how old a certificate of this lifetime is at the first event; None where it is renewed before.
        by_hand_a_year: the renewals among the imports that nothing does.
        needs: the busiest first.
    """

    lifetime: dt.timedelta | None
    since: dt.date | None
    renewed_every: dt.timedelta | None
    first_event: dt.timedelta | None
    imports_a_year: int
    by_hand_a_year: int
    events_a_day: float
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """A certificate that nothing renews.

    Attributes:
        gap: when its successor first comes too late, if it is renewed by hand as often as now, for the lifetime that a
            public CA may issue by then; None where today's lifetime stays allowed.
    """

    listed: Listed
    gap: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to come.

    Attributes:
        certificates: the imported ones that somebody has to renew.
        by_acm: those that ACM renews itself.
        forgotten: the imported ones that have expired and serve nothing.
        outlooks: today's lifetimes first, then in the order in which they were asked for.
        manual: the first to break first.
    """

    at: dt.datetime
    certificates: int
    by_acm: int
    forgotten: int
    outlooks: tuple[Outlook, ...]
    manual: tuple[Manual, ...]


def foresee(
    inventory: Inventory,
    lifetimes: Sequence[dt.timedelta],
    renewed_at: Threshold = expiry.DEFAULT,
    is_renewed: Callable[[Listed], bool] | None = None,
) -> Forecast:
    """Foresees the estate under each of `lifetimes`; certificates with a shorter one keep it.

    Args:
        renewed_at: the lifetime left at which each is renewed.
        is_renewed: whether something renews a certificate; without it, whether it has certkit's name.

    Raises:
        UsageError: `renewed_at` is no shorter than one of the lifetimes.
    """
    check(lifetimes, renewed_at)
    is_automatic = is_renewed or (lambda listed: listed.name is not None)
    now = inventory.at
    in_acm = [one for one in inventory.certificates if one.source is None and one.summary.not_after is not None]
    imported = [one for one in in_acm if one.summary.kind == IMPORTED]
    living = [one for one in imported if one.summary.in_use or end_of(one) > now]
    manual = [one for one in living if not is_automatic(one)]
    estate = _Estate(imported, living, {one.place for one in manual}, renewed_at)
    return Forecast(
        at=now,
        certificates=len(living),
        by_acm=len(in_acm) - len(imported),
        forgotten=len(imported) - len(living),
        outlooks=tuple(_outlook(estate, lifetime) for lifetime in (None, *lifetimes)),
        manual=tuple(Manual(one, gap(one, now)) for one in manual),
    )


@dataclass(frozen=True, slots=True)
class _Estate:
    imported: Sequence[Listed]
    living: Sequence[Listed]
    manual: set[str]
    renewed_at: Threshold


def _outlook(estate: _Estate, lifetime: dt.timedelta | None) -> Outlook:
    needs = sorted(
        _needs(estate, lifetime), key=lambda need: (-need.imports_a_year, need.account or "", need.region or "")
    )
    by_hand = (one for one in estate.living if one.place in estate.manual)
    every = lifetime - estate.renewed_at.margin(lifetime) if lifetime else None
    age = max(dt.timedelta(), lifetime - EVENT_WINDOW) if lifetime else None
    return Outlook(
        lifetime=lifetime,
        since=since(lifetime),
        renewed_every=every,
        first_event=age if age is not None and every is not None and age < every else None,
        imports_a_year=sum(need.imports_a_year for need in needs),
        by_hand_a_year=_whole(_renewals(one, estate, lifetime) for one in by_hand),
        events_a_day=sum(need.events_a_day for need in needs),
        needs=tuple(needs),
    )


def _needs(estate: _Estate, lifetime: dt.timedelta | None) -> Iterator[Need]:
    held: dict[tuple[str | None, str | None], int] = {}
    living: dict[tuple[str | None, str | None], list[Listed]] = {}
    for one in estate.imported:
        held[one.account, one.region] = held.get((one.account, one.region), 0) + 1
    for one in estate.living:
        living.setdefault((one.account, one.region), []).append(one)
    for place, count in held.items():
        own = living.get(place, [])
        imports = _whole(_renewals(one, estate, lifetime) for one in own)
        events = math.fsum(_events(one, estate, lifetime) for one in own)
        yield Need(*place, count, imports, events)


def _whole(numbers: Iterable[float]) -> int:
    """Returns the sum, rounded up; what is a hair above a whole number is one."""
    return math.ceil(round(math.fsum(numbers), 6))


def _renewals(listed: Listed, estate: _Estate, lifetime: dt.timedelta | None) -> float:
    """Returns how often in a year it is renewed."""
    life, margin = _life(listed, estate, lifetime)
    return YEAR / (life - margin)


def _events(listed: Listed, estate: _Estate, lifetime: dt.timedelta | None) -> float:
    """Returns the share of days on which it is in EventBridge's window, where it is renewed in time."""
    life, margin = _life(listed, estate, lifetime)
    return max(dt.timedelta(), min(EVENT_WINDOW, life) - margin) / (life - margin)


def _life(listed: Listed, estate: _Estate, lifetime: dt.timedelta | None) -> tuple[dt.timedelta, dt.timedelta]:
    """Returns how long it lives and how much of that is left at its renewal."""
    own = max(_DAY, own_lifetime(listed))
    life = min(own, lifetime) if lifetime else own
    margin = estate.renewed_at.margin(life)
    return life, margin if margin < life else expiry.DEFAULT.margin(life)
