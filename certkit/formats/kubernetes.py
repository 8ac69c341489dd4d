"""Kubernetes: the `tls.crt` and `tls.key` of a Secret or of a List of them, as YAML or JSON.

YAML is not parsed: what `kubectl`, Helm and people write of these two keys is found line by line, whatever surrounds it.
"""

import base64
import binascii
import codecs
import io
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

from certkit import limits
from certkit.contents import Contents
from certkit.errors import CertkitError, InputTooLargeError, InputUnreadableError
from certkit.formats.collection import Collection, joined

_KEYS: Final = ("tls.crt", "tls.key")
_CA: Final = "ca.crt"
_FIELD: Final = re.compile(r"""([ \t]*(?:- +)?)["']?(tls\.crt|tls\.key|ca\.crt)["']?[ \t]*:(?=\s|$)""")
_ANY_FIELD: Final = re.compile(rb"""^[ \t]*(- +)?["']?tls\.(crt|key)["']?[ \t]*:\s""", re.MULTILINE)
_FIELD_IN_JSON: Final = re.compile(rb'"tls\.(crt|key)"\s*:\s*"')
_KIND: Final = re.compile(rb"""^["']?kind["']?[ \t]*:[ \t]*["']?(Secret|List)\b""", re.MULTILINE)
_BLOCK_HEADER: Final = re.compile(r"^(!!binary\s*)?([|>][-+0-9]*)?")
_COMMENT: Final = re.compile(r"(^|\s)#.*$")
_QUOTES: Final = "\"'"
_BLANKS: Final = codecs.BOM_UTF8 + b" \t\r\n"
_MAX_FIELDS: Final = limits.MAX_CERTIFICATES
"""As each holds a certificate or a key."""

_MAX_DEPTH: Final = 8
"""How deep Lists may stand in Lists: kubectl writes one in no other."""


def is_secret(data: bytes) -> bool:
    """Tells a Secret from other text; PEM beside which the word `tls.crt:` stands is one only if it says so."""
    if _is_json(data):
        return bool(_FIELD_IN_JSON.search(data))
    return bool(_ANY_FIELD.search(data)) and (b"-----BEGIN " not in data or bool(_KIND.search(data)))


def read(
    data: bytes,
    read_value: Callable[[bytes, int], Contents],
    max_iterations: int = limits.MAX_ITERATIONS,
    *,
    wants_keys: bool = True,
) -> Contents:
    """Reads the keys and certificates of every Secret; `ca.crt` is left out, as no server sends it.

    Args:
        read_value: reads what a field holds, with the iterations that it may take.
        max_iterations: what all fields together may take; each gets an equal share.

    Raises:
        InputUnreadableError: it is malformed, or no field holds a certificate or a key.
        CertkitError: a field cannot be read; the message begins with its name.
    """
    fields = _fields(data)
    share = max_iterations // max(1, len(fields))
    found = Collection()
    for name, value in fields:
        if name == _CA:
            found.note("passed-over: ca.crt, which is no part of the chain; name it with --roots where it is needed")
        elif not value.strip():
            found.note(f"passed-over: {name}, which is empty")
        else:
            found.add(name, _read(name, value, lambda content: read_value(content, share)))
    if not found and wants_keys:
        raise InputUnreadableError("there is neither a certificate nor a private key in this Secret")
    return found.contents("kubernetes")


def protection(data: bytes, protection_of: Callable[[bytes], dict[str, object] | None]) -> dict[str, object] | None:
    """Returns how the PFX and keystores in Secrets are protected; None where there are none.

    Raises:
        InputUnreadableError, InputTooLargeError: as `read`.
    """
    values = (value for name, value in _fields(data) if name != _CA and value.strip())
    return joined(filter(None, (protection_of(_decode(value)) for value in values)))


def _fields(data: bytes) -> tuple[tuple[str, str], ...]:
    """Returns the fields of every Secret with what they hold.

    Raises:
        InputTooLargeError: there are too many.
    """
    fields = tuple(islice(_fields_in_json(data) if _is_json(data) else _fields_in_yaml(data), _MAX_FIELDS + 1))
    if len(fields) > _MAX_FIELDS:
        raise InputTooLargeError(f"it holds more than {_MAX_FIELDS:,} fields")
    return fields


def _read(name: str, value: str, read_value: Callable[[bytes], Contents]) -> Contents:
    try:
        return read_value(_decode(value))
    except CertkitError as error:
        raise error.about(name) from error


def _decode(value: str) -> bytes:
    """Returns what a field holds: text as in `stringData`, else what its base64 is of.

    Raises:
        InputUnreadableError: it is neither.
    """
    if "-----BEGIN " in value:
        return value.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputUnreadableError(
            "it is neither PEM nor base64",
            hint="what SOPS or Sealed Secrets encrypted has to be decrypted first: kubectl get secret NAME -o yaml",
        ) from error


def _is_json(data: bytes) -> bool:
    return data.lstrip(_BLANKS)[:1] in {b"{", b"["}


def _fields_in_json(data: bytes) -> Iterator[tuple[str, str]]:
    import json  # noqa: PLC0415 -- 10 ms that reading a PFX need not pay

    try:
        yield from _fields_in(json.loads(data), _MAX_DEPTH)
    except (ValueError, RecursionError) as error:
        raise InputUnreadableError("it is malformed JSON") from error


def _fields_in(thing: object, depth: int) -> Iterator[tuple[str, str]]:
    """Yields the fields of a Secret, of a List of them, or of the bare map that `-o jsonpath={.data}` gives."""
    if isinstance(thing, list):
        for item in thing if depth > 0 else ():
            yield from _fields_in(item, depth - 1)
    elif isinstance(thing, Mapping) and isinstance(thing.get("items"), list):
        yield from _fields_in(thing["items"], depth - 1)
    elif isinstance(thing, Mapping):
        parts = [thing.get("data"), thing.get("stringData")]
        for part in parts if any(isinstance(each, Mapping) for each in parts) else [thing]:
            if isinstance(part, Mapping):
                yield from ((name, part[name]) for name in (*_KEYS, _CA) if isinstance(part.get(name), str))


def _fields_in_yaml(data: bytes) -> Iterator[tuple[str, str]]:
    """Yields each field with what stands behind its colon and on the lines that are indented deeper."""
    name, column, value = "", 0, list[str]()
    for line in io.StringIO(data.decode("utf-8", "replace"), newline=None):
        if not line.strip():
            continue
        if name and len(line) - len(line.lstrip(" \t")) > column:
            value.append(line)
            continue
        if name:
            yield name, _scalar(value)
        field = _FIELD.match(line)
        name, column, value = (field[2], len(field[1]), [line[field.end() :]]) if field else ("", 0, [])
    if name:
        yield name, _scalar(value)


def _scalar(lines: list[str]) -> str:
    """Returns a YAML scalar as PEM or base64 can stand in it: plain, quoted, folded or literal."""
    first = _COMMENT.sub("", _BLOCK_HEADER.sub("", lines[0].strip()))
    return f"{first}\n{''.join(lines[1:])}".replace("\\\n", "\n").strip().strip(_QUOTES)
