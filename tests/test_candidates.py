"""Tests of which of several bundles is meant."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from certkit.candidates import newest_of
from certkit.errors import SeveralLeavesError
from tests.aws.scene import NOW
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from cryptography import x509


def leaf(begun: float, ends: float = 60, *sans: str, serial: int = 1) -> "x509.Certificate":
    """A certificate that became valid so many days ago."""
    times = {"not_before": NOW - timedelta(days=begun), "not_after": NOW + timedelta(days=ends)}
    return make_chain(leaf=Request("shop.example.com", sans, serial=serial, **times)).certificate  # type: ignore[arg-type]  # times


def test_of_several_the_one_that_became_valid_last_is_meant() -> None:
    assert newest_of({"a": leaf(9), "b": leaf(2), "c": leaf(5)}, NOW) == "b"


def test_what_is_not_valid_yet_is_not_meant_while_another_is() -> None:
    assert newest_of({"future": leaf(-1), "now": leaf(5), "past": leaf(30, -1)}, NOW) == "now"
    assert newest_of({"older": leaf(90, -5), "past": leaf(30, -1)}, NOW) == "past"


def test_the_same_certificate_in_two_files_is_one() -> None:
    same = leaf(3)

    assert newest_of({"a": same, "b": same}, NOW) == "a"


def test_a_name_more_or_less_is_another_version_of_the_same() -> None:
    old, new = leaf(9, 60, "a.example", "b.example"), leaf(2, 60, "b.example", "c.example")

    assert newest_of({"old": old, "new": new}, NOW) == "new"


def test_another_certificate_among_them_is_told() -> None:
    other = make_chain(leaf=Request("web.example.com")).certificate

    with pytest.raises(SeveralLeavesError, match="are of different certificates"):
        newest_of({"shop": leaf(2), "web": other}, NOW)


def test_two_that_are_equally_new_are_told() -> None:
    with pytest.raises(SeveralLeavesError, match="are equally new"):
        newest_of({"a": leaf(2, serial=1), "b": leaf(2, serial=2)}, NOW)
