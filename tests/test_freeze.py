"""Tests of the times in which nothing is written."""

import datetime as dt

import pytest

from certkit.errors import ConfigurationError
from certkit.freeze import Freeze, Moment, freeze_on, parse_mark, parse_zone, time_between

BERLIN = parse_zone("Europe/Berlin")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def freeze(begin: str, end: str, zone: dt.tzinfo = dt.UTC, **more: object) -> Freeze:
    return Freeze(time_between(parse_mark(begin), parse_mark(end), zone), "why", **more)  # type: ignore[arg-type]  # the test's own


CHRISTMAS = Freeze(time_between(dt.date(2026, 12, 18), dt.date(2027, 1, 3), dt.UTC), "Christmas")


@pytest.mark.parametrize(
    ("now", "held"),
    [
        ("2026-12-17T23:59:59Z", False),
        ("2026-12-18T00:00:00Z", True),
        ("2027-01-03T23:59:59Z", True),
        ("2027-01-04T00:00:00Z", False),
    ],
)
def test_a_freeze_of_days_counts_the_whole_of_the_last_one(now: str, *, held: bool) -> None:
    assert CHRISTMAS.holds(None, at(now)) is held


@pytest.mark.parametrize(
    ("now", "held"),
    [
        ("2026-11-20T14:59:00Z", False),  # Friday, an hour before 16:00 in Berlin
        ("2026-11-20T15:00:00Z", True),
        ("2026-11-22T12:00:00Z", True),
        ("2026-11-23T04:59:00Z", True),
        ("2026-11-23T05:00:00Z", False),
        ("2026-07-03T14:00:00Z", True),  # Friday, in summer an hour earlier by UTC
        ("2026-07-06T04:00:00Z", False),
    ],
)
def test_a_weekly_freeze_goes_by_the_clock_on_the_wall_and_over_the_weeks_end(now: str, *, held: bool) -> None:
    assert freeze("Fri 16:00", "Mon 06:00", BERLIN).holds(None, at(now)) is held


@pytest.mark.parametrize(("now", "held"), [("07:59", False), ("08:00", True), ("17:59", True), ("18:00", False)])
def test_a_daily_freeze_is_of_every_day(now: str, *, held: bool) -> None:
    assert freeze("08:00", "18:00").holds(None, at(f"2026-11-22T{now}:00Z")) is held


@pytest.mark.parametrize(("now", "held"), [("21:59", False), ("23:30", True), ("05:59", True), ("06:00", False)])
def test_a_daily_freeze_may_go_over_midnight(now: str, *, held: bool) -> None:
    assert freeze("22:00", "06:00").holds(None, at(f"2026-11-22T{now}:00Z")) is held


@pytest.mark.parametrize(("days", "held"), [(8, True), (7, False), (-1, False)])
def test_what_expires_soon_breaks_a_freeze_that_allows_it(days: int, *, held: bool) -> None:
    now = at("2026-12-20T00:00:00Z")
    breakable = Freeze(CHRISTMAS.time, "Christmas", break_within=dt.timedelta(days=7))

    assert breakable.holds(now + dt.timedelta(days=days), now) is held
    assert breakable.holds(None, now)
    assert CHRISTMAS.holds(now - dt.timedelta(days=1), now)


@pytest.mark.parametrize(
    ("name", "account", "held"), [("shop", "1", True), ("shop", "2", False), ("web", "1", False), ("shop", None, False)]
)
def test_a_freeze_is_for_the_names_and_accounts_that_it_names(name: str, account: str | None, *, held: bool) -> None:
    own = freeze("00:00", "23:59", match="sh*", accounts=("1",))

    assert (freeze_on([own], name, account, None, at("2026-11-22T12:00:00Z")) is own) is held


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (parse_mark("Mon 06:00"), parse_mark("Mon 06:00")),
        (parse_mark("Mon 06:00"), parse_mark("07:00")),
        (parse_mark("06:00"), dt.date(2026, 12, 1)),
        (dt.date(2026, 12, 2), dt.date(2026, 12, 1)),
        (at("2026-12-02T00:00:00Z"), at("2026-12-02T00:00:00Z")),
    ],
)
def test_two_moments_that_are_no_time_are_told(begin: Moment, end: Moment) -> None:
    with pytest.raises(ConfigurationError):
        time_between(begin, end, dt.UTC)


def test_a_time_without_a_zone_is_in_the_freezes_own() -> None:
    span = time_between(dt.datetime(2026, 12, 18, 18), dt.date(2026, 12, 18), BERLIN)  # noqa: DTZ001 -- that is the case

    assert span.covers(at("2026-12-18T17:00:00Z"))
    assert not span.covers(at("2026-12-18T16:59:59Z"))


@pytest.mark.parametrize("name", ["Berlin", "", "../etc", "/etc/localtime", "Europe", "Europe/Berlin\0"])
def test_what_is_no_time_zone_is_told(name: str) -> None:
    with pytest.raises(ConfigurationError, match="is no time zone that this machine knows"):
        parse_zone(name)


@pytest.mark.parametrize("text", ["Friday 16:00", "24:00", "9:00", "Fri", "2026-12-18", "Fri  16:00"])
def test_what_is_no_mark_is_told(text: str) -> None:
    with pytest.raises(ConfigurationError, match="is no time"):
        parse_mark(text)


@pytest.mark.parametrize(
    ("own", "text"),
    [
        (CHRISTMAS, "frozen until 2027-01-04T00:00:00Z: Christmas"),
        (freeze("Fri 16:00", "Mon 06:00", BERLIN), "frozen until Mon 06:00 Europe/Berlin: why"),
        (freeze("22:00", "06:00"), "frozen until 06:00 UTC: why"),
    ],
)
def test_a_freeze_says_until_when_and_why(own: Freeze, text: str) -> None:
    assert str(own) == text
