"""The wiring of `doctor --jobs`: heartbeats from the ledger and CloudWatch, held against what is in ACM."""

import datetime as dt
from collections.abc import Iterator, Mapping

from certkit import renew
from certkit.aws import telling as aws
from certkit.cli import callers, configuration
from certkit.cli.callers import Scope
from certkit.cli.cloud import ALL, Cloud
from certkit.cli.ledgers import open_ledger
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.doctor import Check, State, exit_code, of_error
from certkit.errors import CertkitError
from certkit.inventory import Inventory, problems, soonest_first
from certkit.ledger import Entry, Ledger, Outcome
from certkit.manifest import Manifest
from certkit.manifest.values import JOB_COMMANDS
from certkit.notify.metrics import HEARTBEAT, NAMESPACE
from certkit.report import doctor as report
from certkit.watchdog import LATE, interval, jobs, of_certificates, of_jobs, of_metric


def watch(session: Session, config: str | None, output_format: OutputFormat) -> int:
    """Shows which job is silent or fails, and which certificate no job renews, and returns the exit code.

    Raises:
        UsageError, ConfigurationError: there is no manifest, or the options cannot be used.
        LedgerError, StateUnwritableError: the ledger cannot be read.
    """
    found = configuration.manifest(None, config)
    checks = list(_checks(session, found))
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(checks, session.clock()))
    else:
        session.show(report.text(checks))
    return exit_code(checks)


def _checks(session: Session, found: Manifest) -> Iterator[Check]:
    cloud, now = Cloud(session, configuration.regions(found)), session.clock()
    ledger = open_ledger(session, cloud.aws)
    known = jobs(ledger.entries(renew.NAME))
    every = interval(found.job, known)
    yield from of_jobs(known, found.job, now)
    if found.job.heartbeat:
        yield _metric(cloud, found.job.name, every, now)
    try:
        inventory = _inventory(session, found)
    except CertkitError as error:
        yield of_error("certificates", error)
        return
    yield from _unseen(inventory)
    findings = list(of_certificates(inventory, found.certificates, _renewed_by(ledger), every))
    yield from findings
    count = sum(one.summary.in_use for one in inventory.certificates)
    if not findings and inventory.is_complete:
        yield Check("certificates", State.OK, f"in use: {count}; each imported one is a job's, and none is overdue")


def _metric(cloud: Cloud, name: str, every: dt.timedelta, now: dt.datetime) -> Check:
    datum = aws.Datum(HEARTBEAT, 1, (("Job", name),))
    try:
        window = aws.Window(now - every * LATE, now + aws.HOUR)  # the end itself does not count
        last = aws.last_metric(cloud.aws, cloud.aws.home_region, NAMESPACE, datum, window)
    except CertkitError as error:
        return of_error(f"metric {name}", error)
    return of_metric(name, last, every)


def _inventory(session: Session, found: Manifest) -> Inventory:
    """Returns what is in ACM wherever the manifest sends anything, each account once."""
    scopes = [Scope(accounts=(ALL,))] if found.accounts else []
    if not all(spec.accounts for spec in found.certificates):
        scopes.append(Scope())
    seen = [callers.survey(session, scope, found)[0] for scope in scopes]
    certificates = {one.place: one for inventory in seen for one in inventory.certificates}
    coverage = {(one.account, one.region): one for inventory in seen for one in inventory.coverage}
    listed = sorted(certificates.values(), key=soonest_first)
    return Inventory(tuple(listed), tuple(coverage.values()), session.clock())


def _unseen(inventory: Inventory) -> Iterator[Check]:
    for line in problems(inventory):
        yield Check("certificates", State.UNKNOWN, line)


def _renewed_by(ledger: Ledger) -> Mapping[str, str]:
    """Returns by ARN the job's command that wrote there last, where one did."""
    last: dict[str, Entry] = {}
    for entry in ledger.entries():
        if entry.arn and entry.sha256 and entry.outcome is Outcome.DONE:
            last[entry.arn] = entry
    return {arn: entry.command for arn, entry in last.items() if entry.command in JOB_COMMANDS}
