"""Makes one certificate what it should be, over lost answers, indexes that lag, other hosts, and runs that died.

An import has no idempotency token and nothing takes it back, so nothing is sent again before ACM was asked what has come
of it; and since nothing can promise exactly one at every moment, every run also mends what others have left.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Final

from certkit import certificate as x
from certkit.apply import Result, apply_action
from certkit.approval import Approval, approve_all
from certkit.attempt import attempt, is_alone
from certkit.aws.acm import Acm
from certkit.course import Course, Pending
from certkit.errors import AwsError, AwsRefusedError, CertkitError, LockedError
from certkit.heal import heal
from certkit.journal import Journal
from certkit.patience import Patience
from certkit.plan import Action, Desired, Held, Nothing, make_plan, removable
from certkit.settlement import look, report, settle

ATTEMPTS: Final = 3
"""How often something is sent in one run, where each time nobody knows what came of it."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A new import that stands in ACM and in the ledger, and that the index did not show yet.

    Attributes:
        result: what came of it, unless somebody else did the same.
    """

    course: Course
    result: Result

    @property
    def is_due(self) -> bool:
        """Whether it has been waited for long enough, whatever the index shows by now."""
        patience = self.course.patience
        return patience.clock() - self.course.imported_at >= patience.settle_seconds


def converge(
    acm: Acm, desired: Desired, journal: Journal, patience: Patience | None = None, approve: Approval | None = None
) -> Result:
    """Makes a certificate in one region what it should be, and returns what came of it; errors stand in the result.

    1. What earlier runs left open is looked into, and written into the ledger.
    2. What ACM holds is held against what should be; copies that certkit made by accident are deleted.
    3. The intent goes into the ledger, then the write to ACM, then what came of it.
    4. Where no answer came, ACM is given time and asked; only where it has nothing is it sent again.
    5. After a new import the index is waited for, and shows whether somebody else did the same.
    """
    came = begin(acm, desired, journal, patience or Patience(), approve or approve_all)
    return finish(came) if isinstance(came, Unseen) else came


def begin(acm: Acm, desired: Desired, journal: Journal, patience: Patience, approve: Approval) -> Result | Unseen:
    """Does what `converge` does, but for the last step where the index lags: of many imports the wait may be one.

    What is `Unseen` MUST be given to `finish`. A run that dies before that leaves the same behind as one that dies while it
    waits, and the next run mends it.
    """
    course = Course(acm, desired, journal, patience, approve, defers=True)
    try:
        with _locked(course):
            result = _run(course)
    except CertkitError as error:
        return _failed(course, error)
    return result if course.unseen is None else Unseen(course, result)


def finish(unseen: Unseen) -> Result:
    """Waits for the index, and where somebody else imported it too, removes the copy, under the lock again."""
    course, arn = unseen.course, unseen.course.unseen or ""
    course.defers = False
    try:
        if is_alone(course, arn):
            return replace(unseen.result, warnings=tuple(dict.fromkeys(course.warnings)))
        with _locked(course):
            return _go_on(course)
    except LockedError as error:
        others = f"there is another one of the name, and another run is at it: {error.message}; the next run looks"
        return replace(unseen.result, warnings=(*dict.fromkeys(course.warnings), others))
    except CertkitError as error:
        return _failed(course, error)


@contextmanager
def _locked(course: Course) -> Iterator[None]:
    """Holds the lock; where somebody else holds it, says so before it waits.

    Raises:
        LockedError: somebody else still holds it.
    """
    journal = course.journal
    with ExitStack() as stack:
        try:
            stack.enter_context(replace(journal, lock_seconds=0.0).locked(course.desired))
        except LockedError as error:
            if not journal.lock_seconds:
                raise
            course.patience.tell(f"{error.message}: waiting up to {journal.lock_seconds:.0f} s for it")
            stack.enter_context(journal.locked(course.desired))
        yield


def _run(course: Course) -> Result:
    course.memory = course.journal.memory(course.desired)
    course.pending = tuple(Pending(entry, entry.at) for entry in course.journal.unfinished(course.desired))
    return _go_on(course)


def _go_on(course: Course) -> Result:
    """Looks and writes until nothing is to be done."""
    while True:
        action = _decide(course)
        if isinstance(action, Nothing | Held):
            return _finish(course, action)
        if course.sent == ATTEMPTS:
            raise course.error or AwsRefusedError(
                f"{course.desired.region}: what ACM holds changes faster than it can be set right",
                hint="run again in some minutes",
            )
        result = attempt(course, action)
        if result is not None:
            return result


def _decide(course: Course) -> Action:
    """Looks, settles what was open, deletes copies, and returns what is to be done."""
    observed = look(course)
    settle(course, observed)
    action = make_plan([(course.desired, observed)]).actions[0]
    copies = removable(course.desired, observed)
    course.approve(action, copies)
    if copies:
        course.warnings += heal(course.acm, course.desired, observed, course.journal)
    return action


def _finish(course: Course, action: Nothing | Held) -> Result:
    result, current = apply_action(course.acm, action, course.patience), action.current
    course.warnings += result.warnings
    course.done = course.done or result
    return report(course, current.arn, x.fingerprint(current.leaf), current)


def _failed(course: Course, error: CertkitError) -> Result:
    """Returns the result of a run that an error ended: a good import stays one where only the last look failed."""
    done, warnings = course.done, tuple(dict.fromkeys(course.warnings))
    if done and isinstance(error, AwsError):
        unseen = f"it could not be looked at again: {error.message}; the next run looks"
        return replace(done, warnings=(*warnings, unseen))
    arn = done.arn if done else course.arn or course.desired.arn
    return Result(course.desired, "failed", arn, done.previous_sha256 if done else None, warnings, error)
