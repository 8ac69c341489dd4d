"""A bundle to one file, and what openssl makes of it."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ed448, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from certkit import formats
from certkit.contents import PrivateKey
from certkit.errors import AlgorithmUnsupportedError, PasswordWrongError, UsageError
from certkit.formats import writing
from certkit.formats.keys import KeyFormat
from certkit.password import Password, Passwords
from tests.issuing import Issued, Request, make_chain

OPENSSL: Final = shutil.which("openssl") or ""
PASSWORD: Final = Password(b"correct horse")
KINDS: Final = ("RSA_2048", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "EC_secp256k1", "Ed25519", "DSA_2048")

needs_openssl = pytest.mark.skipif(not OPENSSL, reason="the openssl program is not installed")


def chain(kind: str = "EC_prime256v1") -> Issued:
    """A leaf with a key of this kind, under an intermediate and a root."""
    return make_chain(leaf=Request(key=(kind, 0)))


def key_of(issued: Issued) -> PrivateKey:
    """Its private key, of a kind that certkit reads."""
    key = issued.private_key
    assert isinstance(key, PrivateKey)
    return key


def as_pfx(
    issued: Issued, password: Password = PASSWORD, alias: str | None = None, *, is_legacy: bool = False
) -> bytes:
    """The leaf, its whole chain and its key as a PFX."""
    certificates = [issued.certificate, *(one.certificate for one in issued.issuers)]
    return writing.to_pfx(key_of(issued), certificates, password, alias, is_legacy=is_legacy)


def pkcs8(key: PrivateKey) -> bytes:
    """A private key in the one form that tells it from any other."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("is_legacy", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_pfx_holds_what_was_put_into_it(kind: str, is_legacy: bool) -> None:
    issued = chain(kind)

    contents = formats.read(as_pfx(issued, is_legacy=is_legacy), Passwords(PASSWORD))

    assert [pkcs8(entry.private_key) for entry in contents.keys] == [pkcs8(key_of(issued))]
    assert [entry.der for entry in contents.certificates] == [one.der for one in (issued, *issued.issuers)]
    assert contents.notes == ()


def test_a_key_that_no_pfx_is_written_with_is_refused() -> None:
    issued = chain()

    with pytest.raises(AlgorithmUnsupportedError) as caught:
        writing.to_pfx(x25519.X25519PrivateKey.generate(), [issued.certificate], PASSWORD, None, is_legacy=False)

    assert caught.value.message == "a PFX with an X25519 key is not written"


def test_a_pfx_is_locked_with_aes_and_sha_256() -> None:
    protection = formats.protection(as_pfx(chain()))

    scheme = {"cipher": "AES-256-CBC", "kdf": "PBKDF2-HMAC-SHA256", "iterations": 2048}
    assert protection == {
        "mac": {"algorithm": "HMAC-SHA256", "kdf": "PKCS12-SHA256", "iterations": 2048},
        "bags": [{"content": "encrypted", **scheme}, {"content": "key", **scheme}],
    }


def test_a_legacy_pfx_is_locked_with_triple_des_and_sha_1() -> None:
    protection = formats.protection(as_pfx(chain(), is_legacy=True))

    scheme = {"cipher": "DES-EDE3-CBC", "kdf": "PKCS12-SHA1", "iterations": 2048}
    assert protection == {
        "mac": {"algorithm": "HMAC-SHA1", "kdf": "PKCS12-SHA1", "iterations": 2048},
        "bags": [{"content": "encrypted", **scheme}, {"content": "key", **scheme}],
    }


def test_two_pfx_of_one_bundle_are_salted_apart() -> None:
    issued = chain()

    assert as_pfx(issued) != as_pfx(issued)


def test_another_password_does_not_open_it() -> None:
    with pytest.raises(PasswordWrongError):
        formats.read(as_pfx(chain()), Passwords(Password(b"wrong")))


@given(word=st.text(min_size=1, max_size=40), is_legacy=st.booleans())
def test_any_password_that_is_text_opens_what_it_locked(word: str, is_legacy: bool) -> None:
    password = Password(word.encode("utf-8", "replace"))

    contents = formats.read(as_pfx(chain(), password, is_legacy=is_legacy), Passwords(password))

    assert len(contents.keys) == 1


@pytest.mark.parametrize("is_legacy", [False, True])
def test_a_password_that_is_not_utf_8_is_refused_without_being_told(is_legacy: bool) -> None:
    with pytest.raises(UsageError, match=r"^the password of a PFX must be UTF-8$"):
        as_pfx(chain(), Password(b"p\xe4ss"), is_legacy=is_legacy)


@pytest.mark.parametrize("alias", ["shop", "Käse & Straße ✓", "商店", "😀", "x" * 3000])
def test_the_friendly_name_stands_at_key_and_leaf_and_at_no_other(alias: str) -> None:
    issued = chain()

    contents = formats.read(as_pfx(issued, alias=alias), Passwords(PASSWORD))

    assert [entry.alias for entry in contents.keys] == [alias]
    assert [entry.alias for entry in contents.certificates] == [alias, None, None]


@pytest.mark.parametrize("alias", [None, ""])
def test_a_pfx_without_a_friendly_name_has_none(alias: str | None) -> None:
    contents = formats.read(as_pfx(chain(), alias=alias), Passwords(PASSWORD))

    assert {entry.alias for entry in contents.keys} | {entry.alias for entry in contents.certificates} == {None}


@pytest.mark.parametrize("kind", ["RSA_2048", "EC_prime256v1"])
def test_a_pem_is_the_key_then_the_certificates_leaf_first(kind: str) -> None:
    issued = chain(kind)
    certificates = [issued.certificate, issued.issuers[0].certificate]

    traditional, modern = (writing.to_pem(key_of(issued), certificates, form) for form in KeyFormat)

    assert traditional == issued.traditional_key_pem + issued.pem + issued.issuers[0].pem
    assert modern == issued.key_pem + issued.pem + issued.issuers[0].pem


def test_a_key_without_a_traditional_form_is_written_as_pkcs8() -> None:
    key = ed448.Ed448PrivateKey.generate()

    pem = writing.to_pem(key, [], KeyFormat.TRADITIONAL)

    assert pem.startswith(b"-----BEGIN PRIVATE KEY-----\n")


def test_a_p7b_holds_the_certificates_and_nothing_else() -> None:
    issued = chain()
    certificates = [issued.certificate, *(one.certificate for one in issued.issuers)]

    contents = formats.read(writing.to_p7b(certificates), Passwords())

    assert sorted(entry.der for entry in contents.certificates) == sorted(one.der for one in (issued, *issued.issuers))
    assert contents.keys == ()


def openssl(*arguments: str | Path, password: str = "") -> bytes:
    """Runs openssl, which has to succeed; the password is `env:WORD`."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "WORD": password}
    done = subprocess.run((OPENSSL, *arguments), capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def blocks(pem: bytes) -> list[bytes]:
    """The certificates in what openssl writes, attributes left out."""
    return re.findall(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", pem, re.DOTALL)


@pytest.mark.interop
@needs_openssl
@pytest.mark.parametrize("is_legacy", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_openssl_opens_a_pfx(tmp_path: Path, kind: str, is_legacy: bool) -> None:
    issued = chain(kind)
    path = tmp_path / "shop.pfx"
    path.write_bytes(as_pfx(issued, Password("pässwörd-✓".encode()), "Käse", is_legacy=is_legacy))
    options = ("-in", path, "-passin", "env:WORD", *(("-legacy",) if is_legacy else ()))

    key = openssl("pkcs12", *options, "-nocerts", "-nodes", password="pässwörd-✓")
    leaf = openssl("pkcs12", *options, "-nokeys", "-clcerts", password="pässwörd-✓")
    others = openssl("pkcs12", *options, "-nokeys", "-cacerts", password="pässwörd-✓")

    assert key.partition(b"-----BEGIN")[2] == issued.key_pem.partition(b"-----BEGIN")[2]
    assert blocks(leaf) == [issued.pem]
    assert sorted(blocks(others)) == sorted(one.pem for one in issued.issuers)


@pytest.mark.interop
@needs_openssl
def test_openssl_opens_a_p7b(tmp_path: Path) -> None:
    issued = chain()
    path = tmp_path / "shop.p7b"
    path.write_bytes(writing.to_p7b([issued.certificate, issued.issuers[0].certificate]))

    printed = openssl("pkcs7", "-in", path, "-print_certs")

    assert sorted(blocks(printed)) == sorted([issued.pem, issued.issuers[0].pem])
