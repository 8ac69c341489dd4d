"""What will break, and when: expiry, and who is to prevent it."""

import datetime as dt
from collections.abc import Iterator

from certkit import expiry
from certkit.estate.finding import Estate, Found, Weight, kind
from certkit.expiry import Urgency
from certkit.inventory import Listed
from certkit.record import IMPORTED


@kind(Weight.ERROR, hint="renew it and import it under the same ARN: certkit import SOURCE --certificate-arn ARN")
def in_use_expired(estate: Estate) -> Iterator[Found]:
    """It has expired, and something uses it: clients are being turned away, or look away.

    ACM sends no event when an imported certificate expires, and its metric ends with it.
    """
    for one, not_after, urgency in _used(estate):
        if urgency is Urgency.EXPIRED:
            yield Found((one,), f"it expired on {not_after:%Y-%m-%d}, and is in use")


@kind(Weight.WARNING, hint="renew it and import it under the same ARN: certkit import SOURCE --certificate-arn ARN")
def in_use_expiring(estate: Estate) -> Iterator[Found]:
    """It is in use, and has a third of its lifetime left, half of it where that is under ten days.

    For a certificate that ACM itself renews that is no news; it is left out until the last third of that time.
    """
    for one, not_after, urgency in _used(estate):
        is_due = urgency is Urgency.CRITICAL or (urgency is Urgency.EXPIRING and one.summary.kind == IMPORTED)
        if is_due:
            days = expiry.days_left(not_after, estate.now)
            yield Found((one,), f"it is in use, and expires in {days} day{'s' * (days != 1)}, on {not_after:%Y-%m-%d}")


@kind(Weight.WARNING, hint="take it into the manifest: certkit adopt ARN --name NAME, then [certificates.NAME]")
def in_use_not_renewed(estate: Estate) -> Iterator[Found]:
    """It is in use, and nothing renews it: ACM does not renew what was imported, and certkit does not know it.

    Without a manifest everything that carries the tag `certkit:name` counts as known, with one what the manifest names.
    """
    for one in estate.imported:
        if not one.summary.in_use:
            continue
        if one.name is None:
            yield Found((one,), "it is in use, and nothing renews it: it has no certkit:name")
        elif estate.services is not None and one.name not in estate.services:
            yield Found((one,), f"it is in use, and nothing renews it: the manifest names no {one.name!r}")


@kind(Weight.WARNING, hint="get the chain from the CA again, and import it with it: certkit split SOURCE --complete")
def chain_expires_first(estate: Estate) -> Iterator[Found]:
    """A certificate of its chain expires before the certificate itself is due for renewal, which would mend it.

    From then on clients that know no other path to a root turn it away. It is due with a third of its lifetime left, or
    half of it where that is under ten days.
    """
    for one in estate.imported:
        closeup, starts, ends = estate.closeups.get(one.summary.arn), one.summary.not_before, one.summary.not_after
        chain_ends = closeup.chain_not_after if closeup else None
        if not chain_ends or not starts or not ends or ends <= estate.now:
            continue
        due = ends - expiry.DEFAULT.margin(ends - starts)
        if chain_ends < max(due, estate.now):
            word = "expired" if chain_ends < estate.now else "expires"
            yield Found((one,), f"its chain {word} on {chain_ends:%Y-%m-%d}, it only on {ends:%Y-%m-%d}")


def _used(estate: Estate) -> Iterator[tuple[Listed, dt.datetime, Urgency]]:
    """Yields what is in use, with its end."""
    for one in estate.inventory.certificates:
        starts, ends = one.summary.not_before, one.summary.not_after
        if one.summary.in_use and starts and ends:
            yield one, ends, expiry.urgency(starts, ends, estate.now)
