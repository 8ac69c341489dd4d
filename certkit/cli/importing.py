"""The wiring of `import`: one certificate, judged here, then decided and carried out like those of a manifest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cryptography import x509

from certkit import tags
from certkit.apply import Result
from certkit.aws.acm import Acm
from certkit.cli import (
    arns,
    conduct,
    configuration,
    deploying,
    deriving,
    escrows,
    github_output,
    proving,
    weighing,
    wiring,
)
from certkit.cli.cloud import Cloud
from certkit.cli.conduct import Conduct
from certkit.cli.deploying import Step, Want
from certkit.cli.import_wish import Wish, check
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.cli.weighing import Scale
from certkit.manifest import Manifest
from certkit.plan import Desired, wanted_tags
from certkit.proof import Front, Proof
from certkit.report import imports as report
from certkit.report import plan as plan_report
from certkit.report.plan import danger_line
from certkit.target import Failure, split
from certkit.unsafe import Kind, unsafe

_COMMAND = "import"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that was decided, and how it is to be carried out.

    Attributes:
        fronts: where it is to be served then, as far as that is said.
        roots: what may end its chain there without being sent.
        derives: whether what uses it in AWS is looked for, since nobody names where it is to be served.
    """

    conduct: Conduct
    steps: Sequence[Step]
    fronts: tuple[Front, ...] = ()
    roots: tuple[x509.Certificate, ...] = ()
    derives: bool = False


def prepare(session: Session, wish: Wish, behave: Callable[[Cloud], Conduct]) -> Prepared:
    """Reads and judges the bundle, then decides in every region that it is for. Nothing is written.

    Args:
        behave: returns how the command is to behave.

    Raises:
        UsageError: the options contradict each other.
        NotImportableError: a rule says that ACM would refuse it; AWS has not been asked anything.
        CertkitError: the bundle cannot be read, or AWS does not say who the caller is.
    """
    own_tags = check(wish)
    found = configuration.find(wish.how.config)
    fronts = _fronts(wish, found)
    derives = wish.how.verifies and not fronts
    how = wiring.reading(session, [wish.what.source], needs_key=True)
    bundle = wiring.read_bundle(session, wish.what.source, how)
    cloud = Cloud(session, configuration.regions_of(found, wish.what.name))
    regions = arns.regions_to_write(cloud, wish.what.arn)
    ignored, is_strict = dict.fromkeys(wish.how.ignore, wish.how.reason or ""), session.reading_options.strict
    scale = Scale(wish.what.source, wish.what.name, wish.what.services, regions, ignored=ignored, is_strict=is_strict)
    weighed = weighing.weigh(session, bundle, scale)
    draft = Desired(wish.what.name, wish.what.arn, "", regions[0], bundle, own_tags, wish.how.purges_tags, ignored)
    tags.check(wanted_tags(draft))
    identity = cloud.identity(regions[0])
    arns.check_account(wish.what.arn, identity)
    desired = [replace(draft, account=identity.account, region=region) for region in regions]
    wants = [Want(Acm(cloud.aws, one.region), identity.arn, one, weighed.warnings, weighed.reasons) for one in desired]
    deploying.announce(session, wants)
    behaviour = escrows.with_escrow(behave(cloud), found.escrow if found else None, cloud.aws)
    steps = [_warned(session, step) for step in deploying.decide_all(behaviour, wants)]
    return Prepared(behaviour, steps, fronts, wiring.roots_of(how), derives)


def _warned(session: Session, step: Step) -> Step:
    """Says that what expires sooner would replace what is there: it may be last year's bundle."""
    sooner = [danger for danger in unsafe([step.decision]) if danger.kind is Kind.SOONER]
    for danger in sooner:
        session.warn(danger_line(danger))
    warnings = (*step.want.warnings, *(danger.message for danger in sooner))
    return replace(step, want=replace(step.want, warnings=warnings))


def _fronts(wish: Wish, found: Manifest | None) -> tuple[Front, ...]:
    """Returns where it is to be served: what the options say, else the configuration; nowhere unless that is asked for.

    Raises:
        UsageError: that is no endpoint.
    """
    spec = configuration.certificate(found, wish.what.name)
    named = wish.how.endpoints or (spec.renewal.verify if spec and wish.how.verifies else ())
    return proving.fronts(named)


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
    proofs = _proofs(session, prepared, [outcome for outcome, _ in outcomes])
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(_COMMAND, outcomes, proofs))
    else:
        proving.show(session, proofs)
    github_output.write(session.environment, [report.item(*outcome) for outcome in outcomes])
    return proving.exit_code(proofs, is_good=not any(outcome.error for outcome, _ in outcomes))


def _proofs(session: Session, prepared: Prepared, outcomes: Sequence[Result | Failure]) -> tuple[Proof, ...]:
    """Looks at the endpoints, whether or not anything was written: that was asked for."""
    done = [one for one in outcomes if not isinstance(one, Failure) and one.error is None]
    where = prepared.fronts
    if done and prepared.derives:
        found = deriving.fronts(session, done, proving.callers(prepared.steps))
        where = tuple(dict.fromkeys(front for each in found.values() for front in each))
        if not where:
            session.say("certkit: nothing is known to serve it, and nothing was looked at: name it with --endpoint")
    if not done or not where:
        return ()
    subject = proving.subject(done, where, prepared.roots, is_new=True)
    return proving.prove(prepared.conduct, [subject], prepared.steps[0].want.caller)


def _writing(session: Session, wish: Wish, cloud: Cloud) -> Conduct:
    return conduct.writing(session, _COMMAND, "certkit import --dry-run", cloud.aws, is_patient=wish.how.is_patient)
