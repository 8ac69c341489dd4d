"""How far one run has come with one certificate."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from certkit.apply import Result
from certkit.approval import Approval
from certkit.aws.acm import Acm
from certkit.errors import CertkitError
from certkit.journal import Journal
from certkit.ledger import Entry, Outcome
from certkit.memory import Memory
from certkit.patience import Patience
from certkit.plan import Desired


@dataclass(frozen=True, slots=True)
class Pending:
    """A write of which nobody knows what came of it.

    Attributes:
        since: when it was given up.
        result: what this run reports if it was done, None for another run's.
        is_acknowledged: whether ACM said that it did it, and only does not show it.
    """

    entry: Entry
    since: dt.datetime
    result: Result | None = None
    error: CertkitError | None = None
    is_acknowledged: bool = False


@dataclass(slots=True)
class Course:
    """How far one run has come; what looks and what writes both work on it.

    Attributes:
        sent: how many writes were sent, not counting those that ACM put off.
        was_throttled: whether a write was put off once already, for its rate.
        turns: the tries left while another operation is waited for; None until there was one.
        defers: whether to leave the wait for an index that lags until later.
        unseen: the ARN of a new import that the index does not show yet, where that wait was left until later.
        imported_at: when the latest new import was acknowledged, by the clock of the patience.
        done: the first write that worked.
        arn, error: of the latest write that had no answer.
    """

    acm: Acm
    desired: Desired
    journal: Journal
    patience: Patience
    approve: Approval
    memory: Memory = field(default_factory=Memory)
    pending: tuple[Pending, ...] = ()
    sent: int = 0
    was_throttled: bool = False
    turns: Iterator[bool] | None = None
    defers: bool = False
    unseen: str | None = None
    imported_at: float = 0.0
    done: Result | None = None
    arn: str | None = None
    error: CertkitError | None = None
    warnings: tuple[str, ...] = ()

    def end(self, entry: Entry, outcome: Outcome, result: Result, detail: str) -> None:
        """Writes down what came of a write."""
        self.warnings += self.journal.end(entry, outcome, arn=result.arn, request_id=result.request_id, detail=detail)
