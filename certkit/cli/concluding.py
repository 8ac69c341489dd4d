"""The wiring of a renewal job's second half: what is newer goes to ACM, hooks run, and it is told and written down."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from certkit import renew
from certkit.cli import deploying, manifests
from certkit.cli.conduct import Conduct
from certkit.cli.deploying import Step
from certkit.cli.errands import Errands
from certkit.cli.manifests import Order, Prepared
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import CertkitError
from certkit.manifest import CertificateSpec, Manifest
from certkit.renew import Course, Row
from certkit.report import imports as report
from certkit.report import renew as words
from certkit.report.imports import Told
from certkit.target import Failure


@dataclass(frozen=True, slots=True)
class Job:
    """One run over some certificates of a manifest.

    Attributes:
        specs: the certificates that are meant.
        conduct: how it writes to ACM and to the ledger.
    """

    session: Session
    order: Order
    manifest: Manifest
    specs: tuple[CertificateSpec, ...]
    conduct: Conduct

    @property
    def errands(self) -> Errands:
        """What runs the programs that the manifest names."""
        return Errands(self.session, self.manifest)


def finish(job: Job, courses: Mapping[str, Course], output_format: OutputFormat) -> int:
    """Applies, has the hooks run, tells and writes down what came of it, and returns the exit code.

    Args:
        courses: how each certificate's own command has gone.

    Raises:
        CertkitError: nothing could be decided at all; the hooks for failures have run.
    """
    try:
        prepared = manifests.prepare(job.session, job.manifest, job.order, lambda _: job.conduct)
    except CertkitError as error:
        for spec in job.specs:
            _call(job, job.errands.failed, spec, error)
        raise
    told, is_good = _told(job, prepared, courses, output_format)
    if output_format is OutputFormat.JSON:
        job.session.show_document(report.document(renew.ACTION, told))
    _beat(job, prepared, words.summary(row for row, _ in told), is_good=is_good)
    return 0 if is_good else CertkitError.exit_code


def _told(
    job: Job, prepared: Prepared, courses: Mapping[str, Course], output_format: OutputFormat
) -> tuple[list[Told], bool]:
    """Returns what came of everything, in text shown as it comes, and whether all of it went well."""
    told: list[Told] = []
    is_good = True
    for rows, error in _certificates(job, prepared, courses):
        told += rows
        is_good = is_good and not error and not renew.failed(row for row, _ in rows)
        if output_format is OutputFormat.TEXT:
            for row, _ in rows:
                job.session.show(report.text(row))
    return told, is_good


def _certificates(
    job: Job, prepared: Prepared, courses: Mapping[str, Course]
) -> Iterator[tuple[list[Told], CertkitError | None]]:
    """Yields what came of each certificate everywhere, once its hooks have run, and why its command or a hook failed."""
    specs = {spec.name: spec for spec in job.specs}
    begun = _begun(job, prepared, courses)
    for name, group in groupby(_outcomes(prepared, _steps(job, prepared, begun)), key=lambda told: _name(told[0])):
        spec, course, now = specs[name], begun[name], job.session.clock()
        rows = [(renew.settle(row, course, spec.renewal.when, now), warnings) for row, warnings in group]
        error = _attend(job, spec, course, [row for row, _ in rows])
        if error:
            rows = [(renew.warned(row, error.message), warnings) for row, warnings in rows]
        yield rows, course.error or error


def _begun(job: Job, prepared: Prepared, courses: Mapping[str, Course]) -> dict[str, Course]:
    """Runs `pre` for what will be written and has had no command of its own, and returns how everything goes."""
    held = _held(job, prepared)
    writing = {step.want.desired.name for step in prepared.steps if step.is_write} - held.keys()
    begun = dict(courses)
    for spec in job.specs:
        if spec.name in writing and begun[spec.name] == Course():
            error = _call(job, job.errands.before, spec)
            begun[spec.name] = Course(is_begun=False, error=error, is_held=error is not None)
    return begun


def _steps(job: Job, prepared: Prepared, courses: Mapping[str, Course]) -> list[Step]:
    """Returns the steps, those as failures that must not be carried out."""
    held: dict[str, CertkitError] = dict(_held(job, prepared))
    held |= {name: course.error for name, course in courses.items() if course.is_held and course.error}
    return [_stopped(step, held.get(step.want.desired.name or "")) for step in prepared.steps]


def _held(job: Job, prepared: Prepared) -> Mapping[str, CertkitError]:
    return renew.held_back(prepared.decisions, {spec.name: spec.renewal.allowed for spec in job.specs})


def _stopped(step: Step, error: CertkitError | None) -> Step:
    return replace(step, decision=renew.stop(step.decision, error), copies=()) if error else step


def _outcomes(prepared: Prepared, steps: Sequence[Step]) -> Iterator[Told]:
    """Yields what failed before and what comes of the steps, in the order of names."""
    failed: Iterator[Told] = ((failure, ()) for failure in sorted(prepared.failures, key=_name))
    done: Iterator[Told] = ((row, step.want.warnings) for step, row in deploying.carry_out_all(prepared.conduct, steps))
    return heapq.merge(failed, done, key=lambda told: _name(told[0]))


def _attend(job: Job, spec: CertificateSpec, course: Course, rows: Sequence[Row]) -> CertkitError | None:
    """Runs `post` or `on_failure`, where there was a renewal or a failure; returns why the hook itself failed."""
    is_written = any(not isinstance(row, Failure) and row.action != "unchanged" for row in rows)
    why = next(iter(renew.failed(rows)), course.error)
    if why:
        return _call(job, job.errands.failed, spec, why)
    return _call(job, job.errands.after, spec, rows) if course.is_begun or is_written else None


def _call(job: Job, errand: Callable[..., None], *about: object) -> CertkitError | None:
    """Runs an errand; where it fails, says so and returns why: no certificate waits for another one's hook."""
    try:
        errand(*about)
    except CertkitError as error:
        job.session.report(error)
        return error
    return None


def _name(row: Row) -> str:
    return (row.name if isinstance(row, Failure) else row.desired.name) or ""


def _beat(job: Job, prepared: Prepared, detail: str, *, is_good: bool) -> None:
    """Writes down that the job ran; a job that cannot say so has run all the same."""
    session = job.session
    caller = next((step.want.caller for step in prepared.steps), "")
    session.say(f"certkit: renew: {detail}")
    try:
        job.conduct.ledger.write(renew.heartbeat(session.run, caller, session.clock(), detail=detail, is_good=is_good))
    except CertkitError as error:
        session.say(f"certkit: warning: the ledger does not say that this job ran: {error.message}")
