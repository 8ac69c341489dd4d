"""The scheduled job, as decisions: what is due, what is not done unseen, and what came of each certificate. No I/O."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from certkit.apply import Row
from certkit.bundle import Bundle
from certkit.errors import AwsError, CertkitError, UnsafeError
from certkit.expiry import Threshold
from certkit.freeze import Freeze, freeze_on
from certkit.ledger import Entry, Outcome
from certkit.manifest import CertificateSpec
from certkit.target import Decision, Failure, failure_of
from certkit.unsafe import Danger, Kind, unsafe

NAME: Final = "* renew *"
"""What the heartbeats stand under in the ledger: no certificate is called that, for ACM takes no asterisk in a tag."""

ACTION: Final = "renew"


@dataclass(frozen=True, slots=True)
class Course:
    """How one certificate's renewal has gone, before anything of it was written to ACM.

    Attributes:
        is_begun: whether its command was run, so that what follows is a renewal.
        error: why `pre` or the command failed.
        is_held: whether nothing may be written: `pre` failed.
    """

    is_begun: bool = False
    error: CertkitError | None = None
    is_held: bool = False


def is_due(when: Threshold, source: Bundle | CertkitError, now: dt.datetime) -> bool:
    """Tells whether a `renew_command` is to be run.

    A SOURCE that is missing, or makes no bundle, is something that the command may mend. One that AWS does not hand out may
    hold a new certificate: to run the command for it every night would only use up the CA's limits.
    """
    if isinstance(source, CertkitError):
        return not isinstance(source, AwsError)
    leaf = source.leaf
    return when.is_reached(leaf.not_valid_before_utc, leaf.not_valid_after_utc, now)


def frozen_by(
    freezes: Iterable[Freeze], spec: CertificateSpec, source: Bundle | CertkitError, now: dt.datetime
) -> Freeze | None:
    """Returns the freeze in which a `renew_command` is not run: what it would leave could be written nowhere yet.

    What ACM holds is not known by then; the SOURCE, which is the same or newer, says when that expires.
    """
    expires = source.leaf.not_valid_after_utc if isinstance(source, Bundle) else None
    accounts: Sequence[str | None] = [account.id for account in spec.accounts] or [None]
    found = [freeze_on(freezes, spec.name, account, expires, now) for account in accounts]
    return found[0] if all(found) else None


def delay_seconds(run: str, most: dt.timedelta) -> float:
    """Returns how long a run waits before it begins: a part of `most` that its random ID decides."""
    return most.total_seconds() * (int(run, 16) / float(1 << 4 * len(run)))


def held_back(decisions: Sequence[Decision], allowed: Mapping[str, Sequence[str]]) -> dict[str, UnsafeError]:
    """Returns the certificates of which nothing is written, since a person should look first, each with the reason.

    Args:
        allowed: the dangers that the manifest lets pass, by the certificate's name.
    """
    dangers = [one for one in unsafe(decisions) if one.kind not in allowed.get(one.name, ())]
    return {one.name: _stop(one) for one in reversed(dangers)}


def stop(decision: Decision, error: CertkitError) -> Failure:
    """Returns what a decision becomes that is not carried out; why one failed already stands."""
    if isinstance(decision, Failure):
        return decision
    return failure_of(decision.desired, error)


def settle(row: Row, course: Course, when: Threshold, now: dt.datetime) -> Row:
    """Returns what came of a certificate in one place, all things considered.

    Where the command failed and nothing was written, that is a failure; where something was written, a warning. A command
    that ended well, and after which the certificate is still due, did nothing: that too is a warning, or nobody would notice.
    """
    if isinstance(row, Failure) or row.error:
        return row
    if course.error and row.action == "unchanged":
        return replace(failure_of(row.desired, course.error), arn=row.arn)
    if course.error:
        return warned(row, course.error.message)
    if course.is_begun and is_due(when, row.desired.bundle, now):
        return warned(row, "renew_command ended well, and what it left is due for renewal as before")
    return row


def warned(row: Row, text: str) -> Row:
    """Returns a row with a warning more, where it can have one."""
    return row if isinstance(row, Failure) else replace(row, warnings=(*row.warnings, text))


def failed(rows: Iterable[Row]) -> tuple[CertkitError, ...]:
    """Returns why rows failed; nothing where none did."""
    return tuple(row.error for row in rows if row.error)


def heartbeat(run: str, caller: str, now: dt.datetime, *, detail: str, is_good: bool, job: str | None = None) -> Entry:
    """Returns the entry by which the ledger knows that a run has come to its end, and how it went.

    Args:
        job: the name of the job that it was; None for a run over some certificates only. It stands as the ARN.
    """
    return Entry(
        id=uuid4().hex,
        at=now,
        run=run,
        caller=caller,
        command=ACTION,
        name=NAME,
        account="",
        region="",
        action=ACTION,
        arn=job,
        sha256="",
        chain_sha256=None,
        previous_sha256=None,
        outcome=Outcome.DONE if is_good else Outcome.FAILED,
        detail=detail,
    )


def _stop(danger: Danger) -> UnsafeError:
    hint = "issue it again for the same kind of key" if danger.kind is Kind.NEW_ARN else _ALLOWING[danger.kind]
    return UnsafeError(f"{danger.message} [{danger.kind}]; nothing was written", hint=hint)


_ALLOWING: Final = {
    Kind.LOST_NAME: 'look at it with certkit plan; renew_allow = ["lost-name"] lets it pass',
    Kind.SOONER: 'ACM holds a newer one: mend the SOURCE; renew_allow = ["expires-sooner"] lets it pass',
}
