"""Tests of waivers."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

import pytest

from certkit.errors import ConfigurationError
from certkit.rules import Finding, Severity
from certkit.waiver import Waived, Waiver, Weighed, apply, waivers_of

EXPIRED: Final = Finding("certificate-expired", Severity.ERROR, "leaf", "it expired", "renew it", "https://example.com")
WEAK: Final = Finding("weak-key", Severity.WARNING, "leaf", "its key is weak", None, "https://example.com")
WAIVER: Final = Waiver("certificate-expired", "shop", "moved next week", date(2026, 11, 30))
TABLE: Final = {"rule": "weak-key", "match": "shop", "reason": "internal CA", "until": date(2027, 1, 31)}
NAMES: Final = ("certs/shop.pem", "shop.pem", "shop")


def at(day: int, hour: int = 12) -> datetime:
    """A time in November 2026."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_a_waived_finding_does_not_count_and_is_kept_with_its_waiver() -> None:
    weighed = apply([WAIVER], [EXPIRED, WEAK], NAMES, at(22))

    assert weighed == Weighed((WEAK,), (Waived(EXPIRED, WAIVER),), frozenset({WAIVER}), frozenset())


@pytest.mark.parametrize(
    ("now", "is_waived"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 1, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 1, tzinfo=timezone(timedelta(hours=2))), True),
        (datetime(2026, 11, 30, 22, tzinfo=timezone(timedelta(hours=-3))), False),
    ],
)
def test_a_waiver_holds_to_the_end_of_its_last_day_in_utc(now: datetime, is_waived: bool) -> None:
    weighed = apply([WAIVER], [EXPIRED], NAMES, now)

    assert bool(weighed.waived) == is_waived


def test_a_finding_whose_waiver_has_ended_counts_again_and_says_so() -> None:
    weighed = apply([WAIVER], [EXPIRED], NAMES, datetime(2026, 12, 1, tzinfo=UTC))

    (finding,) = weighed.findings
    assert finding.message == "it expired; its waiver ended on 2026-11-30 (moved next week)"
    assert (weighed.used, weighed.unused) == (frozenset({WAIVER}), frozenset[Waiver]())


def test_of_two_waivers_the_longer_one_counts() -> None:
    longer = Waiver("certificate-expired", "*", "everything is moved", date(2027, 1, 1))

    weighed = apply([longer, WAIVER], [EXPIRED], NAMES, datetime(2026, 12, 24, tzinfo=UTC))

    assert weighed.waived == (Waived(EXPIRED, longer),)


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ("shop", True),
        ("shop.pem", True),
        ("certs/shop.pem", True),
        ("certs/*", True),
        ("*.pem", True),
        ("sho?", True),
        ("[r-t]hop", True),
        ("Shop", False),
        ("hop", False),
        ("certs", False),
        ("/certs/shop.pem", False),
    ],
)
def test_a_waiver_is_for_what_its_pattern_fits_as_a_whole(match: str, fits: bool) -> None:
    assert Waiver("weak-key", match, "x", date(2027, 1, 1)).fits(NAMES) == fits


def test_a_waiver_for_this_bundle_without_a_finding_is_unused() -> None:
    other = Waiver("weak-key", "blog", "x", date(2027, 1, 1))

    weighed = apply([WAIVER, other], [WEAK], NAMES, at(22))

    assert weighed == Weighed((WEAK,), (), frozenset(), frozenset({WAIVER}))


def test_waivers_are_read_from_tables() -> None:
    assert waivers_of([TABLE]) == (Waiver("weak-key", "shop", "internal CA", date(2027, 1, 31)),)


@pytest.mark.parametrize(
    ("changes", "message", "hint"),
    [
        ({"mach": "x"}, "there is no key 'mach'", "did you mean match?"),
        ({"zzz": 1}, "there is no key 'zzz'", "a waiver has rule, match, reason and until"),
        ({"reason": None}, "reason is missing", "a waiver has rule, match, reason and until"),
        ({"reason": "  "}, "reason: it is no text, or an empty one", None),
        ({"match": 5}, "match: it is no text, or an empty one", None),
        ({"rule": "weak-keys"}, "rule: there is no rule 'weak-keys'", "did you mean weak-key?"),
        ({"rule": "?"}, "rule: there is no rule '?'", "certkit rules lists all rules"),
        ({"until": "2027-01-31"}, "until: it is no day", "write it as 2027-01-31, without quotes"),
        (
            {"until": datetime(2027, 1, 31, tzinfo=UTC)},
            "until: it is no day",
            "write it as 2027-01-31, without quotes",
        ),
    ],
)
def test_what_is_no_waiver_is_told_by_table_and_key(changes: dict[str, Any], message: str, hint: str | None) -> None:
    table = {key: value for key, value in {**TABLE, **changes}.items() if value is not None}

    with pytest.raises(ConfigurationError) as raised:
        waivers_of([TABLE, table])

    assert (raised.value.message, raised.value.hint) == (f"waiver 2: {message}", hint)
