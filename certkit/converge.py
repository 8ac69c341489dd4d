"""Makes one certificate what it should be, over lost answers, indexes that lag, other hosts, and runs that died.

An import has no idempotency token and nothing takes it back, so nothing is sent again before ACM was asked what has come
of it; and since nothing can promise exactly one at every moment, every run also mends what others have left.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from certkit import certificate as x
from certkit.apply import Patience, Result, apply_action
from certkit.aws.acm import Acm
from certkit.errors import (
    AwsError,
    AwsMismatchError,
    AwsNotSentError,
    AwsRefusedError,
    AwsThrottledError,
    AwsUnreachableError,
    CertkitError,
    PlanChangedError,
)
from certkit.heal import heal, is_gone
from certkit.journal import Journal
from certkit.ledger import Entry, Outcome
from certkit.memory import DELETE, Memory
from certkit.observe import observe
from certkit.plan import Action, Desired, Import, Nothing, Observed, make_plan, removable, row, verb, wanted_tags
from certkit.record import CertificateRecord

ATTEMPTS: Final = 3
"""How often something is sent in one run, where each time nobody knows what came of it."""

_PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between looks, the last one repeated: a look may list everything, which ACM allows 8 times a second."""

Approval: TypeAlias = Callable[[Action, tuple[CertificateRecord, ...]], None]
"""Asked once, before the first write, with what is to be done and which copies are to be deleted; raises to forbid it."""


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
    course = _Course(acm, desired, journal, patience or Patience(), approve or _approve_all)
    try:
        with journal.locked(desired):
            return _run(course)
    except CertkitError as error:
        return _failed(course, error)


def as_reviewed(reviewed: Action) -> Approval:
    """Returns the approval of what was reviewed: of just that, or of nothing, where it is so already.

    Raises:
        PlanChangedError: the approval does, where ACM holds something else by now.
    """

    def approve(action: Action, spares: tuple[CertificateRecord, ...]) -> None:
        del spares
        if not isinstance(action, Nothing) and row(action) != row(reviewed):
            raise PlanChangedError(
                f"what ACM holds has changed: it would be {verb(action)} now, and {verb(reviewed)} was reviewed",
                hint="certkit plan shows what would be done now",
            )

    return approve


@dataclass(frozen=True, slots=True)
class _Pending:
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
class _Course:
    """How far one run has come.

    Attributes:
        done: the first write that worked.
        arn, error: of the latest write that had no answer.
    """

    acm: Acm
    desired: Desired
    journal: Journal
    patience: Patience
    approve: Approval
    is_approved: bool = False
    memory: Memory = field(default_factory=Memory)
    pending: tuple[_Pending, ...] = ()
    done: Result | None = None
    arn: str | None = None
    error: CertkitError | None = None
    warnings: tuple[str, ...] = ()


def _approve_all(action: Action, spares: tuple[CertificateRecord, ...]) -> None:
    del action, spares


def _run(course: _Course) -> Result:
    course.memory = course.journal.memory(course.desired)
    course.pending = tuple(_Pending(entry, entry.at) for entry in course.journal.unfinished(course.desired))
    for _ in range(ATTEMPTS):
        action = _decide(course)
        if isinstance(action, Nothing):
            return _finish(course, action)
        result = _act(course, action)
        if result is not None:
            return result
    action = _decide(course)
    if isinstance(action, Nothing):
        return _finish(course, action)
    raise course.error or AwsRefusedError(
        f"{course.desired.region}: what ACM holds changes faster than it can be set right",
        hint="run again in some minutes",
    )


def _decide(course: _Course) -> Action:
    """Looks, settles what was open, deletes copies, and returns what is to be done."""
    observed = _look(course)
    for one in course.pending:
        _settle(course, one, observed)
    course.pending = ()
    action = make_plan([(course.desired, observed)]).actions[0]
    copies = removable(course.desired, observed)
    if not course.is_approved:
        course.approve(action, copies)
        course.is_approved = True
    if copies:
        course.warnings += heal(course.acm, course.desired, observed, course.journal)
    return action


def _look(course: _Course) -> Observed:
    """Returns what ACM holds; while an import may be on its way, waits for it until it cannot come any more."""
    pauses = itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1]))
    clock, deadline = course.patience.clock, course.patience.clock() + _seconds_left(course)
    while True:
        try:
            seen = observe(course.acm, course.desired, course.journal.now(), course.memory)
        except (AwsThrottledError, AwsUnreachableError):
            if clock() >= deadline:
                raise
        else:
            if seen.own or clock() >= deadline:
                return seen
        pause = next(pauses)
        if pause == _PAUSES[1]:
            course.patience.tell(
                f"there was no answer: waiting up to {deadline - clock():.0f} s for what may come of it"
            )
        course.patience.sleep(min(pause, max(deadline - clock(), 0.0)))


def _seconds_left(course: _Course) -> float:
    """Returns how long an import without an answer may still come to be seen."""
    most = course.patience.settle_seconds
    ages = [course.journal.now() - one.since for one in course.pending if one.entry.action == "import"]
    return min(max((most - age.total_seconds() for age in ages), default=0.0), most)


def _settle(course: _Course, one: _Pending, observed: Observed) -> None:
    """Writes down what came of an open write, as far as ACM shows it.

    Raises:
        CertkitError: ACM said that it did it, and does not show it: to send it again would make another one.
    """
    holder = _holder(course, one.entry, observed)
    if holder is not None:
        course.warnings += course.journal.end(one.entry, Outcome.DONE, arn=holder or None, detail="found later")
        if one.result and holder:
            course.done = course.done or replace(one.result, arn=holder, error=None)
    elif one.is_acknowledged and one.error:
        raise one.error
    else:
        course.warnings += course.journal.end(one.entry, Outcome.FAILED, detail="ACM does not hold it")


def _holder(course: _Course, entry: Entry, observed: Observed) -> str | None:
    """Returns the ARN under which ACM shows that a write was done, empty where it was a deletion; None: it does not."""
    if entry.action == DELETE:
        return "" if entry.arn and is_gone(course.acm, entry.arn) else None
    for record in observed.own:
        if entry.action == "tag" and entry.arn == record.arn and _has_tags(record, wanted_tags(course.desired)):
            return record.arn
        is_meant = entry.action == "import" or entry.arn == record.arn
        if entry.action != "tag" and is_meant and x.fingerprint(record.leaf) == entry.sha256:
            return record.arn
    return None


def _has_tags(record: CertificateRecord, tags: dict[str, str]) -> bool:
    return tags.items() <= dict(record.tags).items()


def _act(course: _Course, action: Action) -> Result | None:
    """Carries out one action; None where another look is due."""
    entry = course.journal.begin(action)
    result = apply_action(course.acm, action, course.patience)
    match result.error:
        case None:
            return _succeed(course, action, entry, result)
        case AwsMismatchError(holds_leaf=True) as error:
            _end(course, entry, Outcome.DONE, result, error.message)
        case AwsMismatchError():
            _leave_open(course, entry, result, is_acknowledged=True)
            return None
        case AwsNotSentError() as error if isinstance(
            action, Import
        ):  # of a reimport an earlier sending may have been done
            _end(course, entry, Outcome.FAILED, result, error.message)
        case AwsUnreachableError():
            _leave_open(course, entry, result, is_acknowledged=isinstance(action, Import) and bool(result.arn))
            return None
        case error:
            _end(course, entry, Outcome.FAILED, result, error.message)
    return replace(result, warnings=(*course.warnings, *result.warnings))


def _succeed(course: _Course, action: Action, entry: Entry, result: Result) -> Result | None:
    _end(course, entry, Outcome.DONE, result, "; ".join(result.warnings))
    course.warnings += result.warnings
    course.done = course.done or replace(result, warnings=())
    if isinstance(action, Import) and result.arn and not _is_alone(course, result.arn):
        return None
    return _report(course, result.arn, x.fingerprint(course.desired.bundle.leaf))


def _is_alone(course: _Course, arn: str) -> bool:
    """Waits until the index shows a new import, and tells whether it shows no other of the name.

    Whoever imports later than we do waits for an index that shows ours too: so the last one sees all of them.
    """
    deadline = course.patience.clock() + course.patience.settle_seconds
    for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
        seen = _indexed(course)
        if arn in seen:
            return seen == (arn,)
        if course.patience.clock() + pause > deadline:
            break
        if pause == _PAUSES[1]:
            course.patience.tell(f"imported as {arn}: waiting for the index, which shows whether it is the only one")
        course.patience.sleep(pause)
    course.warnings += (f"the index of tags does not show {arn} yet: the next run looks whether it is the only one",)
    return True


def _indexed(course: _Course) -> tuple[str, ...]:
    try:
        return course.acm.arns_named(course.desired.name or "")
    except (AwsThrottledError, AwsUnreachableError):
        return ()


def _leave_open(course: _Course, entry: Entry, result: Result, *, is_acknowledged: bool) -> None:
    """Notes that nobody knows what came of a write, for the next look to find out."""
    course.arn, course.error = result.arn, result.error
    _end(course, entry, Outcome.UNKNOWN, result, result.error.message if result.error else "")
    words = {"import": "imported", "reimport": "reimported", "tag": "tagged"}
    meant = replace(result, action=words[entry.action], warnings=(), error=None)
    course.warnings += result.warnings
    course.pending = (_Pending(entry, course.journal.now(), meant, result.error, is_acknowledged),)


def _end(course: _Course, entry: Entry, outcome: Outcome, result: Result, detail: str) -> None:
    course.warnings += course.journal.end(entry, outcome, arn=result.arn, request_id=result.request_id, detail=detail)


def _finish(course: _Course, action: Nothing) -> Result:
    course.warnings += action.warnings
    current = action.current
    if course.done is None:
        previous = x.fingerprint(current.leaf)
        course.done = Result(course.desired, "unchanged", current.arn, previous)
    return _report(course, current.arn, x.fingerprint(current.leaf), current)


def _report(course: _Course, arn: str | None, sha256: str, current: CertificateRecord | None = None) -> Result:
    """Returns the result, once the ledger says of the certificate what ACM says."""
    course.warnings += _compare(course, arn, sha256, current)
    done = course.done
    if done is None:
        raise AssertionError
    return replace(done, arn=arn, warnings=tuple(dict.fromkeys(course.warnings)))


def _compare(course: _Course, arn: str | None, sha256: str, current: CertificateRecord | None) -> tuple[str, ...]:
    """Writes down where ACM holds something else than the ledger says: other hosts, and people, write there too."""
    journal, desired = course.journal, course.desired
    try:
        held = dict(journal.memory(desired).held)
        warnings: Iterable[str] = ()
        if current and held.get(current.arn) != sha256:
            warnings = journal.note_found(desired, current)
        lost = [other for other in held if other != arn and is_gone(course.acm, other)]
        return (*warnings, *(text for other in lost for text in journal.note_gone(desired, other)))
    except CertkitError as error:
        return (f"the ledger is not compared with ACM: {error.message}",)


def _failed(course: _Course, error: CertkitError) -> Result:
    """Returns the result of a run that an error ended: a good import stays one where only the last look failed."""
    done, warnings = course.done, tuple(dict.fromkeys(course.warnings))
    if done and isinstance(error, AwsError):
        unseen = f"it could not be looked at again: {error.message}; the next run looks"
        return replace(done, warnings=(*warnings, unseen))
    arn = done.arn if done else course.arn or course.desired.arn
    return Result(course.desired, "failed", arn, done.previous_sha256 if done else None, warnings, error)
