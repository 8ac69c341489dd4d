"""Password-based encryption: an AlgorithmIdentifier read into a scheme, described or used to decrypt.

PBES1 and PBES2 (RFC 8018) and the schemes of PKCS#12 (RFC 7292 appendix C). The names are openssl's.
"""

from typing import Final, NamedTuple

from certkit.errors import AlgorithmUnsupportedError
from certkit.formats import ciphers, der
from certkit.formats.ciphers import CbcCipher, WrongPasswordOrDamageError, decrypt_padded
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

__all__ = [
    "HMAC_DIGESTS",
    "PBES2",
    "PBKDF2",
    "REENCRYPT",
    "SCRYPT",
    "CbcCipher",
    "Scheme",
    "WrongPasswordOrDamageError",
    "algorithm_and_parameters",
    "decrypt_padded",
    "parse",
    "parse_pbkdf2",
]

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


class Scheme(NamedTuple):
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

    def cost_of(self, ciphertext: bytes) -> int:
        """Returns what decrypting `ciphertext` takes from the budget; not above 0 where its count is malformed."""
        return self.kdf.cost + (self.cipher.work_per_octet * len(ciphertext) if self.kdf.cost > 0 else 0)

    def decrypt(self, ciphertext: bytes, password: Password, budget: Budget) -> bytes:
        """Returns the plaintext without its padding.

        Raises:
            WrongPasswordOrDamageError: the padding is not one.
            MalformedError: the ciphertext lacks bytes.
            InputTooLargeError: it costs more than the budget has left, which is spent also where this fails.
            AlgorithmUnsupportedError: OpenSSL alone has the cipher.
        """
        budget.spend(self.cost_of(ciphertext))
        if not self.cipher.is_native:
            raise AlgorithmUnsupportedError(f"the cipher {self.cipher.name} is not supported", hint=REENCRYPT)
        key, vector = self._derive(password)
        return decrypt_padded(self.cipher, key, vector, ciphertext)

    def decrypt_sequence(self, ciphertext: bytes, password: Password, budget: Budget) -> der.Value:
        """Returns the plaintext, where it is one SEQUENCE as in all that is encrypted here.

        Raises:
            WrongPasswordOrDamageError: it is not.
            MalformedError, InputTooLargeError, AlgorithmUnsupportedError: see `decrypt`.
        """
        plain = self.decrypt(ciphertext, password, budget)
        try:
            value = der.read(plain).expect(der.SEQUENCE)
        except der.MalformedError as error:
            raise WrongPasswordOrDamageError("what comes out is no SEQUENCE") from error
        if len(plain) - value.end > (0 if self.cipher.vector_bytes else _MAX_STREAM_PADDING):
            raise WrongPasswordOrDamageError("what comes out is more than a SEQUENCE")
        return value

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
        raise AlgorithmUnsupportedError(f"the encryption scheme {oid} is not supported", hint=REENCRYPT)
    cipher, kdf_class, digest = _SCHEMES[oid]
    salt, iterations = parameters.parts()
    return Scheme(cipher, kdf_class(digest, salt.octets(), iterations.integer()), None)


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
                raise AlgorithmUnsupportedError(f"the PBKDF2 function {prf} is not supported", hint=REENCRYPT)
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
        raise AlgorithmUnsupportedError(f"the key derivation {kdf_oid} is not supported", hint=REENCRYPT)
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
        return ciphers.rc2_cipher(bits), vector.octets()
    cipher = ciphers.by_oid(oid)
    if cipher is None:
        raise AlgorithmUnsupportedError(
            f"the cipher {ciphers.name_of_unsupported(oid)} is not supported", hint=REENCRYPT
        )
    return cipher, parameters.octets() if cipher.is_native else b""


_MAX_STREAM_PADDING: Final = 16
"""Octets behind what a stream cipher hides: it needs no padding, and yet wolfSSL pads."""

REENCRYPT: Final = "write the bundle again with AES-256 where it came from, or ask its sender to"

_SCHEMES: Final[dict[str, tuple[CbcCipher, type[Pkcs12Kdf] | type[Pbkdf1], str]]] = {
    # RFC 7292 appendix C
    "1.2.840.113549.1.12.1.1": (ciphers.rc4_cipher(128), Pkcs12Kdf, "sha1"),
    "1.2.840.113549.1.12.1.2": (ciphers.rc4_cipher(40), Pkcs12Kdf, "sha1"),
    "1.2.840.113549.1.12.1.3": (ciphers.DES_EDE3, Pkcs12Kdf, "sha1"),
    "1.2.840.113549.1.12.1.4": (ciphers.DES_EDE, Pkcs12Kdf, "sha1"),
    "1.2.840.113549.1.12.1.5": (ciphers.rc2_cipher(128), Pkcs12Kdf, "sha1"),
    "1.2.840.113549.1.12.1.6": (ciphers.rc2_cipher(40), Pkcs12Kdf, "sha1"),
    # RFC 8018 appendix A.3
    "1.2.840.113549.1.5.3": (ciphers.DES, Pbkdf1, "md5"),
    "1.2.840.113549.1.5.6": (ciphers.rc2_cipher(64), Pbkdf1, "md5"),
    "1.2.840.113549.1.5.10": (ciphers.DES, Pbkdf1, "sha1"),
    "1.2.840.113549.1.5.11": (ciphers.rc2_cipher(64), Pbkdf1, "sha1"),
}

_RC2_CBC: Final = "1.2.840.113549.3.2"
_RC2_VERSIONS: Final = {160: 40, 120: 64, 58: 128}
"""The effective key bits that each parameter version stands for (RFC 8018 appendix B.2.3)."""
