"""What CloudWatch is told: a handful of numbers for each account and region, and that there was a run.

Never one for each certificate: a custom metric costs 0.30 USD a month (https://aws.amazon.com/cloudwatch/pricing/).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from certkit import expiry
from certkit.expiry import Urgency
from certkit.inventory import Inventory, Listed, State

NAMESPACE: Final = "certkit"
HEARTBEAT: Final = "Heartbeat"
"""There once for each run of a job, and without dimensions for each `status --notify` that saw everything.

The only metric whose alarm treats missing data as breaching.
"""

FAILURES: Final = "Failures"
UNSEEN: Final = "PlacesNotSeen"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number.

    Attributes:
        dimensions: names and values; none for what is about the whole run.
    """

    name: str
    value: float
    dimensions: tuple[tuple[str, str], ...] = ()


def metrics(inventory: Inventory) -> Iterator[Metric]:
    """Yields how many are in use and expiring or expired, and the days to the first expiry, where certificates are.

    `DaysToExpiry` is of what is in use and has not expired; there is none where nothing is. What has expired is in
    `Expired`, until nothing uses it.
    """
    unseen = sum(one.state is not State.SEEN for one in inventory.coverage)
    yield Metric(UNSEEN, unseen)
    if not unseen:
        yield Metric(HEARTBEAT, 1)
    places: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    for one in inventory.certificates:
        if one.account and one.region:
            places[one.account, one.region].append(one)
    for (account, region), held in sorted(places.items()):
        dimensions = (("Account", account), ("Region", region))
        yield from _of_region(inventory, held, dimensions)


def of_job(job: str, failures: int) -> Iterator[Metric]:
    """Yields that a job has run, and how many certificates failed in how many places."""
    yield Metric(HEARTBEAT, 1, (("Job", job),))
    yield Metric(FAILURES, failures, (("Job", job),))


def _of_region(inventory: Inventory, held: list[Listed], dimensions: tuple[tuple[str, str], ...]) -> Iterator[Metric]:
    used = [
        (ends, expiry.urgency(starts, ends, inventory.at))
        for one in held
        if one.summary.in_use and (starts := one.summary.not_before) and (ends := one.summary.not_after)
    ]
    expired = sum(urgency is Urgency.EXPIRED for _, urgency in used)
    expiring = sum(urgency in {Urgency.EXPIRING, Urgency.CRITICAL} for _, urgency in used)
    yield Metric("Expired", expired, dimensions)
    yield Metric("Expiring", expiring, dimensions)
    alive = [ends for ends, urgency in used if urgency is not Urgency.EXPIRED]
    if alive:
        yield Metric("DaysToExpiry", expiry.days_left(min(alive), inventory.at), dimensions)
