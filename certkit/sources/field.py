"""One field of the JSON that a store holds. Nothing of what is held stands in a message, the names of fields included."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Final

from certkit.errors import InputUnreadableError

_KINDS: Final = {bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "fields of its own"}
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/\s]++={0,2}\s*+")
_SEQUENCE: Final = 0x30
_LONG: Final = 0x80
_MOST_LENGTH_OCTETS: Final = 4


def select(value: bytes, field: str | None) -> bytes:
    """Returns `value`, or the text in a field of the JSON in it.

    A dot leads to a field of a field; where a field's own name has that dot, the longer name counts.

    Raises:
        InputUnreadableError: it is JSON and no field is named, or there is no such field, or no text in it.
    """
    document = _document(value)
    if field is None:
        # What Kubernetes calls a Secret is a bundle as it stands.
        if document is not None and "kind" not in document:
            raise InputUnreadableError(
                "it holds JSON, and which of its fields is meant is not said", hint="name it behind a #: …#FIELD"
            )
        return value
    if document is None:
        raise InputUnreadableError(f"it holds no JSON that could have a field {field!r}", hint="leave the # out")
    found = _find(document, field)
    if found is None:
        raise InputUnreadableError(
            f"the JSON in it has no field {field!r}", hint="its names count letter by letter; a dot leads into a field"
        )
    if not isinstance(found, str):
        raise InputUnreadableError(f"the field {field!r} holds {_KINDS.get(type(found), 'nothing')}, not a text")
    return found.encode("utf-8", "surrogatepass")


def is_cut_off(value: bytes) -> bool:
    """Tells whether `value` is PEM whose last block has no end, or base64 of DER that is longer than what is there."""
    if b"-----BEGIN " in value:
        return value.count(b"-----BEGIN ") > value.count(b"-----END ")
    if not _BASE64.fullmatch(value):
        return False
    text = b"".join(value.split()).rstrip(b"=")
    der = base64.b64decode(text[: len(text) // 4 * 4], validate=True)
    # Up to two octets stand in the last, shorter group.
    return _length(der) > len(der) + 2


def _length(der: bytes) -> int:
    """Returns how many octets a SEQUENCE says that it has, its header included; 0 for what is none (X.690 section 8.1.3)."""
    if len(der) < 2 + _MOST_LENGTH_OCTETS or der[0] != _SEQUENCE:
        return 0
    size = der[1] & ~_LONG
    if der[1] < _LONG:
        return 2 + size
    return 2 + size + int.from_bytes(der[2 : 2 + size], "big") if 0 < size <= _MOST_LENGTH_OCTETS else 0


def _document(value: bytes) -> Mapping[str, object] | None:
    if not value.lstrip().startswith(b"{"):
        return None
    try:
        document = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _find(document: Mapping[str, object], path: str) -> object:
    """Returns what is at `path`, None where nothing is: the whole name first, then the longest one that leads on."""
    if path in document:
        return document[path]
    for end in range(len(path) - 1, 0, -1):
        inner = document.get(path[:end]) if path[end] == "." else None
        if isinstance(inner, dict):
            found = _find(inner, path[end + 1 :])
            if found is not None:
                return found
    return None
