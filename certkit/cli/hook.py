"""`certkit hook`."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.aws_options, options.ledger_options, options.escrow_options)
EXAMPLES: Final = (
    "certkit hook certbot --config /etc/certkit/certkit.toml",
    "certkit hook lego",
    "certkit hook acme.sh --name shop",
)


class Client(StrEnum):
    """What `hook` takes: `certkit.hook.Client`, without what that one imports."""

    CERTBOT = "certbot"
    LEGO = "lego"
    ACME_SH = "acme.sh"


def run(
    context: typer.Context,
    client: Annotated[Client, typer.Argument(metavar="certbot|lego|acme.sh", help="Who calls.", show_default=False)],
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="The certificate, whatever the client says; repeatable."),
    ] = None,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Take what an ACME client has just renewed, found by its files in the manifest, to ACM: a deploy hook.

    Exit codes: 0 done, or not in the manifest, 1 an endpoint serves another certificate, 2 usage, 3 something failed.
    """
    from certkit.cli import hooks

    return hooks.run(of(context), client.value, tuple(name or ()), config, output_format)
