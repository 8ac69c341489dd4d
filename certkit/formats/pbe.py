"""Password-based encryption: an AlgorithmIdentifier read into a scheme, described or used to decrypt.

PBES1 and PBES2 (RFC 8018) and the schemes of PKCS#12 (RFC 7292 appendix C). The names are openssl's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import Camellia, TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm, algorithms, modes

from certkit.errors import AlgorithmUnsupportedError
from certkit.formats import der, rc2
from certkit.formats.kdf import (
    INITIALISATION_VECTOR,
    KEY_MATERIAL,
    Budget,
    Pbkdf1,
    Pbkdf2,
    Pkcs12Kdf,
    Scrypt,
)
from certkit.password import Password

PBES2: Final = "1.2.840.113549.1.5.13"
PBKDF2: Final = "1.2.840.113549.1.5.12"
SCRYPT: Final = "1.3.6.1.4.1.11591.4.11"

HMAC_DIGESTS: Final = {
    "1.2.840.113549.2.6": "md5",
    "1.2.840.113549.2.7": "sha1",
    "1.2.840.113549.2.8": "sha224",
    "1.2.840.113549.2.9": "sha256",
    "1.2.840.113549.2.10": "sha384",
    "1.2.840.113549.2.11": "sha512",
    "1.2.840.113549.2.12": "sha512_224",
    "1.2.840.113549.2.13": "sha512_256",
    "2.16.840.1.101.3.4.2.13": "sha3_224",
    "2.16.840.1.101.3.4.2.14": "sha3_256",
    "2.16.840.1.101.3.4.2.15": "sha3_384",
    "2.16.840.1.101.3.4.2.16": "sha3_512",
}
"""The hash inside each HMAC (RFC 8018 appendix B.1, NIST CSOR), by hashlib's name."""


class WrongPasswordOrDamageError(ValueError):
    """What came out of the decryption is not what was put in: another password, or damage."""


@dataclass(frozen=True, slots=True)
class CbcCipher:
    """A block cipher in CBC mode; RC4, too, with a vector of no bytes."""

    name: str
    key_bytes: int
    vector_bytes: int
    decrypt: Callable[[bytes, bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How something was encrypted.

    Attributes:
        vector: the initialisation vector, None where it is derived from the password.
    """

    cipher: CbcCipher
    kdf: Pkcs12Kdf | Pbkdf1 | Pbkdf2 | Scrypt
    vector: bytes | None

    def describe(self) -> dict[str, str | int]:
        """Returns cipher, derivation and iterations, in the words of `inspect`."""
        return {"cipher": self.cipher.name, "kdf": self.kdf.name, "iterations": self.kdf.iterations}

    def decrypt(self, ciphertext: bytes, password: Password, budget: Budget) -> bytes:
        """Returns the plaintext without its padding.

        Raises:
            WrongPasswordOrDamageError: the padding is not one.
            InputTooLargeError: the derivation costs more than the budget has left.
        """
        budget.spend(self.kdf.iterations)
        key, vector = self._derive(password)
        return decrypt_padded(self.cipher, key, vector, ciphertext)

    def _derive(self, password: Password) -> tuple[bytes, bytes]:
        key_bytes, vector_bytes = self.cipher.key_bytes, self.cipher.vector_bytes
        match self.kdf:
            case Pkcs12Kdf():
                vector = self.kdf.derive(password, INITIALISATION_VECTOR, vector_bytes) if vector_bytes else b""
                return self.kdf.derive(password, KEY_MATERIAL, key_bytes), vector
            case Pbkdf1():
                both = self.kdf.derive(password, key_bytes + vector_bytes)
                return both[:key_bytes], both[key_bytes:]
            case _:
                return self.kdf.derive(password, key_bytes), self.vector or b""


def parse(algorithm: der.Value) -> Scheme:
    """Reads the AlgorithmIdentifier of something encrypted under a password.

    Raises:
        AlgorithmUnsupportedError: a cipher or derivation that cannot be used here; the message names it.
        MalformedError: the parameters are not those of the algorithm.
    """
    oid, parameters = algorithm_and_parameters(algorithm)
    if oid == PBES2:
        derivation, encryption = parameters.parts()
        return _parse_pbes2(derivation, encryption)
    if oid not in _SCHEMES:
        raise AlgorithmUnsupportedError(f"the encryption scheme {oid} is not supported", hint=_REENCRYPT)
    cipher, kdf_class, digest = _SCHEMES[oid]
    salt, iterations = parameters.parts()
    return Scheme(cipher, kdf_class(digest, salt.octets(), iterations.integer()), None)


def decrypt_padded(cipher: CbcCipher, key: bytes, vector: bytes, ciphertext: bytes) -> bytes:
    """Decrypts and removes the padding of RFC 8018 section 6.1.1, which a stream cipher has not.

    Raises:
        WrongPasswordOrDamageError: there are no whole blocks, or the padding is not one.
    """
    block = cipher.vector_bytes
    if not block:
        return cipher.decrypt(key, vector, ciphertext)
    if not ciphertext or len(ciphertext) % block:
        raise WrongPasswordOrDamageError("the encrypted content is not made of whole blocks")
    plain = cipher.decrypt(key, vector, ciphertext)
    size = plain[-1]
    if not 0 < size <= block or plain[-size:] != bytes((size,)) * size:
        raise WrongPasswordOrDamageError("the padding is not one")
    return plain[:-size]


def cipher_by_name(name: str) -> CbcCipher | None:
    """Returns the cipher that openssl calls `name`, in the form that a `DEK-Info` header has."""
    return next((cipher for cipher in _CIPHERS.values() if cipher.name == name), None)


def algorithm_and_parameters(algorithm: der.Value) -> tuple[str, der.Value]:
    """Returns the OID of an AlgorithmIdentifier and its parameters, itself where there are none.

    Raises:
        MalformedError: it is no AlgorithmIdentifier.
    """
    parts = algorithm.parts()
    if not parts:
        raise der.MalformedError(f"an algorithm without a name at byte {algorithm.start}")
    return parts[0].oid(), parts[1] if len(parts) > 1 else algorithm


def parse_pbkdf2(parameters: der.Value) -> Pbkdf2:
    """Reads PBKDF2-params (RFC 8018 appendix A.2); the PRF is HMAC-SHA-1 where none is named.

    Raises:
        AlgorithmUnsupportedError: the PRF is not one that is known here.
        MalformedError: these are no PBKDF2-params.
    """
    salt, iterations, *rest = parameters.parts()
    digest = "sha1"
    for part in rest:
        if part.tag == der.SEQUENCE:
            prf, _ = algorithm_and_parameters(part)
            digest = HMAC_DIGESTS.get(prf, "")
            if not digest:
                raise AlgorithmUnsupportedError(f"the PBKDF2 function {prf} is not supported", hint=_REENCRYPT)
    return Pbkdf2(digest, salt.octets(), iterations.integer())


def _parse_pbes2(derivation: der.Value, encryption: der.Value) -> Scheme:
    kdf_oid, kdf_parameters = algorithm_and_parameters(derivation)
    cipher_oid, cipher_parameters = algorithm_and_parameters(encryption)
    kdf: Pbkdf2 | Scrypt
    if kdf_oid == PBKDF2:
        kdf = parse_pbkdf2(kdf_parameters)
    elif kdf_oid == SCRYPT:
        salt, cost, block_size, parallelization, *_ = kdf_parameters.parts()
        kdf = Scrypt(salt.octets(), cost.integer(), block_size.integer(), parallelization.integer())
    else:
        raise AlgorithmUnsupportedError(f"the key derivation {kdf_oid} is not supported", hint=_REENCRYPT)
    cipher, vector = _parse_cipher(cipher_oid, cipher_parameters)
    if len(vector) != cipher.vector_bytes:
        raise der.MalformedError(f"an initialisation vector of {len(vector)} bytes for {cipher.name}")
    return Scheme(cipher, kdf, vector)


def _parse_cipher(oid: str, parameters: der.Value) -> tuple[CbcCipher, bytes]:
    if oid == _RC2_CBC:
        version, vector = parameters.parts()
        bits = _RC2_VERSIONS.get(version.integer())
        if bits is None:
            raise AlgorithmUnsupportedError(f"RC2 with parameter version {version.integer()} is not supported")
        return _rc2(bits), vector.octets()
    if oid not in _CIPHERS:
        name = _UNSUPPORTED_CIPHERS.get(oid, oid)
        raise AlgorithmUnsupportedError(f"the cipher {name} is not supported", hint=_REENCRYPT)
    return _CIPHERS[oid], parameters.octets()


def _cbc(algorithm: CipherAlgorithm, vector: bytes, ciphertext: bytes) -> bytes:
    decryptor = Cipher(algorithm, modes.CBC(vector)).decryptor()
    return decryptor.update(ciphertext) + decryptor.finalize()


def _aes(bits: int) -> CbcCipher:
    return CbcCipher(
        f"AES-{bits}-CBC", bits // 8, 16, lambda key, vector, text: _cbc(algorithms.AES(key), vector, text)
    )


def _camellia(bits: int) -> CbcCipher:
    return CbcCipher(f"CAMELLIA-{bits}-CBC", bits // 8, 16, lambda key, vector, text: _cbc(Camellia(key), vector, text))


def _rc2(bits: int) -> CbcCipher:
    return CbcCipher(
        f"RC2-{bits}-CBC", bits // 8, 8, lambda key, vector, text: rc2.decrypt_rc2_cbc(key, bits, vector, text)
    )


def _rc4(bits: int) -> CbcCipher:
    return CbcCipher(f"RC4-{bits}", bits // 8, 0, lambda key, _, text: rc2.decrypt_rc4(key, text))


def _decrypt_des(key: bytes, vector: bytes, ciphertext: bytes) -> bytes:
    """Decrypts DES, and triple DES with two or three keys, as triple DES with three."""
    return _cbc(TripleDES((key * 3)[:24]), vector, ciphertext)


_REENCRYPT: Final = "write the bundle again with AES-256 where it came from, or ask its sender to"

_DES: Final = CbcCipher("DES-CBC", 8, 8, _decrypt_des)
_DES_EDE: Final = CbcCipher("DES-EDE-CBC", 16, 8, _decrypt_des)
_DES_EDE3: Final = CbcCipher("DES-EDE3-CBC", 24, 8, _decrypt_des)

_SCHEMES: Final[dict[str, tuple[CbcCipher, type[Pkcs12Kdf] | type[Pbkdf1], str]]] = {
    # RFC 7292 appendix C
    "1.2.840.113549.1.12.1.1": (_rc4(128), Pkcs12Kdf, "sha1"),
    "1.2.840.113549.1.12.1.2": (_rc4(40), Pkcs12Kdf, "sha1"),
    "1.2.840.113549.1.12.1.3": (_DES_EDE3, Pkcs12Kdf, "sha1"),
    "1.2.840.113549.1.12.1.4": (_DES_EDE, Pkcs12Kdf, "sha1"),
    "1.2.840.113549.1.12.1.5": (_rc2(128), Pkcs12Kdf, "sha1"),
    "1.2.840.113549.1.12.1.6": (_rc2(40), Pkcs12Kdf, "sha1"),
    # RFC 8018 appendix A.3
    "1.2.840.113549.1.5.3": (_DES, Pbkdf1, "md5"),
    "1.2.840.113549.1.5.6": (_rc2(64), Pbkdf1, "md5"),
    "1.2.840.113549.1.5.10": (_DES, Pbkdf1, "sha1"),
    "1.2.840.113549.1.5.11": (_rc2(64), Pbkdf1, "sha1"),
}

_CIPHERS: Final = {
    "1.3.14.3.2.7": _DES,
    "1.2.840.113549.3.7": _DES_EDE3,
    "2.16.840.1.101.3.4.1.2": _aes(128),
    "2.16.840.1.101.3.4.1.22": _aes(192),
    "2.16.840.1.101.3.4.1.42": _aes(256),
    "1.2.392.200011.61.1.1.1.2": _camellia(128),
    "1.2.392.200011.61.1.1.1.3": _camellia(192),
    "1.2.392.200011.61.1.1.1.4": _camellia(256),
}

_RC2_CBC: Final = "1.2.840.113549.3.2"
_RC2_VERSIONS: Final = {160: 40, 120: 64, 58: 128}
"""The effective key bits that each parameter version stands for (RFC 8018 appendix B.2.3)."""

_UNSUPPORTED_CIPHERS: Final = {
    "1.2.410.200046.1.1.2": "ARIA-128-CBC",
    "1.2.410.200046.1.1.7": "ARIA-192-CBC",
    "1.2.410.200046.1.1.12": "ARIA-256-CBC",
    "1.2.410.200004.1.4": "SEED-CBC",
    "2.16.840.1.101.3.4.1.6": "AES-128-GCM",
    "2.16.840.1.101.3.4.1.46": "AES-256-GCM",
}
