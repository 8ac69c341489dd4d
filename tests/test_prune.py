"""What can go, and what stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from certkit.inventory import State
from certkit.prune import Candidate, Reason, Wish, candidates, why_not
from certkit.record import CertificateRecord
from tests.estate.rows import NOW, inventory, row
from tests.issuing import Request, make_chain

OLD = row(1, left=10, life=90, name="shop")
NEW = row(2, left=60, life=70, name="shop", in_use=True)
EXPIRED = row(3, left=-1, name="blog", sans=("DNS:blog.example.com",))


def numbers(*rows: Any, wish: Wish | None = None) -> dict[str, str]:
    """Why each certificate can go, by the last part of its ARN."""
    found = candidates(inventory(*rows), wish or Wish())
    return {one.listed.place.rpartition("/")[2]: one.reason.value for one in found}


def test_what_has_expired_and_what_has_a_successor_can_go() -> None:
    found = candidates(inventory(EXPIRED, OLD, NEW), Wish())

    assert found == (Candidate(OLD, Reason.SUPERSEDED, NEW), Candidate(EXPIRED, Reason.EXPIRED))


@pytest.mark.parametrize("one", [OLD, EXPIRED])
def test_what_is_in_use_stays(one: Any) -> None:
    used = replace(one, summary=replace(one.summary, in_use=True))

    assert numbers(used, NEW) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "AMAZON_ISSUED"},
        {"imported_at": None},
        {"not_after": None},
        {"sans": ("DNS:shop.example.com", "DNS:more.example.com")},
        {"sans": ()},
        {"sans": tuple(f"DNS:{number}" for number in range(100))},
        {"key_algorithm": "RSA_2048"},
        {"imported_at": NOW},
        {"not_after": NOW + timedelta(days=61)},
    ],
)
def test_what_its_successor_does_not_stand_in_for_stays(change: dict[str, Any]) -> None:
    other = replace(OLD, summary=replace(OLD.summary, **change))

    assert numbers(OLD, NEW) == {"1": "superseded"}
    assert numbers(other, NEW) == {}


@pytest.mark.parametrize("change", [{"status": "FAILED"}, {"not_after": NOW + timedelta(days=10)}])
def test_what_cannot_serve_stands_in_for_nothing(change: dict[str, Any]) -> None:
    assert numbers(OLD, replace(NEW, summary=replace(NEW.summary, **change))) == {}


def test_another_region_stands_in_for_nothing() -> None:
    assert numbers(OLD, replace(NEW, region="eu-west-1")) == {}


def test_a_wildcard_of_the_same_name_is_a_name_like_others_and_covers_no_other() -> None:
    wildcard = replace(NEW, summary=replace(NEW.summary, sans=("DNS:*.example.com",)))

    assert numbers(OLD, wildcard) == {}


def test_of_several_in_a_row_the_last_one_stays() -> None:
    rows = [row(number, left=10 * number, life=80 - number * 20, name="shop") for number in (1, 2, 3)]

    found = candidates(inventory(*rows), Wish())

    assert [(one.listed, one.successor) for one in found] == [(rows[0], rows[2]), (rows[1], rows[2])]


def test_what_certkit_does_not_know_stays_unless_it_is_asked_for() -> None:
    foreign = replace(EXPIRED, name=None)

    assert numbers(foreign) == {}
    assert numbers(foreign, wish=Wish(includes_foreign=True)) == {"3": "expired"}


def test_where_the_names_could_not_be_read_nothing_goes() -> None:
    foreign = replace(EXPIRED, name=None)
    unnamed = inventory(foreign, has_names=False, reason="denied", state=State.SEEN)

    assert candidates(unnamed, Wish(includes_foreign=True)) == ()


def test_of_what_the_manifest_wants_one_stays() -> None:
    wish = Wish(wanted=frozenset({"blog", "shop"}))

    assert numbers(EXPIRED, wish=wish) == {}
    assert numbers(OLD, NEW, wish=wish) == {"1": "superseded"}


def test_names_and_arns_choose() -> None:
    assert numbers(OLD, NEW, EXPIRED, wish=Wish(only=("blog",))) == {"3": "expired"}
    assert numbers(OLD, NEW, EXPIRED, wish=Wish(only=(OLD.place,))) == {"1": "superseded"}


@pytest.mark.parametrize(("days", "goes"), [(91, True), (92, False)])
def test_what_was_imported_of_late_stays_when_that_is_wanted(days: int, goes: bool) -> None:
    assert bool(numbers(EXPIRED, wish=Wish(older_than=timedelta(days=days)))) is goes


def test_what_is_outside_acm_never_goes() -> None:
    assert numbers(replace(EXPIRED, source="old.pem"), wish=Wish(includes_foreign=True)) == {}


LEAF = make_chain(leaf=Request(sans=("shop.example.com",), not_after=NOW + timedelta(days=10)))
LATER = make_chain(leaf=Request(sans=("shop.example.com",), not_after=NOW + timedelta(days=60)))
HELD = CertificateRecord("arn:old", "IMPORTED", "ISSUED", LEAF.certificate, (), {"certkit:name": "shop"})
SUCCESSOR = CertificateRecord("arn:new", "IMPORTED", "ISSUED", LATER.certificate, ())
GOING = Candidate(
    row(name="shop", not_after=LEAF.certificate.not_valid_after_utc, arn="arn:old"), Reason.SUPERSEDED, NEW
)


def test_what_is_still_as_it_was_goes() -> None:
    assert why_not(GOING, HELD, SUCCESSOR) is None
    assert why_not(replace(GOING, successor=None), HELD, None) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"in_use_by": ("arn:lb",)}, "it is in use by arn:lb"),
        ({"kind": "AMAZON_ISSUED"}, "it is of type AMAZON_ISSUED"),
        ({"tags": {}}, "it is called None now, not 'shop'"),
        ({"leaf": LATER.certificate}, "it was replaced meanwhile"),
    ],
)
def test_what_has_changed_meanwhile_stays(change: dict[str, Any], reason: str) -> None:
    assert why_not(GOING, replace(HELD, **change), SUCCESSOR) == reason


def test_a_successor_that_has_gone_or_changed_keeps_what_it_was_to_stand_in_for() -> None:
    other = make_chain(leaf=Request(sans=("other.example.com",), not_after=NOW + timedelta(days=60)))
    narrower = replace(SUCCESSOR, leaf=other.certificate)

    assert why_not(GOING, HELD, None) == f"{NEW.place}, which stands in its place, is gone"
    assert why_not(GOING, HELD, narrower) == "arn:new is not for all of its names"
    assert why_not(GOING, HELD, replace(SUCCESSOR, leaf=LEAF.certificate)) == "arn:new expires no later"


def copy_of(one: Any, number: int, **more: Any) -> Any:
    """The same certificate under another ARN, imported a day later."""
    later = one.summary.imported_at + timedelta(days=1)
    twin = row(number, serial=one.summary.serial, name=one.name)
    return replace(twin, summary=replace(twin.summary, imported_at=later), **more)


def test_of_copies_the_one_in_use_stays_else_the_named_one_else_the_first() -> None:
    first = row(1, name="shop")
    used = copy_of(first, 2)
    used = replace(used, summary=replace(used.summary, in_use=True))
    foreign = row(3, serial="03")
    named = copy_of(foreign, 4, name="blog")

    assert numbers(first, copy_of(first, 2)) == {"2": "copy"}
    assert numbers(first, used) == {"1": "copy"}
    assert numbers(foreign, named, wish=Wish(includes_foreign=True)) == {"3": "copy"}


def test_the_same_certificate_under_two_names_is_wanted_twice() -> None:
    first = row(1, name="shop")

    assert numbers(first, copy_of(first, 2, name="blog")) == {}


def test_without_a_serial_number_nothing_is_a_copy() -> None:
    rows = (row(number, name="shop", serial=None, issuer=None) for number in (1, 2))

    assert numbers(*rows) == {}


def test_a_copy_stays_where_its_original_has_been_replaced_meanwhile() -> None:
    copy = replace(GOING, reason=Reason.COPY)

    assert why_not(copy, HELD, replace(HELD, arn="arn:new")) is None
    assert why_not(copy, HELD, SUCCESSOR) == "arn:new is another certificate"


def test_of_several_that_have_all_expired_the_last_one_of_a_wanted_name_stays() -> None:
    rows = [row(number, left=-number, name="shop") for number in (2, 1, 3)]

    assert numbers(*rows, wish=Wish(wanted=frozenset({"shop"}))) == {"2": "expired", "3": "expired"}
    assert len(numbers(*rows)) == 3


def test_copies_of_what_has_expired_go_as_expired_so_that_none_waits_for_the_other() -> None:
    first = row(1, left=-1, name="shop")
    twin = copy_of(first, 2)
    twin = replace(
        twin, summary=replace(twin.summary, not_before=first.summary.not_before, not_after=first.summary.not_after)
    )

    assert numbers(first, twin) == {"1": "expired", "2": "expired"}


def test_what_moves_to_a_new_arn_is_left_to_the_migration_whichever_of_the_two_could_go() -> None:
    following = {"certkit:name": "shop", "certkit:follows": HELD.arn}
    reason = "shop is moving to a new ARN: certkit migrate shop --retire ends that"

    assert why_not(GOING, HELD, replace(SUCCESSOR, tags=following)) == reason
    assert why_not(GOING, replace(HELD, tags={**following, "certkit:follows": SUCCESSOR.arn}), SUCCESSOR) == reason
