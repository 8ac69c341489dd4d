"""What a fleet's report says of what its workers left, and of those that left nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from certkit.fleet import tally
from certkit.fleet.item import Item
from certkit.fleet.outcome import Outcome
from certkit.fleet.tally import Missed
from tests import documents
from tests.fleet.scene import row

if TYPE_CHECKING:
    from certkit.errors import CertkitError

RED = "1" * 12
HOME = "us-east-1"
FIRST = Item(1, 1, "red", RED, HOME, ("blog", "shop"))
SECOND = Item(2, 2, None, None, HOME, ("shop",))


def of_first(code: str, name: str = "shop", message: str = "shop went wrong") -> Missed:
    return Missed(1, name, "red", RED, HOME, code, message)


def test_a_good_run_is_counts_alone() -> None:
    came = tally.count(
        [(FIRST, Outcome(0, (row("blog"), row("shop", "reimported")))), (SECOND, Outcome(0, (row("shop"),)))]
    )

    assert (came.items, came.certificates, came.missed) == ({"done": 2}, {"reimported": 1, "unchanged": 2}, ())
    assert (came.is_good, tally.exit_code(came)) == (True, 0)


def test_a_certificate_that_failed_is_named_with_its_code() -> None:
    came = tally.count([(FIRST, Outcome(3, (row("blog"), row("shop", code="aws-denied"))))])

    assert (came.items, came.certificates) == ({"failed": 1}, {"failed": 1, "unchanged": 1})
    assert came.missed == (of_first("aws-denied"),)
    assert tally.exit_code(came) == 3


def test_a_worker_that_could_not_begin_fails_all_that_is_in_its_item() -> None:
    error = {"code": "aws-auth", "message": "no caller", "hint": None}

    came = tally.count([(FIRST, Outcome(3, (), error))])

    assert (came.items, came.certificates) == ({"failed": 1}, {"failed": 2})
    assert came.missed == (of_first("aws-auth", "blog", "no caller"), of_first("aws-auth", "shop", "no caller"))


def test_a_worker_that_left_nothing_has_lost_all_that_is_in_its_item() -> None:
    came = tally.count([(FIRST, tally.lost(FIRST))])

    message = "the worker of item 1 left no result"
    assert (came.items, came.failures) == ({"lost": 1}, 2)
    assert came.missed == (of_first("item-lost", "blog", message), of_first("item-lost", "shop", message))


def test_a_wave_that_was_not_begun_says_for_what() -> None:
    before = tally.count([(FIRST, Outcome(3, (row("blog"), row("shop", code="aws-denied"))))])

    came = tally.count([(SECOND, tally.not_begun(2, 1, before))])

    message = "wave 2 was not begun: up to wave 1 1 of 2 failed"
    assert came.items == {"not-begun": 1}
    assert came.missed == (Missed(2, "shop", None, None, HOME, "not-begun", message),)


def test_what_failed_in_an_earlier_wave_was_left_out_of_a_later_one() -> None:
    came = tally.count([(FIRST, Outcome(0, (row("blog", "imported"),), held=("shop",)))])

    assert (came.items, came.certificates) == ({"failed": 1}, {"failed": 1, "imported": 1})
    assert came.missed == (of_first("not-begun", message="not begun in wave 1: it failed in an earlier one"),)


def test_what_is_in_acm_and_not_served_is_a_finding_and_no_failure() -> None:
    served = [{"endpoint": "shop.example.com:443", "state": "other"}, {"endpoint": "a:443", "state": "served"}]

    came = tally.count([(FIRST, Outcome(1, (row("blog"), row("shop", "reimported", served=served))))])

    assert (came.failures, tally.exit_code(came)) == (0, 1)
    assert came.missed == (of_first("not-served", message="shop.example.com:443: it is in ACM, and not served"),)


def test_a_hook_that_failed_is_told_and_is_no_certificate_to_do_again() -> None:
    came = tally.count([(FIRST, Outcome(3, (row("blog"), row("shop", "reimported"))))])

    (missed,) = came.missed
    assert (missed.name, missed.code, came.failures) == (None, "command-failed", 0)
    assert tally.again(tally.document("night-1", came)) == frozenset()


@pytest.mark.parametrize(
    "came",
    [
        Outcome(0, (row("blog"), row("shop", "tagged"))),
        Outcome(3, (row("blog", code="locked"), row("shop", code="aws-denied"))),
        tally.lost(FIRST),
    ],
)
def test_the_document_fits_its_schema(came: Outcome | CertkitError) -> None:
    document = tally.document("night-1", tally.count([(FIRST, came)]))

    assert documents.fits("fleet", document)


def test_the_text_says_which_account_has_which_failures_and_shows_the_first_of_them() -> None:
    many = Item(3, 1, "red", RED, HOME, tuple(f"shop-{number:02}" for number in range(25)))
    rows = tuple(row(name, code="aws-denied") for name in many.names)

    text = tally.text("night-1", tally.count([(many, Outcome(3, rows)), (SECOND, tally.lost(SECOND))]))

    lines = text.splitlines()
    assert lines[:4] == [
        "fleet: night-1: 26 failed",
        "own account: 1 item-lost",
        f"red ({RED}): 25 aws-denied",
        f"  shop-00: failed in {HOME} of red ({RED}): shop-00 went wrong [aws-denied]",
    ]
    assert (len(lines), lines[-1]) == (24, "and 6 more, in the report")


def test_what_came_from_elsewhere_cannot_move_the_cursor() -> None:
    rows = (row("blog", code="aws-denied") | {"error": {"code": "aws-denied", "message": "\x1b[2J\nno"}}, row("shop"))

    text = tally.text("night-1", tally.count([(FIRST, Outcome(3, rows))]))

    assert "\x1b" not in text
    assert len(text.splitlines()) == 3


def test_what_is_held_back_is_as_it_should_be_and_later_waves_wait_with_it() -> None:
    frozen = row("shop") | {"warnings": ["frozen until 2027-01-04T00:00:00Z: Christmas"]}

    came = tally.count([(FIRST, Outcome(0, (frozen,), waiting=("blog",))), (SECOND, Outcome(0, (row("mail"),)))])

    assert (came.certificates, came.waiting, came.is_good) == ({"unchanged": 3}, frozenset(("blog", "shop")), True)
