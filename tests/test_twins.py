"""Which of several certificates of one name stays, and which may go."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit.errors import AmbiguousError
from certkit.record import CertificateRecord
from certkit.twins import spares, winner
from tests.issuing import Request, make_chain

NOW: Final = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
SAME: Final = make_chain()
ANOTHER: Final = make_chain(leaf=Request("other.example.com"))
MARKS: Final = {"certkit:name": "shop", "certkit:sha256": SAME.sha256, "certkit:not-after": "2049-12-31T23:59:59Z"}
LB: Final = ("arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/1",)


def record(arn: str, tags: Mapping[str, str] = MARKS, **changes: Any) -> CertificateRecord:
    plain = CertificateRecord(arn, "IMPORTED", "ISSUED", SAME.certificate, (), tags, created_at=NOW)
    return replace(plain, **changes)


def older(minutes: int) -> dt.datetime:
    return NOW - dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("own", "arn"),
    [
        ((record("b"),), "b"),
        ((record("a"), record("b", created_at=older(1))), "b"),
        ((record("a", created_at=older(1)), record("b", in_use_by=LB)), "b"),
        ((record("b"), record("a")), "a"),
        ((record("a", created_at=None), record("b")), "b"),
    ],
    ids=["alone", "the oldest", "the one in use", "of one age", "without an age"],
)
def test_every_host_chooses_the_same_one(own: tuple[CertificateRecord, ...], arn: str) -> None:
    assert {winner(order).arn for order in permutations(own)} == {arn}


@given(
    st.lists(
        st.builds(
            record,
            st.sampled_from("abcdef"),
            created_at=st.none() | st.sampled_from([older(minutes) for minutes in range(3)]),
        ),
        min_size=1,
        unique_by=lambda one: one.arn,
    ),
    st.randoms(),
)
def test_the_choice_stays_when_the_others_are_gone(own: list[CertificateRecord], order: Any) -> None:
    """Two hosts that delete in any order never delete each other's choice."""
    keep = winner(own)
    order.shuffle(own)
    left = [keep, *own[: len(own) // 2]]
    made = {one.arn for one in own}

    assert winner({one.arn: one for one in left}.values()) == keep
    assert keep not in spares(own, MARKS, made)
    assert len(spares(own, MARKS, made)) == len(own) - 1


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (record("b", leaf=ANOTHER.certificate), "they hold different certificates"),
        (record("b", in_use_by=LB), "more than one is in use"),
    ],
)
def test_what_cannot_be_told_apart_is_ambiguous_and_named(other: CertificateRecord, why: str) -> None:
    own = (other, record("a", in_use_by=LB))

    with pytest.raises(AmbiguousError) as caught:
        winner(own)

    assert caught.value.message == f"2 certificates are called 'shop', and {why}: a, b"


@pytest.mark.parametrize(
    "tags",
    [
        {"certkit:name": "shop"},
        {**MARKS, "certkit:sha256": ANOTHER.sha256},
        {key: value for key, value in MARKS.items() if key != "certkit:not-after"},
    ],
)
def test_what_certkit_has_not_imported_is_ambiguous(tags: Mapping[str, str]) -> None:
    own = (record("a", created_at=older(1)), record("b", tags))

    with pytest.raises(AmbiguousError, match="certkit has not imported b"):
        spares(own, MARKS)


def test_what_a_ledger_knows_to_be_certkits_needs_no_marks() -> None:
    own = (record("a", created_at=older(1)), record("b", {"certkit:name": "shop"}))

    assert [one.arn for one in spares(own, MARKS, made={"b"})] == ["b"]


@pytest.mark.parametrize("changes", [{"created_at": older(-61)}, {"created_at": None}], ids=["later", "of no time"])
def test_what_bears_our_marks_and_is_of_another_time_may_have_been_adopted(changes: dict[str, Any]) -> None:
    own = (record("a"), record("b", in_use_by=LB, **changes))
    with pytest.raises(AmbiguousError, match="a is no accidental copy: more than an hour lies between them"):
        spares(own, MARKS)

    assert [one.arn for one in spares(own, MARKS, made={"a"})] == ["a"]


@pytest.mark.parametrize("minutes", [60, -60])
def test_within_an_hour_of_the_one_that_stays_it_is_an_accident(minutes: int) -> None:
    own = (record("a"), record("b", in_use_by=LB, created_at=older(minutes)))

    assert [one.arn for one in spares(own, MARKS)] == ["a"]


def test_what_somebody_has_tagged_stays() -> None:
    own = (record("a", created_at=older(1)), record("b", {**MARKS, "cost-centre": "4711"}))

    with pytest.raises(AmbiguousError, match="somebody has tagged b"):
        spares(own, MARKS, made={"b"})


@pytest.mark.parametrize("wanted", [{*MARKS, "team"}, {*MARKS}])
def test_a_tag_that_the_other_has_or_gets_is_not_lost(wanted: set[str]) -> None:
    first = record("a", {**MARKS, **({} if "team" in wanted else {"team": "web"})}, created_at=older(1))

    assert [one.arn for one in spares((first, record("b", {**MARKS, "team": "web"})), wanted)] == ["b"]


def test_what_is_in_use_is_never_among_those_that_go() -> None:
    own = (record("a", created_at=older(1)), record("b", in_use_by=LB), record("c"))

    assert [one.arn for one in spares(own, MARKS)] == ["a", "c"]


def test_one_that_another_follows_is_not_meant_whatever_it_holds_and_whoever_uses_it() -> None:
    old = record("a", in_use_by=LB, leaf=ANOTHER.certificate)
    new = record("b", {**MARKS, "certkit:follows": "a"})

    assert {winner(order).arn for order in permutations((old, new))} == {"b"}


def test_one_that_another_follows_is_no_copy_that_goes() -> None:
    old = record("a", created_at=older(1))
    new = record("b", {**MARKS, "certkit:follows": "a"})
    copy = record("c", {**MARKS, "certkit:follows": "a"}, created_at=older(-1))

    assert [one.arn for one in spares((old, new, copy), {*MARKS, "certkit:follows"})] == ["c"]


def test_what_follows_one_that_is_gone_stands_alone() -> None:
    assert winner((record("b", {**MARKS, "certkit:follows": "gone"}),)).arn == "b"


def test_two_that_follow_each_other_are_ambiguous() -> None:
    one = record("a", {**MARKS, "certkit:follows": "b"}, leaf=ANOTHER.certificate)
    other = record("b", {**MARKS, "certkit:follows": "a"})

    with pytest.raises(AmbiguousError, match="they hold different certificates"):
        winner((one, other))
