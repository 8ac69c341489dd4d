"""The wiring of `status`: everything is looked at, more is found out where that is wanted, and all of it is shown."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from certkit import changes, incident
from certkit.cli import configuration, elsewhere
from certkit.cli.earlier import Earlier, earlier
from certkit.cli.session import Session
from certkit.cli.status_output import look_of, rendered, write
from certkit.cli.status_wish import Wish, check, question, reaches_aws
from certkit.errors import CertkitError
from certkit.incident import Wanted
from certkit.inventory import Inventory, gather, problems
from certkit.manifest import Manifest
from certkit.outside import ENDPOINT
from certkit.report import status as report
from certkit.report.status import Status

if TYPE_CHECKING:
    from certkit.census import Site


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
    check(session, wish)
    before = earlier(session, wish.which.since, question(session, wish)) if wish.which.since is not None else None
    found = _configuration(session, wish)
    if wish.how.notifies:
        from certkit.cli import telling

        told = telling.check(session, found)
    seen = _used(session, wish, _appraised(session, wish, found, _look(session, wish, found)))
    status = _compared(seen.status, before) if before is not None else seen.status
    look = look_of(session, unfolds=wish.how.unfolds, to_file=wish.how.out is not None)
    write(session, rendered(status, wish.how.output_format, look), wish.how.out)
    for problem in seen.problems:
        session.warn(problem)
    untold = telling.tell(session, status.inventory, told) if wish.how.notifies else ()
    for error in untold:
        session.report(error)
    if untold or not seen.is_whole:
        return CertkitError.exit_code
    return int(bool(status.hits) or (wish.which.counts and status.has_expiring))


def _compared(status: Status, before: Earlier) -> Status:
    """Adds what changed since then, and keeps what was seen now for a later run."""
    document = report.document(replace(status, hits=None, findings=None, usage=None))
    if before.snapshots is not None:
        before.snapshots.keep(document, status.inventory.at)
    if before.document is None:
        return status
    return replace(status, changes=changes.between(before.document, document))


def _configuration(session: Session, wish: Wish) -> Manifest | None:
    """Returns the configuration where anything asks for it: a list of files needs none, nor a sound one."""
    is_needed = wish.how.notifies or wish.how.appraises or reaches_aws(session, wish)
    return configuration.find(wish.where.config) if is_needed else None


def _look(session: Session, wish: Wish, found: Manifest | None) -> _Seen:
    """Looks at the SOURCEs, then at ACM unless only SOURCEs are meant."""
    outside = list(elsewhere.look(session, wish.where.sources)) if wish.where.sources else []
    if any(row.summary.kind == ENDPOINT for one in outside for row in one.certificates):
        session.say("certkit: what endpoints serve is listed as it is, and not verified")
    if not reaches_aws(session, wish):
        inventory = gather(outside, session.clock())
        hits = _known(inventory, wish.which.wanted)
        told = tuple(problems(inventory))
        return _Seen(Status(inventory, wish.which.threshold, hits=hits), told, is_whole=inventory.is_complete)
    from certkit import tracing
    from certkit.cli import callers

    scope = callers.Scope(wish.where.profiles, wish.where.accounts, wish.where.organization, wish.where.role_name)
    inventory, sites = callers.survey(session, scope, found, outside)
    told = tuple(problems(inventory))
    if wish.which.wanted is None:
        return _Seen(Status(inventory, wish.which.threshold), told, sites, inventory.is_complete)
    trace = tracing.trace(inventory.certificates, wish.which.wanted, sites)
    is_whole = inventory.is_complete and not trace.problems
    return _Seen(Status(inventory, wish.which.threshold, hits=trace.hits), told + trace.problems, sites, is_whole)


def _appraised(session: Session, wish: Wish, found: Manifest | None, seen: _Seen) -> _Seen:
    """Adds what is the matter with what was seen, where that is wanted."""
    if not wish.how.appraises:
        return seen
    from certkit.cli import appraising

    more = appraising.appraise(session, seen.status.inventory, found, seen.sites if wish.how.looks_closer else None)
    status = replace(seen.status, findings=more.findings)
    return replace(
        seen, status=status, problems=(*seen.problems, *more.problems), is_whole=seen.is_whole and not more.problems
    )


def _used(session: Session, wish: Wish, seen: _Seen) -> _Seen:
    """Adds what uses what was seen, where that is wanted."""
    if not wish.how.uses:
        return seen
    from certkit.cli import usages
    from certkit.usage import problems

    usage = usages.find(session, seen.status.certificates, seen.sites)
    status = replace(seen.status, usage=usage)
    told = (*seen.problems, *problems(usage))
    return replace(seen, status=status, problems=told, is_whole=seen.is_whole and usage.is_complete)


def _known(inventory: Inventory, wanted: Wanted | None) -> tuple[incident.Hit, ...] | None:
    """Returns those that are looked for, of certificates that were read themselves."""
    if wanted is None:
        return None
    found = (one for one in inventory.certificates if incident.fits_listing(one.summary, wanted))
    return tuple(incident.Hit(one) for one in found)
