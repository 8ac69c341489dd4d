"""Private keys under `DEK-Info`, as openssl encrypted them before PKCS#8."""

import hashlib

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish, TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from certkit.errors import AlgorithmUnsupportedError
from certkit.formats import dek, der
from certkit.formats.ciphers import WrongPasswordOrDamageError
from certkit.password import Password
from tests.formats import building as build

PASSWORD = Password(b"changeit")
_VECTOR = bytes(range(16))


def _key(size: int, vector: bytes) -> bytes:
    key = chunk = b""
    while len(key) < size:
        chunk = hashlib.md5(chunk + b"changeit" + vector[:8], usedforsecurity=False).digest()
        key += chunk
    return key[:size]


def _encrypt(algorithm: BlockCipherAlgorithm, plain: bytes, vector: bytes) -> bytes:
    padder, encryptor = PKCS7(algorithm.block_size).padder(), Cipher(algorithm, modes.CBC(vector)).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()


@pytest.mark.parametrize(
    ("name", "algorithm", "size", "block"),
    [
        ("AES-128-CBC", algorithms.AES, 16, 16),
        ("AES-256-CBC", algorithms.AES, 32, 16),
        ("DES-EDE3-CBC", TripleDES, 24, 8),
        ("BF-CBC", Blowfish, 16, 8),
    ],
)
def test_a_key_is_decrypted_under_the_cipher_that_its_header_names(
    name: str, algorithm: type[algorithms.AES | TripleDES | Blowfish], size: int, block: int
) -> None:
    vector = _VECTOR[:block]
    ciphertext = _encrypt(algorithm(_key(size, vector)), build.pkcs8(), vector)

    plain = dek.decrypt(f" {name},{vector.hex().upper()} ", ciphertext, PASSWORD)

    assert plain == build.pkcs8()


def _aes(plain: bytes) -> bytes:
    return _encrypt(algorithms.AES(_key(32, _VECTOR)), plain, _VECTOR)


@pytest.mark.parametrize("plain", [b"no ASN.1 at all", build.integer(1), build.pkcs8() + b"\0"])
def test_what_decrypts_to_no_key_means_another_password_or_damage(plain: bytes) -> None:
    with pytest.raises(WrongPasswordOrDamageError):
        dek.decrypt(f"AES-256-CBC,{_VECTOR.hex()}", _aes(plain), PASSWORD)


def test_a_wrong_password_does_not_pass_for_the_right_one() -> None:
    with pytest.raises(WrongPasswordOrDamageError):
        dek.decrypt(f"AES-256-CBC,{_VECTOR.hex()}", _aes(build.pkcs8()), Password(b"another"))


@pytest.mark.parametrize("info", ["AES-256-CBC", "AES-256-CBC,", "AES-256-CBC,xyz", "AES-256-CBC,0011"])
def test_a_header_without_its_vector_is_malformed(info: str) -> None:
    with pytest.raises(der.MalformedError, match="no vector"):
        dek.decrypt(info, bytes(16), PASSWORD)


def test_a_ciphertext_that_lacks_bytes_is_malformed() -> None:
    with pytest.raises(der.MalformedError, match="whole blocks"):
        dek.decrypt(f"AES-256-CBC,{_VECTOR.hex()}", bytes(17), PASSWORD)


def test_a_cipher_that_is_not_known_is_named() -> None:
    with pytest.raises(AlgorithmUnsupportedError, match="'ROT-13'"):
        dek.decrypt("ROT-13,00", bytes(16), PASSWORD)
