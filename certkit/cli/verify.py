"""`certkit verify`."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.reading_options, options.credential_options)
EXAMPLES: Final = (
    "certkit verify shop.example.com bundle.pfx --passin env:PFX_PASSWORD",
    "certkit verify shop.example.com arn:aws:acm:us-east-1:111122223333:certificate/... --wait 10m",
    "certkit verify shop.example.com:8443 shop.pem --connect-to 10.0.0.7 --connect-to 10.0.0.8",
    "certkit verify mail.example.com mail.pem --starttls smtp",
)


class Starttls(StrEnum):
    """What `--starttls` takes: `certkit.sources.starttls.Protocol`, without what that one imports."""

    SMTP = "smtp"
    IMAP = "imap"
    POP3 = "pop3"
    FTP = "ftp"
    LDAP = "ldap"
    POSTGRES = "postgres"


def run(
    context: typer.Context,
    host: Annotated[str, typer.Argument(metavar="HOST[:PORT]", help="The endpoint, by the name that clients use.")],
    source: options.Source,
    wait: Annotated[
        str | None, typer.Option(metavar="TIME", help="Look again until all addresses serve it: 90s, 10m.")
    ] = None,
    connect_to: Annotated[
        list[str] | None, typer.Option(metavar="HOST[:PORT]", help="Where to connect instead; repeatable.")
    ] = None,
    starttls: Annotated[
        Starttls | None, typer.Option(help="What it speaks before TLS; the port is then that one's.")
    ] = None,
    ipv4: Annotated[bool, typer.Option("--ipv4", help="Only its IPv4 addresses.")] = False,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="For one address to answer.")] = 10.0,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Say whether an endpoint serves a certificate, with its chain, at every one of its addresses.

    Compared byte for byte; the chain must lead to a root as it is sent. A private root is named with --roots.

    Exit codes: 0 all serve it, 1 one serves something else, 2 usage, 3 one cannot be reached, or SOURCE not be read.
    """
    from certkit.cli import verifying

    wish = verifying.Wish(host, source, tuple(connect_to or ()), wait, ipv4, timeout, output_format, starttls)
    return verifying.verify(of(context), wish)
