"""How long a public certificate may be valid."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit import pages
from certkit.rules.clients.public import for_public
from certkit.rules.rule import Severity, rule

_VALIDITY: Final = pages.BASELINE + "#632-certificate-operational-periods-and-key-pair-usage-periods"

_DAY: Final = dt.timedelta(days=1)
_SECOND: Final = dt.timedelta(seconds=1)

PUBLIC_LIFETIMES: Final = (
    (dt.datetime(2029, 3, 15, tzinfo=dt.UTC), 47),
    (dt.datetime(2027, 3, 15, tzinfo=dt.UTC), 100),
    (dt.datetime(2026, 3, 15, tzinfo=dt.UTC), 200),
    (dt.datetime(2020, 9, 1, tzinfo=dt.UTC), 398),
    (dt.datetime(2018, 3, 1, tzinfo=dt.UTC), 825),
)
"""From which day of issue on, and how many days: Baseline Requirements, section 6.3.2 (ballots SC-081, SC-031 and 193)."""


@rule(Severity.WARNING, source=_VALIDITY, hint="renew it for a shorter time: browsers may refuse it")
@for_public
def validity_over_public_limit(leaf: x509.Certificate) -> Iterator[str]:
    """A public certificate must not be valid for longer than its day of issue permits.

    Issued from 2026-03-15 on: 200 days; from 2027-03-15: 100; from 2029-03-15: 47; before, from 2020-09-01: 398. A day has
    86,400 seconds, both ends count, and a second more is another day. The day of issue is taken to be the first of its
    validity. Private CAs are free of it.
    """
    issued = leaf.not_valid_before_utc
    most = next((days for since, days in PUBLIC_LIFETIMES if issued >= since), None)
    days = validity_in_days(leaf)
    if most is not None and days > most and not x.is_ca(leaf):
        yield f"it is valid for {days:,} days, and one issued on {issued:%Y-%m-%d} may be for {most}"


def validity_in_days(certificate: x509.Certificate) -> int:
    """Returns the days of its validity: both ends included, a fraction counts whole (Baseline Requirements, 6.3.2)."""
    validity = certificate.not_valid_after_utc - certificate.not_valid_before_utc + _SECOND
    return -(-validity // _DAY)


RULES = (validity_over_public_limit,)
