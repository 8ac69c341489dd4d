"""The wiring of `import`: judged here, planned and applied by the library, region by region."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from certkit import record, tags
from certkit.apply import Patience, Result, apply_action
from certkit.aws.acm import Acm
from certkit.bundle import Bundle
from certkit.cli import wiring
from certkit.cli.cloud import Cloud
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import CertkitError, NotImportableError, ReadOnlyError, UsageError
from certkit.observe import observe
from certkit.plan import Action, Desired, Nothing, Observed, make_plan, wanted_tags
from certkit.report import imports as report
from certkit.report import plan as plan_report
from certkit.report.validate import finding_text
from certkit.rules import RULES, Finding, Severity, judge, services
from certkit.validate import candidate_of

_PATIENT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked `import` for."""

    source: str
    name: str | None
    arn: str | None
    tags: tuple[str, ...]
    service: str | None
    ignore: tuple[str, ...]
    reason: str | None
    is_patient: bool


@dataclass(frozen=True, slots=True)
class Target:
    """One region with what is desired and what was found there, or why it could not be looked at."""

    acm: Acm
    desired: Desired
    observed: Observed
    warnings: tuple[str, ...]


def observe_all(session: Session, wish: Wish) -> list[Target]:
    """Reads and judges the bundle, then looks at every region that it is for. Nothing is written.

    Raises:
        UsageError: the options contradict each other.
        NotImportableError: a rule says that ACM would refuse it.
        CertkitError: the bundle cannot be read, or AWS does not answer.
    """
    own_tags = _check(wish)
    bundle = wiring.read_bundle(session, wish.source, wiring.reading(session, [wish.source], needs_key=True))
    cloud = Cloud(session)
    regions = _regions(cloud, wish)
    warnings = _judge(session, wish, bundle, regions)
    identity = cloud.identity()
    session.say(f"certkit: account {identity.account}, {', '.join(regions)}, as {identity.arn}")
    targets = []
    for region in regions:
        acm = Acm(cloud.aws, region)
        desired = Desired(wish.name, wish.arn, identity.account, region, bundle, own_tags)
        tags.check(wanted_tags(desired))
        targets.append(Target(acm, desired, observe(acm, desired, session.clock()), warnings))
    return targets


def show_plan(session: Session, targets: Sequence[Target], output_format: OutputFormat) -> int:
    """Shows what would be done."""
    plan = make_plan((target.desired, target.observed) for target in targets)
    if output_format is OutputFormat.JSON:
        session.show_document(plan_report.document(plan))
    else:
        session.show(plan_report.text(plan))
    return 0


def carry_out(session: Session, wish: Wish, targets: Sequence[Target], output_format: OutputFormat) -> int:
    """Plans and applies, one region after another; of several regions, one that fails does not stop the rest.

    Raises:
        CertkitError: the only region failed.
    """
    plan = make_plan((target.desired, target.observed) for target in targets)
    if session.environment.get("CERTKIT_READ_ONLY") == "1" and not all(
        isinstance(one, Nothing) for one in plan.actions
    ):
        raise ReadOnlyError(
            "CERTKIT_READ_ONLY=1 forbids every write", hint="certkit import --dry-run shows what would be done"
        )
    by_region = {target.desired.region: target for target in targets}
    patience = Patience(_PATIENT_SECONDS) if wish.is_patient else Patience()
    results = []
    for result in _apply(by_region, plan.actions, patience):
        results.append((result, by_region[result.desired.region].warnings))
        if output_format is OutputFormat.TEXT:
            session.show(report.text(*results[-1]))
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(results))
    return CertkitError.exit_code if any(result.error for result, _ in results) else 0


def _apply(targets: dict[str, Target], actions: Sequence[Action], patience: Patience) -> Iterator[Result]:
    for action in actions:
        try:
            yield apply_action(targets[action.desired.region].acm, action, patience)
        except CertkitError as error:
            if len(actions) == 1:
                raise
            yield Result(action.desired, "failed", None, None, error=error)


def _check(wish: Wish) -> dict[str, str]:
    """Returns the user's tags, once all that can be told without reading anything is right.

    Raises:
        UsageError: something is not.
    """
    if wish.name is None and wish.arn is None:
        raise UsageError("say what it is called", hint="certkit import SOURCE --name NAME, the same NAME run after run")
    if wish.name is not None:
        tags.check_name(wish.name)
    if wish.arn is not None and record.place_of(wish.arn) is None:
        raise UsageError(f"{wish.arn!r} is not the ARN of a certificate in ACM")
    if wish.ignore and not wish.reason:
        raise UsageError("--ignore needs a --reason TEXT")
    unknown = sorted({*wish.ignore} - {rule.id for rule in RULES})
    if unknown:
        raise UsageError(f"there is no rule {unknown[0]!r}", hint="certkit validate shows the rules in brackets")
    return tags.parse(wish.tags)


def _regions(cloud: Cloud, wish: Wish) -> tuple[str, ...]:
    """Returns the regions to import into: the ARN's own, else those that the user named.

    Raises:
        UsageError: `--region` names others than the ARN, or `all`.
    """
    place = record.place_of(wish.arn) if wish.arn else None
    if place is None:
        return cloud.regions()
    named = cloud.named_regions()
    if named and named != (place.region,):
        raise UsageError(f"the ARN is in {place.region}, and --region says {', '.join(named)}")
    return (place.region,)


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
        session.say(finding_text(finding).partition("\n")[0].strip())
    ignored = [f"{finding.rule} ignored: {wish.reason}" for finding in findings if finding.rule in wish.ignore]
    return tuple([f"{finding.rule}: {finding.part}: {finding.message}" for finding in counted] + ignored)


def _not_importable(source: str, errors: Sequence[Finding]) -> NotImportableError:
    first = errors[0]
    more = f" (and {len(errors) - 1} more: certkit validate shows all)" if len(errors) > 1 else ""
    return NotImportableError(f"{source}: {first.part}: {first.message} [{first.rule}]{more}", hint=first.hint)
