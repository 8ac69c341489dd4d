"""Private keys that OpenSSL reads and cryptography's own parser refuses, opened in a PFX of their own.

cryptography hands a PFX to OpenSSL whole. So an elliptic key whose number lost a leading zero, a key that carries its public
one (RFC 5958) and a key under a cipher that is not offered otherwise become the only bag of a PFX without a MAC. OpenSSL
checks what it loads, RSA's primes included; the size that is let through here bounds what that takes.
"""

from typing import Final

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12

from certkit.errors import InputTooLargeError
from certkit.formats import der
from certkit.password import Password
from certkit.silence import silence

_KEY_BAG: Final = bytes.fromhex("060b2a864886f70d010c0a0101")
_SHROUDED_KEY_BAG: Final = bytes.fromhex("060b2a864886f70d010c0a0102")
_DATA: Final = bytes.fromhex("06092a864886f70d010701")
_EC_PUBLIC_KEY: Final = bytes.fromhex("06072a8648ce3d0201")
_VERSION_0: Final = bytes.fromhex("020100")
_VERSION_3: Final = bytes.fromhex("020103")
"""Object identifiers and versions, encoded."""

_EXPLICIT: Final = 0xA0
_EDWARDS_OR_ELLIPTIC: Final = frozenset({"1.2.840.10045.2.1", "1.3.101.112", "1.3.101.113"})
"""id-ecPublicKey, Ed25519 and Ed448: cheap to check, and the kinds of which OpenSSL reads more."""

_MAX_KEY_BYTES: Final = 3_072
"""An encrypted RSA key of 4,096 bits has 2,460 bytes; the primes of larger ones take OpenSSL seconds."""


def load_key(encoded: bytes) -> PrivateKeyTypes | None:
    """Loads an unencrypted elliptic key, PKCS#8 or SEC1; None where it is none, or OpenSSL refuses it too."""
    try:
        key_info = _as_pkcs8(der.read_all(encoded))
        _, algorithm, *_ = key_info.parts()
        kind, *curve = algorithm.parts()
        # A curve that is spelled out instead of named may be of any size, and OpenSSL would compute on it.
        if kind.oid() not in _EDWARDS_OR_ELLIPTIC or any(part.tag != der.OBJECT_IDENTIFIER for part in curve):
            return None
    except ValueError:  # a MalformedError, or too few parts
        return None
    return _load(_KEY_BAG, key_info.encoded, None)


def algorithm_of(encoded: bytes) -> der.Value:
    """Returns the AlgorithmIdentifier of an unencrypted key, PKCS#8 or SEC1.

    Raises:
        ValueError: it names none.
    """
    _, algorithm, *_ = _as_pkcs8(der.read_all(encoded)).parts()
    return algorithm


def open_key(encrypted: der.Value, password: Password) -> PrivateKeyTypes | None:
    """Opens an EncryptedPrivateKeyInfo; None where OpenSSL cannot. The caller MUST have spent its iterations.

    Raises:
        InputTooLargeError: checking a key of that size would take too long.
    """
    encoded = der.to_definite(encrypted)
    if len(encoded) > _MAX_KEY_BYTES:
        raise InputTooLargeError(f"a private key of {len(encoded):,} bytes is not read under a cipher this rare")
    try:
        password.octets.decode("utf-8")
    except UnicodeDecodeError:
        return None
    # cryptography panics at a NUL, and prints the password while it does.
    return None if b"\0" in password.octets else _load(_SHROUDED_KEY_BAG, encoded, password.octets)


def _as_pkcs8(value: der.Value) -> der.Value:
    """Returns a PKCS#8 key as it is, and a SEC1 one (RFC 5915) as PKCS#8."""
    version, second, *rest = value.parts()
    if version.integer() != 1 or second.tag != der.OCTET_STRING:
        return value
    curves = [part for part in rest if part.tag == _EXPLICIT]
    if not curves:
        raise der.MalformedError("an elliptic key that does not name its curve")
    algorithm = der.encode(der.SEQUENCE, _EC_PUBLIC_KEY + curves[0].content)
    key = der.encode(der.OCTET_STRING, value.encoded)
    return der.read_all(der.encode(der.SEQUENCE, _VERSION_0 + algorithm + key))


def _load(bag_type: bytes, bag_value: bytes, password: bytes | None) -> PrivateKeyTypes | None:
    with silence(""):  # BER inside the key: cryptography announces that it will refuse it one day
        try:
            return pkcs12.load_key_and_certificates(_pfx(bag_type, bag_value), password)[0]
        except (ValueError, TypeError, UnsupportedAlgorithm, InternalError):
            return None


def _pfx(bag_type: bytes, bag_value: bytes) -> bytes:
    bag = der.encode(der.SEQUENCE, bag_type + der.encode(_EXPLICIT, bag_value))
    safe = _data(der.encode(der.SEQUENCE, bag))
    return der.encode(der.SEQUENCE, _VERSION_3 + _data(der.encode(der.SEQUENCE, safe)))


def _data(content: bytes) -> bytes:
    """Returns a ContentInfo of the type `data` (RFC 5652 section 4)."""
    octets = der.encode(der.OCTET_STRING, content)
    return der.encode(der.SEQUENCE, _DATA + der.encode(_EXPLICIT, octets))
