"""Lifetimes of certificates to come."""

from datetime import timedelta

import pytest

from certkit.errors import UsageError
from certkit.lifetimes import parse_lifetimes

DAY = timedelta(days=1)


def test_lifetimes_are_read_each_once() -> None:
    assert parse_lifetimes("47d, 100d,47d,2w") == (47 * DAY, 100 * DAY, 14 * DAY)


@pytest.mark.parametrize("text", ["", "47", "33%", "0d", "47d,", "47d,soon", "-1d", "9999999999d"])
def test_what_is_no_lifetime_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no lifetime"):
        parse_lifetimes(text)


def test_more_lifetimes_than_can_be_compared_are_refused() -> None:
    with pytest.raises(UsageError, match="21 lifetimes are too many"):
        parse_lifetimes(",".join(f"{days}d" for days in range(10, 31)))
