"""Bytes to `Contents`, and back: the format is told from the bytes, never from a name."""

import base64
import binascii
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import Final, assert_never

from certkit import limits
from certkit.contents import Contents
from certkit.errors import InputTooLargeError, InputUnreadableError
from certkit.formats import archive, foreign, jks, kubernetes, pem, pkcs7, pkcs12, x509_der
from certkit.password import Passwords

__all__ = ["Format", "format_of", "protection", "read"]


class Format(StrEnum):
    """What is read. A PEM file that holds nothing but PKCS#7 counts as `pkcs7` once it has been read."""

    PEM = "pem"
    DER = "der"
    PKCS7 = "pkcs7"
    PKCS12 = "pkcs12"
    JKS = "jks"
    JCEKS = "jceks"
    ZIP = "zip"
    KUBERNETES = "kubernetes"
    FOLDER = "folder"


_IN_PARTS: Final = frozenset({Format.PEM, Format.DER, Format.PKCS7, Format.PKCS12, Format.JKS, Format.JCEKS})
"""What is read inside a ZIP or a Secret: neither of the two again."""

_FOLDER_MARK: Final = b"# certkit folder: "
"""How the files of a folder begin when `certkit.sources.folder` has joined them."""

_BASE64_BLANKS: Final = b" \t\r\n"


def read(
    data: bytes, passwords: Passwords, max_iterations: int = limits.MAX_ITERATIONS, *, wants_keys: bool = True
) -> Contents:
    """Reads all keys and certificates in `data`, whatever its format.

    Args:
        max_iterations: the budget for key derivation, over everything in `data`.
        wants_keys: whether keys are read at all; else they are passed over, locked or not.

    Raises:
        InputUnreadableError: it is empty, damaged, or in no format that is read.
        InputTooLargeError: it is over the limits.
        PasswordMissingError: it is encrypted and no password was given.
        PasswordWrongError: the password does not open it.
        AlgorithmUnsupportedError: it takes an algorithm that cannot be used here.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise InputUnreadableError("it is empty" if not data else "it holds nothing but blanks")
    if len(data) > limits.MAX_SOURCE_BYTES:
        raise InputTooLargeError(f"it has more than {limits.MAX_SOURCE_BYTES >> 20} MiB, which no bundle has")
    plain, kind = _unwrapped(data)
    read_part = partial(_read_part, passwords=passwords, wants_keys=wants_keys)
    if kind is Format.ZIP:
        return archive.read(plain, _is_part, read_part, max_iterations, wants_keys=wants_keys)
    if kind is Format.KUBERNETES:
        return kubernetes.read(pem.as_octets(plain), read_part, max_iterations, wants_keys=wants_keys)
    return _read_file(plain, kind, passwords, max_iterations, wants_keys=wants_keys)


def format_of(data: bytes) -> Format | None:
    """Tells the format of `data` from how it begins, None where it is none that is read.

    Base64 without armour counts as what it is of.
    """
    return _unwrapped(data)[1]


def protection(data: bytes) -> dict[str, object] | None:
    """Returns how `data` is protected, where that can be read without a password; None where it cannot.

    Raises:
        InputUnreadableError: it is a PFX, a keystore or a ZIP of them, and malformed.
        InputTooLargeError: it is over the limits.
        AlgorithmUnsupportedError: it uses an algorithm that is not known here.
    """
    plain, kind = _unwrapped(data)
    if kind is Format.ZIP:
        return archive.protection(plain, _protection_of_part)
    return _protection_of_part(plain)


def _unwrapped(data: bytes) -> tuple[bytes, Format | None]:
    """Returns `data` and its format; of base64 without armour, what it is of."""
    kind = _told(data)
    if kind is not None:
        return data, kind
    try:
        decoded = base64.b64decode(pem.as_octets(data).translate(None, _BASE64_BLANKS), validate=True)
    except binascii.Error:
        return data, None
    inner = _told(decoded)
    return (data, None) if inner is None else (decoded, inner)


def _told(data: bytes) -> Format | None:
    """Tells a format: those of bytes first, since what they hold may be text."""
    if data[:4] in jks.MAGICS:
        return Format(jks.MAGICS[data[:4]])
    if data[:4] in archive.MAGICS:
        return Format.ZIP
    if x509_der.is_der(data):
        return _told_of_der(data)
    if data.startswith(_FOLDER_MARK):
        return Format.FOLDER
    if kubernetes.is_secret(pem.as_octets(data)):
        return Format.KUBERNETES
    return Format.PEM if pem.is_pem(data) else None


def _told_of_der(data: bytes) -> Format:
    """Tells PFX and PKCS#7 from other DER by their first parts, also where the rest of it is missing."""
    if pkcs7.is_pkcs7(data):
        return Format.PKCS7
    is_pfx = b"\x02\x01" in data[2:10] and b"\x2a\x86\x48\x86\xf7\x0d\x01\x07" in data[:40]
    return Format.PKCS12 if is_pfx else Format.DER


def _read_file(
    data: bytes, kind: Format | None, passwords: Passwords, max_iterations: int, *, wants_keys: bool
) -> Contents:
    match kind:
        case Format.PEM:
            return _read_pem(data, passwords, max_iterations, wants_keys=wants_keys)
        case Format.FOLDER:
            return _read_folder(data, passwords, max_iterations, wants_keys=wants_keys)
        case Format.DER:
            return x509_der.read(data, passwords, max_iterations, wants_keys=wants_keys)
        case Format.PKCS7:
            return pkcs7.read(data)
        case Format.PKCS12:
            return pkcs12.read(data, passwords, max_iterations, wants_keys=wants_keys)
        case Format.JKS | Format.JCEKS:
            return jks.read(data, passwords, max_iterations, wants_keys=wants_keys)
        case Format.ZIP | Format.KUBERNETES | None:
            raise foreign.named(data)
    assert_never(kind)


def _read_pem(data: bytes, passwords: Passwords, max_iterations: int, *, wants_keys: bool) -> Contents:
    try:
        return pem.read(data, passwords, max_iterations, wants_keys=wants_keys)
    except InputUnreadableError as error:
        raise foreign.in_armour(pem.as_octets(data)) or error from error


def _read_folder(data: bytes, passwords: Passwords, max_iterations: int, *, wants_keys: bool) -> Contents:
    contents = pem.read(data, passwords, max_iterations, wants_keys=wants_keys)
    files = data[len(_FOLDER_MARK) :].partition(b"\n")[0].decode("utf-8", "replace")
    return replace(contents, format="folder", notes=(f"folder: as {files}", *contents.notes))


def _is_part(data: bytes) -> bool:
    return _unwrapped(data)[1] in _IN_PARTS


def _read_part(data: bytes, max_iterations: int, *, passwords: Passwords, wants_keys: bool) -> Contents:
    plain, kind = _unwrapped(data)
    if kind not in _IN_PARTS:
        raise foreign.named(data)
    return _read_file(plain, kind, passwords, max_iterations, wants_keys=wants_keys)


def _protection_of_part(data: bytes) -> dict[str, object] | None:
    plain, kind = _unwrapped(data)
    if kind is Format.PKCS12:
        return pkcs12.protection(plain)
    return jks.protection(plain) if kind in {Format.JKS, Format.JCEKS} else None
