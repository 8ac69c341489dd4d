"""What one run knows of the certificates in one account and region, so that it asks once, and not again for each of its own."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from certkit.aws.pacing import Timing

HOLDS_SECONDS: Final = 300.0
"""How long an answer is relied on that other runs may make untrue: names, and the listing that a plan is made from."""

ALWAYS: Final = math.inf
"""How long an answer is relied on that nothing can make untrue."""

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
    """The answers that one run has had from one account and region; whoever asks says how long one may be relied on."""

    def __init__(self, timing: Timing | None = None) -> None:
        self._clock = (timing or Timing()).clock
        self._answers: dict[object, tuple[float, Any]] = {}
        self._own: dict[str, Own] = {}

    def recall(self, about: object, ask: Callable[[], Answer], seconds: float = HOLDS_SECONDS) -> Answer:
        """Returns the answer of the last `seconds`, if there is one, else asks; with 0 it always asks."""
        since, answer = self._answers.get(about, (-math.inf, None))
        if self._clock() - since >= seconds:
            answer = ask()
            self._answers[about] = (self._clock(), answer)
        known: Answer = answer
        return known

    def forget(self) -> None:
        """Forgets every answer, since something may have changed that no answer shows yet; what this run imported stays known."""
        self._answers.clear()

    def note(self, arn: str, name: str | None, leaf: bytes) -> None:
        """Takes in what this run has just imported."""
        self._own[arn] = Own(arn, name, leaf)

    def drop(self, arn: str) -> None:
        """Forgets what this run imported under an ARN, which holds another leaf or name, or nothing, from now on."""
        self._own.pop(arn, None)

    def own(self) -> Iterator[Own]:
        """Yields what this run imported, as far as nothing has been written there since."""
        yield from tuple(self._own.values())

    def imported(self, arn: str) -> Own | None:
        """Returns what this run imported under an ARN, None where it did not."""
        return self._own.get(arn)
