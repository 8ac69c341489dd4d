"""A SOURCE as the user writes it to the bytes behind it, never more than `limits` allows.

Read here: a path (a folder, where an ACME client left it), `-`, `file://` and `fileb://` paths, `env:NAME`, and what an
endpoint serves. What stands in AWS is for the caller to fetch.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from certkit import limits
from certkit.errors import InputTooLargeError, InputUnreadableError, UsageError

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.]*://|arn:")
_DRIVE: Final = re.compile(r"/[A-Za-z]:[/\\]")
FILE_SCHEMES: Final = ("fileb://", "file://")
"""What may stand before a path, as the AWS CLI has it."""

_AWS: Final = ("s3://", "secretsmanager://", "ssm://", "arn:")
_ENDPOINT: Final = "https://"
_HINT: Final = (
    "name a path, - for standard input, env:NAME, s3://, secretsmanager://, ssm:///, https://HOST or the ARN of a "
    "certificate in ACM"
)
_CHUNK_BYTES: Final = 1024 * 1024


def read(source: str, environment: Mapping[str, str], stdin: BinaryIO, fetch: Callable[[str], bytes]) -> bytes:
    """Reads everything behind `source`.

    Args:
        fetch: reads what stands in AWS: in a store, or under an ARN.

    Raises:
        InputUnreadableError: it cannot be opened, or is a folder.
        InputTooLargeError: it is larger than any bundle.
        UsageError: it is of a kind that is not read.
        CertkitError: `fetch` does.
    """
    if source == "-":
        return _bounded(stdin)
    if source.startswith("env:"):
        return _from_environment(source.removeprefix("env:"), environment)
    for prefix in FILE_SCHEMES:
        if source.startswith(prefix):
            return _from_file(path_of(source.removeprefix(prefix)))
    scheme = _SCHEME.match(source)
    return _from_file(source) if scheme is None else _from_elsewhere(source, scheme[0], fetch)


def path_of(location: str, platform: str = sys.platform) -> str:
    """Returns the path behind `file://`: on Windows `/C:/shop.pfx`, as RFC 8089 has it, is `C:/shop.pfx`."""
    return location[1:] if platform == "win32" and _DRIVE.match(location) else location


def local_path(source: str) -> str | None:
    """Returns the path of a file or folder that `source` names, None where it is of another kind."""
    if source == "-" or source.startswith("env:"):
        return None
    for prefix in FILE_SCHEMES:
        if source.startswith(prefix):
            return path_of(source.removeprefix(prefix))
    return source if _SCHEME.match(source) is None else None


def is_remote(source: str) -> bool:
    """Tells whether a network stands between this machine and `source`."""
    return source.startswith((*_AWS, _ENDPOINT))


def stem(source: str) -> str:
    """Returns what a bundle from `source` is called by: its file name without the last suffix, a folder's with all.

    What stands in a store goes by the last part of its name, and an endpoint by its host's.
    """
    if source == "-":
        return "stdin"
    if is_remote(source):
        return _remote_stem(source)
    path = Path(source.removeprefix("env:").rpartition("://")[2])
    return path.resolve().name if path.is_dir() else path.stem


def _remote_stem(source: str) -> str:
    name = source.removeprefix(_ENDPOINT).partition("?")[0]
    if source.startswith(_ENDPOINT):
        host, _, port = name.partition("/")[0].rpartition(":")
        name = (host if host and port.isdecimal() else name.partition("/")[0]).strip("[]").replace(":", "_")
    elif source.startswith("s3://"):
        name = Path(name).stem
    else:
        name = name.partition("#")[0].rpartition("/")[2].rpartition(":")[2]
    return name if name.strip(".") else "bundle"  # a folder of this name must not lie outside


def _from_elsewhere(source: str, scheme: str, fetch: Callable[[str], bytes]) -> bytes:
    if source.startswith(_AWS):
        return fetch(source)
    if scheme != _ENDPOINT:
        raise UsageError(f"a SOURCE of the kind {scheme} is not read", hint=_HINT)
    from certkit.sources import endpoint  # noqa: PLC0415 -- few SOURCEs are endpoints

    return endpoint.read(source)


def _from_environment(name: str, environment: Mapping[str, str]) -> bytes:
    if name not in environment:
        raise InputUnreadableError("the environment has no such variable")
    return os.fsencode(environment[name])


def _from_file(path: str) -> bytes:
    try:
        with Path(path).open("rb", buffering=0) as file:
            return _bounded(file)
    except OSError as error:
        if os.path.isdir(Path(path)):  # noqa: PTH112 -- is_dir() fails where isdir() says no
            from certkit.sources import folder  # noqa: PLC0415 -- few SOURCEs are folders

            return folder.read(Path(path), _from_file)
        raise InputUnreadableError((error.strerror or "it cannot be read").lower()) from error
    except ValueError:  # a NUL in the path
        raise InputUnreadableError("it is no path") from None


def _bounded(file: BinaryIO) -> bytes:
    """Reads to the end, or to just over the limit: 100 MB of junk cost no more than what is allowed.

    Raises:
        InputTooLargeError: there is more than `limits.MAX_SOURCE_BYTES`.
    """
    data = bytearray()
    # One system call at a time where that can be had: between two of them signals are heard.
    read_some: Callable[[int], bytes] = getattr(file, "read1", file.read)
    while chunk := read_some(_CHUNK_BYTES):
        data += chunk
        if len(data) > limits.MAX_SOURCE_BYTES:
            raise InputTooLargeError(f"it has more than {limits.MAX_SOURCE_BYTES >> 20} MiB, which no bundle has")
    return bytes(data)
