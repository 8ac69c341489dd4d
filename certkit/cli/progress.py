"""How far it is: one line, on a terminal and nowhere else."""

import time
from collections.abc import Iterable, Iterator
from typing import Final, TextIO, TypeVar

from certkit.cli.session import Session

Item = TypeVar("Item")

_WIDTH: Final = 24
_PAUSE_SECONDS: Final = 0.1
"""Between two drawings: more often than that nobody can read."""


def track(
    session: Session,
    items: Iterable[Item],
    total: int,
    things: str = "bundles",
    *,
    pause_seconds: float = _PAUSE_SECONDS,
) -> Iterator[Item]:
    """Yields `items` as they come; on a terminal a line on standard error shows how far it is.

    The line is gone whenever an item is yielded, so that what is then written, to either stream, stands alone.
    """
    is_dumb = not session.stderr.isatty() or session.environment.get("TERM") == "dumb"
    if session.quiet or is_dumb or not total:
        yield from items
        return
    line = _Line(session.stderr, total, things, pause_seconds)
    try:
        line.draw(0)
        for number, item in enumerate(items, start=1):
            line.erase()
            yield item
            line.draw(number)
    finally:
        line.erase()


class _Line:
    """The line, drawn now and then."""

    def __init__(self, stream: TextIO, total: int, things: str, pause_seconds: float) -> None:
        self._stream, self._total, self._things = stream, total, things
        self._pause_seconds = pause_seconds
        self._shown, self._next = "", 0.0

    def draw(self, number: int) -> None:
        """Shows how many of all are done, unless that was shown a moment ago."""
        now = time.monotonic()
        if now >= self._next:
            done = _WIDTH * number // self._total
            self._shown = f"[{'#' * done}{'.' * (_WIDTH - done)}] {number:,} of {self._total:,} {self._things}"
            self._next = now + self._pause_seconds
            self._write(self._shown)

    def erase(self) -> None:
        """Leaves the line empty, the cursor at its beginning."""
        if self._shown:
            self._write(f"\r{' ' * len(self._shown)}\r")
            self._shown = ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
