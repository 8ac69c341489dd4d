"""The wiring of `import`: judged here, planned and applied by the library, region by region."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from certkit import tags
from certkit.apply import Patience, Result, apply_action
from certkit.aws.acm import Acm
from certkit.bundle import Bundle
from certkit.cli import wiring
from certkit.cli import wish as wishes
from certkit.cli.cloud import Cloud
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.cli.wish import Wish
from certkit.errors import CertkitError, NotImportableError, ReadOnlyError
from certkit.observe import observe
from certkit.plan import Action, Desired, Nothing, Observed, make_plan, wanted_tags
from certkit.report import imports as report
from certkit.report import plan as plan_report
from certkit.report.validate import finding_text
from certkit.rules import Finding, Severity, judge, services
from certkit.validate import candidate_of

_PATIENT_SECONDS: Final = 600.0
_OFF: Final = frozenset({"", "0"})
"""The values of CERTKIT_READ_ONLY that allow writing; every other one forbids it, mistyped ones too."""


@dataclass(frozen=True, slots=True)
class Target:
    """One region: what is desired there, and what was found, or why it could not be looked at.

    Attributes:
        warnings: what the rules found in what is to be sent.
    """

    acm: Acm
    desired: Desired
    observed: Observed | CertkitError
    warnings: tuple[str, ...]


def observe_all(session: Session, wish: Wish) -> list[Target]:
    """Reads and judges the bundle, then looks at every region that it is for. Nothing is written.

    Raises:
        UsageError: the options contradict each other.
        NotImportableError: a rule says that ACM would refuse it; AWS has not been asked anything.
        CertkitError: the bundle cannot be read, or AWS does not say who the caller is.
    """
    own_tags = wishes.check(wish)
    bundle = wiring.read_bundle(session, wish.source, wiring.reading(session, [wish.source], needs_key=True))
    cloud = Cloud(session)
    regions = wishes.regions_of(cloud, wish)
    warnings = _judge(session, wish, bundle, regions)
    drafts = [Desired(wish.name, wish.arn, "", region, bundle, own_tags) for region in regions]
    tags.check(wanted_tags(drafts[0]))
    identity = cloud.identity(regions[0])
    wishes.check_account(wish, identity)
    session.say(f"certkit: account {identity.account}, {', '.join(regions)}, as {identity.arn}")
    desired = [replace(draft, account=identity.account) for draft in drafts]
    return [_observe(session, Acm(cloud.aws, one.region), one, warnings) for one in desired]


def show_plan(session: Session, targets: Sequence[Target], output_format: OutputFormat) -> int:
    """Shows what would be done.

    Raises:
        CertkitError: a region cannot be looked at, or has no plan.
    """
    plan = make_plan((target.desired, _seen(target)) for target in targets)
    if output_format is OutputFormat.JSON:
        session.show_document(plan_report.document(plan))
    else:
        session.show(plan_report.text(plan))
    return 0


def carry_out(session: Session, wish: Wish, targets: Sequence[Target], output_format: OutputFormat) -> int:
    """Plans and applies, one region after another; of several regions, one that fails does not stop the rest.

    Raises:
        ReadOnlyError: something would be written, and CERTKIT_READ_ONLY forbids it.
        CertkitError: the only region failed.
    """
    steps = [(target, _decide(target)) for target in sorted(targets, key=lambda target: target.desired.region)]
    _check_read_only(session, [step for _, step in steps])
    patience = Patience(_PATIENT_SECONDS) if wish.is_patient else Patience()
    results = []
    for result, warnings in _apply(steps, patience):
        if result.error and len(steps) == 1:
            raise result.error
        results.append((result, warnings))
        if output_format is OutputFormat.TEXT:
            session.show(report.text(result))
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(results))
    return CertkitError.exit_code if any(result.error for result, _ in results) else 0


def _judge(session: Session, wish: Wish, bundle: Bundle, regions: Sequence[str]) -> tuple[str, ...]:
    """Shows what the rules find, and returns the warnings.

    Raises:
        NotImportableError: an error that is not ignored.
    """
    candidate = candidate_of(bundle, session.clock())
    findings = [*judge(candidate), *services.findings(wish.service, candidate, regions)]
    counted = [finding for finding in findings if finding.rule not in wish.ignore]
    errors = [finding for finding in counted if finding.severity is Severity.ERROR]
    if errors:
        raise _not_importable(wish.source, errors)
    for finding in counted:
        session.say("certkit: " + finding_text(finding).splitlines()[0].strip())
    ignored = [f"{finding.rule} ignored: {wish.reason}" for finding in findings if finding.rule in wish.ignore]
    return tuple([f"{finding.rule}: {finding.part}: {finding.message}" for finding in counted] + ignored)


def _not_importable(source: str, errors: Sequence[Finding]) -> NotImportableError:
    first = errors[0]
    more = f" (and {len(errors) - 1} more: certkit validate shows all)" if len(errors) > 1 else ""
    return NotImportableError(f"{source}: {first.part}: {first.message} [{first.rule}]{more}", hint=first.hint)


def _observe(session: Session, acm: Acm, desired: Desired, warnings: tuple[str, ...]) -> Target:
    """Looks at one region; why that fails is kept, for the other regions' sake."""
    try:
        return Target(acm, desired, observe(acm, desired, session.clock()), warnings)
    except CertkitError as error:
        return Target(acm, desired, error, warnings)


def _seen(target: Target) -> Observed:
    if isinstance(target.observed, CertkitError):
        raise target.observed
    return target.observed


def _decide(target: Target) -> Action | CertkitError:
    """Returns what is to be done in one region, or why that cannot be said."""
    try:
        return make_plan([(target.desired, _seen(target))]).actions[0]
    except CertkitError as error:
        return error


def _check_read_only(session: Session, steps: Sequence[Action | CertkitError]) -> None:
    setting = session.environment.get("CERTKIT_READ_ONLY", "")
    writes = [step for step in steps if not isinstance(step, Nothing | CertkitError)]
    if writes and setting not in _OFF:
        raise ReadOnlyError(
            f"CERTKIT_READ_ONLY={setting} forbids every write", hint="certkit import --dry-run shows what would be done"
        )


def _apply(
    steps: Sequence[tuple[Target, Action | CertkitError]], patience: Patience
) -> Iterator[tuple[Result, tuple[str, ...]]]:
    for target, step in steps:
        if isinstance(step, CertkitError):
            yield Result(target.desired, "failed", target.desired.arn, None, error=step), target.warnings
        else:
            yield apply_action(target.acm, step, patience), target.warnings
