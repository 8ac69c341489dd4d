"""PKCS#7: bare, in armour, under the wrong label, and damaged."""

from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7 as writer
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit import formats, limits
from certkit.contents import Contents
from certkit.errors import AlgorithmUnsupportedError, CertkitError, InputTooLargeError, InputUnreadableError
from certkit.formats import der, pkcs7
from certkit.password import Passwords
from tests.formats.building import oid, sequence, set_of
from tests.issuing import make_chain

FIXTURES: Final = Path(__file__).parents[2] / "fixtures"
SHOP: Final = make_chain()
CERTIFICATES: Final = [each.certificate for each in (SHOP, *SHOP.issuers)]
ENCODED: Final = [each.der for each in (SHOP, *SHOP.issuers)]
CHAIN: Final = writer.serialize_certificates(CERTIFICATES, serialization.Encoding.DER)
ARMOURED: Final = writer.serialize_certificates(CERTIFICATES, serialization.Encoding.PEM)
SIGNED_DATA: Final = "1.2.840.113549.1.7.2"


def found(contents: Contents) -> list[bytes]:
    return sorted(entry.der for entry in contents.certificates)


def content_info(kind: str, *fields: bytes) -> bytes:
    return sequence(oid(kind), der.encode(0xA0, sequence(b"\x02\x01\x01", *fields)))


def test_all_certificates_are_read() -> None:
    contents = formats.read(CHAIN, Passwords())

    assert (contents.format, found(contents)) == ("pkcs7", sorted(ENCODED))


@pytest.mark.parametrize("label", sorted(pkcs7.LABELS | {"CERTIFICATE"}))
def test_every_label_is_read(label: str) -> None:
    contents = formats.read(ARMOURED.replace(b"PKCS7", label.encode()), Passwords())

    assert (contents.format, found(contents)) == ("pkcs7", sorted(ENCODED))


def test_beside_other_blocks_it_is_a_pem_file() -> None:
    contents = formats.read(SHOP.key_pem + ARMOURED, Passwords())

    assert (contents.format, len(contents.keys), found(contents)) == ("pem", 1, sorted(ENCODED))


def test_a_signed_message_gives_the_certificates_of_its_signer() -> None:
    assert isinstance(SHOP.private_key, ec.EllipticCurvePrivateKey)
    signed = (
        writer.PKCS7SignatureBuilder()
        .set_data(b"hello")
        .add_signer(SHOP.certificate, SHOP.private_key, hashes.SHA256())
        .sign(serialization.Encoding.DER, [])
    )

    assert found(pkcs7.read(signed)) == [SHOP.der]


def test_the_order_of_the_file_is_kept() -> None:
    contents = pkcs7.read(content_info(SIGNED_DATA, set_of(), der.encode(0xA0, b"".join(reversed(ENCODED)))))

    assert [entry.der for entry in contents.certificates] == ENCODED[::-1]


def test_indefinite_lengths_are_read() -> None:
    inner = b"\x30\x80\x02\x01\x01\xa0\x80" + ENCODED[0] + b"\0\0\0\0"
    data = b"\x30\x80" + oid(SIGNED_DATA) + b"\xa0\x80" + inner + b"\0\0\0\0"

    assert found(formats.read(data, Passwords())) == [ENCODED[0]]


def test_an_attribute_certificate_is_passed_over_with_a_note() -> None:
    contents = pkcs7.read(content_info(SIGNED_DATA, der.encode(0xA0, ENCODED[0] + der.encode(0xA2, b""))))

    assert (found(contents), len(contents.notes)) == ([ENCODED[0]], 1)


def test_an_odd_certificate_does_not_cost_the_others() -> None:
    odd = sequence(b"\x02\x01\x05")

    assert len(pkcs7.read(content_info(SIGNED_DATA, der.encode(0xA0, odd + ENCODED[0]))).certificates) == 2


def test_what_is_encrypted_to_somebody_is_not_read() -> None:
    with pytest.raises(AlgorithmUnsupportedError, match="enveloped"):
        formats.read(content_info("1.2.840.113549.1.7.3"), Passwords())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (content_info(SIGNED_DATA), "no certificate"),
        (content_info("1.2.840.113549.1.7.5"), "of the type"),
        (sequence(oid(SIGNED_DATA)), "malformed"),
        (CHAIN[:500], "ends at byte 500"),
        (CHAIN[:20], "ends at byte 20"),
        (ARMOURED[:200], "has no end"),
    ],
    ids=range(6),
)
def test_damage_is_named(data: bytes, message: str) -> None:
    with pytest.raises(InputUnreadableError, match=message):
        formats.read(data, Passwords())


def test_too_many_certificates_are_refused() -> None:
    data = content_info(SIGNED_DATA, der.encode(0xA0, b"\x30\x00" * (limits.MAX_CERTIFICATES + 1)))

    with pytest.raises(InputTooLargeError):
        formats.read(data, Passwords())


@pytest.mark.parametrize("name", ["openssl/pkcs7/chain.p7c", "openssl/pkcs7/chain.p7b", "gnutls/chain.p7b"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_mutation_gives_contents_or_an_error(name: str, data: st.DataObject) -> None:
    mutated = bytearray((FIXTURES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))

    try:
        contents = formats.read(bytes(mutated[: data.draw(st.integers(1, len(mutated)))]), Passwords())
    except CertkitError:
        return

    assert isinstance(contents, Contents)
