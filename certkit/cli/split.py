"""`certkit split`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of
from certkit.layout import Layout

OPTIONS: Final = (options.reading_options, options.strict_options, options.credential_options)
EXAMPLES: Final = (
    "certkit split bundle.pfx",
    "certkit split shop.pem --key shop.key --out tls --force",
    "certkit split shop.pfx --layout nginx --out /etc/nginx/tls --passin env:PFX_PASSWORD",
    "certkit split *.pfx --passin env:PFX_PASSWORD --format json",
    "certkit split s3://bundles/shop.pfx --passin secretsmanager://shop/pfx#password",
)


def run(
    context: typer.Context,
    source: options.Sources,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write into.")] = Path("out"),
    layout: Annotated[Layout, typer.Option(help="Whom the files are for: their names and what is in each.")] = (
        Layout.ACM
    ),
    key_format: Annotated[
        options.KeyFormat, typer.Option(help="The key's form: as openssl's older commands write it, or PKCS#8.")
    ] = options.KeyFormat.TRADITIONAL,
    certificates_only: Annotated[
        bool, typer.Option("--certificates-only", help="Leave out the key, and the key's own file as it is.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Write the private key, the certificate and its chain to files.

    They are DIR/cert_key.pem, DIR/cert_body.pem and DIR/cert_chain.pem: PEM as ACM takes it, the key unencrypted and
    readable by you alone. Other layouts are for servers: certbot's four files, nginx's two, haproxy's one. Of several
    SOURCEs each gets a folder of its own in DIR.

    Exit codes: 0 written, 2 usage, 3 a bundle cannot be read or written.
    """
    from certkit.cli import batch, splitting, wiring
    from certkit.report import split as report

    session = of(context)
    how = wiring.reading(session, source, needs_key=not certificates_only)._replace(wants_keys=not certificates_only)
    is_for_programs = output_format is options.OutputFormat.JSON
    target = splitting.Target(out, layout, key_format, is_forced=force, is_for_programs=is_for_programs)
    return batch.show(session, batch.run(session, splitting.jobs(source, how, target)), report.document, output_format)
