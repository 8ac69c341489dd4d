"""What a person should look at before it is done, since ACM takes no reimport back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from certkit.errors import ReimportIncompatibleError, UnsafeError
from certkit.plan import Action, Reimport
from certkit.reimport import Clause, losses
from certkit.target import Decision, Failure, place


class Kind(StrEnum):
    """What is dangerous about it.

    LOST_NAME: a name that is served is served no more. SOONER: the new certificate expires before the old one.
    NEW_ARN: ACM would refuse it under the ARN, so that what uses the old one keeps the old certificate.
    """

    LOST_NAME = "lost-name"
    SOONER = "expires-sooner"
    NEW_ARN = "new-arn"


@dataclass(frozen=True, slots=True)
class Danger:
    """One reason to stop."""

    name: str
    account: str
    region: str
    kind: Kind
    message: str


def unsafe(decisions: Iterable[Decision]) -> tuple[Danger, ...]:
    """Returns what is dangerous about a plan, in its order; nothing where it can go ahead unseen."""
    return tuple(
        Danger(*place(decision), kind, message)
        for decision in sorted(decisions, key=place)
        for kind, message in (_of_failure(decision) if isinstance(decision, Failure) else _of(decision))
    )


def check_allowed(dangers: Iterable[Danger], allowed: Iterable[str]) -> None:
    """Checks that every danger is one of a certificate that is allowed.

    Raises:
        UnsafeError: one is not.
    """
    names = {*allowed}
    left = [danger for danger in dangers if danger.name not in names]
    if left:
        first, more = left[0], f" (and {len(left) - 1} more: certkit plan shows all)" if len(left) > 1 else ""
        raise UnsafeError(
            f"{first.name}: {first.account} {first.region}: {first.message} [{first.kind}]{more}; nothing was written",
            hint=f"look at it with certkit plan, then let it pass with --allow {first.name}",
        )


def _of(action: Action) -> Iterator[tuple[Kind, str]]:
    if not isinstance(action, Reimport):
        return
    new, old = action.desired.bundle.leaf, action.current.leaf
    for breach in losses(new, old):
        if breach.clause is Clause.SOME_NAMES:
            yield Kind.LOST_NAME, breach.message
    if new.not_valid_after_utc < old.not_valid_after_utc:
        until, before = (f"{one.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}" for one in (new, old))
        yield Kind.SOONER, f"it expires on {until}, before what it replaces, which expires on {before}"


def _of_failure(failure: Failure) -> Iterator[tuple[Kind, str]]:
    if isinstance(failure.error, ReimportIncompatibleError):
        yield Kind.NEW_ARN, failure.error.message
