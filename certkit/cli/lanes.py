"""Work side by side: what shares a lane is done one after the other, as the rates of one account and region ask for."""

from collections import defaultdict, deque
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Final, Generic, TypeAlias, TypeVar

from certkit.parallel import GRACE_SECONDS, Pool

_PARALLEL: Final = 64
"""Pairs of account and region worked on at a time; the rates hold for each on its own.

A new certificate takes 1.7 s, of which 40 ms are the processor's, and one that is not 0.7 s and 14 ms: with some fifty at a
time one core is busy, and more lanes would only hold more memory.
"""

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

    def run(numbers: Sequence[int]) -> None:
        _run([(futures[number], partial(work, items[number])) for number in numbers], stopped)

    pool = Pool(_PARALLEL)
    try:
        for numbers in _lanes(items, lane):
            pool.begin(partial(run, numbers))
        for future in futures:
            yield future.result()
    except Exception:
        stopped.set()
        pool.end(None)
        raise
    finally:
        stopped.set()
        pool.end(grace_seconds)


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
