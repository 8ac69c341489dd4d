"""The wiring of the first half of `renew`: runs the commands that are due; `concluding` is the second, of `hook` too."""

import datetime as dt
from dataclasses import replace

from certkit import renew
from certkit.bundle import Bundle
from certkit.cli import concluding, conduct, manifests, planning
from certkit.cli.cloud import Cloud
from certkit.cli.concluding import Job
from certkit.cli.options import OutputFormat
from certkit.cli.order import Order, chosen, load
from certkit.cli.session import Session
from certkit.errors import CertkitError, UsageError
from certkit.expiry import parse_threshold
from certkit.manifest import CertificateSpec, Manifest
from certkit.renew import Course
from certkit.waves import Limit

_INSTEAD = "certkit renew --dry-run"


def run(
    session: Session,
    order: Order,
    output_format: OutputFormat,
    limit: Limit | None = None,
    *,
    jitter: str | None = None,
) -> int:
    """Runs the commands that are due, applies what is newer than what ACM holds, and returns the exit code.

    Raises:
        ReadOnlyError: CERTKIT_READ_ONLY forbids every write; nothing was run.
        CertkitError: the manifest cannot be used, or AWS cannot be reached at all.
    """
    most = _most(jitter)
    job = replace(_job(session, order), limit=limit)
    if most:
        seconds = renew.delay_seconds(session.run, most)
        session.say(f"certkit: waiting {seconds:.0f} s of {most.total_seconds():.0f} before it begins")
        session.sleep(seconds)
    return concluding.finish(job, {spec.name: _renewed(job, spec) for spec in job.specs}, output_format)


def deploy(session: Session, order: Order, output_format: OutputFormat) -> int:
    """Does what `run` does without any renewal command: somebody has just renewed it, and calls.

    Raises:
        CertkitError: as `run`.
    """
    job = _job(session, order)
    return concluding.finish(job, {spec.name: Course() for spec in job.specs}, output_format)


def show(session: Session, order: Order, output_format: OutputFormat) -> int:
    """Says which commands are due, shows the plan for what is there now, and returns the exit code. Nothing is run.

    Raises:
        CertkitError: the manifest cannot be used, or AWS cannot be reached at all.
    """
    manifest = load(order)
    for spec in chosen(manifest, order):
        if _is_due(session, manifest, spec):
            session.say(f"certkit: {spec.name}: would run {' '.join(spec.renewal.command)}")
    return planning.show(session, order, output_format, counts=False)


def _job(session: Session, order: Order) -> Job:
    manifest = load(order)
    specs = chosen(manifest, order)
    conduct.check_may_write(session, _INSTEAD)
    behave = conduct.writing(session, renew.ACTION, _INSTEAD, Cloud(session, manifest.regions).aws)
    return Job(session, order, manifest, specs, behave)


def _most(jitter: str | None) -> dt.timedelta | None:
    if jitter is None:
        return None
    try:
        left = parse_threshold(jitter).left
    except UsageError as error:
        raise UsageError(f"--jitter {error.message}", hint="give a time, such as 10m") from error
    if left is None:
        raise UsageError(f"--jitter {jitter!r} is no time", hint="give a time, such as 10m")
    return left


def _renewed(job: Job, spec: CertificateSpec) -> Course:
    """Runs `pre` and the command of one certificate where it is due; what fails is that certificate's alone."""
    if not spec.renewal.command:
        return Course()
    seconds = job.session.ledger_options.lock_timeout
    course = Course()
    try:
        with job.conduct.ledger.lock(f"{renew.ACTION}/{spec.name}", job.session.run, seconds):
            if not _is_due(job.session, job.manifest, spec):
                return course
            course = Course(is_held=True)
            job.errands.before(spec)
            course = Course(is_begun=True)
            job.errands.renew(spec)
    except CertkitError as error:
        return replace(course, error=error)
    return course


def _is_due(session: Session, manifest: Manifest, spec: CertificateSpec) -> bool:
    """Tells whether a certificate's command is to be run now; what is due and waits for the end of a freeze, says so."""
    if not spec.renewal.command:
        return False
    source, now = _source(session, spec), session.clock()
    if not renew.is_due(spec.renewal.when, source, now):
        return False
    freeze = renew.frozen_by(manifest.freezes, spec, source, now)
    if freeze:
        session.say(f"certkit: {spec.name}: renew_command is due, and {freeze}")
    return freeze is None


def _source(session: Session, spec: CertificateSpec) -> Bundle | CertkitError:
    try:
        return manifests.read(session, spec.origin)
    except CertkitError as error:
        return error
