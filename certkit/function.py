"""What every Lambda function of certkit's is given: where its manifest is, and how much time it has."""

import hashlib
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Final

from certkit.cli import wiring
from certkit.cli.session import Session
from certkit.cli.signals import Terminated
from certkit.errors import ConfigurationError

MANIFEST: Final = "CERTKIT_MANIFEST"
"""The variable that says where the manifest is: a path, which counts from the function's folder, or `s3://`."""

_IN_S3: Final = "s3://"

_SPARE_SECONDS: Final = 15.0
"""How long before Lambda ends the process certkit ends the run itself: what it holds is given back, and it is said."""

_LAST_SECONDS: Final = 105.0
"""How long before that no certificate is begun any more.

One that has just been begun waits for ACM to show it for a minute (`patience.READ_BACK_SECONDS`) at the most; then people
are told.
"""


@contextmanager
def manifest_file(session: Session) -> Iterator[tuple[str, str]]:
    """Yields the path of the manifest, and the SHA-256 of what stands in it; one in S3 is there while the block runs.

    Raises:
        ConfigurationError: the function does not say where it is.
        CertkitError: it cannot be read.
    """
    given = session.environment.get(MANIFEST)
    if not given:
        raise ConfigurationError(f"{MANIFEST} is not set", hint="a path, or s3://BUCKET/KEY")
    is_local = not given.startswith(_IN_S3)
    where = str(Path(session.environment.get("LAMBDA_TASK_ROOT", ""), given)) if is_local else given
    data = wiring.read_source(session, where)
    sha256 = hashlib.sha256(data).hexdigest()
    if is_local:
        yield where, sha256
        return
    with TemporaryDirectory(prefix="certkit-") as folder:
        path = Path(folder, "certkit.toml")
        path.write_bytes(data)
        yield str(path), sha256


@contextmanager
def in_time(context: object, session: Session) -> Iterator[None]:
    """Has the block begin nothing more once Lambda's time is nearly up, and ends it as SIGTERM would before Lambda does.

    Lambda ends the process, which gives nothing back.
    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html: `get_remaining_time_in_millis`.

    Raises:
        TimeoutError: it was ended, outside of any command, whose exit code says it.
    """
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    if remaining is None:
        yield
        return
    seconds = max(0.001, remaining() / 1_000 - _SPARE_SECONDS)
    session.deadline = session.timer() + seconds - min(_LAST_SECONDS, seconds / 4)
    if threading.current_thread() is not threading.main_thread():  # where Lambda calls its handler, and signals come
        yield
        return
    try:
        with _ended_after(seconds):
            yield
    except Terminated:
        raise TimeoutError("it has not come to its end in the time that Lambda gives") from None


@contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    if sys.platform != "win32":  # which has no such signal
        before = signal.signal(signal.SIGALRM, _end)
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
    else:
        yield


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    raise Terminated(number)
