"""PEM text cut into blocks, in every shape that it arrives in."""

import base64
import codecs
import quopri
from collections.abc import Callable

import pytest

from certkit.errors import InputUnreadableError
from certkit.formats.armour import Block, blocks, decode, headers
from certkit.formats.telling import as_octets, is_pem

CONTENT = bytes(range(256)) + b"\xff\xfe>>>???"


def _pem(content: bytes = CONTENT, label: str = "CERTIFICATE") -> str:
    text = base64.b64encode(content).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def _contents(data: bytes) -> list[tuple[str, bytes]]:
    return [(block.label, decode(block)) for block in blocks(as_octets(data))]


PEM = _pem() + _pem(b"key", "PRIVATE KEY")

SHAPES: dict[str, Callable[[str], bytes]] = {
    "as written": str.encode,
    "crlf": lambda pem: pem.replace("\n", "\r\n").encode(),
    "carriage returns": lambda pem: pem.replace("\n", "\r").encode(),
    "mixed line ends": lambda pem: pem.replace("\n", "\r\r\n").encode(),
    "byte order mark": lambda pem: codecs.BOM_UTF8 + pem.encode(),
    "utf-16 with byte order mark": lambda pem: codecs.BOM_UTF16_LE + pem.encode("utf-16-le"),
    "big-endian utf-16 with byte order mark": lambda pem: codecs.BOM_UTF16_BE + pem.encode("utf-16-be"),
    "utf-16": lambda pem: pem.encode("utf-16-le"),
    "big-endian utf-16": lambda pem: pem.encode("utf-16-be"),
    "big-endian utf-16 with text before it": lambda pem: ("Grüße ✓\n" + pem).encode("utf-16-be"),
    "utf-16 with text before it": lambda pem: ("Grüße ✓\n" + pem).encode("utf-16-le"),
    "blank lines inside": lambda pem: pem.replace("\n", "\n\n").encode(),
    "blank lines of blanks inside": lambda pem: pem.replace("\n", "\n \t\n").encode(),
    "indented by blanks": lambda pem: "".join(f"    {line}\n" for line in pem.splitlines()).encode(),
    "indented by tabs": lambda pem: "".join(f"\t{line}\n" for line in pem.splitlines()).encode(),
    "trailing blanks": lambda pem: pem.replace("\n", "  \n").encode(),
    "no final line end": lambda pem: pem.rstrip().encode(),
    "glued": lambda pem: pem.replace("-----\n-----", "----------").encode(),
    "glued with the same dashes": lambda pem: pem.replace("-----\n-----", "-----").encode(),
    "one line": lambda pem: pem.replace("\n", "").encode(),
    "one line with blanks": lambda pem: pem.replace("\n", " ").encode(),
    "line ends as text": lambda pem: pem.replace("\n", "\\n").encode(),
    "windows line ends as text": lambda pem: pem.replace("\n", "\\r\\n").encode(),
    "quoted line by line": lambda pem: "".join(f'"{line}\\n"\n' for line in pem.splitlines()).encode(),
    "quoted with apostrophes": lambda pem: "".join(f"'{line}',\n" for line in pem.splitlines()).encode(),
    "quoted in a mail": lambda pem: "".join(f"> {line}\n" for line in pem.splitlines()).encode(),
    "quoted twice in a mail": lambda pem: "".join(f">> {line}\n" for line in pem.splitlines()).encode(),
    "quoted-printable": lambda pem: quopri.encodestring(pem.encode()),
    "joined in javascript": lambda pem: " +\n".join(f'"{line}\\n"' for line in pem.splitlines()).encode(),
    "json": lambda pem: b'{"pem": "' + pem.replace("\n", "\\n").encode() + b'"}',
    "json of php": lambda pem: pem.replace("/", "\\/").replace("\n", "\\n").encode(),
    "json of .net": lambda pem: pem.replace("+", "\\u002B").replace("\n", "\\n").encode(),
    "continued lines": lambda pem: pem.replace("\n", "\\\n").encode(),
    "text around": lambda pem: b"subject=CN = shop: \xff\n" + pem.encode() + b"\nthe end",
    "bag attributes": lambda pem: pem.replace("-----BEGIN", "Bag Attributes\n    localKeyID: 01\n-----BEGIN").encode(),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_block_is_read_in_the_shape(shape: str) -> None:
    assert _contents(SHAPES[shape](PEM)) == [("CERTIFICATE", CONTENT), ("PRIVATE KEY", b"key")]


@pytest.mark.parametrize("shape", SHAPES)
def test_text_is_told_from_other_formats_in_the_shape(shape: str) -> None:
    assert is_pem(SHAPES[shape](PEM))


@pytest.mark.parametrize("data", [b"", b"\x30\x82", b"-----BEGIN", "----BEGIN SSH2".encode("utf-16"), b"-\0" * 40])
def test_what_is_no_pem_is_told_from_it(data: bytes) -> None:
    assert not is_pem(data)


HEADED = _pem(b"secret", "RSA PRIVATE KEY").replace(
    "KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\n", 1
)


@pytest.mark.parametrize(
    "shape",
    [
        "as written",
        "crlf",
        "carriage returns",
        "indented by tabs",
        "line ends as text",
        "windows line ends as text",
        "quoted in a mail",
        "utf-16",
    ],
)
def test_headers_are_read_and_left_out_of_the_content_in_the_shape(shape: str) -> None:
    (block,) = blocks(as_octets(SHAPES[shape](HEADED)))

    assert (headers(block), decode(block)) == (
        {b"Proc-Type": b"4,ENCRYPTED", b"DEK-Info": b"AES-256-CBC,00FF"},
        b"secret",
    )


def test_a_block_without_headers_has_none() -> None:
    assert headers(Block("CERTIFICATE", b"QUJD", 0)) == {}


def test_a_block_says_where_it_begins() -> None:
    assert list(blocks(b"text\n-----BEGIN X-----\nQUJD\n-----END X-----")) == [Block("X", b"\nQUJD\n", 5)]


def test_a_block_does_not_show_what_it_holds() -> None:
    assert repr(Block("PRIVATE KEY", b"secret", 5)) == "Block(label='PRIVATE KEY', start=5)"


_BEGIN, _END = "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_BEGIN + "QUJD\n", "the CERTIFICATE block that begins at byte 0 has no end"),
        (_BEGIN + "QUJD\n-----END CERTIFICATE----", "the CERTIFICATE block that begins at byte 0 has no end"),
        (_BEGIN + "QUJD\n" + _BEGIN + "QUJD\n" + _END, "the CERTIFICATE block that begins at byte 0 has no end"),
        (_BEGIN + "QUJD\n-----END PRIVATE KEY-----", "the CERTIFICATE block that begins at byte 0 has no end"),
        ("QUJD\n" + _END, "the CERTIFICATE block that ends at byte 5 has no beginning"),
        ("----BEGIN CERTIFICATE-----\n" + _END, "the CERTIFICATE block that ends at byte 27 has no beginning"),
    ],
)
def test_a_block_that_was_cut_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputUnreadableError) as caught:
        list(blocks(text.encode()))

    assert caught.value.message == message


def test_an_end_of_what_is_not_read_may_stand_alone() -> None:
    assert list(blocks(b"-----END PGP SIGNATURE-----")) == []


@pytest.mark.parametrize(
    "body", [b"QUJ", b"Q", b"QU=JD", b"QUJD=QUJD", b"QUJD$", b"QU\xffJD", b"QUJD\\x", b"QUJD====Q", b"QUI=3"]
)
def test_what_is_no_base64_is_malformed(body: bytes) -> None:
    with pytest.raises(InputUnreadableError) as caught:
        decode(Block("CERTIFICATE", body, 1_234))

    assert caught.value.message == "the CERTIFICATE block at byte 1,234 is malformed"


def test_many_beginnings_without_an_end_take_no_time_at_all() -> None:
    with pytest.raises(InputUnreadableError):
        list(blocks(b"-----BEGIN " * 500_000 + _BEGIN.encode()))
