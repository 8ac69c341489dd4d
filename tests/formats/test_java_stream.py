"""Tests of `certkit.formats.java_stream`, on what Java wrote and on what nobody would."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit.formats import der
from certkit.formats.java_stream import JavaStream

FIXTURES: Final = Path(__file__).parents[2] / "fixtures"
MAGIC: Final = bytes.fromhex("aced0005")
NO_CLASS: Final = b"\x70"


def text(value: str) -> bytes:
    return len(value).to_bytes(2, "big") + value.encode()


def class_of(name: str, flags: int = 2, fields: bytes = b"", count: int = 0, above: bytes = NO_CLASS) -> bytes:
    return b"\x72" + text(name) + bytes(8) + bytes((flags,)) + count.to_bytes(2, "big") + fields + b"\x78" + above


def reference(number: int) -> bytes:
    return b"\x71" + (0x7E0000 + number).to_bytes(4, "big")


def sealed_by_java() -> bytes:
    store = (FIXTURES / "keytool-newer/secret-only.jceks").read_bytes()
    return store[store.index(MAGIC) : -20]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(sealed_by_java(), id="a secret key of a JCEKS"),
        pytest.param(MAGIC + b"\x70", id="null"),
        pytest.param(MAGIC + b"\x74" + text("AES"), id="a string"),
        pytest.param(MAGIC + b"\x73" + class_of("Empty"), id="an object without fields"),
        pytest.param(
            MAGIC + b"\x73" + class_of("Two", fields=b"I" + text("a") + b"J" + text("b"), count=2) + bytes(12),
            id="an object of numbers",
        ),
        pytest.param(
            MAGIC + b"\x73" + class_of("Low", fields=b"B" + text("a"), count=1, above=class_of("High")) + b"\x01",
            id="an object of a class under another",
        ),
        pytest.param(
            MAGIC + b"\x73" + class_of("Writer", flags=3) + b"\x77\x03abc" + b"\x7a\x00\x00\x00\x01x" + b"\x70\x78",
            id="an object that writes more",
        ),
        pytest.param(MAGIC + b"\x75" + class_of("[B") + b"\x00\x00\x00\x03abc", id="an array of bytes"),
        pytest.param(
            MAGIC + b"\x75" + class_of("[Ljava.lang.Object;") + b"\x00\x00\x00\x02" + b"\x70" + b"\x73" + class_of("E"),
            id="an array of objects",
        ),
        pytest.param(
            MAGIC + b"\x75" + class_of("[[B") + b"\x00\x00\x00\x02"
            + b"\x75" + class_of("[B") + b"\x00\x00\x00\x01a"
            + b"\x75" + reference(2) + b"\x00\x00\x00\x01b",
            id="an array whose type was described before",
        ),
    ],
)  # fmt: skip
def test_an_object_is_left_behind_to_its_last_octet(written: bytes) -> None:
    stream = JavaStream(written + b"what follows")

    stream.pass_over_object()

    assert stream.take(12) == b"what follows"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (b"\xac\xed\x00\x04\x70", "no serialised object at byte 0"),
        (MAGIC + b"\x7f", "unknown code 0x7f"),
        (MAGIC + b"\x73\x00", "unknown code 0x00"),
        (MAGIC + b"\x73" + reference(0), "a class that is not there"),
        (MAGIC + b"\x73" + class_of("Self", above=reference(0)), "a class that is not there"),
        (MAGIC + b"\x73" + class_of("Own", flags=4), "says itself how it is read"),
        (MAGIC + b"\x73" + class_of("Odd", fields=b"Q" + text("a"), count=1), "of no type"),
        (MAGIC + b"\x75" + class_of("NoArray") + bytes(4), "array of no type"),
        (MAGIC + b"\x75" + NO_CLASS + bytes(4), "array of no type"),
        (MAGIC + b"\x75" + class_of("[B") + b"\xff\xff\xff\xff", "longer than what is there"),
        (MAGIC + b"\x75" + class_of("[Ljava.lang.Object;") + b"\x00\xff\xff\xff" + b"\x70" * 2_000, "more parts"),
        (MAGIC + (b"\x75" + class_of("[[B") + b"\x00\x00\x00\x01") * 30, "nests deeper"),
    ],
    ids=range(12),
)
def test_what_java_would_not_write_is_refused(written: bytes, message: str) -> None:
    with pytest.raises(der.MalformedError, match=message):
        JavaStream(written).pass_over_object()


@given(st.binary(max_size=200))
def test_whatever_stands_there_is_passed_over_or_refused(junk: bytes) -> None:
    stream = JavaStream(MAGIC + junk)

    try:
        stream.pass_over_object()
    except der.MalformedError:
        return

    assert stream.position <= len(junk) + len(MAGIC)


def test_text_is_read_as_java_writes_it() -> None:
    octets = b"a\xc0\x80" + "\ud83d\ude00".encode("utf-8", "surrogatepass")

    assert JavaStream(len(octets).to_bytes(2, "big") + octets).text() == "a\0\U0001f600"
