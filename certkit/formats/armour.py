r"""PEM text cut into blocks (RFC 7468, RFC 1421), by an own scanner.

Tolerant of what real files hold: CRLF and CR, a byte order mark, UTF-16, text and bag attributes between blocks, blank and
indented lines, quotes and literal `\n` as in YAML, JSON and .env, what a mail makes of them on its way.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from certkit.errors import InputUnreadableError

CERTIFICATE_LABELS: Final = frozenset({"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"})
KEY_LABELS: Final = frozenset(
    {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "ANY PRIVATE KEY"}
)
ENCRYPTED_KEY_LABEL: Final = "ENCRYPTED PRIVATE KEY"
_READ_LABELS: Final = CERTIFICATE_LABELS | KEY_LABELS | {ENCRYPTED_KEY_LABEL}
_BOUNDARY: Final = re.compile(rb"-----(BEGIN|END) ([A-Za-z0-9 #.]{1,64})(?=-----)")
"""Up to the dashes behind the label, which may be those before the next one's."""

_DASHES: Final = len(b"-----")
_HEADER: Final = re.compile(rb"^[ \t>]*([A-Za-z0-9-]{1,64}):[ \t]*([^\n]{0,1024})", re.MULTILINE)
_LINE_END: Final = re.compile(rb"(?:\\r)?\\n|\\r|\r\n?")
_OTHER_ESCAPES: Final = re.compile(rb"\\(?:u00([0-9A-Fa-f]{2})|t|\s|(/))|(=)3D|[\"']\s*\+")
"""What JSON makes of a slash and a plus sign, and a mail of an equals sign (RFC 2045 section 6.7), what joins strings in
JavaScript, what continues a line in a shell."""

_BETWEEN_BASE64: Final = b" \t\r\n\v\f\"',>"


class Block(NamedTuple):
    """What stands between two boundaries.

    Attributes:
        body: the text between them, undecoded.
        start: the offset of its BEGIN in the input.
    """

    label: str
    body: bytes
    start: int

    def __repr__(self) -> str:
        """Returns everything but the body."""
        return f"Block(label={self.label!r}, start={self.start})"


def blocks(data: bytes) -> Iterator[Block]:
    """Yields the complete blocks in `data`; one whose end is missing or of another label is malformed.

    Raises:
        InputUnreadableError: a block does not end, at the next BEGIN or the end of the input; or one ends that did not begin.
    """
    begin = None
    for boundary in _BOUNDARY.finditer(data):
        label = boundary[2].decode("ascii")
        if boundary[1] == b"BEGIN":
            if begin:
                raise _unended(begin)
            begin = boundary
        elif begin and label == begin[2].decode("ascii"):
            yield Block(label, data[begin.end() + _DASHES : boundary.start()], begin.start())
            begin = None
        elif not begin and label in _READ_LABELS:
            raise _unbegun(boundary)
    if begin:
        raise _unended(begin)


def _unbegun(end: re.Match[bytes]) -> InputUnreadableError:
    return InputUnreadableError(
        f"the {end[2].decode('ascii')} block that ends at byte {end.start():,} has no beginning",
        hint="the file was cut, or pasted in part: get it again",
    )


def _unended(begin: re.Match[bytes]) -> InputUnreadableError:
    label = begin[2].decode("ascii")
    return InputUnreadableError(
        f"the {label} block that begins at byte {begin.start():,} has no end",
        hint="the file is truncated, or was pasted in part: get it again",
    )


def decode(block: Block) -> bytes:
    """Returns what the block holds, whatever white space, quotes and literal line ends stand in its base64.

    Raises:
        InputUnreadableError: it is no base64.
    """
    body = block.body
    if b":" in body:
        body = _in_lines(body)
        body = body[max((header.end() for header in _HEADER.finditer(body)), default=0) :]
    if any(mark in body for mark in (b"\\", b'"', b"'", b"=3D")):
        body = _OTHER_ESCAPES.sub(_unescape, _LINE_END.sub(b"\n", body))
    try:
        return base64.b64decode(body.translate(None, _BETWEEN_BASE64), validate=True)
    except binascii.Error as error:
        raise malformed(block) from error


def headers(block: Block) -> dict[bytes, bytes]:
    """Returns what stands before the base64, as in `DEK-Info: AES-256-CBC,...` (RFC 1421 section 4.6)."""
    return dict(_HEADER.findall(_in_lines(block.body))) if b":" in block.body else {}


def _in_lines(body: bytes) -> bytes:
    """Returns `body` with a line feed for every line end, those spelled out as text too."""
    return _LINE_END.sub(b"\n", body)


def _unescape(escape: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escape[1].decode("ascii")) if escape[1] else escape[2] or escape[3] or b""


def malformed(block: Block) -> InputUnreadableError:
    """Returns the error for a block whose content is not what its label says."""
    return InputUnreadableError(
        f"the {block.label} block at byte {block.start:,} is malformed",
        hint="it was changed or cut on its way: get the file again",
    )
