"""What ACM holds, what came of the writes that nobody knows the end of, and whether the ledger says so too."""

from dataclasses import replace

from certkit import certificate as x
from certkit.apply import Result
from certkit.course import Course, Pending
from certkit.errors import AwsThrottledError, AwsUnreachableError, CertkitError
from certkit.heal import is_gone
from certkit.ledger import Entry, Outcome
from certkit.memory import DELETE
from certkit.observe import observe
from certkit.plan import Observed, wanted_tags
from certkit.record import CertificateRecord


def look(course: Course) -> Observed:
    """Returns what ACM holds; while an import may be on its way, waits for it until it cannot come any more.

    Raises:
        AwsError: ACM cannot be asked.
        AmbiguousError: it cannot be said which certificate is meant.
    """
    seconds = _seconds_left(course)
    told = f"there was no answer: waiting up to {seconds:.0f} s for what may come of it"
    for is_last in course.patience.tries(seconds, told):
        if course.pending:  # what may be on its way is in no answer that there was
            course.acm.lore.forget()
        try:
            seen = course.patience.ask(lambda: observe(course.acm, course.desired, course.journal.now(), course.memory))
        except (AwsThrottledError, AwsUnreachableError):
            if is_last:
                raise
            continue
        if seen.own or is_last:
            return seen
    raise AssertionError("the last look returns or raises")


def settle(course: Course, observed: Observed) -> None:
    """Writes down what came of all open writes, as far as ACM shows it.

    Raises:
        CertkitError: ACM said that it did one, and does not show it: to send it again would make another one.
    """
    for one in course.pending:
        _settle(course, one, observed)
    course.pending = ()


def report(course: Course, arn: str | None, sha256: str, current: CertificateRecord | None = None) -> Result:
    """Returns the result, once the ledger says of the certificate what ACM says.

    Args:
        current: what stands in ACM, None where this run has just written it.
    """
    course.warnings += _compare(course, arn, sha256, current)
    done = course.done
    if done is None:
        raise AssertionError("nothing is reported before there is a result")
    return replace(done, arn=arn, warnings=tuple(dict.fromkeys(course.warnings)))


def _seconds_left(course: Course) -> float:
    """Returns how long an import without an answer may still come to be seen."""
    most = course.patience.settle_seconds
    ages = [course.journal.now() - one.since for one in course.pending if one.entry.action == "import"]
    return min(max((most - age.total_seconds() for age in ages), default=0.0), most)


def _settle(course: Course, one: Pending, observed: Observed) -> None:
    holder = _holder(course, one.entry, observed)
    if holder is not None:
        course.warnings += course.journal.end(one.entry, Outcome.DONE, arn=holder or None, detail="found later")
        if one.result and holder:
            course.done = course.done or replace(one.result, arn=holder, error=None)
    elif one.is_acknowledged and one.error:
        raise one.error
    else:
        course.warnings += course.journal.end(one.entry, Outcome.FAILED, detail="ACM does not hold it")


def _holder(course: Course, entry: Entry, observed: Observed) -> str | None:
    """Returns the ARN under which ACM shows that a write was done, empty where it was a deletion; None: it does not."""
    if entry.action == DELETE:
        return "" if entry.arn and is_gone(course.acm, entry.arn) else None
    tags = wanted_tags(course.desired)
    return next((record.arn for record in observed.own if _shows(record, entry, tags)), None)


def _shows(record: CertificateRecord, entry: Entry, tags: dict[str, str]) -> bool:
    """Tells whether a certificate is as a write was to make it."""
    if entry.action == "tag":
        return entry.arn == record.arn and tags.items() <= dict(record.tags).items()
    is_meant = entry.action == "import" or entry.arn == record.arn
    return is_meant and x.fingerprint(record.leaf) == entry.sha256


def _compare(course: Course, arn: str | None, sha256: str, current: CertificateRecord | None) -> tuple[str, ...]:
    """Writes down where ACM holds something else than the ledger says, since other hosts and people write to ACM too."""
    journal, desired = course.journal, course.desired
    try:
        held = dict(journal.memory(desired).held)
        is_news = current is not None and held.get(current.arn) != sha256
        warnings = journal.note_found(desired, current) if current and is_news else ()
        lost = [other for other in held if other != arn and is_gone(course.acm, other)]
        return (*warnings, *(text for other in lost for text in journal.note_gone(desired, other)))
    except CertkitError as error:
        return (f"the ledger is not compared with ACM: {error.message}",)
