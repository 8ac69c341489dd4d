"""`certkit status`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.survey_options, options.passin_options, options.where_options)
EXAMPLES: Final = (
    "certkit status",
    "certkit status --region all --within 30d",
    "certkit status --region all --organization --role-name certkit-reader --format json",
    "certkit status /etc/letsencrypt/live https://shop.example.com --within 33%",
    "certkit status --region all --format prometheus --out /var/lib/node_exporter/certkit.prom",
    "certkit status --region all --account all --serial 0a:1b:2c",
    "certkit status --region all --findings",
    "certkit status --region all --notify --quiet",
)


def run(
    context: typer.Context,
    source: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Files, folders and https://host[:port], listed as well."),
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="An account of the configuration, or all of them: all; repeatable."),
    ] = None,
    profile: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A profile of the AWS configuration; repeatable.")
    ] = None,
    organization: Annotated[
        bool, typer.Option("--organization", help="Every account of the organization, by --role-name.")
    ] = False,
    role_name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The role to assume in each account of the organization.")
    ] = None,
    within: Annotated[
        str | None, typer.Option(metavar="LEFT", help="Exit 1 if one has no more left than this: 30d, 12h, 33%.")
    ] = None,
    expires_in: Annotated[
        str | None, typer.Option(metavar="LEFT", help="The same as step has it: 720h, or 66% of the lifetime used.")
    ] = None,
    checkend: Annotated[
        int | None, typer.Option(metavar="SECONDS", min=0, help="The same as openssl has it: in seconds.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN|FILE", help="What changed: since 7d, a date, or an earlier JSON.")
    ] = None,
    serial: Annotated[str | None, typer.Option(metavar="HEX", help="Only the one with this serial number.")] = None,
    spki_sha256: Annotated[
        str | None, typer.Option(metavar="HEX", help="Only those with this public key; reads each certificate.")
    ] = None,
    sha256: Annotated[
        str | None, typer.Option(metavar="HEX", help="Only the one with this fingerprint; reads each certificate.")
    ] = None,
    issuer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only those of this issuer: its common name, or its whole name.")
    ] = None,
    unfold: Annotated[bool, typer.Option("--unfold", help="A row for each place that holds a certificate.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write the result there; a file is replaced.")
    ] = None,
    findings: Annotated[
        bool, typer.Option("--findings", help="Also say what is the matter with all of it: docs/findings.md.")
    ] = False,
    closer: Annotated[
        bool, typer.Option("--closer", help="With --findings: read each imported certificate that is in use.")
    ] = False,
    notify: Annotated[
        bool, typer.Option("--notify", help="Tell whom the configuration names what expires: docs/notify.md.")
    ] = False,
    config: options.Config = None,
    output_format: Annotated[
        options.StatusFormat, typer.Option("--format", help="How to show the result.")
    ] = options.StatusFormat.TEXT,
) -> int:
    """List certificates, soonest expiry first: all in ACM, imported or not, of all key types; and those of SOURCEs.

    A `!` marks those with a third of their lifetime left, or with half of it where it is under ten days. `--region all`
    looks at every enabled region. With SOURCEs ACM is looked at only where an option says where in AWS.

    Exit codes: 0 listed, 1 one expires --within the time or one that is looked for is left, 2 usage, 3 something could
    not be seen, or somebody not be told.
    """
    from certkit import incident
    from certkit.cli import statuses

    threshold, counts = statuses.threshold(within, expires_in, checkend)
    wanted = incident.wanted(serial, spki_sha256, sha256, issuer)
    where = (tuple(source or ()), tuple(profile or ()), tuple(account or ()), organization, role_name, config)
    wish = statuses.Wish(
        *where, threshold, counts, since, wanted, unfold, out, output_format, findings or closer, closer, notify
    )
    return statuses.show(of(context), wish)
