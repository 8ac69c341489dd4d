"""A SOURCE as the user writes it to the bytes behind it, never more than `limits` allows.

Read here: a path, `-`, `file://` and `fileb://` paths, and `env:NAME`.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

from certkit import limits
from certkit.errors import InputTooLargeError, InputUnreadableError, UsageError

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.]*)://")
_FILE_SCHEMES: Final = ("fileb://", "file://")
_CHUNK_BYTES: Final = 1024 * 1024


def read(source: str, environment: Mapping[str, str], stdin: BinaryIO) -> bytes:
    """Reads everything behind `source`.

    Raises:
        InputUnreadableError: it cannot be opened, or is a folder.
        InputTooLargeError: it is larger than any bundle.
        UsageError: it is of a kind that is not read.
    """
    if source == "-":
        return _bounded(stdin)
    if source.startswith("env:"):
        return _from_environment(source.removeprefix("env:"), environment)
    for scheme in _FILE_SCHEMES:
        if source.startswith(scheme):
            return _from_file(source.removeprefix(scheme))
    scheme_found = _SCHEME.match(source)
    if scheme_found:
        raise UsageError(
            f"a SOURCE of the kind {scheme_found[1]}:// is not read",
            hint="name a file, or - for standard input, or env:NAME",
        )
    return _from_file(source)


def stem(source: str) -> str:
    """Returns what a bundle from `source` is called by: its file name without the last suffix."""
    if source == "-":
        return "stdin"
    name = source.removeprefix("env:")
    return Path(name.rpartition("://")[2]).stem


def _from_environment(name: str, environment: Mapping[str, str]) -> bytes:
    try:
        return os.fsencode(environment[name])
    except KeyError:
        raise InputUnreadableError(f"the environment has no variable {name}") from None


def _from_file(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return _bounded(file)
    except IsADirectoryError:
        raise InputUnreadableError("it is a folder", hint="name the file inside it") from None
    except OSError as error:
        raise InputUnreadableError(f"it cannot be read: {(error.strerror or 'failure').lower()}") from error
    except ValueError:  # a NUL in the path
        raise InputUnreadableError("it is no path") from None


def _bounded(file: BinaryIO) -> bytes:
    """Reads to the end, or to just over the limit: 100 MB of junk cost no more than what is allowed.

    Raises:
        InputTooLargeError: there is more than `limits.MAX_SOURCE_BYTES`.
    """
    data = bytearray()
    while chunk := file.read(_CHUNK_BYTES):
        data += chunk
        if len(data) > limits.MAX_SOURCE_BYTES:
            raise InputTooLargeError(f"it has more than {limits.MAX_SOURCE_BYTES >> 20} MiB, which no bundle has")
    return bytes(data)
