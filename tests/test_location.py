"""Tests of where in a PEM file a part stands."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit.location import Place, places
from tests.issuing import Issued, Request, make_chain, self_signed

CHAIN: Final = make_chain(intermediates=2)


def _lines(data: bytes, place: Place) -> bytes:
    """What stands in the lines of a place."""
    return b"".join(data.splitlines(keepends=True)[place.first_line - 1 : place.last_line])


def _find(data: bytes, issued: Issued = CHAIN) -> dict[str, Place]:
    return places("shop.pem", data, issued.certificate, [one.certificate for one in issued.issuers[:-1]])


def test_each_part_is_in_the_lines_of_its_block() -> None:
    first, second, _ = CHAIN.issuers
    data = b"text\n\n" + second.pem + CHAIN.key_pem + b"more\n" + CHAIN.pem + first.pem

    found = _find(data)

    assert {part: _lines(data, place) for part, place in found.items()} == {
        "leaf": CHAIN.pem,
        "key": CHAIN.key_pem,
        "chain[0]": first.pem,
        "chain[1]": second.pem,
        "chain": data.removeprefix(b"text\n\n"),
    }
    assert {place.source for place in found.values()} == {"shop.pem"}


def test_lines_may_end_in_carriage_return_and_line_feed() -> None:
    data = (b"text\n" + CHAIN.key_pem + CHAIN.pem).replace(b"\n", b"\r\n")

    assert _lines(data, _find(data)["leaf"]) == CHAIN.pem.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_lines_are_counted_in_text_and_not_in_octets(encoding: str) -> None:
    data = (CHAIN.key_pem + CHAIN.pem).decode().encode(encoding)

    assert _find(data)["leaf"].first_line == CHAIN.key_pem.count(b"\n") + 1


def test_a_file_of_one_line_has_everything_in_it() -> None:
    data = b'"' + CHAIN.pem.replace(b"\n", b"\\n") + b'"'

    assert _find(data) == {"leaf": Place("shop.pem", 1, 1)}


def test_what_stands_there_twice_is_where_it_is_first() -> None:
    assert _find(CHAIN.pem * 2)["leaf"].first_line == 1


def test_of_several_keys_none_is_found() -> None:
    assert "key" not in _find(CHAIN.key_pem + CHAIN.traditional_key_pem + CHAIN.pem)


def test_a_locked_key_is_found() -> None:
    assert _find(CHAIN.pem + CHAIN.encrypted_key_pem(b"x")).keys() == {"leaf", "key"}


def test_what_is_missing_is_nowhere() -> None:
    assert _find(self_signed(Request("other")).pem) == {}
    assert places("shop.pem", CHAIN.pem, None, ()) == {}


@pytest.mark.parametrize("data", [b"", b"junk", CHAIN.der, b"-----BEGIN CERTIFICATE-----\n"])
def test_what_is_no_pem_has_no_lines(data: bytes) -> None:
    assert _find(data) == {}


def test_of_a_damaged_file_the_sound_beginning_counts() -> None:
    data = CHAIN.pem + b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n" + CHAIN.issuers[0].pem[:-5]

    assert _find(data).keys() == {"leaf"}


@given(st.binary(max_size=80), st.integers(0, 700), st.sampled_from(["utf-8", "utf-16"]))
def test_whatever_the_octets_are_finding_no_place_is_no_failure(octets: bytes, position: int, encoding: str) -> None:
    text = (CHAIN.pem + CHAIN.key_pem).decode().encode(encoding)
    data = text[:position] + octets + text[position:]

    found = places("x", data, CHAIN.certificate, ())

    lines = data.count(b"\n") + 1
    assert all(1 <= place.first_line <= place.last_line <= lines for place in found.values())
