"""How one command behaves towards ACM and the ledger: what it is called, where it writes down what it does, how it waits."""

from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Final

from certkit.cli.ledgers import open_ledger
from certkit.cli.session import Session
from certkit.errors import LedgerError, ReadOnlyError, StateUnwritableError
from certkit.escrow.vault import Escrow
from certkit.journal import Journal
from certkit.ledger import Ledger, NullLedger
from certkit.ledger.lenient import LenientLedger, may_go_on
from certkit.memory import Memory, recall
from certkit.patience import READ_BACK_SECONDS, Patience
from certkit.plan import Action, Desired, Import

if TYPE_CHECKING:
    from certkit.aws.sessions import Session as AwsSession

PATIENT_SECONDS: Final = 600.0
"""How long to wait with `--wait`."""

_OFF: Final = frozenset({"", "0"})
"""The values of CERTKIT_READ_ONLY that allow writing; every other one forbids it, mistyped ones too."""


class Stopped(BaseException):
    """The command is to end, and so does every wait; a write whose outcome nobody knows stays open in the ledger."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """How one command behaves.

    Attributes:
        command: its name.
        instead: the command that only shows what this one would do.
        read_back_seconds: how long ACM may take to show what it was given.
        stopping: set once the command is to end.
        escrow: where what ACM then holds is kept, None where it is not.
    """

    session: Session
    command: str
    instead: str
    ledger: Ledger
    read_back_seconds: float = READ_BACK_SECONDS
    stopping: Event = field(default_factory=Event)
    escrow: Escrow | None = None

    @property
    def patience(self) -> Patience:
        """How to wait for AWS, until the command is to end."""
        return Patience(self.read_back_seconds, self.session.timer, self._sleep, tell=self._tell)

    def journal(self, caller: str, action: Action, reasons: str) -> Journal:
        """Returns what records the writes to one certificate; one that is about to expire is written without a ledger too."""
        session = self.session
        ledger = LenientLedger(self.ledger, lambda: _cannot_wait(session, action), session.warn)
        seconds = session.ledger_options.lock_timeout
        return Journal(ledger, session.run, caller, self.command, session.clock, seconds, reasons)

    def memory(self, desired: Desired) -> Memory:
        """Returns what the ledger remembers of a certificate; nothing, and a warning, where it cannot be read."""
        return recall(LenientLedger(self.ledger, lambda: True, self.session.say_more), desired)

    def check_may_write(self) -> None:
        """Checks that writing is allowed.

        Raises:
            ReadOnlyError: CERTKIT_READ_ONLY forbids it.
        """
        check_may_write(self.session, self.instead)

    @property
    def is_read_only(self) -> bool:
        """Whether CERTKIT_READ_ONLY forbids every write."""
        return is_read_only(self.session)

    def _sleep(self, seconds: float) -> None:
        if self.session.wait(self.stopping, seconds):
            raise Stopped

    def _tell(self, line: str) -> None:
        self.session.say(f"certkit: {line}")


def writing(
    session: Session, command: str, instead: str, aws: "AwsSession | None" = None, *, is_patient: bool = False
) -> Conduct:
    """Returns the conduct of a command that writes.

    Raises:
        UsageError: the options name no ledger.
        StateUnwritableError: its folder cannot be made.
    """
    seconds = PATIENT_SECONDS if is_patient else READ_BACK_SECONDS
    return Conduct(session, command, instead, open_ledger(session, aws), seconds)


def looking(session: Session, command: str, aws: "AwsSession | None" = None) -> Conduct:
    """Returns the conduct of a command that only shows what would be done: it needs no ledger, and makes use of one.

    Raises:
        UsageError: the options name no ledger.
    """
    try:
        ledger = open_ledger(session, aws)
    except (LedgerError, StateUnwritableError) as error:
        session.say_more(f"certkit: {error.message}")
        ledger = NullLedger()
    return Conduct(session, command, command, ledger)


def check_may_write(session: Session, instead: str) -> None:
    """Checks that writing is allowed.

    Raises:
        ReadOnlyError: CERTKIT_READ_ONLY forbids it.
    """
    if is_read_only(session):
        setting = session.environment["CERTKIT_READ_ONLY"]
        raise ReadOnlyError(
            f"CERTKIT_READ_ONLY={setting} forbids every write", hint=f"{instead} shows what would be done"
        )


def is_read_only(session: Session) -> bool:
    """Tells whether CERTKIT_READ_ONLY forbids every write."""
    return session.environment.get("CERTKIT_READ_ONLY", "") not in _OFF


def _cannot_wait(session: Session, action: Action) -> bool:
    """Tells whether what stands in ACM runs out before anybody would mend a ledger."""
    if isinstance(action, Import):
        return False
    held = action.current.leaf
    return may_go_on(held.not_valid_before_utc, held.not_valid_after_utc, session.clock())
