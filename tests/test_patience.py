"""How long is waited, how often is looked, and what a person is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from certkit.errors import AwsDeniedError, AwsThrottledError
from certkit.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Hours:
    """A clock that only waiting moves.

    Attributes:
        pauses: how long was waited, each time.
        told: what a person was told.
    """

    time: float = 0.0
    pauses: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def patience(self, jitter: float = 0.0) -> Patience:
        """How to wait on this clock."""
        return Patience(clock=lambda: self.time, sleep=self._sleep, tell=self.told.append, jitter=lambda: jitter)

    def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds


@pytest.fixture
def hours() -> Hours:
    """A clock at zero."""
    return Hours()


def test_the_pauses_grow_and_the_last_look_is_at_the_end(hours: Hours) -> None:
    looks = list(hours.patience().tries(20.0, "waiting"))

    assert hours.pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 4.5]
    assert looks == [False] * 6 + [True]
    assert hours.told == ["waiting"]


def test_who_finds_it_at_the_second_look_is_told_nothing(hours: Hours) -> None:
    for number, _ in enumerate(hours.patience().tries(20.0, "waiting")):
        if number == 1:
            break

    assert (hours.pauses, hours.told) == ([0.5], [])


def test_who_waits_for_a_third_look_is_told_before_it(hours: Hours) -> None:
    for number, _ in enumerate(hours.patience().tries(20.0, "waiting")):
        if number == 2:
            break

    assert (hours.pauses, hours.told) == ([0.5, 1.0], ["waiting"])


def test_half_a_second_before_the_end_is_not_the_end(hours: Hours) -> None:
    assert list(hours.patience().tries(2.0, "waiting")) == [False, False, False, True]
    assert hours.pauses == [0.5, 1.0, 0.5]


def test_without_time_there_is_one_look(hours: Hours) -> None:
    assert list(hours.patience().tries(0.0, "waiting")) == [True]
    assert hours.pauses == []


@pytest.mark.parametrize(("jitter", "pause"), [(0.0, 5.0), (0.5, 7.5)])
def test_a_question_that_is_throttled_is_asked_once_more(hours: Hours, jitter: float, pause: float) -> None:
    answers: Iterator[str | Exception] = iter([AwsThrottledError("slower"), "yes"])

    assert hours.patience(jitter).ask(lambda: _give(next(answers))) == "yes"
    assert hours.pauses == [pause]


def test_a_question_that_is_throttled_twice_has_no_answer(hours: Hours) -> None:
    answers: Iterator[str | Exception] = iter([AwsThrottledError("slower"), AwsThrottledError("slower still"), "yes"])

    with pytest.raises(AwsThrottledError, match="slower still"):
        hours.patience().ask(lambda: _give(next(answers)))


def test_a_question_that_is_refused_is_not_asked_again(hours: Hours) -> None:
    answers: Iterator[str | Exception] = iter([AwsDeniedError("no"), "yes"])

    with pytest.raises(AwsDeniedError):
        hours.patience().ask(lambda: _give(next(answers)))

    assert hours.pauses == []


def _give(answer: str | Exception) -> str:
    if isinstance(answer, Exception):
        raise answer
    return answer
