"""What CloudWatch is told: a handful of numbers, however many certificates there are."""

from __future__ import annotations

from dataclasses import replace

from certkit.inventory import State
from certkit.notify.metrics import Metric, metrics, of_job
from tests.estate.rows import ACCOUNT, HOME, inventory, row

PLACE = (("Account", ACCOUNT), ("Region", HOME))


def test_a_region_has_what_is_in_use_and_the_days_to_the_first_expiry() -> None:
    rows = [row(number, left=left, in_use=True) for number, left in enumerate((-1, 5.5, 20, 60))]
    unused = row(9, left=1)

    found = list(metrics(inventory(*rows, unused)))

    assert found == [
        Metric("PlacesNotSeen", 0),
        Metric("Heartbeat", 1),
        Metric("Expired", 1, PLACE),
        Metric("Expiring", 2, PLACE),
        Metric("DaysToExpiry", 5, PLACE),
    ]


def test_without_anything_in_use_there_is_no_day_to_wait_for() -> None:
    assert [one.name for one in metrics(inventory(row()))] == ["PlacesNotSeen", "Heartbeat", "Expired", "Expiring"]


def test_a_run_that_could_not_see_everything_has_no_heartbeat() -> None:
    found = list(metrics(inventory(state=State.DENIED)))

    assert found == [Metric("PlacesNotSeen", 1)]


def test_ten_thousand_certificates_are_as_many_numbers_as_one() -> None:
    many = [row(number, in_use=True) for number in range(10_000)]
    outside = replace(row(), source="a.pem", account=None, region=None)

    assert len(list(metrics(inventory(*many, outside)))) == 5


def test_a_job_leaves_two_numbers_under_its_name_however_many_certificates_there_are() -> None:
    assert list(of_job("nightly", 3)) == [
        Metric("Heartbeat", 1, (("Job", "nightly"),)),
        Metric("Failures", 3, (("Job", "nightly"),)),
    ]
