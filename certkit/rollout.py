"""What becomes of a write that is held back: by a freeze, an earlier wave, or too many failures. No I/O, no clock."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from certkit.apply import Result, Row, Withheld, stay
from certkit.errors import CertkitError, NotBegunError
from certkit.freeze import Freeze, freeze_on
from certkit.manifest import CertificateSpec
from certkit.plan import Action, Import
from certkit.target import Decision, Failure, failure_of, place
from certkit.waves import Limit

TOO_LATE: Final = "it was not begun: the time that is given is nearly up"
"""The message of what was not begun for nothing but that."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why a certificate goes no further.

    Attributes:
        wave: the one that it stopped in.
        cause: why it failed there, or what it is held back by.
    """

    wave: int
    cause: CertkitError | Withheld


def name_of(row: Row) -> str:
    """Returns the certificate's name."""
    return place(row)[0]


def frozen_by(freezes: Iterable[Freeze], decision: Decision, now: dt.datetime) -> Freeze | None:
    """Returns the freeze that holds back what was decided, None where none does."""
    if isinstance(decision, Failure):
        return None
    desired = decision.desired
    expires = None if isinstance(decision, Import) else decision.current.leaf.not_valid_after_utc
    return freeze_on(freezes, desired.name or "", desired.account, expires, now)


def behind(action: Action, barrier: Barrier) -> Row:
    """Returns what a write is whose certificate has come no further than an earlier wave."""
    if isinstance(barrier.cause, Withheld):
        why = f"it waits for wave {barrier.wave}, where it is {barrier.cause.why}"
        return stay(action, barrier.cause.word, why)
    message = f"it was held back for what came of wave {barrier.wave}: {barrier.cause.message}"
    return _not_begun(action, message, "mend that: the next run goes on from there")


def spared(action: Action, limit: Limit, failures: int, total: int) -> Failure:
    """Returns what a write is that was not begun, since enough others have failed."""
    message = f"it was not begun: {failures} of {total} failed, and {limit} are enough"
    return _not_begun(action, message, "look at those that failed first: the next run goes on from there")


def too_late(action: Action) -> Failure:
    """Returns what a write is that was not begun, since the process will be ended soon."""
    return _not_begun(action, TOO_LATE, "the next run goes on from there")


def barrier_of(row: Row, wave: int) -> Barrier | None:
    """Returns why a certificate goes no further after that came of it in a wave, None where it does."""
    if row.error:
        return Barrier(wave, row.error)
    return Barrier(wave, row.withheld) if isinstance(row, Result) and row.withheld else None


def waiting(rows: Iterable[Row]) -> frozenset[str]:
    """Returns the certificates of which something was held back, by their names."""
    return frozenset(name_of(row) for row in rows if _is_held_back(row))


def endpoints(spec: CertificateSpec, places: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
    """Returns the endpoints that should serve a certificate once it is in these places: name, account and region of each."""
    names = {account.id: account.name for account in spec.accounts}
    named = dict.fromkeys(one for _, account, region in places for one in (names.get(account, ""), region))
    return tuple(dict.fromkeys(one for name in named for one in spec.renewal.verify_in.get(name, ())))


def _is_held_back(row: Row) -> bool:
    return isinstance(row.error, NotBegunError) if row.error else isinstance(row, Result) and row.withheld is not None


def _not_begun(action: Action, message: str, hint: str) -> Failure:
    failure = failure_of(action.desired, NotBegunError(message, hint=hint))
    return failure if isinstance(action, Import) else replace(failure, arn=action.current.arn)
