"""`certkit policy`."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.where_options, options.escrow_options)
EXAMPLES: Final = (
    "certkit policy",
    "certkit policy renewer --region us-east-1 --region eu-west-1 > renewer.json",
    "certkit policy reader --usage",
    "certkit policy creator --account 111122223333 --ledger dynamodb://certkit",
    "certkit policy restorer --escrow 's3://my-escrow/certkit?kms_key=alias/certkit'",
)


class Role(StrEnum):
    """What ROLE may be: `certkit.policy.Role`, without what that one imports."""

    READER = "reader"
    RENEWER = "renewer"
    RESTORER = "restorer"
    CREATOR = "creator"
    MIGRATOR = "migrator"


ROLES: Final = "reader, renewer, restorer, creator or migrator."
"""What help says that a role is."""


def run(
    context: typer.Context,
    role: Annotated[Role | None, typer.Argument(metavar="[ROLE]", help=ROLES)] = None,
    region: Annotated[
        list[str] | None,
        typer.Option(metavar="REGION", help="A region, or all; repeatable.  [default: the manifest's]"),
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="An account; repeatable.  [default: the manifest's, else any]"),
    ] = None,
    usage: Annotated[bool, typer.Option("--usage", help="Also what status --usage asks of other services.")] = False,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Print the least that a caller must be allowed, as an IAM policy; without ROLE, say which there are.

    The renewer reaches those certificates alone that carry the tag certkit:name. AWS is not asked.

    Exit codes: 0 printed, 2 usage or configuration.
    """
    from certkit.cli import policies

    wanted = policies.Wanted(role, tuple(region or ()), tuple(account or ()), config, usage)
    return policies.show(of(context), wanted, output_format)
