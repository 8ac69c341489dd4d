"""`certkit validate`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of
from certkit.errors import UsageError

OPTIONS: Final = (options.reading_options,)
EXAMPLES: Final = (
    "certkit validate bundle.pfx --passin env:PFX_PASSWORD",
    "certkit validate *.pem --fail-on warning --format json",
    "certkit validate --as-is --body cert_body.pem --key cert_key.pem --chain cert_chain.pem",
)


def run(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE...]", help=options.SOURCE_HELP)] = None,
    as_is: Annotated[bool, typer.Option("--as-is", help="Judge --body, --key and --chain byte for byte.")] = False,
    body: Annotated[str | None, typer.Option(metavar="SOURCE", help="With --as-is: the certificate.")] = None,
    certificates_only: Annotated[
        bool, typer.Option("--certificates-only", help="Leave out the key and the rules about it.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Count what certkit would mend as errors.")] = False,
    fail_on: Annotated[
        options.Severity, typer.Option(help="The least severity that makes the exit code 1.")
    ] = options.Severity.ERROR,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Say whether ACM would take a bundle as certkit sends it, and what else is wrong with it.

    The bundle is read, put in order and encoded as `import` would; each repair on the way is a warning.

    Exit codes: 0 importable, 1 findings, 2 usage, 3 a bundle cannot be read.
    """
    session, given = of(context), source or []
    if as_is != (body is not None) or as_is == bool(given):
        raise UsageError(
            "name SOURCEs, or else --as-is with --body", hint="certkit validate --as-is --body B --key K --chain C"
        )
    from certkit.cli import batch, validating
    from certkit.report import validate as report

    bar = validating.Bar(fail_on, is_strict=strict)
    jobs = validating.jobs(session, given, body, bar, wants_keys=not certificates_only)
    return batch.show(session, batch.run(session, jobs), report.document, output_format)
