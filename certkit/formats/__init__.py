"""Bytes to `Contents`, and back: the format is told from the bytes, never from a name."""

from typing import Final

from certkit import limits
from certkit.contents import Contents
from certkit.errors import InputTooLargeError, InputUnreadableError
from certkit.formats import pem, pkcs12
from certkit.password import Passwords

__all__ = ["protection", "read"]

_NOT_READ: Final = (
    (
        b"\xfe\xed\xfe\xed",
        "a Java keystore (JKS)",
        "keytool -importkeystore -srckeystore FILE -destkeystore NEW.pfx -deststoretype PKCS12",
    ),
    (
        b"\xce\xce\xce\xce",
        "a Java keystore (JCEKS)",
        "keytool -importkeystore -srckeystore FILE -destkeystore NEW.pfx -deststoretype PKCS12",
    ),
    (b"PK\x03\x04", "a ZIP archive", "unpack it and name the file inside"),
    (b"\x1f\x8b", "a gzip file", "gunzip FILE"),
    (b"-----BEGIN PGP ", "a PGP file", None),
    (b"----BEGIN SSH2", "an SSH key", None),
    (b"ssh-", "an SSH public key", None),
    (b"\xa1\x1e\x3d", "a Windows private key (PVK)", "openssl rsa -inform PVK -in FILE -out key.pem"),
)
"""Magic bytes of what people send that is not read, its name, and the way out."""


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
    if pem.is_pem(data):
        return pem.read(data, passwords, max_iterations, wants_keys=wants_keys)
    if _looks_like_pfx(data):
        return pkcs12.read(data, passwords, max_iterations, wants_keys=wants_keys)
    raise _not_read(data)


def protection(data: bytes) -> dict[str, object] | None:
    """Returns how `data` is protected, where that can be read without a password; None where it cannot.

    Raises:
        InputUnreadableError: it is a PFX, and malformed.
        AlgorithmUnsupportedError: it is a PFX, and uses an algorithm that is not known here.
    """
    return pkcs12.protection(data) if _looks_like_pfx(data) else None


def _looks_like_pfx(data: bytes) -> bool:
    """Tells a PFX from other DER by its version and what follows, also where the rest of it is missing."""
    if data[:1] != b"\x30":
        return False
    return b"\x02\x01\x03\x30" in data[2:10] and b"\x2a\x86\x48\x86\xf7\x0d\x01\x07" in data[:40]


def _not_read(data: bytes) -> InputUnreadableError:
    for magic, name, command in _NOT_READ:
        if data.startswith(magic):
            return InputUnreadableError(f"it is {name}, which is not read", hint=command)
    if data[:1] == b"\x30":
        return InputUnreadableError(
            "it is DER, but no PFX", hint="convert it: openssl x509 -inform DER -in FILE -out certificate.pem"
        )
    return InputUnreadableError(
        "it is neither PEM nor a PFX", hint="name the file that the CA sent: its PEM, CRT or PFX"
    )
