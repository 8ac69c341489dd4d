"""PKCS#7 and CMS: the certificates of a SignedData (RFC 2315 section 9, RFC 5652 section 5).

cryptography's own reader loses all certificates to one odd one, and warns of what `openssl crl2pkcs7` writes every day.
"""

from typing import Final

from certkit import limits
from certkit.contents import CertificateEntry, Contents
from certkit.errors import AlgorithmUnsupportedError, InputTooLargeError, InputUnreadableError, NothingToReadError
from certkit.formats import der
from certkit.formats.damage import told_of

LABELS: Final = frozenset({"PKCS7", "PKCS #7 SIGNED DATA", "CMS"})
"""What stands in the PEM boundary: RFC 7468 section 8, openssl of old, RFC 7468 section 9."""

_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
_ENCRYPTED: Final = {
    "1.2.840.113549.1.7.3": "enveloped",
    "1.2.840.113549.1.7.4": "signed and enveloped",
    "1.2.840.113549.1.7.6": "encrypted",
}
_EXPLICIT: Final = 0xA0
_CERTIFICATES: Final = 0xA0
"""Both are [0], the one of a ContentInfo, the other of a SignedData."""


def read(data: bytes) -> Contents:
    """Reads all certificates in a PKCS#7 file, in the order in which they stand there.

    Raises:
        InputUnreadableError: it is truncated or malformed.
        NothingToReadError: it holds no certificate.
        InputTooLargeError: it holds too many.
        AlgorithmUnsupportedError: it is encrypted to somebody's public key.
    """
    certificates, notes = parse(data)
    if not certificates:
        raise NothingToReadError("there is no certificate in this PKCS#7 file")
    return Contents("pkcs7", certificates, notes=notes)


def parse(data: bytes) -> tuple[tuple[CertificateEntry, ...], tuple[str, ...]]:
    """Returns the certificates and the notes on what else there is; bytes behind the PKCS#7 are not looked at.

    Raises:
        InputUnreadableError, InputTooLargeError, AlgorithmUnsupportedError: as `read`, but for one without certificates.
    """
    with told_of("the PKCS#7"):
        kind, *content = der.read(data).parts()
        content_type = kind.oid()
        if content_type in _ENCRYPTED:
            raise AlgorithmUnsupportedError(
                f"it is {_ENCRYPTED[content_type]} PKCS#7, which only its addressee can open",
                hint="open it with openssl cms -decrypt first",
            )
        if content_type != _SIGNED_DATA:
            raise InputUnreadableError(f"it is PKCS#7 of the type {content_type}, which holds no certificates")
        (explicit,) = content
        (signed_data,) = explicit.parts(_EXPLICIT)
        return _harvest(signed_data)


def _harvest(signed_data: der.Value) -> tuple[tuple[CertificateEntry, ...], tuple[str, ...]]:
    certificates: list[CertificateEntry] = []
    notes: list[str] = []
    for field in signed_data.expect(der.SEQUENCE):
        if field.tag != _CERTIFICATES:
            continue
        for choice in field:
            if choice.tag != der.SEQUENCE:
                notes.append("passed-over: an attribute certificate, which ACM has no use for")
            elif len(certificates) == limits.MAX_CERTIFICATES:
                raise InputTooLargeError(f"it holds more than {limits.MAX_CERTIFICATES:,} certificates")
            else:
                certificates.append(CertificateEntry(choice.encoded))
    return tuple(certificates), tuple(dict.fromkeys(notes))
