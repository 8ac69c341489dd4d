"""The wiring of `prune`: what can go, from an inventory, and its deletion one by one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from certkit import expiry
from certkit import prune as pure
from certkit.aws.acm import Acm
from certkit.census import Site
from certkit.cli import callers, configuration
from certkit.cli.callers import Scope
from certkit.cli.conduct import check_may_write
from certkit.cli.ledgers import open_ledger
from certkit.cli.options import OutputFormat
from certkit.cli.progress import track
from certkit.cli.session import Session
from certkit.errors import CertkitError, UsageError
from certkit.inventory import Inventory, problems
from certkit.journal import Journal
from certkit.ledger import Ledger
from certkit.manifest import Manifest
from certkit.prune import Candidate
from certkit.remove import Fate, Removal, remove
from certkit.report import prune as report
from certkit.selection import nearest


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        only: names and ARNs.
        older_than: as it was typed, None where the age does not matter.
        accounts: as the configuration calls them; none for the caller's own.
        deletes: whether anything is to be deleted.
    """

    only: tuple[str, ...]
    older_than: str | None
    includes_foreign: bool
    accounts: tuple[str, ...]
    config: str | None
    deletes: bool
    output_format: OutputFormat


def run(session: Session, wish: Wish) -> int:
    """Shows what can go, deletes it where that is wanted, and returns the exit code.

    Raises:
        UsageError: the options cannot be used.
        ReadOnlyError: CERTKIT_READ_ONLY forbids to delete.
        CertkitError: AWS or the ledger cannot be reached at all.
    """
    criteria = _criteria(wish, found := configuration.find(wish.config))
    if wish.deletes:
        check_may_write(session, "certkit prune without --yes")
    profile = session.aws_options.profile
    inventory, sites = callers.survey(session, Scope((profile,) if profile else (), wish.accounts), found)
    _check_known(wish.only, inventory)
    chosen = pure.candidates(inventory, criteria)
    if wish.deletes:
        removals = list(track(session, _remove(session, sites, chosen), len(chosen), "certificates"))
    else:
        removals = [Removal(one, Fate.PLANNED) for one in chosen]
    _show(session, wish, inventory, removals)
    failed = any(one.fate is Fate.FAILED for one in removals)
    return 0 if inventory.is_complete and not failed else CertkitError.exit_code


def _criteria(wish: Wish, found: Manifest | None) -> pure.Wish:
    wanted = frozenset(spec.name for spec in found.certificates) if found else frozenset()
    if wish.older_than is None:
        return pure.Wish(wish.only, includes_foreign=wish.includes_foreign, wanted=wanted)
    try:
        left = expiry.parse_threshold(wish.older_than).left
    except UsageError as error:
        raise UsageError(
            f"--older-than {wish.older_than!r} is no time", hint="give a time, such as 30d or 4w"
        ) from error
    if left is None:
        raise UsageError(
            f"--older-than {wish.older_than}: it is a share of a lifetime", hint="give a time, such as 30d"
        )
    return pure.Wish(wish.only, left, wish.includes_foreign, wanted)


def _check_known(only: Sequence[str], inventory: Inventory) -> None:
    """Checks that `--only` names something that is there, as far as everything could be seen.

    Raises:
        UsageError: it does not.
    """
    names = {one.name for one in inventory.certificates if one.name}
    known = names | {one.summary.arn for one in inventory.certificates}
    for name in only:
        if name not in known and inventory.is_complete:
            hint = nearest(name, sorted(names), "certkit status shows those that are there")
            raise UsageError(f"--only {name!r}: there is no such certificate", hint=hint)


def _remove(session: Session, sites: Sequence[Site], chosen: Sequence[Candidate]) -> Iterator[Removal]:
    """Deletes one after the other: ACM allows ten deletions a second, and each has its own look before it.

    Raises:
        CertkitError: the ledger cannot be opened, or nobody says who the caller is.
    """
    if not chosen:
        return
    clients = _clients(session, sites, chosen)
    for one in chosen:
        acm, journal = clients[one.listed.account, one.listed.region]
        yield remove(acm, one, journal)


def _clients(
    session: Session, sites: Sequence[Site], chosen: Sequence[Candidate]
) -> Mapping[tuple[str | None, str | None], tuple[Acm, Journal]]:
    """Returns ACM and the journal of each region in which something is to be deleted, and says which these are."""
    ledger = open_ledger(session)
    wanted = {(one.listed.account, one.listed.region) for one in chosen}
    found: dict[tuple[str | None, str | None], tuple[Acm, Journal]] = {}
    for site in sites:
        if (site.account, site.region) in wanted:
            caller = site.aws.identity(site.region).arn
            session.say(f"certkit: account {site.account}, {site.region}, as {caller}")
            found[site.account, site.region] = (Acm(site.aws, site.region), _journal(session, ledger, caller))
    return found


def _journal(session: Session, ledger: Ledger, caller: str) -> Journal:
    seconds = session.ledger_options.lock_timeout
    return Journal(ledger, session.run, caller, "prune", session.clock, lock_seconds=seconds)


def _show(session: Session, wish: Wish, inventory: Inventory, removals: Sequence[Removal]) -> None:
    if wish.output_format is OutputFormat.JSON:
        session.show_document(report.document(inventory, removals))
    else:
        session.show(report.text(inventory, removals))
        if removals and not wish.deletes:
            session.say("certkit: nothing was deleted: --yes deletes them")
    for problem in problems(inventory):
        session.warn(problem)
