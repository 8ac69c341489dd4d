"""What is done side by side: one after the other within a lane, in order on the way out, and stopped cleanly."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Barrier, Event, Lock
from time import monotonic
from typing import Final

import pytest

from certkit.cli.lanes import Later, Soon, side_by_side

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


@dataclass(slots=True)
class Diary:
    """Items that come later, and what happened when.

    Attributes:
        is_due: whether what comes later would wait no more.
    """

    is_due: Callable[[], bool] = lambda: False
    lines: list[str] = field(default_factory=list)

    def begin(self, item: int) -> Soon[int]:
        """Begins an item; an even one has its outcome at once."""
        self.lines.append(f"begin {item}")
        return Later(lambda: self._finish(item), self.is_due) if item % 2 else item

    def _finish(self, item: int) -> int:
        self.lines.append(f"finish {item}")
        return 6 // (item - 5)


def test_what_comes_later_is_waited_for_at_the_end_of_its_lane() -> None:
    diary = Diary()

    done = list(side_by_side([1, 2, 3], lambda _: 0, diary.begin))

    assert done == [-2, 2, -3]
    assert diary.lines == ["begin 1", "begin 2", "begin 3", "finish 1", "finish 3"]


def test_what_is_due_is_finished_before_the_next_begins() -> None:
    diary = Diary(lambda: len(diary.lines) >= 2)

    list(side_by_side([1, 3, 7], lambda _: 0, diary.begin))

    assert diary.lines == ["begin 1", "begin 3", "finish 1", "finish 3", "begin 7", "finish 7"]


def test_a_bug_in_what_comes_later_is_raised_where_its_result_is_asked_for() -> None:
    done = side_by_side([1, 5], lambda _: 0, Diary().begin)

    assert next(done) == -2
    with pytest.raises(ZeroDivisionError):
        next(done)


def test_after_an_interruption_nothing_more_is_waited_for() -> None:
    diary, begun, stopping = Diary(), Event(), Event()

    def work(item: int) -> Soon[int]:
        if item == 3:
            begun.set()
            stopping.wait(SECONDS)
        return diary.begin(item)

    done = side_by_side([0, 1, 3], lambda _: 0, work, stopping)
    next(done)
    begun.wait(SECONDS)
    done.close()

    assert [line for line in diary.lines if line.startswith("finish")] == []


def test_more_can_be_done_with_what_comes_later() -> None:
    later = Later(lambda: 1, lambda: True).then(lambda number: number + 1)

    assert (later.finish(), later.is_due()) == (2, True)
