"""What a command may know of the world: its streams, environment, clock, and how talkative the user wants it."""

import contextlib
import datetime as dt
import errno
import io
import math
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Event
from typing import BinaryIO, TextIO

import typer

from certkit.cli.settings import AwsOptions, EscrowOptions, LedgerOptions, ReadingOptions
from certkit.errors import CertkitError, OutputUnwritableError
from certkit.report import failure, one_line, plain


class ReaderGoneError(Exception):
    """Whoever read our standard output has stopped: `head` has seen enough."""


class StandardOutputError(OutputUnwritableError):
    """Standard output leads to where nothing can be written, such as a full disk."""


def is_reader_gone(error: OSError, platform: str = sys.platform) -> bool:
    """Tells whether a write failed since nobody reads any more; Windows has no word of its own for that.

    https://bugs.python.org/issue35754: what its C runtime says there is EINVAL.
    """
    return isinstance(error, BrokenPipeError) or (platform == "win32" and error.errno == errno.EINVAL)


def _standard_input() -> BinaryIO:
    return sys.stdin.buffer if sys.stdin is not None else io.BytesIO()


def _standard_output() -> TextIO:
    return _unfailing(sys.stdout)


def _standard_error() -> TextIO:
    return _unfailing(sys.stderr)


def _unfailing(stream: TextIO | None) -> TextIO:
    """Returns `stream`, made to escape what its encoding lacks; where it was closed, one that leads nowhere."""
    if stream is None:
        return io.StringIO()
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream


@dataclass(slots=True)
class Session:
    """One run of certkit. Only here are the clock, the environment and the terminal read.

    Attributes:
        environment: the variables of the process.
        stdin: standard input, as bytes.
        stdout: results, and nothing else.
        stderr: everything else.
        clock: the current time, in UTC.
        quiet: say nothing but results and errors.
        verbose: say more about what is done.
        debug: log everything that helps, redacted.
        no_color: leave out colour even on a terminal.
        reading_options: how SOURCEs are to be read.
        aws_options: where in AWS, and as whom.
        ledger_options: where what is done is kept.
        escrow_options: where the last good bundles are kept.
        asks: whether a person at a terminal may be asked.
        timer: seconds that only grow, for deadlines.
        wait: waits for an event, so many seconds at the most, and tells whether it has come.
        callers: what was reached in AWS for SOURCEs, by the options that say as whom.
        run: the ID of this run, by which logs, CloudTrail and the ledger know it.
        warned: of what somebody was warned already.
        deadline: by `timer`, from when on no certificate is begun any more: the process will be ended.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    stdin: BinaryIO = field(default_factory=_standard_input)
    stdout: TextIO = field(default_factory=_standard_output)
    stderr: TextIO = field(default_factory=_standard_error)
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    no_color: bool = False
    reading_options: ReadingOptions = field(default_factory=ReadingOptions)
    aws_options: AwsOptions = field(default_factory=AwsOptions)
    ledger_options: LedgerOptions = field(default_factory=LedgerOptions)
    escrow_options: EscrowOptions = field(default_factory=EscrowOptions)
    asks: bool = True
    callers: dict[object, object] = field(default_factory=dict)
    timer: Callable[[], float] = time.monotonic
    wait: Callable[[Event, float], bool] = Event.wait
    run: str = field(default_factory=lambda: os.urandom(8).hex())
    warned: set[str] = field(default_factory=set)
    deadline: float = math.inf

    def sleep(self, seconds: float) -> None:
        """Waits so many seconds."""
        self.wait(Event(), seconds)

    @property
    def is_late(self) -> bool:
        """Whether it is too late to begin anything."""
        return self.timer() >= self.deadline

    def show(self, text: str) -> None:
        """Writes a result to standard output; nothing for no text.

        Raises:
            ReaderGoneError: its reader has stopped reading.
            StandardOutputError: it cannot be written.
        """
        if not text:
            return
        try:
            self.stdout.write(text + "\n")
            self.stdout.flush()
        except OSError as error:
            self.close_output()
            if is_reader_gone(error):
                raise ReaderGoneError from error
            raise StandardOutputError(
                f"standard output cannot be written: {(error.strerror or 'failure').lower()}"
            ) from error

    def show_document(self, document: Mapping[str, object]) -> None:
        """Writes a result to standard output as JSON."""
        from certkit.report.machine import json_text

        self.show(json_text(document))

    def say(self, text: str) -> None:
        """Writes a line for people to standard error, unless they want quiet."""
        if not self.quiet:
            self._tell(one_line(text))

    def say_more(self, text: str) -> None:
        """Writes a line to standard error for people who asked for more."""
        if self.verbose or self.debug:
            self.say(text)

    def warn(self, text: str) -> None:
        """Writes a warning for people to standard error, unless they want quiet."""
        self.say(f"certkit: warning: {text}")

    def warn_once(self, text: str) -> None:
        """Writes a warning to standard error, the same one once in a run."""
        if text not in self.warned:
            self.warned.add(text)
            self.warn(text)

    def report(self, error: CertkitError) -> None:
        """Writes a failure to standard error, with what to do about it."""
        self._tell(failure.text(error))

    def report_text(self, text: str) -> None:
        """Writes lines to standard error, wanted or not."""
        self._tell(plain(text))

    def report_trace(self) -> None:
        """Writes the traceback of the exception that is being handled to standard error, redacted."""
        import traceback

        from certkit.redaction import redact

        self._tell(redact(plain(traceback.format_exc().rstrip())))

    def close_output(self) -> None:
        """Leads standard output nowhere, so that what is left in its buffer does no harm when Python ends."""
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())

    def without_questions(self) -> "Session":
        """Returns this session, in which nobody is asked for anything."""
        return replace(self, asks=False)

    @property
    def can_ask(self) -> bool:
        """Whether a person sits at a terminal and can be asked for a password."""
        return self.asks and sys.stdin is not None and sys.stdin.isatty() and self.stderr.isatty()

    def has_color(self, stream: TextIO) -> bool:
        """Tells whether to colour what goes to `stream`: a terminal, and neither `--no-color` nor `NO_COLOR`."""
        wanted = not self.no_color and not self.environment.get("NO_COLOR") and self.environment.get("TERM") != "dumb"
        return wanted and stream.isatty()

    def width(self, stream: TextIO) -> int | None:
        """Returns how many columns the terminal has that `stream` goes to: COLUMNS, else what it says; None for no terminal."""
        if not stream.isatty():
            return None
        with contextlib.suppress(ValueError):
            return max(1, int(self.environment.get("COLUMNS", "")))
        try:
            return os.get_terminal_size(stream.fileno()).columns or None
        except (OSError, ValueError):
            return None

    def _tell(self, text: str) -> None:
        with contextlib.suppress(OSError):  # there is nobody to tell that nobody can be told
            self.stderr.write(text + "\n")
            self.stderr.flush()


def of(context: typer.Context) -> Session:
    """Returns the session that a command runs in."""
    session = context.find_root().obj
    if not isinstance(session, Session):
        raise TypeError("a command runs within a session")
    return session
