"""What is done side by side: one after the other within a lane, in order on the way out, and stopped cleanly."""

from threading import Barrier, Event, Lock
from time import monotonic
from typing import Final

import pytest

from certkit.cli.lanes import side_by_side

SECONDS: Final = 30.0


def test_what_comes_of_it_stands_in_the_order_of_the_items() -> None:
    done = side_by_side(["b1", "a1", "b2", "a2"], lambda item: ord(item[0]), str.upper)

    assert list(done) == ["B1", "A1", "B2", "A2"]


def test_lanes_run_at_the_same_time() -> None:
    both = Barrier(2)

    done = list(side_by_side([1, 2], lambda item: item, lambda item: (both.wait(SECONDS), item)[1]))

    assert done == [1, 2]


def test_within_a_lane_one_is_done_before_the_next_begins() -> None:
    busy, overlaps, order = Lock(), [], []

    def work(item: int) -> None:
        if not busy.acquire(blocking=False):
            overlaps.append(item)
            return
        order.append(item)
        busy.release()

    list(side_by_side(list(range(50)), lambda _: 0, work))

    assert (overlaps, order) == ([], list(range(50)))


def test_an_interruption_begins_nothing_new() -> None:
    begun: list[int] = []
    stopping = Event()

    def work(item: int) -> bool:
        begun.append(item)
        return item == 0 or stopping.wait(SECONDS)

    done = side_by_side(list(range(10)), lambda _: 0, work, stopping)
    first = next(done)
    done.close()

    assert first
    assert begun in ([0], [0, 1])


def test_a_bug_in_one_is_raised_where_its_result_is_asked_for() -> None:
    done = side_by_side([1, 0], lambda item: item, lambda item: 1 // item)

    assert next(done) == 1
    with pytest.raises(ZeroDivisionError):
        next(done)


def test_what_does_not_end_in_a_moment_does_not_keep_the_command_from_ending() -> None:
    begun, never = Event(), Event()

    def work(item: int) -> int:
        if item:
            begun.set()
            never.wait(SECONDS)
        return item

    done = side_by_side([0, 1], lambda item: item, work, grace_seconds=0.01)
    next(done)
    begun.wait(SECONDS)
    start = monotonic()
    done.close()
    took = monotonic() - start
    never.set()

    assert took < SECONDS / 2


def test_a_bug_in_one_lets_the_others_end() -> None:
    begun, ended = Event(), Event()

    def work(item: int) -> int:
        if item == 0:
            begun.wait(SECONDS)
            raise ZeroDivisionError
        begun.set()
        ended.set()
        return item

    with pytest.raises(ZeroDivisionError):
        list(side_by_side([0, 1], lambda item: item, work, grace_seconds=0.0))

    assert ended.is_set()


def test_more_lanes_than_threads_are_all_worked_off() -> None:
    assert list(side_by_side(list(range(100)), lambda item: item, str)) == [str(number) for number in range(100)]
