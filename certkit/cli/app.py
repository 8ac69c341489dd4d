"""The program: finds the command, runs it, and turns whatever ends it into an exit code."""

import importlib
import signal
import sys
from collections.abc import Sequence
from itertools import pairwise
from types import FrameType
from typing import Annotated, Final

import typer
from typer.core import TyperGroup

from certkit.cli import options
from certkit.cli.session import Session
from certkit.errors import CertkitError, UsageError
from certkit.report import failure

COMMANDS: Final = ("inspect", "split", "validate", "import", "status", "sandbox")
"""Every command, in the order of `--help`; each is the module of its name, `import` the module `import_`."""

_INTERRUPTED: Final = 130
_TERMINATED: Final = 143
_BUG: Final = 70


class Terminated(BaseException):
    """SIGTERM has come: everything is put back on the way out, as for an interruption."""


class Commands(TyperGroup):
    """The commands, each imported when it is asked for, so that none pays for another's imports."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer's own Context
        """Returns the names, in the order of `COMMANDS`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str):  # type: ignore[no-untyped-def, override]  # noqa: ANN201 -- private to typer
        """Returns the command of this name, with the options that every command has."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"certkit.cli.{cmd_name.replace('import', 'import_')}")
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(cmd_name, epilog=_examples(module.EXAMPLES))(module.run)
        command = typer.main.get_command(app)
        command.params += [option for make in module.OPTIONS for option in make()] + options.common_options()
        return command


def _examples(commands: Sequence[str]) -> str:
    r"""Returns the end of a help page; `\b` keeps its lines apart."""
    return "\b\nExamples:\n" + "\n".join(f"  {command}" for command in commands)


def _program() -> typer.Typer:
    app = typer.Typer(cls=Commands, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)

    @app.callback()
    def certkit(
        version: Annotated[bool, typer.Option("--version", is_eager=True, help="Print the version and exit.")] = False,
    ) -> None:
        """Get TLS certificates into AWS Certificate Manager and keep them from expiring there.

        Exit codes: 0 as it should be, 1 findings, 2 usage, 3 failure, 70 a bug, 130 interrupted.
        """
        if version:
            from certkit import __version__

            typer.echo(f"certkit {__version__}")
            raise typer.Exit

    return app


def main(arguments: Sequence[str] | None = None, session: Session | None = None) -> int:
    """Runs certkit with `arguments`, `sys.argv`'s if there are none, and returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    signal.signal(signal.SIGTERM, _terminate)
    return run(given, session or Session())


def run(arguments: Sequence[str], session: Session) -> int:
    """Runs one command line in `session` and returns the exit code; every failure has been reported by then."""
    try:
        return _invoke(arguments, session)
    except CertkitError as error:
        return _report(error, arguments, session)
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except Terminated:
        return _TERMINATED
    except BrokenPipeError:
        return _close_quietly()
    except Exception:  # noqa: BLE001 -- the one place: what comes here is a bug
        return _report_bug(session)


def _invoke(arguments: Sequence[str], session: Session) -> int:
    program = typer.main.get_command(_program())
    program.params += options.common_options()
    try:
        code = program.main(list(arguments), prog_name="certkit", standalone_mode=False, obj=session)
    except typer.TyperException as error:
        return _report_usage(error, arguments, session)
    return code if isinstance(code, int) else 0


def _terminate(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Terminated


def _report(error: CertkitError, arguments: Sequence[str], session: Session) -> int:
    if _wants_json(arguments):
        session.show_document(failure.document(error))
    else:
        session.report(error)
    return error.exit_code


def _report_usage(error: typer.TyperException, arguments: Sequence[str], session: Session) -> int:
    if not error.format_message().startswith("Usage:"):  # else it is the help text, for want of a command
        message = error.format_message().rstrip(".")
        words = next((word for word in arguments if word in COMMANDS), "")
        hint = f"certkit {words} --help".replace("  ", " ")
        return _report(UsageError(message[:1].lower() + message[1:], hint=hint), arguments, session)
    session.stderr.write(error.format_message() + "\n")
    return UsageError.exit_code


def _report_bug(session: Session) -> int:
    import traceback

    session.stderr.write(traceback.format_exc())
    session.stderr.write("certkit: bug: please report this traceback; it holds neither key nor password\n")
    return _BUG


def _close_quietly() -> int:
    """Ends as other filters do when the reader of their output has gone."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + getattr(signal, "SIGPIPE", 13)


def _wants_json(arguments: Sequence[str]) -> bool:
    """Tells whether `--format json` stands among the arguments, also where they could not be parsed."""
    own = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    return "--format=json" in own or ("--format", "json") in pairwise(own)
