"""`--passin` to a password, in openssl's forms and from stores, none of which shows it to other processes."""

import io
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from certkit.errors import CertkitError, InputUnreadableError, UsageError
from certkit.password import Password

_MAX_BYTES: Final = 64 * 1024
"""Far more than any password; what is longer was not meant to be one."""

_FORMS: Final = "env:NAME, file:PATH, fd:N, stdin, secretsmanager://ID or ssm:///NAME"
_STORES: Final = ("secretsmanager://", "ssm://")


def read(argument: str, environment: Mapping[str, str], stdin: BinaryIO, fetch: Callable[[str], bytes]) -> Password:
    """Reads the password that `argument` names.

    Args:
        fetch: reads what stands in a store.

    Raises:
        UsageError: it is the password itself, or the address of nothing.
        InputUnreadableError: what it names cannot be read.
        CertkitError: `fetch` does.
    """
    form, _, rest = argument.partition(":")
    if argument == "stdin":
        return Password(_first_line(stdin))
    if form == "env" and rest:
        return _from_environment(rest, environment)
    if form == "file" and rest:
        return _from_file(rest)
    if form == "fd" and rest.isdecimal():
        return _from_descriptor(rest)
    if argument.startswith(_STORES):
        return _from_store(argument, fetch)
    # The argument itself is never repeated: it may be the password.
    raise UsageError(
        "a password on the command line can be read by every process on this machine", hint=f"use --passin {_FORMS}"
    )


def _from_environment(name: str, environment: Mapping[str, str]) -> Password:
    if name not in environment:
        raise InputUnreadableError(
            f"--passin: the environment has no variable {name}", hint=f"set it and export it: export {name}"
        )
    return Password(os.fsencode(environment[name]))


def _from_file(path: str) -> Password:
    try:
        with Path(path).open("rb") as file:
            return Password(_first_line(file))
    except OSError as error:
        raise InputUnreadableError(f"--passin: {path}: {(error.strerror or 'it cannot be read').lower()}") from error
    except ValueError as error:  # a NUL in the path
        raise InputUnreadableError(f"--passin: {path}: it is no path") from error


def _from_descriptor(number: str) -> Password:
    try:
        with open(int(number), "rb", closefd=False) as file:
            return Password(_first_line(file))
    except (OSError, TypeError, ValueError) as error:  # Python's own for a number beyond C's
        raise InputUnreadableError(f"--passin: file descriptor {number} cannot be read") from error


def _from_store(address: str, fetch: Callable[[str], bytes]) -> Password:
    """Returns the first line of what a store holds: whoever put a file there put its line end there too."""
    try:
        return Password(_first_line(io.BytesIO(fetch(address))))
    except CertkitError as error:
        raise error.about(f"--passin: {address}") from error


def _first_line(file: BinaryIO) -> bytes:
    """Returns the first line without its line end, as openssl does."""
    return file.readline(_MAX_BYTES).removesuffix(b"\n").removesuffix(b"\r")
