"""Puts PKCS#12 files together piece by piece: what no program writes, and what damages arrive as."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certkit.formats import der
from certkit.formats.kdf import MAC_MATERIAL, Pkcs12Kdf
from tests.issuing import make_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

    from certkit.contents import PrivateKey
    from certkit.password import Password

FIXTURES: Final = Path(__file__).parents[2] / "fixtures"

DATA: Final = "1.2.840.113549.1.7.1"
ENCRYPTED_DATA: Final = "1.2.840.113549.1.7.6"
KEY_BAG: Final = "1.2.840.113549.1.12.10.1.1"
SHROUDED_KEY_BAG: Final = "1.2.840.113549.1.12.10.1.2"
CERTIFICATE_BAG: Final = "1.2.840.113549.1.12.10.1.3"
REVOCATION_BAG: Final = "1.2.840.113549.1.12.10.1.4"
SECRET_BAG: Final = "1.2.840.113549.1.12.10.1.5"
NESTED_BAG: Final = "1.2.840.113549.1.12.10.1.6"
X509_CERTIFICATE: Final = "1.2.840.113549.1.9.22.1"
FRIENDLY_NAME: Final = "1.2.840.113549.1.9.20"
LOCAL_KEY_ID: Final = "1.2.840.113549.1.9.21"
PBES2: Final = "1.2.840.113549.1.5.13"
PBKDF2: Final = "1.2.840.113549.1.5.12"
SCRYPT: Final = "1.3.6.1.4.1.11591.4.11"
HMAC_SHA256: Final = "1.2.840.113549.2.9"
AES_256_CBC: Final = "2.16.840.1.101.3.4.1.42"
SHA256: Final = "2.16.840.1.101.3.4.2.1"

_SALT: Final = bytes(range(8))
_VECTOR: Final = bytes(range(16))


def oid(dotted: str) -> bytes:
    """Encodes an OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    octets = bytearray()
    for arc in (40 * first + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(arc & 0x7F | 0x80)
        octets += bytes(reversed(septets))
    return der.encode(der.OBJECT_IDENTIFIER, bytes(octets))


def integer(number: int) -> bytes:
    """Encodes an INTEGER."""
    return der.encode(der.INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def octets(content: bytes) -> bytes:
    """Encodes an OCTET STRING."""
    return der.encode(der.OCTET_STRING, content)


def sequence(*parts: bytes) -> bytes:
    """Encodes a SEQUENCE."""
    return der.encode(der.SEQUENCE, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """Encodes a SET."""
    return der.encode(der.SET, b"".join(parts))


def explicit(content: bytes) -> bytes:
    """Encodes something under [0] EXPLICIT."""
    return der.encode(0xA0, content)


def value(encoded: bytes) -> der.Value:
    """Reads what was encoded."""
    return der.read_all(encoded)


def pbes2(iterations: int = 1, *, prf: str = HMAC_SHA256, cipher: str = AES_256_CBC, derivation: bytes = b"") -> bytes:
    """Encodes the AlgorithmIdentifier of PBES2; `derivation` instead of PBKDF2 where it is given."""
    pbkdf2 = sequence(oid(PBKDF2), sequence(octets(_SALT), integer(iterations), sequence(oid(prf))))
    return sequence(oid(PBES2), sequence(derivation or pbkdf2, sequence(oid(cipher), octets(_VECTOR))))


def scrypt(cost: int, block_size: int, parallelization: int) -> bytes:
    """Encodes the scrypt derivation for PBES2."""
    return sequence(oid(SCRYPT), sequence(octets(_SALT), integer(cost), integer(block_size), integer(parallelization)))


def encrypt(plain: bytes, password: bytes, iterations: int = 1) -> bytes:
    """Encrypts as `pbes2` says: AES-256 under PBKDF2 with HMAC-SHA-256."""
    key = hashlib.pbkdf2_hmac("sha256", password, _SALT, iterations, 32)
    padder, encryptor = PKCS7(128).padder(), Cipher(algorithms.AES(key), modes.CBC(_VECTOR)).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()


def private_key(algorithm: str = "EC_prime256v1", number: int = 0) -> CertificateIssuerPrivateKeyTypes:
    """Makes a private key; the same arguments give the same key, spelled out or not."""
    return make_key(algorithm, number)


def pkcs8(number: int = 0, algorithm: str = "EC_prime256v1") -> bytes:
    """The DER of a private key."""
    return key_der(private_key(algorithm, number))


def key_der(key: PrivateKey | CertificateIssuerPrivateKeyTypes) -> bytes:
    """Encodes a private key as PKCS#8."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def encrypted_key(plain: bytes, password: bytes, iterations: int = 1) -> bytes:
    """Encodes an EncryptedPrivateKeyInfo."""
    return sequence(pbes2(iterations), octets(encrypt(plain, password, iterations)))


def bag(kind: str, content: bytes, *attributes: bytes) -> bytes:
    """Encodes a SafeBag."""
    return sequence(oid(kind), explicit(content), *((set_of(*attributes),) if attributes else ()))


def attribute(kind: str, content: bytes) -> bytes:
    """Encodes an attribute of one value."""
    return sequence(oid(kind), set_of(content))


def friendly_name(text: str) -> bytes:
    """Encodes the attribute friendlyName."""
    return attribute(FRIENDLY_NAME, der.encode(der.BMP_STRING, text.encode("utf-16-be")))


def certificate_bag(certificate: bytes, *attributes: bytes, kind: str = X509_CERTIFICATE) -> bytes:
    """Encodes a bag that holds a certificate."""
    return bag(CERTIFICATE_BAG, sequence(oid(kind), explicit(octets(certificate))), *attributes)


def plain_safe(*bags: bytes) -> bytes:
    """Encodes a ContentInfo of bags in the clear."""
    return sequence(oid(DATA), explicit(octets(sequence(*bags))))


def locked_safe(password: bytes, *bags: bytes, iterations: int = 1) -> bytes:
    """Encodes a ContentInfo of encrypted bags."""
    ciphertext = der.encode(0x80, encrypt(sequence(*bags), password, iterations))
    encrypted = sequence(oid(DATA), pbes2(iterations), ciphertext)
    return sequence(oid(ENCRYPTED_DATA), explicit(sequence(integer(0), encrypted)))


@dataclass(frozen=True, slots=True)
class Mac:
    """How to make the MAC."""

    password: Password
    iterations: int = 1
    digest: str = "sha256"
    digest_oid: str = SHA256

    def encode(self, authenticated: bytes) -> bytes:
        """Encodes MacData; the derivation is run with one iteration where `iterations` is absurd."""
        kdf = Pkcs12Kdf(self.digest, _SALT, self.iterations if 0 < self.iterations < 10_000 else 1)
        key = kdf.derive(self.password, MAC_MATERIAL, hashlib.new(self.digest).digest_size)
        digest = octets(hmac.digest(key, authenticated, self.digest))
        return sequence(sequence(sequence(oid(self.digest_oid)), digest), octets(_SALT), integer(self.iterations))


def pfx(*safes: bytes, mac: Mac | None = None, version: int = 3) -> bytes:
    """Encodes a PFX."""
    authenticated = sequence(*safes)
    parts = (integer(version), sequence(oid(DATA), explicit(octets(authenticated))))
    return sequence(*parts, *((mac.encode(authenticated),) if mac else ()))
