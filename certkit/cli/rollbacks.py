"""The wiring of `rollback`: what ACM holds, what stood there before it, and the way back, in every region of every account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from certkit.apply import Result
from certkit.cli import backward, conduct, configuration, deploying, escrows
from certkit.cli.backward import Spot
from certkit.cli.cloud import Cloud
from certkit.cli.conduct import Conduct
from certkit.cli.deploying import Step
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import CertkitError, ConfigurationError, UsageError
from certkit.escrow.course import check_wanted, previous
from certkit.escrow.vault import Escrow
from certkit.memory import ROLLBACK
from certkit.report import imports as report
from certkit.report import plan as plan_report
from certkit.report import rollback as list_report
from certkit.report.plan import danger_line
from certkit.target import Failure, split
from certkit.unsafe import unsafe

_STAYS = "certkit: apply, renew and hook leave it so while the SOURCE gives what was rolled back from: mend the SOURCE"
_AGAIN = (
    "certkit: no ledger says so: the next run from the SOURCE puts back what was there before: mend the SOURCE first"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        name: the certificate's, or its ARN.
        to: the beginning of a fingerprint, None for the previous bundle.
        is_patient: whether ACM is given more time to show what it was given.
    """

    name: str
    to: str | None
    config: str | None
    is_patient: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that was decided, and how it is to be carried out."""

    conduct: Conduct
    steps: Sequence[Step]
    failures: Sequence[Failure]


def show_list(session: Session, wish: Wish, output_format: OutputFormat) -> int:
    """Shows the bundles in escrow, and returns the exit code.

    Raises:
        CertkitError: there is no escrow, or it or ACM cannot be looked at.
    """
    if wish.to is not None:
        raise UsageError("--list shows all of them: it does not go with --to")
    behaviour, escrow, spots, failures = _look(
        session, wish, lambda cloud: conduct.looking(session, ROLLBACK, cloud.aws)
    )
    if failures:
        raise failures[0].error
    shelves = [
        list_report.Shelf(spot.site, deposits, held, previous(deposits, held))
        for spot in spots
        for deposits, held in [(escrow.deposits(spot.site), backward.held(behaviour, spot))]
    ]
    if output_format is OutputFormat.JSON:
        session.show_document(list_report.document(shelves))
    else:
        session.show(list_report.text(shelves))
    return 0


def show_plan(session: Session, wish: Wish, output_format: OutputFormat) -> int:
    """Shows what would be done, and returns the exit code.

    Raises:
        CertkitError: a region cannot be looked at, or has no way back.
    """
    prepared = _prepare(session, wish, lambda cloud: conduct.looking(session, ROLLBACK, cloud.aws))
    plan, failures = split([*prepared.failures, *(step.decision for step in prepared.steps)])
    if failures:
        raise failures[0].error
    if output_format is OutputFormat.JSON:
        session.show_document(plan_report.document(plan))
    else:
        session.show(plan_report.text(plan))
    return 0


def carry_out(session: Session, wish: Wish, output_format: OutputFormat) -> int:
    """Goes back; of several regions, one that fails does not stop the rest.

    Raises:
        ReadOnlyError: CERTKIT_READ_ONLY forbids it.
        CertkitError: the only region failed.
    """
    prepared = _prepare(
        session,
        wish,
        lambda cloud: conduct.writing(
            session, ROLLBACK, "certkit rollback --dry-run", cloud.aws, is_patient=wish.is_patient
        ),
    )
    deploying.check_read_only(prepared.conduct, prepared.steps)
    outcomes: list[report.Told] = [(failed, ()) for failed in prepared.failures]
    done = deploying.carry_out_all(prepared.conduct, prepared.steps)
    outcomes += [(outcome, step.want.warnings) for step, outcome in done]
    if len(outcomes) == 1 and outcomes[0][0].error:
        raise outcomes[0][0].error
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(ROLLBACK, outcomes))
    else:
        session.show("\n".join(report.text(outcome) for outcome, _ in outcomes))
    back = [
        outcome.desired for outcome, _ in outcomes if isinstance(outcome, Result) and outcome.action == "reimported"
    ]
    if back:
        session.say(_STAYS if all(prepared.conduct.memory(desired).holds for desired in back) else _AGAIN)
    return CertkitError.exit_code if any(outcome.error for outcome, _ in outcomes) else 0


def _prepare(session: Session, wish: Wish, behave: Callable[[Cloud], Conduct]) -> Prepared:
    """Looks, chooses, fetches, judges and decides. Nothing is written.

    Raises:
        CertkitError: there is no escrow, or AWS cannot be reached at all.
    """
    if wish.to is not None:
        check_wanted(wish.to)
    behaviour, escrow, spots, failures = _look(session, wish, behave)
    wants, lost = backward.wants(behaviour, escrow, spots, wish.to)
    deploying.announce(session, wants)
    steps = deploying.decide_all(behaviour, wants)
    for danger in unsafe(step.decision for step in steps):
        session.warn(danger_line(danger))
    return Prepared(behaviour, steps, (*failures, *lost))


def _look(
    session: Session, wish: Wish, behave: Callable[[Cloud], Conduct]
) -> tuple[Conduct, Escrow, Sequence[Spot], Sequence[Failure]]:
    """Returns where the certificate is, and where nobody can look.

    Raises:
        CertkitError: there is no escrow, or AWS cannot be reached at all.
    """
    found = configuration.find(wish.config)
    cloud = Cloud(session, configuration.regions_of(found, wish.name))
    behaviour = escrows.with_escrow(behave(cloud), found.escrow if found else None, cloud.aws)
    if behaviour.escrow is None:
        raise ConfigurationError(
            "there is no escrow to go back with",
            hint="name it with --escrow, CERTKIT_ESCROW or [escrow]; what was not kept in one cannot be had from ACM",
        )
    spots, failures = backward.spots(cloud, found, wish.name)
    return behaviour, behaviour.escrow, spots, failures
