"""`certkit status`."""

from pathlib import Path
from typing import Annotated, Final, TypeAlias

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
    "certkit status --usage --format json",
    "certkit status --region all --notify --quiet",
)

Sources: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SOURCE]...", help="Files, folders and https://host[:port], listed as well."),
]
Within: TypeAlias = Annotated[
    str | None, typer.Option(metavar="LEFT", help="Exit 1 if one has no more left than this: 30d, 12h, 33%.")
]
ExpiresIn: TypeAlias = Annotated[
    str | None, typer.Option(metavar="LEFT", help="The same as step has it: 720h, or 66% of the lifetime used.")
]
Checkend: TypeAlias = Annotated[
    int | None, typer.Option(metavar="SECONDS", min=0, help="The same as openssl has it: in seconds.")
]
Since: TypeAlias = Annotated[
    str | None, typer.Option(metavar="WHEN|FILE", help="What changed: since 7d, a date, or an earlier JSON.")
]
Serial: TypeAlias = Annotated[str | None, typer.Option(metavar="HEX", help="Only the one with this serial number.")]
SpkiSha256: TypeAlias = Annotated[
    str | None, typer.Option(metavar="HEX", help="Only those with this public key; reads each certificate.")
]
Sha256: TypeAlias = Annotated[
    str | None, typer.Option(metavar="HEX", help="Only the one with this fingerprint; reads each certificate.")
]
Issuer: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="Only those of this issuer: its common name, or its whole name.")
]
Unfold: TypeAlias = Annotated[bool, typer.Option("--unfold", help="A row for each place that holds a certificate.")]
Out: TypeAlias = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write the result there; a file is replaced.")
]
Findings: TypeAlias = Annotated[
    bool, typer.Option("--findings", help="Also say what is the matter with it, and what to do.")
]
Closer: TypeAlias = Annotated[
    bool, typer.Option("--closer", help="With --findings: read each imported certificate that is in use.")
]
Usage: TypeAlias = Annotated[bool, typer.Option("--usage", help="Also ask each service of AWS which of them it uses.")]
Notify: TypeAlias = Annotated[
    bool, typer.Option("--notify", help="Tell whom the configuration names what expires, each once.")
]
OutputFormat: TypeAlias = Annotated[options.StatusFormat, typer.Option("--format", help="How to show the result.")]


def run(
    context: typer.Context,
    source: Sources = None,
    account: options.Accounts = None,
    profile: options.Profiles = None,
    organization: options.Organization = False,
    role_name: options.RoleName = None,
    within: Within = None,
    expires_in: ExpiresIn = None,
    checkend: Checkend = None,
    since: Since = None,
    serial: Serial = None,
    spki_sha256: SpkiSha256 = None,
    sha256: Sha256 = None,
    issuer: Issuer = None,
    unfold: Unfold = False,
    out: Out = None,
    findings: Findings = False,
    closer: Closer = False,
    usage: Usage = False,
    notify: Notify = False,
    config: options.Config = None,
    output_format: OutputFormat = options.StatusFormat.TEXT,
) -> int:
    """List certificates, soonest expiry first: all in ACM, imported or not, of all key types; and those of SOURCEs.

    A `!` marks those with a third of their lifetime left, or with half of it where it is under ten days. `--region all`
    looks at every enabled region. With SOURCEs ACM is looked at only where an option says where in AWS.

    Exit codes: 0 listed, 1 one expires --within or one that is looked for is left, 2 usage, 3 not all was seen or told.
    """
    from certkit import incident
    from certkit.cli import statuses
    from certkit.cli.status_wish import How, Where, Which, Wish, threshold

    where = Where(tuple(source or ()), tuple(profile or ()), tuple(account or ()), organization, role_name, config)
    wanted = incident.wanted(serial, spki_sha256, sha256, issuer)
    which = Which(*threshold(within, expires_in, checkend), since, wanted)
    how = How(unfold, out, output_format, findings or closer, closer, notify, usage)
    return statuses.show(of(context), Wish(where, which, how))
