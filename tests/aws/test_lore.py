"""What a run has learnt is not asked for again, unless others could have changed it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from certkit.aws.lore import ALWAYS, HOLDS_SECONDS, Lore, Own
from certkit.aws.pacing import Timing

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/1"


@dataclass(slots=True)
class World:
    """A time that is set, and answers that are counted."""

    now: float = 0.0
    asked: list[float] = field(default_factory=list)

    @property
    def ask(self) -> Callable[[], int]:
        """Asks, which is counted."""

        def count() -> int:
            self.asked.append(self.now)
            return len(self.asked)

        return count


@pytest.fixture
def world() -> World:
    """A world at the time 0."""
    return World()


@pytest.fixture
def lore(world: World) -> Lore:
    """What was learnt by its time: nothing yet."""
    return Lore(Timing(lambda: world.now))


def test_an_answer_holds_for_some_minutes(lore: Lore, world: World) -> None:
    answers = []
    for world.now in (0.0, HOLDS_SECONDS - 1, HOLDS_SECONDS):
        answers.append(lore.recall("names", world.ask))

    assert (answers, world.asked) == ([1, 1, 2], [0.0, HOLDS_SECONDS])


def test_what_is_asked_anew_is_what_is_recalled(lore: Lore, world: World) -> None:
    answers = [lore.recall("listing", world.ask, seconds) for seconds in (HOLDS_SECONDS, 0.0, HOLDS_SECONDS)]

    assert answers == [1, 2, 2]


def test_what_nobody_can_change_holds_always(lore: Lore, world: World) -> None:
    lore.recall(("leaf", ARN), world.ask, ALWAYS)
    world.now = 1e6

    assert lore.recall(("leaf", ARN), world.ask, ALWAYS) == 1


def test_no_answer_is_none_to_be_recalled(lore: Lore, world: World) -> None:
    def fail() -> int:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        lore.recall("names", fail)

    assert lore.recall("names", world.ask) == 1


def test_answers_are_forgotten_and_its_own_imports_are_not(lore: Lore, world: World) -> None:
    lore.recall("names", world.ask)
    lore.note(ARN, "shop", b"leaf")

    lore.forget()

    assert lore.recall("names", world.ask) == 2
    assert list(lore.own()) == [lore.imported(ARN)] == [Own(ARN, "shop", b"leaf")]


def test_where_something_else_was_written_since_it_is_no_longer_known(lore: Lore) -> None:
    lore.note(ARN, "shop", b"leaf")

    lore.drop(ARN)

    assert (lore.imported(ARN), list(lore.own())) == (None, [])
