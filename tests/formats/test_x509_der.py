"""DER without armour: certificates and keys, told apart by their shape."""

import base64
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit import formats, limits
from certkit.contents import Contents
from certkit.errors import (
    CertkitError,
    InputTooLargeError,
    InputUnreadableError,
    PasswordMissingError,
    PasswordWrongError,
)
from certkit.formats import der, x509_der
from certkit.formats.x509_der import Kind
from certkit.password import Password, Passwords
from tests.formats.building import encrypted_key, pbes2, pkcs8, sequence
from tests.issuing import NOT_AFTER, NOT_BEFORE, Issued, Request, as_version_1, make_chain, make_key, self_signed

FIXTURES: Final = Path(__file__).parents[2] / "fixtures" / "openssl" / "der"
SHOP: Final = make_chain()
ENDLESS: Final = sequence(pbes2(limits.MAX_ITERATIONS + 1), der.encode(der.OCTET_STRING, bytes(64)))
GIVEN: Final = Passwords(Password(b"changeit"))


def key_der(issued: Issued, form: PrivateFormat) -> bytes:
    return issued.private_key.private_bytes(Encoding.DER, form, NoEncryption())


def request_der() -> bytes:
    assert isinstance(SHOP.private_key, ec.EllipticCurvePrivateKey)
    builder = x509.CertificateSigningRequestBuilder().subject_name(SHOP.certificate.subject)
    return builder.sign(SHOP.private_key, hashes.SHA256()).public_bytes(Encoding.DER)


def revocations_der() -> bytes:
    assert isinstance(SHOP.private_key, ec.EllipticCurvePrivateKey)
    builder = x509.CertificateRevocationListBuilder().issuer_name(SHOP.certificate.subject)
    return (
        builder.last_update(NOT_BEFORE)
        .next_update(NOT_AFTER)
        .sign(SHOP.private_key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )


def public_key_der(form: PublicFormat, algorithm: str = "EC_prime256v1") -> bytes:
    return make_key(algorithm).public_key().public_bytes(Encoding.DER, form)


def version_1_der() -> bytes:
    root = self_signed(Request())
    return x509.load_pem_x509_certificate(as_version_1(root)).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("encoded", "kind"),
    [
        (SHOP.der, Kind.CERTIFICATE),
        (version_1_der(), Kind.CERTIFICATE),
        (sequence(SHOP.issuer.der if SHOP.issuer else b"", SHOP.der), Kind.PKI_PATH),
        (key_der(SHOP, PrivateFormat.PKCS8), Kind.KEY),
        (key_der(SHOP, PrivateFormat.TraditionalOpenSSL), Kind.KEY),
        (pkcs8(0, "RSA_2048"), Kind.KEY),
        (pkcs8(0, "Ed25519"), Kind.KEY),
        (pkcs8(0, "DSA_2048"), Kind.KEY),
        ((FIXTURES / "pkcs1.key").read_bytes(), Kind.KEY),
        (make_key("DSA_2048").private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()), Kind.KEY),
        (encrypted_key(pkcs8(), b"changeit"), Kind.ENCRYPTED_KEY),
        (request_der(), Kind.REQUEST),
        (revocations_der(), Kind.REVOCATION_LIST),
        (public_key_der(PublicFormat.SubjectPublicKeyInfo), Kind.PUBLIC_KEY),
        (public_key_der(PublicFormat.PKCS1, "RSA_2048"), Kind.PUBLIC_KEY),
        (sequence(b"\x06\x01\x2a"), Kind.PKCS7),
        (sequence(sequence(sequence(), b"\x04\x00"), sequence()), Kind.BCFKS),
        (sequence(), Kind.UNKNOWN),
        (sequence(sequence(sequence())), Kind.UNKNOWN),
    ],
    ids=range(19),
)
def test_kinds_are_told_by_their_shape(encoded: bytes, kind: Kind) -> None:
    assert x509_der.kind_of(der.read_all(encoded)) is kind


def test_concatenated_certificates_are_read_in_their_order() -> None:
    contents = formats.read(SHOP.der + SHOP.issuers[0].der + b"\r\n", Passwords())

    assert (contents.format, [entry.der for entry in contents.certificates], contents.notes) == (
        "der",
        [SHOP.der, SHOP.issuers[0].der],
        (),
    )


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_keys_are_read_in_every_form(form: PrivateFormat) -> None:
    (entry,) = formats.read(key_der(SHOP, form), Passwords()).keys

    assert (entry.private_key.public_key(), entry.was_encrypted) == (SHOP.private_key.public_key(), False)


def test_a_small_key_is_der_too() -> None:
    assert formats.read(pkcs8(0, "Ed25519"), Passwords()).keys


def test_a_certificate_and_its_key_may_stand_behind_each_other() -> None:
    contents = formats.read(SHOP.der + key_der(SHOP, PrivateFormat.PKCS8), Passwords())

    assert (len(contents.certificates), len(contents.keys)) == (1, 1)


def test_a_path_is_all_its_certificates() -> None:
    assert len(formats.read(sequence(SHOP.issuers[0].der, SHOP.der), Passwords()).certificates) == 2


def test_pkcs7_may_stand_behind_a_certificate() -> None:
    chain = (FIXTURES.parent / "pkcs7" / "chain.p7c").read_bytes()

    assert len(formats.read(SHOP.der + chain, Passwords()).certificates) == 4


@pytest.mark.parametrize(
    "armour", [base64.b64encode, base64.encodebytes, lambda data: base64.b64encode(data) + b"\r\n"]
)
def test_base64_without_armour_is_read(armour: object) -> None:
    assert callable(armour)

    contents = formats.read(armour(SHOP.der), Passwords())

    assert [entry.der for entry in contents.certificates] == [SHOP.der]


def test_an_encrypted_key_is_opened_with_its_password() -> None:
    assert isinstance(SHOP.private_key, ec.EllipticCurvePrivateKey)
    data = SHOP.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(b"changeit"))

    (entry,) = formats.read(data, GIVEN).keys

    assert entry.was_encrypted


def test_an_encrypted_key_without_a_password_is_locked() -> None:
    with pytest.raises(PasswordMissingError):
        formats.read(encrypted_key(pkcs8(), b"changeit"), Passwords())


def test_an_encrypted_key_under_another_password_stays_locked() -> None:
    with pytest.raises(PasswordWrongError):
        formats.read(encrypted_key(pkcs8(), b"another"), GIVEN)


def test_a_locked_key_that_is_not_wanted_is_passed_over() -> None:
    contents = formats.read(encrypted_key(pkcs8(), b"changeit"), Passwords(), wants_keys=False)

    assert (contents.format, contents.certificates, contents.keys) == ("der", (), ())


def test_what_is_neither_key_nor_certificate_is_noted_beside_one() -> None:
    assert formats.read(SHOP.der + request_der(), Passwords()).notes == ("passed-over: a certificate request",)


def test_the_trust_settings_of_openssl_are_noted() -> None:
    settings_of_openssl = sequence(sequence(b"\x06\x01\x2a"))

    contents = formats.read(SHOP.der + settings_of_openssl, Passwords())

    assert (len(contents.certificates), len(contents.notes)) == (1, 1)


def test_bytes_behind_are_noted() -> None:
    assert formats.read(SHOP.der + b"junk", Passwords()).notes == (
        "trailing-bytes: 4 bytes behind the last value were not read",
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (request_der(), "it is a certificate request"),
        (revocations_der(), "it is a certificate revocation list"),
        (public_key_der(PublicFormat.SubjectPublicKeyInfo), "it is a public key"),
        (sequence(sequence()), "it is DER, and neither"),
        (SHOP.der[:100], "ends at byte 100"),
        (SHOP.der + SHOP.der[:100], "truncated"),
        (key_der(SHOP, PrivateFormat.PKCS8)[:-1], "truncated"),
        (sequence(b"\x02\x09\x01"), "malformed|truncated"),
    ],
    ids=range(8),
)
def test_what_cannot_be_used_is_named(data: bytes, message: str) -> None:
    with pytest.raises(InputUnreadableError, match=message):
        formats.read(data, Passwords())


@pytest.mark.parametrize(
    "data",
    [
        SHOP.der * (limits.MAX_KEYS + 1) + key_der(SHOP, PrivateFormat.PKCS8) * (limits.MAX_KEYS + 1),
        sequence(sequence(), sequence(), b"\x03\x01\x00") * (limits.MAX_CERTIFICATES + 1),
        sequence(b"\x02\x01\x00", sequence(), der.encode(der.OCTET_STRING, bytes(limits.MAX_ENCRYPTED_KEY_BYTES))),
        sequence() + sequence(sequence()) * (limits.MAX_CERTIFICATES + limits.MAX_KEYS),
        ENDLESS,
    ],
    ids=["keys", "certificates", "bytes", "values", "iterations"],
)
def test_what_costs_too_much_is_refused(data: bytes) -> None:
    with pytest.raises(InputTooLargeError):
        formats.read(data, GIVEN)


@pytest.mark.parametrize("kind", ["RSA_2048", "EC_secp384r1", "Ed25519"])
def test_the_public_key_of_a_certificate_is_found_without_parsing_the_rest(kind: str) -> None:
    issued = self_signed(Request(key=(kind, 0)))
    damaged = issued.der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020101"))

    found = x509_der.public_key_info(damaged).encoded

    assert found == issued.private_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_the_public_key_of_a_certificate_without_a_version_is_found() -> None:
    issued = self_signed(Request())
    (entry,) = formats.read(as_version_1(issued), Passwords()).certificates

    found = x509_der.public_key_info(entry.der).encoded

    assert found == x509_der.public_key_info(issued.der).encoded


@pytest.mark.parametrize(
    ("kind", "oid"),
    [
        ("RSA_2048", "1.2.840.113549.1.1.1"),
        ("EC_prime256v1", "1.2.840.10045.3.1.7"),
        ("EC_secp256k1", "1.3.132.0.10"),
        ("Ed25519", "1.3.101.112"),
    ],
)
def test_the_kind_of_a_key_is_its_curve_where_it_has_one(kind: str, oid: str) -> None:
    assert x509_der.key_kind(self_signed(Request(key=(kind, 0))).der) == oid


@pytest.mark.parametrize("encoded", [b"", b"junk", sequence(), sequence(sequence(b"\x02\x01\x00"))])
def test_what_is_no_certificate_has_no_public_key(encoded: bytes) -> None:
    with pytest.raises(ValueError, match=r"value|unpack"):
        x509_der.public_key_info(encoded)
    assert x509_der.key_kind(encoded) is None


@pytest.mark.parametrize("name", ["leaf.cer", "concatenated.cer", "pkcs1.key", "sec1.key", "pkcs8-encrypted.key"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_mutation_gives_contents_or_an_error(name: str, data: st.DataObject) -> None:
    mutated = bytearray((FIXTURES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))

    try:
        contents = x509_der.read(bytes(mutated[: data.draw(st.integers(1, len(mutated)))]), GIVEN)
    except CertkitError:
        return

    assert isinstance(contents, Contents)
