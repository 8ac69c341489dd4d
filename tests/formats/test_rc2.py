"""RC2 and RC4 against published vectors."""

import pytest

from certkit.formats.rc2 import decrypt_rc2_cbc, decrypt_rc4

_LONG_KEY = "88bca90e90875a7f0f79c384627bafb2"


@pytest.mark.parametrize(
    ("key", "bits", "plain", "ciphertext"),
    [
        ("0000000000000000", 63, "0000000000000000", "ebb773f993278eff"),
        ("ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"),
        ("3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"),
        ("88", 64, "0000000000000000", "61a8a244adacccf0"),
        ("88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"),
        (_LONG_KEY, 64, "0000000000000000", "1a807d272bbe5db1"),
        (_LONG_KEY, 128, "0000000000000000", "2269552ab0f85ca6"),
        (_LONG_KEY + "16f80a6f85920584c42fceb0be255daf1e", 129, "0000000000000000", "5b78d3a43dfff1f1"),
    ],
)
def test_rc2_decrypts_what_rfc_2268_encrypts(key: str, bits: int, plain: str, ciphertext: str) -> None:
    decrypted = decrypt_rc2_cbc(bytes.fromhex(key), bits, bytes(8), bytes.fromhex(ciphertext))

    assert decrypted.hex() == plain


def test_each_block_is_chained_to_the_one_before() -> None:
    block = bytes.fromhex("2269552ab0f85ca6")

    decrypted = decrypt_rc2_cbc(bytes.fromhex(_LONG_KEY), 128, b"\xff" * 8, block * 2)

    assert decrypted == b"\xff" * 8 + block


@pytest.mark.parametrize(("vector", "ciphertext"), [(bytes(8), bytes(7)), (bytes(7), bytes(8))])
def test_rc2_takes_whole_blocks_alone(vector: bytes, ciphertext: bytes) -> None:
    with pytest.raises(ValueError, match="whole blocks"):
        decrypt_rc2_cbc(b"12345", 40, vector, ciphertext)


@pytest.mark.parametrize(
    ("key", "plain", "ciphertext"),
    [
        (b"Key", b"Plaintext", "bbf316e8d940af0ad3"),
        (b"Wiki", b"pedia", "1021bf0420"),
        (b"Secret", b"Attack at dawn", "45a01f645fc35b383552544b9bf5"),
        (b"Key", b"", ""),
    ],
)
def test_rc4_decrypts_the_usual_vectors(key: bytes, plain: bytes, ciphertext: str) -> None:
    assert decrypt_rc4(key, bytes.fromhex(ciphertext)) == plain
