"""Findings about an estate as a whole, not about one certificate: the kinds, and what is found of each."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from inspect import cleandoc
from types import MappingProxyType
from typing import TypeAlias

from certkit.inventory import Inventory, Listed
from certkit.record import IMPORTED


class Weight(StrEnum):
    """How much it matters: something is down or soon will be, somebody should act, something could be better."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Closeup:
    """What the certificate itself says, and what its listing does not.

    Attributes:
        spki_sha256: of its key, None where it cannot be parsed.
        chain_not_after: when the first certificate of its chain expires, None without a chain.
        is_domain_validated: whether a CA that the public trusts issued it, having looked at nothing but its domains.
        in_use_by: the ARNs of what uses it, as far as ACM knows.
    """

    spki_sha256: str | None
    chain_not_after: dt.datetime | None
    is_domain_validated: bool
    in_use_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything that findings are about.

    Attributes:
        services: what each certificate of the manifest is for, by its name; None where there is no manifest.
        closeups: of the certificates that were looked at, by ARN.
        quotas: the imported certificates that a region of an account may hold, where that is known.
    """

    inventory: Inventory
    services: Mapping[str, tuple[str, ...]] | None = None
    closeups: Mapping[str, Closeup] = field(default_factory=lambda: MappingProxyType({}))
    quotas: Mapping[tuple[str | None, str | None], int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def now(self) -> dt.datetime:
        """When it was looked at."""
        return self.inventory.at

    @property
    def imported(self) -> Iterator[Listed]:
        """The certificates in ACM that ACM does not renew, soonest expiry first."""
        return (one for one in self.inventory.certificates if one.summary.kind == IMPORTED)


@dataclass(frozen=True, slots=True)
class Found:
    """What a check yields: the certificates that it is about, and what is the matter with them.

    Attributes:
        place: account and region, where that is more than where the certificates are.
    """

    certificates: tuple[Listed, ...]
    message: str
    place: tuple[str | None, str | None] | None = None


Check: TypeAlias = Callable[[Estate], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding.

    Attributes:
        id: a stable word.
        hint: what to do.
        explanation: what users read: what it is, and why it matters.
    """

    id: str
    weight: Weight
    hint: str
    explanation: str
    check: Check


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is the matter with some certificates.

    Attributes:
        certificates: none where it is about a whole region.
        account, region: where, None where that is in several places or outside AWS.
    """

    kind: Kind
    certificates: tuple[Listed, ...]
    account: str | None
    region: str | None
    message: str


def kind(weight: Weight, *, hint: str) -> Callable[[Check], Kind]:
    """Makes a check a kind of finding: its ID from its name, its explanation from its docstring."""

    def decorate(check: Check) -> Kind:
        return Kind(check.__name__.replace("_", "-"), weight, hint, cleandoc(check.__doc__ or ""), check)

    return decorate


def findings_of(kind: Kind, estate: Estate) -> Iterator[Finding]:
    """Yields everything of one kind in an estate."""
    for found in kind.check(estate):
        account, region = found.place or _common_place(found.certificates)
        yield Finding(kind, found.certificates, account, region, found.message)


def _common_place(certificates: tuple[Listed, ...]) -> tuple[str | None, str | None]:
    accounts, regions = {one.account for one in certificates}, {one.region for one in certificates}
    return (
        next(iter(accounts)) if len(accounts) == 1 else None,
        next(iter(regions)) if len(regions) == 1 else None,
    )
