"""One attempt to write to ACM: the intent, the write, what came of it, and whether another attempt may follow."""

from dataclasses import replace

from certkit import certificate as x
from certkit.apply import Result, apply_action
from certkit.aws.acm import CONFLICT
from certkit.course import Course, Pending
from certkit.errors import (
    AwsError,
    AwsMismatchError,
    AwsNotSentError,
    AwsThrottledError,
    AwsUnreachableError,
    CertkitError,
)
from certkit.ledger import Entry, Outcome
from certkit.plan import Action, Import
from certkit.settlement import report


def attempt(course: Course, action: Action) -> Result | None:
    """Carries out one action; None where another look is due.

    Raises:
        LedgerError: the intent cannot be written down; nothing was sent.
    """
    entry = course.journal.begin(action)
    result = apply_action(course.acm, action, course.patience)
    match result.error:
        case None:
            return _succeed(course, action, entry, result)
        case AwsMismatchError(holds_leaf=True) as error:
            course.end(entry, Outcome.DONE, result, error.message)
        case AwsMismatchError():
            _leave_open(course, entry, result, is_acknowledged=True)
            return None
        case AwsNotSentError() as error if isinstance(action, Import):  # of a reimport an earlier sending may be done
            course.end(entry, Outcome.FAILED, result, error.message)
        case AwsUnreachableError():
            _leave_open(course, entry, result, is_acknowledged=isinstance(action, Import) and bool(result.arn))
            return None
        case error:
            course.end(entry, Outcome.FAILED, result, error.message)
            if _is_put_off(course, error):
                return None
    return replace(result, warnings=(*course.warnings, *result.warnings))


def _succeed(course: Course, action: Action, entry: Entry, result: Result) -> Result | None:
    course.end(entry, Outcome.DONE, result, "; ".join(result.warnings))
    course.warnings += result.warnings
    course.done = course.done or replace(result, warnings=())
    course.sent += 1
    if isinstance(action, Import) and result.arn:
        course.imported_at = course.patience.clock()
        if not _is_alone_so_far(course, result.arn):
            return None
    return report(course, result.arn, x.fingerprint(course.desired.bundle.leaf))


def is_alone(course: Course, arn: str) -> bool:
    """Waits until the index shows a new import, and tells whether it shows no other of the name.

    Whoever imports later than we do waits for an index that shows ours too: so the last one sees all of them. It is asked
    for the one name, since an answer of several pages is none of one moment.
    """
    left = course.imported_at + course.patience.settle_seconds - course.patience.clock()
    told = f"imported as {arn}: waiting for the index, which shows whether it is the only one"
    for _ in course.patience.tries(max(left, 0.0), told):
        seen = _indexed(course)
        if arn in seen:
            return seen == (arn,)
    course.warnings += (f"the index of tags does not show {arn} yet: the next run looks whether it is the only one",)
    return True


def _is_alone_so_far(course: Course, arn: str) -> bool:
    """Tells what `is_alone` does; where the run comes back to it, an index that lags is not waited for yet."""
    if not course.defers:
        return is_alone(course, arn)
    seen = _indexed(course)
    if arn in seen:
        return seen == (arn,)
    course.unseen = arn
    return True


def _indexed(course: Course) -> tuple[str, ...]:
    try:
        return course.acm.arns_named(course.desired.name or "")
    except (AwsThrottledError, AwsUnreachableError):
        return ()


def _leave_open(course: Course, entry: Entry, result: Result, *, is_acknowledged: bool) -> None:
    """Notes that nobody knows what came of a write, for the next look to find out."""
    course.arn, course.error = result.arn, result.error
    course.sent += 1
    course.end(entry, Outcome.UNKNOWN, result, result.error.message if result.error else "")
    words = {"import": "imported", "reimport": "reimported", "tag": "tagged"}
    meant = replace(result, action=words[entry.action], warnings=(), error=None)
    course.warnings += result.warnings
    course.pending = (Pending(entry, course.journal.now(), meant, result.error, is_acknowledged),)


def _is_put_off(course: Course, error: CertkitError) -> bool:
    """Tells whether ACM has only put a write off, and then waits before the next look; a used-up quota does not count.

    A throttle is put off once: botocore has backed off for half a minute by then. Another operation on a certificate of
    these names is waited for as long as ACM is given to show what it was given.
    https://docs.aws.amazon.com/acm/latest/userguide/import-certificate.html ("imported one at a time")
    """
    if isinstance(error, AwsThrottledError) and not course.was_throttled:
        course.was_throttled = True
        course.patience.let_cool()
        return True
    return isinstance(error, AwsError) and error.aws_code == CONFLICT and _wait_for_turn(course)


def _wait_for_turn(course: Course) -> bool:
    """Waits for what another hand does to the certificate; False once that has taken too long."""
    if course.turns is None:
        told = (
            f"another operation on a certificate of these names: waiting up to {course.patience.seconds:.0f} s for it"
        )
        course.turns = course.patience.tries(course.patience.seconds, told)
        next(course.turns)
    return next(course.turns, None) is not None
