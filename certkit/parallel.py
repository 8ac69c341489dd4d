"""Calls side by side, in threads that do not keep the process from ending."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Final, TypeVar

_PARALLEL: Final = 16
"""Calls at a time: AWS's rates hold for each account, region and service on its own, so that our processor bounds it."""

GRACE_SECONDS: Final = 3.0
"""How long what has begun may take to end, once the command is to end: an answer of AWS's takes less, or does not come."""

_AHEAD: Final = 4
"""Calls prepared before a thread is free for them: a client of botocore's takes half a megabyte until it is done."""

Outcome = TypeVar("Outcome")


class Pool:
    """Threads that make calls, in the order in which they are given.

    Those of `concurrent.futures` are waited for before the interpreter ends, for as long as a server says nothing. These go
    with the process, as if it had been killed.

    Args:
        most: calls made at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[Thread] = []

    def begin(self, call: Callable[[], Outcome]) -> "Future[Outcome]":
        """Has a call made as soon as a thread is free, and returns what will say what came of it."""
        future: Future[Outcome] = Future()
        self._calls.put(partial(_settle, future, call))
        if len(self._threads) < self._most:
            self._threads.append(Thread(target=self._work, daemon=True))
            self._threads[-1].start()
        return future

    def end(self, seconds: float | None = GRACE_SECONDS) -> None:
        """Begins nothing more, and waits for what has begun: all in all so many seconds, without a bound for None."""
        while _next(self._calls):
            pass
        for _ in self._threads:
            self._calls.put(None)
        end = None if seconds is None else monotonic() + seconds
        for thread in self._threads:
            thread.join(None if end is None else max(end - monotonic(), 0.0))

    def _work(self) -> None:
        while call := self._calls.get():
            call()


def as_done(calls: Iterable[Callable[[], Outcome]]) -> Iterator[Outcome]:
    """Yields what calls return, as soon as they do; interrupted, it gives those that have begun a moment to end.

    The iterable is walked in the caller's thread, and only as threads become free: what it prepares, such as clients, which a
    session makes one at a time, is prepared one at a time, and few of thousands exist at once.
    """
    with _pool(_PARALLEL) as pool:
        running: set[Future[Outcome]] = set()
        for call in calls:
            running.add(pool.begin(call))
            if len(running) >= _PARALLEL + _AHEAD:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)


def in_order(calls: Iterable[Callable[[], Outcome]], most: int) -> Iterator[Outcome]:
    """Yields what calls return, in their order; interrupted, it gives those that have begun a moment to end.

    The iterable is walked at once, in the caller's thread.
    """
    with _pool(most) as pool:
        begun = deque([pool.begin(call) for call in calls])
        while begun:
            yield begun.popleft().result()


@contextmanager
def _pool(most: int) -> Iterator[Pool]:
    pool = Pool(most)
    try:
        yield pool
    finally:
        pool.end()


def _settle(future: "Future[Outcome]", call: Callable[[], Outcome]) -> None:
    """Makes a call, and says in the future what came of it."""
    try:
        came = call()
    except BaseException as error:  # noqa: BLE001 -- raised again where the result is asked for
        future.set_exception(error)
    else:
        future.set_result(came)


def _next(calls: "SimpleQueue[Callable[[], None] | None]") -> Callable[[], None] | None:
    try:
        return calls.get_nowait()
    except Empty:
        return None
