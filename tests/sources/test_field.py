"""Tests of the fields of the JSON that a store holds."""

import base64
import json
from typing import Any

import pytest

from certkit.errors import InputUnreadableError
from certkit.sources.field import is_cut_off, select
from tests.cli.bundles import pem, pfx, shop
from tests.formats.test_kubernetes import KUBECTL
from tests.issuing import make_chain

PFX = pfx(shop())
ENCODED = base64.b64encode(PFX)


@pytest.mark.parametrize("value", [b"", b"correct horse", b"{not JSON", b"[1]", b"\x00\xff", b'"text"'])
def test_what_is_no_json_is_taken_whole(value: bytes) -> None:
    assert select(value, None) == value


def test_a_secret_of_kubernetes_is_taken_whole() -> None:
    secret = json.dumps({"kind": "Secret", "data": {}}).encode()

    assert select(secret, None) == secret
    assert select(KUBECTL.encode(), None) == KUBECTL.encode()


@pytest.mark.parametrize(
    ("document", "field", "text"),
    [
        ({"password": "wörd"}, "password", "wörd"),
        ({"a": {"b": {"c": "deep"}}}, "a.b.c", "deep"),
        ({"a.b": "dotted"}, "a.b", "dotted"),
        ({"a.b": "dotted", "a": {"b": "nested"}}, "a.b", "dotted"),
        ({"a.b": {"c": "longest"}, "a": {"b.c": "shorter", "b": {"c": "shortest"}}}, "a.b.c", "longest"),
        ({"a": {"b.c": "longer", "b": {"c": "shorter"}}}, "a.b.c", "longer"),
        ({"a.b": "no table", "a": {"b": {"c": "found"}}}, "a.b.c", "found"),
        ({".": "dot", "": {"": "empty"}}, ".", "dot"),
        ({"empty": ""}, "empty", ""),
    ],
)
def test_a_field_is_found_by_its_whole_name_or_through_its_dots(document: Any, field: str, text: str) -> None:
    assert select(json.dumps(document).encode(), field) == text.encode()


@pytest.mark.parametrize(
    ("value", "field", "message"),
    [
        (b"canary", "password", "it holds no JSON that could have a field 'password'"),
        (b'{"password": "canary"}', None, "it holds JSON, and which of its fields is meant is not said"),
        (b'{"canary": "canary"}', "password", "the JSON in it has no field 'password'"),
        (b'{"a": {"canary": "canary"}}', "a.b", "the JSON in it has no field 'a.b'"),
        (b'{"a": {"b": "canary"}}', "a", "the field 'a' holds fields of its own, not a text"),
        (b'{"a": 4711}', "a", "the field 'a' holds a number, not a text"),
        (b'{"a": ["canary"]}', "a", "the field 'a' holds a list, not a text"),
        (b'{"a": true}', "a", "the field 'a' holds a truth value, not a text"),
        (b'{"a": ' + b"[" * 100_000, "a", "it holds no JSON that could have a field 'a'"),
    ],
)
def test_what_is_no_text_is_said_and_nothing_of_it_repeated(value: bytes, field: str | None, message: str) -> None:
    with pytest.raises(InputUnreadableError) as caught:
        select(value, field)

    assert caught.value.message == message
    assert "canary" not in str(caught.value.hint)


@pytest.mark.parametrize("length", [1_000, 1_001, 1_002, 1_003])
def test_base64_that_breaks_off_is_told(length: int) -> None:
    assert is_cut_off(ENCODED[:length])
    assert is_cut_off(base64.encodebytes(PFX)[:length])


def test_base64_of_a_short_sequence_that_breaks_off_is_told() -> None:
    assert is_cut_off(base64.b64encode(b"\x30\x20" + bytes(10)))


def test_pem_that_breaks_off_is_told() -> None:
    assert is_cut_off(pem(shop())[:-40])


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"MA==",
        b"correct horse",
        b"correcthorse",
        ENCODED,
        ENCODED.rstrip(b"="),
        base64.encodebytes(PFX),
        base64.b64encode(make_chain().pem),
        pem(shop()),
        b"MIIB" + b"!" * 20,
        base64.b64encode(b"\x30\x06" + bytes(6)),
        base64.b64encode(b"\x30\x89" + b"\xff" * 9),
        b" \n",
        b"A",
    ],
)
def test_what_is_whole_or_no_bundle_is_not_taken_for_one_that_breaks_off(value: bytes) -> None:
    assert not is_cut_off(value)
