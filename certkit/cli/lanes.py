"""Work side by side: what shares a lane is done one after the other, as the rates of one account and region ask for."""

from collections import defaultdict
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Final, TypeVar

_PARALLEL: Final = 16
"""Pairs of account and region worked on at a time; the rates hold for each on its own."""

GRACE_SECONDS: Final = 3.0
"""How long what has begun may take to end, once the command is to end: an answer of AWS's takes less, or does not come."""

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


def side_by_side(
    items: Sequence[Item],
    lane: Callable[[Item], int],
    work: Callable[[Item], Outcome],
    stopping: Event | None = None,
    grace_seconds: float = GRACE_SECONDS,
) -> Generator[Outcome, None, None]:
    """Yields what came of each item, in their order; those of one lane are worked on one after the other.

    Interrupted, it begins nothing new and gives what has begun a moment to end. What does not end then goes with the
    process, as if that had been killed: it must leave nothing behind that the next run does not mend.

    Args:
        stopping: set from when on nothing new is begun.
    """
    stopped = stopping or Event()
    futures: list[Future[Outcome]] = [Future() for _ in items]
    lanes = _lanes(items, lane)

    def run(numbers: Sequence[int]) -> None:
        for number in numbers:
            if stopped.is_set():
                return
            try:
                futures[number].set_result(work(items[number]))
            except BaseException as error:  # noqa: BLE001 -- raised again where the result is asked for
                futures[number].set_exception(error)

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
