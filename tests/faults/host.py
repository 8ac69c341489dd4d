"""A host that runs certkit, and dies of a fault or does not."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from certkit.apply import Result
from certkit.approval import check_within
from certkit.aws.acm import Acm
from certkit.aws.pacing import Pace, ReadingPaces, Timing
from certkit.converge import Unseen, begin, finish
from certkit.errors import CertkitError, LedgerError
from certkit.journal import Journal
from certkit.ledger import Entry, NullLedger, Outcome
from certkit.observe import observe
from certkit.patience import Patience
from certkit.plan import make_plan
from tests.aws.scene import HOME
from tests.faults.fault import Fault, Killed
from tests.faults.wire import operation_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

    from certkit.aws.sessions import Session as AwsSession
    from certkit.ledger import Ledger
    from certkit.plan import Desired
    from certkit.testing import SettableClock
    from tests.faults.wire import Wire

_OTHERS_SECONDS = 30.0
"""How long the others of a lane take."""

_LASTING = {Fault.OUTAGE, Fault.DEAF}


@dataclass(slots=True)
class Host:
    """A host with a ledger of its own, or without one.

    Attributes:
        remembers: whether it has a ledger.
        client: what it runs.
        entries: what its ledger holds, which outlives the process.
        steps: the boundaries that the current run has come to, by name.
        at: the boundary at which the fault happens.
        other: runs another host.
        checkpoint: called at each boundary, for schedules that let hosts take turns.
        crash: what a run died of that is no death by a fault.
    """

    name: str
    wire: Wire
    clock: SettableClock
    aws: AwsSession
    remembers: bool = True
    client: Callable[[Host, Desired], Result] = field(default_factory=lambda: certkit)
    entries: list[Entry] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    at: int = -1
    fault: Fault | None = None
    other: Callable[[], None] = lambda: None
    checkpoint: Callable[[], None] = lambda: None

    def run(self, desired: Desired, *, at: int = -1, fault: Fault | None = None) -> Result | None:
        """Runs certkit in a new process; None where it was killed."""
        self.steps, self.at, self.fault = [], at, fault
        try:
            return self.client(self, desired)
        except Killed:
            return None

    def met(self, step: str) -> Fault | None:
        """Notes a boundary, and returns what happens there."""
        self.checkpoint()
        self.steps.append(step)
        number = len(self.steps) - 1
        is_now = number == self.at or (number > self.at >= 0 and self.fault in _LASTING)
        return self.fault if is_now else None

    def acm(self) -> Acm:
        """ACM as a new process sees it."""
        timing = Timing(self.seconds, self.sleep)
        paces = ReadingPaces.of(timing)
        return Acm(self.aws, HOME, Pace(timing=timing), paces)

    def journal(self) -> Journal:
        """Its hand in its ledger."""
        ledger: Ledger = FaultyLedger(self) if self.remembers else NullLedger()
        return Journal(ledger, f"run-{self.name}", f"arn:aws:iam::123456789012:user/{self.name}", "import", self.clock)

    def patience(self) -> Patience:
        """How it waits: on the clock of all."""
        return Patience(clock=self.seconds, sleep=self.sleep)

    def seconds(self) -> float:
        """The clock as a monotonic one."""
        return self.clock().timestamp()

    def sleep(self, seconds: float) -> None:
        """Moves the clock of all on."""
        self.clock.advance(timedelta(seconds=seconds))
        self.wire.deliver()

    def send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """Takes a request to the wire, which is a boundary."""
        return self.wire.carry(request, self.met(operation_of(request)), self.other)


def certkit(host: Host, desired: Desired) -> Result:
    """What certkit does: it plans, carries out, and at the end of the lane waits for the index.

    The plan is of half a minute ago by then, and others of the lane are imported for half a minute before the wait: what was
    learnt of the region is that old.
    """
    acm, journal, patience = host.acm(), host.journal(), host.patience()
    try:
        seen = observe(acm, desired, host.clock(), journal.memory(desired), is_fresh=False)
        decided = make_plan([(desired, seen)]).actions[0]
    except CertkitError as error:
        return Result(desired, "failed", None, None, error=error)
    host.sleep(_OTHERS_SECONDS)
    came = begin(acm, desired, journal, patience, lambda action, _: check_within(decided, action))
    if not isinstance(came, Unseen):
        return came
    host.sleep(_OTHERS_SECONDS)
    return finish(came)


@dataclass(slots=True)
class FaultyLedger:
    """A ledger in a file of the host's, as far as its runs can tell; writing to it is a boundary."""

    host: Host

    def write(self, entry: Entry) -> None:
        """Keeps an entry, unless the fault prevents it."""
        fault = self.host.met(f"ledger: {entry.outcome} of {entry.action}")
        match fault:
            case Fault.KILL:
                raise Killed
            case Fault.LEDGER:
                raise LedgerError("the ledger cannot be written: disk full")
            case Fault.OTHER:
                self.host.other()
        self._check(entry)
        self.host.entries.append(entry)
        if fault is Fault.KILL_AFTER:
            raise Killed
        if fault is Fault.OTHER_AFTER:
            self.host.other()

    def entries(self, name: str | None = None) -> Iterator[Entry]:
        """Yields the entries of one certificate, or of all."""
        return (entry for entry in tuple(self.host.entries) if name is None or entry.name == name)

    def open_intents(self, account: str, region: str) -> tuple[Entry, ...]:
        """Returns the intents that nothing settles."""
        settled = {entry.id for entry in self.host.entries if entry.outcome.is_settled}
        return tuple(
            entry
            for entry in self.host.entries
            if entry.outcome is Outcome.INTENT
            and entry.id not in settled
            and (entry.account, entry.region) == (account, region)
        )

    def lock(self, key: str, who: str, timeout: float) -> AbstractContextManager[None]:
        """Holds nothing: what is done under a lock is right without it."""
        del key, who, timeout
        return nullcontext()

    def _check(self, entry: Entry) -> None:
        """Holds the client to what a ledger demands: one intent before, one word after."""
        before = [one for one in self.host.entries if one.id == entry.id]
        if any(one.outcome.is_settled for one in before):
            raise AssertionError(f"{entry.action} is settled twice")
        if before and replace(before[0], at=entry.at, outcome=entry.outcome).name != entry.name:
            raise AssertionError("an outcome of another name")
