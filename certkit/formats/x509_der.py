"""DER without armour: certificates, one or several behind each other, and private keys of every form.

What a value is, is told from the tags of its first parts; whether it is a good one, the loading decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Final

from certkit import limits
from certkit.contents import CertificateEntry, Contents, KeyEntry
from certkit.errors import InputTooLargeError, InputUnreadableError, NothingToReadError
from certkit.formats import der, foreign, keys, pkcs7
from certkit.formats.damage import told_of
from certkit.formats.harvest import Harvest
from certkit.formats.kdf import Budget
from certkit.formats.keyring import Keyring
from certkit.password import Passwords

_BLANKS: Final = b"\0 \t\r\n\x1a"
"""What programs put behind a file's end: zeros, line ends, the end-of-file mark of CP/M."""


_MAX_VALUES: Final = limits.MAX_CERTIFICATES + limits.MAX_KEYS


class Kind(Enum):
    """What a DER value is, as people call it."""

    CERTIFICATE = "a certificate"
    PKI_PATH = "a PkiPath"
    KEY = "a private key"
    ENCRYPTED_KEY = "an encrypted private key"
    PKCS7 = "PKCS#7"
    REQUEST = "a certificate request"
    REVOCATION_LIST = "a certificate revocation list"
    PUBLIC_KEY = "a public key"
    BCFKS = foreign.BCFKS
    UNKNOWN = "something that is neither certificate nor private key"


@dataclass(slots=True, kw_only=True)
class _Harvest(Harvest):
    """What has been found in the values so far, with what opens the locked ones."""

    budget: Budget
    passwords: Passwords


def read(
    data: bytes, passwords: Passwords, max_iterations: int = limits.MAX_ITERATIONS, *, wants_keys: bool = True
) -> Contents:
    """Reads all keys and certificates in a DER file.

    Args:
        wants_keys: whether keys are read at all; else they are passed over, locked or not.

    Raises:
        InputUnreadableError: it is truncated, malformed or of a kind that is not known.
        NothingToReadError: it holds neither a certificate nor a key.
        InputTooLargeError: it holds too many of them, or a key's derivation costs too much.
        PasswordMissingError, PasswordWrongError: a key is encrypted and cannot be opened.
        AlgorithmUnsupportedError: a key's encryption or kind cannot be used here.
    """
    harvest = _Harvest(budget=Budget(max_iterations), passwords=passwords, wants_keys=wants_keys)
    found: list[Kind] = []
    with told_of("the DER"):
        for value in _values(data, harvest):
            if len(found) == _MAX_VALUES:
                raise InputTooLargeError(f"it holds more than {_MAX_VALUES:,} values")
            found.append(kind_of(value))
            _harvest_value(value, found[-1], harvest)
    if not harvest.certificates and not harvest.keys and not {Kind.KEY, Kind.ENCRYPTED_KEY} & set(found):
        raise _nothing_in(found)
    return Contents("der", tuple(harvest.certificates), tuple(harvest.keys), tuple(dict.fromkeys(harvest.notes)))


def kind_of(value: der.Value) -> Kind:
    """Tells what a DER value is from the tags of its parts.

    Raises:
        MalformedError: its parts are not values.
    """
    tags = _first_tags(value)
    if tags in _WHOLE_SHAPES:
        return _WHOLE_SHAPES[tags]
    if tags == _SIGNED:
        return _kind_of_signed(next(iter(value)))
    for shape, kind in _SHAPES.items():
        if tags[: len(shape)] == shape:
            return kind
    if tags == (der.SEQUENCE, der.SEQUENCE) and _first_tags(next(iter(value))) == (der.SEQUENCE, der.OCTET_STRING):
        return Kind.BCFKS
    is_path = tags and all(_first_tags(part) == _SIGNED for part in islice(value, _FEW))
    return Kind.PKI_PATH if is_path else Kind.UNKNOWN


def key_kind(certificate: bytes) -> str | None:
    """Returns the OID of the curve, else of the kind, of a certificate's key; None where they cannot be told."""
    try:
        algorithm, *_ = public_key_info(certificate).parts()
        *_, named = (part.oid() for part in algorithm if part.tag == der.OBJECT_IDENTIFIER)
    except ValueError:  # a MalformedError, or too few parts
        return None
    return named


def public_key_info(certificate: bytes) -> der.Value:
    """Returns the SubjectPublicKeyInfo of a certificate that need not be strict DER, nor right (RFC 5280 section 4.1).

    Raises:
        ValueError: it is not where it has to be.
    """
    signed, *_ = der.read(certificate).parts()
    fields = [part for part in islice(signed, _FEW + 1) if part.tag != _EXPLICIT_VERSION]
    _, _, _, _, _, found, *_ = fields
    return found


_EXPLICIT_VERSION: Final = 0xA0

_SIGNED: Final = (der.SEQUENCE, der.SEQUENCE, der.BIT_STRING)
"""What is signed, by whom is not in it: certificate, request, revocation list."""

_WHOLE_SHAPES: Final = {
    (der.INTEGER, der.INTEGER): Kind.PUBLIC_KEY,  # RFC 8017 appendix A.1.1
    (der.SEQUENCE, der.BIT_STRING): Kind.PUBLIC_KEY,  # RFC 5280 section 4.1
    (der.SEQUENCE, der.OCTET_STRING): Kind.ENCRYPTED_KEY,  # RFC 5958 section 3
}
_SHAPES: Final = {
    (der.OBJECT_IDENTIFIER,): Kind.PKCS7,
    (der.INTEGER, der.SEQUENCE, der.OCTET_STRING): Kind.KEY,  # PKCS#8, RFC 5958 section 2
    (der.INTEGER, der.OCTET_STRING): Kind.KEY,  # SEC1, RFC 5915 section 3
    (der.INTEGER, der.INTEGER, der.INTEGER, der.INTEGER): Kind.KEY,  # PKCS#1, and DSA as openssl has it
}
_FEW: Final = 6


def _first_tags(value: der.Value) -> tuple[int, ...]:
    return tuple(part.tag for part in islice(value, _FEW)) if value.tag == der.SEQUENCE else ()


def _kind_of_signed(signed: der.Value) -> Kind:
    """Tells apart what is signed: RFC 5280 sections 4.1 and 5.1, RFC 2986 section 4."""
    tags = _first_tags(signed)
    match tags[1:] if tags[:1] == (der.INTEGER,) else tags:
        case (der.SEQUENCE, der.SEQUENCE) | (der.SEQUENCE, der.SEQUENCE, 0xA0, *_):  # no validity, [0] attributes
            return Kind.REQUEST
        case (der.SEQUENCE, der.SEQUENCE, 0x17 | 0x18, *_):  # thisUpdate, a time
            return Kind.REVOCATION_LIST
    return Kind.CERTIFICATE


def _values(data: bytes, harvest: _Harvest) -> Iterator[der.Value]:
    """Yields the values that stand behind each other, to the end or to what is none."""
    position = 0
    while position < len(data):
        if data[position] != der.SEQUENCE:
            behind = data[position:].strip(_BLANKS)
            if behind:
                harvest.notes.append(f"trailing-bytes: {len(behind):,} bytes behind the last value were not read")
            return
        value = der.read(data, position)
        yield value
        position = value.end


def _harvest_value(value: der.Value, kind: Kind, harvest: _Harvest) -> None:
    if kind is Kind.CERTIFICATE:
        harvest.add_certificates(CertificateEntry(value.encoded))
    elif kind is Kind.PKI_PATH:
        harvest.add_certificates(*(CertificateEntry(part.encoded) for part in value))
    elif kind is Kind.PKCS7:
        certificates, notes = pkcs7.parse(value.encoded)
        harvest.notes += notes
        harvest.add_certificates(*certificates)
    elif kind in {Kind.KEY, Kind.ENCRYPTED_KEY}:
        _harvest_key(value, kind, harvest)
    else:
        harvest.notes.append(f"passed-over: {kind.value}")


def _harvest_key(value: der.Value, kind: Kind, harvest: _Harvest) -> None:
    if not harvest.takes_key():
        return
    size = value.end - value.start
    if size > limits.MAX_ENCRYPTED_KEY_BYTES:
        raise InputTooLargeError(f"the private key has {size:,} bytes, more than {limits.MAX_ENCRYPTED_KEY_BYTES:,}")
    was_encrypted = kind is Kind.ENCRYPTED_KEY
    keyring = Keyring(harvest.passwords, harvest.budget)
    private_key = keyring.open_key(value) if was_encrypted else keys.load(value.encoded)
    harvest.keys.append(KeyEntry(private_key, was_encrypted=was_encrypted))


_REMEDIES: Final = {
    Kind.REQUEST: "name what the CA made of it: the certificate",
    Kind.REVOCATION_LIST: "name the certificate itself",
    Kind.PUBLIC_KEY: "name the certificate, or the private key that belongs to it",
    Kind.BCFKS: foreign.TO_PFX_FROM_BCFKS,
}


def _nothing_in(found: list[Kind]) -> InputUnreadableError:
    first = next((kind for kind in found if kind is not Kind.UNKNOWN), Kind.UNKNOWN)
    if first is Kind.PKCS7:
        return NothingToReadError("there is no certificate in this PKCS#7 file")
    if first is Kind.UNKNOWN:
        return InputUnreadableError("it is DER, and neither certificate, private key, PKCS#7 nor PFX")
    return NothingToReadError(f"it is {first.value}", hint=_REMEDIES.get(first))
