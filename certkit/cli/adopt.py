"""`certkit adopt`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of
from certkit.errors import UsageError

OPTIONS: Final = (options.aws_options, options.ledger_options)
EXAMPLES: Final = (
    "certkit adopt arn:aws:acm:us-east-1:111122223333:certificate/... --name shop",
    "certkit adopt --all --region all --out certkit.toml",
    "certkit adopt --all --region us-east-1 --region eu-west-1 --tag",
)


def run(
    context: typer.Context,
    arn: Annotated[str | None, typer.Argument(metavar="[ARN]", help="The imported certificate to adopt.")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What certkit is to know it by.")] = None,
    adopts_all: Annotated[bool, typer.Option("--all", help="Write the manifest for everything that is there.")] = False,
    tag: Annotated[bool, typer.Option("--tag", help="With --all: tag what the manifest names.")] = False,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="With --all: where the manifest goes.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the FILE.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be tagged and change nothing.")] = False,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Bring what is in ACM already under certkit: tag one certificate, or write the manifest for all. Imports nothing.

    With --all the manifest goes to standard output or to FILE, with names made from the domains; names that are there
    are kept. Its accounts are those of the configuration, else the caller's own.

    Exit codes: 0 done, 2 usage, 3 AWS refused, or something could not be seen.
    """
    if adopts_all == (arn is not None) or (arn is None) != (name is None):
        raise UsageError("name an ARN with its --name, or else --all", hint="certkit adopt ARN --name NAME")
    if not adopts_all and (tag or out or force):
        raise UsageError("--tag, --out and --force go with --all")
    if adopts_all and dry_run:
        raise UsageError("--dry-run goes with an ARN", hint="adopt --all changes nothing in ACM without --tag")
    session = of(context)
    if arn is not None and name is not None:
        from certkit.cli import adopting

        return adopting.adopt_one(session, arn, name, config, output_format, is_dry=dry_run)
    from certkit.cli import estates

    wish = estates.Wish(config, Path(out) if out is not None else None, tags=tag, force=force)
    return estates.adopt_all(session, wish, output_format)
