"""The wiring of `forecast`: the inventory of an estate, and what shorter lifetimes would ask of it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from certkit import expiry, forecast, lifetimes
from certkit.cli import callers, configuration
from certkit.cli.callers import Scope
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import CertkitError
from certkit.inventory import Listed, problems
from certkit.manifest import Manifest
from certkit.report import forecast as report


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        lifetimes: as they were typed, None for what public CAs may issue.
        renew_when: as it was typed, None for the default.
        quota: the imports a year that a region of an account may have.
        scope: as whom to look, and where.
    """

    lifetimes: str | None
    renew_when: str | None
    quota: int
    scope: Scope
    config: str | None
    output_format: OutputFormat


def show(session: Session, wish: Wish) -> int:
    """Shows the forecast and returns the exit code.

    Raises:
        UsageError, ConfigurationError: the options or the configuration cannot be used.
        AwsError: AWS cannot be reached at all.
    """
    now = session.clock()
    wanted = _lifetimes(wish, now)
    renewed_at = expiry.parse_threshold(wish.renew_when) if wish.renew_when is not None else expiry.DEFAULT
    lifetimes.check(wanted, renewed_at)
    found = configuration.find(wish.config)
    inventory, _ = callers.survey(session, wish.scope, found)
    seen = forecast.foresee(inventory, wanted, renewed_at, _renewed(found))
    if wish.output_format is OutputFormat.JSON:
        session.show_document(report.document(seen, inventory, wish.quota))
    else:
        session.show(report.text(seen, inventory, wish.quota))
    for problem in problems(inventory):
        session.warn(problem)
    return 0 if inventory.is_complete else CertkitError.exit_code


def _lifetimes(wish: Wish, now: dt.datetime) -> tuple[dt.timedelta, ...]:
    given = wish.lifetimes
    return lifetimes.public_lifetimes(now) if given is None else lifetimes.parse_lifetimes(given)


def _renewed(found: Manifest | None) -> Callable[[Listed], bool] | None:
    """Returns whether a certificate is in the manifest; None where there is none, or it names no certificate."""
    names = {spec.name for spec in found.certificates} if found else set()
    return (lambda listed: listed.name in names) if names else None
