"""`certkit history`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.where_options, options.credential_options)
EXAMPLES: Final = (
    "certkit history",
    "certkit history shop --limit 5",
    "certkit history --ledger dynamodb://certkit?region=eu-west-1 --format json",
)


def run(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One certificate's writes alone.")] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Show the newest N alone.")] = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Show what was done, when and by whom: every write to ACM in the ledger, the newest first.

    `open` and `unknown` say that nobody knows yet what came of a write: the next run at that certificate finds out.

    Exit codes: 0 shown, 2 usage, 3 the ledger cannot be read.
    """
    from certkit.cli import histories

    return histories.show(of(context), name, limit, output_format)
