"""Tests of what is said before TLS begins, against small servers that say what the RFCs have, and others that do not."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from certkit.errors import InputUnreadableError
from certkit.sources import endpoint
from certkit.sources.endpoint import Endpoint
from certkit.sources.starttls import PORTS, Protocol
from tests.issuing import make_chain
from tests.sources.serving import server_context, tcp_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.issuing import Issued

SHOP: Final[Issued] = make_chain()
LOOPBACK: Final = "127.0.0.1"
LDAP: Final = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"
OFFERS: Final = b"250-mail.example.com\r\n250-SIZE 1000\r\n250-StartTLS\r\n250 8BITMIME\r\n"

TALKS: Final[dict[Protocol, tuple[bytes, ...]]] = {
    Protocol.SMTP: (
        b"220-mail.example.com\r\n220 ready\r\n",
        b"EHLO [127.0.0.1]\r\n",
        OFFERS,
        b"STARTTLS\r\n",
        b"220 go ahead\r\n",
    ),
    Protocol.IMAP: (b"* OK ready\r\n", b"a1 STARTTLS\r\n", b"* CAPABILITY IMAP4rev2\r\na1 OK begin\r\n"),
    Protocol.POP3: (b"+OK ready\r\n", b"STLS\r\n", b"+OK begin\r\n"),
    Protocol.FTP: (b"220-hello\r\n whoever you are\r\n220 ready\r\n", b"AUTH TLS\r\n", b"234 begin\r\n"),
    Protocol.LDAP: (b"", LDAP, b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"),
    Protocol.POSTGRES: (b"", b"\x00\x00\x00\x08\x04\xd2\x16\x2f", b"S"),
}
"""What a server says first, what it is then told, what it says to that, and so on."""

LONG_FORMS: Final = b"\x30\x84\x00\x00\x00\x10\x02\x01\x01\x78\x84\x00\x00\x00\x07\x0a\x01\x00\x04\x00\x04\x00"
"""The answer of a directory server that writes every length in four octets, as Active Directory does."""


def play(connection: socket.socket, parts: Sequence[bytes]) -> list[bytes]:
    """Says every other part, and returns what was said in between."""
    heard = []
    for number, part in enumerate(parts):
        if number % 2:
            heard.append(connection.recv(len(part), socket.MSG_WAITALL))
        elif part:
            connection.sendall(part)
    return heard


@contextmanager
def server(folder: Path, *parts: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Plays the parts and then begins TLS; yields the port and what it was told."""
    context, heard = server_context(folder, SHOP), list[bytes]()

    def answer(connection: socket.socket) -> None:
        heard.extend(play(connection, parts))
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with tcp_server(answer) as port:
        yield port, heard


def look(port: int, protocol: Protocol, seconds: float = 5.0) -> endpoint.Served:
    """Looks at the server of this machine."""
    return endpoint.look(Endpoint("shop.example.com", 1), seconds=seconds, at=(LOOPBACK, port), protocol=protocol)


@pytest.mark.parametrize("protocol", Protocol)
def test_each_protocol_is_spoken_up_to_tls(tmp_path: Path, protocol: Protocol) -> None:
    parts = TALKS[protocol]
    with server(tmp_path, *parts) as (port, heard):
        served = look(port, protocol)

    assert served.certificates[0] == SHOP.der
    assert heard == list(parts[1::2])


def test_lengths_of_four_octets_are_read(tmp_path: Path) -> None:
    with server(tmp_path, b"", LDAP, LONG_FORMS) as (port, _):
        assert look(port, Protocol.LDAP).certificates[0] == SHOP.der


@pytest.mark.parametrize(
    ("protocol", "parts", "message"),
    [
        (Protocol.SMTP, (b"554 go away\r\n",), "it answers '554 go away', where smtp has '220' before TLS begins"),
        (Protocol.SMTP, (*TALKS[Protocol.SMTP][:2], b"250 HELP\r\n"), "it offers no STARTTLS"),
        (
            Protocol.SMTP,
            (*TALKS[Protocol.SMTP][:4], b"454 not now\r\n"),
            "it answers '454 not now', where smtp has '220' before TLS begins",
        ),
        (Protocol.IMAP, (b"* BYE\r\n",), "it answers '* BYE', where imap has '* OK' before TLS begins"),
        (
            Protocol.IMAP,
            (b"* OK\r\n", b"a1 STARTTLS\r\n", b"a1 BAD no\r\n"),
            "it answers 'a1 BAD no', where imap has 'a1 OK' before TLS begins",
        ),
        (Protocol.POP3, (b"-ERR\r\n",), "it answers '-ERR', where pop3 has '+OK' before TLS begins"),
        (
            Protocol.FTP,
            (b"220 ready\r\n", b"AUTH TLS\r\n", b"502 what?\r\n"),
            "it answers '502 what?', where ftp has '234' before TLS begins",
        ),
        (
            Protocol.LDAP,
            (b"", LDAP, b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x34\x04\x00\x04\x00"),
            "it refuses StartTLS with the result code 52 of ldap",
        ),
        (Protocol.LDAP, (b"", LDAP, b"HTTP/1.1 400 Bad Request\r\n"), "it does not speak ldap"),
        (Protocol.LDAP, (b"", LDAP, b"\x30\x80\x02\x01\x01\x00\x00"), "it does not speak ldap"),
        (Protocol.LDAP, (b"", LDAP, b"\x30\x05\x02\x01\x01\x61\x00"), "it does not speak ldap"),
        (Protocol.POSTGRES, (b"", TALKS[Protocol.POSTGRES][1], b"N"), "it does not speak TLS, or not postgres"),
        (
            Protocol.SMTP,
            (b"\x1b[31m\xe2\x80\xae\r\n",),
            "it answers '\\x1b[31m\\xe2\\x80\\xae', where smtp has '220' before TLS begins",
        ),
    ],
)
def test_what_does_not_come_to_tls_is_said_in_a_line(
    protocol: Protocol, parts: tuple[bytes, ...], message: str
) -> None:
    with tcp_server(lambda connection: play(connection, parts)) as port, pytest.raises(InputUnreadableError) as caught:
        look(port, protocol)

    assert caught.value.message == message


@pytest.mark.parametrize(
    ("protocol", "told", "endless"),
    [
        (Protocol.SMTP, 0, b"a" * 4_096),
        (Protocol.SMTP, 0, b"220-more\r\n"),
        (Protocol.IMAP, 2, b"* more\r\n"),
        (Protocol.FTP, 0, b"220-more\r\n"),
        (Protocol.LDAP, 2, b"\x30\x84\x7f\xff\xff\xff"),
        (Protocol.LDAP, 2, b"\x30\xff" + b"\xff" * 127),
    ],
    ids=["a line", "a greeting", "untagged lines", "another greeting", "a large message", "a huge message"],
)
def test_what_has_no_end_is_not_listened_to_for_ever(protocol: Protocol, told: int, endless: bytes) -> None:
    def answer(connection: socket.socket) -> None:
        play(connection, TALKS[protocol][:told])
        while True:
            connection.sendall(endless)

    with tcp_server(answer) as port, pytest.raises(InputUnreadableError) as caught:
        look(port, protocol)

    assert caught.value.message == "it says more than 65,536 bytes before TLS begins"


@pytest.mark.parametrize("protocol", Protocol)
def test_plain_text_behind_the_go_ahead_is_refused(protocol: Protocol) -> None:
    parts = [*TALKS[protocol][:-1], TALKS[protocol][-1] + b"* injected\r\n"]
    with tcp_server(lambda connection: play(connection, parts)) as port, pytest.raises(InputUnreadableError) as caught:
        look(port, protocol)

    assert caught.value.message == "it goes on in plain text after it has agreed to TLS"


@pytest.mark.parametrize("protocol", [Protocol.SMTP, Protocol.LDAP])
def test_who_says_nothing_is_not_waited_for(protocol: Protocol) -> None:
    with (
        tcp_server(lambda connection: connection.recv(65_536) and connection.recv(1)) as port,
        pytest.raises(InputUnreadableError, match=r"^no answer within 0\.1 s$"),
    ):
        look(port, protocol, seconds=0.1)


def test_who_hangs_up_is_said() -> None:
    with (
        tcp_server(lambda connection: connection.sendall(b"22")) as port,
        pytest.raises(InputUnreadableError, match=r"^it cannot be reached: "),
    ):
        look(port, Protocol.SMTP)


def test_tls_that_fails_afterwards_is_said(tmp_path: Path) -> None:
    parts = (*TALKS[Protocol.POP3], b"", b"")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # has no certificate to show

    def answer(connection: socket.socket) -> None:
        play(connection, parts[:3])
        context.wrap_socket(connection, server_side=True)

    with tcp_server(answer) as port, pytest.raises(InputUnreadableError) as caught:
        look(port, Protocol.POP3)

    assert caught.value.message == "the TLS handshake failed: the server ends it with the alert handshake failure"
    assert not list(tmp_path.iterdir())


def test_every_protocol_has_a_port() -> None:
    assert set(PORTS) == set(Protocol)
