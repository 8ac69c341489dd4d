"""How Java's own keystores protect a private key: two schemes of Sun's, and both found in JCEKS.

Written after OpenJDK's `sun.security.provider.KeyProtector` and `com.sun.crypto.provider.KeyProtector`.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from certkit.errors import AlgorithmUnsupportedError
from certkit.formats import ciphers, der, pbe
from certkit.password import Password

_JKS: Final = "1.3.6.1.4.1.42.2.17.1.1"
_JCEKS: Final = "1.3.6.1.4.1.42.2.19.1"
_DIGEST_BYTES: Final = 20
_SALT_BYTES: Final = 8


class Protector(Protocol):
    """A protected key, and how it is protected."""

    @property
    def iterations(self) -> int:
        """What deriving its key costs; the caller MUST take it from the budget first."""

    def describe(self) -> dict[str, str | int]:
        """Returns cipher, derivation and iterations, in the words of `inspect`."""

    def decrypt(self, password: Password) -> bytes:
        """Returns the PKCS#8 that is protected.

        Raises:
            WrongPasswordOrDamageError: what comes out is no private key.
        """


def utf_16(password: Password) -> bytes:
    """Returns the password as Java's characters; bytes that are not UTF-8 count as Latin-1."""
    return password.bmp[:-2]


def protector_of(encrypted: der.Value) -> Protector:
    """Reads the EncryptedPrivateKeyInfo of a keystore's entry.

    Raises:
        MalformedError: it is none.
        AlgorithmUnsupportedError: it is protected in another way.
    """
    algorithm, ciphertext = encrypted.parts()
    oid, parameters = pbe.algorithm_and_parameters(algorithm)
    if oid == _JKS:
        return _parse_keystream(ciphertext.octets())
    if oid == _JCEKS:
        return _parse_triple_des(parameters, ciphertext.octets())
    raise AlgorithmUnsupportedError(
        f"a private key in the keystore is protected by {oid}, which is not supported",
        hint="keytool -importkeystore -srckeystore FILE -destkeystore NEW.pfx -deststoretype PKCS12",
    )


@dataclass(frozen=True, slots=True)
class Keystream:
    """The scheme of JKS: XOR with a chain of SHA-1 digests, and one more digest to check by."""

    salt: bytes
    ciphertext: bytes
    check: bytes
    iterations: int = 1

    def describe(self) -> dict[str, str | int]:
        """Returns cipher, derivation and iterations, in the words of `inspect`."""
        return {"cipher": "JKS-SHA1-KEYSTREAM", "kdf": "SHA1", "iterations": self.iterations}

    def decrypt(self, password: Password) -> bytes:
        """Returns the PKCS#8 that is protected.

        Raises:
            WrongPasswordOrDamageError: the digest does not fit what comes out.
        """
        secret, link, stream = utf_16(password), self.salt, bytearray()
        while len(stream) < len(self.ciphertext):
            link = hashlib.sha1(secret + link, usedforsecurity=False).digest()
            stream += link
        plain = bytes(a ^ b for a, b in zip(self.ciphertext, stream, strict=False))
        made = hashlib.sha1(secret + plain, usedforsecurity=False).digest()
        if not hmac.compare_digest(made, self.check):
            raise ciphers.WrongPasswordOrDamageError("the digest of the private key does not fit")
        return plain


@dataclass(frozen=True, slots=True)
class TripleDes:
    """The scheme of JCEKS, PBEWithMD5AndTripleDES, which is in no standard."""

    salt: bytes
    iterations: int
    ciphertext: bytes

    def describe(self) -> dict[str, str | int]:
        """Returns cipher, derivation and iterations, in the words of `inspect`."""
        return {"cipher": ciphers.DES_EDE3.name, "kdf": "JCEKS-MD5", "iterations": self.iterations}

    def decrypt(self, password: Password) -> bytes:
        """Returns the PKCS#8 that is protected.

        Raises:
            WrongPasswordOrDamageError: what comes out is no PKCS#8.
        """
        for left, right in _halves(self.salt):
            derived = self._iterate(left, password.octets) + self._iterate(right, password.octets)
            key, vector = derived[: ciphers.DES_EDE3.key_bytes], derived[ciphers.DES_EDE3.key_bytes :]
            try:
                plain = ciphers.decrypt_padded(ciphers.DES_EDE3, key, vector, self.ciphertext)
                return der.read_all(plain).expect(der.SEQUENCE).encoded
            except (der.MalformedError, ciphers.WrongPasswordOrDamageError):
                continue
        raise ciphers.WrongPasswordOrDamageError("what comes out is no private key")

    def _iterate(self, link: bytes, secret: bytes) -> bytes:
        md5 = hashlib.md5
        for _ in range(self.iterations):
            link = md5(link + secret, usedforsecurity=False).digest()
        return link


def _halves(salt: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yields what each half of the key is derived from; of equal halves Java reverses the first.

    Before it was mended, Java overwrote what it had still to reverse: both are tried.
    """
    left, right = salt[: _SALT_BYTES // 2], salt[_SALT_BYTES // 2 :]
    if left != right:
        yield left, right
        return
    yield left[::-1], right
    yield bytes((left[3], left[0], left[1], left[3])), right


def _parse_keystream(protected: bytes) -> Keystream:
    if len(protected) < 2 * _DIGEST_BYTES:
        raise der.MalformedError("a protected key without its salt and digest")
    return Keystream(protected[:_DIGEST_BYTES], protected[_DIGEST_BYTES:-_DIGEST_BYTES], protected[-_DIGEST_BYTES:])


def _parse_triple_des(parameters: der.Value, ciphertext: bytes) -> TripleDes:
    salt, iterations = parameters.parts()
    if len(salt.octets()) != _SALT_BYTES:
        raise der.MalformedError(f"a salt of {len(salt.octets())} bytes; that of JCEKS has {_SALT_BYTES}")
    return TripleDes(salt.octets(), iterations.integer(), ciphertext)
