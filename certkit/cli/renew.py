"""`certkit renew`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.aws_options, options.ledger_options, options.escrow_options)
EXAMPLES: Final = (
    "certkit renew",
    "certkit renew /etc/certkit/certkit.toml --jitter 10m",
    "certkit renew --only shop --dry-run",
)


def run(
    context: typer.Context,
    manifest: options.Manifest = None,
    only: options.Only = None,
    account: options.OnlyAccounts = None,
    jitter: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Wait up to so long first, such as 10m: many machines, one CA."),
    ] = None,
    max_failures: options.MaxFailures = None,
    verify: options.Verify = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which commands are due and show the plan; run and write nothing.")
    ] = False,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Run the renewals that are due, and bring what is newer than in ACM there: the job for every night.

    A certificate that fails stops no other. One that would lose a name, expire sooner or need a new ARN is not written,
    unless the manifest allows it.

    Exit codes: 0 all done, nothing due included, 1 an endpoint serves another certificate, 2 usage, 3 something failed.
    """
    from certkit.cli import renewing
    from certkit.cli.order import Order
    from certkit.cli.rolling import limit_of

    order = Order(
        manifest, config, tuple(only or ()), purges_tags=False, accounts=tuple(account or ()), verifies=verify
    )
    if dry_run:
        return renewing.show(of(context), order, output_format)
    return renewing.run(of(context), order, output_format, limit_of(max_failures), jitter=jitter)
