"""What becomes of a write that is held back: by a freeze, an earlier wave, or too many failures. No I/O, no clock."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from certkit import certificate as x
from certkit.apply import Frozen, Result, Row
from certkit.errors import CertkitError, NotBegunError
from certkit.freeze import Freeze, freeze_on
from certkit.manifest import CertificateSpec
from certkit.plan import Action, Import
from certkit.target import Decision, Failure, failure_of
from certkit.waves import Limit


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why a certificate goes no further.

    Attributes:
        wave: the one that it stopped in.
        cause: why it failed there, or what it is frozen by.
    """

    wave: int
    cause: CertkitError | str


def place_of(row: Row) -> tuple[str, str, str]:
    """Returns name, account and region, by which everything is ordered."""
    one = row if isinstance(row, Failure) else row.desired
    return (one.name or "", one.account or "", one.region)


def name_of(row: Row) -> str:
    """Returns the certificate's name."""
    return place_of(row)[0]


def frozen_by(freezes: Iterable[Freeze], decision: Decision, now: dt.datetime) -> Freeze | None:
    """Returns the freeze that holds back what was decided, None where none does."""
    if isinstance(decision, Failure):
        return None
    desired = decision.desired
    expires = None if isinstance(decision, Import) else decision.current.leaf.not_valid_after_utc
    return freeze_on(freezes, desired.name or "", desired.account, expires, now)


def stay(action: Action, why: str) -> Result:
    """Returns what a write is that waits for the end of a freeze: nothing has changed, and nothing has failed."""
    if isinstance(action, Import):
        return Result(action.desired, "unchanged", None, None, (why,), frozen=Frozen(None, why))
    arn, leaf = action.current.arn, action.current.leaf
    return Result(action.desired, "unchanged", arn, x.fingerprint(leaf), (why,), frozen=Frozen(leaf, why))


def behind(action: Action, barrier: Barrier) -> Row:
    """Returns what a write is whose certificate has come no further than an earlier wave."""
    if isinstance(barrier.cause, str):
        return stay(action, f"it waits for wave {barrier.wave}, where it is {barrier.cause}")
    message = f"it was held back for what came of wave {barrier.wave}: {barrier.cause.message}"
    return _not_begun(action, message, "mend that: the next run goes on from there")


def spared(action: Action, limit: Limit, failures: int, total: int) -> Failure:
    """Returns what a write is that was not begun, since enough others have failed."""
    message = f"it was not begun: {failures} of {total} failed, and {limit} are enough"
    return _not_begun(action, message, "look at those that failed first: the next run goes on from there")


def barrier_of(row: Row, wave: int) -> Barrier | None:
    """Returns why a certificate goes no further after that came of it in a wave, None where it does."""
    if row.error:
        return Barrier(wave, row.error)
    return Barrier(wave, row.frozen.why) if isinstance(row, Result) and row.frozen else None


def waiting(rows: Iterable[Row]) -> frozenset[str]:
    """Returns the certificates of which something was held back, by their names."""
    return frozenset(name_of(row) for row in rows if _is_held_back(row))


def endpoints(spec: CertificateSpec, places: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
    """Returns the endpoints that should serve a certificate once it is in these places: name, account and region of each."""
    names = {account.id: account.name for account in spec.accounts}
    named = dict.fromkeys(one for _, account, region in places for one in (names.get(account, ""), region))
    return tuple(dict.fromkeys(one for name in named for one in spec.renewal.verify_in.get(name, ())))


def _is_held_back(row: Row) -> bool:
    return isinstance(row.error, NotBegunError) if row.error else isinstance(row, Result) and row.frozen is not None


def _not_begun(action: Action, message: str, hint: str) -> Failure:
    failure = failure_of(action.desired, NotBegunError(message, hint=hint))
    return failure if isinstance(action, Import) else replace(failure, arn=action.current.arn)
