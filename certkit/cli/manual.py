"""Every command as its help tells of it, for the page of commands: taken from typer, so that no page says otherwise."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any, Final

import typer
from typer.core import TyperArgument

from certkit.cli import options
from certkit.cli.app import COMMANDS, Commands, module_of
from certkit.report.commands import Entry, Manual, Shared

_GROUPS: Final = (
    ("Reading", (options.reading_options, options.strict_options)),
    ("AWS", (options.aws_options,)),
    ("Ledger", (options.ledger_options,)),
    ("Escrow", (options.escrow_options,)),
    ("Every command", (options.common_options,)),
)
"""The options that several commands share: the title of their section, and what makes them."""


def shared() -> tuple[Shared, ...]:
    """Returns the options that several commands share."""
    return tuple(
        Shared(title, tuple(_entries([one for make in makers for one in make()]))) for title, makers in _GROUPS
    )


def manuals() -> Iterator[Manual]:
    """Yields every command, in the order of the help."""
    family = Commands(name="certkit")
    for name, line in COMMANDS.items():
        command: Any = family.get_command(typer.Context(family), name)
        module = module_of(name)
        purpose, _, codes = cleandoc(module.run.__doc__ or "").partition("Exit codes: ")
        arguments = [one for one in command.params if isinstance(one, TyperArgument)]
        others = [one for one in command.params if not isinstance(one, TyperArgument)]
        yield Manual(
            name=name,
            line=line,
            purpose=purpose.strip(),
            exit_codes=" ".join(codes.split()),
            arguments=tuple(_entries(arguments)),
            options=tuple(_entries(others)),
            examples=module.EXAMPLES,
        )


def _entries(parameters: list[Any]) -> Iterator[Entry]:
    for one in parameters:
        record = one.get_help_record(typer.Context(typer.core.TyperCommand("certkit")))
        if record is not None:
            yield Entry(*record)
