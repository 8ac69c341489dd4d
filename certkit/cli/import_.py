"""`certkit import`."""

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
    "certkit import shop.pfx --name shop --passin env:PFX_PASSWORD --dry-run",
    "certkit import shop.pfx --name shop --tag team=web --region us-east-1 --region eu-west-1",
    "certkit import new.pem --certificate-arn arn:aws:acm:us-east-1:111122223333:certificate/...",
)


def run(
    context: typer.Context,
    source: options.Source,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What certkit knows it by, run after run.")] = None,
    certificate_arn: Annotated[
        str | None, typer.Option(metavar="ARN", help="The imported certificate to replace, instead of the name's.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="A tag of yours; repeatable.")] = None,
    for_service: Annotated[
        list[str] | None,
        typer.Option("--for", metavar="SERVICE", help="A service it is for: its limits count too; repeatable."),
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULE", help="A rule to pass over; repeatable.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why the rules are passed over.")] = None,
    purge_tags: options.PurgeTags = False,
    config: options.Config = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and change nothing.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Give ACM ten minutes instead of one to show it.")] = False,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Put a bundle into ACM: a new import, a reimport to the same ARN, or nothing to do.

    The certificate that carries the name, or stands under the ARN, is replaced where its leaf or chain differs. What
    ACM would refuse stops it before any call. Of several regions, one that fails does not stop the others.

    Exit codes: 0 ACM holds it, 1 ACM would refuse it, 2 usage, 3 AWS refused or did not answer.
    """
    from certkit.cli import importing
    from certkit.cli.wish import Wish

    session = of(context)
    wish = Wish(
        source=source,
        name=name,
        arn=certificate_arn,
        tags=tuple(tag or ()),
        services=tuple(for_service or ()),
        ignore=tuple(ignore or ()),
        reason=reason,
        is_patient=wait,
        purges_tags=purge_tags,
        config=config,
    )
    return (importing.show_plan if dry_run else importing.carry_out)(session, wish, output_format)
