"""The wiring of `sandbox`: the strict ACM, and an environment that leads there and nowhere else."""

import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

from certkit.cli.session import Session
from certkit.errors import CertkitError, ConfigurationError, UsageError

if TYPE_CHECKING:
    from certkit.testing import StrictAcm


def serve_until_interrupted(session: Session) -> int:
    """Prints the lines that lead a shell here, and serves until the user has had enough.

    Raises:
        ConfigurationError: the extra is not installed.
    """
    with _strict_acm() as acm, tempfile.TemporaryDirectory(prefix="certkit-sandbox-") as state:
        variables = {**acm.environment(session.environment), "CERTKIT_STATE": state}
        session.show("\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items()))
        session.say("certkit: the sandbox serves until you press Ctrl-C; paste the lines above into another shell")
        Event().wait()
    return CertkitError.exit_code


def run_command(session: Session, command: Sequence[str]) -> int:
    """Runs `command` against the sandbox and returns its exit code.

    Raises:
        ConfigurationError: the extra is not installed.
        UsageError: there is no such program.
    """
    with _strict_acm() as acm, tempfile.TemporaryDirectory(prefix="certkit-sandbox-") as state:
        environment = {**acm.child_environment(session.environment), "CERTKIT_STATE": state}
        try:
            code = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 -- the user's own command
        except OSError as error:
            raise UsageError(f"{command[0]} cannot be run: {(error.strerror or 'failure').lower()}") from error
    return code if code >= 0 else 128 - code


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
