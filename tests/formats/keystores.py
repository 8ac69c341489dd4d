"""Writes Java keystores of the kinds JKS and JCEKS: what keytool would not write, and what damages arrive as."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.padding import PKCS7

from tests.formats.building import integer, key_der, octets, oid, sequence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.issuing import Issued

JKS: Final = b"\xfe\xed\xfe\xed"
JCEKS: Final = b"\xce\xce\xce\xce"
PASSWORD: Final = "changeit"
SALT: Final = b"twenty bytes of salt"
_JKS_PROTECTOR: Final = "1.3.6.1.4.1.42.2.17.1.1"
_JCEKS_PROTECTOR: Final = "1.3.6.1.4.1.42.2.19.1"


@dataclass(frozen=True)
class KeyOf:
    """An entry with a private key and its chain.

    Attributes:
        protected: the encoded EncryptedPrivateKeyInfo.
    """

    alias: str
    protected: bytes
    chain: Sequence[bytes] = ()


@dataclass(frozen=True)
class Trusted:
    """An entry with a certificate."""

    alias: str
    certificate: bytes
    kind: str = "X.509"


@dataclass(frozen=True)
class Raw:
    """An entry of any kind: what stands behind alias and time."""

    alias: str
    tag: int
    content: bytes


def store(
    *entries: KeyOf | Trusted | Raw,
    magic: bytes = JKS,
    version: int = 2,
    password: str = PASSWORD,
    count: int | None = None,
) -> bytes:
    """A keystore with its digest."""
    head = magic + struct.pack(">II", version, len(entries) if count is None else count)
    content = head + b"".join(_entry(entry, version) for entry in entries)
    return (
        content
        + hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + content, usedforsecurity=False).digest()
    )


def key_of(issued: Issued, alias: str = "shop", password: str = PASSWORD) -> KeyOf:
    """An entry as keytool writes it into a JKS."""
    chain = [each.der for each in (issued, *issued.issuers)]
    return KeyOf(alias, protect(key_der(issued.private_key), password), chain)


def jceks_key_of(
    issued: Issued, alias: str = "shop", password: str = PASSWORD, *, salt: bytes = b"saltSALT", iterations: int = 10
) -> KeyOf:
    """An entry as keytool writes it into a JCEKS."""
    chain = [each.der for each in (issued, *issued.issuers)]
    return KeyOf(alias, protect_with_triple_des(key_der(issued.private_key), password, salt, iterations), chain)


def protect(plain: bytes, password: str) -> bytes:
    """The EncryptedPrivateKeyInfo of JKS."""
    secret = password.encode("utf-16-be")
    link, stream = SALT, b""
    while len(stream) < len(plain):
        link = hashlib.sha1(secret + link, usedforsecurity=False).digest()
        stream += link
    hidden = bytes(a ^ b for a, b in zip(plain, stream, strict=False))
    return encrypted(
        sequence(oid(_JKS_PROTECTOR), b"\x05\x00"),
        SALT + hidden + hashlib.sha1(secret + plain, usedforsecurity=False).digest(),
    )


def protect_with_triple_des(
    plain: bytes, password: str, salt: bytes, iterations: int, halves: tuple[bytes, bytes] | None = None
) -> bytes:
    """The EncryptedPrivateKeyInfo of JCEKS; `halves` instead of those of `salt` go into the key."""
    derived = b""
    for half in halves or (salt[:4], salt[4:]):
        link = half
        for _ in range(iterations):
            link = hashlib.md5(link + password.encode("ascii"), usedforsecurity=False).digest()
        derived += link
    padder = PKCS7(64).padder()
    encryptor = Cipher(TripleDES(derived[:24]), modes.CBC(derived[24:])).encryptor()
    hidden = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    return encrypted(sequence(oid(_JCEKS_PROTECTOR), sequence(octets(salt), integer(iterations))), hidden)


def encrypted(algorithm: bytes, hidden: bytes) -> bytes:
    """An EncryptedPrivateKeyInfo."""
    return sequence(algorithm, octets(hidden))


def text(value: str) -> bytes:
    """A string as Java's `writeUTF` writes it."""
    encoded = value.encode("utf-8", "surrogatepass")
    return struct.pack(">H", len(encoded)) + encoded


def _entry(entry: KeyOf | Trusted | Raw, version: int) -> bytes:
    if isinstance(entry, Raw):
        return struct.pack(">I", entry.tag) + text(entry.alias) + bytes(8) + entry.content
    if isinstance(entry, Trusted):
        certificate = _certificate(entry.certificate, version, entry.kind)
        return struct.pack(">I", 2) + text(entry.alias) + bytes(8) + certificate
    chain = b"".join(_certificate(each, version) for each in entry.chain)
    protected = struct.pack(">I", len(entry.protected)) + entry.protected
    return struct.pack(">I", 1) + text(entry.alias) + bytes(8) + protected + struct.pack(">I", len(entry.chain)) + chain


def _certificate(encoded: bytes, version: int, kind: str = "X.509") -> bytes:
    return (text(kind) if version > 1 else b"") + struct.pack(">I", len(encoded)) + encoded
