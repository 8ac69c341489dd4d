"""What a certificate says of itself (RFC 5280)."""

import datetime as dt
import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Final, TypeAlias, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

NameKey: TypeAlias = tuple[frozenset[tuple[str, str]], ...]
"""A distinguished name in the form in which RFC 5280 section 7.1 compares names."""

LAZY_ERRORS: Final = (
    ValueError,
    TypeError,  # a BIT STRING in a name
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography raises when a part of a certificate is first looked at."""

_SAN_PREFIXES: Final[dict[type[x509.GeneralName], str]] = {
    x509.DNSName: "DNS",
    x509.IPAddress: "IP",
    x509.RFC822Name: "email",
    x509.UniformResourceIdentifier: "URI",
}

_ATTRIBUTE_TYPE: Final = re.compile(r"(^|(?<!\\)[,+])\s*([A-Za-z]+)\s*=")
"""Where an attribute stands in a name as RFC 4514 writes it; people write the types in small letters too, and blanks."""

_FORBIDDEN_SERIAL: Final = re.compile(
    rb"(?:\x30(?:[\x00-\x7f]|\x81.|\x82..|\x83...)){2}(?:\xa0\x03\x02\x01.)?\x02(?:\x01\x00|.[\x80-\xff])", re.DOTALL
)
"""The beginning of a certificate with the serial number 0, or a negative one: RFC 5280, 4.1.2.2. Public roots have 0."""

_SERIAL_WARNING: Final = "Parsed a serial number which wasn't positive"
"""What cryptography says of such a one when it parses it, and each time that it is asked for the number."""

REMEMBERED: Final = 256
"""How many certificates, and how many verdicts on signatures, are remembered: bundles share their issuers."""

MAX_REMEMBERED_BYTES: Final = 32_768
"""Of what size a certificate may be to be remembered: the largest that ACM takes, and none that is there to fill the memory."""

Extension = TypeVar("Extension", bound=x509.ExtensionType)


def load(der: bytes) -> x509.Certificate | None:
    """Parses one certificate; None where it cannot be parsed.

    cryptography reads strict DER only: about 5 % of the odd certificates in public collections load in openssl and not here.
    A validity that Python's calendar does not hold (the year 0) counts as one that cannot be parsed.
    """
    return _load_once(der) if len(der) <= MAX_REMEMBERED_BYTES else _load(der)


def _load(der: bytes) -> x509.Certificate | None:
    try:
        certificate = parse(der)
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm):
        return None
    return certificate


_load_once = lru_cache(REMEMBERED)(_load)


def parse(der: bytes) -> x509.Certificate:
    """Parses one certificate, and says nothing of a serial number that RFC 5280 forbids.

    Raises:
        ValueError, InvalidVersion, UnsupportedAlgorithm: cryptography's, where it cannot be parsed; see `load`.
    """
    if not _FORBIDDEN_SERIAL.match(der):
        return x509.load_der_x509_certificate(der)
    from certkit.silence import silence  # noqa: PLC0415 -- few certificates are of this kind

    with silence(_SERIAL_WARNING):
        return x509.load_der_x509_certificate(der)


def to_der(certificate: x509.Certificate) -> bytes:
    """Returns the certificate's encoding, byte for byte as it was signed."""
    return certificate.public_bytes(serialization.Encoding.DER)


def to_pem(certificate: x509.Certificate) -> bytes:
    """Returns the certificate as RFC 7468 has it: LF, 64 columns, nothing around it."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate: x509.Certificate) -> str:
    """Returns the SHA-256 of the DER in lower-case hex."""
    return hashlib.sha256(to_der(certificate)).hexdigest()


def subject(certificate: x509.Certificate) -> x509.Name | None:
    """Returns the subject, None where it cannot be parsed."""
    try:
        return certificate.subject
    except LAZY_ERRORS:
        return None


def issuer(certificate: x509.Certificate) -> x509.Name | None:
    """Returns the issuer, None where it cannot be parsed."""
    try:
        return certificate.issuer
    except LAZY_ERRORS:
        return None


def name_key(name: x509.Name | None) -> NameKey | None:
    """Returns `name` in the form to compare: string types, case and runs of white space do not count (RFC 5280, 7.1)."""
    if name is None:
        return None
    return tuple(frozenset((part.oid.dotted_string, _prepared(str(part.value))) for part in rdn) for rdn in name.rdns)


def _prepared(value: str) -> str:
    """Returns `value` as RFC 4518 section 2 prepares it, near enough: a link is proved by its signature, not by its name."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def is_called(name: x509.Name | None, wanted: str) -> bool:
    """Tells whether `wanted` is a common name of `name` or, as RFC 4514 writes it, the whole of it; compared as `name_key` does."""
    if name is None:
        return False
    common = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    if any(_prepared(str(attribute.value)) == _prepared(wanted) for attribute in common):
        return True
    written = _ATTRIBUTE_TYPE.sub(lambda found: f"{found[1]}{found[2].upper()}=", wanted)
    try:
        return name_key(x509.Name.from_rfc4514_string(written)) == name_key(name)
    except ValueError:  # it is a common name, and another one
        return False


def extension(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    """Returns the extension of this `kind`, None where there is none or the extensions cannot be parsed."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, *LAZY_ERRORS):
        return None


def unreadable_parts(certificate: x509.Certificate) -> tuple[str, ...]:
    """Returns which of `subject`, `issuer` and `extensions` cannot be parsed."""
    return tuple(part for part in ("subject", "issuer", "extensions") if not _can_be_read(certificate, part))


def _can_be_read(certificate: x509.Certificate, part: str) -> bool:
    try:
        getattr(certificate, part)
    except LAZY_ERRORS:
        return False
    return True


def sans(certificate: x509.Certificate) -> tuple[str, ...]:
    """Returns the subject alternative names in openssl's form: `DNS:a.example`, `IP:192.0.2.1`, in their order."""
    names = extension(certificate, x509.SubjectAlternativeName)
    return tuple(_san(name) for name in names) if names else ()


def dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """Returns the DNS names among the subject alternative names."""
    names = extension(certificate, x509.SubjectAlternativeName)
    return tuple(names.get_values_for_type(x509.DNSName)) if names else ()


def common_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """Returns the common names of the subject, in their order."""
    name = subject(certificate)
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME) if name else []
    return tuple(str(attribute.value) for attribute in found)


def common_name(certificate: x509.Certificate) -> str | None:
    """Returns the last common name of the subject, None where there is none."""
    return next(reversed(common_names(certificate)), None)


def title(certificate: x509.Certificate) -> str:
    """Returns what people call it by: its common name, else its first other name, else its subject."""
    name = subject(certificate)
    named = common_name(certificate) or next((san.partition(":")[2] for san in sans(certificate)), None)
    return named or (name.rfc4514_string() if name else "") or "a certificate without a name"


def is_ca(certificate: x509.Certificate) -> bool:
    """Tells whether its basic constraints say that it is a CA's."""
    constraints = extension(certificate, x509.BasicConstraints)
    return bool(constraints and constraints.ca)


def serial_number(certificate: x509.Certificate) -> int:
    """Returns the serial number; RFC 5280 wants it positive, and not all are."""
    if not _FORBIDDEN_SERIAL.match(to_der(certificate)):
        return certificate.serial_number
    from certkit.silence import silence  # noqa: PLC0415 -- few certificates are of this kind

    with silence(_SERIAL_WARNING):
        return certificate.serial_number


def serial_text(serial: int) -> str:
    """Returns a serial number as `0a:1b:…`, without a sign octet."""
    return abs(serial).to_bytes(max(1, (abs(serial).bit_length() + 7) // 8), "big").hex(":")


def is_valid_at(certificate: x509.Certificate, now: dt.datetime) -> bool:
    """Tells whether `now` is within its validity, both ends included (RFC 5280, 4.1.2.5)."""
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _san(name: x509.GeneralName) -> str:
    match name:
        case x509.DirectoryName():
            return f"DirName:{name.value.rfc4514_string()}"
        case x509.RegisteredID():
            return f"RID:{name.value.dotted_string}"
        case x509.OtherName():
            return f"othername:{name.type_id.dotted_string}"
        case _:
            return f"{_SAN_PREFIXES.get(type(name), type(name).__name__)}:{name.value}"
