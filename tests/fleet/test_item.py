"""How a manifest becomes items: each certificate once in each place, and no more in one than a worker has time for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit.fleet.item import MAX_NAMES, Item, Lane, from_document, lanes, narrowed, partition, to_document, waves_of
from certkit.manifest import Manifest, parse
from certkit.waves import Waves

RED, GREEN = "1" * 12, "2" * 12
HOME, IRELAND = "us-east-1", "eu-west-1"


def manifest(count: int, *more: str) -> Manifest:
    accounts = f'[accounts.red]\nid = "{RED}"\n[accounts.green]\nid = "{GREEN}"\n'
    names = "".join(f'[certificates.shop-{one:04}]\nsource = "s3://b/{one}.pem"\n' for one in range(count))
    return parse("\n".join(more) + accounts + names, Path("certkit.toml"))


def items_of(found: Manifest, *regions: str, waves: Waves | None = None, most: int = MAX_NAMES) -> tuple[Item, ...]:
    places = {spec.name: regions for spec in found.certificates}
    return partition(found.certificates, places, waves or Waves(), most)


def test_a_place_with_more_than_one_worker_can_do_is_shared_evenly() -> None:
    found = items_of(manifest(450), HOME)

    assert [(item.number, len(item.names), item.account, item.region) for item in found] == [
        (1, 150, None, HOME),
        (2, 150, None, HOME),
        (3, 150, None, HOME),
    ]


def test_every_place_has_items_of_its_own() -> None:
    both = '[defaults]\naccounts = ["red", "green"]\n'

    found = items_of(manifest(1, both), HOME, IRELAND)

    assert [(item.account, item.account_id, item.region) for item in found] == [
        ("green", GREEN, IRELAND),
        ("green", GREEN, HOME),
        ("red", RED, IRELAND),
        ("red", RED, HOME),
    ]


def test_an_item_is_of_the_wave_of_its_place() -> None:
    both = '[defaults]\naccounts = ["red", "green"]\n'
    waves = Waves(accounts={GREEN: 2}, regions={IRELAND: 3})

    found = items_of(manifest(1, both), HOME, IRELAND, waves=waves)

    assert [(item.wave, item.account, item.region) for item in found] == [
        (1, "red", HOME),
        (2, "green", HOME),
        (3, "green", IRELAND),
        (3, "red", IRELAND),
    ]
    assert waves_of(found) == (1, 2, 3)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 20), st.integers(1, 7), st.sampled_from([(HOME,), (HOME, IRELAND)]))
def test_every_certificate_is_once_in_every_place_and_no_item_is_too_large(
    count: int, most: int, regions: tuple[str, ...]
) -> None:
    both = manifest(count, '[defaults]\naccounts = ["red", "green"]\n')

    found = items_of(both, *regions, most=most)

    seen = Counter((item.account, item.region, name) for item in found for name in item.names)
    assert set(seen.values()) <= {1}
    assert len(seen) == count * 2 * len(regions)
    assert all(0 < len(item.names) <= most for item in found)
    assert [item.number for item in found] == list(range(1, len(found) + 1))


def test_what_shares_the_rates_of_an_account_and_region_is_one_lane_and_the_longest_is_first() -> None:
    small = Item(1, 1, "red", RED, HOME, ("a",))
    large = [Item(number, 1, None, None, HOME, ("a", "b")) for number in (2, 3)]
    later = Item(4, 2, None, None, IRELAND, ("a",))

    found = lanes([small, *large, later], 1)

    assert found == (Lane(None, HOME, (2, 3)), Lane("red", HOME, (1,)))


def test_only_what_is_wanted_is_left_and_numbered_anew() -> None:
    items = (Item(1, 1, None, None, HOME, ("a", "b")), Item(2, 1, "red", RED, HOME, ("a", "b")))

    left = narrowed(items, {("red", HOME, "b"), ("red", IRELAND, "a")})

    assert left == (Item(1, 1, "red", RED, HOME, ("b",)),)


@pytest.mark.parametrize(
    "changes", [{"number": "1"}, {"account": 1}, {"names": "a"}, {"names": ["a", 1]}, {"region": None}]
)
def test_what_is_no_item_is_none(changes: dict[str, object]) -> None:
    document = to_document(Item(1, 1, None, None, HOME, ("a",))) | changes

    with pytest.raises(ValueError, match="no item"):
        from_document(document)


@pytest.mark.parametrize("item", [Item(1, 1, None, None, HOME, ("a",)), Item(7, 2, "red", RED, IRELAND, ("a", "b"))])
def test_an_item_comes_back_from_its_document(item: Item) -> None:
    again = from_document(to_document(item))

    assert again == item
