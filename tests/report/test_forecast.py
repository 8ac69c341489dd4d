"""What `certkit forecast` shows, line by line."""

from datetime import timedelta

from certkit.forecast import foresee
from certkit.inventory import Coverage, Inventory, State
from certkit.lifetimes import public_lifetimes
from certkit.report import forecast as report
from certkit.report import outlook
from certkit.report.machine import json_text
from tests import documents
from tests.cli.bundles import HOSTILE_NAME
from tests.estates import ACCOUNT, HOME, NOW, inventory, listed

OTHER = "222222222222"
QUOTA = 5_000
DAY = timedelta(days=1)


def estate() -> Inventory:
    """A busy region, one with a certificate that nothing renews, and one that was not seen."""
    certificates = [listed(f"{number}.example.com", number=number, left=120) for number in range(400)]
    certificates.append(listed("pay.example.com", left=20, life=398, region="eu-west-1", name=None, owner="payments"))
    certificates.append(listed("old.example.com", left=-9, in_use=False, region="eu-west-1"))
    certificates.append(listed("own.example.com", kind="AMAZON_ISSUED"))
    coverage = [
        Coverage(ACCOUNT, "eu-central-1", State.DENIED, "denied"),
        Coverage(ACCOUNT, "eu-west-1", State.SEEN),
        Coverage(ACCOUNT, HOME, State.SEEN),
    ]
    return inventory(certificates, coverage)


def test_a_person_reads_lifetimes_then_quotas_then_what_breaks_first() -> None:
    seen = estate()

    text = report.text(foresee(seen, public_lifetimes(NOW)), seen, QUOTA)

    arn = foresee(seen, []).manual[0].listed.summary.arn
    assert (
        text
        == f"""\
401 certificates to renew in 2 regions; 1 region not seen
not counted: 1 renewed by ACM, 1 expired and unused

LIFETIME  FROM        RENEWED EVERY  IMPORTS A YEAR  BY HAND  BUSIEST REGION  EVENTS A DAY  FIRST ON
as now    -           -              1,097           2        1,095 (21 %)    0.0           -
200d      2026-03-15  133.3d         1,098           3        1,095 (21 %)    0.0           -
100d      2027-03-15  66.7d          2,196           6        2,190 (43 %)    70.2          day 55
47d       2029-03-15  31.3d          4,672           12       4,660 (93 %)    375.4         day 2

47d: 4,660 imports a year in us-east-1 of {ACCOUNT}, the quota is 5,000

1 certificate that nothing renews, the first to break first
DAYS  EXPIRES     GAP         USED  OWNER     DOMAIN           REGION     ARN
20    2026-12-12  2027-06-30  yes   payments  pay.example.com  eu-west-1  {arn}"""
    )


def test_the_document_holds_the_same_and_keeps_to_its_schema() -> None:
    seen = estate()

    document = documents.read(json_text(report.document(foresee(seen, [47 * DAY]), seen, QUOTA)))

    assert (document["certificates"], document["renewed_by_acm"], document["forgotten"]) == (401, 1, 1)
    assert [one["state"] for one in document["coverage"]] == ["denied", "seen", "seen"]
    assert document["lifetimes"][1] == {
        "lifetime_seconds": 4_060_800,
        "since": "2029-03-15",
        "renewed_every_seconds": 2_707_200,
        "first_event_seconds": 172_800,
        "imports_a_year": 4_672,
        "by_hand_a_year": 12,
        "events_a_day": 375.4,
        "regions": [
            {
                "account": ACCOUNT,
                "region": region,
                "held": held,
                "held_quota": 2_500,
                "imports_a_year": imports,
                "imports_quota": QUOTA,
                "events_a_day": events,
            }
            for region, held, imports, events in ((HOME, 400, 4_660, 374.5), ("eu-west-1", 2, 12, 0.9))
        ],
    }


def test_the_document_names_what_is_renewed_by_hand() -> None:
    seen = estate()

    document = documents.read(json_text(report.document(foresee(seen, [47 * DAY]), seen, QUOTA)))

    (manual,) = document["manual"]
    assert manual == {
        "arn": manual["arn"],
        "account": ACCOUNT,
        "region": "eu-west-1",
        "name": None,
        "owner": "payments",
        "domain": "pay.example.com",
        "not_after": "2026-12-12T12:00:00Z",
        "days_left": 20,
        "in_use": True,
        "gap": "2027-06-30T12:00:00Z",
    }


def test_what_nothing_threatens_has_no_line() -> None:
    seen = inventory([listed()])

    text = report.text(foresee(seen, [200 * DAY]), seen, QUOTA)

    assert text.endswith("-\n\nnothing is renewed by hand")
    assert "quota" not in text


def test_a_region_that_is_nearly_full_is_named_once() -> None:
    seen = inventory(listed(number=number, life=3_650, left=3_000) for number in range(2_000))

    lines = report.text(foresee(seen, [3_650 * DAY]), seen, QUOTA).splitlines()

    assert [line for line in lines if "holds" in line] == [
        f"us-east-1 of {ACCOUNT} holds 2,000 imported certificates, the quota is 2,500"
    ]


def test_ten_regions_are_named_and_the_others_counted() -> None:
    seen = inventory(listed(region=f"eu-west-{number}") for number in range(1, 13))

    lines = report.text(foresee(seen, [47 * DAY]), seen, quota=1).splitlines()

    assert len([line for line in lines if line.startswith("47d: 12 imports a year in ")]) == 10
    assert "47d: 2 regions more: --format json lists them" in lines
    assert any("12 (1200 %)!" in line for line in lines)


def test_hostile_names_are_shown_escaped() -> None:
    seen = inventory([listed(HOSTILE_NAME, name=None, owner=HOSTILE_NAME)])

    text = report.text(foresee(seen, []), seen, QUOTA)

    assert all(line.isprintable() for line in text.splitlines())
    assert HOSTILE_NAME not in text


def test_a_quota_that_is_used_up_to_the_last_is_not_burst() -> None:
    seen = inventory([listed()])

    rows = [next(outlook.rows(foresee(seen, []), quota)) for quota in (3, 2)]

    assert [row[5] for row in rows] == ["3 (100 %)", "3 (150 %)!"]
