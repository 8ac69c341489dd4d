"""`certkit doctor`."""

from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.policy import ROLES, Role
from certkit.cli.session import of

OPTIONS: Final = (options.aws_options, options.where_options, options.escrow_options)
EXAMPLES: Final = (
    "certkit doctor",
    "certkit doctor --for creator --region us-east-1 --region eu-west-1",
    "certkit doctor --jobs --region all",
    "certkit doctor --profile prod --ledger dynamodb://certkit --format json",
)


def run(
    context: typer.Context,
    role: Annotated[
        Role, typer.Option("--for", metavar="ROLE", help=f"What the caller is for: {ROLES}")
    ] = Role.RENEWER,
    jobs: Annotated[
        bool, typer.Option("--jobs", help="Say instead which job is silent, and which certificate no job renews.")
    ] = False,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Say whether a run will work: identity, clock, regions, permissions, quotas, state, ledger, escrow, manifest.

    `--jobs` asks the ledger for heartbeats, CloudWatch where the configuration has them there, and ACM for what is in use.
    Changes nothing. Permissions are simulated by IAM, where the caller may ask it; where not, they cannot be proved.

    Exit codes: 0 it should work, 1 something is in the way, 2 usage, 3 something could not be asked.
    """
    from certkit.cli import examining, watching

    if jobs:
        return watching.watch(of(context), config, output_format)
    return examining.examine(of(context), role.value, config, output_format)
