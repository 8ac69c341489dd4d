"""One certificate in one region of one account, and how far it has come: decided, or why not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from certkit.errors import CertkitError
from certkit.plan import Action, Desired, Plan, plan_of


@dataclass(frozen=True, slots=True)
class Failure:
    """What cannot be decided, and why.

    Attributes:
        account: None where nobody could say which.
        desired: None where the bundle itself could not be read.
        arn: the one that it is to stand under, as far as it is known.
    """

    name: str | None
    account: str | None
    region: str
    error: CertkitError
    desired: Desired | None = None
    arn: str | None = None


Decision: TypeAlias = Action | Failure


def failure_of(desired: Desired, error: CertkitError) -> Failure:
    """Returns the failure of a certificate that could be read."""
    return Failure(desired.name, desired.account, desired.region, error, desired, desired.arn)


class Wanted(Protocol):
    """What is about something desired: a decision, or what came of it."""

    @property
    def desired(self) -> Desired:
        """What is desired."""


def place(decided: Wanted | Failure) -> tuple[str, str, str]:
    """Returns name, account and region, by which everything is ordered."""
    one = decided if isinstance(decided, Failure) else decided.desired
    return (one.name or "", one.account or "", one.region)


def split(decisions: Iterable[Decision]) -> tuple[Plan, Sequence[Failure]]:
    """Returns the plan of what could be decided, and the rest in its order."""
    listed = sorted(decisions, key=place)
    failures = [one for one in listed if isinstance(one, Failure)]
    return plan_of(one for one in listed if not isinstance(one, Failure)), failures
