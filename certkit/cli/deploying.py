"""The wiring of every import: what is wanted where, decided and carried out, in parallel over accounts and regions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from certkit import certificate as x
from certkit.apply import Result, apply_action
from certkit.approval import Approval, check_within
from certkit.aws.acm import Acm
from certkit.cli import escrows
from certkit.cli.conduct import Conduct
from certkit.cli.lanes import Later, Soon, side_by_side
from certkit.cli.session import Session
from certkit.converge import Unseen, begin, finish
from certkit.errors import AmbiguousError, CertkitError
from certkit.hold import check_lasting
from certkit.ledger import NullLedger
from certkit.memory import Memory
from certkit.observe import observe
from certkit.plan import Action, Desired, Held, Import, Nothing, Reimport, make_plan, removable
from certkit.record import CertificateRecord
from certkit.target import Decision, Failure, failure_of, place


@dataclass(frozen=True, slots=True)
class Want:
    """One certificate wanted in one region of one account.

    Attributes:
        acm: there; all wants of one account and region MUST share it.
        caller: the ARN of the caller's identity there.
        warnings: what the rules found in what is to be sent.
        reasons: the rules that were passed over, each with the reason, for the ledger.
    """

    acm: Acm
    caller: str
    desired: Desired
    warnings: tuple[str, ...] = ()
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done about one certificate in one region of one account.

    Attributes:
        copies: the ARNs of copies that certkit imported by accident, and will delete.
        memory: what the ledger remembered of it.
    """

    want: Want
    decision: Decision
    copies: tuple[str, ...] = ()
    memory: Memory = field(default_factory=Memory)

    @property
    def is_write(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.copies) or not isinstance(self.decision, Failure | Nothing | Held)


def decide(conduct: Conduct, want: Want) -> Step:
    """Looks at what ACM holds and decides what is to be done; where that fails, the failure is the decision."""
    desired, memory = want.desired, Memory()
    try:
        memory = conduct.memory(desired)
        observed = conduct.patience.ask(
            lambda: observe(want.acm, desired, conduct.session.clock(), memory, is_fresh=False)
        )
        action = make_plan([(desired, observed)]).actions[0]
        if isinstance(action, Held):
            check_lasting(action.hold, desired.name or "", action.current.leaf, conduct.session.clock())
        return Step(want, action, tuple(copy.arn for copy in removable(desired, observed)), memory)
    except CertkitError as error:
        return Step(want, failure_of(desired, error), memory=memory)


def decide_all(conduct: Conduct, wants: Sequence[Want]) -> list[Step]:
    """Decides on every want, in the order of name, account and region."""
    ordered = sorted(wants, key=lambda want: (want.desired.name or "", want.desired.account, want.desired.region))
    decided = side_by_side(ordered, lambda want: id(want.acm), lambda want: decide(conduct, want), grace_seconds=0.0)
    return list(_without_twins(decided))


def _without_twins(steps: Iterable[Step]) -> Iterator[Step]:
    """Yields the steps; an import of what an earlier step puts there under another name becomes a failure.

    Where both are new, ACM shows none yet: the later one would be refused as ambiguous, but only once the other is there.
    """
    first: dict[tuple[int, str], Desired] = {}
    for step in steps:
        decision = step.decision
        if not isinstance(decision, Import | Reimport):
            yield step
            continue
        desired = decision.desired
        other = first.setdefault((id(step.want.acm), x.fingerprint(desired.bundle.leaf)), desired)
        is_twin = isinstance(decision, Import) and other is not desired
        yield replace(step, decision=failure_of(desired, _twin_of(other, desired))) if is_twin else step


def _twin_of(other: Desired, desired: Desired) -> AmbiguousError:
    return AmbiguousError(
        f"{other.name!r} puts this very certificate into {desired.region} of {desired.account} already, and"
        f" {desired.name!r} would be a second one of it",
        hint="one ARN serves everything there that shows it: leave one of the two names out",
    )


def carry_out(conduct: Conduct, step: Step) -> Result | Failure:
    """Carries out what was decided on one certificate in one region, and keeps the bundle in escrow if there is one."""
    came = begin_to_carry_out(conduct, step)
    return came.finish() if isinstance(came, Later) else came


def begin_to_carry_out(conduct: Conduct, step: Step) -> Soon[Result | Failure]:
    """Does what `carry_out` does, in a lane of several: the wait for an index that lags is left for later."""
    if isinstance(step.decision, Failure):
        return step.decision
    came = _begin(conduct, step, step.decision)
    if isinstance(came, Unseen):
        return Later(lambda: escrows.keep(conduct, finish(came)), lambda: came.is_due)
    return escrows.keep(conduct, came)


def _begin(conduct: Conduct, step: Step, decision: Action) -> Result | Unseen:
    want = step.want
    if isinstance(decision, Nothing | Held) and not step.copies and _is_known(conduct, decision, step.memory):
        return apply_action(want.acm, decision, conduct.patience)
    journal = conduct.journal(want.caller, decision, want.reasons)
    return begin(want.acm, want.desired, journal, conduct.patience, _approval(conduct, decision))


def carry_out_all(conduct: Conduct, steps: Iterable[Step]) -> Iterator[tuple[Step, Result | Failure]]:
    """Yields every step with what came of it, in the order of name, account and region; one that fails stops no other."""
    ordered = sorted(steps, key=lambda step: place(step.decision))
    done = side_by_side(
        ordered, lambda step: id(step.want.acm), lambda step: begin_to_carry_out(conduct, step), conduct.stopping
    )
    yield from zip(ordered, done, strict=True)


def check_read_only(conduct: Conduct, steps: Iterable[Step]) -> None:
    """Checks that writing is allowed, where anything is to be written.

    Raises:
        ReadOnlyError: CERTKIT_READ_ONLY forbids it.
    """
    if any(step.is_write for step in steps):
        conduct.check_may_write()


def announce(session: Session, wants: Iterable[Want]) -> None:
    """Says in which accounts and regions, and as whom, anything will be written."""
    regions: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for want in wants:
        regions[want.desired.account, want.caller][want.desired.region] = None
    for (account, caller), names in regions.items():
        session.say(f"certkit: account {account}, {', '.join(names)}, as {caller}")


def tell_copies(session: Session, steps: Iterable[Step]) -> None:
    """Says which copies would be deleted."""
    for step in steps:
        for arn in step.copies:
            session.say(f"certkit: {arn} is a copy of {step.want.desired.name} that nothing uses: it will be deleted")


def _is_known(conduct: Conduct, decision: Nothing | Held, memory: Memory) -> bool:
    """Tells whether the ledger says of an unchanged certificate what ACM says, and nothing is left to find out."""
    if isinstance(conduct.ledger, NullLedger):
        return True
    current = decision.current
    is_held = memory.held == ((current.arn, x.fingerprint(current.leaf)),)
    return is_held and not conduct.journal("", decision, "").unfinished(decision.desired)


def _approval(conduct: Conduct, decided: Action) -> Approval:
    """Returns the check of each write against what was decided: others may have been at work since."""

    def approve(action: Action, copies: tuple[CertificateRecord, ...]) -> None:
        if copies or not isinstance(action, Nothing | Held):
            conduct.check_may_write()
        check_within(decided, action)

    return approve
