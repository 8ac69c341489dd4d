"""`certkit plan`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.aws_options, options.ledger_options)
EXAMPLES: Final = (
    "certkit plan",
    "certkit plan estate.toml --only shop",
    "certkit plan --check --format json",
)


def run(
    context: typer.Context,
    manifest: options.Manifest = None,
    only: options.Only = None,
    account: options.OnlyAccounts = None,
    check: Annotated[bool, typer.Option("--check", help="Exit 1 when changes are pending.")] = False,
    allow: options.Allow = None,
    purge_tags: options.PurgeTags = False,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Show what `apply` would do to ACM, over all regions and accounts of a manifest, and change nothing.

    The last line is the plan's digest: `apply --expect DIGEST` does this and nothing else.

    Exit codes: 0 shown, 1 with --check: changes are pending, 2 usage, 3 a certificate cannot be read or looked up.
    """
    from certkit.cli import planning
    from certkit.cli.order import Order

    order = Order(manifest, config, tuple(only or ()), purge_tags, tuple(account or ()), allowed=tuple(allow or ()))
    return planning.show(of(context), order, output_format, counts=check)
