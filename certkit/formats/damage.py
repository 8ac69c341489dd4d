"""Malformed ASN.1 told as what it is to a user: a truncated file, or a malformed one."""

from collections.abc import Iterator
from contextlib import contextmanager

from certkit.errors import InputUnreadableError
from certkit.formats import der


@contextmanager
def told_of(what: str) -> Iterator[None]:
    """Turns what `der` raises inside a `with` block into the error that a user can act on.

    Args:
        what: the thing as it stands in the message, "the PKCS#7 file".

    Raises:
        InputUnreadableError: what is inside is truncated or malformed.
    """
    try:
        yield
    except der.MalformedError as error:
        if error.truncated_at is None:
            raise _malformed(what) from error
        raise InputUnreadableError(
            f"{what} is truncated: it ends at byte {error.truncated_at:,}, in the middle of a value",
            hint="copy or download the file again, in binary mode",
        ) from error
    except ValueError as error:  # a SEQUENCE with fewer parts than it must have
        raise _malformed(what) from error


def _malformed(what: str) -> InputUnreadableError:
    return InputUnreadableError(f"{what} is malformed", hint="copy or download the file again, in binary mode")
