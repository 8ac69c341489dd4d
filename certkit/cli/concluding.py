"""The wiring of a renewal job's second half: what is newer goes to ACM, hooks run, and it is told and written down."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from certkit import renew
from certkit.apply import Row
from certkit.cli import heartbeats, manifests, owners, proving, rolling
from certkit.cli.conduct import Conduct
from certkit.cli.deploying import Step
from certkit.cli.errands import Errands
from certkit.cli.heartbeats import Beat
from certkit.cli.manifests import Prepared
from certkit.cli.options import OutputFormat
from certkit.cli.order import Order
from certkit.cli.session import Session
from certkit.errors import CertkitError
from certkit.manifest import CertificateSpec, Manifest
from certkit.notify.outcome import Came
from certkit.renew import Course
from certkit.report import imports as report
from certkit.report import renew as words
from certkit.report.imports import Told
from certkit.rollout import frozen_by, name_of
from certkit.target import Failure, place
from certkit.waves import Limit


@dataclass(frozen=True, slots=True)
class Job:
    """One run over some certificates of a manifest.

    Attributes:
        specs: the certificates that are meant.
        conduct: how it writes to ACM and to the ledger.
        limit: the failures that stop what has not begun, in place of what the manifest says.
    """

    session: Session
    order: Order
    manifest: Manifest
    specs: tuple[CertificateSpec, ...]
    conduct: Conduct
    limit: Limit | None = None

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
        owners.tell(job.session, job.conduct.ledger, job.manifest, [Came(spec, (), error) for spec in job.specs])
        _beat(job, "", error.message, len(job.specs), is_good=False)
        raise
    told, is_good = _told(job, prepared, courses, output_format)
    rows, caller = [row for row, _ in told], next((step.want.caller for step in prepared.steps), "")
    proofs = proving.prove_specs(prepared, job.specs, rows, derives=job.order.verifies)
    if output_format is OutputFormat.JSON:
        job.session.show_document(report.document(renew.ACTION, told, proofs))
    else:
        proving.show(job.session, proofs)
    detail, code = proving.summary(words.summary(rows), proofs), proving.exit_code(proofs, is_good=is_good)
    job.session.say(f"certkit: renew: {detail}")
    _beat(job, caller, detail, len(renew.failed(rows)), is_good=code == 0)
    return code


def _told(
    job: Job, prepared: Prepared, courses: Mapping[str, Course], output_format: OutputFormat
) -> tuple[list[Told], bool]:
    """Returns what came of everything, in text shown as it comes, and whether all of it went well."""
    told: list[Told] = []
    came: list[Came] = []
    specs = {spec.name: spec for spec in job.specs}
    is_good = True
    for rows, error in _certificates(job, prepared, courses):
        told += rows
        is_good = is_good and not error and not renew.failed(row for row, _ in rows)
        came.append(Came(specs[name_of(rows[0][0])], tuple(row for row, _ in rows), error))
        if output_format is OutputFormat.TEXT:
            for row, _ in rows:
                job.session.show(report.text(row))
    owners.tell(job.session, job.conduct.ledger, job.manifest, came, prepared.steps)
    return told, is_good


def _certificates(
    job: Job, prepared: Prepared, courses: Mapping[str, Course]
) -> Iterator[tuple[list[Told], CertkitError | None]]:
    """Yields what came of each certificate everywhere, once its hooks have run, and why its command or a hook failed."""
    specs = {spec.name: spec for spec in job.specs}
    begun = _begun(job, prepared, courses)
    steps = _steps(job, prepared, begun)
    for name, group in _whole(rolling.carry_out(prepared, job.manifest, steps, job.limit), prepared):
        spec, course, now = specs[name], begun[name], job.session.clock()
        rows = [(renew.settle(row, course, spec.renewal.when, now), warnings) for row, warnings in group]
        error = _attend(job, spec, course, [row for row, _ in rows])
        if error:
            rows = [(renew.warned(row, error.message), warnings) for row, warnings in rows]
        yield rows, course.error or error


def _begun(job: Job, prepared: Prepared, courses: Mapping[str, Course]) -> dict[str, Course]:
    """Runs `pre` for what will be written without a renewal command before it, and returns how each certificate stands."""
    held = _held(job, prepared)
    writing = {step.want.desired.name for step in prepared.steps if _is_to_be_written(job, step)} - held.keys()
    begun = dict(courses)
    for spec in job.specs:
        if spec.name in writing and begun[spec.name] == Course():
            error = _call(job, job.errands.before, spec)
            begun[spec.name] = Course(is_begun=False, error=error, is_held=error is not None)
    return begun


def _is_to_be_written(job: Job, step: Step) -> bool:
    return step.is_write and not frozen_by(job.manifest.freezes, step.decision, job.session.clock())


def _steps(job: Job, prepared: Prepared, courses: Mapping[str, Course]) -> list[Step]:
    """Returns the steps; one that must not be carried out becomes a failure."""
    held: dict[str, CertkitError] = dict(_held(job, prepared))
    held |= {name: course.error for name, course in courses.items() if course.is_held and course.error}
    return [_stopped(step, held.get(step.want.desired.name or "")) for step in prepared.steps]


def _held(job: Job, prepared: Prepared) -> Mapping[str, CertkitError]:
    return renew.held_back(prepared.decisions, {spec.name: spec.renewal.allowed for spec in job.specs})


def _stopped(step: Step, error: CertkitError | None) -> Step:
    return replace(step, decision=renew.stop(step.decision, error), copies=()) if error else step


def _whole(outcomes: Iterable[Told], prepared: Prepared) -> Iterator[tuple[str, list[Told]]]:
    """Yields what came of each certificate once that is known of all its places, which may be many waves later."""
    left = Counter(place(decision)[0] for decision in prepared.decisions)
    told: dict[str, list[Told]] = defaultdict(list)
    for outcome in outcomes:
        name = name_of(outcome[0])
        told[name].append(outcome)
        if len(told[name]) == left[name]:
            yield name, told.pop(name)


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


def _beat(job: Job, caller: str, detail: str, failures: int, *, is_good: bool) -> None:
    is_whole = not job.order.only and not job.order.accounts
    beat = Beat(renew.ACTION, is_whole, caller, detail, failures, is_good)
    heartbeats.leave(job.session, job.conduct.ledger, job.manifest, beat)
