"""Which job is silent, and which certificate no job renews: by heartbeats and an inventory."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from certkit import renew
from certkit.doctor import Check, State
from certkit.manifest import JobSpec, parse
from certkit.watchdog import interval, jobs, of_certificates, of_jobs, of_metric
from tests.estate.rows import NOW, inventory, row

if TYPE_CHECKING:
    from certkit.ledger import Entry
    from certkit.manifest import CertificateSpec

DAY: Final = timedelta(days=1)
OWN: Final = JobSpec()


def beats(*hours: float, job: str | None = "renew", failed: int = 0) -> list[Entry]:
    """Heartbeats so many hours ago, of which the last ones failed."""
    good = len(hours) - failed
    return [
        renew.heartbeat(
            "r-1", "anna", NOW - timedelta(hours=each), detail="1 unchanged", is_good=number < good, job=job
        )
        for number, each in enumerate(hours)
    ]


def found(entries: list[Entry], own: JobSpec = OWN) -> list[Check]:
    return list(of_jobs(jobs(entries), own, NOW))


def test_a_job_that_ran_last_night_is_well() -> None:
    (check,) = found(beats(49, 25, 1))

    assert check == Check("job renew", State.OK, "it ran last on 2026-11-22T11:00:00Z: 1 unchanged; every 24 hours")


def test_a_job_that_has_never_run_is_told_and_so_are_runs_over_some_certificates_only() -> None:
    (check,) = found(beats(1, job=None))

    assert (check.about, check.state, check.message) == (
        "job renew",
        State.FAIL,
        "it has never run, as far as this ledger knows",
    )


@pytest.mark.parametrize(
    ("hours_ago", "every", "is_silent"),
    [(36, None, False), (37, None, True), (18, "12h", False), (19, "12h", True), (47, "7d", False), (253, "7d", True)],
)
def test_a_job_is_silent_half_an_interval_late(hours_ago: float, every: str | None, *, is_silent: bool) -> None:
    text = f'[job]\nevery = "{every}"\n' if every else ""

    (check,) = found(beats(hours_ago), parse(text, Path("certkit.toml")).job)

    assert (check.state is State.FAIL) is is_silent
    assert check.message.startswith("silent: ") is is_silent


def test_how_often_it_ran_of_late_counts_where_nobody_says_more() -> None:
    weekly = beats(21 * 24, 14 * 24, 7 * 24, 9)
    by_hand = beats(50, 26, 2.2, 2.1, 2)

    assert interval(OWN, jobs(weekly)) == timedelta(hours=168)
    assert interval(OWN, jobs(by_hand)) == DAY
    assert interval(OWN, jobs(beats(24 * 65, 1))) == timedelta(days=7)
    assert interval(JobSpec(every=timedelta(hours=6)), jobs(weekly)) == timedelta(hours=6)


def test_a_job_that_fails_says_when_it_was_good_last() -> None:
    (check,) = found(beats(49, 25, 1, failed=2))

    assert check.state is State.FAIL
    assert check.message == (
        "it ran last on 2026-11-22T11:00:00Z and failed: 1 unchanged; the last good run was on 2026-11-20T11:00:00Z"
    )


def test_other_jobs_of_the_same_ledger_are_watched_until_they_are_long_gone() -> None:
    entries = [*beats(24 * 40, job="gone"), *beats(24 * 5, job="press"), *beats(1)]

    assert [(check.about, check.state) for check in found(entries)] == [
        ("job press", State.FAIL),
        ("job renew", State.OK),
    ]


def test_cloudwatch_says_so_too() -> None:
    assert of_metric("renew", None, DAY).message == "CloudWatch has had no heartbeat for 36 hours"
    assert of_metric("renew", NOW, DAY).state is State.OK


def spec(text: str = "") -> tuple[CertificateSpec, ...]:
    return parse(f'[certificates.shop]\nsource = "shop.pem"\n{text}', Path("/etc/certkit/certkit.toml")).certificates


def checks(*rows: Any, renewed_by: dict[str, str] | None = None, text: str = "") -> list[tuple[str, State, str]]:
    taken = of_certificates(inventory(*rows), spec(text), renewed_by or {}, DAY)
    return [(check.about, check.state, check.message.partition(";")[0]) for check in taken]


def test_what_is_in_use_and_in_no_manifest_no_job_renews() -> None:
    stranger, unused, ours = row(1, in_use=True), row(2), row(3, in_use=True, name="shop")
    forgotten, amazons = row(4, name="blog"), row(5, in_use=True, kind="AMAZON_ISSUED")

    assert checks(stranger, unused, ours, forgotten, amazons) == [
        ("certificate shop.example.com", State.FAIL, "in use, and in no manifest: no job renews it"),
        ("certificate blog", State.WARN, "in no manifest, and nothing uses it"),
    ]


def test_what_another_manifests_job_wrote_it_renews() -> None:
    other = row(1, in_use=True, name="blog")

    assert checks(other, renewed_by={other.summary.arn: "renew"}) == []


@pytest.mark.parametrize(("left", "is_late"), [(60, False), (29, False), (28.4, True), (-2, True)])
def test_a_source_stands_still_where_a_certificate_stays_due(left: float, *, is_late: bool) -> None:
    found = checks(row(1, left=left, in_use=True, name="shop"))

    due = "2026-11-20T21:36:00Z" if left > 0 else "2026-10-21T12:00:00Z"
    late = [("certificate shop", State.FAIL, f"due since {due}, and nothing newer has come: its SOURCE stands still")]
    assert found == (late if is_late else [])


def test_the_manifest_says_when_it_is_due() -> None:
    assert checks(row(1, left=60, in_use=True, name="shop"), text='renew_when = "62d"\n') != []


def test_what_was_never_issued_is_not_due() -> None:
    assert checks(row(1, in_use=True, name="shop", not_before=None, not_after=None)) == []
