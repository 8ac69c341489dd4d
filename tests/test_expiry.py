"""Lifetimes: how much of one is left, and when that is too little."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit.errors import UsageError
from certkit.expiry import (
    DEFAULT,
    Threshold,
    Urgency,
    days_left,
    parse_checkend,
    parse_expires_in,
    parse_threshold,
    share_left,
    urgency,
)

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (10 * DAY, 10),
        (10 * DAY - SECOND, 9),
        (DAY, 1),
        (DAY - SECOND, 0),
        (SECOND, 0),
        (dt.timedelta(0), 0),
        (-SECOND, -1),
        (-DAY, -1),
        (-DAY - SECOND, -2),
    ],
)
def test_days_left_are_rounded_down(left: dt.timedelta, expected: int) -> None:
    assert days_left(START + left, START) == expected


@pytest.mark.parametrize(
    ("passed", "expected"),
    [(-DAY, 1.0), (0 * DAY, 1.0), (25 * DAY, 0.75), (100 * DAY, 0.0), (101 * DAY, 0.0)],
)
def test_the_share_left_is_between_none_and_all(passed: dt.timedelta, expected: float) -> None:
    assert share_left(START, START + 100 * DAY, START + passed) == expected


def test_nothing_is_left_of_no_lifetime() -> None:
    assert share_left(START, START, START) == 0.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", Threshold(left=30 * DAY)),
        ("1.5d", Threshold(left=36 * HOUR)),
        ("12h", Threshold(left=12 * HOUR)),
        ("2w", Threshold(left=14 * DAY)),
        ("90m", Threshold(left=1.5 * HOUR)),
        ("45s", Threshold(left=45 * SECOND)),
        ("0d", Threshold(left=0 * DAY)),
        ("50%", Threshold(share=0.5)),
        ("0%", Threshold(share=0.0)),
        ("100%", Threshold(share=1.0)),
        (" 30d ", Threshold(left=30 * DAY)),
    ],
)
def test_a_threshold_is_read_as_time_or_as_share(text: str, expected: Threshold) -> None:
    assert parse_threshold(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("30", "'30' is no threshold"),
        ("", "'' is no threshold"),
        ("-1d", "'-1d' is no threshold"),
        ("30 d", "'30 d' is no threshold"),
        ("d", "'d' is no threshold"),
        ("1y", "'1y' is no threshold"),
        ("101%", "'101%' is more than a whole lifetime"),
        ("99999999999999999999d", "'99999999999999999999d' is longer than any time"),
        (f"{'9' * 400}w", f"'{'9' * 400}w' is longer than any time"),
    ],
)
def test_what_is_no_threshold_is_a_usage_error(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_threshold(text)

    assert caught.value.message == message


@pytest.mark.parametrize(
    ("threshold", "lifetime", "left"),
    [
        (parse_threshold("30d"), 90 * DAY, 30 * DAY),
        (parse_threshold("30d"), 6 * DAY, 30 * DAY),
        (parse_threshold("10%"), 90 * DAY, 9 * DAY),
        (parse_threshold("0%"), 90 * DAY, 0 * DAY),
        (DEFAULT, 90 * DAY, 30 * DAY),
        (DEFAULT, 47 * DAY, 47 * DAY / 3),
        (DEFAULT, 12 * DAY, 4 * DAY),
        (DEFAULT, 6 * DAY, 3 * DAY),
    ],
)
def test_a_threshold_is_reached_from_that_second_on(
    threshold: Threshold, lifetime: dt.timedelta, left: dt.timedelta
) -> None:
    end = START + lifetime

    reached = [threshold.is_reached(START, end, end - each) for each in (left + SECOND, left, left - SECOND, -DAY)]

    assert reached == [False, True, True, True]


def test_ten_days_are_no_short_lifetime() -> None:
    end = START + 10 * DAY

    assert not DEFAULT.is_reached(START, end, end - 4 * DAY)
    assert DEFAULT.is_reached(START, end - SECOND, end - 5 * DAY)


@given(lifetime=st.timedeltas(min_value=SECOND, max_value=9999 * DAY), share=st.integers(0, 100))
def test_an_expired_certificate_has_reached_every_threshold(lifetime: dt.timedelta, share: int) -> None:
    end = START + lifetime

    assert parse_threshold(f"{share}%").is_reached(START, end, end)
    assert DEFAULT.is_reached(START, end, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("720h", Threshold(left=30 * DAY)),
        ("1h30m", Threshold(left=1.5 * HOUR)),
        ("1.5h", Threshold(left=1.5 * HOUR)),
        (".5h", Threshold(left=0.5 * HOUR)),
        ("1m0.5s", Threshold(left=60.5 * SECOND)),
        ("300ms", Threshold(left=0.3 * SECOND)),
        ("30d", Threshold(left=30 * DAY)),
        ("75%", Threshold(share=0.25)),
        ("0%", Threshold(share=1.0)),
        ("100%", Threshold(share=0.0)),
    ],
)
def test_the_share_that_step_takes_is_the_share_used(text: str, expected: Threshold) -> None:
    assert parse_expires_in(text) == expected


@pytest.mark.parametrize("text", ["", "h", "1", "1 h", "-1h", "1h30", "x1h", "101%", f"{'9' * 400}h"])
def test_what_step_does_not_take_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError):
        parse_expires_in(text)


def test_openssl_counts_in_seconds() -> None:
    end = START + 90 * DAY

    assert parse_checkend(86_400) == Threshold(left=DAY)
    assert [parse_checkend(0).is_reached(START, end, end + moment) for moment in (-SECOND, 0 * SECOND, SECOND)] == [
        False,
        True,
        True,
    ]
    with pytest.raises(UsageError, match="longer than any time"):
        parse_checkend(10**20)


@pytest.mark.parametrize(
    ("lifetime", "left", "expected"),
    [
        (90, 31, Urgency.GOOD),
        (90, 30, Urgency.EXPIRING),
        (90, 10.1, Urgency.EXPIRING),
        (90, 10, Urgency.CRITICAL),
        (90, 0, Urgency.CRITICAL),
        (90, -0.1, Urgency.EXPIRED),
        (6, 4, Urgency.GOOD),
        (6, 3, Urgency.EXPIRING),
        (6, 1, Urgency.CRITICAL),
        (398, 133, Urgency.GOOD),
    ],
)
def test_how_urgent_it_is_depends_on_the_lifetime(lifetime: float, left: float, expected: Urgency) -> None:
    end = START + lifetime * DAY

    assert urgency(START, end, end - left * DAY) is expected
