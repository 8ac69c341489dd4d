"""The wiring of many accounts: who is to look where, by profile, by role, or through the organization."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from certkit.aws import organizations
from certkit.aws.sessions import Identity
from certkit.census import Site, look
from certkit.cli import accounts, configuration
from certkit.cli.accounts import Presence
from certkit.cli.cloud import ALL, Cloud
from certkit.cli.progress import track
from certkit.cli.session import Session
from certkit.errors import AwsError, CertkitError, UsageError
from certkit.inventory import Inventory, Sight, gather, unseen
from certkit.manifest import Account, Manifest
from certkit.parallel import in_order
from certkit.selection import nearest

_PARALLEL: Final = 8
"""Accounts asked at a time for their regions."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which accounts the user asked for; none of them: the caller's own.

    Attributes:
        profiles: of the AWS configuration, each a caller of its own.
        accounts: as the configuration calls them, or `all`.
        organization: whether all accounts of the organization are meant.
        role_name: the role to assume in each of those.
    """

    profiles: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    organization: bool = False
    role_name: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """Where to look.

    Attributes:
        lost: the regions that cannot even be asked, each with why.
    """

    sites: tuple[Site, ...]
    lost: tuple[Sight, ...]


@dataclass(frozen=True, slots=True)
class _Caller:
    """One of those who look.

    Attributes:
        session: with the options of this caller.
        found: the configuration.
    """

    session: Session
    cloud: Cloud
    scope: Scope
    found: Manifest | None

    @property
    def reads_all(self) -> bool:
        """Whether every enabled region is meant."""
        named = self.session.aws_options.region or configuration.regions(self.found)
        return ALL in (named or (self.session.environment.get("CERTKIT_REGION"),))

    @property
    def certain_regions(self) -> tuple[str, ...]:
        """The regions that are meant, as far as that is known without asking AWS."""
        named = self.cloud.named_regions() or configuration.regions(self.found)
        return tuple(region for region in named if region != ALL) or (self.cloud.aws.home_region,)


def find(session: Session, scope: Scope, found: Manifest | None) -> Field:
    """Returns every region of every account that the user asked for, each once.

    One of several profiles or accounts that cannot be entered costs the others nothing: it is lost, and says so.

    Raises:
        UsageError: the options contradict each other, or name an account that the configuration does not.
        AwsError: there is no caller at all, or Organizations does not say.
    """
    check(scope)
    sites: dict[tuple[str, str], Site] = {}
    lost: list[Sight] = []
    for caller in list(_callers(session, scope, found)):
        try:
            field = _field(caller)
        except AwsError as error:
            if len(scope.profiles) <= 1:
                raise
            profile = f"profile {caller.session.aws_options.profile}"
            lost += [unseen(None, region, error.about(profile)) for region in caller.certain_regions]
            continue
        for site in field.sites:
            sites.setdefault((site.account, site.region), site)
        lost += field.lost
    return Field(tuple(sites.values()), tuple(one for one in lost if _key(one) not in sites))


def survey(
    session: Session, scope: Scope, found: Manifest | None, beside: Iterable[Sight] = ()
) -> tuple[Inventory, tuple[Site, ...]]:
    """Takes the inventory of everything that the user asked for, and returns it with the regions that could be asked.

    Args:
        beside: what else stands in the list.

    Raises:
        UsageError, AwsError: see `find`.
    """
    now = session.clock()
    field = find(session, scope, found)
    sights = track(session, look(field.sites), len(field.sites), "regions")
    return gather((*beside, *field.lost, *sights), now), field.sites


def check(scope: Scope) -> None:
    """Checks that the options go together.

    Raises:
        UsageError: they do not.
    """
    if scope.organization != (scope.role_name is not None):
        raise UsageError(
            "--organization and --role-name go together",
            hint="name the role that every account has, such as certkit-reader",
        )
    if scope.organization and scope.accounts:
        raise UsageError("--organization and --account name accounts in two ways", hint="choose one of them")


def _callers(session: Session, scope: Scope, found: Manifest | None) -> Iterator[_Caller]:
    for profile in scope.profiles or (None,):
        options = copy(session.aws_options)
        options.profile = profile
        own = replace(session, aws_options=options)
        yield _Caller(own, Cloud(own, configuration.regions(found)), scope, found)


def _field(caller: _Caller) -> Field:
    regions = caller.cloud.regions_to_read()
    identity = caller.cloud.identity(regions[0])
    entered = list(_present(caller, identity, regions[0]))
    asked = [partial(_account, caller, identity, regions, *one) for one in entered]
    fields = list(in_order(asked, _PARALLEL))
    return Field(
        tuple(site for field in fields for site in field.sites),
        tuple(sight for field in fields for sight in field.lost),
    )


def _account(
    caller: _Caller,
    identity: Identity,
    regions: tuple[str, ...],
    account: Account | None,
    present: Presence | CertkitError,
) -> Field:
    """Returns the regions of one account, or all of them as lost where it cannot be entered."""
    if isinstance(present, CertkitError):
        number = account.id if account else identity.account
        return Field((), tuple(unseen(number, region, present) for region in regions))
    own, missing = _regions(caller, present, identity, regions)
    return Field(tuple(Site(present.aws, present.identity.account, region) for region in own), tuple(missing))


def _present(
    caller: _Caller, identity: Identity, region: str
) -> Iterator[tuple[Account | None, Presence | CertkitError]]:
    """Yields the caller in each account; who it is in its own is known already."""
    wanted = _wanted(caller, identity)
    if None in wanted:
        yield None, Presence(caller.cloud.aws, identity)
    others = [account for account in wanted if account is not None]
    if others:
        yield from accounts.enter(caller.cloud, others, region).items()


def _wanted(caller: _Caller, identity: Identity) -> Sequence[Account | None]:
    """Returns the accounts to look at; None stands for the caller's own."""
    scope, found = caller.scope, caller.found
    if scope.organization:
        return list(_members(caller, identity, str(scope.role_name)))
    known = {account.name: account for account in (found.accounts if found else ())}
    if ALL in scope.accounts and known:
        return list(known.values())
    for name in scope.accounts:
        if name not in known:
            hint = nearest(name, list(known), "the configuration names them as [accounts.NAME]")
            raise UsageError(f"--account {name!r}: the configuration names no such account", hint=hint)
    return [known[name] for name in scope.accounts] or [None]


def _members(caller: _Caller, identity: Identity, role_name: str) -> Iterator[Account | None]:
    """Yields the accounts of the organization; the caller needs no role in its own."""
    partition = identity.arn.split(":")[1]
    for member in organizations.members(caller.cloud.aws):
        role = f"arn:{partition}:iam::{member.id}:role/{role_name}"
        external_id = caller.session.aws_options.external_id
        yield None if member.id == identity.account else Account(member.name, member.id, role, external_id)


def _regions(
    caller: _Caller, present: Presence, identity: Identity, regions: tuple[str, ...]
) -> tuple[tuple[str, ...], list[Sight]]:
    """Returns the regions to look at in an account, its own where all are meant; and what is lost if it does not say."""
    account = present.identity.account
    if not caller.reads_all or account == identity.account:
        return regions, []
    try:
        return present.aws.enabled_regions(regions[0]), []
    except AwsError as error:
        return regions, [unseen(account, None, error)]


def _key(sight: Sight) -> tuple[str | None, str | None]:
    return sight.coverage.account, sight.coverage.region
