"""The wiring of `plan`."""

from certkit.cli import conduct, deploying, rolling
from certkit.cli.manifests import prepare
from certkit.cli.options import OutputFormat
from certkit.cli.order import Order, load
from certkit.cli.session import Session
from certkit.errors import CertkitError
from certkit.report import plan as report
from certkit.target import split
from certkit.unsafe import unsafe


def show(session: Session, order: Order, output_format: OutputFormat, *, counts: bool) -> int:
    """Shows the plan and returns the exit code.

    Args:
        counts: whether pending changes make it 1.

    Raises:
        CertkitError: the manifest cannot be used, or AWS cannot be reached at all.
    """
    manifest = load(order)
    prepared = prepare(session, manifest, order, lambda cloud: conduct.looking(session, "plan", cloud.aws))
    plan, failures = split(prepared.decisions)
    dangers = unsafe(prepared.decisions)
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(plan, failures))
        for danger in dangers:
            session.say(f"certkit: unsafe: {report.danger_line(danger)}")
        for line in report.held_lines(plan):
            session.say(f"certkit: {line}")
    else:
        session.show(report.review(plan, failures, dangers))
    deploying.tell_copies(session, prepared.steps)
    rolling.tell_frozen(session, manifest.freezes, prepared.steps)
    if failures:
        return CertkitError.exit_code
    return int(counts and any(step.is_write for step in prepared.steps))
