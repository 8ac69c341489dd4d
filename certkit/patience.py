"""How long to wait for ACM, and how: what it was given may show late, and what has no answer may still come."""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from certkit.errors import AwsThrottledError

READ_BACK_SECONDS: Final = 60.0
"""How long ACM may take to show what it was given; it documents no time, "several seconds" for requests."""

SETTLE_SECONDS: Final = 120.0
"""How long after a request without an answer it may still be done and then come to be seen by List and the tag index.

AWS documents no time. A request outlives its client by seconds and an index lags by seconds; this is a minute for each.
"""

THROTTLED_SECONDS: Final = 5.0
"""How long to leave ACM alone, at the least, where botocore's own half a minute of backing off was not enough."""

_PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between looks, the last one repeated: a look may list everything, which ACM allows 8 times a second."""

Answer = TypeVar("Answer")


def _tell_nobody(line: str) -> None:
    del line


@dataclass(frozen=True, slots=True)
class Patience:
    """How to wait: the tests' clock does not.

    Attributes:
        seconds: for ACM to show what it was given, and to be done with what others do.
        settle_seconds: for what may be on its way to be done, and for the indexes to show it.
        tell: takes a line for the person who waits.
        jitter: between 0 and 1, so that those who were throttled together do not come back together.
    """

    seconds: float = READ_BACK_SECONDS
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    settle_seconds: float = SETTLE_SECONDS
    tell: Callable[[str], object] = _tell_nobody
    jitter: Callable[[], float] = random.random

    def tries(self, seconds: float, waiting_for: str) -> Iterator[bool]:
        """Yields before each look, at once and then after longer and longer pauses, whether it is the last one.

        Args:
            waiting_for: told once, where the first look was not enough and neither was the second.
        """
        deadline = self.clock() + seconds
        for number in itertools.count():
            left = deadline - self.clock()
            yield left <= 0
            if left <= 0:
                return
            if number == 1:
                self.tell(waiting_for)
            self.sleep(min(_PAUSES[min(number, len(_PAUSES) - 1)], left))

    def let_cool(self) -> None:
        """Leaves ACM alone for a while, after it has refused for the rate."""
        self.sleep(THROTTLED_SECONDS * (1.0 + self.jitter()))

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Returns the answer to what changes nothing; where ACM refuses it for the rate, it is asked once more.

        Raises:
            AwsError: there is no answer, or ACM refuses for the rate both times.
        """
        try:
            return question()
        except AwsThrottledError:
            self.let_cool()
        return question()
