"""`certkit forecast`."""

from typing import Annotated, Final

import typer

from certkit import limits
from certkit.cli import options
from certkit.cli.session import of

OPTIONS: Final = (options.survey_options,)
EXAMPLES: Final = (
    "certkit forecast",
    "certkit forecast --lifetime 47d,100d,200d --region all",
    "certkit forecast --region all --organization --role-name certkit-reader --format json",
)


def run(
    context: typer.Context,
    lifetime: Annotated[
        str | None,
        typer.Option(
            metavar="TIMES", help="Such as 47d,100d,200d.  [default: what public CAs may issue, now and later]"
        ),
    ] = None,
    renew_when: Annotated[
        str | None,
        typer.Option(metavar="LEFT", help="When each is renewed: 30d, 33%.  [default: a third, half under ten days]"),
    ] = None,
    import_quota: Annotated[
        int, typer.Option(metavar="N", min=1, help="The imports a year that a region of an account may have.")
    ] = limits.MAX_IMPORTS_A_YEAR,
    account: options.Accounts = None,
    profile: options.Profiles = None,
    organization: options.Organization = False,
    role_name: options.RoleName = None,
    config: options.Config = None,
    output_format: options.Format = options.OutputFormat.TEXT,
) -> int:
    """Say what the estate takes under shorter lifetimes: imports a year, events a day, renewals by hand.

    What nothing renews is named, the first to break first: it has no tag certkit:name, or the configuration does not
    name it. Changes nothing.

    Exit codes: 0 shown, 2 usage, 3 something could not be seen.
    """
    from certkit.cli import forecasting
    from certkit.cli.callers import Scope

    scope = Scope(tuple(profile or ()), tuple(account or ()), organization, role_name)
    wish = forecasting.Wish(lifetime, renew_when, import_quota, scope, config, output_format)
    return forecasting.show(of(context), wish)
