"""What is in ACM already, as certificates of a manifest: which belong together, and what each is to be called."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

_STRANGE: Final = re.compile(r"[^a-z0-9._-]+")
_MAX_NAME: Final = 200
"""Characters of a name that is made of a domain: room for what makes it unique, below the 256 of a tag's value."""

_SHORT: Final = 8
_BEGINNING: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
Site: TypeAlias = tuple[str, str]
"""Account and region."""


@dataclass(frozen=True, slots=True)
class Held:
    """An imported certificate that ACM holds.

    Attributes:
        domain: None where ACM sees none in it.
        sha256: of the leaf.
        name: what certkit knows it by, None where it does not.
    """

    arn: str
    account: str
    region: str
    domain: str | None
    sha256: str
    not_after: dt.datetime | None
    imported_at: dt.datetime | None
    name: str | None

    @property
    def site(self) -> Site:
        """Where it is."""
        return (self.account, self.region)


@dataclass(frozen=True, slots=True)
class Adopted:
    """One logical certificate: one at each site of `regions` by `accounts`.

    Attributes:
        members: what ACM holds of it, by account and region.
        left_out: what carries its name too, outside of these accounts and regions.
    """

    name: str
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    members: tuple[Held, ...]
    left_out: tuple[Held, ...] = ()


def adopt(held: Iterable[Held]) -> tuple[Adopted, ...]:
    """Returns certificates of a manifest for everything in `held`, by name.

    Those with the same name are one certificate; so are those without a name that hold the same leaf. A manifest names
    regions and accounts, and means each region of each account. A group that does not fill such a rectangle becomes several
    certificates; where it has a name, which only one can have, the rest is left out. A name that is made up is the domain;
    where several would get the same, the oldest certificate gets it as it is.
    """
    listed = sorted(held, key=_age)
    named = _grouped((one for one in listed if one.name is not None), lambda one: str(one.name))
    adopted = [_named(name, members) for name, members in named.items()]
    names = set(named)
    strangers = _grouped((one for one in listed if one.name is None), lambda one: one.sha256)
    for group in sorted((each for members in strangers.values() for each in _rectangles(members)), key=_oldest):
        name = next(candidate for candidate in _candidates(min(group, key=_age)) if candidate not in names)
        names.add(name)
        adopted.append(_adopted(name, group))
    return tuple(sorted(adopted, key=lambda one: one.name))


def _named(name: str, members: Sequence[Held]) -> Adopted:
    largest = max(_rectangles(members), key=len)  # the first of the largest
    kept = {member.arn for member in largest}
    return _adopted(name, largest, tuple(member for member in members if member.arn not in kept))


def _adopted(name: str, members: Sequence[Held], left_out: tuple[Held, ...] = ()) -> Adopted:
    accounts, regions = ({member.site[side] for member in members} for side in (0, 1))
    in_order = tuple(sorted(members, key=lambda member: member.site))
    return Adopted(name, tuple(sorted(accounts)), tuple(sorted(regions)), in_order, left_out)


def _rectangles(members: Sequence[Held]) -> Iterator[list[Held]]:
    """Yields groups that are in each of their regions of each of their accounts, once; together they are all."""
    left = list(members)
    while left:
        first: dict[Site, Held] = {}
        for member in left:
            first.setdefault(member.site, member)
        of_account = _grouped(first.values(), lambda one: one.account)
        alike: dict[tuple[str, ...], list[Held]] = defaultdict(list)
        for own in of_account.values():
            alike[tuple(sorted(one.region for one in own))] += own
        yield from alike.values()
        taken = {member.arn for member in first.values()}
        left = [member for member in left if member.arn not in taken]


def _grouped(held: Iterable[Held], key: Callable[[Held], str]) -> Mapping[str, list[Held]]:
    groups: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        groups[key(one)].append(one)
    return groups


def _candidates(one: Held) -> Iterator[str]:
    """Yields what a certificate may be called, the nicest first; with the ARN's own number it is unique."""
    domain = (one.domain or "certificate").lower().replace("*", "wildcard")
    base = _STRANGE.sub("-", domain).strip("-.")[:_MAX_NAME] or "certificate"
    yield base
    yield f"{base}-{one.sha256[:_SHORT]}"
    yield f"{base}-{one.arn.rpartition('/')[2]}"
    yield f"{base}-{one.region}-{one.arn.rpartition('/')[2]}"


def _oldest(group: Iterable[Held]) -> tuple[dt.datetime, str]:
    return min(map(_age, group))


def _age(one: Held) -> tuple[dt.datetime, str]:
    return (one.imported_at or _BEGINNING, one.arn)
