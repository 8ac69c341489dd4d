"""What the worker of an item left: read again, and joined to what the next call comes to."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from certkit.fleet import outcome
from certkit.fleet.outcome import Outcome
from tests.fleet.scene import row

LEFT = row("shop", code="not-begun")


def test_what_an_earlier_call_has_left_is_taken_from_the_next() -> None:
    earlier = Outcome(3, (row("blog", "imported"), LEFT), held=("mail",), left=("shop",), run="a")

    came = outcome.joined(earlier, Outcome(0, (row("shop", "imported"),), run="b"))

    assert came == Outcome(0, (row("blog", "imported"), row("shop", "imported")), held=("mail",), run="a b")


def test_what_failed_in_an_earlier_call_stays_failed() -> None:
    earlier = Outcome(3, (row("blog", code="aws-denied"), LEFT), left=("shop",), run="a")

    came = outcome.joined(earlier, Outcome(0, (row("shop"),), run="b"))

    assert came == Outcome(3, (row("blog", code="aws-denied"), row("shop")), run="a b")


def test_a_next_call_that_could_not_begin_leaves_what_was_done() -> None:
    error = {"code": "aws-auth", "message": "no caller", "hint": None}
    earlier = Outcome(3, (row("blog", "imported"), LEFT), left=("shop",), run="a")

    came = outcome.joined(earlier, Outcome(3, (), error, run="b"))

    assert came == Outcome(3, (row("blog", "imported"), {**LEFT, "error": error}), left=("shop",), run="a b")


def test_the_first_call_is_joined_to_nothing() -> None:
    nothing_yet = Outcome(0, held=("mail",), waiting=("shop",), left=("blog",))

    came = outcome.joined(nothing_yet, Outcome(0, (row("blog"),), run="a"))

    assert came == Outcome(0, (row("blog"),), held=("mail",), waiting=("shop",), run="a")


@pytest.mark.parametrize(
    "came",
    [
        Outcome(0),
        Outcome(
            3, (), {"code": "aws-auth", "message": "no caller", "hint": None}, ("blog",), ("mail",), ("shop",), "a b"
        ),
        Outcome(1, (row("blog", served=[{"endpoint": "a:443", "state": "stale"}]), LEFT), run="a"),
    ],
)
def test_an_outcome_comes_back_from_its_document(came: Outcome) -> None:
    again = outcome.from_document(json.loads(json.dumps(asdict(came))))

    assert again == came


@pytest.mark.parametrize(
    "changes",
    [
        {"code": None},
        {"rows": [{"name": "shop"}]},
        {"rows": [row("shop", served="a:443")]},
        {"rows": [row("shop", served=["a:443"])]},
        {"error": "no"},
        {"held": [1]},
        {"left": "shop"},
        {"waiting": [None]},
        {"rows": [row("shop") | {"warnings": [1]}]},
    ],
)
def test_what_is_no_outcome_is_none(changes: dict[str, object]) -> None:
    document = json.loads(json.dumps(asdict(Outcome(0)))) | changes

    with pytest.raises(ValueError, match="no outcome"):
        outcome.from_document(document)
