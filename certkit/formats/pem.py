r"""PEM text (RFC 7468, RFC 1421): cut into blocks by an own scanner, each block read for itself.

Tolerant of what real files hold: CRLF and CR, a byte order mark,
UTF-16, text and bag attributes between blocks, blank and indented lines, quotes and literal `\n` as in YAML, JSON and .env.
"""

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from certkit import limits
from certkit.contents import CertificateEntry, Contents, KeyEntry, PrivateKey
from certkit.errors import (
    InputTooLargeError,
    InputUnreadableError,
    PasswordMissingError,
    PasswordWrongError,
)
from certkit.formats import dek, der, keys, pbe
from certkit.formats.kdf import Budget
from certkit.password import Passwords

CERTIFICATE_LABELS: Final = frozenset({"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"})
KEY_LABELS: Final = frozenset(
    {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "ANY PRIVATE KEY"}
)
ENCRYPTED_KEY_LABEL: Final = "ENCRYPTED PRIVATE KEY"
_SILENT_LABELS: Final = frozenset({"EC PARAMETERS"})
"""What openssl writes before an EC key, and what the key itself holds again."""

_BOUNDARY: Final = re.compile(rb"-----(BEGIN|END) ([A-Za-z0-9 #.]{1,64})-----")
_HEADER: Final = re.compile(rb"^[ \t]*([A-Za-z0-9-]{1,64}):[ \t]*([^\r\n]{0,1024})", re.MULTILINE)
_LINE_ENDS_AS_TEXT: Final = re.compile(rb"\\[nrt]|[\"']\s*\+")
_BETWEEN_BASE64: Final = b" \t\r\n\v\f\"',"


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two boundaries.

    Attributes:
        body: the text between them, undecoded.
        start: the offset of its BEGIN in the input.
    """

    label: str
    body: bytes = field(repr=False)
    start: int


def is_pem(data: bytes) -> bool:
    """Tells whether a PEM block begins anywhere in `data`."""
    return b"-----BEGIN " in as_octets(data)


def as_octets(data: bytes) -> bytes:
    """Returns text in UTF-16 as UTF-8, anything else as it is; told by the byte order mark or by the zeros in `-----`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode()
    for encoding in ("utf-16-le", "utf-16-be"):
        if "-----BEGIN ".encode(encoding) in data:
            return data.decode(encoding, "replace").encode()
    return data


def blocks(data: bytes) -> Iterator[Block]:
    """Yields the complete blocks in `data`; one whose end is missing or of another label is malformed.

    Raises:
        InputUnreadableError: a block does not end, at the next BEGIN or the end of the input.
    """
    begin = None
    for boundary in _BOUNDARY.finditer(data):
        label = boundary[2].decode("ascii")
        if boundary[1] == b"BEGIN":
            if begin:
                raise _unended(begin)
            begin = boundary
        elif begin and label == begin[2].decode("ascii"):
            yield Block(label, data[begin.end() : boundary.start()], begin.start())
            begin = None
    if begin:
        raise _unended(begin)


def _unended(begin: re.Match[bytes]) -> InputUnreadableError:
    label = begin[2].decode("ascii")
    return InputUnreadableError(
        f"the {label} block that begins at byte {begin.start():,} has no end",
        hint="the file is truncated, or was pasted in part: get it again",
    )


@dataclass(slots=True)
class _Harvest:
    """What has been found in the blocks so far."""

    budget: Budget
    passwords: Passwords
    wants_keys: bool
    certificates: list[CertificateEntry] = field(default_factory=list)
    keys: list[KeyEntry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(
    data: bytes, passwords: Passwords, max_iterations: int = limits.MAX_ITERATIONS, *, wants_keys: bool = True
) -> Contents:
    """Reads all keys and certificates in PEM text.

    Args:
        wants_keys: whether keys are read at all; else they are passed over, locked or not.

    Raises:
        InputUnreadableError: a block is truncated or malformed, or there is no block that certkit reads.
        InputTooLargeError: there are too many of them, or their key derivation costs too much.
        PasswordMissingError, PasswordWrongError: a key is encrypted and cannot be opened.
        AlgorithmUnsupportedError: a key's encryption or kind cannot be used here.
    """
    harvest = _Harvest(Budget(max_iterations), passwords, wants_keys)
    for block in blocks(as_octets(data)):
        _harvest_block(block, harvest)
    if not harvest.certificates and not harvest.keys and wants_keys:
        raise InputUnreadableError("there is neither a certificate nor a private key in this PEM file")
    return Contents("pem", tuple(harvest.certificates), tuple(harvest.keys), tuple(harvest.notes))


def _harvest_block(block: Block, harvest: _Harvest) -> None:
    if block.label in CERTIFICATE_LABELS:
        if len(harvest.certificates) == limits.MAX_CERTIFICATES:
            raise InputTooLargeError(f"it holds more than {limits.MAX_CERTIFICATES:,} certificates")
        harvest.certificates.append(CertificateEntry(_certificate_der(block)))
    elif block.label in KEY_LABELS or block.label == ENCRYPTED_KEY_LABEL:
        if len(harvest.keys) == limits.MAX_KEYS:
            raise InputTooLargeError(f"it holds more than {limits.MAX_KEYS} private keys")
        if harvest.wants_keys:
            harvest.keys.append(_read_key(block, harvest))
    elif block.label not in _SILENT_LABELS:
        harvest.notes.append(f"passed-over: a {block.label} block, which is neither key nor certificate")


def _certificate_der(block: Block) -> bytes:
    """Returns the certificate's DER; the trust settings behind a TRUSTED CERTIFICATE are left out."""
    encoded = decode(block)
    if block.label != "TRUSTED CERTIFICATE":
        return encoded
    try:
        return der.read(encoded).encoded
    except der.MalformedError as error:
        raise _malformed(block) from error


def _read_key(block: Block, harvest: _Harvest) -> KeyEntry:
    headers = dict(_HEADER.findall(block.body)) if b":" in block.body else {}
    if block.label == ENCRYPTED_KEY_LABEL:
        return KeyEntry(_open_pkcs8(block, harvest), was_encrypted=True)
    if b"DEK-Info" in headers:
        return KeyEntry(_open_dek(block, headers[b"DEK-Info"], harvest), was_encrypted=True)
    return KeyEntry(keys.load(decode(block)))


def _open_pkcs8(block: Block, harvest: _Harvest) -> PrivateKey:
    try:
        encrypted = der.read_all(decode(block))
        for candidate in harvest.passwords.for_key():
            try:
                return keys.load(keys.decrypt_pkcs8(encrypted, candidate, harvest.budget))
            except pbe.WrongPasswordOrDamageError:
                continue
    except (der.MalformedError, ValueError) as error:
        raise _malformed(block) from error
    raise _not_opened(harvest.passwords)


def _open_dek(block: Block, info: bytes, harvest: _Harvest) -> PrivateKey:
    ciphertext = decode(block)
    for candidate in harvest.passwords.for_key():
        try:
            return keys.load(dek.decrypt(info.decode("ascii", "replace"), ciphertext, candidate))
        except pbe.WrongPasswordOrDamageError:
            continue
    raise _not_opened(harvest.passwords)


def _not_opened(passwords: Passwords) -> PasswordMissingError | PasswordWrongError:
    if passwords.key or passwords.container:
        return PasswordWrongError("the password of the private key is wrong")
    return PasswordMissingError(
        "the private key is encrypted and no password was given",
        hint="give it with --passin env:NAME or --passin file:PATH",
    )


def decode(block: Block) -> bytes:
    """Returns what the block holds, whatever white space, quotes and literal line ends stand in its base64.

    Raises:
        InputUnreadableError: it is no base64.
    """
    body = block.body
    if b":" in body:
        body = body[max((header.end() for header in _HEADER.finditer(body)), default=0) :]
    if any(mark in body for mark in (b"\\", b'"', b"'")):
        body = _LINE_ENDS_AS_TEXT.sub(b"", body)
    try:
        return base64.b64decode(body.translate(None, _BETWEEN_BASE64), validate=True)
    except binascii.Error as error:
        raise _malformed(block) from error


def _malformed(block: Block) -> InputUnreadableError:
    return InputUnreadableError(
        f"the {block.label} block at byte {block.start:,} is malformed",
        hint="it was changed or cut on its way: get the file again",
    )
