"""What one run has learnt of the certificates of one account and region, so that it need not ask once more for each of its own."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from certkit.aws.pacing import Timing

HOLDS_SECONDS: Final = 300.0
"""How long an answer holds that others could make untrue: names, and what a plan was made from."""

ALWAYS: Final = math.inf
"""How long an answer holds that nobody can make untrue."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Own:
    """A certificate that this run imported, which no index need show yet.

    Attributes:
        leaf: its DER.
    """

    arn: str
    name: str | None
    leaf: bytes


class Lore:
    """The answers of one account and region that one run has had; what writes nothing may be decided by them."""

    def __init__(self, timing: Timing | None = None) -> None:
        self._clock = (timing or Timing()).clock
        self._answers: dict[object, tuple[float, Any]] = {}
        self._own: dict[str, Own] = {}

    def recall(self, about: object, ask: Callable[[], Answer], seconds: float = HOLDS_SECONDS) -> Answer:
        """Returns the answer that there was within so many seconds, else asks; 0 always asks."""
        since, answer = self._answers.get(about, (-math.inf, None))
        if self._clock() - since >= seconds:
            answer = ask()
            self._answers[about] = (self._clock(), answer)
        known: Answer = answer
        return known

    def forget(self) -> None:
        """Forgets every answer: something may be there by now of which nobody had word. Its own imports stay known."""
        self._answers.clear()

    def note(self, arn: str, name: str | None, leaf: bytes) -> None:
        """Takes in what this run has just imported."""
        self._own[arn] = Own(arn, name, leaf)

    def drop(self, arn: str) -> None:
        """Takes it that another leaf or name may stand under an ARN from now on, or nothing."""
        self._own.pop(arn, None)

    def own(self) -> Iterator[Own]:
        """Yields what this run imported, as far as nothing has been written there since."""
        yield from tuple(self._own.values())

    def imported(self, arn: str) -> Own | None:
        """Returns what this run imported under an ARN, None where that was another."""
        return self._own.get(arn)
