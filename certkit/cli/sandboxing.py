"""The wiring of `sandbox`: the strict ACM, and an environment that leads there and nowhere else."""

import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Final, NoReturn

from certkit.cli.session import Session
from certkit.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from certkit.testing import StrictAcm

_ENDING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_LOOK_UP_SECONDS: Final = 1.0
"""How long a signal may go unseen while a command runs."""

_GRACE_SECONDS: Final = 10.0
"""How long a command may take to end when certkit is terminated."""


def serve_until_interrupted(session: Session) -> NoReturn:
    """Prints the lines that lead a shell here, and serves until the user has had enough.

    Raises:
        ConfigurationError: the extra is not installed.
    """
    with _strict_acm() as acm, tempfile.TemporaryDirectory(prefix="certkit-sandbox-") as state:
        variables = {**acm.environment(session.environment), "CERTKIT_STATE": state}
        session.say("certkit: the sandbox serves until you press Ctrl-C; paste these lines into another shell")
        session.show("\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items()))
        while True:
            Event().wait()


def run_command(session: Session, command: Sequence[str]) -> int:
    """Runs `command` against the sandbox and returns its exit code.

    Raises:
        ConfigurationError: the extra is not installed.
        UsageError: there is no such program.
    """
    with _strict_acm() as acm, tempfile.TemporaryDirectory(prefix="certkit-sandbox-") as state:
        environment = {**acm.child_environment(session.environment), "CERTKIT_STATE": state}
        code = _run(command, environment)
    return code if code >= 0 else 128 - code


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Runs `command` and returns its exit code; Ctrl-C is for the command alone, and it ends when certkit does.

    Raises:
        UsageError: there is no such program.
    """
    process: subprocess.Popen[bytes] | None = None
    ctrl_c = signal.signal(signal.SIGINT, lambda *_: None)  # exec takes a handler away, and not that it is ignored
    try:
        with _held_back(_ENDING):
            process = subprocess.Popen(command, env=environment)  # noqa: S603 -- the user's own command
        return _wait(process)
    except OSError as error:
        reason = (error.strerror or "failure").lower()
        raise UsageError(
            f"{command[0]}: it cannot be run: {reason}", hint="certkit sandbox -- COMMAND, with its arguments"
        ) from error
    finally:
        if process is not None:
            _end(process)
        signal.signal(signal.SIGINT, ctrl_c)


def _wait(process: "subprocess.Popen[bytes]") -> int:
    """Waits for the end of `process`, looking up now and then.

    A signal that comes just before the system's own wait begins would not be seen until that ends, however long that takes.
    """
    while True:
        try:
            return process.wait(_LOOK_UP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def _held_back(numbers: Iterable[signal.Signals]) -> Iterator[None]:
    """Has these signals wait until the block is left: one that came while the command starts would leave it running."""
    came: list[int] = []
    before = [(number, signal.signal(number, lambda one, _: came.append(one))) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    for one in came:
        signal.raise_signal(one)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends `process` if it has not ended, at first politely."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _strict_acm() -> Iterator["StrictAcm"]:
    try:
        from certkit.testing import serve
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the sandbox needs the module {error.name}", hint="pip install 'certkit[sandbox]'"
        ) from error
    with serve() as acm:
        yield acm
