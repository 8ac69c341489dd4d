"""`certkit pack`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.reading_options, options.strict_options, options.credential_options)
EXAMPLES: Final = (
    "certkit pack --key cert_key.pem --body cert_body.pem --chain cert_chain.pem -o shop.pfx --passout env:PFX_PASSWORD",
    "certkit pack --key cert_key.pem --body cert_body.pem --chain cert_chain.pem -o shop.pem",
    "certkit pack --body cert_body.pem --chain cert_chain.pem -o shop.p7b",
)


class Container(StrEnum):
    """What `--to` takes: `certkit.formats.writing.Container`, without what that one imports."""

    PFX = "pfx"
    P7B = "p7b"
    PEM = "pem"


def run(
    context: typer.Context,
    body: Annotated[str, typer.Option(metavar="SOURCE", help="The certificate.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")],
    to: Annotated[Container | None, typer.Option(help="What to write.  [default: by the ending of FILE]")] = None,
    passout: Annotated[
        str | None, typer.Option(metavar="FORM", help="Where the password of the PFX is; forms as --passin.")
    ] = None,
    friendly_name: Annotated[str | None, typer.Option(metavar="NAME", help="What the PFX calls the entry.")] = None,
    legacy: Annotated[bool, typer.Option("--legacy", help="Triple DES and SHA-1, for old Windows and Java.")] = False,
    key_format: Annotated[
        options.KeyFormat, typer.Option(help="The key's form in PEM.")
    ] = options.KeyFormat.TRADITIONAL,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Pack key, certificate and chain into one file: a PFX, a P7B (without the key) or one PEM.

    The whole chain goes in, its root too where it is there. A PEM is written without a password.

    Exit codes: 0 written, 2 usage, 3 a part cannot be read, they do not belong together, or the file is there.
    """
    from certkit.cli import packing

    session = of(context)
    wish = packing.Wish(body, output, to, passout, friendly_name, key_format, is_legacy=legacy, is_forced=force)
    return packing.run(session, wish, output_format)
