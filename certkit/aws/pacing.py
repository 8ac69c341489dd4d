"""Keeps to a rate from our own side: asking faster than AWS answers is slower than waiting.

Twenty imports into one region by eight threads that only back off: five are done in 5 s and fifteen fail; one at a time,
1 s apart, all twenty are done in 20 s, with twenty requests.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeVar

Page = TypeVar("Page", bound=Mapping[str, Any])

IMPORT_SECONDS: Final = 1.02
"""Between two ImportCertificate: one a second in each account and region, and a little for clocks that differ.

https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
"""

SEARCH_SECONDS: Final = 0.205
"""Between two SearchCertificates, of which the same page allows five a second, and a little for clocks that differ."""

LIST_SECONDS: Final = 0.13
"""Between two ListCertificates: eight a second."""

READ_SECONDS: Final = 0.105
"""Between two GetCertificate, two DescribeCertificate or two ListTagsForCertificate: ten a second each."""

TAGS_SECONDS: Final = 0.205
"""Between two GetResources, for which AWS names no number: no faster than SearchCertificates."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What waiting goes by: the tests' own takes no time.

    Attributes:
        clock: seconds that only grow.
        sleep: waits so many seconds.
    """

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Pace:
    """Lets one request through every so many seconds, the first at once. All that share a rate MUST share a pace."""

    def __init__(self, seconds: float = IMPORT_SECONDS, timing: Timing | None = None) -> None:
        self._seconds = seconds
        self._timing = timing or Timing()
        self._next = float("-inf")
        self._lock = Lock()

    def wait(self) -> None:
        """Waits until the next one may go; threads go one after the other."""
        with self._lock:
            pause = self._next - self._timing.clock()
            if pause > 0:
                self._timing.sleep(pause)
            self._next = self._timing.clock() + self._seconds


@dataclass(frozen=True, slots=True)
class ReadingPaces:
    """The paces of the listings of one account and region, and of what they make one look at one by one."""

    search: Pace
    listing: Pace
    tags: Pace
    reads: Pace

    @classmethod
    def of(cls, timing: Timing) -> "ReadingPaces":
        """Returns the paces that the documented rates ask for."""
        seconds = (SEARCH_SECONDS, LIST_SECONDS, TAGS_SECONDS, READ_SECONDS)
        return cls(*(Pace(each, timing) for each in seconds))


def paced(pages: Iterable[Page], pace: Pace, token: str) -> Iterator[Page]:
    """Yields pages, each asked for when the pace allows it; `token` is the member that says that there is another."""
    pace.wait()
    for page in pages:
        yield page
        if page.get(token):
            pace.wait()
