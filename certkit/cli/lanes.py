"""Work side by side: what shares a lane is done one after the other, as the rates of one account and region ask for."""

from collections import defaultdict, deque
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Final, Generic, TypeAlias, TypeVar

_PARALLEL: Final = 64
"""Pairs of account and region worked on at a time; the rates hold for each on its own.

A new certificate takes 1.7 s, of which 40 ms are the processor's, and one that is not 0.7 s and 14 ms: with some fifty at a
time one core is busy, and more lanes would only hold more memory.
"""

GRACE_SECONDS: Final = 3.0
"""How long what has begun may take to end, once the command is to end: an answer of AWS's takes less, or does not come."""

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Later(Generic[Outcome]):
    """What an item comes to once something shows that takes time, and that the next of its lane need not wait for.

    Attributes:
        finish: waits for it, and returns what came of the item.
        is_due: whether that would wait no more.
    """

    finish: Callable[[], Outcome]
    is_due: Callable[[], bool]

    def then(self, more: Callable[[Outcome], Outcome]) -> "Later[Outcome]":
        """Returns what does more with what comes of it."""
        return Later(lambda: more(self.finish()), self.is_due)


Soon: TypeAlias = Outcome | Later[Outcome]
"""What came of an item, or what will say so."""


def side_by_side(
    items: Sequence[Item],
    lane: Callable[[Item], int],
    work: Callable[[Item], Soon[Outcome]],
    stopping: Event | None = None,
    grace_seconds: float = GRACE_SECONDS,
) -> Generator[Outcome, None, None]:
    """Yields what came of each item, in their order; those of one lane are worked on one after the other.

    What comes later is waited for when it is due, or at the end of its lane: then one wait is that of all.

    Interrupted, it begins nothing new and gives what has begun a moment to end. What does not end then goes with the
    process, as if that had been killed: it must leave nothing behind that the next run does not mend.

    Args:
        stopping: set from when on nothing new is begun.
    """
    stopped = stopping or Event()
    futures: list[Future[Outcome]] = [Future() for _ in items]
    lanes = _lanes(items, lane)

    def run(numbers: Sequence[int]) -> None:
        _run([(futures[number], partial(work, items[number])) for number in numbers], stopped)

    threads = _start(lanes, run)
    try:
        for future in futures:
            yield future.result()
    except Exception:
        stopped.set()
        _join(threads, None)
        raise
    finally:
        stopped.set()
        _join(threads, grace_seconds)


def _run(lane: Sequence[tuple["Future[Outcome]", Callable[[], Soon[Outcome]]]], stopped: Event) -> None:
    """Works off one lane, until all of it is done or nothing more is to be begun."""
    left: deque[tuple[Future[Outcome], Later[Outcome]]] = deque()
    for future, work in lane:
        while left and left[0][1].is_due() and not stopped.is_set():
            _finish(*left.popleft())
        if stopped.is_set():
            return
        later = _settle(future, work)
        if later:
            left.append((future, later))
    while left and not stopped.is_set():
        _finish(*left.popleft())


def _settle(future: "Future[Outcome]", work: Callable[[], Soon[Outcome]]) -> Later[Outcome] | None:
    """Works, and says in the future what came of it; returns what will, where that comes later."""
    try:
        came = work()
    except BaseException as error:  # noqa: BLE001 -- raised again where the result is asked for
        future.set_exception(error)
        return None
    if isinstance(came, Later):
        return came
    future.set_result(came)
    return None


def _finish(future: "Future[Outcome]", later: Later[Outcome]) -> None:
    _settle(future, later.finish)


def _lanes(items: Sequence[Item], lane: Callable[[Item], int]) -> Sequence[Sequence[int]]:
    """Returns the numbers of the items of each lane."""
    lanes: Mapping[int, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        lanes[lane(item)].append(number)
    return tuple(lanes.values())


def _start(lanes: Sequence[Sequence[int]], run: Callable[[Sequence[int]], None]) -> Sequence[Thread]:
    """Starts the threads that work off the lanes; they do not keep the process from ending, as those of a pool would."""
    queue: SimpleQueue[Sequence[int]] = SimpleQueue()
    for numbers in lanes:
        queue.put(numbers)
    threads = [Thread(target=_work_off, args=(queue, run), daemon=True) for _ in lanes[:_PARALLEL]]
    for thread in threads:
        thread.start()
    return threads


def _work_off(queue: "SimpleQueue[Sequence[int]]", run: Callable[[Sequence[int]], None]) -> None:
    while True:
        try:
            numbers = queue.get_nowait()
        except Empty:
            return
        run(numbers)


def _join(threads: Sequence[Thread], seconds: float | None) -> None:
    """Waits for all threads, all in all so many seconds at the most; without a bound for None."""
    end = None if seconds is None else monotonic() + seconds
    for thread in threads:
        thread.join(None if end is None else max(end - monotonic(), 0.0))
