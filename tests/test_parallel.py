"""Calls side by side: what they return, and that none of them keeps the command from ending."""

from __future__ import annotations

from functools import partial
from threading import Barrier, Event, current_thread
from typing import TYPE_CHECKING, Final

import pytest

from certkit.parallel import Pool, as_done, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS: Final = 30.0


def test_what_is_done_first_comes_first() -> None:
    first = Event()

    def late() -> str:
        first.wait(SECONDS)
        return "late"

    done = as_done([late, lambda: "first"])

    assert next(done) == "first"
    first.set()
    assert list(done) == ["late"]


def test_in_order_is_in_the_order_of_the_calls() -> None:
    both = Barrier(2)

    done = list(in_order((partial(lambda number: (both.wait(SECONDS), number)[1], one) for one in range(2)), 2))

    assert done == [0, 1]


def test_no_more_are_made_at_a_time_than_are_allowed() -> None:
    names = set(in_order([lambda: current_thread().name] * 20, 3))

    assert len(names) <= 3


def test_calls_are_prepared_in_the_callers_thread_and_few_of_many_beforehand() -> None:
    prepared: list[str] = []

    def calls() -> Iterator[Callable[[], int]]:
        for number in range(100):
            prepared.append(current_thread().name)
            yield partial(int, number)

    done = as_done(calls())
    next(done)

    assert len(prepared) == 20
    assert max([0, *done]) == 99
    assert set(prepared) == {current_thread().name}


@pytest.mark.parametrize("run", [as_done, partial(in_order, most=2)])
def test_what_goes_wrong_is_raised_where_the_results_are_asked_for(run: Callable[..., Iterator[int]]) -> None:
    with pytest.raises(ZeroDivisionError):
        list(run([lambda: 1 // 0]))


def test_what_does_not_end_is_left_behind_and_what_has_not_begun_is_not_begun() -> None:
    hanging, never, ended, later = Event(), Event(), Event(), Event()
    pool = Pool(1)

    def hang() -> None:
        hanging.set()
        never.wait(SECONDS)
        ended.set()

    pool.begin(hang)
    pool.begin(later.set)
    hanging.wait(SECONDS)

    pool.end(0.01)
    was_left_behind = not ended.is_set()
    never.set()
    pool.end(None)

    assert was_left_behind
    assert not later.is_set()


def test_what_has_begun_gets_a_moment_to_end() -> None:
    begun, ended = Event(), Event()
    pool = Pool(1)

    def work() -> None:
        begun.set()
        ended.set()

    pool.begin(work)
    begun.wait(SECONDS)
    pool.end()

    assert ended.is_set()
