"""The ciphers by their names, and the padding behind what they encrypted."""

import pytest

from certkit.errors import AlgorithmUnsupportedError
from certkit.formats import ciphers, der


@pytest.mark.parametrize(
    ("name", "key_bytes", "vector_bytes"),
    [
        ("DES-CBC", 8, 8),
        ("DES-EDE-CBC", 16, 8),
        ("DES-EDE3-CBC", 24, 8),
        ("AES-128-CBC", 16, 16),
        ("AES-192-CBC", 24, 16),
        ("AES-256-CBC", 32, 16),
        ("CAMELLIA-128-CBC", 16, 16),
        ("CAMELLIA-192-CBC", 24, 16),
        ("CAMELLIA-256-CBC", 32, 16),
        ("SEED-CBC", 16, 16),
        ("RC2-CBC", 16, 8),
        ("RC2-64-CBC", 8, 8),
        ("RC2-40-CBC", 5, 8),
        ("BF-CBC", 16, 8),
        ("CAST5-CBC", 16, 8),
        ("IDEA-CBC", 16, 8),
        ("aes-128-cbc", 16, 16),
    ],
)
def test_a_cipher_that_openssl_names_decrypts(name: str, key_bytes: int, vector_bytes: int) -> None:
    cipher = ciphers.by_name(name)

    assert cipher is not None
    assert (cipher.key_bytes, cipher.vector_bytes, cipher.is_native) == (key_bytes, vector_bytes, True)
    assert len(cipher.decrypt(bytes(key_bytes), bytes(vector_bytes), bytes(16))) == 16


# FIPS 197 appendix C.3; RFC 3713 appendix A; RFC 4269 appendix B.1; FIPS 81 appendix B, with DES three times over
@pytest.mark.parametrize(
    ("name", "key", "plain", "ciphertext"),
    [
        (
            "AES-256-CBC",
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "00112233445566778899aabbccddeeff",
            "8ea2b7ca516745bfeafc49904b496089",
        ),
        (
            "CAMELLIA-128-CBC",
            "0123456789abcdeffedcba9876543210",
            "0123456789abcdeffedcba9876543210",
            "67673138549669730857065648eabe43",
        ),
        ("SEED-CBC", "00" * 16, "000102030405060708090a0b0c0d0e0f", "5ebac6e0054e166819aff1cc6d346cdb"),
        ("DES-CBC", "0123456789abcdef", "4e6f772069732074", "3fa40e8a984d4815"),
        ("DES-EDE-CBC", "0123456789abcdef" * 2, "4e6f772069732074", "3fa40e8a984d4815"),
    ],
)
def test_a_cipher_decrypts_its_published_vector(name: str, key: str, plain: str, ciphertext: str) -> None:
    cipher = ciphers.by_name(name)

    assert cipher is not None
    decrypted = cipher.decrypt(bytes.fromhex(key), bytes(cipher.vector_bytes), bytes.fromhex(ciphertext))
    assert decrypted.hex() == plain


def test_a_cipher_of_another_name_is_not_known() -> None:
    assert ciphers.by_name("ROT-13") is None


@pytest.mark.parametrize(("oid", "name"), [("2.16.840.1.101.3.4.1.46", "AES-256-GCM"), ("1.2.3", "1.2.3")])
def test_a_cipher_that_is_not_supported_has_a_name(oid: str, name: str) -> None:
    assert (ciphers.by_oid(oid), ciphers.name_of_unsupported(oid)) == (None, name)


def test_a_cipher_that_openssl_alone_has_decrypts_nothing_here() -> None:
    cipher = ciphers.by_oid("1.2.410.200046.1.1.12")

    assert cipher is not None
    assert (cipher.name, cipher.is_native) == ("ARIA-256-CBC", False)
    with pytest.raises(AlgorithmUnsupportedError):
        cipher.decrypt(b"", b"", b"")


def _cipher_that_gives(plain: bytes) -> ciphers.CbcCipher:
    return ciphers.CbcCipher("X", 8, 8, lambda _key, _vector, _text: plain)


@pytest.mark.parametrize(
    ("plain", "content"),
    [(b"1234567\x01", b"1234567"), (b"\x08" * 8, b""), (b"12345678" + b"\x08" * 8, b"12345678")],
)
def test_padding_is_taken_off(plain: bytes, content: bytes) -> None:
    decrypted = ciphers.decrypt_padded(_cipher_that_gives(plain), b"", b"", bytes(len(plain)))

    assert decrypted == content


@pytest.mark.parametrize("plain", [b"1234567\x00", b"1234567\x09", b"123456\x03\x02", b"1234567\xff"])
def test_padding_that_is_none_means_another_password_or_damage(plain: bytes) -> None:
    with pytest.raises(ciphers.WrongPasswordOrDamageError):
        ciphers.decrypt_padded(_cipher_that_gives(plain), b"", b"", bytes(8))


@pytest.mark.parametrize("ciphertext", [b"", bytes(7), bytes(9)])
def test_a_ciphertext_without_whole_blocks_lacks_bytes(ciphertext: bytes) -> None:
    with pytest.raises(der.MalformedError, match="whole blocks"):
        ciphers.decrypt_padded(_cipher_that_gives(bytes(8)), b"", b"", ciphertext)


def test_a_stream_cipher_has_no_padding() -> None:
    assert (
        ciphers.decrypt_padded(ciphers.rc4_cipher(40), b"Key", b"", bytes.fromhex("bbf316e8d940af0ad3")) == b"Plaintext"
    )
