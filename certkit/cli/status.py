"""`certkit status`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.aws_options,)
EXAMPLES: Final = (
    "certkit status",
    "certkit status --region all --within 30d",
    "certkit status --profile prod --format json",
)


def run(
    context: typer.Context,
    within: Annotated[
        str | None, typer.Option(metavar="LEFT", help="Exit 1 if one has no more left than this: 30d, 12h, 33%.")
    ] = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """List the certificates in ACM, soonest expiry first: all key types, imported or not.

    A `!` marks those with a third of their lifetime left, or with half of it where it is under ten days. `--region all`
    looks at every enabled region.

    Exit codes: 0 listed, 1 one expires --within the time, 2 usage, 3 something could not be seen.
    """
    from certkit import expiry
    from certkit.cli import statuses

    threshold = expiry.parse_threshold(within) if within else expiry.DEFAULT
    return statuses.show(of(context), threshold, output_format, counts=within is not None)
