"""Runs certkit: in this process, which is quick, or as a program, where the process itself matters."""

import contextlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from certkit.cli.app import run
from certkit.cli.session import Session
from tests import documents

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIXTURES: Final = Path(__file__).parents[2] / "fixtures"
TIMEOUT_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that came to its end."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as JSON, held to its schema."""
        return documents.read(self.stdout)

    @property
    def error_code(self) -> str:
        """The code in the error document."""
        code: str = self.document["error"]["code"]
        return code


def certkit(
    *arguments: object, environment: Mapping[str, str] | None = None, stdin: bytes = b"", now: datetime = NOW
) -> Finished:
    """Runs certkit in this process, without a terminal."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        session = Session(environment or {}, io.BytesIO(stdin), stdout, stderr, lambda: now, asks=False)
        code = run([str(argument) for argument in arguments], session)
    return Finished(code, stdout.getvalue(), stderr.getvalue())


def program(
    *arguments: object,
    environment: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    folder: Path | None = None,
    **settings: Any,
) -> Finished:
    """Runs certkit as a program, in a session of its own and so without a terminal."""
    done = subprocess.run(
        command(*arguments),
        env=variables(environment),
        input=stdin,
        capture_output=True,
        cwd=folder,
        timeout=TIMEOUT_SECONDS,
        start_new_session=True,
        check=False,
        **settings,
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


def command(*arguments: object) -> list[str]:
    """The command line that runs certkit."""
    return [sys.executable, "-m", "certkit", *map(str, arguments)]


def variables(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a program: this one's, without what is meant for certkit, and `environment`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("CERTKIT_", "AWS_"))}
    return {**own, **(environment or {})}


def open_for(process: "subprocess.Popen[Any]", pipe: Path) -> int:
    """Opens a named pipe for writing once `process` has opened it for reading, and returns the descriptor."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):  # ENXIO: nobody reads it yet
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.01)
    process.kill()
    raise AssertionError("it has not read from the pipe")


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` with its content, whatever its name begins with; folders as names with a slash."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        found[name + "/" * path.is_dir()] = b"" if path.is_dir() else path.read_bytes()
    return found
