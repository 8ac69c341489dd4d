"""Work side by side: what shares a lane is done one after the other, as the rates of one account and region ask for."""

from collections import defaultdict
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Final, TypeVar

_PARALLEL: Final = 16
"""Pairs of account and region worked on at a time; the rates hold for each on its own."""

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


def side_by_side(
    items: Sequence[Item], lane: Callable[[Item], int], work: Callable[[Item], Outcome], stopping: Event | None = None
) -> Generator[Outcome, None, None]:
    """Yields what came of each item, in their order; those of one lane are worked on one after the other.

    Interrupted, it begins nothing new and waits for what has begun.

    Args:
        stopping: set from when on nothing new is begun.
    """
    stopped = stopping or Event()
    futures: list[Future[Outcome]] = [Future() for _ in items]
    lanes: Mapping[int, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        lanes[lane(item)].append(number)

    def run(numbers: Sequence[int]) -> None:
        for number in numbers:
            if stopped.is_set():
                return
            try:
                futures[number].set_result(work(items[number]))
            except BaseException as error:  # noqa: BLE001 -- raised again where the result is asked for
                futures[number].set_exception(error)

    with ThreadPoolExecutor(_PARALLEL) as pool:
        try:
            for numbers in lanes.values():
                pool.submit(run, numbers)
            for future in futures:
                yield future.result()
        finally:
            stopped.set()
