"""Makes one certificate what it should be, over lost answers, indexes that lag, other hosts, and runs that died.

An import has no idempotency token and nothing takes it back, so nothing is sent again before ACM was asked what has come
of it; and since nothing can promise exactly one at every moment, every run also mends what others have left.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Final

from certkit import certificate as x
from certkit.apply import Result
from certkit.approval import Approval, approve_all
from certkit.attempt import attempt
from certkit.aws.acm import Acm
from certkit.course import Course, Pending
from certkit.errors import AwsError, AwsRefusedError, CertkitError, LockedError
from certkit.heal import heal
from certkit.journal import Journal
from certkit.patience import Patience
from certkit.plan import Action, Desired, Nothing, make_plan, removable
from certkit.settlement import look, report, settle

ATTEMPTS: Final = 3
"""How often something is sent in one run, where each time nobody knows what came of it."""


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
    course = Course(acm, desired, journal, patience or Patience(), approve or approve_all)
    try:
        with _locked(course):
            return _run(course)
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
    while True:
        action = _decide(course)
        if isinstance(action, Nothing):
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


def _finish(course: Course, action: Nothing) -> Result:
    course.warnings += action.warnings
    current = action.current
    sha256 = x.fingerprint(current.leaf)
    course.done = course.done or Result(course.desired, "unchanged", current.arn, sha256)
    return report(course, current.arn, sha256, current)


def _failed(course: Course, error: CertkitError) -> Result:
    """Returns the result of a run that an error ended: a good import stays one where only the last look failed."""
    done, warnings = course.done, tuple(dict.fromkeys(course.warnings))
    if done and isinstance(error, AwsError):
        unseen = f"it could not be looked at again: {error.message}; the next run looks"
        return replace(done, warnings=(*warnings, unseen))
    arn = done.arn if done else course.arn or course.desired.arn
    return Result(course.desired, "failed", arn, done.previous_sha256 if done else None, warnings, error)
