"""Runs a program that a configuration names: no shell, nothing on its standard input, a time limit, what it says redacted."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from threading import Thread
from typing import IO, Final

from certkit.errors import CommandError
from certkit.redaction import redact

TIMEOUT_SECONDS: Final = 900.0
"""DNS challenges wait for records to spread: lego's own patience with the slowest providers is ten minutes and more."""

GRACE_SECONDS: Final = 5.0
"""How long a program may take to end once it was told to."""

_KEPT_BYTES: Final = 65_536
"""How much is kept of what a program says: the end of it, where causes stand."""

_QUOTED_LINES: Final = 3
"""Lines of it that a message repeats."""


def run(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    seconds: float = TIMEOUT_SECONDS,
    grace_seconds: float = GRACE_SECONDS,
) -> str:
    """Runs a program until it ends, and returns the end of what it said on both its outputs, redacted.

    Where the caller is interrupted meanwhile, the program and what it has started are ended, too.

    Args:
        arguments: the program and its arguments; one with a slash counts from `folder`.
        environment: all of its variables.
        folder: where it runs.
        seconds: how long it may take.
        grace_seconds: how long it may take to end once it was told to, and what it says to arrive once it has ended.

    Raises:
        CommandError: it cannot be started, takes longer, or ends with another exit code than 0.
    """
    called = arguments[0]
    process = _start(arguments, environment, folder)
    said = bytearray()
    reader = Thread(target=_read, args=(process.stdout, said), daemon=True)
    reader.start()
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        why, hint = f"it was ended after {seconds:.0f} s", "run it by hand to see what it waits for"
        raise CommandError(f"{called}: {why}{_quoted(said)}", hint=hint) from error
    finally:
        _end(process, grace_seconds)
        reader.join(grace_seconds)  # what it left running in the background may hold the pipe open for ever
    if code:
        hint = "run it by hand: --verbose shows all it says"
        raise CommandError(f"{called}: {_ended(code)}{_quoted(said)}", hint=hint)
    return _text(said)


def _start(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 -- the user's own configuration names it, as a list
            list(_located(arguments, folder)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same, as Windows has it
        )
    except (OSError, ValueError) as error:
        cause = (getattr(error, "strerror", None) or str(error)).lower()
        raise CommandError(
            f"{arguments[0]}: it cannot be started: {cause}", hint="a job has a shorter PATH than you: name it in full"
        ) from error


def _located(arguments: Sequence[str], folder: Path) -> Sequence[str]:
    """Returns the arguments with the program's path counted from `folder`; a bare name is looked up in PATH."""
    program, *others = arguments
    return (str(folder.absolute() / program) if is_path(program) else program, *others)


def is_path(program: str, kind: type[PurePath] = PurePath) -> bool:
    """Tells whether a program is named by its path, as the platform writes paths: Windows with either slash."""
    return kind(program).name != program


def _read(pipe: IO[bytes] | None, said: bytearray) -> None:
    """Reads all that comes, so that the program never waits for a reader, and keeps the end of it."""
    if pipe is None:
        return
    with pipe:
        while block := os.read(pipe.fileno(), _KEPT_BYTES):
            said += block
            del said[:-_KEPT_BYTES]


def _end(process: "subprocess.Popen[bytes]", grace_seconds: float) -> None:
    """Ends the program and all that it has started, first kindly; nothing where it has ended."""
    if process.poll() is not None:
        return
    for tell in (_ask, _kill):
        with contextlib.suppress(ProcessLookupError):
            tell(process)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace_seconds)
            return


if sys.platform == "win32":

    def _ask(process: "subprocess.Popen[bytes]") -> None:
        process.send_signal(signal.CTRL_BREAK_EVENT)  # to all in its group

    def _kill(process: "subprocess.Popen[bytes]") -> None:
        process.kill()

else:

    def _ask(process: "subprocess.Popen[bytes]") -> None:
        os.killpg(process.pid, signal.SIGTERM)

    def _kill(process: "subprocess.Popen[bytes]") -> None:
        os.killpg(process.pid, signal.SIGKILL)


def _ended(code: int) -> str:
    if code > 0:
        return f"it ended with exit code {code}"
    try:
        return f"it was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"it was ended by signal {-code}"


def _quoted(said: bytearray) -> str:
    lines = [line.strip() for line in _text(said).splitlines() if line.strip()]
    return ": " + " / ".join(lines[-_QUOTED_LINES:]) if lines else ""


def _text(said: bytearray) -> str:
    return redact(bytes(said).decode("utf-8", "replace"))
