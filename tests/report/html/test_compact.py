"""The certificates as the page carries them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from certkit.report.html.compact import script_json
from tests.estates import ACCOUNT, HOME, NOW, inventory, listed


def test_a_certificate_is_a_row_and_repeated_words_stand_once() -> None:
    first, second = (listed(number=number, owner="web", sans=("shop.example.com", "a.example")) for number in (1, 2))

    found = json.loads(script_json(inventory([first, second])))

    arns = sorted(one.summary.arn for one in (first, second))
    prefix = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/"
    start, end = int((NOW - timedelta(days=100)).timestamp()) + 1, int((NOW + timedelta(days=100)).timestamp())
    assert found["at"] == int(NOW.timestamp())
    assert found["words"] == ["IMPORTED", "ISSUED", "EC_prime256v1", ACCOUNT, HOME, prefix]
    assert found["certificates"] == [
        ["shop.example.com", "shop", "web", ["shop.example.com", "a.example"], 0, 1, 2, 3, 4, 5, key, start, end, 3, 1]
        for key in (arn.removeprefix(prefix) for arn in arns)
    ]


@pytest.mark.parametrize(
    ("left", "life", "place"), [(-1, 200, 0), (20, 200, 1), (60, 200, 2), (100, 200, 3), (4, 6, 3)]
)
def test_urgency_is_relative_to_the_lifetime(left: int, life: int, place: int) -> None:
    found = json.loads(script_json(inventory([listed(left=left, life=life)])))

    assert found["certificates"][0][13] == place


def test_one_that_was_never_issued_has_no_times() -> None:
    found = json.loads(script_json(inventory([listed(None, not_before=None, not_after=None)])))

    assert found["certificates"][0][0] == ""
    assert found["certificates"][0][11:14] == [None, None, 4]


def test_a_file_is_known_by_its_path() -> None:
    file = replace(listed(arn=""), account=None, region=None, source="tls/a/shop.pem")

    found = json.loads(script_json(inventory([file])))

    assert (found["words"][found["certificates"][0][9]], found["certificates"][0][10]) == ("", "tls/a/shop.pem")


def test_nothing_in_it_can_end_a_script_or_begin_a_comment() -> None:
    text = script_json(inventory([listed("</script><!--<script>&", owner="\u2028")]))

    assert not set(text) & set("<>&\u2028")
    assert text.isascii()
    assert json.loads(text)["certificates"][0][0] == "</script><!--<script>&"
