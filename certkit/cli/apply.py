"""`certkit apply`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.aws_options, options.ledger_options, options.escrow_options)
EXAMPLES: Final = (
    "certkit apply",
    "certkit apply estate.toml --only shop",
    "certkit apply --expect DIGEST --allow shop",
)


def run(
    context: typer.Context,
    manifest: options.Manifest = None,
    only: options.Only = None,
    account: options.OnlyAccounts = None,
    expect: Annotated[
        str | None,
        typer.Option(metavar="DIGEST", help="The digest of the plan that was reviewed: nothing else is done."),
    ] = None,
    allow: options.Allow = None,
    max_failures: options.MaxFailures = None,
    purge_tags: options.PurgeTags = False,
    verify: options.Verify = False,
    wait: options.Wait = False,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Make ACM what a manifest says, over all its regions and accounts: import, reimport, tag, or nothing to do.

    A reimport that would lose a name, expire sooner or need a new ARN stops everything before the first write, unless
    it is allowed. Otherwise one certificate that fails does not stop the others. What was rolled back from stays away.

    Exit codes: 0 ACM holds all, 1 stopped before a write, or an endpoint serves another one, 2 usage, 3 something failed.
    """
    from certkit.cli import applying
    from certkit.cli.order import Order
    from certkit.cli.rolling import limit_of

    order = Order(manifest, config, tuple(only or ()), purge_tags, tuple(account or ()), verify, tuple(allow or ()))
    consent = applying.Consent(expect, limit_of(max_failures))
    return applying.run(of(context), order, consent, output_format, is_patient=wait)
