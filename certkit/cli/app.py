"""The program: finds the command, runs it, and turns whatever ends it into an exit code."""

import importlib
import sys
from collections.abc import Sequence
from itertools import pairwise
from types import ModuleType
from typing import Annotated, Final

import typer
from typer.core import TyperCommand, TyperGroup

from certkit.cli import options
from certkit.cli.session import ReaderGoneError, Session, StandardOutputError, of
from certkit.cli.signals import Terminated, terminable
from certkit.errors import CertkitError, UsageError
from certkit.report import failure

COMMANDS: Final = {
    "inspect": "Say what is in a bundle and how it is protected",
    "split": "Write key, certificate and chain to files, for ACM or a server",
    "pack": "Pack key, certificate and chain into one file",
    "validate": "Say whether ACM would take a bundle, and what is wrong",
    "rules": "List the rules of validate, or explain one",
    "import": "Put a bundle into ACM, new or to the same ARN",
    "plan": "Show what a manifest would change in ACM",
    "apply": "Make ACM what a manifest says",
    "renew": "Run the renewals that are due, and apply what is newer",
    "config": "Check a manifest, or print its JSON Schema for editors",
    "hook": "Take what certbot, lego or acme.sh has just renewed",
    "schedule": "Write the job that runs renew, for cron, systemd and others",
    "adopt": "Bring what is in ACM already under certkit",
    "status": "List the certificates in ACM, soonest expiry first",
    "forecast": "Say what shorter lifetimes will take: imports, alarms, hands",
    "verify": "Say whether an endpoint serves a certificate, with its chain",
    "rollback": "Put the previous bundle back, from escrow",
    "migrate": "Move what uses a certificate to a new ARN, where none can be kept",
    "prune": "Delete what nothing uses and has expired or is superseded",
    "history": "Show what was done, when and by whom",
    "policy": "Print the least-privilege IAM policies",
    "doctor": "Say whether a run will work",
    "sandbox": "Serve a strict local ACM, for trying things out",
}
"""Every command with a line for `--help`, in its order; each is the module of its name, `import` the module `import_`."""

_SHOWN_FIRST: Final = {
    "apply": "certkit plan shows what it would do",
    "migrate": "certkit migrate without --apply shows what it would do",
    "prune": "certkit prune without --yes shows what it would do",
}
"""The commands that need no `--dry-run`, which others have, and what to type instead."""

_INTERRUPTED: Final = 130
_BUG: Final = 70
_READER_GONE: Final = 141
"""What a shell makes of a filter that SIGPIPE has ended."""


class Command(TyperCommand):
    """A command whose usage line reads as people write it: `SOURCE...`, without braces."""

    def collect_usage_pieces(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer's own Context
        """Returns what stands behind the name in the usage line."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


class Commands(TyperGroup):
    """The commands, each imported when it is asked for, so that none pays for another's imports."""

    def format_commands(self, ctx: typer.Context, formatter) -> None:  # type: ignore[no-untyped-def, override]  # noqa: ANN001 -- private to typer
        """Writes the list of commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer's own Context
        """Returns the names, in the order of `COMMANDS`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str):  # type: ignore[no-untyped-def, override]  # noqa: ANN201 -- private to typer
        """Returns the command of this name, with the options that every command has."""
        if cmd_name not in COMMANDS:
            return None
        module = module_of(cmd_name)
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(cmd_name, cls=Command, epilog=_examples(module.EXAMPLES))(module.run)
        command = typer.main.get_command(app)
        command.params += [option for make in module.OPTIONS for option in make()] + options.common_options()
        if ctx.resilient_parsing:  # for a shell that completes: it pays for what nobody else needs
            from certkit.cli import suggesting

            suggesting.attach(cmd_name, command.params)
        return command


def module_of(name: str) -> ModuleType:
    """Returns the module of a command: what it runs, and its OPTIONS and EXAMPLES."""
    return importlib.import_module(f"certkit.cli.{name.replace('import', 'import_')}")


def _examples(commands: Sequence[str]) -> str:
    r"""Returns the end of a help page; `\b` keeps its lines apart."""
    return "\b\nExamples:\n" + "\n".join(f"  {command}" for command in commands)


def _program() -> typer.Typer:
    app = typer.Typer(cls=Commands, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)

    @app.callback()
    def certkit(
        version: Annotated[
            bool,
            typer.Option("--version", is_eager=True, callback=_show_version, help="Print the version and exit."),
        ] = False,
    ) -> None:
        """Get TLS certificates into AWS Certificate Manager and keep them from expiring there.

        Exit codes: 0 as it should be, 1 findings, 2 usage, 3 failure, 70 a bug, 130 interrupted.
        """
        del version

    return app


def _show_version(context: typer.Context, value: bool) -> None:
    if value:
        from certkit import __version__

        of(context).show(f"certkit {__version__}")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None, session: Session | None = None) -> int:
    """Runs certkit with `arguments`, `sys.argv`'s if there are none, and returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    with terminable():
        return run(given, session or Session())


def run(arguments: Sequence[str], session: Session) -> int:
    """Runs one command line in `session` and returns the exit code; every failure has been reported by then."""
    try:
        try:
            return _invoke(arguments, session)
        except CertkitError as error:
            return _report(error, arguments, session)
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except Terminated as signalled:
        return signalled.exit_code
    except ReaderGoneError:
        return _READER_GONE
    except Exception:  # noqa: BLE001 -- the one place: what comes here is a bug
        return _report_bug(session)


def _invoke(arguments: Sequence[str], session: Session) -> int:
    program = typer.main.get_command(_program())
    program.params += options.common_options()
    try:
        code = program.main(list(arguments), prog_name="certkit", standalone_mode=False, obj=session)
    except typer.TyperException as error:
        return _report_usage(error, arguments, session)
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # typer's own answer to `certkit --help | head -1`
            session.close_output()
            raise ReaderGoneError from error
        raise
    return code if isinstance(code, int) else 0


def _report(error: CertkitError, arguments: Sequence[str], session: Session) -> int:
    if _wants_json(arguments) and not isinstance(error, StandardOutputError):
        session.show_document(failure.document(error))
    else:
        session.report(error)
    if session.debug:
        session.report_trace()
    return error.exit_code


def _report_usage(error: typer.TyperException, arguments: Sequence[str], session: Session) -> int:
    message = error.format_message()
    if message.startswith("Usage:"):  # it is the help text, for want of a command
        session.report_text(message)
        return UsageError.exit_code
    message, _, suggestion = message.rstrip(".").partition(" (Possible options: ")
    command = next((word for word in arguments if word in COMMANDS), None)
    hint = " ".join(filter(None, ["certkit", command, "--help"]))
    if "--dry-run" in message and command in _SHOWN_FIRST:
        hint = _SHOWN_FIRST[command]
    elif suggestion:
        hint = f"did you mean {suggestion.rstrip(')')}? {hint} shows all"
    return _report(UsageError(message[:1].lower() + message[1:], hint=hint), arguments, session)


def _report_bug(session: Session) -> int:
    session.report_trace()
    session.report_text("certkit: bug: please report this traceback; it holds neither key nor password")
    return _BUG


def _wants_json(arguments: Sequence[str]) -> bool:
    """Tells whether `--format json` stands among the arguments, also where they could not be parsed."""
    own = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    return "--format=json" in own or ("--format", "json") in pairwise(own)
