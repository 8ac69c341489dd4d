"""Which format something is in, told from its first bytes, before any reader is loaded."""

import base64
import binascii
import codecs
from enum import StrEnum
from typing import Final

from certkit.formats import der


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
    ENDPOINT = "endpoint"


KEYSTORE_MAGICS: Final = {b"\xfe\xed\xfe\xed": Format.JKS, b"\xce\xce\xce\xce": Format.JCEKS}
"""How each kind of Java keystore begins."""

FOLDER_MARK: Final = b"# certkit folder: "
"""How the files of a folder begin when `certkit.sources.folder` has joined them."""

ENDPOINT_MARK: Final = b"# certkit endpoint: "
"""How certificates begin that `certkit.sources.endpoint` was served."""

_MARKS: Final = {FOLDER_MARK: Format.FOLDER, ENDPOINT_MARK: Format.ENDPOINT}
_ZIP_MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""How a ZIP begins, and an empty one."""

_PKCS7_ARC: Final = bytes.fromhex("06092a864886f70d0107")
"""The OBJECT IDENTIFIER of every PKCS#7 content type, but for its last octet."""

_PFX_ARMOUR: Final = (b"-----BEGIN PKCS12-----", b"-----END PKCS12-----")
"""What certtool and gpgsm put around a PFX; text about it may stand before."""

_BLANKS: Final = b"\0 \t\r\n\x1a"
_BASE64_BLANKS: Final = b" \t\r\n"

_LOOKED_AT: Final = 16
"""Octets in which every short key has a small tag or number, and text that begins with a nought has none."""

_FIRST_TAGS: Final = bytes((der.INTEGER, der.OBJECT_IDENTIFIER, der.SEQUENCE))
_FIRST_TAGS_AS_BYTES: Final = frozenset(bytes((tag,)) for tag in _FIRST_TAGS)


def unwrapped(data: bytes) -> tuple[bytes, Format | None]:
    """Returns `data` and its format, no format for what is none that is read; of a PFX in armour, and of base64, what it is of."""
    kind = _told(data)
    if kind is Format.PEM and _PFX_ARMOUR[0] in data:
        return _out_of_armour(data)
    if kind is not None:
        return data, kind
    try:
        text = as_octets(data).removeprefix(codecs.BOM_UTF8)
        decoded = base64.b64decode(text.translate(None, _BASE64_BLANKS), validate=True)
    except binascii.Error:
        return data, None
    inner = _told(decoded)
    return (data, None) if inner is None else (decoded, inner)


def is_pkcs7(encoded: bytes) -> bool:
    """Tells PKCS#7 from other DER by how it begins, also where the rest is missing."""
    head = encoded[:16]
    return head[:1] == b"\x30" and 1 < head.find(_PKCS7_ARC) <= 6  # noqa: PLR2004 -- behind a length of five octets at most


def is_pem(data: bytes) -> bool:
    """Tells whether a PEM block begins anywhere in `data`."""
    return b"-----BEGIN " in as_octets(data)


def as_octets(data: bytes) -> bytes:
    """Returns text in UTF-16 as UTF-8, anything else as it is; told by the byte order mark or by the zeros in `-----`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode()
    begin = data.find("-----BEGIN".encode("utf-16-le"))
    if begin == -1:
        return data
    # The zero before the first dash is its own in big-endian text, and the upper half of another character in little-endian.
    encoding = "utf-16-be" if begin % 2 else "utf-16-le"
    return data.decode(encoding, "replace").encode()


def _out_of_armour(data: bytes) -> tuple[bytes, Format]:
    """Returns the PFX in the first block; PEM that begins with another, or whose first is damaged, as it is."""
    begin, end = _PFX_ARMOUR
    start = data.find(b"-----BEGIN ")
    body, ended, _ = data[start + len(begin) :].partition(end)
    if not data.startswith(begin, start) or not ended:
        return data, Format.PEM
    try:
        return base64.b64decode(body.translate(None, _BASE64_BLANKS), validate=True), Format.PKCS12
    except binascii.Error:
        return data, Format.PEM


def _told(data: bytes) -> Format | None:
    """Tells a format: those of bytes first, since what they hold may be text."""
    if data[:4] in KEYSTORE_MAGICS:
        return KEYSTORE_MAGICS[data[:4]]
    if data[:4] in _ZIP_MAGICS:
        return Format.ZIP
    if _is_der(data):
        return _told_of_der(data)
    for mark, kind in _MARKS.items():
        if data.startswith(mark):
            return kind
    if _is_secret(as_octets(data)):
        return Format.KUBERNETES
    return Format.PEM if is_pem(data) else None


def _told_of_der(data: bytes) -> Format:
    """Tells PFX and PKCS#7 from other DER by their first parts, also where the rest of it is missing."""
    if is_pkcs7(data):
        return Format.PKCS7
    is_pfx = b"\x02\x01" in data[2:10] and b"\x2a\x86\x48\x86\xf7\x0d\x01\x07" in data[:40]
    return Format.PKCS12 if is_pfx else Format.DER


def _is_secret(text: bytes) -> bool:
    if b"tls." not in text:
        return False
    from certkit.formats import kubernetes  # noqa: PLC0415 -- its patterns are for such text alone

    return kubernetes.is_secret(text)


def _is_der(data: bytes) -> bool:
    """Tells whether `data` begins as every file in DER or BER does that is looked for here: a SEQUENCE of known parts."""
    if data[:1] != b"\x30" or len(data) < 4:  # noqa: PLR2004 -- two headers
        return False
    first = data[1]
    if first < 0x80:  # noqa: PLR2004 -- X.690 section 8.1.3.4: the short form
        behind = data[first + 2 : first + 3].strip(_BLANKS)
        is_text = min(data[:_LOOKED_AT]) > der.OBJECT_IDENTIFIER or b"-----BEGIN " in data
        return data[2] in _FIRST_TAGS and behind in {b"", b"\x30"} and not is_text
    size = first & 0x7F
    return size <= 4 and data[2 + size : 3 + size] in _FIRST_TAGS_AS_BYTES  # noqa: PLR2004 -- four octets: 4 GiB
