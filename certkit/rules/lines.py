"""The lines of a PEM file, as strictly as ACM documents them: nothing added, no blank at the end of any line.

https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-format.html
"""

import re
from typing import Final

_BOUNDARY: Final = re.compile(rb"^-----", re.MULTILINE)
_BLOCK: Final = re.compile(
    rb"-----BEGIN (?P<label>[A-Z0-9 ]+)-----\n(?P<body>(?:[^-\n][^\n]*\n|\n)*)-----END (?P=label)-----(?:\n|\Z)"
)
_HEADERS: Final = re.compile(rb"(?:[A-Za-z0-9-]+: [^\n]*\n)+\n")
_BASE64: Final = re.compile(rb"(?:[A-Za-z0-9+/]+={0,2}\n)+")
_CONTROL: Final = re.compile(r"[\0-\x08\x0b-\x1f\x7f]")
_EMPTY_LINES: Final = re.compile(rb"^\n", re.MULTILINE)
_TRAILING_BLANKS: Final = re.compile(rb"(?<![ \t])[ \t]+$", re.MULTILINE)
_ARMOUR: Final = re.compile(rb"^-----BEGIN .*?(?:^-----END [^\n]*|\Z)", re.MULTILINE | re.DOTALL)


def has_trailing_blanks(blob: bytes) -> bool:
    """Tells whether a line from a BEGIN to its END ends in a blank; text around the blocks may."""
    return any(_TRAILING_BLANKS.search(block[0]) for block in _ARMOUR.finditer(_with_line_feeds(blob)))


def flaw(blob: bytes) -> str | None:
    """Returns what keeps `blob` from being PEM line by line, None where nothing does; trailing blanks are passed over.

    Line ends may be LF or CRLF, and text may stand before each block, as openssl writes it.
    """
    text = _TRAILING_BLANKS.sub(b"", _with_line_feeds(blob))
    position = 0
    while boundary := _BOUNDARY.search(text, position):
        block = _BLOCK.match(text, boundary.start())
        if block is None:
            return "a boundary line is not as it must be, or has no counterpart"
        found = _flaw_before(text[position : boundary.start()]) or _flaw_within(block["label"], block["body"])
        if found:
            return found
        position = block.end()
    behind = _with_line_feeds(blob).rpartition(b"-----")[2].partition(b"\n")[2]
    return "text stands behind the last block" if behind.strip(b"\n") else None


def _with_line_feeds(blob: bytes) -> bytes:
    return blob.replace(b"\r\n", b"\n").removesuffix(b"\r")


def _flaw_before(text: bytes) -> str | None:
    try:
        is_plain = not _CONTROL.search(text.decode())
    except UnicodeDecodeError:
        is_plain = False
    return None if is_plain else "what stands before a block is no text"


def _flaw_within(label: bytes, body: bytes) -> str | None:
    headers = _HEADERS.match(body) if label.endswith(b"PRIVATE KEY") else None
    content = body[headers.end() :] if headers else body
    if _BASE64.fullmatch(content):
        return None
    is_base64_but_for_empty_lines = _BASE64.fullmatch(_EMPTY_LINES.sub(b"", content))
    return "a line inside a block is empty" if is_base64_but_for_empty_lines else "a line inside a block is not base64"
