"""One invocation of a Lambda function: the command of its event is run as on the command line, and what came of it told."""

import io
import json
import sys
from collections.abc import Mapping
from typing import Any

from certkit import coredump, function
from certkit.cli import app
from certkit.cli.session import Session
from certkit.errors import CertkitError
from certkit.event import command_line
from certkit.report import failure
from certkit.report import invocation as report


class JobFailedError(Exception):
    """The command has not ended well: Lambda counts an error, tries again, and tells the on-failure destination."""


def run(event: object, context: object, session: Session | None = None) -> Mapping[str, object]:
    """Runs the command that an event asks for, and returns its exit code, which is 0, and its document.

    What is said for people goes to the function's log, and the document after it as one line.

    Raises:
        JobFailedError: the event asks for what it may not, or the exit code is not 0.
        TimeoutError: Lambda's time was up before the command began.
    """
    coredump.forbid()
    # Both streams go to one log; the terminal of whoever tries it out is asked for nothing.
    inside = session or Session(stderr=sys.stdout, asks=False)
    inside.stdout = shown = io.StringIO()
    with function.in_time(context, inside):
        command, code = _run(event, inside)
    document = _document(shown.getvalue())
    inside.stderr.write(json.dumps(document) + "\n")
    inside.stderr.flush()
    if code:
        raise JobFailedError(report.text(command, code, document))
    return {"exit_code": code, "document": document}


def _run(event: object, session: Session) -> tuple[str, int]:
    """Runs the command, and returns its name and the exit code.

    Raises:
        JobFailedError: the event asks for what it may not, or the manifest cannot be read.
    """
    try:
        with function.manifest_file(session) as (manifest, _):
            arguments = command_line(event, manifest)
            return arguments[0], app.run(arguments, session)
    except CertkitError as error:
        raise JobFailedError(report.bounded(report.said(failure.detail(error)))) from None


def _document(text: str) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = json.loads(text)
    except ValueError:
        return None
    return found
