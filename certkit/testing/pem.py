"""PEM as strictly as ACM documents it: no blank at the end of a line, no line added.

https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-format.html
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final

_BEGIN: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----")
_HEADER: Final = re.compile(rb"[A-Za-z0-9-]+: .*")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class PemError(ValueError):
    """The bytes are not PEM as ACM takes it."""


@dataclass(frozen=True, slots=True)
class Block:
    """One PEM block.

    Attributes:
        label: What it says it is: "CERTIFICATE", "EC PRIVATE KEY".
        headers: Lines such as "Proc-Type: 4,ENCRYPTED" before the content.
        der: The content, which may be a private key.
    """

    label: str
    headers: tuple[bytes, ...]
    der: bytes = field(repr=False)


def read_blocks(pem: bytes) -> tuple[Block, ...]:
    """Reads every block, in order; text before and between them is passed over.

    Line ends may be LF or CRLF. The content of the blocks is decoded and not looked into.

    Raises:
        PemError: A line of a block is not what it must be, or something stands after the last block.
    """
    lines = [line.removesuffix(b"\r") for line in pem.split(b"\n")]
    blocks: list[Block] = []
    passed_over: list[bytes] = []
    position = 0
    while position < len(lines):
        if lines[position].startswith(b"-----"):
            _check_text(passed_over)
            passed_over = []
            block, position = _read_block(lines, position)
            blocks.append(block)
        else:
            passed_over.append(lines[position])
            position += 1
    if blocks and any(passed_over):
        raise PemError("text after the last block")
    return tuple(blocks)


def _check_text(lines: list[bytes]) -> None:
    # What openssl writes between blocks ("Bag Attributes") is text; ACM's documentation does not speak of it.
    try:
        text = b"\n".join(lines).decode()
    except UnicodeDecodeError as error:
        raise PemError("bytes between blocks that are no text") from error
    if _CONTROL.search(text):
        raise PemError("control characters between blocks")


def _read_block(lines: list[bytes], start: int) -> tuple[Block, int]:
    begin = _BEGIN.fullmatch(lines[start])
    if begin is None:
        raise PemError("a line that begins a block, but not as it must")
    try:
        end = lines.index(b"-----END " + begin[1] + b"-----", start)
    except ValueError as error:
        raise PemError("a block without its end") from error
    headers, content = _split_headers(lines[start + 1 : end])
    return Block(begin[1].decode(), headers, _decode(content)), end + 1


def _split_headers(lines: list[bytes]) -> tuple[tuple[bytes, ...], list[bytes]]:
    if not lines or not _HEADER.fullmatch(lines[0]):
        return (), lines
    blank = lines.index(b"") if b"" in lines else len(lines)
    return tuple(lines[:blank]), lines[blank + 1 :]


def _decode(lines: list[bytes]) -> bytes:
    if not lines or not all(_BASE64.fullmatch(line) for line in lines):
        raise PemError("a line that is not base64")
    try:
        return base64.b64decode(b"".join(lines), validate=True)
    except binascii.Error as error:
        raise PemError("content that is not base64") from error
