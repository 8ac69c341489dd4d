"""Addresses that somebody else chose: what is fetched, and what never is.

The servers are real and on loopback. `resolve` says which address a name has, `connect` leads from that address to the
server: what is told apart here is the address that certkit decided to connect to.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

import pytest
from cryptography import x509

from certkit import limits
from certkit.errors import InputUnreadableError
from certkit.sources.address import is_public
from certkit.sources.web import Web
from certkit.sources.wire import connect
from tests.issuing import Request, ca_request, self_signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.issuing import Issued

PUBLIC: Final = "93.184.215.14"
OTHER_PUBLIC: Final = "2600:1406::17"
SOON: Final = 0.3
"""The deadline where one is to pass, in seconds."""

LATE: Final = 30.0
"""Seconds after which a deadline was none, on a machine however busy: the server never ends."""


@dataclass(slots=True)
class Net:
    """A network of one server, and what was asked of it.

    Attributes:
        port: where the server listens on loopback.
        names: the addresses of each name.
        resolved: the names that were resolved, in order.
        connected: the addresses and ports that were connected to, in order.
        requests: what the server was sent.
    """

    port: int
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)

    def web(self, *, allows_private: bool = False, seconds: float = 5.0) -> Web:
        """What fetches from this network."""
        return Web(allows_private=allows_private, seconds=seconds, resolve=self.resolve, connect=self.connect)

    def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Resolves as `names` says, an address to itself."""
        assert port in {80, 443}
        self.resolved.append(host)
        try:
            return (str(ip_address(host)),)
        except ValueError:
            return self.names.get(host, (PUBLIC,))

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        """Connects to the server, whatever the address."""
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)


@contextmanager
def network(serve: Callable[[socket.socket], None], *, reads: bool = True) -> Iterator[Net]:
    """Runs a server that hands each connection to `serve`, its request read, unless that is not text."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        net = Net(listener.getsockname()[1])
        thread = threading.Thread(target=_accept, args=(listener, net, serve, reads))
        thread.start()
        try:
            yield net
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(listener: socket.socket, net: Net, serve: Callable[[socket.socket], None], reads: bool) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            try:
                if reads:
                    net.requests.append(connection.recv(65_536))
                serve(connection)
            except OSError:
                continue


def answering(*answers: bytes) -> Callable[[socket.socket], None]:
    """A server that gives one answer after the other, the last one again and again."""
    left = list(answers)

    def serve(connection: socket.socket) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return serve


def trickling(start: bytes, again: bytes) -> Callable[[socket.socket], None]:
    """A server that sends a little, and a little more, and never ends of itself."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(start)
        connection.settimeout(0.02)
        while True:
            connection.sendall(again)
            try:
                if not connection.recv(1):
                    return
            except TimeoutError:
                continue

    return serve


def ok(body: bytes) -> bytes:
    """An answer with a body."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def redirect(location: str, status: int = 302) -> bytes:
    """An answer that sends elsewhere."""
    return f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def test_what_stands_at_a_public_address_is_fetched() -> None:
    with network(answering(ok(b"certificate"))) as net:
        body = net.web().fetch("http://ca.example/issuing.crt?v=2")

    assert body == b"certificate"
    assert net.connected == [(PUBLIC, 80)]
    assert net.requests[0].startswith(b"GET /issuing.crt?v=2 HTTP/1.1\r\n")
    assert b"\r\nHost: ca.example\r\n" in net.requests[0]


def test_a_body_that_ends_with_its_connection_is_fetched() -> None:
    with network(answering(b"HTTP/1.0 200 OK\r\n\r\ncertificate")) as net:
        body = net.web().fetch("http://ca.example/")

    assert body == b"certificate"


def test_a_body_in_chunks_is_fetched() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ncert\r\n7\r\nificate\r\n0\r\n\r\n"

    with network(answering(chunked)) as net:
        body = net.web().fetch("http://ca.example/")

    assert body == b"certificate"


INSIDE: Final = (
    "0.0.0.0",  # noqa: S104 -- refused, not bound
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.8.8",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "::ffff:10.1.2.3",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b:1::a9fe:a9fe",
    "64:ff9b::10.1.2.3",
    "64:ff9b::169.254.169.254",
    "2001:0:7f00:1::",
    "2001:0:5ef5:79fb:0:0:5601:5601",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2002:c0a8:101::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
)
"""Loopback, private, link-local and shared addresses, multicast, the platform's own, and IPv6 forms that hide such a one."""


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_of_an_address_inside_a_network_is_refused_before_anything_is_sent(address: str) -> None:
    with network(answering(ok(b"secret"))) as net:
        net.names["ca.example"] = (address,)

        with pytest.raises(InputUnreadableError, match="inside a private network"):
            net.web().fetch("http://ca.example/")

    assert net.connected == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::ffff:7f00:1]/"]
)
def test_an_address_inside_a_network_is_refused_where_it_stands_in_the_url_itself(url: str) -> None:
    with (
        network(answering(ok(b"secret"))) as net,
        pytest.raises(InputUnreadableError, match="inside a private network"),
    ):
        net.web().fetch(url)

    assert net.connected == []


@pytest.mark.parametrize(
    "address", [PUBLIC, OTHER_PUBLIC, "::ffff:93.184.215.14", "64:ff9b::5db8:d70e", "2002:5db8:d70e::1"]
)
def test_an_address_that_everyone_reaches_is_public_in_every_form(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("addresses", [(PUBLIC, "10.1.2.3"), ("10.1.2.3", PUBLIC), (OTHER_PUBLIC, "::1")])
def test_a_name_with_one_public_and_one_private_address_is_refused(addresses: tuple[str, ...]) -> None:
    with network(answering(ok(b"secret"))) as net:
        net.names["ca.example"] = addresses

        with pytest.raises(InputUnreadableError, match="inside a private network"):
            net.web().fetch("http://ca.example/")

    assert net.connected == []


def test_a_private_address_is_fetched_from_where_that_is_allowed() -> None:
    with network(answering(ok(b"certificate"))) as net:
        net.names["ca.internal"] = ("10.1.2.3",)

        body = net.web(allows_private=True).fetch("http://ca.internal/")

    assert body == b"certificate"
    assert net.connected == [("10.1.2.3", 80)]


def test_loopback_itself_is_reached_where_private_addresses_are_allowed() -> None:
    with network(answering(ok(b"certificate"))) as net:

        def to_the_server(address: str, port: int, seconds: float) -> socket.socket:
            assert (address, port) == ("127.0.0.1", 80)
            return socket.create_connection((address, net.port), timeout=seconds)

        body = Web(allows_private=True, connect=to_the_server).fetch("http://127.0.0.1/")

    assert body == b"certificate"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(status: int) -> None:
    with network(answering(redirect("//other.example/a", status), redirect("b?c"), ok(b"certificate"))) as net:
        body = net.web().fetch("http://ca.example/")

    assert body == b"certificate"
    assert net.resolved == ["ca.example", "other.example", "other.example"]
    assert b"GET /b?c " in net.requests[-1]


def test_more_than_three_redirects_are_too_many() -> None:
    with network(answering(redirect("/again"))) as net, pytest.raises(InputUnreadableError, match="more than 3 times"):
        net.web().fetch("http://ca.example/")

    assert len(net.requests) == 4


@pytest.mark.parametrize("address", INSIDE)
def test_a_redirect_into_a_network_is_refused(address: str) -> None:
    host = address.partition("%")[0]
    location = f"http://[{host}]/" if ":" in host else f"http://{host}/"

    with network(answering(redirect(location), ok(b"secret"))) as net, pytest.raises(InputUnreadableError):
        net.web().fetch("http://ca.example/")

    assert net.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://ca.example/", "http://user@ca.example/", "http://ca.example:22/"]
)
def test_a_redirect_to_what_is_not_fetched_is_refused(location: str) -> None:
    with network(answering(redirect(location))) as net, pytest.raises(InputUnreadableError, match="is not fetched"):
        net.web().fetch("http://ca.example/")

    assert len(net.connected) == 1


@pytest.mark.parametrize("location", ["http://[::1", "//[", "http://[v1.x]:x/"])
def test_a_redirect_to_what_is_no_address_at_all_is_refused(location: str) -> None:
    with network(answering(redirect(location))) as net, pytest.raises(InputUnreadableError, match="is no address"):
        net.web().fetch("http://ca.example/")

    assert len(net.connected) == 1


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://ca.example/issuing.crt",
        "gopher://ca.example/",
        "ldap://ca.example/cn=issuing?cACertificate",
        "data:,certificate",
        "//ca.example/",
        "ca.example",
        "",
        "http:///issuing.crt",
        "http://user@ca.example/",
        "http://user:word@ca.example/",
        "http://:word@ca.example/",
        "http://@ca.example/",
        "http://public.example\\@127.0.0.1/",
        "http://ca.example:22/",
        "http://ca.example:443/",
        "https://ca.example:80/",
        "http://ca.example:0/",
        "http://ca.example:8080/",
        "http://ca.example:99999/",
        "http://[::1/",
        "http://ca.example/\r\nX-Injected: 1",
        "http://ca.example/\tissuing.crt",
        "http://ca.exa\nmple/",
        "http://ca.example/\0",
        "http://ca.example/\x7f",
        "http://ca.example/käse",
        "http://ca。example/",
    ],
)
def test_an_address_of_another_kind_is_not_even_resolved(url: str) -> None:
    with network(answering(ok(b"secret"))) as net, pytest.raises(InputUnreadableError):
        net.web().fetch(url)

    assert (net.resolved, net.connected) == ([], [])


def test_a_blank_in_an_address_is_no_way_into_the_request() -> None:
    with network(answering(ok(b"secret"))) as net, pytest.raises(InputUnreadableError):
        net.web().fetch("http://ca.example/ HTTP/1.1 x")

    assert all(not request for request in net.requests)


def test_a_name_that_changes_its_address_is_connected_to_at_the_one_that_was_checked() -> None:
    answers = iter([(PUBLIC,), ("169.254.169.254",)])

    with network(answering(ok(b"certificate"))) as net:
        web = Web(resolve=lambda *_: next(answers), connect=net.connect)

        body = web.fetch("http://rebinding.example/")

    assert body == b"certificate"
    assert net.connected == [(PUBLIC, 80)]
    assert list(answers) == [("169.254.169.254",)]


def test_a_name_is_resolved_and_checked_again_after_a_redirect_to_itself() -> None:
    answers = iter([(PUBLIC,), ("169.254.169.254",)])

    with network(answering(redirect("/again"))) as net:
        web = Web(resolve=lambda *_: next(answers), connect=net.connect)

        with pytest.raises(InputUnreadableError, match="inside a private network"):
            web.fetch("http://rebinding.example/")

    assert net.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("addresses", [(), ("no address",)])
def test_a_name_without_an_address_cannot_be_fetched(addresses: tuple[str, ...]) -> None:
    web = Web(resolve=lambda *_: addresses)

    with pytest.raises(InputUnreadableError, match=r"ca\.example does not resolve"):
        web.fetch("http://ca.example/")


def test_a_resolver_that_fails_is_told_as_such() -> None:
    def fail(*_: object) -> tuple[str, ...]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(InputUnreadableError, match=r"ca\.example does not resolve"):
        Web(resolve=fail).fetch("http://ca.example/")


@pytest.mark.parametrize("status", [204, 304, 401, 404, 500])
def test_any_other_status_is_no_answer(status: int) -> None:
    answer = b"HTTP/1.1 %d Other\r\nContent-Length: 0\r\n\r\n" % status

    with network(answering(answer)) as net, pytest.raises(InputUnreadableError, match=f"status {status}"):
        net.web().fetch("http://ca.example/")


def test_a_redirect_to_nowhere_is_no_answer() -> None:
    with (
        network(answering(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")) as net,
        pytest.raises(InputUnreadableError, match="status 302"),
    ):
        net.web().fetch("http://ca.example/")


def test_a_body_of_the_largest_size_is_fetched_whole() -> None:
    with network(answering(ok(b"x" * limits.MAX_FETCHED_BYTES))) as net:
        body = net.web().fetch("http://ca.example/")

    assert len(body) == limits.MAX_FETCHED_BYTES


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n",
    ],
)
def test_a_body_without_end_is_cut_at_the_limit(start: bytes) -> None:
    sent = []

    def serve(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            sent.append(connection.send(b"x" * 65_536))

    with network(serve) as net, pytest.raises(InputUnreadableError, match="cannot be fetched"):
        net.web(seconds=30).fetch("http://ca.example/")

    assert limits.MAX_FETCHED_BYTES < sum(sent) < 100 * limits.MAX_FETCHED_BYTES


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"1" * 100_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\x15\x03\x01\0\x02\x02\x46",
        b"",
    ],
)
def test_an_answer_that_is_none_or_breaks_off_cannot_be_fetched(answer: bytes) -> None:
    with network(answering(answer)) as net, pytest.raises(InputUnreadableError, match="cannot be fetched"):
        net.web().fetch("http://ca.example/")


@pytest.mark.parametrize(
    ("start", "again"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_an_answer_that_trickles_in_ends_at_the_deadline(start: bytes, again: bytes) -> None:
    with network(trickling(start, again)) as net:
        began = time.monotonic()

        with pytest.raises(InputUnreadableError, match="cannot be fetched"):
            net.web(seconds=SOON).fetch("http://ca.example/")

    assert SOON <= time.monotonic() - began < LATE


def test_a_server_that_says_nothing_is_left_at_the_deadline() -> None:
    with network(trickling(b"", b"")) as net:
        began = time.monotonic()

        with pytest.raises(InputUnreadableError, match="cannot be fetched"):
            net.web(seconds=SOON).fetch("http://ca.example/")

    assert time.monotonic() - began < LATE


def test_a_handshake_that_does_not_end_is_left_at_the_deadline() -> None:
    with network(trickling(b"", b"\x16")) as net:
        began = time.monotonic()

        with pytest.raises(InputUnreadableError, match="cannot be fetched"):
            net.web(seconds=SOON).fetch("https://ca.example/")

    assert time.monotonic() - began < LATE


def test_redirects_share_one_deadline() -> None:
    def serve(connection: socket.socket) -> None:
        connection.settimeout(SOON / 2)
        try:
            connection.recv(1)
        except TimeoutError:
            connection.sendall(redirect("/again"))

    with network(serve) as net, pytest.raises(InputUnreadableError, match="cannot be fetched"):
        net.web(seconds=SOON).fetch("http://ca.example/")

    assert len(net.requests) < 4


def test_a_server_that_refuses_the_connection_cannot_be_fetched_from() -> None:
    with network(answering(b"")) as net:
        pass

    with pytest.raises(InputUnreadableError, match="cannot be fetched: connection refused"):
        net.web().fetch("http://ca.example/")


def over_tls(
    folder: Path, issued: Issued, serve_inside: Callable[[socket.socket], None]
) -> Callable[[socket.socket], None]:
    """The same server speaking TLS with this certificate."""
    (folder / "server.pem").write_bytes(issued.pem + issued.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(65_536)
            serve_inside(secured)

    return serve


def fetch_over_tls(folder: Path, issued: Issued, trust: Callable[[], ssl.SSLContext]) -> bytes:
    """Fetches from `secure.example`, which shows this certificate."""
    with network(over_tls(folder, issued, answering(ok(b"certificate"))), reads=False) as net:
        return replace(net.web(), trust=trust).fetch("https://secure.example/")


def trusting(authority: Issued) -> Callable[[], ssl.SSLContext]:
    """Trust in this CA alone."""
    return lambda: ssl.create_default_context(cadata=authority.pem.decode())


def server(name: str = "secure.example", *, not_after: datetime = datetime(2049, 1, 1, tzinfo=UTC)) -> Issued:
    """The certificate of a server, by a CA that only a test trusts."""
    # The key identifiers are what Python 3.13 and later ask for.
    own = x509.SubjectKeyIdentifier(b"authority")
    issuers = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)
    authority = self_signed(replace(ca_request("A CA that only a test trusts"), extensions=(own,)))
    names = Request(sans=(name,), key=("EC_prime256v1", 9), extensions=(issuers,))
    return authority.issue(replace(names, not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=not_after))


def test_an_https_server_with_a_trusted_certificate_is_fetched_from(tmp_path: Path) -> None:
    issued = server()

    body = fetch_over_tls(tmp_path, issued, trusting(issued.issuers[-1]))

    assert body == b"certificate"


def test_an_https_server_whose_certificate_the_system_does_not_trust_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputUnreadableError, match="own certificate is not trusted"):
        fetch_over_tls(tmp_path, server(), Web().trust)


def test_an_https_server_whose_certificate_is_for_another_name_is_refused(tmp_path: Path) -> None:
    issued = server("other.example")

    with pytest.raises(InputUnreadableError, match="own certificate is not trusted"):
        fetch_over_tls(tmp_path, issued, trusting(issued.issuers[-1]))


def test_an_https_server_whose_certificate_has_expired_is_refused(tmp_path: Path) -> None:
    issued = server(not_after=datetime(2021, 1, 1, tzinfo=UTC))

    with pytest.raises(InputUnreadableError, match="own certificate is not trusted"):
        fetch_over_tls(tmp_path, issued, trusting(issued.issuers[-1]))


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_over_tls_that_trickles_in_ends_at_the_deadline(tmp_path: Path, start: bytes) -> None:
    issued = server()

    with network(over_tls(tmp_path, issued, trickling(start, b"x")), reads=False) as net:
        web = replace(net.web(seconds=SOON), trust=trusting(issued.issuers[-1]))
        began = time.monotonic()

        with pytest.raises(InputUnreadableError, match="cannot be fetched"):
            web.fetch("https://secure.example/")

    assert SOON <= time.monotonic() - began < LATE


def test_a_connection_is_made_to_the_address_and_bounded_from_its_start() -> None:
    with network(answering(b"")) as net, connect("127.0.0.1", net.port, 5.0) as connection:
        assert connection.getpeername() == ("127.0.0.1", net.port)
        assert connection.gettimeout() == 5.0


def test_the_system_resolver_is_asked_where_nothing_else_is_said() -> None:
    with pytest.raises(InputUnreadableError, match="inside a private network"):
        Web().fetch("http://localhost/")
