"""What people send that is not read, told from its first bytes, with the command that makes of it what is."""

import re
from typing import Final

from certkit.errors import InputUnreadableError, NothingToReadError

_TO_PFX: Final = "keytool -importkeystore -srckeystore FILE -destkeystore NEW.pfx -deststoretype PKCS12"
_BOUNCY_CASTLE: Final = (
    f"{_TO_PFX} -srcstoretype BKS -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider"
    " -providerpath bcprov.jar"
)
BCFKS: Final = "a keystore of Bouncy Castle (BCFKS)"
TO_PFX_FROM_BCFKS: Final = _BOUNCY_CASTLE.replace("BKS", "BCFKS")
"""A keystore of Bouncy Castle that is DER, told by its shape (`certkit.formats.x509_der`), and the way out."""

_TO_PEM_KEY: Final = "-in FILE -out key.pem"
_GET_AGAIN: Final = "the download went wrong, or wants a login: get the file again"
_UNPACK: Final = "unpack it and name the file inside"

_MAGICS: Final = (
    (0, b"\x00\x00\x00\x01\x00\x00\x00\x14", "a keystore of Bouncy Castle (BKS or UBER)", _BOUNCY_CASTLE),
    (0, b"\x00\x00\x00\x02\x00\x00\x00\x14", "a keystore of Bouncy Castle (BKS or UBER)", _BOUNCY_CASTLE),
    (
        0,
        b"\x37\x48\x03\x02\x00\x00\x00\x00X509KEY",
        "a key database of IBM (KDB)",
        "gskcapicmd -cert -export -db FILE -stashed -label NAME -target NEW.pfx -target_type pkcs12",
    ),
    (0, b"\x1e\xf1\xb5\xb0", "a private key of Windows (PVK)", f"openssl rsa -inform PVK {_TO_PEM_KEY}"),
    (
        0,
        b"\x07\x02\x00\x00",
        "a private key of Windows (PRIVATEKEYBLOB)",
        f"openssl rsa -inform MSBLOB {_TO_PEM_KEY}",
    ),
    (
        0,
        b"SQLite format 3\x00",
        "a database, perhaps a store of NSS (cert9.db)",
        "pk12util -o NEW.pfx -n NAME -d FOLDER",
    ),
    (
        0,
        b"kych",
        "a keychain of macOS",
        "security export -k FILE -t identities -f pkcs12 -o NEW.pfx",
    ),
    (0, b"PuTTY-User-Key-File-", "an SSH key of PuTTY", None),
    (0, b"---- BEGIN SSH2 ", "an SSH key", None),
    (0, b"ssh-", "an SSH public key", None),
    (0, b"ecdsa-sha2-", "an SSH public key", None),
    (0, b"\x1f\x8b", "a gzip file", "gunzip FILE"),
    (0, b"BZh", "a bzip2 file", "bunzip2 FILE"),
    (0, b"\xfd7zXZ\x00", "an xz file", "unxz FILE"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (257, b"ustar", "a tar archive", _UNPACK),
    (0, b"%PDF-", "a PDF document", "name the file that the CA sent with it"),
)
"""Offset, magic bytes, what it is, and the way out.

IBM's: filesignature.org/kdb. PVK: `crypto/pem/pvkfmt.c` of OpenSSL. BKS: a version, then the length of its salt.
"""

_ARMOURS: Final = (
    ("OPENSSH PRIVATE KEY", "a private key of OpenSSH", "ssh-keygen -p -m PEM -f FILE turns it into PEM, in place"),
    ("PGP ", "a PGP file", None),
    ("AGE ENCRYPTED FILE", "a file that age encrypted", "age --decrypt FILE"),
    ("CERTIFICATE REQUEST", "a certificate request", "name what the CA made of it: the certificate"),
    ("NEW CERTIFICATE REQUEST", "a certificate request", "name what the CA made of it: the certificate"),
    ("X509 CRL", "a certificate revocation list", "name the certificate itself"),
    ("PUBLIC KEY", "a public key", "name the certificate, or the private key that belongs to it"),
    ("RSA PUBLIC KEY", "a public key", "name the certificate, or the private key that belongs to it"),
    ("SSH2 ", "an SSH key", None),
)
"""The label of a PEM block or how it begins, what it is, and the way out."""

_BEGIN: Final = re.compile(rb"-----BEGIN ([A-Za-z0-9 #.]{1,64})-----")
_WEB_PAGE: Final = re.compile(rb"(\xef\xbb\xbf)?\s*(<!doctype html|<html)", re.IGNORECASE)


def known() -> tuple[tuple[str, str | None], ...]:
    """Returns what can be named: what it is, and the way out; the manual lists the same."""
    named_by_bytes = ((name, way_out) for _, _, name, way_out in _MAGICS)
    named_by_label = ((name, way_out) for _, name, way_out in _ARMOURS)
    return (*named_by_bytes, (BCFKS, TO_PFX_FROM_BCFKS), *named_by_label, ("a web page", _GET_AGAIN))


def in_armour(text: bytes) -> NothingToReadError | None:
    """Returns the error that names a PEM file none of whose blocks is read, None where it cannot be named."""
    labels = {found.decode("ascii") for found in _BEGIN.findall(text)}
    if not labels or not all(any(label.startswith(known) for known, _, _ in _ARMOURS) for label in labels):
        return None
    _, name, way_out = next(armour for armour in _ARMOURS if any(label.startswith(armour[0]) for label in labels))
    return NothingToReadError(f"it is {name}, which is not read", hint=way_out)


def named(data: bytes) -> InputUnreadableError:
    """Returns the error that names a file in no format that is read, as well as it can be told."""
    for offset, magic, name, way_out in _MAGICS:
        if data.startswith(magic, offset):
            return InputUnreadableError(f"it is {name}, which is not read", hint=way_out)
    if _WEB_PAGE.match(data):
        return InputUnreadableError("it is a web page", hint=_GET_AGAIN)
    return InputUnreadableError(
        "it is in no format that certkit reads", hint="name the file that the CA sent: its PEM, CRT, P7B or PFX"
    )
