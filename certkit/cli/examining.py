"""The wiring of `doctor`: asks everything that a run would, one thing after the other, whatever the others say."""

from collections.abc import Iterator, Sequence
from functools import partial

from certkit.aws import survey
from certkit.aws.acm import Acm
from certkit.aws.sessions import Identity
from certkit.cli import accounts, configuration, simulating, vouching
from certkit.cli.cloud import Cloud
from certkit.cli.ledgers import open_ledger, table_of
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.doctor import Check, State, exit_code, of_clock, of_error, of_permissions, of_quota
from certkit.errors import AwsError, CertkitError
from certkit.manifest import Manifest
from certkit.policy import Role, Scope, statements
from certkit.record import IMPORTED
from certkit.report import doctor as report
from certkit.state import check_writable, state_folder


def examine(session: Session, role: str, config: str | None, output_format: OutputFormat) -> int:
    """Shows what was found out and returns the exit code.

    Raises:
        UsageError: the options contradict each other.
    """
    checks = list(_checks(session, Role(role), config))
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(checks, session.clock()))
    else:
        session.show(report.text(checks))
    return exit_code(checks)


def _checks(session: Session, role: Role, config: str | None) -> Iterator[Check]:
    manifest: Manifest | None = None
    try:
        manifest = configuration.find(config)
        count = len(manifest.certificates) if manifest else 0
        yield Check("manifest", State.OK, f"{manifest.path}: certificates: {count}" if manifest else "there is none")
    except CertkitError as error:
        yield of_error("manifest", error, State.FAIL)
    yield _state(session)
    cloud = Cloud(session, configuration.regions(manifest))
    regions = cloud.regions_to_read()
    yield Check("region", State.OK, f"{', '.join(regions)}: {_origin(session, manifest)}")
    yield _clock(session, cloud, regions[0])
    try:
        identity = cloud.identity(regions[0])
    except AwsError as error:
        yield of_error("identity", error)
        return
    yield Check("identity", State.OK, f"{identity.arn} in account {identity.account}")
    yield from _accounts(cloud, manifest, regions[0])
    scope = Scope(identity.account, tuple(regions), table_of(session))
    yield simulating.ask(
        cloud, identity, regions[0], "permissions", statements(role, scope), partial(of_permissions, role.value)
    )
    for region in regions:
        yield _quota(cloud, region)
    yield _ledger(session, cloud, identity, regions)
    yield from vouching.vouch(session, cloud, manifest.escrow if manifest else None, identity, role)


def _state(session: Session) -> Check:
    try:
        folder = state_folder(session.environment)
        check_writable(folder)
    except CertkitError as error:
        return of_error("state", error, State.FAIL)
    return Check("state", State.OK, f"{folder} can be written")


def _origin(session: Session, manifest: Manifest | None) -> str:
    """Returns where the regions come from, the strongest first, as `Cloud.regions` has it."""
    if session.aws_options.region:
        return "from --region"
    if manifest and manifest.regions:
        return f"from {manifest.path}"
    return "from CERTKIT_REGION" if session.environment.get("CERTKIT_REGION") else "by default"


def _clock(session: Session, cloud: Cloud, region: str) -> Check:
    try:
        theirs = survey.server_time(cloud.aws, region)
    except CertkitError as error:
        return of_error("clock", error)
    return of_clock(session.clock(), theirs)


def _accounts(cloud: Cloud, manifest: Manifest | None, region: str) -> Iterator[Check]:
    """Yields a check for each account of the manifest that takes a role."""
    wanted = [account for account in (manifest.accounts if manifest else ()) if account.role]
    for account, found in accounts.enter(cloud, wanted, region).items() if wanted else ():
        about = f"account {account.name if account else ''}"
        if isinstance(found, CertkitError):
            yield of_error(about, found, State.FAIL)
        else:
            yield Check(about, State.OK, f"{found.identity.arn} in account {found.identity.account}")


def _quota(cloud: Cloud, region: str) -> Check:
    try:
        count = sum(summary.kind == IMPORTED for summary in Acm(cloud.aws, region).summaries())
    except CertkitError as error:
        return of_error(f"quota {region}", error)
    try:
        quota = survey.imported_quota(cloud.aws, region)
    except CertkitError:
        quota = None  # the documented default counts, and the check says so
    return of_quota(region, count, quota)


def _ledger(session: Session, cloud: Cloud, identity: Identity, regions: Sequence[str]) -> Check:
    try:
        ledger = open_ledger(session, cloud.aws)
        count = sum(1 for _ in ledger.entries())
        unsettled = sum(len(ledger.open_intents(identity.account, region)) for region in regions)
    except CertkitError as error:
        return of_error("ledger", error, State.FAIL)
    text = f"{ledger}: entries: {count}"
    if unsettled:
        hint = "the next run at those certificates finds out what came of them: certkit history"
        return Check("ledger", State.WARN, f"{text}, not settled: {unsettled}", hint)
    return Check("ledger", State.OK, text)
