"""Tests of the order of places, and of how many failures are enough."""

import pytest

from certkit.errors import UsageError
from certkit.waves import Limit, Waves, parse_limit

FIRST, SECOND = "111111111111", "222222222222"


@pytest.mark.parametrize(
    ("account", "region", "wave"),
    [
        (FIRST, "eu-west-1", 1),
        (SECOND, "eu-west-1", 2),
        (FIRST, "us-east-1", 3),
        (SECOND, "us-east-1", 3),
        (None, "us-east-1", 3),
    ],
)
def test_a_place_comes_no_sooner_than_its_account_or_its_region(account: str | None, region: str, wave: int) -> None:
    waves = Waves(accounts={SECOND: 2}, regions={"us-east-1": 3})

    assert waves.number(account, region) == wave


def test_without_a_word_everything_is_in_the_first_wave() -> None:
    assert Waves().number(FIRST, "us-east-1") == 1


@pytest.mark.parametrize(
    ("text", "failures", "total", "reached"),
    [
        ("1", 0, 10, False),
        ("1", 1, 10, True),
        ("3", 2, 10, False),
        ("3", 4, 10, True),
        ("10%", 0, 10, False),
        ("10%", 1, 11, False),
        ("10%", 1, 10, True),
        ("100%", 9, 10, False),
        ("100%", 10, 10, True),
        ("1%", 0, 0, False),
    ],
)
def test_a_limit_is_reached_by_so_many_or_such_a_share(text: str, failures: int, total: int, *, reached: bool) -> None:
    assert parse_limit(text).is_reached(failures, total) is reached


@pytest.mark.parametrize("text", ["0", "0%", "101%", "-1", "1.5", "", "some", "1 %", "9999999999"])
def test_what_is_no_limit_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="is no number of failures"):
        parse_limit(text)


@pytest.mark.parametrize(("limit", "text"), [(Limit(count=3), "3"), (Limit(percent=10), "10%")])
def test_a_limit_is_called_as_it_is_written(limit: Limit, text: str) -> None:
    assert str(limit) == text
    assert parse_limit(text) == limit
