"""Which bundle stood before the one that ACM holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit.errors import NothingEscrowedError, UsageError
from certkit.escrow.course import check_wanted, chosen, course, previous
from certkit.escrow.deposit import Deposit
from tests.escrow.scene import SITE, deposit


def history(numbers: str) -> list[Deposit]:
    """Bundles, called A, B, C, that were put into escrow one day after the other."""
    return [deposit("ABCD".index(letter), day) for day, letter in enumerate(numbers)]


def sha256(letter: str) -> str:
    return deposit("ABCD".index(letter), 0).sha256


@pytest.mark.parametrize(
    ("kept", "held", "found"),
    [
        ("AB", "B", "A"),
        ("ABC", "C", "B"),
        ("ABC", "B", "A"),
        ("A", "A", None),
        ("", "A", None),
        ("AB", "D", "B"),
        ("ABCA", "A", None),
        ("ABCAD", "D", "A"),
        ("ABCBD", "D", "B"),
        ("ABB", "B", "A"),
        ("ABA", "B", "A"),
    ],
)
def test_the_previous_bundle_is_the_one_before_in_line(kept: str, held: str, found: str | None) -> None:
    before = previous(history(kept), sha256(held))

    assert (before.sha256 if before else None) == (sha256(found) if found else None)


def test_what_was_rolled_back_from_is_not_gone_back_to() -> None:
    deposits = history("ABCAD")

    assert [one.sha256 for one in course(deposits)] == [sha256("A"), sha256("D")]


def test_of_one_leaf_the_latest_deposit_counts() -> None:
    first, second, again = deposit(0, 0), deposit(1, 1), deposit(1, 2)

    assert course([first, second, again]) == (first, again)


@given(st.text("ABCD", max_size=8))
def test_going_back_again_and_again_comes_to_an_end_and_never_to_the_same_twice(kept: str) -> None:
    deposits, seen = history(kept), []
    held = deposits[-1].sha256 if deposits else ""
    while (before := previous(deposits, held)) is not None:
        deposits.append(deposit([sha256(one) for one in "ABCD"].index(before.sha256), len(deposits)))
        held = before.sha256
        seen.append(held)

    assert len(seen) == len(set(seen))


@given(st.permutations(history("ABCAD")))
def test_the_order_of_a_listing_does_not_matter(deposits: list[Deposit]) -> None:
    assert course(deposits) == course(history("ABCAD"))


def test_a_bundle_is_chosen_by_the_beginning_of_its_fingerprint() -> None:
    deposits = history("ABA")

    found = chosen(SITE, deposits, sha256("A"), sha256("B")[:12].upper())
    again = chosen(SITE, deposits, sha256("B"), sha256("A"))

    assert (found, again) == (deposits[1], deposits[2])


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (None, "shop: in us-east-1 of 111122223333 no bundle in escrow is older than the one that ACM holds"),
        ("0" * 8, "shop: in us-east-1 of 111122223333 no bundle in escrow is 00000000"),
    ],
)
def test_where_there_is_none_that_is_said(wanted: str | None, message: str) -> None:
    with pytest.raises(NothingEscrowedError) as caught:
        chosen(SITE, history("A"), sha256("A"), wanted)

    assert caught.value.message == message


def test_a_beginning_that_fits_two_chooses_neither() -> None:
    with pytest.raises(UsageError, match="several bundles begin with it"):
        chosen(SITE, history("AB"), "", "")


@pytest.mark.parametrize("wanted", ["", "abc", "g" * 64, "0" * 65, "shop", "\u0660" * 8])
def test_what_is_no_fingerprint_is_refused(wanted: str) -> None:
    with pytest.raises(UsageError, match="is no fingerprint"):
        check_wanted(wanted)
