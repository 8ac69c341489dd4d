"""The wiring of `import`: one certificate, judged here, then decided and carried out like those of a manifest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from certkit import tags
from certkit.aws.acm import Acm
from certkit.cli import conduct, configuration, deploying, escrows, github_output, weighing, wiring
from certkit.cli import wish as wishes
from certkit.cli.cloud import Cloud
from certkit.cli.conduct import Conduct
from certkit.cli.deploying import Step, Want
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.cli.weighing import Scale
from certkit.cli.wish import Wish
from certkit.errors import CertkitError
from certkit.plan import Desired, wanted_tags
from certkit.report import imports as report
from certkit.report import plan as plan_report
from certkit.target import split

_COMMAND = "import"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that was decided, and how it is to be carried out."""

    conduct: Conduct
    steps: Sequence[Step]


def prepare(session: Session, wish: Wish, behave: Callable[[Cloud], Conduct]) -> Prepared:
    """Reads and judges the bundle, then decides in every region that it is for. Nothing is written.

    Args:
        behave: returns how the command is to behave.

    Raises:
        UsageError: the options contradict each other.
        NotImportableError: a rule says that ACM would refuse it; AWS has not been asked anything.
        CertkitError: the bundle cannot be read, or AWS does not say who the caller is.
    """
    own_tags = wishes.check(wish)
    found = configuration.find(wish.config)
    bundle = wiring.read_bundle(session, wish.source, wiring.reading(session, [wish.source], needs_key=True))
    cloud = Cloud(session, configuration.regions_of(found, wish.name))
    regions = wishes.regions_of(cloud, wish)
    ignored = dict.fromkeys(wish.ignore, wish.reason or "")
    weighed = weighing.weigh(
        session,
        bundle,
        Scale(
            wish.source, wish.name, wish.services, regions, ignored=ignored, is_strict=session.reading_options.strict
        ),
    )
    draft = Desired(wish.name, wish.arn, "", regions[0], bundle, own_tags, wish.purges_tags, ignored)
    tags.check(wanted_tags(draft))
    identity = cloud.identity(regions[0])
    wishes.check_account(wish.arn, identity)
    desired = [replace(draft, account=identity.account, region=region) for region in regions]
    wants = [Want(Acm(cloud.aws, one.region), identity.arn, one, weighed.warnings, weighed.reasons) for one in desired]
    deploying.announce(session, wants)
    behaviour = escrows.with_escrow(behave(cloud), found.escrow if found else None, cloud.aws)
    return Prepared(behaviour, deploying.decide_all(behaviour, wants))


def show_plan(session: Session, wish: Wish, output_format: OutputFormat) -> int:
    """Shows what would be done.

    Raises:
        CertkitError: a region cannot be looked at, or has no plan.
    """
    steps = prepare(session, wish, lambda cloud: conduct.looking(session, _COMMAND, cloud.aws)).steps
    plan, failures = split(step.decision for step in steps)
    if failures:
        raise failures[0].error
    if output_format is OutputFormat.JSON:
        session.show_document(plan_report.document(plan))
    else:
        session.show(plan_report.text(plan))
    deploying.tell_copies(session, steps)
    return 0


def carry_out(session: Session, wish: Wish, output_format: OutputFormat) -> int:
    """Carries it out; of several regions, one that fails does not stop the rest.

    Raises:
        ReadOnlyError: something would be written, and CERTKIT_READ_ONLY forbids it.
        CertkitError: the only region failed.
    """
    prepared = prepare(session, wish, lambda cloud: _writing(session, wish, cloud))
    deploying.check_read_only(prepared.conduct, prepared.steps)
    outcomes = []
    for step, outcome in deploying.carry_out_all(prepared.conduct, prepared.steps):
        if outcome.error and len(prepared.steps) == 1:
            raise outcome.error
        outcomes.append((outcome, step.want.warnings))
        if output_format is OutputFormat.TEXT:
            session.show(report.text(outcome))
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(_COMMAND, outcomes))
    github_output.write(session.environment, [report.item(*outcome) for outcome in outcomes])
    return CertkitError.exit_code if any(outcome.error for outcome, _ in outcomes) else 0


def _writing(session: Session, wish: Wish, cloud: Cloud) -> Conduct:
    return conduct.writing(session, _COMMAND, "certkit import --dry-run", cloud.aws, is_patient=wish.is_patient)
