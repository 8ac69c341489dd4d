"""`certkit inspect`."""

from typing import Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.reading_options, options.credential_options)
EXAMPLES: Final = (
    "certkit inspect bundle.pfx",
    "certkit inspect shop.pem --format json",
    "certkit inspect https://shop.example.com",
    "certkit inspect arn:aws:acm:us-east-1:111122223333:certificate/...",
)


def run(
    context: typer.Context,
    source: options.Sources,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Say what is in a bundle and how it is protected, and change nothing.

    A bundle that is locked is described as far as it can be seen from outside.

    Exit codes: 0 described, 2 usage, 3 a bundle cannot be read.
    """
    from certkit.cli import batch, inspecting, wiring
    from certkit.report import inspect as report

    session = of(context)
    how = wiring.reading(session, source)
    outcomes = batch.run(session, [inspecting.InspectJob(one, how) for one in source])
    return batch.show(session, outcomes, report.document, output_format)
