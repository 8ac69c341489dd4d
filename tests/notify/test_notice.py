"""What there is to tell, of which certificate, and how far it has come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from certkit.expiry import Urgency
from certkit.notify import due
from certkit.notify.notice import stage_of
from tests.estate.rows import NOW, inventory, row


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (31, None),
        (30, "left 0"),
        (15.1, "left 0"),
        (15, "left 1"),
        (7.5, "left 2"),
        (3.75, "left 3"),
        (1.875, "left 4"),
        (0.9375, "left 5"),
        (0.01, "left 5"),
        (0, "left 5"),
        (-0.01, "expired 0"),
        (-6.9, "expired 0"),
        (-7, "expired 1"),
        (-70, "expired 10"),
    ],
)
def test_each_stage_begins_with_half_as_much_left_as_the_one_before(left: float, stage: str | None) -> None:
    ends = NOW + timedelta(days=left)

    assert stage_of(ends - timedelta(days=90), ends, NOW) == stage


@pytest.mark.parametrize(("left", "stage"), [(3.1, None), (3, "left 0"), (1.5, "left 1"), (0.05, "left 5")])
def test_a_certificate_of_six_days_has_stages_of_its_own(left: float, stage: str | None) -> None:
    ends = NOW + timedelta(days=left)

    assert stage_of(ends - timedelta(days=6), ends, NOW) == stage


@pytest.mark.parametrize(
    ("more", "is_told"),
    [
        ({"in_use": True}, True),
        ({"name": "shop"}, True),
        ({"source": "https://shop.example.com", "kind": "ENDPOINT"}, True),
        ({}, False),
        ({"in_use": True, "left": 31}, False),
        ({"in_use": True, "kind": "AMAZON_ISSUED"}, False),
        ({"in_use": True, "kind": "AMAZON_ISSUED", "left": 9}, True),
        ({"in_use": True, "kind": "PRIVATE", "left": -1}, True),
        ({"name": "shop", "kind": "AMAZON_ISSUED", "left": 9}, False),
        ({"in_use": True, "not_after": None}, False),
        ({"in_use": True, "not_before": None}, False),
    ],
)
def test_what_somebody_could_do_something_about_is_told(more: dict[str, Any], is_told: bool) -> None:
    found = list(due(inventory(row(**{"left": 20, **more})), {}))

    assert bool(found) is is_told


def test_the_manifest_names_the_owner_before_the_tag_does() -> None:
    tagged = row(1, left=20, name="shop", owner="tag")
    untagged = row(2, left=20, name="blog")
    strange = row(3, left=20, in_use=True, owner="tag")

    owners = [notice.owner for notice in due(inventory(tagged, untagged, strange), {"shop": "web", "blog": "press"})]

    assert owners == ["web", "press", "tag"]


def test_a_notice_says_how_urgent_it_is() -> None:
    rows = (row(number, left=left, in_use=True) for number, left in enumerate((20, 9, -1)))

    assert [one.urgency for one in due(inventory(*rows), {})] == [
        Urgency.EXPIRING,
        Urgency.CRITICAL,
        Urgency.EXPIRED,
    ]
