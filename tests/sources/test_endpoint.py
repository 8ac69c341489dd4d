"""Tests of what an endpoint serves, on TLS servers of this machine."""

from __future__ import annotations

import socket
import ssl
from itertools import count
from threading import Semaphore
from typing import TYPE_CHECKING, Final

import pytest

from certkit import formats
from certkit.errors import InputUnreadableError, UsageError
from certkit.password import Passwords
from certkit.sources import endpoint
from certkit.sources.endpoint import Endpoint
from tests.cli.bundles import EXPIRED, shop
from tests.cli.running import certkit
from tests.issuing import ca_request, make_root
from tests.sources.serving import server_context, tcp_server, tls_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHOP: Final = shop()
OTHER: Final = make_root().issue(ca_request("Another Issuing CA", key=("EC_prime256v1", 50)))
LOOPBACK: Final = "127.0.0.1"


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize(
    ("chain", "sent"),
    [
        (b"", [SHOP.der]),
        (SHOP.chain_pem, [SHOP.der, SHOP.issuers[0].der]),
        (OTHER.pem + SHOP.chain_pem, [SHOP.der, OTHER.der, SHOP.issuers[0].der]),
        (SHOP.pem, [SHOP.der, SHOP.der]),
    ],
    ids=["alone", "with its chain", "with another's chain", "twice"],
)
def test_the_certificates_are_seen_as_they_are_sent(tmp_path: Path, chain: bytes, sent: list[bytes]) -> None:
    with tls_server(tmp_path, SHOP, chain=chain) as server:
        served = endpoint.look(Endpoint(LOOPBACK, server.port))

    assert list(served.certificates) == sent
    assert (served.protocol, served.cipher[:4]) == ("TLSv1.3", "TLS_")


def test_tls_1_2_is_spoken_too(tmp_path: Path) -> None:
    with tls_server(tmp_path, SHOP, newest=ssl.TLSVersion.TLSv1_2) as server:
        served = endpoint.look(Endpoint(LOOPBACK, server.port))

    assert (served.protocol, len(served.certificates)) == ("TLSv1.2", 2)


def test_an_expired_certificate_is_seen(tmp_path: Path) -> None:
    expired = shop(EXPIRED)
    with tls_server(tmp_path, expired) as server:
        assert endpoint.fetch(Endpoint(LOOPBACK, server.port)) == expired.der


def test_the_server_is_asked_for_the_host_by_its_name(tmp_path: Path) -> None:
    with tls_server(tmp_path, SHOP) as server:
        endpoint.look(endpoint.parse(server.source))
        endpoint.look(Endpoint(LOOPBACK, server.port))

    assert server.names == ["localhost", None]


def test_one_of_several_addresses_is_asked_for_the_host_by_its_name(tmp_path: Path) -> None:
    with tls_server(tmp_path, SHOP) as server:
        served = endpoint.look(Endpoint("shop.example.com", 443), at=(LOOPBACK, server.port))

    assert served.certificates[0] == SHOP.der
    assert server.names == ["shop.example.com"]


def test_a_server_that_asks_for_a_certificate_of_the_client_shows_its_own(tmp_path: Path) -> None:
    with tls_server(tmp_path, SHOP, client_ca=SHOP.issuers[-1]) as server:
        assert endpoint.fetch(Endpoint(LOOPBACK, server.port)) == SHOP.der


def test_what_is_served_reads_as_a_bundle_with_a_note(tmp_path: Path) -> None:
    with tls_server(tmp_path, SHOP) as server:
        contents = formats.read(endpoint.read(server.source), Passwords())

    assert [entry.der for entry in contents.certificates] == [SHOP.der, SHOP.issuers[0].der]
    assert (contents.format, contents.keys) == ("endpoint", ())
    (note,) = contents.notes
    assert note.startswith("endpoint: served over TLSv1.3 with TLS_")
    assert note.endswith(", certificates: 2; nothing of it was verified")


def test_the_leaf_is_what_the_server_sends_first_whatever_comes_with_it(tmp_path: Path) -> None:
    with tls_server(tmp_path, SHOP, chain=OTHER.pem) as server:
        done = certkit("inspect", server.source, "--format", "json")

    (bundle,) = done.document["bundles"]
    assert bundle["leaf"]["sha256"] == SHOP.sha256
    assert [other["sha256"] for other in bundle["others"]] == [OTHER.sha256]
    assert (bundle["chain"], bundle["complete"]) == ([], False)


def test_a_chain_in_the_wrong_order_is_a_finding(tmp_path: Path) -> None:
    with tls_server(tmp_path, SHOP, chain=SHOP.issuers[-1].pem + SHOP.chain_pem) as server:
        done = certkit("validate", server.source, "--certificates-only", "--format", "json")

    (result,) = done.document["results"]
    assert "chain-reordered" in [finding["rule"] for finding in result["findings"]]


def test_of_an_endpoint_the_certificates_are_split_and_no_key(tmp_path: Path) -> None:
    with tls_server(tmp_path, SHOP) as server:
        done = certkit("split", server.source, "--certificates-only", "--out", tmp_path / "out")
        without = certkit("split", server.source, "--out", tmp_path / "other", "--format", "json")

    assert done.exit_code == 0
    assert (tmp_path / "out" / "cert_body.pem").read_bytes() == SHOP.pem
    assert (without.exit_code, without.error_code) == (3, "no-key")
    assert not (tmp_path / "other").exists()


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")
def test_an_address_of_ipv6_is_reached(tmp_path: Path) -> None:
    with tls_server(tmp_path, SHOP, host="::1") as server:
        assert endpoint.fetch(endpoint.parse(f"https://[::1]:{server.port}")) == SHOP.der


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda connection: connection.recv(9), "it cannot be reached: "),
        (
            lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.9\r\n"),
            "the TLS handshake failed: what it answers is no TLS",
        ),
        (
            lambda connection: connection.sendall(b"\x15\x03\x01\x00\x02\x02\x28"),
            "the TLS handshake failed: the server ends it with the alert handshake failure",
        ),
        (
            lambda connection: connection.sendall(b"\x15\x03\x01\x00\x02\x02\x46"),
            "the TLS handshake failed: the server ends it with the alert protocol version",
        ),
        (lambda connection: connection.sendall(b"\x16\x03\x01\xff\xff" + bytes(9)), "the TLS handshake failed: "),
        (lambda connection: connection.sendall(b"\x15\x03\x01\x00\x02\x01\x00"), "the TLS handshake failed: "),
    ],
    ids=["closed", "another protocol", "an alert", "another alert", "too long a record", "goodbye"],
)
def test_a_server_that_shows_no_certificate_is_said(answer: Callable[[socket.socket], object], message: str) -> None:
    with tcp_server(answer) as port, pytest.raises(InputUnreadableError) as caught:
        endpoint.look(Endpoint(LOOPBACK, port))

    assert caught.value.message.startswith(message)


@pytest.mark.parametrize("reaction", [ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME, ssl.ALERT_DESCRIPTION_INTERNAL_ERROR])
def test_a_server_that_insists_on_a_name_says_so_to_who_has_none(tmp_path: Path, reaction: int) -> None:
    context = server_context(tmp_path, SHOP)
    context.sni_callback = lambda _, name, __: None if name else reaction

    def answer(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True).close()

    with tcp_server(answer) as port:
        named = endpoint.look(Endpoint("shop.example.com", 443), at=(LOOPBACK, port))
        with pytest.raises(InputUnreadableError) as caught:
            endpoint.look(Endpoint(LOOPBACK, port))

    assert named.certificates[0] == SHOP.der
    assert caught.value.message.startswith("the TLS handshake failed: the server ends it with the alert ")
    assert caught.value.hint == "an address asks for no name (SNI), which some servers insist on: name the host instead"


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with (
        tcp_server(lambda connection: [connection.recv(65_536), connection.recv(1)]) as port,
        pytest.raises(InputUnreadableError, match=r"^no answer within 0\.1 s$"),
    ):
        endpoint.look(Endpoint(LOOPBACK, port), seconds=0.1)


def test_a_server_that_dribbles_gains_no_time_by_it() -> None:
    ticks, looks = count(), Semaphore(0)

    def clock() -> float:
        looks.release()
        return float(next(ticks))

    def dribble(connection: socket.socket) -> None:
        connection.recv(65_536)
        for octet in b"\x16\x03\x03\x40\x00" + bytes(100):
            looks.acquire(timeout=10)
            connection.sendall(bytes([octet]))

    with tcp_server(dribble) as port:
        with pytest.raises(InputUnreadableError, match=r"^no answer within 5 s$"):
            endpoint.look(Endpoint(LOOPBACK, port), clock, seconds=5.0)
        looks.release(200)  # the server need not wait for looks that do not come

    assert next(ticks) < 10


def test_a_port_where_nobody_listens_is_said() -> None:
    with socket.create_server((LOOPBACK, 0)) as free:
        port = free.getsockname()[1]

    done = certkit("inspect", f"https://{LOOPBACK}:{port}", "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "input-unreadable")
    assert done.document["error"]["message"] == f"https://{LOOPBACK}:{port}: it cannot be reached: connection refused"


@pytest.mark.parametrize(
    ("source", "parsed"),
    [
        ("https://shop.example.com", Endpoint("shop.example.com", 443)),
        ("https://Shop.Example.com:8443/", Endpoint("shop.example.com", 8443)),
        ("https://bücher.example", Endpoint("xn--bcher-kva.example", 443)),
        ("https://[2001:db8::1]", Endpoint("2001:db8::1", 443)),
    ],
)
def test_an_endpoint_is_a_host_and_a_port(source: str, parsed: Endpoint) -> None:
    assert endpoint.parse(source) == parsed


@pytest.mark.parametrize(
    "source",
    [
        "https://",
        "https://:443",
        "https://shop.example.com/path",
        "https://shop.example.com?query",
        "https://user@shop.example.com",
        "https://shop.example.com:0x50",
        "https://shop.example.com:99999",
        "https://[::1",
        "https://" + "a" * 64 + ".example",
        "https://\udcff.example",
    ],
)
def test_what_is_no_endpoint_is_a_usage_error(source: str) -> None:
    with pytest.raises(UsageError, match=r"^it is no endpoint$"):
        endpoint.parse(source)


@pytest.mark.parametrize(
    ("text", "port", "parsed"),
    [
        ("shop.example.com", None, Endpoint("shop.example.com", 443)),
        ("Shop.Example.com.:8443", None, Endpoint("shop.example.com", 8443)),
        ("https://shop.example.com", None, Endpoint("shop.example.com", 443)),
        ("[2001:db8::1]:8443", None, Endpoint("2001:db8::1", 8443)),
        ("192.0.2.1", 8443, Endpoint("192.0.2.1", 8443)),
        ("192.0.2.1:443", 8443, Endpoint("192.0.2.1", 443)),
    ],
)
def test_a_host_is_written_with_and_without_a_port(text: str, port: int | None, parsed: Endpoint) -> None:
    assert endpoint.parse_host(text, port) == parsed


@pytest.mark.parametrize("text", ["", "2001:db8::1", "http://shop.example.com", "shop.example.com/x", "a..b", ":443"])
def test_what_is_no_host_with_a_port_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match=r" is no endpoint$"):
        endpoint.parse_host(text)
