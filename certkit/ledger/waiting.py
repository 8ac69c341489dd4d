"""Trying again until the time is up."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_PAUSE_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Waiting:
    """How to wait: the tests' clock does not."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    pause: float = _PAUSE_SECONDS

    def tries(self, seconds: float) -> Iterator[None]:
        """Yields at once, then after each pause, and the last time when `seconds` have passed."""
        deadline = self.clock() + seconds
        yield
        while (left := deadline - self.clock()) > 0:
            self.sleep(min(self.pause, left))
            yield
