"""What changed between two statuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from certkit.changes import Change, Kind, between, place, read
from certkit.errors import InputUnreadableError
from certkit.expiry import DEFAULT
from certkit.inventory import Coverage, Listed, State
from certkit.report.status import Status, document
from tests.aws.scene import ACCOUNT, HOME
from tests.listing import inventory, listed


def status(*certificates: Listed, coverage: tuple[Coverage, ...] = ()) -> dict[str, Any]:
    """The document of these certificates, as a file has it."""
    seen = coverage or (Coverage(ACCOUNT, HOME, State.SEEN), Coverage(None, None, State.SEEN, source="a.pem"))
    text = json.dumps(document(Status(inventory(*certificates, coverage=seen), DEFAULT)))
    return dict(read(text))


def kinds(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Kind, str]]:
    return [(one.kind, place(one.row)) for one in between(before, after).changes]


def test_nothing_changes_where_time_alone_passes() -> None:
    before, after = status(listed(lived=60, left=30)), status(listed(lived=60, left=30))
    after["certificates"][0] |= {"days_left": 3, "life_left_percent": 3, "expiring": True}

    changes = between(before, after)

    assert (changes.changes, changes.since, changes.left_out) == ((), "2026-11-22T12:00:00Z", 0)


def test_new_and_gone_are_told_by_arn() -> None:
    first, second = listed(number=1), listed(number=2)

    assert kinds(status(first), status(second)) == [(Kind.NEW, second.place), (Kind.GONE, first.place)]


def test_another_end_is_a_renewal() -> None:
    before, after = status(listed(left=5)), status(listed(left=90))

    (change,) = between(before, after).changes

    assert change == Change(Kind.RENEWED, after["certificates"][0], {"not_after": "2026-11-27T12:00:00Z"})


@pytest.mark.parametrize(
    ("more", "before"),
    [
        ({"in_use": True}, {"in_use": False}),
        ({"name": "shop"}, {"name": None}),
        ({"status": "EXPIRED"}, {"status": "ISSUED"}),
        ({"key_algorithm": "RSA_2048"}, {"key_algorithm": "EC_prime256v1"}),
        ({"domain": None}, {"domain": "shop.example.com"}),
    ],
)
def test_what_else_is_different_is_told_with_what_it_was(more: dict[str, Any], before: dict[str, Any]) -> None:
    (change,) = between(status(listed()), status(listed(**more))).changes

    assert (change.kind, change.before) == (Kind.CHANGED, before)


def test_a_file_that_was_replaced_is_a_renewal() -> None:
    assert kinds(status(listed(source="a.pem", left=1)), status(listed(source="a.pem", left=90))) == [
        (Kind.RENEWED, "a.pem shop.example.com")
    ]


@pytest.mark.parametrize("state", [State.DENIED, State.FAILED])
def test_what_was_not_seen_this_time_is_not_gone(state: State) -> None:
    hidden = (Coverage(ACCOUNT, HOME, state),)

    changes = between(status(listed()), status(coverage=hidden))

    assert (changes.changes, changes.left_out) == ((), 2)


def test_what_was_not_seen_before_is_not_new() -> None:
    changes = between(status(coverage=(Coverage(ACCOUNT, HOME, State.DENIED),)), status(listed()))

    assert changes.changes == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        "{}",
        '{"schema": "certkit.plan/1"}',
        '{"schema": "certkit.status/1"}',
        '{"schema": "certkit.status/1", "at": "x", "coverage": [1], "certificates": []}',
        '{"schema": "certkit.status/1", "at": "x", "coverage": [], "certificates": [{}]}',
    ],
)
def test_what_is_no_status_is_refused(text: str) -> None:
    with pytest.raises(InputUnreadableError, match="it is no document of certkit status"):
        read(text)
