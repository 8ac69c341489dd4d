"""The ciphers that keys and bundles are encrypted with, by OID and by openssl's name; for decryption only."""

from collections.abc import Callable
from typing import Final, NamedTuple

from cryptography.hazmat.decrepit.ciphers.algorithms import CAST5, IDEA, SEED, Blowfish, Camellia, TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, algorithms, modes

from certkit.errors import AlgorithmUnsupportedError
from certkit.formats import der, rc2


class WrongPasswordOrDamageError(ValueError):
    """What came out of the decryption is not what was put in: another password, or damage."""


class CbcCipher(NamedTuple):
    """A block cipher in CBC mode; RC4, too, with a vector of no bytes.

    Attributes:
        work_per_octet: what decrypting one octet takes from the budget, 0 where it is nothing beside the derivation.
    """

    name: str
    key_bytes: int
    vector_bytes: int
    decrypt: Callable[[bytes, bytes, bytes], bytes]
    work_per_octet: int = 0

    @property
    def is_native(self) -> bool:
        """Whether it can be used here, and not by OpenSSL alone (`certkit.formats.rewrap`)."""
        return self.key_bytes > 0


def decrypt_padded(cipher: CbcCipher, key: bytes, vector: bytes, ciphertext: bytes) -> bytes:
    """Decrypts and removes the padding of RFC 8018 section 6.1.1, which a stream cipher has not.

    Raises:
        WrongPasswordOrDamageError: the padding is not one.
        MalformedError: there are no whole blocks, so bytes are missing.
    """
    block = cipher.vector_bytes
    if not block:
        return cipher.decrypt(key, vector, ciphertext)
    if not ciphertext or len(ciphertext) % block:
        raise der.MalformedError("the encrypted content is not made of whole blocks")
    plain = cipher.decrypt(key, vector, ciphertext)
    size = plain[-1]
    if not 0 < size <= block or plain[-size:] != bytes((size,)) * size:
        raise WrongPasswordOrDamageError("the padding is not one")
    return plain[:-size]


def by_name(name: str) -> CbcCipher | None:
    """Returns the cipher that openssl calls `name`, in the form that a `DEK-Info` header has."""
    return next((cipher for cipher in (*_BY_OID.values(), *_WITHOUT_OID) if cipher.name == name.upper()), None)


def by_oid(oid: str) -> CbcCipher | None:
    """Returns the cipher whose parameters are its vector alone, None where there is none for `oid`."""
    if oid in _OPENSSL_ALONE:
        return CbcCipher(_OPENSSL_ALONE[oid], 0, 0, _refuse)
    return _BY_OID.get(oid)


def name_of_unsupported(oid: str) -> str:
    """Returns what people call a cipher that cannot be used here, its OID where it is not known at all."""
    return _UNSUPPORTED.get(oid, oid)


def rc2_cipher(bits: int) -> CbcCipher:
    """Returns RC2 with keys of `bits`, all of them effective."""
    return CbcCipher(
        f"RC2-{bits}-CBC", bits // 8, 8, lambda key, vector, text: rc2.decrypt_rc2_cbc(key, bits, vector, text), 2
    )


def rc4_cipher(bits: int) -> CbcCipher:
    """Returns RC4 with keys of `bits`."""
    return CbcCipher(f"RC4-{bits}", bits // 8, 0, lambda key, _, text: rc2.decrypt_rc4(key, text), 1)


def _cbc(name: str, bits: int, algorithm: Callable[[bytes], BlockCipherAlgorithm], block: int = 16) -> CbcCipher:
    def decrypt(key: bytes, vector: bytes, ciphertext: bytes) -> bytes:
        decryptor = Cipher(algorithm(key), modes.CBC(vector)).decryptor()
        return decryptor.update(ciphertext) + decryptor.finalize()

    return CbcCipher(name, bits // 8, block, decrypt)


def _triple(key: bytes) -> TripleDES:
    """Takes DES, and triple DES with two or three keys, for triple DES with three."""
    return TripleDES((key * 3)[:24])


def _refuse(*_: bytes) -> bytes:
    raise AlgorithmUnsupportedError("the cipher is not supported")


DES: Final = _cbc("DES-CBC", 64, _triple, 8)
DES_EDE: Final = _cbc("DES-EDE-CBC", 128, _triple, 8)
DES_EDE3: Final = _cbc("DES-EDE3-CBC", 192, _triple, 8)

_BY_OID: Final = {
    "1.3.14.3.2.7": DES,
    "1.2.840.113549.3.7": DES_EDE3,
    "2.16.840.1.101.3.4.1.2": _cbc("AES-128-CBC", 128, algorithms.AES),
    "2.16.840.1.101.3.4.1.22": _cbc("AES-192-CBC", 192, algorithms.AES),
    "2.16.840.1.101.3.4.1.42": _cbc("AES-256-CBC", 256, algorithms.AES),
    "1.2.392.200011.61.1.1.1.2": _cbc("CAMELLIA-128-CBC", 128, Camellia),
    "1.2.392.200011.61.1.1.1.3": _cbc("CAMELLIA-192-CBC", 192, Camellia),
    "1.2.392.200011.61.1.1.1.4": _cbc("CAMELLIA-256-CBC", 256, Camellia),
    "1.2.410.200004.1.4": _cbc("SEED-CBC", 128, SEED),
}

_WITHOUT_OID: Final = (
    DES_EDE,
    CbcCipher("RC2-CBC", 16, 8, rc2_cipher(128).decrypt, 2),
    rc2_cipher(64),
    rc2_cipher(40),
    _cbc("BF-CBC", 128, Blowfish, 8),
    _cbc("CAST5-CBC", 128, CAST5, 8),
    _cbc("IDEA-CBC", 128, IDEA, 8),
)
"""What a `DEK-Info` header names and no PBES2 here does."""

_OPENSSL_ALONE: Final = {
    "1.2.410.200046.1.1.2": "ARIA-128-CBC",
    "1.2.410.200046.1.1.7": "ARIA-192-CBC",
    "1.2.410.200046.1.1.12": "ARIA-256-CBC",
    "2.16.840.1.101.3.4.1.3": "AES-128-OFB",
    "2.16.840.1.101.3.4.1.4": "AES-128-CFB",
    "2.16.840.1.101.3.4.1.23": "AES-192-OFB",
    "2.16.840.1.101.3.4.1.24": "AES-192-CFB",
    "2.16.840.1.101.3.4.1.43": "AES-256-OFB",
    "2.16.840.1.101.3.4.1.44": "AES-256-CFB",
}
"""What the OpenSSL inside cryptography decrypts in a PFX, and cryptography does not offer by itself."""

_UNSUPPORTED: Final = {
    "2.16.840.1.101.3.4.1.6": "AES-128-GCM",
    "2.16.840.1.101.3.4.1.46": "AES-256-GCM",
}
