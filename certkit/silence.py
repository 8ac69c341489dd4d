"""Warnings of cryptography that nobody who runs certkit can do anything about, silenced for one call."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

_ONE_AT_A_TIME: Final = Lock()
"""Two threads in `catch_warnings` at once may leave each other's filters behind for good."""


@contextmanager
def silence(message: str) -> Iterator[None]:
    """Silences warnings that begin with `message` inside a `with` block, which MUST be short: other threads wait for it."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=message)
        yield
