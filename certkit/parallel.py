"""Calls side by side, each prepared only shortly before it is begun."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final, TypeVar

_PARALLEL: Final = 16
"""Calls at a time: AWS's rates hold for each account, region and service on its own, so that our processor bounds it."""

_AHEAD: Final = 4
"""Calls prepared before a thread is free for them: a client of botocore's takes half a megabyte until it is done."""

Outcome = TypeVar("Outcome")


def as_done(calls: Iterable[Callable[[], Outcome]]) -> Iterator[Outcome]:
    """Yields what calls return, as soon as they do.

    The iterable is walked in the caller's thread, and only as threads become free: what it prepares, such as clients, which
    botocore makes in one thread at a time, is prepared one at a time, and few of thousands exist at once.
    """
    with ThreadPoolExecutor(_PARALLEL) as pool:
        running: set[Future[Outcome]] = set()
        for call in calls:
            running.add(pool.submit(call))
            if len(running) >= _PARALLEL + _AHEAD:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
