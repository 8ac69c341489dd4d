"""`certkit import`."""

from typing import Annotated, Final, TypeAlias

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
    "certkit import shop.pfx --name shop --verify --endpoint shop.example.com --wait",
    "certkit import new.pem --certificate-arn arn:aws:acm:us-east-1:111122223333:certificate/...",
)

Name: TypeAlias = Annotated[str | None, typer.Option(metavar="NAME", help="What certkit knows it by, run after run.")]
CertificateArn: TypeAlias = Annotated[
    str | None, typer.Option(metavar="ARN", help="The imported certificate to replace, instead of the name's.")
]
Tags: TypeAlias = Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="A tag of yours; repeatable.")]
Ignored: TypeAlias = Annotated[list[str] | None, typer.Option(metavar="RULE", help="A rule to pass over; repeatable.")]
Reason: TypeAlias = Annotated[str | None, typer.Option(metavar="TEXT", help="Why the rules are passed over.")]
DryRun: TypeAlias = Annotated[bool, typer.Option("--dry-run", help="Show the plan and change nothing.")]
Verify: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--verify",
        help="See what is served: by the endpoints of the configuration, else by whatever uses it in AWS.",
    ),
]
Endpoints: TypeAlias = Annotated[
    list[str] | None, typer.Option(metavar="HOST[:PORT]", help="An endpoint that is to serve it; repeatable.")
]


def run(
    context: typer.Context,
    source: options.Source,
    name: Name = None,
    certificate_arn: CertificateArn = None,
    tag: Tags = None,
    for_service: options.Services = None,
    ignore: Ignored = None,
    reason: Reason = None,
    purge_tags: options.PurgeTags = False,
    config: options.Config = None,
    dry_run: DryRun = False,
    wait: options.Wait = False,
    verify: Verify = False,
    endpoint: Endpoints = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Put a bundle into ACM: a new import, a reimport to the same ARN, or nothing to do.

    The certificate that carries the name, or stands under the ARN, is replaced where its leaf or chain differs. What
    ACM would refuse stops it before any call. Of several regions, one that fails does not stop the others.

    Exit codes: 0 ACM holds it, 1 ACM would refuse it, or an endpoint serves another one, 2 usage, 3 AWS refused or did
    not answer, or an endpoint did not.
    """
    from certkit.cli import importing
    from certkit.cli.import_wish import How, What, Wish

    what = What(source, name, certificate_arn, tuple(tag or ()), tuple(for_service or ()))
    how = How(tuple(ignore or ()), reason, wait, purge_tags, config, verify, tuple(endpoint or ()))
    wish = Wish(what, how)
    if dry_run:
        return importing.show_plan(of(context), wish, output_format)
    return importing.carry_out(of(context), wish, output_format)
