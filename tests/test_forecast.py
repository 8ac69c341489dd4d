"""What an estate takes under shorter lifetimes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from certkit.errors import UsageError
from certkit.expiry import Threshold
from certkit.forecast import Need, foresee
from certkit.lifetimes import public_lifetimes
from tests.estates import ACCOUNT, HOME, NOW, inventory, listed

DAY = timedelta(days=1)
OTHER = "222222222222"


def test_a_shorter_lifetime_is_more_imports() -> None:
    estate = inventory(listed(number=number, life=398) for number in range(100))

    forecast = foresee(estate, [200 * DAY, 100 * DAY, 47 * DAY])

    # 365 days over two thirds of the lifetime, a hundred times, rounded up.
    assert [outlook.imports_a_year for outlook in forecast.outlooks] == [138, 274, 548, 1165]


def test_half_of_a_short_lifetime_is_left_at_its_renewal() -> None:
    forecast = foresee(inventory([listed()]), [6 * DAY])

    assert forecast.outlooks[1].renewed_every == 3 * DAY
    assert forecast.outlooks[1].imports_a_year == 122


def test_what_lives_shorter_by_itself_goes_on_doing_so() -> None:
    forecast = foresee(inventory([listed(life=90, left=60)]), [200 * DAY, 47 * DAY])

    assert [outlook.imports_a_year for outlook in forecast.outlooks] == [7, 7, 12]


def test_the_alarms_begin_two_days_after_the_issue_once_certificates_live_47_days() -> None:
    forecast = foresee(inventory([listed()]), [200 * DAY, 100 * DAY, 47 * DAY, 30 * DAY])

    assert [outlook.first_event for outlook in forecast.outlooks] == [None, None, 55 * DAY, 2 * DAY, 0 * DAY]


def test_events_are_counted_between_the_window_and_the_renewal() -> None:
    estate = inventory(listed(number=number) for number in range(10))

    forecast = foresee(estate, [100 * DAY, 47 * DAY, 30 * DAY])

    # Of 47 days 31 1/3 pass to the renewal, on 29 1/3 of which no more than 45 are left; of 100 days 66 2/3, and 11 2/3.
    assert [round(outlook.events_a_day, 3) for outlook in forecast.outlooks] == [0.0, 1.75, 9.362, 10.0]


def test_each_account_and_region_has_needs_of_its_own_and_the_busiest_is_first() -> None:
    estate = inventory([*(listed(number=number) for number in range(3)), listed(account=OTHER, region="eu-west-1")])

    forecast = foresee(estate, [200 * DAY])

    assert forecast.outlooks[1].needs == (
        Need(ACCOUNT, HOME, held=3, imports_a_year=9, events_a_day=0.0),
        Need(OTHER, "eu-west-1", held=1, imports_a_year=3, events_a_day=0.0),
    )
    assert forecast.outlooks[1].imports_a_year == 12


def test_what_expired_and_serves_nothing_is_held_but_not_renewed() -> None:
    forgotten, in_use = (listed(left=-1, in_use=used, number=used) for used in (False, True))

    forecast = foresee(inventory([forgotten, in_use]), [])

    assert (forecast.certificates, forecast.forgotten) == (1, 1)
    assert [(need.held, need.imports_a_year) for need in forecast.outlooks[0].needs] == [(2, 3)]


def test_what_acm_renews_and_what_is_not_in_acm_is_left_out() -> None:
    by_acm = listed(kind="AMAZON_ISSUED")
    file = replace(listed(arn="", number=1), account=None, region=None, source="shop.pem")
    never_issued = listed(not_after=None, not_before=None, kind="AMAZON_ISSUED", number=2)

    forecast = foresee(inventory([by_acm, file, never_issued]), [47 * DAY])

    assert (forecast.certificates, forecast.by_acm) == (0, 1)
    assert [outlook.needs for outlook in forecast.outlooks] == [(), ()]


def test_what_nothing_renews_is_named_the_first_to_break_first() -> None:
    estate = inventory(
        listed(left=left, name=name, number=left) for left, name in ((50, None), (10, None), (5, "shop"))
    )

    forecast = foresee(estate, [47 * DAY])

    assert [one.listed.summary.not_after for one in forecast.manual] == [NOW + 10 * DAY, NOW + 50 * DAY]
    assert [outlook.by_hand_a_year for outlook in forecast.outlooks] == [6, 24]


def test_a_manifest_may_say_what_is_renewed() -> None:
    estate = inventory([listed(name="shop"), listed(name="gone")])

    forecast = foresee(estate, [], is_renewed=lambda one: one.name == "shop")

    assert [one.listed.name for one in forecast.manual] == ["gone"]


@pytest.mark.parametrize(
    ("life", "left", "gap"),
    [
        (398, 30, datetime(2027, 7, 10, 12, tzinfo=UTC)),  # the successor has 200 days, and the reminder comes yearly
        (200, 30, datetime(2027, 10, 18, 12, tzinfo=UTC)),  # renewed on 2026-12-22 for 200 days, in July for 100
        (398, 200, datetime(2027, 9, 18, 12, tzinfo=UTC)),
        (90, 30, datetime(2029, 7, 26, 12, tzinfo=UTC)),  # the ninth renewal is four days before 47 days are the limit
        (47, 30, None),
        (398, -2, datetime(2026, 11, 20, 12, tzinfo=UTC)),
    ],
)
def test_todays_rhythm_leaves_a_gap_once_cas_issue_for_less(life: int, left: int, gap: datetime | None) -> None:
    forecast = foresee(inventory([listed(life=life, left=left, name=None)]), [])

    assert forecast.manual[0].gap == gap


def test_a_certificate_for_all_time_overflows_nothing() -> None:
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    forever = listed(name=None, not_before=datetime(1, 1, 1, tzinfo=UTC), not_after=end)

    forecast = foresee(inventory([forever]), [47 * DAY])

    assert (forecast.manual[0].gap, forecast.outlooks[0].imports_a_year) == (None, 1)


def test_a_certificate_of_no_lifetime_is_none() -> None:
    instant = listed(not_before=NOW, not_after=NOW)

    forecast = foresee(inventory([instant]), [])

    assert forecast.outlooks[0].imports_a_year == 730


def test_what_lives_shorter_than_the_time_before_its_renewal_is_renewed_at_half() -> None:
    forecast = foresee(inventory([listed(life=6, left=3)]), [47 * DAY], Threshold(left=30 * DAY))

    assert [outlook.imports_a_year for outlook in forecast.outlooks] == [122, 122]


def test_a_lifetime_that_is_due_at_its_issue_is_refused() -> None:
    with pytest.raises(UsageError, match="with 20 days a certificate would be due as soon as it is issued"):
        foresee(inventory([]), [20 * DAY], Threshold(left=30 * DAY))


def test_what_public_cas_may_issue_is_known_with_its_days() -> None:
    forecast = foresee(inventory([]), public_lifetimes(NOW))

    assert [(outlook.lifetime, outlook.since) for outlook in forecast.outlooks] == [
        (None, None),
        (200 * DAY, date(2026, 3, 15)),
        (100 * DAY, date(2027, 3, 15)),
        (47 * DAY, date(2029, 3, 15)),
    ]
    assert public_lifetimes(datetime(2030, 1, 1, tzinfo=UTC)) == (47 * DAY,)
