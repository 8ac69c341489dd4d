"""The wiring of `apply`."""

from collections.abc import Iterator
from dataclasses import dataclass

from certkit.cli import conduct, deploying
from certkit.cli.manifests import Order, Prepared, load, prepare
from certkit.cli.options import OutputFormat
from certkit.cli.progress import track
from certkit.cli.session import Session
from certkit.errors import CertkitError, PlanChangedError, UsageError
from certkit.report import imports as report
from certkit.report.imports import Told
from certkit.report.plan import danger_line
from certkit.report.renew import summary
from certkit.selection import nearest
from certkit.target import Failure, split
from certkit.unsafe import check_allowed, unsafe

_COMMAND = "apply"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the user agreed to.

    Attributes:
        digest: that of the plan that was reviewed, None where any will do.
        allowed: the names of the certificates whose dangers are known.
    """

    digest: str | None
    allowed: tuple[str, ...]


def run(session: Session, order: Order, consent: Consent, output_format: OutputFormat, *, is_patient: bool) -> int:
    """Plans again, checks that this is what was agreed to, carries it out, and returns the exit code.

    Raises:
        UnsafeError, PlanChangedError, ReadOnlyError: nothing was written.
        CertkitError: the manifest cannot be used, or AWS cannot be reached at all.
    """
    prepared = prepare(
        session,
        load(order),
        order,
        lambda cloud: conduct.writing(session, _COMMAND, "certkit plan", cloud.aws, is_patient=is_patient),
    )
    _check(session, prepared, consent)
    outcomes = []
    for outcome, warnings in _carried_out(session, prepared):
        outcomes.append((outcome, warnings))
        if output_format is OutputFormat.TEXT:
            session.show(report.text(outcome))
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(_COMMAND, outcomes))
    else:
        session.show(f"{_COMMAND}: {summary(outcome for outcome, _ in outcomes)}")
    return CertkitError.exit_code if any(outcome.error for outcome, _ in outcomes) else 0


def _carried_out(session: Session, prepared: Prepared) -> Iterator[Told]:
    """Yields what failed before, then what comes of everything else."""
    yield from ((failed, ()) for failed in prepared.failures)
    done = deploying.carry_out_all(prepared.conduct, prepared.steps)
    for step, outcome in track(session, done, len(prepared.steps), "certificates"):
        yield outcome, step.want.warnings


def _check(session: Session, prepared: Prepared, consent: Consent) -> None:
    plan, _ = split(prepared.decisions)
    dangers = unsafe(prepared.decisions)
    names = [
        decision.name if isinstance(decision, Failure) else decision.desired.name for decision in prepared.decisions
    ]
    for name in consent.allowed:
        if name not in names:
            hint = nearest(name, filter(None, names), "the plan names them")
            raise UsageError(f"--allow {name!r}: the plan has no such certificate", hint=hint)
    if consent.digest is not None and consent.digest != plan.digest:
        raise PlanChangedError(
            f"the plan has the digest {plan.digest}, not the one that was reviewed; nothing was written",
            hint="run certkit plan again, with the same options, and review it",
        )
    check_allowed(dangers, consent.allowed)
    deploying.check_read_only(prepared.conduct, prepared.steps)
    for danger in dangers:
        session.say(f"certkit: allowed: {danger_line(danger)}")
