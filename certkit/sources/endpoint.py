"""`https://host[:port]`: what a TLS server serves. It is looked at, and not believed: nothing is verified."""

import ipaddress
import re
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from certkit.errors import InputUnreadableError, UsageError
from certkit.sources import starttls

SCHEME: Final = "https://"
MARK: Final = b"# certkit endpoint: "
"""How certificates begin that a server has sent, by which `certkit.formats` knows them."""

_PORT: Final = 443
SECONDS: Final = 10.0
"""For connecting and the handshake together; a server at the other end of the world takes two."""

_CHUNK_BYTES: Final = 65_536
_ALERT: Final = re.compile(r"(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?(.+)")
"""How OpenSSL calls the alerts that come from the other side."""

_NO_TLS: Final = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST"})
"""What OpenSSL, in its versions, says of octets that are no TLS."""

_NAMELESS: Final = "an address asks for no name (SNI), which some servers insist on: name the host instead"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A TLS server.

    Attributes:
        host: a DNS name in ASCII, which the server is asked for (SNI), or an IP address.
    """

    host: str
    port: int

    def __str__(self) -> str:
        """Returns it as it is written: `host:port`, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Served:
    """What a server shows in a handshake.

    Attributes:
        certificates: as DER, as they were sent: the leaf first.
        protocol: `TLSv1.3`.
    """

    certificates: tuple[bytes, ...]
    protocol: str
    cipher: str


def parse(source: str) -> Endpoint:
    """Reads `https://host[:port]`.

    Raises:
        UsageError: it is not of this form.
    """
    wrong = UsageError("it is no endpoint", hint="write it as https://host or https://host:port")
    try:
        parts = urlsplit(source)
        port = parts.port or _PORT
        host = (parts.hostname or "").encode("idna" if "[" not in source else "ascii").decode("ascii")
    except ValueError as error:  # UnicodeError is one
        raise wrong from error
    if not host or parts.scheme != "https" or parts.username or parts.path not in {"", "/"} or parts.query:
        raise wrong
    return Endpoint(host, port)


def parse_host(text: str, port: int | None = None) -> Endpoint:
    """Reads HOST, HOST:PORT or the same behind `https://`.

    Args:
        port: where none is named; else that of HTTPS.

    Raises:
        UsageError: it is none of these.
    """
    source = text if text.startswith(SCHEME) else SCHEME + text
    try:
        found = parse(source)
    except UsageError as error:
        hint = "write it as HOST or HOST:PORT, an IPv6 address in brackets: [2001:db8::1]:443"
        raise UsageError(f"{text!r} is no endpoint", hint=hint) from error
    named = found.port if port is None or urlsplit(source).port else port
    return Endpoint(found.host.removesuffix("."), named)


def read(source: str) -> bytes:
    """Returns what an endpoint serves as PEM, under a line that says how it was served.

    Raises:
        UsageError: it is written as none is.
        InputUnreadableError: there is no answer, or none in TLS.
    """
    served = look(parse(source))
    how = f"served over {served.protocol} with {served.cipher}, certificates: {len(served.certificates)}"
    return MARK + f"{how}; nothing of it was verified\n".encode() + _pem(served.certificates)


def fetch(endpoint: Endpoint, clock: Callable[[], float] = time.monotonic, seconds: float = SECONDS) -> bytes:
    """Returns the DER of the leaf that the server serves, as `look` does."""
    return look(endpoint, clock, seconds).certificates[0]


def look(
    endpoint: Endpoint,
    clock: Callable[[], float] = time.monotonic,
    seconds: float = SECONDS,
    at: tuple[str, int] | None = None,
    protocol: starttls.Protocol | None = None,
) -> Served:
    """Returns what the server serves to this name, of whatever age, name and issuer.

    Args:
        clock: tells the seconds that have passed.
        seconds: how long connecting and handshake may take together.
        at: the address and port to connect to; those of the endpoint, if there are none.
        protocol: what the server begins with in plain text, None where it begins with TLS.

    Raises:
        InputUnreadableError: there is no answer, or none in TLS.
    """
    deadline = clock() + seconds

    def left() -> float:
        return deadline - clock()

    try:
        with socket.create_connection(at or (endpoint.host, endpoint.port), timeout=seconds) as connection:
            if protocol:
                starttls.begin(protocol, connection, left)
            served = _handshake(connection, endpoint.host, left)
    except OSError as error:
        raise _explained(error, endpoint.host, seconds) from error
    if not served.certificates:
        raise InputUnreadableError("it serves no certificate")
    return served


def _explained(error: OSError, host: str, seconds: float) -> InputUnreadableError:
    """Returns why a server shows no certificate, in words."""
    hint = _NAMELESS if _is_address(host) else None
    if isinstance(error, ssl.SSLError):
        reason = error.reason or "no reason given"
        if reason in _NO_TLS:
            hint = "it may speak TLS at another port, or after STARTTLS: certkit verify --starttls"
            return InputUnreadableError("the TLS handshake failed: what it answers is no TLS", hint=hint)
        alert = _ALERT.fullmatch(reason)
        said = f"the server ends it with the alert {_words(alert[1])}" if alert else _words(reason)
        return InputUnreadableError(f"the TLS handshake failed: {said}", hint=hint)
    if isinstance(error, TimeoutError):
        return InputUnreadableError(f"no answer within {seconds:g} s")
    said = (error.strerror or str(error)).lower()
    return InputUnreadableError(f"it cannot be reached: {said}", hint=hint if _is_cut_off(error) else None)


def _words(reason: str) -> str:
    return reason.replace("_", " ").lower()


def _is_cut_off(error: OSError) -> bool:
    """Tells whether somebody answered, and hung up."""
    return isinstance(error, ConnectionResetError | BrokenPipeError)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _handshake(connection: socket.socket, host: str, left: Callable[[], float]) -> Served:
    """Does the handshake up to where the certificate is known; whoever sends a byte now and then gains no time by it."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = _context().wrap_bio(incoming, outgoing, server_hostname=host)
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            _exchange(connection, incoming, outgoing, left())
        else:
            cipher = tls.cipher()
            return Served(_as_sent(tls), tls.version() or "TLS", cipher[0] if cipher else "no cipher")


def _as_sent(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """Returns the DER of the certificates as the server sent them.

    Python has a method for it from 3.13 on. In 3.11 and 3.12, which get nothing but security fixes any more, it stands one
    object further in: https://github.com/python/cpython/issues/109109.
    """
    if sys.version_info >= (3, 13):
        return tuple(tls.get_unverified_chain())
    sent = tls._sslobj.get_unverified_chain() or ()  # type: ignore[attr-defined]  # noqa: SLF001
    return tuple(ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in sent)


def _pem(certificates: Iterable[bytes]) -> bytes:
    return "".join(map(ssl.DER_cert_to_PEM_cert, certificates)).encode()


def _exchange(connection: socket.socket, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, seconds: float) -> None:
    """Sends what TLS has to say, and waits for more.

    Raises:
        TimeoutError: there is no time left.
        OSError: the server does not go on.
    """
    if seconds <= 0:
        raise TimeoutError
    connection.settimeout(seconds)
    connection.sendall(outgoing.read())
    answer = connection.recv(_CHUNK_BYTES)
    if not answer:
        raise ConnectionResetError("it closed the connection")
    incoming.write(answer)


def _context() -> ssl.SSLContext:
    """Returns what asks any server, however old: an expired or weak certificate is what one wants to see."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Nothing is sent over the connection and nothing that comes from it is trusted: the caller MUST NOT either.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context
