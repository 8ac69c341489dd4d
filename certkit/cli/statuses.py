"""The wiring of `status`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from certkit import changes, expiry, incident
from certkit.cli import configuration, elsewhere
from certkit.cli.earlier import earlier
from certkit.cli.options import StatusFormat
from certkit.cli.session import Session
from certkit.cli.status_output import look_of, rendered, write
from certkit.errors import CertkitError, UsageError
from certkit.expiry import Threshold
from certkit.incident import Wanted
from certkit.inventory import Inventory, gather, problems
from certkit.manifest import Manifest
from certkit.outside import ENDPOINT
from certkit.report import status as report
from certkit.report.status import Status

if TYPE_CHECKING:
    from certkit.census import Site


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        sources: files, folders and endpoints.
        profiles, accounts, role_name: as whom to look, and where: see `callers.Scope`.
        organization: whether all accounts of the organization are meant.
        threshold: from when on a certificate is expiring.
        counts: whether an expiring one makes the exit code 1.
        since: a time or a file to compare with.
        wanted: what is looked for, None for everything.
        out: where the result goes, None for standard output.
        finds, looks_closer: whether to say what is the matter with all of it, and to read certificates for that.
        notifies: whether whoever should know is told.
        uses: whether to ask what uses the certificates.
    """

    sources: tuple[str, ...]
    profiles: tuple[str, ...]
    accounts: tuple[str, ...]
    organization: bool
    role_name: str | None
    config: str | None
    threshold: Threshold
    counts: bool
    since: str | None
    wanted: Wanted | None
    unfolds: bool
    out: Path | None
    output_format: StatusFormat
    finds: bool = False
    looks_closer: bool = False
    notifies: bool = False
    uses: bool = False

    @property
    def appraises(self) -> bool:
        """Whether what is the matter is shown; a page of HTML always has it."""
        return self.finds or self.output_format is StatusFormat.HTML


def threshold(within: str | None, expires_in: str | None, checkend: int | None) -> tuple[Threshold, bool]:
    """Returns from when on a certificate is expiring, and whether that makes the exit code 1.

    Raises:
        UsageError: it is said in two ways, or is no threshold.
    """
    given = [option for option in (within, expires_in, checkend) if option is not None]
    if len(given) > 1:
        raise UsageError(
            "--within, --expires-in and --checkend say the same thing in three ways", hint="give one of them"
        )
    if within is not None:
        return expiry.parse_threshold(within), True
    if expires_in is not None:
        return expiry.parse_expires_in(expires_in), True
    return (expiry.parse_checkend(checkend), True) if checkend is not None else (expiry.DEFAULT, False)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen, where in AWS it was looked for, and what could not be found out about it.

    Attributes:
        is_whole: whether every place was seen, and every certificate could be read that was to be.
    """

    status: Status
    problems: tuple[str, ...]
    sites: "tuple[Site, ...]" = ()
    is_whole: bool = True


def show(session: Session, wish: Wish) -> int:
    """Shows what is in ACM, and in the SOURCEs, and returns the exit code.

    Raises:
        UsageError, ConfigurationError: the options or the configuration cannot be used.
        CertkitError: AWS cannot be reached at all, or the result not be written.
    """
    if wish.since is not None and wish.output_format in {StatusFormat.CSV, StatusFormat.PROMETHEUS}:
        raise UsageError(
            f"--since does not go with --format {wish.output_format}", hint="text, json and html show changes"
        )
    if wish.uses:
        from certkit.cli import usages

        usages.check(wish.output_format, reaches_aws=_reaches_aws(session, wish))
    before = earlier(session, wish.since, _question(session, wish)) if wish.since is not None else None
    found = _configuration(session, wish)
    if wish.notifies:
        from certkit.cli import telling

        told = telling.check(session, found)
    seen = _used(session, wish, _appraised(session, wish, found, _look(session, wish, found)))
    status = seen.status
    if before is not None:
        document = report.document(replace(status, hits=None, findings=None, usage=None))
        if before.document is not None:
            status = replace(status, changes=changes.between(before.document, document))
        if before.snapshots is not None:
            before.snapshots.keep(document, status.inventory.at)
    look = look_of(session, unfolds=wish.unfolds, to_file=wish.out is not None)
    write(session, rendered(status, wish.output_format, look), wish.out)
    for problem in seen.problems:
        session.warn(problem)
    untold = telling.tell(session, status.inventory, told) if wish.notifies else ()
    for error in untold:
        session.report(error)
    if untold or not seen.is_whole:
        return CertkitError.exit_code
    return int(bool(status.hits) or (wish.counts and status.has_expiring))


def _configuration(session: Session, wish: Wish) -> Manifest | None:
    """Returns the configuration where anything asks for it: a list of files needs none, nor a sound one."""
    is_needed = wish.notifies or wish.appraises or _reaches_aws(session, wish)
    return configuration.find(wish.config) if is_needed else None


def _look(session: Session, wish: Wish, found: Manifest | None) -> _Seen:
    """Looks at the SOURCEs, then at ACM unless only SOURCEs are meant."""
    outside = list(elsewhere.look(session, wish.sources)) if wish.sources else []
    if any(row.summary.kind == ENDPOINT for one in outside for row in one.certificates):
        session.say("certkit: what endpoints serve is listed as it is, and not verified")
    if not _reaches_aws(session, wish):
        inventory = gather(outside, session.clock())
        hits = _known(inventory, wish.wanted)
        told = tuple(problems(inventory))
        return _Seen(Status(inventory, wish.threshold, hits=hits), told, is_whole=inventory.is_complete)
    from certkit import tracing
    from certkit.cli import callers

    scope = callers.Scope(wish.profiles, wish.accounts, wish.organization, wish.role_name)
    inventory, sites = callers.survey(session, scope, found, outside)
    told = tuple(problems(inventory))
    if wish.wanted is None:
        return _Seen(Status(inventory, wish.threshold), told, sites, inventory.is_complete)
    trace = tracing.trace(inventory.certificates, wish.wanted, sites)
    is_whole = inventory.is_complete and not trace.problems
    return _Seen(Status(inventory, wish.threshold, hits=trace.hits), told + trace.problems, sites, is_whole)


def _appraised(session: Session, wish: Wish, found: Manifest | None, seen: _Seen) -> _Seen:
    """Adds what is the matter with what was seen, where that is wanted."""
    if not wish.appraises:
        return seen
    from certkit.cli import appraising

    more = appraising.appraise(session, seen.status.inventory, found, seen.sites if wish.looks_closer else None)
    status = replace(seen.status, findings=more.findings)
    return replace(
        seen, status=status, problems=(*seen.problems, *more.problems), is_whole=seen.is_whole and not more.problems
    )


def _used(session: Session, wish: Wish, seen: _Seen) -> _Seen:
    """Adds what uses what was seen, where that is wanted."""
    if not wish.uses:
        return seen
    from certkit.cli import usages
    from certkit.usage import problems

    usage = usages.find(session, seen.status.certificates, seen.sites)
    status = replace(seen.status, usage=usage)
    told = (*seen.problems, *problems(usage))
    return replace(seen, status=status, problems=told, is_whole=seen.is_whole and usage.is_complete)


def _reaches_aws(session: Session, wish: Wish) -> bool:
    """Tells whether AWS is to be asked: where no SOURCE stands in its place, or an option says where in AWS to look."""
    options = session.aws_options
    scope = wish.profiles or wish.accounts or wish.organization or wish.config
    return not wish.sources or bool(scope or options.region or options.role_arn or options.expect_account)


def _known(inventory: Inventory, wanted: Wanted | None) -> tuple[incident.Hit, ...] | None:
    """Returns those that are looked for, of certificates that were read themselves."""
    if wanted is None:
        return None
    found = (one for one in inventory.certificates if incident.fits_listing(one.summary, wanted))
    return tuple(incident.Hit(one) for one in found)


def _question(session: Session, wish: Wish) -> Sequence[object]:
    """Returns what makes two runs see the same, if the world stays as it is."""
    options = session.aws_options
    where = (wish.profiles, wish.accounts, wish.organization, wish.role_name, options.region, options.role_arn)
    return (wish.sources, where, session.environment.get("AWS_PROFILE"), session.environment.get("CERTKIT_REGION"))
