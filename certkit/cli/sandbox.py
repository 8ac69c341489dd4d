"""`certkit sandbox`."""

from typing import Annotated, Final

import typer

from certkit.cli.session import of

OPTIONS: Final = ()
EXAMPLES: Final = ("certkit sandbox", "certkit sandbox -- certkit status", "certkit sandbox -- sh demo.sh")


def run(
    context: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="[-- COMMAND...]", help="What to run against it, instead of serving.")
    ] = None,
) -> int:
    """Serve a strict local ACM, for trying things out: no account, no cost, nothing of it is real.

    Alone it serves until interrupted and prints the `export` lines that lead other programs to it. With a COMMAND it
    runs that, in an environment from which nothing reaches a real account, and exits with its code.

    Exit codes: the COMMAND's own; 2 usage, 3 the extra certkit[sandbox] is not installed, 130 interrupted.
    """
    from certkit.cli import sandboxing

    session = of(context)
    return sandboxing.run_command(session, command) if command else sandboxing.serve_until_interrupted(session)
