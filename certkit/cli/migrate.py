"""`certkit migrate`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (
    options.reading_options,
    options.strict_options,
    options.aws_options,
    options.ledger_options,
    options.escrow_options,
)
EXAMPLES: Final = (
    "certkit migrate shop --to new.pfx --passin env:PFX_PASSWORD",
    "certkit migrate shop --to new.pfx --passin env:PFX_PASSWORD --apply --wait 10m",
    "certkit migrate shop --retire --yes",
    "certkit migrate shop --revert --apply",
)


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What certkit knows it by.")],
    to: Annotated[str | None, typer.Option(metavar="SOURCE", help="The bundle for the new ARN.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Carry it out, as far as it goes now.")] = False,
    revert: Annotated[bool, typer.Option("--revert", help="The way back: repoint to the old ARN.")] = False,
    retire: Annotated[
        bool, typer.Option("--retire", help="The end: delete the old one, once nothing uses it.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --retire: delete it.")] = False,
    new_arn: Annotated[bool, typer.Option("--new-arn", help="Also where ACM would take it under its ARN.")] = False,
    quiet_for: Annotated[
        str, typer.Option(metavar="TIME", help="How long nothing must have used the old one before it goes.")
    ] = "7d",
    wait: Annotated[
        str | None, typer.Option(metavar="TIME", help="Look again until all endpoints serve it: 90s, 10m.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULE", help="A rule to pass over; repeatable.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why the rules are passed over.")] = None,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Show the way to a new ARN, or go it: import, repoint what uses the old one, look what is served, retire.

    For what ACM refuses to reimport. What a stack or Terraform keeps is left to them, with what to change there. Run it
    again after an interruption: it goes on from what AWS shows. Nothing is deleted without --retire --yes.

    Exit codes: 0 shown or done, 1 something is left to others or to the end of a freeze, or another certificate is served,
    2 usage, 3 failure.
    """
    from certkit.cli import migrating
    from certkit.cli.migration_wish import Wish

    ignored = (tuple(ignore or ()), reason)
    wish = Wish(name, to, apply, revert, retire, yes, new_arn, quiet_for, wait, ignored, config, output_format)
    return migrating.run(of(context), wish)
