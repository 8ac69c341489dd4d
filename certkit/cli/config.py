"""`certkit config`."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = ()
EXAMPLES: Final = (
    "certkit config check",
    "certkit config check /etc/certkit/certkit.toml --format json",
    "certkit config schema > certkit.schema.json",
)


class Action(StrEnum):
    """What to do."""

    CHECK = "check"
    SCHEMA = "schema"


def run(
    context: typer.Context,
    action: Annotated[Action, typer.Argument(metavar="check|schema", help="What to do.", show_default=False)],
    manifest: options.Manifest = None,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Say all that is wrong with a manifest, without AWS; or print the JSON Schema by which editors complete and check one.

    Exit codes: 0 nothing is wrong, 2 something is.
    """
    from certkit.cli import configuring

    if action is Action.SCHEMA:
        return configuring.show_schema(of(context))
    return configuring.check(of(context), manifest, config, output_format)
