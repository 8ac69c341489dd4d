"""Others may write to ACM between a plan and its writes: nothing is written that goes beyond what was decided."""

from collections.abc import Callable, Iterator
from typing import TypeAlias, assert_never

from cryptography import x509

from certkit.errors import PlanChangedError
from certkit.plan import Action, Held, Import, Nothing, Reimport, Tag
from certkit.record import CertificateRecord

Approval: TypeAlias = Callable[[Action, tuple[CertificateRecord, ...]], None]
"""Asked before each write, with what is to be done and which copies are to be deleted; raises to forbid it."""


def approve_all(action: Action, copies: tuple[CertificateRecord, ...]) -> None:
    """Forbids nothing."""
    del action, copies


def check_within(decided: Action, action: Action) -> None:
    """Checks that an action does no more than what was decided.

    Raises:
        PlanChangedError: it does: ACM holds something else by now.
    """
    if not _is_within(decided, action):
        raise PlanChangedError(
            "what ACM holds has changed since it was looked at, by another hand; this was not written",
            hint="run it again, and review what it plans",
        )


def _is_within(decided: Action, action: Action) -> bool:
    """Tells whether an action does no more; tags, and another chain under the same leaf, never go beyond a decision."""
    match action:
        case Import():
            return isinstance(decided, Import)
        case Reimport():
            return action.current.leaf in (action.desired.bundle.leaf, *_replaced(decided, action.current.arn))
        case Tag() | Nothing() | Held():
            return True
        case _:
            assert_never(action)


def _replaced(decided: Action, arn: str) -> Iterator[x509.Certificate]:
    """Yields the leaf that was to be replaced under an ARN."""
    if isinstance(decided, Reimport) and decided.current.arn == arn:
        yield decided.current.leaf
