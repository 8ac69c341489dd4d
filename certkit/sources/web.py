"""Fetches what an address in a certificate names, which somebody else chose: never from inside the caller's own network.

Each step below is there for an attack: a certificate that points at a cloud's metadata service, a name that resolves to
another address the second time, a redirect to either, a body without end, an answer that comes octet by octet.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Final, Self, TypeAlias
from urllib.parse import SplitResult, urljoin, urlsplit

from certkit import limits
from certkit.errors import InputUnreadableError

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve: TypeAlias = Callable[[str, int], Sequence[str]]
Connect: TypeAlias = Callable[[str, int, float], socket.socket]

_PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS: Final = 3
_OK: Final = 200
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052: the last four octets are an IPv4 address."""

_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is routed between networks (RFC 4291 section 2.4, IANA's registry of the address space)."""

_PLATFORM: Final = (ipaddress.IPv4Network("168.63.129.16/32"), ipaddress.IPv4Network("192.0.0.0/24"))
"""Addresses that look public to Python and are a cloud's own inside it, Azure's and Oracle's.

https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16; RFC 6890 section 2.2.2, of which Python
before 3.11.10 knows the first eight addresses only.
"""


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Returns the addresses of a host, by the system's resolver."""
    return tuple(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """Returns a connection to an address, which is not resolved any more; `seconds` bound each step on it."""
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True, slots=True)
class Web:
    """How addresses may be fetched.

    Attributes:
        allows_private: whether private, loopback and link-local addresses may be reached.
        seconds: how long all of one fetch may take, redirects included; the resolver's own time is the system's to bound.
        resolve: host and port to addresses.
        connect: address, port and seconds to a connection.
        trust: what the certificate of an https server is held to.
    """

    allows_private: bool = False
    seconds: float = 10.0
    resolve: Resolve = field(default=resolve)
    connect: Connect = field(default=connect)
    trust: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)

    def fetch(self, url: str) -> bytes:
        """Returns the body behind `url`.

        Raises:
            InputUnreadableError: it may not be fetched, or cannot be.
        """
        deadline = time.monotonic() + self.seconds
        for _ in range(_MAX_REDIRECTS + 1):
            status, location, body = self._get(url, deadline)
            if status == _OK:
                return body
            if status not in _REDIRECTS or not location:
                raise InputUnreadableError(f"{url} answers with status {status}")
            url = _next(url, location)  # and from the top: a redirect is checked as the first address was
        raise InputUnreadableError(f"{url} redirects more than {_MAX_REDIRECTS} times")

    def _get(self, url: str, deadline: float) -> tuple[int, str | None, bytes]:
        parts = _checked(url)
        port = parts.port or _PORTS[parts.scheme]
        address = self._address(parts.hostname or "", port, url)
        try:
            with self._connection(parts, address, port, deadline) as connection, _cut_off(connection.sock, deadline):
                answer = _exchange(connection, parts)
            _left(deadline)  # what was cut off by then looks like an answer that has ended
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise InputUnreadableError(f"{url} cannot be fetched: {type(error).__name__}") from error
        return answer

    def _connection(self, parts: SplitResult, address: str, port: int, deadline: float) -> "_Connection":
        plain = self.connect(address, port, _left(deadline))
        if parts.scheme == "http":
            return _Connection(plain, parts)
        try:
            secured = self.trust().wrap_socket(plain, server_hostname=parts.hostname)
        except BaseException:
            plain.close()
            raise
        return _Connection(secured, parts)

    def _address(self, host: str, port: int, url: str) -> str:
        """Returns the address to connect to, so that the name is not resolved a second time.

        Raises:
            InputUnreadableError: it does not resolve, or one of its addresses is not public.
        """
        try:
            addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in self.resolve(host, port)]
        except (OSError, UnicodeError, ValueError) as error:
            raise InputUnreadableError(f"{url} cannot be fetched: {host} does not resolve") from error
        if not addresses:
            raise InputUnreadableError(f"{url} cannot be fetched: {host} does not resolve")
        if not self.allows_private and not all(map(is_public, addresses)):
            raise InputUnreadableError(
                f"{url} is not fetched: {host} is inside a private network",
                hint="name the file with --intermediates, or allow it with --allow-private-aia",
            )
        return str(addresses[0])


def is_public(address: Address) -> bool:
    """Tells whether an address is reachable from everywhere, also one that hides an IPv4 address in an IPv6 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not any(address in network for network in _PLATFORM)
    inner = address.ipv4_mapped or address.sixtofour
    if address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(inner)
    return address.is_global and address in _UNICAST


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise InputUnreadableError(f"{url} redirects to {location!a}, which is no address") from error


def _checked(url: str) -> SplitResult:
    """Returns the parts of `url`.

    Raises:
        InputUnreadableError: it is not http or https, or names a user or another port than theirs.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InputUnreadableError(f"{url!a} is no address") from error
    is_plain = (
        parts.scheme in _PORTS and parts.hostname and "@" not in parts.netloc and url.isascii() and url.isprintable()
    )
    if not is_plain or port not in {None, _PORTS[parts.scheme]}:
        raise InputUnreadableError(f"{url!a} is not fetched: only http and https, on their own ports")
    return parts


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
    timer = Timer(_left(deadline), _end, (sock,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(sock: socket.socket) -> None:
    with suppress(OSError):  # the other side was faster
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # TLS's own would let what follows be read as plain text


def _exchange(connection: _Connection, parts: SplitResult) -> tuple[int, str | None, bytes]:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", target, headers={"Host": parts.netloc, "User-Agent": "certkit", "Connection": "close"})
    response = connection.getresponse()
    body = bytearray()
    while chunk := response.read1(limits.MAX_FETCHED_BYTES):
        body += chunk
        if len(body) > limits.MAX_FETCHED_BYTES:
            raise ValueError("a body larger than any certificate")
    if response.length:
        raise ValueError("a body shorter than it was said to be")
    return response.status, response.getheader("Location"), bytes(body)


def _left(deadline: float) -> float:
    """Returns the seconds that are left.

    Raises:
        TimeoutError: none are.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
