"""Tests of what a command may know of the world."""

import errno
import io
import os
import sys
from datetime import UTC, datetime

import pytest

from certkit.cli.progress import track
from certkit.cli.session import ReaderGoneError, Session, StandardOutputError, is_reader_gone
from certkit.errors import InputUnreadableError


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


class Broken(io.StringIO):
    """A stream that nothing can be written to."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def write(self, text: str) -> int:
        """Raises."""
        del text
        raise self._error


def test_a_bar_is_shown_on_a_terminal_and_what_is_tracked_comes_unchanged() -> None:
    stream = Terminal()

    items = list(track(Session({}, stderr=stream), iter("abc"), 3))

    assert items == ["a", "b", "c"]
    assert "bundles" in stream.getvalue()


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO(), False), (Terminal(), True)])
def test_no_bar_is_shown_to_a_file_or_where_quiet_is_wanted(stream: io.StringIO, *, quiet: bool) -> None:
    items = list(track(Session({}, stderr=stream, quiet=quiet), iter("abc"), 3))

    assert (items, stream.getvalue()) == (["a", "b", "c"], "")


def test_no_text_is_no_line() -> None:
    stream = io.StringIO()

    Session({}, stdout=stream).show("")

    assert stream.getvalue() == ""


def test_what_is_said_is_one_line_whatever_stands_in_it() -> None:
    stream = io.StringIO()

    Session({}, stderr=stream, verbose=True).say_more("a\nb\x1b")

    assert stream.getvalue() == "a\\x0ab\\x1b\n"


@pytest.mark.parametrize(
    ("error", "expected"),
    [(BrokenPipeError(), ReaderGoneError), (OSError(28, "No space left on device"), StandardOutputError)],
)
def test_a_result_that_cannot_be_written_is_a_failure(error: OSError, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        Session({}, stdout=Broken(error)).show("text")


def test_what_cannot_be_said_is_nobodys_loss() -> None:
    session = Session({}, stderr=Broken(OSError(28, "No space left on device")))

    session.say("text")
    session.report(InputUnreadableError("text"))


def test_the_world_is_the_processs_own_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stdout", None)

    session = Session()

    assert session.environment is os.environ
    assert session.stdin.read() == b""
    assert abs((session.clock() - datetime.now(UTC)).total_seconds()) < 60
    assert not session.can_ask
    session.show("nowhere")


@pytest.mark.parametrize(
    ("stream", "columns", "width"),
    [
        (io.StringIO(), "80", None),
        (Terminal(), "80", 80),
        (Terminal(), "0", 1),
        (Terminal(), "wide", None),
        (Terminal(), None, None),
    ],
)
def test_only_a_terminal_has_a_width(stream: io.StringIO, columns: str | None, width: int | None) -> None:
    session = Session({} if columns is None else {"COLUMNS": columns})

    assert session.width(stream) == width


@pytest.mark.parametrize(
    ("error", "platform", "is_gone"),
    [
        (BrokenPipeError(), "linux", True),
        (OSError(errno.EINVAL, "Invalid argument"), "win32", True),
        (OSError(errno.EINVAL, "Invalid argument"), "linux", False),
        (OSError(errno.ENOSPC, "No space left on device"), "win32", False),
    ],
)
def test_a_reader_that_has_gone_is_known_on_every_platform(error: OSError, platform: str, is_gone: bool) -> None:
    assert is_reader_gone(error, platform) is is_gone
