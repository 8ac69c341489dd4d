"""`certkit prune`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.aws_options, options.ledger_options)
EXAMPLES: Final = (
    "certkit prune",
    "certkit prune --region all --older-than 30d",
    "certkit prune --only shop --yes",
)


def run(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Delete them.")] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="This name or ARN alone; repeatable.")
    ] = None,
    older_than: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only what was imported this long ago: 30d, 4w.")
    ] = None,
    include_foreign: Annotated[
        bool, typer.Option("--include-foreign", help="Also what does not carry the tag certkit:name.")
    ] = False,
    account: options.Accounts = None,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Show what in ACM nothing uses and has expired or is superseded, and with --yes delete it.

    Superseded is what another one is for all names of, with the same kind of key, imported later and valid longer; a
    further copy of the same certificate can go too. Of what the manifest names one stays. Right before each deletion ACM is asked again: what is in use never goes.

    Exit codes: 0 shown or deleted, 2 usage, 3 something could not be seen or deleted.
    """
    from certkit.cli import pruning

    wish = pruning.Wish(
        tuple(only or ()), older_than, include_foreign, tuple(account or ()), config, yes, output_format
    )
    return pruning.run(of(context), wish)
