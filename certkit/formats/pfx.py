"""The structure of a PFX, as far as it can be read without its password (RFC 7292)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from certkit import limits
from certkit.errors import AlgorithmUnsupportedError, InputUnreadableError
from certkit.formats import der, pbe
from certkit.formats.mac import Mac, parse_mac

KEY_BAG: Final = "1.2.840.113549.1.12.10.1.1"
SHROUDED_KEY_BAG: Final = "1.2.840.113549.1.12.10.1.2"
CERTIFICATE_BAG: Final = "1.2.840.113549.1.12.10.1.3"
NESTED_BAG: Final = "1.2.840.113549.1.12.10.1.6"
"""The types of bags that are read (RFC 7292 appendix D)."""

_DATA: Final = "1.2.840.113549.1.7.1"
_ENVELOPED_DATA: Final = "1.2.840.113549.1.7.3"
_ENCRYPTED_DATA: Final = "1.2.840.113549.1.7.6"
_FRIENDLY_NAME: Final = "1.2.840.113549.1.9.20"


class Safe(NamedTuple):
    """One ContentInfo of the AuthenticatedSafe.

    Attributes:
        scheme: how it is encrypted, None where it is not.
        content: its SafeContents, or what hides them.
    """

    scheme: pbe.Scheme | None
    content: bytes


class Pfx(NamedTuple):
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
    return Pfx(safes, authenticated, parse_mac(mac_data[0]) if mac_data else None)


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
    """Returns what each derivation that opening `pfx` takes costs, as far as it can be seen from outside."""
    visible = [scheme.cost_of(ciphertext) for scheme, ciphertext in locks(pfx)]
    return (*visible, pfx.mac.kdf.cost) if pfx.mac else tuple(visible)


def locks(pfx: Pfx) -> Iterator[tuple[pbe.Scheme, bytes]]:
    """Yields scheme and ciphertext of everything encrypted that can be seen from outside: safes, and keys in plain ones.

    Raises:
        MalformedError: there is a bag that is none.
        AlgorithmUnsupportedError: an algorithm that is not known here.
    """
    for safe in pfx.safes:
        if safe.scheme:
            yield safe.scheme, safe.content
        else:
            yield from _locked_keys(safe.content, limits.MAX_NESTING)


def parse_encrypted_key(shrouded: der.Value) -> tuple[pbe.Scheme, bytes]:
    """Reads an EncryptedPrivateKeyInfo (RFC 5958 section 3) into its scheme and ciphertext.

    Raises:
        MalformedError: it is none.
        AlgorithmUnsupportedError: an algorithm that is not known here.
    """
    parts = shrouded.parts()
    if len(parts) != 2:  # noqa: PLR2004 -- algorithm and ciphertext
        raise der.MalformedError(f"an encrypted key of {len(parts)} parts at byte {shrouded.start}")
    return pbe.parse(parts[0]), parts[1].octets()


def _locked_keys(safe_contents: bytes, depth: int) -> Iterator[tuple[pbe.Scheme, bytes]]:
    for kind, value, _ in bags(safe_contents):
        if kind == SHROUDED_KEY_BAG:
            yield parse_encrypted_key(value)
        elif kind == NESTED_BAG and depth:
            yield from _locked_keys(value.encoded, depth - 1)


def _describe_safe(safe: Safe) -> Iterator[dict[str, str | int | None]]:
    if safe.scheme:
        yield {"content": "encrypted", **safe.scheme.describe()}
    else:
        yield from _describe_bags(safe.content, limits.MAX_NESTING)


def _describe_bags(safe_contents: bytes, depth: int) -> Iterator[dict[str, str | int | None]]:
    for kind, value, _ in bags(safe_contents):
        if kind == SHROUDED_KEY_BAG:
            yield {"content": "key", **parse_encrypted_key(value)[0].describe()}
        elif kind in _CONTENT_NAMES:
            yield {"content": _CONTENT_NAMES[kind], "cipher": None, "kdf": None, "iterations": None}
        elif kind == NESTED_BAG and depth:
            yield from _describe_bags(value.encoded, depth - 1)


_CONTENT_NAMES: Final = {KEY_BAG: "key", CERTIFICATE_BAG: "certificate"}


def _parse_safe(content_info: der.Value) -> Safe:
    content_type, explicit = content_info.parts()
    (content,) = explicit
    if content_type.oid() == _DATA:
        return Safe(None, content.octets())
    if content_type.oid() == _ENVELOPED_DATA:
        raise AlgorithmUnsupportedError("a PFX encrypted to a public key instead of a password is not supported")
    if content_type.oid() != _ENCRYPTED_DATA:
        raise der.MalformedError(f"a safe of the unknown type {content_type.oid()} at byte {content_info.start}")
    _, encrypted = content.parts()
    _, algorithm, ciphertext, *_ = encrypted.parts()
    return Safe(pbe.parse(algorithm), ciphertext.octets())


def _friendly_name(attributes: der.Value) -> str | None:
    for attribute in attributes.expect(der.SET):
        kind, values = attribute.parts()
        if kind.oid() == _FRIENDLY_NAME:
            for value in values.expect(der.SET):
                encoding = "utf-16-be" if value.tag == der.BMP_STRING else "utf-8"
                return value.content.decode(encoding, "replace").rstrip("\0")
    return None
