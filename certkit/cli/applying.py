"""The wiring of `apply`: a plan is made again, held against what was agreed to, and carried out."""

from collections.abc import Sequence
from dataclasses import dataclass

from certkit.cli import conduct, deploying, heartbeats, proving, rolling
from certkit.cli.heartbeats import Beat
from certkit.cli.manifests import Prepared, prepare
from certkit.cli.options import OutputFormat
from certkit.cli.order import Order, load
from certkit.cli.session import Session
from certkit.errors import PlanChangedError
from certkit.manifest import Manifest
from certkit.report import imports as report
from certkit.report.imports import Told
from certkit.report.plan import danger_line
from certkit.report.renew import summary
from certkit.target import split
from certkit.unsafe import check_allowed, unsafe
from certkit.waves import Limit

_COMMAND = "apply"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the user agreed to.

    Attributes:
        digest: that of the plan that was reviewed, None where any will do.
        limit: the failures that stop what has not begun, in place of what the manifest says.
    """

    digest: str | None
    limit: Limit | None = None


def run(session: Session, order: Order, consent: Consent, output_format: OutputFormat, *, is_patient: bool) -> int:
    """Plans again, checks that this is what was agreed to, carries it out, and returns the exit code.

    Raises:
        UnsafeError, PlanChangedError, ReadOnlyError: nothing was written.
        CertkitError: the manifest cannot be used, or AWS cannot be reached at all.
    """
    manifest = load(order)
    prepared = prepare(
        session,
        manifest,
        order,
        lambda cloud: conduct.writing(session, _COMMAND, "certkit plan", cloud.aws, is_patient=is_patient),
    )
    _check(session, prepared, order, consent)
    outcomes = []
    for outcome, warnings in rolling.carry_out(prepared, manifest, prepared.steps, consent.limit):
        outcomes.append((outcome, warnings))
        if output_format is OutputFormat.TEXT:
            session.show(report.text(outcome))
    return _conclude(session, manifest, order, prepared, outcomes, output_format)


def _conclude(
    session: Session,
    manifest: Manifest,
    order: Order,
    prepared: Prepared,
    outcomes: Sequence[Told],
    output_format: OutputFormat,
) -> int:
    """Sees what is served now, tells it, and returns the exit code."""
    rows, caller = [row for row, _ in outcomes], next((step.want.caller for step in prepared.steps), "")
    proofs = proving.prove_specs(prepared, manifest.certificates, rows, derives=order.verifies)
    detail, failures = proving.summary(summary(rows), proofs), sum(row.error is not None for row in rows)
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(_COMMAND, outcomes, proofs))
    else:
        proving.show(session, proofs)
        session.show(f"{_COMMAND}: {detail}")
    code = proving.exit_code(proofs, is_good=not failures)
    is_whole = not order.only and not order.accounts
    beat = Beat(_COMMAND, is_whole, caller, detail, failures, is_good=code == 0)
    heartbeats.leave(session, prepared.conduct.ledger, manifest, beat)
    return code


def _check(session: Session, prepared: Prepared, order: Order, consent: Consent) -> None:
    plan, _ = split(prepared.decisions)
    dangers = unsafe(prepared.decisions)
    if consent.digest is not None and consent.digest != plan.digest:
        raise PlanChangedError(
            f"the plan has the digest {plan.digest}, not the one that was reviewed; nothing was written",
            hint="run certkit plan again, with the same options, and review it",
        )
    check_allowed(dangers, order.allowed)
    deploying.check_read_only(prepared.conduct, prepared.steps)
    for danger in dangers:
        session.say(f"certkit: allowed: {danger_line(danger)}")
