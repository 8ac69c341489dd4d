"""The structure of a PFX, as far as it can be read without its password (RFC 7292; RFC 9579 for PBMAC1)."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from certkit.errors import AlgorithmUnsupportedError, InputTooLargeError, InputUnreadableError
from certkit.formats import der, pbe
from certkit.formats.kdf import MAC_MATERIAL, Pbkdf2, Pkcs12Kdf
from certkit.password import Password

KEY_BAG: Final = "1.2.840.113549.1.12.10.1.1"
SHROUDED_KEY_BAG: Final = "1.2.840.113549.1.12.10.1.2"
CERTIFICATE_BAG: Final = "1.2.840.113549.1.12.10.1.3"
NESTED_BAG: Final = "1.2.840.113549.1.12.10.1.6"
"""The types of bags that are read (RFC 7292 appendix D)."""

_DATA: Final = "1.2.840.113549.1.7.1"
_ENCRYPTED_DATA: Final = "1.2.840.113549.1.7.6"
_FRIENDLY_NAME: Final = "1.2.840.113549.1.9.20"
_PBMAC1: Final = "1.2.840.113549.1.5.14"
_MAX_MAC_KEY_BYTES: Final = 1_024
_DIGESTS: Final = {
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.5": "sha512_224",
    "2.16.840.1.101.3.4.2.6": "sha512_256",
    "2.16.840.1.101.3.4.2.7": "sha3_224",
    "2.16.840.1.101.3.4.2.8": "sha3_256",
    "2.16.840.1.101.3.4.2.9": "sha3_384",
    "2.16.840.1.101.3.4.2.10": "sha3_512",
}


@dataclass(frozen=True, slots=True)
class Mac:
    """What guards a PFX's integrity, and tells its password from others.

    Attributes:
        hmac_digest: the hash inside the HMAC.
    """

    kdf: Pkcs12Kdf | Pbkdf2
    hmac_digest: str
    key_bytes: int
    expected: bytes

    def describe(self) -> dict[str, str | int]:
        """Returns algorithm, derivation and iterations, in the words of `inspect`."""
        name = f"HMAC-{self.hmac_digest.upper()}"
        return {"algorithm": name, "kdf": self.kdf.name, "iterations": self.kdf.iterations}

    def accepts(self, password: Password, content: bytes) -> bool:
        """Tells whether `password` and `content` are those that the MAC was made with."""
        if isinstance(self.kdf, Pkcs12Kdf):
            key = self.kdf.derive(password, MAC_MATERIAL, self.key_bytes)
        else:
            key = self.kdf.derive(password, self.key_bytes)
        return hmac.compare_digest(hmac.digest(key, content, self.hmac_digest), self.expected)


@dataclass(frozen=True, slots=True)
class Safe:
    """One ContentInfo of the AuthenticatedSafe.

    Attributes:
        scheme: how it is encrypted, None where it is not.
        content: its SafeContents, or what hides them.
    """

    scheme: pbe.Scheme | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Pfx:
    """A PFX that has not been opened.

    Attributes:
        authenticated: what the MAC is computed over, the encoded AuthenticatedSafe.
    """

    safes: tuple[Safe, ...]
    authenticated: bytes
    mac: Mac | None


def parse(data: bytes) -> Pfx:
    """Reads the structure of a PFX; bytes behind it are not looked at.

    Raises:
        MalformedError: it is no PFX, truncated or damaged.
        InputUnreadableError: it is of another version than 3, or states an iteration count below 1.
        InputTooLargeError: its MAC asks for a key that is longer than any in use.
        AlgorithmUnsupportedError: it uses an algorithm that is not known here.
    """
    version, auth_safe, *mac_data = der.read(data).parts()
    if version.integer() != 3:  # noqa: PLR2004 -- RFC 7292 section 4
        raise InputUnreadableError(f"a PFX of version {version.integer()}; the only one in use is 3")
    content_type, explicit = auth_safe.parts()
    if content_type.oid() != _DATA:
        raise AlgorithmUnsupportedError("a PFX guarded by a signature instead of a password is not supported")
    (octets,) = explicit
    authenticated = octets.octets()
    safes = tuple(_parse_safe(content_info) for content_info in der.read_all(authenticated).parts())
    return Pfx(safes, authenticated, _parse_mac(mac_data[0]) if mac_data else None)


def bags(safe_contents: bytes) -> Iterator[tuple[str, der.Value, str | None]]:
    """Yields type, value and friendly name of each SafeBag in an encoded SafeContents.

    Raises:
        MalformedError: it is no SafeContents.
    """
    for bag in der.read_all(safe_contents).expect(der.SEQUENCE):
        kind, explicit, *attributes = bag.parts()
        (value,) = explicit
        yield kind.oid(), value, _friendly_name(attributes[0]) if attributes else None


def protection(pfx: Pfx) -> dict[str, object]:
    """Returns how a PFX is protected: the MAC, and per bag the cipher, derivation and iterations.

    Bags inside an encrypted safe are one entry, `encrypted`: their number cannot be seen from outside.

    Returns:
        `{"mac": {algorithm, kdf, iterations} or None, "bags": [{content, cipher, kdf, iterations}, ...]}`.
    """
    return {
        "mac": pfx.mac.describe() if pfx.mac else None,
        "bags": [bag for safe in pfx.safes for bag in _describe_safe(safe)],
    }


def visible_iterations(pfx: Pfx) -> tuple[int, ...]:
    """Returns the iterations of each derivation that opening `pfx` takes, as far as they can be seen from outside."""
    visible = [scheme.kdf.iterations for safe in pfx.safes for scheme in _schemes(safe)]
    return (*visible, pfx.mac.kdf.iterations) if pfx.mac else tuple(visible)


def _schemes(safe: Safe) -> Iterator[pbe.Scheme]:
    if safe.scheme:
        yield safe.scheme
        return
    for kind, value, _ in bags(safe.content):
        if kind == SHROUDED_KEY_BAG:
            yield pbe.parse(value.parts()[0])


def _describe_safe(safe: Safe) -> Iterator[dict[str, str | int | None]]:
    if safe.scheme:
        yield {"content": "encrypted", **safe.scheme.describe()}
        return
    for kind, value, _ in bags(safe.content):
        if kind == SHROUDED_KEY_BAG:
            yield {"content": "key", **pbe.parse(value.parts()[0]).describe()}
        elif kind in _CONTENT_NAMES:
            yield {"content": _CONTENT_NAMES[kind], "cipher": None, "kdf": None, "iterations": None}


_CONTENT_NAMES: Final = {KEY_BAG: "key", CERTIFICATE_BAG: "certificate"}


def _parse_safe(content_info: der.Value) -> Safe:
    content_type, explicit = content_info.parts()
    (content,) = explicit
    if content_type.oid() == _DATA:
        return Safe(None, content.octets())
    if content_type.oid() != _ENCRYPTED_DATA:
        raise AlgorithmUnsupportedError("a PFX encrypted to a public key instead of a password is not supported")
    _, encrypted = content.parts()
    _, algorithm, ciphertext, *_ = encrypted.parts()
    return Safe(pbe.parse(algorithm), ciphertext.octets())


def _parse_mac(mac_data: der.Value) -> Mac:
    digest_info, salt, *iterations = mac_data.parts()
    algorithm, expected = digest_info.parts()
    oid, parameters = pbe.algorithm_and_parameters(algorithm)
    if oid == _PBMAC1:
        return _parse_pbmac1(parameters, expected.octets())
    if oid not in _DIGESTS:
        raise AlgorithmUnsupportedError(f"the MAC algorithm {oid} is not supported")
    digest = _DIGESTS[oid]
    kdf = Pkcs12Kdf(digest, salt.octets(), iterations[0].integer() if iterations else 1)
    return Mac(kdf, digest, hashlib.new(digest, usedforsecurity=False).digest_size, expected.octets())


def _parse_pbmac1(parameters: der.Value, expected: bytes) -> Mac:
    """Reads PBMAC1-params (RFC 8018 appendix A.5), whose password is not a BMPString (RFC 9579 section 4)."""
    derivation, scheme = parameters.parts()
    kdf_oid, kdf_parameters = pbe.algorithm_and_parameters(derivation)
    hmac_oid, _ = pbe.algorithm_and_parameters(scheme)
    if kdf_oid != pbe.PBKDF2 or hmac_oid not in pbe.HMAC_DIGESTS:
        raise AlgorithmUnsupportedError(f"a PBMAC1 of {kdf_oid} and {hmac_oid} is not supported")
    digest = pbe.HMAC_DIGESTS[hmac_oid]
    lengths = [part.integer() for part in kdf_parameters.parts() if part.tag == der.INTEGER][1:]
    size = lengths[0] if lengths else hashlib.new(digest, usedforsecurity=False).digest_size
    if not 0 < size <= _MAX_MAC_KEY_BYTES:
        raise InputTooLargeError(f"its MAC key of {size:,} bytes is longer than any in use")
    return Mac(pbe.parse_pbkdf2(kdf_parameters), digest, size, expected)


def _friendly_name(attributes: der.Value) -> str | None:
    for attribute in attributes.expect(der.SET):
        kind, values = attribute.parts()
        if kind.oid() == _FRIENDLY_NAME:
            for value in values.expect(der.SET):
                return value.expect(der.BMP_STRING).content.decode("utf-16-be", "replace").rstrip("\0")
    return None
