"""`certkit split`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.reading_options,)
EXAMPLES: Final = (
    "certkit split bundle.pfx",
    "certkit split shop.pem --key shop.key --out tls --force",
    "certkit split *.pfx --passin env:PFX_PASSWORD --format json",
)


def run(
    context: typer.Context,
    source: options.Sources,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write into.")] = Path("out"),
    key_format: Annotated[
        options.KeyFormat, typer.Option(help="The key's form: as openssl's older commands write it, or PKCS#8.")
    ] = options.KeyFormat.TRADITIONAL,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Write the private key, the certificate and its chain to three files.

    They are DIR/cert_key.pem, DIR/cert_body.pem and DIR/cert_chain.pem: PEM as ACM takes it, the key unencrypted and
    readable by you alone. Of several SOURCEs each gets a folder of its own in DIR.

    Exit codes: 0 written, 2 usage, 3 a bundle cannot be read or written.
    """
    from certkit.cli import batch, splitting, wiring
    from certkit.report import split as report

    session = of(context)
    how = wiring.reading(session, source, needs_key=True)
    jobs = splitting.jobs(source, how, splitting.Target(out, key_format, is_forced=force))
    return batch.show(session, batch.run(session, jobs), report.document, output_format)
