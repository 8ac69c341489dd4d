"""`certkit rollback`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (
    options.aws_options,
    options.ledger_options,
    options.escrow_options,
    options.escrow_key_options,
    options.passin_options,
)
EXAMPLES: Final = (
    "certkit rollback shop --list",
    "certkit rollback shop --dry-run",
    "certkit rollback shop --to 7d2c11f0 --escrow 's3://escrow/certkit?kms_key=alias/certkit'",
)


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What certkit knows it by, or its ARN.")],
    to: Annotated[
        str | None, typer.Option(metavar="SHA256", help="This bundle: its leaf's fingerprint, or the beginning of it.")
    ] = None,
    list_all: Annotated[bool, typer.Option("--list", help="Show the bundles in escrow and change nothing.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and change nothing.")] = False,
    wait: options.Wait = False,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Put the previous bundle back, under the same ARN, from escrow: ACM itself keeps none.

    It is judged like any other: an expired one, or one that ACM would refuse under the ARN, stops it. While the SOURCE
    gives what was rolled back from, `apply`, `renew` and `hook` write nothing.

    Exit codes: 0 ACM holds it, 1 ACM would refuse it, 2 usage, 3 there is none, or AWS refused or did not answer.
    """
    from certkit.cli import rollbacks

    wish = rollbacks.Wish(name, to, config, wait)
    if list_all:
        return rollbacks.show_list(of(context), wish, output_format)
    if dry_run:
        return rollbacks.show_plan(of(context), wish, output_format)
    return rollbacks.carry_out(of(context), wish, output_format)
