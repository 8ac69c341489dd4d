"""The wiring of a manifest: its bundles read and judged, then decided on in every region of every account."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from certkit.aws.acm import Acm
from certkit.bundle import Bundle
from certkit.cli import accounts, deploying, escrows, newest, weighing, wiring
from certkit.cli.accounts import Presence
from certkit.cli.cloud import Cloud
from certkit.cli.conduct import Conduct
from certkit.cli.deploying import Step, Want
from certkit.cli.order import Order, check_allowed, chosen
from certkit.cli.progress import track
from certkit.cli.session import Session
from certkit.cli.settings import ReadingOptions
from certkit.cli.weighing import Scale, Weighed
from certkit.errors import CertkitError
from certkit.manifest import Account, CertificateSpec, Manifest, Origin
from certkit.plan import Desired
from certkit.sources.patterns import is_pattern
from certkit.target import Decision, Failure, place
from certkit.waiver import Waiver


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate of the manifest once it was read.

    Attributes:
        bundle: what is to be sent, or why it cannot be.
        weighed: what the rules found in it.
    """

    spec: CertificateSpec
    regions: tuple[str, ...]
    bundle: Bundle | CertkitError
    weighed: Weighed = field(default_factory=Weighed)

    @property
    def accounts(self) -> tuple[Account | None, ...]:
        """Where it goes; None for the caller's own account."""
        return self.spec.accounts or (None,)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that was decided.

    Attributes:
        failures: what failed before ACM could be asked.
    """

    conduct: Conduct
    steps: tuple[Step, ...]
    failures: tuple[Failure, ...]

    @property
    def decisions(self) -> list[Decision]:
        """All of it, in the order of name, account and region."""
        return sorted([*(step.decision for step in self.steps), *self.failures], key=place)


def prepare(session: Session, manifest: Manifest, order: Order, behave: Callable[[Cloud], Conduct]) -> Prepared:
    """Reads, judges and decides; nothing is written. What cannot be read stops nothing else.

    Args:
        behave: returns how the command is to behave.

    Raises:
        UsageError, ConfigurationError: the options, or what the manifest names, cannot be used.
        AwsError: there is no caller at all.
    """
    specs = chosen(manifest, order)
    check_allowed(order, specs)
    cloud = Cloud(session, manifest.regions)
    regions = places(cloud, specs)
    drafts = [_draft(session, spec, regions[spec.name], manifest.waivers) for spec in track(session, specs, len(specs))]
    readable = [draft for draft in drafts if isinstance(draft.bundle, Bundle)]
    present: Mapping[Account | None, Presence | CertkitError] = {}
    if readable:
        wanted = (account for draft in readable for account in draft.accounts)
        present = accounts.enter(cloud, wanted, readable[0].regions[0])
    wants, failures = _spread(session, order, drafts, present, manifest.waivers)
    deploying.announce(session, wants)
    conduct = escrows.with_escrow(behave(cloud), manifest.escrow, cloud.aws)
    return Prepared(conduct, tuple(deploying.decide_all(conduct, wants)), tuple(failures))


def places(cloud: Cloud, specs: Sequence[CertificateSpec]) -> dict[str, tuple[str, ...]]:
    """Returns the regions that each certificate goes to: `--region`, else what the manifest says, else where everything goes.

    Raises:
        UsageError: one of them is no region's name, or `all`.
    """
    if not cloud.named_regions() and all(spec.regions for spec in specs):
        return {spec.name: spec.regions for spec in specs}
    others = cloud.regions()
    return {spec.name: others if cloud.named_regions() else spec.regions or others for spec in specs}


def _draft(session: Session, spec: CertificateSpec, regions: tuple[str, ...], waivers: Sequence[Waiver]) -> Draft:
    """Reads and judges one bundle."""
    try:
        bundle = read(session, spec.origin)
        scale = Scale(spec.origin.source, spec.name, spec.services, regions, f"{spec.name}: ", waivers=waivers)
        return Draft(spec, regions, bundle, weighing.weigh(session, bundle, scale))
    except CertkitError as error:
        return Draft(spec, regions, error)


def read(session: Session, origin: Origin) -> Bundle:
    """Reads a bundle of the manifest and puts it in order; of several files that fit its pattern, the newest one's.

    Raises:
        CertkitError: it cannot be read, or does not make a bundle with its key.
    """
    if is_pattern(origin.source):
        return newest.read(session, origin.source, lambda file: _read(session, replace(origin, source=file)))
    return _read(session, origin)


def _read(session: Session, origin: Origin) -> Bundle:
    own = replace(session, reading_options=_reading_options(origin))
    how = wiring.reading(own, [origin.source], needs_key=True)
    return wiring.read_bundle(own, origin.source, how)


def _reading_options(origin: Origin) -> ReadingOptions:
    options = ReadingOptions()
    options.key, options.chain = origin.key, origin.chain
    options.passin, options.key_passin = origin.passin, origin.key_passin
    options.alias, options.name_match = origin.alias, origin.name_match
    options.roots, options.include_root = origin.roots, origin.include_root
    return options


def _spread(
    session: Session,
    order: Order,
    drafts: Iterable[Draft],
    present: Mapping[Account | None, Presence | CertkitError],
    waivers: Sequence[Waiver],
) -> tuple[list[Want], list[Failure]]:
    """Returns what is wanted in each region of each account, and what cannot even be asked."""
    wants: list[Want] = []
    failures: list[Failure] = []
    clients: dict[tuple[str, str], Acm] = {}
    for draft in drafts:
        ignored = _ignored(session, draft.spec, waivers)
        for account in draft.accounts:
            there = present.get(account)
            for region in draft.regions:
                if isinstance(draft.bundle, CertkitError) or not isinstance(there, Presence):
                    failures.append(_failure(draft, account, there, region))
                    continue
                here = (there.identity.account, region)
                acm = clients.setdefault(here, clients.get(here) or Acm(there.aws, region))
                spec, weighed = draft.spec, draft.weighed
                desired = Desired(
                    spec.name,
                    None,
                    *here,
                    draft.bundle,
                    spec.tags,
                    order.purges_tags,
                    ignored,
                    heeds_holds=spec.name not in order.allowed,
                )
                wants.append(Want(acm, there.identity.arn, desired, weighed.warnings, weighed.reasons))
    return wants, failures


def _failure(draft: Draft, account: Account | None, there: Presence | CertkitError | None, region: str) -> Failure:
    number = account.id if account else there.identity.account if isinstance(there, Presence) else None
    error = draft.bundle if isinstance(draft.bundle, CertkitError) else there
    if not isinstance(error, CertkitError):
        raise TypeError("an account was not entered")
    return Failure(draft.spec.name, number, region, error)


def _ignored(session: Session, spec: CertificateSpec, waivers: Sequence[Waiver]) -> dict[str, str]:
    """Returns the rules that are waived for a certificate today, for those that only ACM's own answer settles."""
    today = session.clock().date()
    return {one.rule: one.reason for one in waivers if one.fits([spec.name]) and today <= one.until}
