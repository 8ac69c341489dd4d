"""Bytes to `Contents`, and back: the format is told from the bytes, never from a name.

A reader is loaded when something is in its format, so that nobody waits for the others.
"""

from functools import partial
from typing import Final

from certkit import limits
from certkit.contents import Contents
from certkit.errors import InputTooLargeError, InputUnreadableError
from certkit.formats.telling import ENDPOINT_MARK, FOLDER_MARK, Format, as_octets, unwrapped
from certkit.password import Passwords

__all__ = ["Format", "format_of", "protection", "read"]


_IN_PARTS: Final = frozenset({Format.PEM, Format.DER, Format.PKCS7, Format.PKCS12, Format.JKS, Format.JCEKS})
"""What is read inside a ZIP or a Secret: neither of the two again."""


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
    plain, kind = unwrapped(data)
    if kind in {Format.ZIP, Format.KUBERNETES}:
        return _read_collection(plain, kind, passwords, max_iterations, wants_keys=wants_keys)
    return _read_file(plain, kind, passwords, max_iterations, wants_keys=wants_keys)


def format_of(data: bytes) -> Format | None:
    """Tells the format of `data` from how it begins, None where it is none that is read.

    Base64 without armour counts as what it is of.
    """
    return unwrapped(data)[1]


def protection(data: bytes) -> dict[str, object] | None:
    """Returns how `data` is protected, where that can be read without a password; None where it cannot.

    Raises:
        InputUnreadableError: it is a PFX, a keystore or a ZIP or Secret of them, and malformed.
        InputTooLargeError: it is over the limits.
        AlgorithmUnsupportedError: it uses an algorithm that is not known here.
    """
    plain, kind = unwrapped(data)
    if kind is Format.ZIP:
        from certkit.formats import archive

        return archive.protection(plain, _protection_of_part)
    if kind is Format.KUBERNETES:
        from certkit.formats import kubernetes

        return kubernetes.protection(as_octets(plain), _protection_of_part)
    return _protection_of_part(plain)


def _read_collection(
    data: bytes, kind: Format | None, passwords: Passwords, max_iterations: int, *, wants_keys: bool
) -> Contents:
    read_part = partial(_read_part, passwords=passwords, wants_keys=wants_keys)
    if kind is Format.ZIP:
        from certkit.formats import archive

        return archive.read(data, _is_part, read_part, max_iterations, wants_keys=wants_keys)
    from certkit.formats import kubernetes

    return kubernetes.read(as_octets(data), read_part, max_iterations, wants_keys=wants_keys)


def _read_file(
    data: bytes, kind: Format | None, passwords: Passwords, max_iterations: int, *, wants_keys: bool
) -> Contents:
    if kind is Format.PKCS12:
        from certkit.formats import pkcs12

        return pkcs12.read(data, passwords, max_iterations, wants_keys=wants_keys)
    if kind is Format.PEM:
        return _read_pem(data, passwords, max_iterations, wants_keys=wants_keys)
    if kind is Format.FOLDER:
        return _read_folder(data, passwords, max_iterations, wants_keys=wants_keys)
    if kind is Format.ENDPOINT:
        return _read_endpoint(data, passwords, max_iterations)
    return _read_rarer(data, kind, passwords, max_iterations, wants_keys=wants_keys)


def _read_rarer(
    data: bytes, kind: Format | None, passwords: Passwords, max_iterations: int, *, wants_keys: bool
) -> Contents:
    if kind is Format.DER:
        from certkit.formats import x509_der

        return x509_der.read(data, passwords, max_iterations, wants_keys=wants_keys)
    if kind is Format.PKCS7:
        from certkit.formats import pkcs7

        return pkcs7.read(data)
    if kind in {Format.JKS, Format.JCEKS}:
        from certkit.formats import jks

        return jks.read(data, passwords, max_iterations, wants_keys=wants_keys)
    from certkit.formats import foreign

    raise foreign.named(data)


def _read_pem(data: bytes, passwords: Passwords, max_iterations: int, *, wants_keys: bool) -> Contents:
    from certkit.formats import pem

    try:
        return pem.read(data, passwords, max_iterations, wants_keys=wants_keys)
    except InputUnreadableError as error:
        from certkit.formats import foreign

        raise foreign.in_armour(as_octets(data)) or error from error


def _read_folder(data: bytes, passwords: Passwords, max_iterations: int, *, wants_keys: bool) -> Contents:
    from certkit.formats import pem

    contents = pem.read(data, passwords, max_iterations, wants_keys=wants_keys)
    return contents._replace(format="folder", notes=(f"folder: as {_first_line(data, FOLDER_MARK)}", *contents.notes))


def _read_endpoint(data: bytes, passwords: Passwords, max_iterations: int) -> Contents:
    from certkit.formats import pem

    contents = pem.read(data, passwords, max_iterations)
    notes = (f"endpoint: {_first_line(data, ENDPOINT_MARK)}", *contents.notes)
    return contents._replace(format="endpoint", notes=notes)


def _first_line(data: bytes, mark: bytes) -> str:
    return data[len(mark) :].partition(b"\n")[0].decode("utf-8", "replace")


def _is_part(data: bytes) -> bool:
    return unwrapped(data)[1] in _IN_PARTS


def _read_part(data: bytes, max_iterations: int, *, passwords: Passwords, wants_keys: bool) -> Contents:
    plain, kind = unwrapped(data)
    return _read_file(plain, kind if kind in _IN_PARTS else None, passwords, max_iterations, wants_keys=wants_keys)


def _protection_of_part(data: bytes) -> dict[str, object] | None:
    from certkit.formats import jks, pkcs12

    plain, kind = unwrapped(data)
    if kind is Format.PKCS12:
        return pkcs12.protection(plain)
    return jks.protection(plain) if kind in {Format.JKS, Format.JCEKS} else None
