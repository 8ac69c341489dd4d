"""The wiring of a job's heartbeat: in the ledger, in CloudWatch, and by a call to somewhere outside the account."""

from dataclasses import dataclass

from certkit import renew
from certkit.cli.cloud import Cloud
from certkit.cli.session import Session
from certkit.errors import CertkitError
from certkit.ledger import Ledger
from certkit.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Beat:
    """One run that has come to its end.

    Attributes:
        command: what was run.
        is_whole: whether it was over all certificates of the manifest, and so is the job itself.
        caller: the ARN of the caller's identity, empty where nobody knows it.
        detail: the counts of what came of it, or why nothing did.
        failures: how many certificates failed, in all their places.
    """

    command: str
    is_whole: bool
    caller: str
    detail: str
    failures: int
    is_good: bool


def leave(session: Session, ledger: Ledger, manifest: Manifest, beat: Beat) -> None:
    """Leaves the heartbeat of a run. What cannot be left is a warning: the job has run all the same.

    Only the job itself counts for whoever waits for it: a hook, or a run over some certificates, would hide its silence. An
    `apply` that is no job leaves nothing: a person runs it, and looks.
    """
    is_job = beat.is_whole and beat.command == manifest.job.command
    if not is_job and beat.command != renew.ACTION:
        return
    name = manifest.job.name if is_job else None
    entry = renew.heartbeat(
        session.run, beat.caller, session.clock(), detail=beat.detail, is_good=beat.is_good, job=name
    )
    try:
        ledger.write(entry)
    except CertkitError as error:
        session.warn(f"the ledger does not say that this job ran: {error.message}")
    if is_job and manifest.job.heartbeat:
        _measure(session, manifest, beat)
    if is_job and manifest.job.ping:
        _ping(session, manifest, manifest.job.ping, is_good=beat.is_good)


def _measure(session: Session, manifest: Manifest, beat: Beat) -> None:
    from certkit.aws import telling as aws
    from certkit.notify import metrics

    data = [aws.Datum(one.name, one.value, one.dimensions) for one in metrics.of_job(manifest.job.name, beat.failures)]
    try:
        session_of_aws = Cloud(session, manifest.regions).aws
        aws.put_metrics(session_of_aws, session_of_aws.home_region, metrics.NAMESPACE, data, session.clock())
    except CertkitError as error:
        session.warn(f"CloudWatch does not say that this job ran: {error.message}")


def _ping(session: Session, manifest: Manifest, form: str, *, is_good: bool) -> None:
    from certkit.cli.channels import secret
    from certkit.notify.webhook import Webhook

    called = "the ping"
    try:
        address = secret(session, form, called)
        Webhook(manifest.telling.allows_private).ping(address, called, is_good=is_good)
    except CertkitError as error:
        session.warn(error.message)
