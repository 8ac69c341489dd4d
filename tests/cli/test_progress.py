"""Tests of how far it is, as a terminal shows it."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from certkit.cli.progress import track
from certkit.cli.session import Session


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True

    @property
    def line(self) -> str:
        """What stands in the last line, as carriage returns leave it."""
        shown = ""
        for piece in self.getvalue().rpartition("\n")[2].split("\r"):
            shown = piece + shown[len(piece) :]
        return shown.rstrip()


def _session(stderr: io.StringIO, **settings: object) -> Session:
    session = Session({}, io.BytesIO(), io.StringIO(), stderr, lambda: datetime(2026, 11, 22, tzinfo=UTC))
    for name, value in settings.items():
        setattr(session, name, value)
    return session


def test_the_line_stands_there_while_an_item_is_waited_for_and_not_while_it_is_handled() -> None:
    terminal, waiting = Terminal(), []

    def items() -> Iterator[int]:
        for number in range(4):
            waiting.append(terminal.line)
            yield number

    tracked = track(_session(terminal), items(), 4, pause_seconds=0)
    handling = [(item, terminal.line) for item in tracked]

    assert waiting == [
        "[........................] 0 of 4 bundles",
        "[######..................] 1 of 4 bundles",
        "[############............] 2 of 4 bundles",
        "[##################......] 3 of 4 bundles",
    ]
    assert handling == [(0, ""), (1, ""), (2, ""), (3, "")]
    assert terminal.line == ""


def test_it_is_drawn_now_and_then_only() -> None:
    terminal = Terminal()

    list(track(_session(terminal), range(10_000), 10_000))

    assert terminal.getvalue().count("[") < 100


def test_an_interruption_leaves_no_line() -> None:
    terminal = Terminal()

    def items() -> Iterator[int]:
        yield 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(track(_session(terminal), items(), 2))

    assert terminal.line == ""


def test_of_nothing_nothing_is_drawn() -> None:
    terminal = Terminal()

    assert list(track(_session(terminal), [], 0)) == []
    assert terminal.getvalue() == ""


@pytest.mark.parametrize(
    ("stream", "settings"),
    [(io.StringIO(), {}), (Terminal(), {"quiet": True}), (Terminal(), {"environment": {"TERM": "dumb"}})],
)
def test_elsewhere_nothing_is_drawn(stream: io.StringIO, settings: dict[str, object]) -> None:
    assert list(track(_session(stream, **settings), range(3), 3)) == [0, 1, 2]
    assert stream.getvalue() == ""
