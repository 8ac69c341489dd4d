"""Where a certificate is to go back, and to which bundle, in each region of each account."""

from collections.abc import Sequence
from dataclasses import dataclass

from certkit import certificate as x
from certkit import observe, record
from certkit.aws.acm import Acm
from certkit.cli import accounts, arns, configuration, weighing
from certkit.cli.accounts import Presence
from certkit.cli.cloud import Cloud
from certkit.cli.conduct import Conduct
from certkit.cli.deploying import Want
from certkit.cli.weighing import Scale
from certkit.errors import CertkitError, UsageError
from certkit.escrow.course import chosen
from certkit.escrow.deposit import Site
from certkit.escrow.vault import Escrow
from certkit.manifest import Manifest
from certkit.memory import remember
from certkit.plan import Desired
from certkit.target import Failure
from certkit.twins import winner


@dataclass(frozen=True, slots=True)
class Spot:
    """One region of one account in which a certificate is.

    Attributes:
        caller: the ARN of the caller's identity there.
        arn: the one that the user named, None where it was a name.
        services: what it is for.
    """

    site: Site
    acm: Acm
    caller: str
    arn: str | None = None
    services: tuple[str, ...] = ()


def spots(cloud: Cloud, found: Manifest | None, name: str) -> tuple[list[Spot], list[Failure]]:
    """Returns where the certificate is, and where nobody can look.

    Raises:
        UsageError: the options contradict the ARN, or the name can be none's.
        AwsError: there is no caller at all.
    """
    arn = name if record.place_of(name) else None
    regions = arns.regions_to_write(cloud, arn)
    spec = configuration.certificate(found, name)
    present = accounts.enter(cloud, (spec.accounts if spec else ()) or (None,), regions[0])
    there: list[Spot] = []
    failures: list[Failure] = []
    for account, presence in present.items():
        for region in regions:
            if not isinstance(presence, Presence):
                failures.append(Failure(name, account.id if account else None, region, presence))
                continue
            arns.check_account(arn, presence.identity)
            acm = Acm(presence.aws, region)
            site = Site(_called(acm, arn) if arn else name, presence.identity.account, region)
            there.append(Spot(site, acm, presence.identity.arn, arn, spec.services if spec else ()))
    return there, failures


def held(conduct: Conduct, spot: Spot) -> str:
    """Returns the fingerprint of the leaf that ACM holds.

    Raises:
        UsageError: it holds none of the name.
        AmbiguousError: it holds several.
        AwsError: ACM cannot be asked.
    """
    name, site = spot.site.name, spot.site
    if spot.arn:
        return x.fingerprint(spot.acm.record(spot.arn).leaf)
    own = observe.holders(spot.acm, name, _remembered(conduct, site))
    if not own:
        raise UsageError(
            f"there is no certificate called {name!r} in {site.region} of {site.account} that could go back",
            hint="certkit status shows those that are there; certkit rollback NAME --list what is in escrow",
        )
    return x.fingerprint(winner(own).leaf)


def wants(conduct: Conduct, escrow: Escrow, there: Sequence[Spot], to: str | None) -> tuple[list[Want], list[Failure]]:
    """Chooses, fetches and judges the bundle of each region; nothing is written. One that fails stops no other."""
    wanted: list[Want] = []
    failures: list[Failure] = []
    for spot in there:
        try:
            wanted.append(_want(conduct, escrow, spot, to))
        except CertkitError as error:
            failures.append(Failure(spot.site.name, spot.site.account, spot.site.region, error))
    return wanted, failures


def _want(conduct: Conduct, escrow: Escrow, spot: Spot, to: str | None) -> Want:
    site = spot.site
    deposit = chosen(site, escrow.deposits(site), held(conduct, spot), to)
    bundle = escrow.fetch(deposit)
    called = f"the bundle {deposit.sha256[:12]} of {deposit.at:%Y-%m-%d %H:%M}"
    weighed = weighing.weigh(
        conduct.session, bundle, Scale(called, site.name, spot.services, (site.region,), f"{site.region}: ")
    )
    name = None if site.name == spot.arn else site.name
    desired = Desired(name, spot.arn, site.account, site.region, bundle, {})
    return Want(spot.acm, spot.caller, desired, weighed.warnings, weighed.reasons)


def _called(acm: Acm, arn: str) -> str:
    """Returns what the certificate under an ARN goes by in escrow: its name, else the ARN."""
    return acm.record(arn).name or arn


def _remembered(conduct: Conduct, site: Site) -> tuple[str, ...]:
    """Returns the ARNs that the ledger remembers; none where it cannot be read, since ACM has the last word."""
    try:
        entries = [
            entry
            for entry in conduct.ledger.entries(site.name)
            if (entry.account, entry.region) == (site.account, site.region)
        ]
    except CertkitError:
        return ()
    return remember(entries).arns
