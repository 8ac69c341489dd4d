"""Why a certificate cannot be parsed."""

import datetime as dt
import re

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certkit import certificate as x
from certkit.certificate.flaws import flaw
from tests.certificate.making import leaf
from tests.issuing import altered

WHOLE = leaf(is_ca=True).der


@pytest.mark.parametrize(
    ("encoded", "why"),
    [
        (WHOLE.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020101")), "it is of X.509 version 2"),
        (
            WHOLE.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020100")),
            "it is malformed, or not strict DER, in its version",
        ),
        (
            re.sub(rb"\x17\x0d\d", b"\x17\x0dX", WHOLE, count=1),
            "it is malformed, or not strict DER, in its validity",
        ),
        (
            WHOLE.replace(b"\x55\x04\x03", b"\x55\x04\x83", 1),
            "it is malformed, or not strict DER, in its issuer",
        ),
        (
            WHOLE.replace(b"\x01\x01\xff", b"\x01\x01\x01", 1),
            "it is malformed, or not strict DER, in its extensions",
        ),
        (WHOLE[:-1], "it is malformed, or not strict DER"),
        (WHOLE + b"\0", "it is malformed, or not strict DER"),
        (b"junk", "it is malformed, or not strict DER"),
    ],
)
def test_what_cannot_be_parsed_has_a_flaw(encoded: bytes, why: str) -> None:
    assert (x.load(encoded), flaw(encoded)) == (None, why)


def test_a_year_that_is_none_is_a_flaw() -> None:
    from_2050 = leaf(
        not_before=dt.datetime(2050, 1, 1, tzinfo=dt.UTC), not_after=dt.datetime(2051, 1, 1, tzinfo=dt.UTC)
    )
    encoded = altered(from_2050, (b"20500101000000Z", b"00000101000000Z")).public_bytes(Encoding.DER)

    assert (x.load(encoded), flaw(encoded)) == (None, "its validity names a year that no calendar has")


def test_what_can_be_parsed_has_none() -> None:
    assert flaw(WHOLE) is None
