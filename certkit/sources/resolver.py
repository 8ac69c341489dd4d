"""The addresses of a host, every one of them: behind each may stand a server with a certificate of its own."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from certkit.errors import InputUnreadableError

Ask = Callable[..., Sequence[tuple[Any, ...]]]
"""`socket.getaddrinfo`, or what answers as it does."""

_CALLED: Final = 3
_AT: Final = 4
"""Where the canonical name and the address stand in each answer of getaddrinfo."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a name leads to.

    Attributes:
        canonical: the name at the end of its CNAMEs (RFC 2181, 10.1), in lower case; empty where the resolver tells none.
        found: IP addresses, each once, as the resolver orders them (RFC 6724).
    """

    canonical: str
    found: tuple[str, ...]


def resolve(host: str, port: int, family: int = socket.AF_UNSPEC, ask: Ask = socket.getaddrinfo) -> Addresses:
    """Returns the addresses of `host`: A and AAAA, or those of one family.

    Raises:
        InputUnreadableError: it has none, or nobody can be asked.
    """
    try:
        answers = ask(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
    except (OSError, UnicodeError) as error:  # gaierror is an OSError
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputUnreadableError(
            f"{host} has no address: {reason}", hint="look the name up where it is kept"
        ) from error
    canonical = next((str(answer[_CALLED]) for answer in answers if answer[_CALLED]), "")
    found = dict.fromkeys(str(answer[_AT][0]) for answer in answers)
    return Addresses(canonical.lower().removesuffix("."), tuple(found))
