"""The wiring of `adopt ARN`: the certificate is wanted as it stands, under a name, so that only tags can change."""

from certkit import tags
from certkit.aws.acm import Acm
from certkit.bundle import Bundle
from certkit.cli import accounts, arns, conduct, configuration, deploying
from certkit.cli.accounts import Presence
from certkit.cli.cloud import Cloud
from certkit.cli.deploying import Want
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import AmbiguousError, CertkitError, UsageError
from certkit.plan import Desired, plan_of
from certkit.record import IMPORTED, CertificateRecord
from certkit.report import adopt as report
from certkit.report import imports
from certkit.report import plan as plan_report
from certkit.target import Failure


def adopt_one(
    session: Session, arn: str, name: str, config: str | None, output_format: OutputFormat, *, is_dry: bool
) -> int:
    """Tags one certificate and returns the exit code.

    Raises:
        UsageError: it is none that can be adopted.
        AmbiguousError: it has another name, or another certificate has this one.
        CertkitError: AWS refuses, or does not answer.
    """
    tags.check_name(name)
    region = arns.check_arn(arn).region
    cloud = Cloud(session)
    presence = _present_at(cloud, arn, config)
    want = want_as_it_is(Acm(presence.aws, region), presence.identity.arn, arn, name)
    deploying.announce(session, [want])
    behaviour = conduct.writing(session, "adopt", "certkit adopt --dry-run", cloud.aws)
    step = deploying.decide(behaviour, want)
    if isinstance(step.decision, Failure):
        raise step.decision.error
    if is_dry:
        plan = plan_of([step.decision])
        return _show(session, plan_report.text(plan), plan_report.document(plan), output_format)
    deploying.check_read_only(behaviour, [step])
    outcome = deploying.carry_out(behaviour, step)
    if outcome.error:
        raise outcome.error
    return _show(session, imports.text(outcome), report.document([(outcome, ())]), output_format)


def _present_at(cloud: Cloud, arn: str, config: str | None) -> Presence:
    """Returns the caller in the ARN's account: by the role that the configuration names for it, where it names one."""
    place = arns.check_arn(arn)
    found = configuration.find(config)
    account = next((one for one in found.accounts if one.id == place.account), None) if found else None
    presence = accounts.enter(cloud, [account], place.region)[account]
    if isinstance(presence, CertkitError):
        raise presence
    arns.check_account(arn, presence.identity)
    return presence


def want_as_it_is(acm: Acm, caller: str, arn: str, name: str) -> Want:
    """Returns what is to be there: what is, under a name.

    Raises:
        UsageError: it is not there, or was not imported.
        AmbiguousError: it has another name.
    """
    held = acm.record(arn)
    if held.kind != IMPORTED:
        raise UsageError(f"{arn} is of type {held.kind}, and only an imported one can be adopted")
    if held.name not in {None, name}:
        raise AmbiguousError(
            f"{arn} is called {held.name!r} already",
            hint="adopt it by that name, or take its tag certkit:name off first",
        )
    place = arns.check_arn(arn)
    return Want(acm, caller, Desired(name, arn, place.account, place.region, _bundle(held), {}))


def _bundle(held: CertificateRecord) -> Bundle:
    """Returns what ACM holds, as a bundle without a key: it can be compared, and never sent."""
    return Bundle(held.leaf, held.chain, None, None, is_complete=False, was_reordered=False, dropped=(), notes=())


def _show(session: Session, text: str, document: dict[str, object], output_format: OutputFormat) -> int:
    if output_format is OutputFormat.JSON:
        session.show_document(document)
    else:
        session.show(text)
    return 0
