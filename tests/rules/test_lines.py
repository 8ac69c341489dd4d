"""The lines of a PEM file as strictly as ACM documents them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit.bundle import Parts
from certkit.rules import judge
from certkit.rules.lines import flaw, has_trailing_blanks
from certkit.testing import AwsRefusal
from certkit.testing.criteria import parse_chain
from tests.issuing import make_chain
from tests.rules.cases import LEAF, as_is

CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nQUJD\nREVG\n-----END CERTIFICATE-----\n"
KEY = CERTIFICATE.replace(b"CERTIFICATE", b"RSA PRIVATE KEY")
HEADERS = b"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"
BOUNDARY = "a boundary line is not as it must be, or has no counterpart"
NO_BASE64 = "a line inside a block is not base64"
NO_TEXT = "what stands before a block is no text"
EMPTY = "a line inside a block is empty"
BEHIND = "text stands behind the last block"


@pytest.mark.parametrize(
    ("blob", "expected"),
    [
        (CERTIFICATE, None),
        (CERTIFICATE * 3, None),
        (CERTIFICATE.rstrip(), None),
        (CERTIFICATE + b"\n\n", None),
        (b"\n" + CERTIFICATE, None),
        (CERTIFICATE.replace(b"\n", b"\r\n"), None),
        (CERTIFICATE.replace(b"\n", b"\r\n").removesuffix(b"\n"), None),
        ("Länge: 3\n\n".encode() + CERTIFICATE + b"Bag Attributes\n\tx\n" + CERTIFICATE, None),
        (KEY.replace(b"QUJD", HEADERS + b"QUJD"), None),
        (CERTIFICATE.replace(b"QUJD", HEADERS + b"QUJD"), NO_BASE64),
        (CERTIFICATE.replace(b"QUJD", b"QU-D"), NO_BASE64),
        (CERTIFICATE.replace(b"QUJD\nREVG\n", b""), NO_BASE64),
        (CERTIFICATE.replace(b"QUJD\n", b"QUJD\n\n"), EMPTY),
        (CERTIFICATE.replace(b"QUJD", b"\nQUJD"), EMPTY),
        (CERTIFICATE.replace(b"REVG\n", b"REVG\n\n"), EMPTY),
        (CERTIFICATE.replace(b"\n", b""), BOUNDARY),
        (CERTIFICATE.replace(b"\n", b"\\n"), BOUNDARY),
        (CERTIFICATE.replace(b"\n", b"\r"), BOUNDARY),
        (b"\xef\xbb\xbf" + CERTIFICATE, BOUNDARY),
        (b"  " + CERTIFICATE, BOUNDARY),
        (CERTIFICATE[:-10], BOUNDARY),
        (CERTIFICATE[10:], BOUNDARY),
        (CERTIFICATE.replace(b"END CERTIFICATE", b"END X509"), BOUNDARY),
        (b"-----\n" + CERTIFICATE, BOUNDARY),
        (b"\xff\n" + CERTIFICATE, NO_TEXT),
        (b"\0\n" + CERTIFICATE, NO_TEXT),
        (CERTIFICATE + b"junk", BEHIND),
        (CERTIFICATE + b"X\n", BEHIND),
        (CERTIFICATE + b"  \n", BEHIND),
        (CERTIFICATE + CERTIFICATE + b"\njunk\n", BEHIND),
    ],
)
def test_a_flaw_is_named(blob: bytes, expected: str | None) -> None:
    assert flaw(blob) == expected


@pytest.mark.parametrize(
    ("blob", "expected"),
    [
        (CERTIFICATE, False),
        (CERTIFICATE.replace(b"\n", b"\r\n"), False),
        (b"localKeyID: 54 \n" + CERTIFICATE + b"x \n" + CERTIFICATE + b"y \n", False),
        (CERTIFICATE.replace(b"\n", b" \n", 1), True),
        (CERTIFICATE.replace(b"QUJD", b"QUJD\t"), True),
        (CERTIFICATE.replace(b"QUJD\n", b"QUJD \r\n"), True),
        (CERTIFICATE.replace(b"CERTIFICATE-----\n", b"CERTIFICATE----- \n"), True),
        (CERTIFICATE.rstrip() + b" ", True),
        (CERTIFICATE + CERTIFICATE.replace(b"REVG", b"REVG "), True),
        (b"", False),
    ],
)
def test_blanks_count_inside_of_blocks_alone(blob: bytes, *, expected: bool) -> None:
    assert has_trailing_blanks(blob) is expected


CHAIN = make_chain(intermediates=2).full_chain_pem
RULES = {"chain-not-certificates", "trailing-blanks", "pem-edited"}


@given(
    position=st.integers(0, len(CHAIN)),
    cut=st.integers(0, 3),
    put=st.sampled_from([b"", b"\n", b" ", b"\r\n", b"-", b"\t", b"=", b"A", b"\xff", b"-----", b"x: y\n", b"\r"]),
)
@settings(max_examples=500, deadline=None)
def test_however_a_chain_is_edited_the_strict_acm_is_of_the_same_opinion(position: int, cut: int, put: bytes) -> None:
    edited = CHAIN[:position] + put + CHAIN[position + cut :]
    try:
        is_taken = len(parse_chain(edited)) > 0
    except AwsRefusal:
        is_taken = False

    findings = judge(as_is(Parts(LEAF.pem, LEAF.key_pem, edited)))

    assert RULES.isdisjoint(finding.rule for finding in findings) is is_taken
