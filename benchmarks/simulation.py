"""How long `certkit status` takes for 100,000 certificates over 400 accounts, at the rates that AWS documents: docs/scale.md.

Nothing is sent and nobody waits: every region has a clock of its own that stands still until a request takes its time or
the pace (certkit's own, the very code that waits in a real run) asks for a pause. The regions are then shared out among as
many threads as a real run has. What a request takes and what the processor takes for a region are the two assumptions.

Run: .venv/bin/python benchmarks/simulation.py
"""

import heapq
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from certkit import parallel
from certkit.aws.pacing import ReadingPaces, Timing, paced
from certkit.cli import accounts, callers

ACCOUNTS: Final = 400
REGIONS: Final = 17
"""Enabled by default in every account: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html."""

CERTIFICATES: Final = 100_000
SEARCHED_PAGE: Final = 500
TAGGED_PAGE: Final = 100
MEMBERS_PAGE: Final = 20
"""Accounts in an answer of ListAccounts: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html."""

ALLOWED: Final = {"search": 5, "tags": 5}
"""A second, for each account and region: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html; for tags none is known."""

REQUEST_SECONDS: Final = 0.15
"""One request with its TLS handshake shared, half of the regions on other continents: an assumption."""

HANDSHAKE_SECONDS: Final = 0.25
"""The first request to a region of an account, connection included: an assumption."""

PROCESSOR_SECONDS: Final = 0.015
"""What a region costs on one core of the machine of docs/speed.md, its two clients above all: measured by benchmarks/scale.py."""


@dataclass(slots=True)
class Clock:
    """The time in one region."""

    now: float = 0.0

    def pass_by(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += seconds


@dataclass(frozen=True, slots=True)
class Result:
    """One estate: all seconds, and what bounds them."""

    seconds: float
    requests: int
    longest: float


def main() -> None:
    """Prints how long each estate takes."""
    for what, places in _estates():
        result = _simulate(places)
        print(
            f"{what}: {result.seconds / 60:.1f} min, {result.requests:,} requests, the longest region {result.longest:.1f} s",
        )


def _estates() -> Iterator[tuple[str, Sequence[int]]]:
    """Yields three ways of spreading the certificates over the regions: how many are in each."""
    places = ACCOUNTS * REGIONS
    each, more = divmod(CERTIFICATES, places)
    yield "even: 14 or 15 in every region", [each + (number < more) for number in range(places)]
    two = [125 if number % REGIONS < 2 else 0 for number in range(places)]  # noqa: PLR2004 -- two regions
    yield "usual: 125 in two regions of each account", two
    full = [2_500 if number % (REGIONS * 10) == 0 else 0 for number in range(places)]
    yield "worst: 2,500, ACM's quota, in one region of every tenth account", full


def _simulate(places: Sequence[int]) -> Result:
    requests, longest = 0, 0.0
    ready = _entering()
    threads = [ready] * parallel._PARALLEL  # noqa: SLF001 -- the number that is simulated
    heapq.heapify(threads)
    clients_made = ready
    for count in places:
        seconds, sent = _region(count)
        # Clients are made one after the other; a region begins when its clients are made and a thread is free.
        clients_made += PROCESSOR_SECONDS
        begin = max(heapq.heappop(threads), clients_made)
        heapq.heappush(threads, begin + seconds)
        requests, longest = requests + sent, max(longest, seconds)
    return Result(max(threads), requests, longest)


def _entering() -> float:
    """Returns how long it takes until every account was entered, and has said which regions it has."""
    listing = ACCOUNTS / MEMBERS_PAGE * REQUEST_SECONDS
    entering = 2 * HANDSHAKE_SECONDS * ACCOUNTS / accounts._PARALLEL  # noqa: SLF001 -- AssumeRole, GetCallerIdentity
    regions = HANDSHAKE_SECONDS * ACCOUNTS / callers._PARALLEL  # noqa: SLF001 -- DescribeRegions
    return listing + entering + regions


def _region(count: int) -> tuple[float, int]:
    """Returns how long one region takes, by certkit's own pace, and how many requests it is."""
    clock = Clock()
    paces = ReadingPaces.of(Timing(lambda: clock.now, clock.pass_by))
    sent = 0
    for name, pace, size in (("search", paces.search, SEARCHED_PAGE), ("tags", paces.tags, TAGGED_PAGE)):
        times: deque[float] = deque()
        for _ in paced(_pages(clock, count, size, times), pace, "token"):
            pass
        _check(name, times)
        sent += len(times)
    return clock.now, sent


def _pages(clock: Clock, count: int, size: int, times: "deque[float]") -> Iterator[Mapping[str, Any]]:
    """Yields the pages of a listing, each once its request has taken its time."""
    pages = max(1, -(-count // size))
    for number in range(pages):
        times.append(clock.now)
        clock.pass_by(HANDSHAKE_SECONDS if number == 0 else REQUEST_SECONDS)
        yield {"token": number + 1 < pages}


def _check(name: str, times: Sequence[float]) -> None:
    """Checks that no second has had more requests than are allowed."""
    for first, last in zip(times, list(times)[ALLOWED[name] :], strict=False):
        if last - first < 1:
            raise SystemExit(f"{name}: more than {ALLOWED[name]} requests in a second")


if __name__ == "__main__":
    main()
