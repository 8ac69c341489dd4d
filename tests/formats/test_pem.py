"""Keys and certificates out of PEM, block by block."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from certkit import limits
from certkit.contents import CertificateEntry, Contents
from certkit.errors import (
    AlgorithmUnsupportedError,
    CertkitError,
    InputTooLargeError,
    InputUnreadableError,
    PasswordMissingError,
    PasswordWrongError,
)
from certkit.formats import pem
from certkit.password import Password, Passwords
from tests.formats import building as build
from tests.issuing import make_root

if TYPE_CHECKING:
    from tests.issuing import Issued

NONE = Passwords()
RIGHT = Passwords(Password(b"changeit"))


@pytest.fixture(scope="module")
def root() -> Issued:
    """A certificate, whichever."""
    return make_root()


def _block(label: str, content: bytes, head: str = "") -> bytes:
    return f"-----BEGIN {label}-----\n{head}{base64.encodebytes(content).decode()}-----END {label}-----\n".encode()


def _encrypted(password: bytes = b"changeit", iterations: int = 1) -> bytes:
    return _block("ENCRYPTED PRIVATE KEY", build.encrypted_key(build.pkcs8(), password, iterations))


def _dek(password: bytes = b"changeit") -> bytes:
    return build.private_key().private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(password)
    )


def _summary(contents: Contents) -> tuple[list[bytes], list[tuple[bytes, bool]]]:
    keys = [(build.key_der(entry.private_key), entry.was_encrypted) for entry in contents.keys]
    return [entry.der for entry in contents.certificates], keys


@pytest.mark.parametrize("label", ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"])
def test_a_certificate_is_read_under_each_of_its_labels(label: str, root: Issued) -> None:
    contents = pem.read(_block(label, root.der), NONE)

    assert contents == Contents("pem", (CertificateEntry(root.der),))


def test_the_settings_behind_a_trusted_certificate_are_left_out(root: Issued) -> None:
    settings = build.sequence(build.sequence(build.oid("1.3.6.1.5.5.7.3.1")))

    contents = pem.read(_block("TRUSTED CERTIFICATE", root.der + settings), NONE)

    assert contents.certificates == (CertificateEntry(root.der),)


def test_a_trusted_certificate_that_is_cut_off_is_malformed(root: Issued) -> None:
    with pytest.raises(InputUnreadableError, match="TRUSTED CERTIFICATE block at byte 0 is malformed"):
        pem.read(_block("TRUSTED CERTIFICATE", root.der[:-1]), NONE)


@pytest.mark.parametrize(
    "text",
    [
        _block("PRIVATE KEY", build.pkcs8()),
        build.private_key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        _block("EC PARAMETERS", build.oid("1.2.840.10045.3.1.7")) + _block("EC PRIVATE KEY", build.pkcs8()),
        _block("RSA PRIVATE KEY", build.pkcs8()),  # a label that is wrong, as some tools write it
        _block("ANY PRIVATE KEY", build.pkcs8()),
    ],
    ids=["pkcs8", "sec1", "with parameters", "wrong label", "any"],
)
def test_an_unencrypted_key_is_read_without_a_note(text: bytes) -> None:
    contents = pem.read(text, NONE)

    assert (_summary(contents), contents.notes) == (([], [(build.pkcs8(), False)]), ())


@pytest.mark.parametrize("text", [_encrypted(), _dek()], ids=["pkcs8", "dek"])
@pytest.mark.parametrize(
    "passwords",
    [RIGHT, Passwords(Password(b"another"), Password(b"changeit")), Passwords(None, Password(b"changeit"))],
    ids=["the bundle's", "its own", "its own alone"],
)
def test_an_encrypted_key_is_opened_with_its_password(text: bytes, passwords: Passwords) -> None:
    assert _summary(pem.read(text, passwords)) == ([], [(build.pkcs8(), True)])


BY_OPENSSL = [path.name for kind in ("pkcs8-*", "dek-*") for path in (build.FIXTURES / "openssl/pem").glob(kind)]


@pytest.mark.parametrize("name", sorted({*BY_OPENSSL} - {"pkcs8-unicode.pem"}))
def test_a_key_that_openssl_encrypted_is_opened(name: str) -> None:
    contents = pem.read((build.FIXTURES / "openssl/pem" / name).read_bytes(), RIGHT)

    assert [entry.was_encrypted for entry in contents.keys] == [True]


def test_a_key_under_the_empty_password_is_opened_without_one() -> None:
    assert _summary(pem.read(_encrypted(b""), NONE)) == ([], [(build.pkcs8(), True)])


@pytest.mark.parametrize("text", [_encrypted(), _dek()], ids=["pkcs8", "dek"])
def test_an_encrypted_key_without_a_password_asks_for_one(text: bytes) -> None:
    with pytest.raises(PasswordMissingError) as caught:
        pem.read(text, NONE)

    assert (caught.value.message, caught.value.hint) == (
        "the private key is encrypted and no password was given",
        "give it with --passin env:NAME or --passin file:PATH",
    )


@pytest.mark.parametrize("text", [_encrypted(), _dek()], ids=["pkcs8", "dek"])
@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (b"another", None),
        (b"changeit\n", "the password ends in a line end; without it, it fits"),
        (b"\xef\xbb\xbfchangeit", "the password begins with a byte order mark; without it, it fits"),
        (b" changeit", "the password has blanks around it; without it, it fits"),
    ],
)
def test_a_wrong_password_for_a_key_says_what_is_nearly_right(text: bytes, given: bytes, hint: str | None) -> None:
    with pytest.raises(PasswordWrongError) as caught:
        pem.read(text, Passwords(Password(given)))

    assert (caught.value.message, caught.value.hint) == ("the password of the private key is wrong", hint)


def test_a_password_for_a_key_under_the_empty_one_says_so() -> None:
    with pytest.raises(PasswordWrongError) as caught:
        pem.read(_encrypted(b""), RIGHT)

    assert caught.value.hint == "the empty password opens it: give none"


def test_looking_for_what_was_meant_stops_where_the_budget_ends() -> None:
    with pytest.raises(PasswordWrongError) as caught:
        pem.read(_encrypted(iterations=1_000), Passwords(Password(b"changeit\n")), 1_999)

    assert caught.value.hint is None


def test_no_password_and_the_empty_one_cost_one_derivation() -> None:
    with pytest.raises(PasswordMissingError):
        pem.read(_encrypted(iterations=1_000), NONE, 1_000)


@pytest.mark.parametrize("passwords", [NONE, RIGHT], ids=["none", "right"])
def test_a_key_that_costs_more_than_the_budget_is_refused(passwords: Passwords) -> None:
    with pytest.raises(InputTooLargeError, match="takes 1,000 iterations, with 999 of 999 left"):
        pem.read(_encrypted(iterations=1_000), passwords, 999)


def test_keys_share_one_budget() -> None:
    with pytest.raises(InputTooLargeError):
        pem.read(_encrypted(iterations=1_000) * 2, RIGHT, 1_999)


@pytest.mark.parametrize("cost", [(2**30, 8, 1), (16, 8, 2**20), (2**62, 2**62, 2**62)])
def test_scrypt_without_bounds_is_refused(cost: tuple[int, int, int]) -> None:
    encrypted = build.sequence(build.pbes2(derivation=build.scrypt(*cost)), build.octets(bytes(16)))

    with pytest.raises(InputTooLargeError):
        pem.read(_block("ENCRYPTED PRIVATE KEY", encrypted), RIGHT)


@pytest.mark.parametrize("cost", [(3, 8, 1), (2, 0, 1)])
def test_scrypt_that_cannot_be_is_malformed(cost: tuple[int, int, int]) -> None:
    encrypted = build.sequence(build.pbes2(derivation=build.scrypt(*cost)), build.octets(bytes(16)))

    with pytest.raises(InputUnreadableError):
        pem.read(_block("ENCRYPTED PRIVATE KEY", encrypted), RIGHT)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (_block("ENCRYPTED PRIVATE KEY", build.pkcs8()), "ENCRYPTED PRIVATE KEY"),
        (_block("ENCRYPTED PRIVATE KEY", b"no ASN.1"), "ENCRYPTED PRIVATE KEY"),
        (
            _block("ENCRYPTED PRIVATE KEY", build.sequence(build.pbes2(), build.octets(bytes(17)))),
            "ENCRYPTED PRIVATE KEY",
        ),
        (_block("RSA PRIVATE KEY", bytes(16), "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC\n\n"), "RSA PRIVATE KEY"),
        (_dek()[:200] + _dek()[210:], "EC PRIVATE KEY"),
    ],
    ids=["not encrypted", "no asn.1", "no whole blocks", "no vector", "bytes lost"],
)
def test_an_encrypted_key_that_is_damaged_is_told_from_a_wrong_password(text: bytes, label: str) -> None:
    with pytest.raises(InputUnreadableError, match=f"the {label} block at byte 0 is malformed"):
        pem.read(text, RIGHT)


@pytest.mark.parametrize(
    "text",
    [
        _block("RSA PRIVATE KEY", bytes(16), "Proc-Type: 4,ENCRYPTED\nDEK-Info: ROT-13,00\n\n"),
        _block("ENCRYPTED PRIVATE KEY", build.sequence(build.pbes2(cipher="1.2.3"), build.octets(bytes(16)))),
    ],
    ids=["dek", "pkcs8"],
)
def test_a_key_under_an_unknown_cipher_is_unsupported(text: bytes) -> None:
    with pytest.raises(AlgorithmUnsupportedError):
        pem.read(text, RIGHT)


@pytest.mark.parametrize(
    "label",
    ["CERTIFICATE REQUEST", "X509 CRL", "DH PARAMETERS", "PUBLIC KEY", "PGP PUBLIC KEY BLOCK"],
)
def test_what_is_neither_key_nor_certificate_is_passed_over_with_a_note(label: str, root: Issued) -> None:
    contents = pem.read(_block(label, b"whatever") + root.pem, NONE)

    assert contents == Contents(
        "pem",
        (CertificateEntry(root.der),),
        notes=(f"passed-over: a {label} block, which is neither key nor certificate",),
    )


def test_the_content_of_what_is_passed_over_may_be_no_base64(root: Issued) -> None:
    armour = b"-----BEGIN PGP SIGNATURE-----\nVersion: 1\n\niQ=x$\n=abcd\n-----END PGP SIGNATURE-----\n"

    assert pem.read(armour + root.pem, NONE).certificates == (CertificateEntry(root.der),)


def test_pem_without_key_and_certificate_is_unreadable() -> None:
    with pytest.raises(InputUnreadableError, match="neither a certificate nor a private key"):
        pem.read(_block("X509 CRL", b"list"), NONE)


@pytest.mark.parametrize("text", [_encrypted(), _dek(), _block("PRIVATE KEY", b"no key at all")])
def test_keys_that_are_not_wanted_are_not_looked_at(text: bytes, root: Issued) -> None:
    contents = pem.read(text + root.pem, NONE, wants_keys=False)

    assert contents == Contents("pem", (CertificateEntry(root.der),))


def test_as_many_keys_as_are_allowed_are_read() -> None:
    contents = pem.read(_block("PRIVATE KEY", build.pkcs8()) * limits.MAX_KEYS, NONE)

    assert len(contents.keys) == limits.MAX_KEYS


def test_more_keys_than_are_allowed_are_refused() -> None:
    with pytest.raises(InputTooLargeError, match="more than 32 private keys"):
        pem.read(_block("PRIVATE KEY", build.pkcs8()) * 33, NONE)


def test_more_certificates_than_are_allowed_are_refused() -> None:
    with pytest.raises(InputTooLargeError, match="more than 10,000 certificates"):
        pem.read(_block("CERTIFICATE", b"\x30\x00") * 10_001, NONE)


def test_a_file_cut_anywhere_is_read_or_refused(root: Issued) -> None:
    text = root.pem + _encrypted()

    for end in range(len(text)):
        try:
            contents = pem.read(text[:end], RIGHT)
        except CertkitError:
            continue
        assert contents.certificates == (CertificateEntry(root.der),)


def test_neither_contents_nor_errors_show_a_secret() -> None:
    secret, password = build.pkcs8(), b"hunter2-hunter2"
    contents = pem.read(_encrypted(password), Passwords(Password(password)))
    with pytest.raises(PasswordWrongError) as caught:
        pem.read(_encrypted(password), Passwords(Password(password + b"\n")))

    shown = repr(contents) + repr(caught.value) + str(caught.value) + str(caught.value.hint)

    assert "hunter2" not in shown
    assert not any(text in shown for text in (repr(secret)[2:-1], secret.hex(), base64.b64encode(secret).decode()))
