"""The constraints of ACM's service model: lengths, patterns, enums; what the service checks before anything else."""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from moto.core.model import ListShape, StructureShape

from certkit.testing.refusal import AwsRefusal, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moto.core.model import Shape

_UNBOUNDED: Final = frozenset({"TagList"})
"""Lists whose length has a refusal of its own (TooManyTagsException)."""
_JSON_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "structure": dict,
    "list": list,
    "string": str,
    "blob": str,
    "integer": int,
    "boolean": bool,
    "timestamp": (int, float),
}
_TAG_SIGNS: Final = "_.:/=+-@"


@dataclass(frozen=True, slots=True)
class Violation:
    """One value that breaks the model, in the words of the service.

    Attributes:
        value: " 'the value'", or nothing if it is sensitive.
        at: Path of the value in the request, as in "tags.1.member.key".
        must: What the member must be.
    """

    value: str
    at: str
    must: str

    def __str__(self) -> str:
        """The violation as the service words it."""
        return f"Value{self.value} at '{self.at}' failed to satisfy constraint: Member must {self.must}"


def check_request(shape: Shape | None, request: Mapping[str, Any]) -> None:
    """Checks a request against the operation's input shape; None: it has none.

    The form of the text is the same for all AWS services of this family.

    Raises:
        AwsRefusal: It breaks the model; all violations are in the one message.
    """
    violations = [] if shape is None else [str(violation) for violation in _violations(shape, request, "")]
    if violations:
        noun = "error" if len(violations) == 1 else "errors"
        raise invalid(f"{len(violations)} validation {noun} detected: {'; '.join(violations)}")


def decode_blob(value: str) -> bytes:
    """The bytes of a blob as the JSON protocol carries them.

    Raises:
        AwsRefusal: They are not base64.
    """
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise AwsRefusal("SerializationException", "Invalid base64") from error  # text unsourced


def _violations(shape: Shape, value: Any, at: str) -> Iterator[Violation]:  # noqa: ANN401 - any JSON value
    _check_type(shape, value)
    if isinstance(shape, StructureShape):
        yield from _of_structure(shape, value, at)
    elif isinstance(shape, ListShape):
        yield from _of_list(shape, value, at)
    elif shape.type_name == "string":
        yield from _of_string(shape, value, at)
    elif shape.type_name == "blob":
        yield from _of_blob(shape, value, at)
    elif shape.type_name == "integer":
        yield from _of_range(shape, value, at)


def _check_type(shape: Shape, value: object) -> None:
    if not isinstance(value, _JSON_TYPES[shape.type_name]):
        raise AwsRefusal("SerializationException", f"{shape.name} is not a {shape.type_name}.")  # text unsourced


def _of_structure(shape: StructureShape, value: Mapping[str, Any], at: str) -> Iterator[Violation]:
    prefix = f"{at}." if at else ""
    for name in shape.metadata.get("required", ()):
        if value.get(name) is None:
            yield Violation("", f"{prefix}{_lower(name)}", "not be null")
    if shape.metadata.get("union") and len(value) != 1:
        yield Violation(_shown(value), at, "have exactly one of its members set")  # text unsourced
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _violations(member, value[name], f"{prefix}{_lower(name)}")


def _of_list(shape: ListShape, value: list[Any], at: str) -> Iterator[Violation]:
    if shape.name not in _UNBOUNDED or not value:
        yield from _of_length(shape, len(value), _shown(value), at)
    for position, item in enumerate(value, start=1):
        yield from _violations(cast("Shape", shape.member), item, f"{at}.{position}.member")


def _of_string(shape: Shape, value: str, at: str) -> Iterator[Violation]:
    yield from _of_length(shape, len(value), _shown(value), at)
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield Violation(_shown(value), at, f"satisfy enum value set: [{', '.join(allowed)}]")
    pattern = shape.metadata.get("pattern")
    if pattern and not _matches(pattern, value):
        yield Violation(_shown(value), at, f"satisfy regular expression pattern: {pattern}")


def _of_blob(shape: Shape, value: str, at: str) -> Iterator[Violation]:
    length = len(decode_blob(value))
    # A private key is not shown, which its shape says.
    shown = "" if shape.metadata.get("sensitive") else f" 'java.nio.HeapByteBuffer[pos=0 lim={length} cap={length}]'"
    yield from _of_length(shape, length, shown, at)


def _of_length(shape: Shape, length: int, shown: str, at: str) -> Iterator[Violation]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and length < least:
        yield Violation(shown, at, f"have length greater than or equal to {least}")
    if most is not None and length > most:
        yield Violation(shown, at, f"have length less than or equal to {most}")


def _of_range(shape: Shape, value: int, at: str) -> Iterator[Violation]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        yield Violation(_shown(value), at, f"have value greater than or equal to {least}")
    if most is not None and value > most:
        yield Violation(_shown(value), at, f"have value less than or equal to {most}")


def _matches(pattern: str, value: str) -> bool:
    if r"\p{" in pattern:
        # The one pattern of the model with Unicode classes, which `re` does not know: that of tags.
        return all(unicodedata.category(sign)[0] in "LNZ" or sign in _TAG_SIGNS for sign in value)
    return re.fullmatch(pattern, value, re.ASCII) is not None


def _shown(value: object) -> str:
    return f" '{value if isinstance(value, str) else json.dumps(value)}'"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
