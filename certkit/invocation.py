"""One invocation of a Lambda function: the command of its event is run as on the command line, and what came of it told."""

import io
import json
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

from certkit.cli import app, fetching
from certkit.cli.session import Session
from certkit.errors import CertkitError, ConfigurationError
from certkit.event import command_line
from certkit.files import File, write_set
from certkit.report import failure
from certkit.report import invocation as report
from certkit.state import state_folder

MANIFEST: Final = "CERTKIT_MANIFEST"
"""The variable that says where the manifest is: a path, which counts from the function's folder, or `s3://`."""

_IN_S3: Final = "s3://"
_SPARE_SECONDS: Final = 15.0
"""How long before Lambda ends the process certkit ends the run itself: what it holds is given back, and it is said."""


class JobFailedError(Exception):
    """The command has not ended well: Lambda counts an error, tries again, and tells the on-failure destination."""


def run(event: object, context: object, session: Session | None = None) -> Mapping[str, object]:
    """Runs the command that an event asks for, and returns its exit code, which is 0, and its document.

    What is said for people goes to the function's log, and the document after it as one line.

    Raises:
        JobFailedError: the event asks for what it may not, or the exit code is not 0.
    """
    # Both streams go to one log; the terminal of whoever tries it out is asked for nothing.
    inside = session or Session(stderr=sys.stdout, asks=False)
    inside.stdout = shown = io.StringIO()
    try:
        arguments = command_line(event, _manifest(inside))
    except CertkitError as error:
        raise JobFailedError(report.bounded(report.said(failure.detail(error)))) from None
    with _in_time(context):
        code = app.run(arguments, inside)
    document = _document(shown.getvalue())
    inside.stderr.write(json.dumps(document) + "\n")
    inside.stderr.flush()
    if code:
        raise JobFailedError(report.text(arguments[0], code, document))
    return {"exit_code": code, "document": document}


def _manifest(session: Session) -> str:
    """Returns the manifest's path; one in S3 is fetched, anew for each invocation.

    Raises:
        ConfigurationError: the function does not say where it is.
        CertkitError: it cannot be fetched.
    """
    given = session.environment.get(MANIFEST)
    if not given:
        raise ConfigurationError(f"{MANIFEST} is not set", hint="a path, or s3://BUCKET/KEY")
    if not given.startswith(_IN_S3):
        return str(Path(session.environment.get("LAMBDA_TASK_ROOT", ""), given))
    try:
        text = fetching.fetch(session, given)
    except CertkitError as error:
        raise error.about(given) from error
    folder = state_folder(session.environment)
    write_set(folder, {"certkit.toml": File(text)}, force=True)
    return str(folder / "certkit.toml")


@contextmanager
def _in_time(context: object) -> Iterator[None]:
    """Ends the block as SIGTERM would, shortly before Lambda ends the process, which gives nothing back.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html: `get_remaining_time_in_millis`.
    """
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    # Signals come to the main thread alone, which is where Lambda calls its handler.
    if remaining is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    with _ended_after(max(0.001, remaining() / 1_000 - _SPARE_SECONDS)):
        yield


@contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    if sys.platform == "win32":  # it has no such signal
        yield
    else:
        before = signal.signal(signal.SIGALRM, _end)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    raise app.Terminated(number)


def _document(text: str) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = json.loads(text)
    except ValueError:
        return None
    return found
