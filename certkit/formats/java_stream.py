"""What Java's `DataOutputStream` and `ObjectOutputStream` write: read field by field, or passed over.

Nothing that was serialised is ever made into an object: its grammar is followed to find where it ends, no further. The
grammar is that of the Java Object Serialization Specification, section 6.4
(https://docs.oracle.com/en/java/javase/21/docs/specs/serialization/protocol.html).
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from certkit.formats import der

_MAGIC: Final = b"\xac\xed\x00\x05"
"""How a stream of objects begins: its number and version."""

_NULL, _REFERENCE, _CLASS, _OBJECT, _STRING, _ARRAY = 0x70, 0x71, 0x72, 0x73, 0x74, 0x75
_BLOCK, _END_OF_BLOCKS, _LONG_BLOCK = 0x77, 0x78, 0x7A
_FIRST_HANDLE: Final = 0x7E0000
"""The codes of the grammar's terminals, and the number of what comes first in a stream."""

_WRITES_MORE: Final = 0x01
_SERIALIZABLE: Final = 0x02
"""Flags of a class: its instances are followed by annotations; their fields are written at all."""

_SIZES: Final = {"B": 1, "C": 2, "D": 8, "F": 4, "I": 4, "J": 8, "S": 2, "Z": 1}
"""The octets of each primitive type."""

_REFERRED: Final = frozenset({"L", "["})
"""The types whose values are objects themselves."""

_MAX_STEPS: Final = 1_000
"""Of the grammar's productions in one object: a secret key in a JCEKS takes about 40."""

_MAX_DEPTH: Final = 20
"""How deep objects nest: a secret key in a JCEKS nests three deep."""


class _Class(NamedTuple):
    """What has to be known of a class to find the end of an instance.

    Attributes:
        types: of its fields, in their order.
        ancestor: the class above it, None at the top.
    """

    name: str
    flags: int
    types: tuple[str, ...]
    ancestor: "_Class | None"


@dataclass(slots=True)
class JavaStream:
    """The bytes of a stream and how far they have been read."""

    data: bytes
    position: int = 0

    def take(self, size: int) -> bytes:
        """Reads `size` octets.

        Raises:
            MalformedError: there are not as many.
        """
        end = self.position + size
        if end > len(self.data):
            raise der.MalformedError("a field is longer than what is there", truncated_at=len(self.data))
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def number(self, size: int = 4) -> int:
        """Reads a number without a sign."""
        return int.from_bytes(self.take(size), "big")

    def text(self) -> str:
        """Reads what `DataOutput.writeUTF` writes: surrogates one by one, a zero in two octets."""
        octets = self.take(self.number(2)).replace(b"\xc0\x80", b"\0")
        text = octets.decode("utf-8", "surrogatepass")
        return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")

    def pass_over_object(self) -> None:
        """Leaves a serialised object behind.

        Raises:
            MalformedError: there is none, it is truncated, or it is more than any key.
        """
        if self.take(len(_MAGIC)) != _MAGIC:
            raise der.MalformedError(f"no serialised object at byte {self.position - len(_MAGIC)}")
        _Passage(self).content()


@dataclass(slots=True)
class _Passage:
    """The way through one stream of objects.

    Attributes:
        handles: what later parts may refer to by its number; only of classes more has to be known than that they are there.
    """

    stream: JavaStream
    handles: list[_Class | None] = field(default_factory=list)
    steps: int = 0
    depth: int = 0

    def content(self) -> None:
        """Passes over an object, whatever it is."""
        self._step()
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise der.MalformedError("a serialised object that nests deeper than any key")
        code = self.stream.number(1)
        if code == _OBJECT:
            self._object()
        elif code == _ARRAY:
            self._array()
        elif code == _STRING:
            self.handles.append(None)
            self.stream.text()
        elif code == _REFERENCE:
            self.stream.take(4)
        elif code != _NULL:
            raise self._unknown(code)
        self.depth -= 1

    def _object(self) -> None:
        lowest = self._class()
        self.handles.append(None)
        lineage = []
        while lowest is not None:
            self._step()
            lineage.append(lowest)
            lowest = lowest.ancestor
        for each in reversed(lineage):
            self._fields(each)

    def _fields(self, of: _Class) -> None:
        if not of.flags & _SERIALIZABLE:
            raise der.MalformedError("a serialised object of a class that says itself how it is read")
        for kind in of.types:
            self._value(kind)
        if of.flags & _WRITES_MORE:
            self._annotations()

    def _array(self) -> None:
        kind = self._class()
        self.handles.append(None)
        if kind is None or not kind.name.startswith("["):
            raise der.MalformedError("a serialised array of no type")
        size, element = self.stream.number(), kind.name[1:2]
        if element in _SIZES:
            self.stream.take(size * _SIZES[element])
            return
        for _ in range(size):
            self.content()

    def _value(self, kind: str) -> None:
        if kind in _REFERRED:
            self.content()
        else:
            self._step()
            self.stream.take(_SIZES[kind])

    def _class(self) -> _Class | None:
        """Reads the description of a class, or a reference to one that was described before; None for none."""
        self._step()
        code = self.stream.number(1)
        if code == _CLASS:
            return self._described()
        if code == _REFERENCE:
            number = self.stream.number() - _FIRST_HANDLE
            known = self.handles[number] if 0 <= number < len(self.handles) else None
            if known is None:
                raise der.MalformedError("a serialised object refers to a class that is not there")
            return known
        if code != _NULL:
            raise self._unknown(code)
        return None

    def _described(self) -> _Class:
        name = self.stream.text()
        self.stream.take(8)  # which version of the class it is
        number = len(self.handles)
        self.handles.append(None)
        flags = self.stream.number(1)
        types = tuple(self._field() for _ in range(self.stream.number(2)))
        self._annotations()
        described = _Class(name, flags, types, self._class())
        self.handles[number] = described
        return described

    def _field(self) -> str:
        self._step()
        kind = chr(self.stream.number(1))
        self.stream.text()
        if kind in _REFERRED:
            self.content()
        elif kind not in _SIZES:
            raise der.MalformedError("a serialised field of no type")
        return kind

    def _annotations(self) -> None:
        while True:
            self._step()
            code = self.stream.number(1)
            if code == _END_OF_BLOCKS:
                return
            if code in {_BLOCK, _LONG_BLOCK}:
                self.stream.take(self.stream.number(1 if code == _BLOCK else 4))
            else:
                self.stream.position -= 1
                self.content()

    def _step(self) -> None:
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise der.MalformedError("a serialised object of more parts than any key")

    def _unknown(self, code: int) -> der.MalformedError:
        return der.MalformedError(
            f"an unknown code {code:#04x} in a serialised object at byte {self.stream.position - 1}"
        )
