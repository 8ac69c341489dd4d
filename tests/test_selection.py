"""Tests of which rules count."""

import pytest

from certkit.errors import UsageError
from certkit.rules import CRITERIA
from certkit.selection import chosen


def test_all_rules_count_unless_told_otherwise() -> None:
    assert chosen([], []) == {one.id for one in CRITERIA}


def test_the_named_rules_count_and_no_others() -> None:
    assert chosen(["weak-key,no-key", " chain-missing , "], []) == {"weak-key", "no-key", "chain-missing"}


def test_ignored_rules_do_not_count_even_where_they_are_selected() -> None:
    assert chosen(["weak-key", "no-key"], ["no-key,chain-missing"]) == {"weak-key"}


@pytest.mark.parametrize(
    ("word", "hint"), [("weak-keys", "did you mean weak-key?"), ("Q", "certkit rules lists all rules")]
)
def test_what_is_no_rule_is_refused_with_what_was_meant(word: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        chosen([], [f"no-key,{word}"])

    assert (raised.value.message, raised.value.hint) == (f"there is no rule {word!r}", hint)
