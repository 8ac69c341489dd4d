"""ASN.1 values in BER or DER: enough to walk a PKCS file, nothing more.

Reads what X.690 allows and real programs write: indefinite lengths, constructed strings, lengths longer than needed.
Positions only, no copies, so that a hostile length costs nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Final

from certkit import limits

INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
OBJECT_IDENTIFIER: Final = 0x06
SEQUENCE: Final = 0x30
SET: Final = 0x31
BMP_STRING: Final = 0x1E

_CONSTRUCTED: Final = 0x20
_TAG_NUMBER: Final = 0x1F
_LONG_FORM: Final = 0x80
_END_OF_CONTENTS: Final = b"\x00\x00"
_MAX_OID_BYTES: Final = 64
_MAX_INTEGER_BYTES: Final = 16
"""Versions, counts and sizes are what is read here; Python refuses to print an int of thousands of digits."""


class MalformedError(ValueError):
    """The bytes are not the ASN.1 that was expected.

    Attributes:
        truncated_at: the number of bytes there are, where a value claims to be longer than that; else None.
    """

    def __init__(self, message: str, *, truncated_at: int | None = None) -> None:
        super().__init__(message)
        self.truncated_at = truncated_at


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """One tag-length-value, as positions in the bytes it was read from.

    Attributes:
        tag: the identifier octet, `0x30` for a SEQUENCE; tags above 30 are not read.
        start: where the identifier octet stands.
        content_start: where the contents begin.
        content_end: where they end, without the end-of-contents octets of an indefinite length.
        end: where the next value begins.
    """

    data: bytes
    tag: int
    start: int
    content_start: int
    content_end: int
    end: int

    @property
    def content(self) -> bytes:
        """The contents octets."""
        return self.data[self.content_start : self.content_end]

    @property
    def encoded(self) -> bytes:
        """The whole value as it stands in the input."""
        return self.data[self.start : self.end]

    @property
    def is_constructed(self) -> bool:
        """Whether the contents are values themselves."""
        return bool(self.tag & _CONSTRUCTED)

    def __iter__(self) -> Iterator["Value"]:
        """Yields the values inside, one at a time.

        Raises:
            MalformedError: the value is primitive, or its contents are not values, or too many.
        """
        if not self.is_constructed:
            raise MalformedError("a primitive value has no parts")
        position, counter = self.content_start, count(1)
        while position < self.content_end:
            part = _read(self.data, position, self.content_end, limits.MAX_NESTING, counter)
            yield part
            position = part.end

    def expect(self, tag: int) -> "Value":
        """Returns the value itself if it has this `tag`.

        Raises:
            MalformedError: it has another.
        """
        if self.tag != tag:
            raise MalformedError(f"expected tag 0x{tag:02x}, found 0x{self.tag:02x} at byte {self.start}")
        return self

    def parts(self, tag: int = SEQUENCE) -> tuple["Value", ...]:
        """Returns all values inside one with this `tag`.

        Raises:
            MalformedError: the tag is another, or the contents are not values.
        """
        return tuple(self.expect(tag))

    def integer(self) -> int:
        """Returns the INTEGER's value.

        Raises:
            MalformedError: it is no INTEGER, one without contents, or longer than any count is.
        """
        self.expect(INTEGER)
        if not 0 < self.content_end - self.content_start <= _MAX_INTEGER_BYTES:
            raise MalformedError(f"an INTEGER without contents, or too long, at byte {self.start}")
        return int.from_bytes(self.content, "big", signed=True)

    def octets(self) -> bytes:
        """Returns an OCTET STRING's octets, those of a constructed one joined (X.690 section 8.7).

        An implicitly tagged string (`[0] IMPLICIT OCTET STRING`) is read too.

        Raises:
            MalformedError: the parts of a constructed one are not values, or are nested too deep.
        """
        return _octets(self, limits.MAX_NESTING)

    def oid(self) -> str:
        """Returns the OBJECT IDENTIFIER in dotted form (X.690 section 8.19).

        Raises:
            MalformedError: it is no OBJECT IDENTIFIER, or longer than any real one.
        """
        if self.content_end - self.content_start > _MAX_OID_BYTES:
            raise MalformedError(f"an OBJECT IDENTIFIER of more than {_MAX_OID_BYTES} bytes at byte {self.start}")
        octets = self.expect(OBJECT_IDENTIFIER).content
        if not octets or octets[-1] & 0x80:
            raise MalformedError(f"an OBJECT IDENTIFIER that does not end at byte {self.end}")
        return _dotted(octets)


@lru_cache(maxsize=256)
def _dotted(octets: bytes) -> str:
    """Returns the dotted form of the contents of an OBJECT IDENTIFIER; a bundle holds the same dozen again and again."""
    arcs = [0]
    for octet in octets:
        arcs[-1] = arcs[-1] << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(0)
    arcs.pop()
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def read(data: bytes, start: int = 0, end: int | None = None) -> Value:
    """Reads the value that begins at `start` and ends at `end` or before.

    Raises:
        MalformedError: there is no complete value, or indefinite lengths are nested too deep.
    """
    return _read(data, start, len(data) if end is None else end, limits.MAX_NESTING, count(1))


def read_all(data: bytes) -> Value:
    """Reads the one value that makes up all of `data`.

    Raises:
        MalformedError: there is none, or bytes follow it.
    """
    value = read(data)
    if value.end != len(data):
        raise MalformedError(f"{len(data) - value.end} bytes follow the value")
    return value


def encode(tag: int, content: bytes) -> bytes:
    """Encodes one value with a definite length of minimal size (DER)."""
    if len(content) < 0x80:  # noqa: PLR2004 -- X.690 section 8.1.3.4: the short form
        return bytes((tag, len(content))) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def to_definite(value: Value) -> bytes:
    """Re-encodes `value` and all inside with definite lengths, constructed OCTET STRINGs joined.

    Raises:
        MalformedError: what is inside are not values, or they are nested too deep.
    """
    return _definite(value, limits.MAX_NESTING)


def _definite(value: Value, depth: int) -> bytes:
    if value.tag == OCTET_STRING | _CONSTRUCTED:
        return encode(OCTET_STRING, value.octets())
    if not value.is_constructed:
        return encode(value.tag, value.content)
    _bound(depth)
    return encode(value.tag, b"".join(_definite(part, depth - 1) for part in value))


def _octets(value: Value, depth: int) -> bytes:
    if not value.is_constructed:
        return value.content
    _bound(depth)
    return b"".join(_octets(part, depth - 1) for part in value)


def _bound(depth: int) -> None:
    if depth == 0:
        raise MalformedError(f"values are nested deeper than {limits.MAX_NESTING} levels")


def _bound_values(counter: Iterator[int]) -> None:
    if next(counter) > limits.MAX_VALUES:
        raise MalformedError(f"more than {limits.MAX_VALUES:,} values in one")


def _read(data: bytes, start: int, end: int, depth: int, counter: Iterator[int]) -> Value:
    _bound(depth)
    _bound_values(counter)
    if end - start < 2:  # noqa: PLR2004 -- an identifier and a length octet
        raise MalformedError(f"no value at byte {start}", truncated_at=end)
    tag, first = data[start], data[start + 1]
    if tag & _TAG_NUMBER == _TAG_NUMBER:
        raise MalformedError(f"a tag of more than one octet at byte {start}")
    if first == _LONG_FORM:
        return _read_indefinite(data, start, end, depth, counter)
    size = first & 0x7F if first & 0x80 else 0
    content_start = start + 2 + size
    length = int.from_bytes(data[start + 2 : content_start], "big") if size else first
    if content_start + length > end:
        raise MalformedError(f"the value at byte {start} is longer than what is there", truncated_at=end)
    return Value(data, tag, start, content_start, content_start + length, content_start + length)


def _read_indefinite(data: bytes, start: int, end: int, depth: int, counter: Iterator[int]) -> Value:
    if not data[start] & _CONSTRUCTED:
        raise MalformedError(f"a primitive value of indefinite length at byte {start}")
    position = start + 2
    while data[position : min(position + 2, end)] != _END_OF_CONTENTS:
        position = _read(data, position, end, depth - 1, counter).end
    return Value(data, data[start], start, start + 2, position, position + 2)
