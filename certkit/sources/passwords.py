"""`--passin` to a password, in openssl's forms, none of which shows it to other processes."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

from certkit.errors import InputUnreadableError, UsageError
from certkit.password import Password

_MAX_BYTES: Final = 64 * 1024
"""Far more than any password; what is longer was not meant to be one."""

_FORMS: Final = "env:NAME, file:PATH, fd:N or stdin"


def read(argument: str, environment: Mapping[str, str], stdin: BinaryIO) -> Password:
    """Reads the password that `argument` names.

    Raises:
        UsageError: it is the password itself, or of a form that is not read.
        InputUnreadableError: what it names cannot be read.
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
    if form in {"secretsmanager", "ssm"}:
        raise UsageError(f"--passin of the kind {form}:// is not read", hint=f"use {_FORMS}")
    # The argument itself is never repeated: it may be the password.
    raise UsageError(
        "a password on the command line can be read by every process on this machine", hint=f"use --passin {_FORMS}"
    )


def _from_environment(name: str, environment: Mapping[str, str]) -> Password:
    if name not in environment:
        raise InputUnreadableError(f"--passin: the environment has no variable {name}")
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


def _first_line(file: BinaryIO) -> bytes:
    """Returns the first line without its line end, as openssl does."""
    return file.readline(_MAX_BYTES).removesuffix(b"\n").removesuffix(b"\r")
