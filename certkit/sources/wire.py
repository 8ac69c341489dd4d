"""One request to an address that somebody else chose: never into the caller's own network.

Each step below is there for an attack: a certificate that points at a cloud's metadata service, a name that resolves to
another address the second time, a body without end, an answer that comes octet by octet.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from types import MappingProxyType
from typing import ClassVar, Final, Self, TypeAlias
from urllib.parse import SplitResult, urlsplit

from certkit import limits
from certkit.sources.address import is_public

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]
Connect: TypeAlias = Callable[[str, int, float], socket.socket]

_PORTS: Final = {"http": 80, "https": 443}


class WireError(Exception):
    """An address may not be reached, or cannot be.

    Attributes:
        predicate: what is said of the address.
        may_be_allowed: whether it could be, inside the caller's own network.
        is_odd: whether the address may hold what a terminal does not show.
    """

    def __init__(self, predicate: str, *, may_be_allowed: bool = False, is_odd: bool = False) -> None:
        super().__init__(predicate)
        self.predicate = predicate
        self.may_be_allowed = may_be_allowed
        self.is_odd = is_odd


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to an address.

    Attributes:
        body: None where there is none.
        headers: beside those that every request has.
    """

    method: str = "GET"
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `location` is where a redirect leads."""

    status: int
    location: str | None
    body: bytes


GET: Final = Request()


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Returns the addresses of a host, by the system's resolver."""
    return tuple(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """Returns a connection to an address, which is not resolved any more; `seconds` bound each step on it."""
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True, slots=True)
class Wire:
    """How addresses may be reached.

    Attributes:
        allows_private: whether private, loopback and link-local addresses may be, and other ports than the usual.
        seconds: how long all of it may take, redirects included; the resolver's own time is the system's to bound.
        resolve: host and port to addresses.
        connect: address, port and seconds to a connection.
        trust: what the certificate of an https server is held to.
    """

    done: ClassVar[str] = "reached"
    """What an error says is not done."""

    allows_private: bool = False
    seconds: float = 10.0
    resolve: Resolve = field(default=resolve)
    connect: Connect = field(default=connect)
    trust: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)

    def ask(self, url: str, deadline: float, request: Request = GET) -> Answer:
        """Returns what the server answers, whatever its status.

        Args:
            deadline: by the clock of `time.monotonic`.

        Raises:
            WireError: it may not be reached, or cannot be.
        """
        parts = self._checked(url)
        port = parts.port or _PORTS[parts.scheme]
        address = self._address(parts.hostname or "", port)
        try:
            with self._connection(parts, address, port, deadline) as connection, _cut_off(connection.sock, deadline):
                answer = _exchange(connection, parts, request)
            left(deadline)  # what was cut off by then looks like an answer that has ended
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise WireError(f"cannot be {self.done}: {_in_words(error, deadline)}") from error
        return answer

    def _connection(self, parts: SplitResult, address: str, port: int, deadline: float) -> "_Connection":
        plain = self.connect(address, port, left(deadline))
        if parts.scheme == "http":
            return _Connection(plain, parts)
        try:
            secured = self.trust().wrap_socket(plain, server_hostname=parts.hostname)
        except BaseException:
            plain.close()
            raise
        return _Connection(secured, parts)

    def _address(self, host: str, port: int) -> str:
        """Returns the address to connect to, so that the name is not resolved a second time.

        Raises:
            WireError: it does not resolve, or one of its addresses is not public.
        """
        try:
            addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in self.resolve(host, port)]
        except (OSError, UnicodeError, ValueError) as error:
            raise WireError(f"cannot be {self.done}: {host} does not resolve") from error
        if not addresses:
            raise WireError(f"cannot be {self.done}: {host} does not resolve")
        if not self.allows_private and not all(map(is_public, addresses)):
            raise WireError(f"is not {self.done}: {host} is inside a private network", may_be_allowed=True)
        return str(addresses[0])

    def _checked(self, url: str) -> SplitResult:
        """Returns the parts of `url`.

        Raises:
            WireError: it is not http or https, or names a user or a port that is not allowed.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise WireError("is no address", is_odd=True) from error
        is_plain = (
            parts.scheme in _PORTS
            and parts.hostname
            and "@" not in parts.netloc
            and url.isascii()
            and url.isprintable()
        )
        if not is_plain or port == 0:
            raise WireError(f"is not {self.done}: only plain addresses of http and https are", is_odd=True)
        if port not in {None, _PORTS[parts.scheme]} and not self.allows_private:
            raise WireError(f"is not {self.done}: {port} is not the port of {parts.scheme}", may_be_allowed=True)
        return parts


def _in_words(error: Exception, deadline: float) -> str:
    if isinstance(error, TimeoutError) or time.monotonic() >= deadline:  # cut off, it may look like anything
        return "no answer in time"
    match error:
        case ssl.SSLCertVerificationError():
            return f"the server's own certificate is not trusted ({error.verify_message.rstrip('.')})"
        case ssl.SSLError():
            return "the server does not speak TLS as it should"
        case http.client.HTTPException():
            return "the answer is none of a web server, or breaks off"
        case OSError():
            return (error.strerror or "the connection fails").lower()
        case _:
            return str(error)


class _Connection(http.client.HTTPConnection):
    """A connection over a socket that is open already."""

    def __init__(self, sock: socket.socket, parts: SplitResult) -> None:
        super().__init__(parts.hostname or "")
        self.sock: socket.socket = sock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _cut_off(sock: socket.socket, deadline: float) -> Iterator[None]:
    """Ends the connection at the deadline, however slowly the other side goes on sending."""
    timer = Timer(left(deadline), _end, (sock,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(sock: socket.socket) -> None:
    with suppress(OSError):  # the other side was faster
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # TLS's own would let what follows be read as plain text


def _exchange(connection: _Connection, parts: SplitResult, request: Request) -> Answer:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    own = {"Host": parts.netloc, "User-Agent": "certkit", "Connection": "close"}
    connection.request(request.method, target, request.body, headers={**own, **request.headers})
    response = connection.getresponse()
    body = bytearray()
    while chunk := response.read1(limits.MAX_FETCHED_BYTES):
        body += chunk
        if len(body) > limits.MAX_FETCHED_BYTES:
            raise ValueError("a body larger than any certificate")
    if response.length:
        raise ValueError("a body shorter than it was said to be")
    return Answer(response.status, response.getheader("Location"), bytes(body))


def left(deadline: float) -> float:
    """Returns the seconds that are left.

    Raises:
        TimeoutError: none are.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
