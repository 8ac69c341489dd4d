"""STARTTLS: what is said in plain text before TLS begins, by each protocol as its RFC has it.

Just enough is spoken to come to the handshake: nobody logs in. What a server says is bounded, in length and in time. What
it sends after its go-ahead somebody in between may have put there, and is refused: https://nostarttls.secvuln.info.
"""

import socket
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Never

from certkit.errors import InputUnreadableError

_MAX_BYTES: Final = 65_536
"""All that a server may say before TLS: an SMTP line has 512 octets (RFC 5321, 4.5.3.1.5), and greetings some lines."""

_MAX_SHOWN: Final = 120
"""Characters of what a server says that stand in a message."""

_TAG: Final = b"a1"
_LDAP_REQUEST: Final = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"
"""An ExtendedRequest, the first message: RFC 4511, 4.12 and 4.14.1."""

_SEQUENCE: Final = 0x30
_EXTENDED_RESPONSE: Final = 0x78
_MANY_OCTETS: Final = 0x80
"""The bit in a length that says that octets follow which hold it (X.690, 8.1.3.5)."""

_POSTGRES_REQUEST: Final = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""SSLRequest: https://www.postgresql.org/docs/current/protocol-message-formats.html."""


class Protocol(StrEnum):
    """What begins in plain text."""

    SMTP = "smtp"
    IMAP = "imap"
    POP3 = "pop3"
    FTP = "ftp"
    LDAP = "ldap"
    POSTGRES = "postgres"


PORTS: Final[Mapping[Protocol, int]] = MappingProxyType(
    {
        Protocol.SMTP: 25,
        Protocol.IMAP: 143,
        Protocol.POP3: 110,
        Protocol.FTP: 21,
        Protocol.LDAP: 389,
        Protocol.POSTGRES: 5432,
    }
)
"""Where each is, unless told: https://www.iana.org/assignments/service-names-port-numbers."""


def begin(protocol: Protocol, connection: socket.socket, left: Callable[[], float]) -> None:
    """Brings a connection to where TLS begins.

    Args:
        left: tells the seconds that are left for it.

    Raises:
        InputUnreadableError: the server does not speak the protocol, or not TLS within it.
        OSError: it does not answer.
    """
    talk = _Talk(connection, left)
    _OPENINGS[protocol](talk)
    talk.check_silent()


class _Talk:
    """A conversation in plain text, as far as it may go."""

    def __init__(self, connection: socket.socket, left: Callable[[], float]) -> None:
        self._connection = connection
        self._left = left
        self._heard = bytearray()
        self._budget = _MAX_BYTES

    def say(self, text: bytes) -> None:
        self._connection.settimeout(self._seconds())
        self._connection.sendall(text)

    def line(self) -> bytes:
        """Returns the next line without its end."""
        while (end := self._heard.find(b"\n")) < 0:
            self._hear()
        return self.octets(end + 1).rstrip(b"\r\n")

    def octets(self, count: int) -> bytes:
        """Returns as many octets."""
        while len(self._heard) < count:
            self._hear()
        taken = bytes(self._heard[:count])
        del self._heard[:count]
        return taken

    def check_silent(self) -> None:
        """Checks that nothing has come after the go-ahead."""
        if self._heard:
            raise InputUnreadableError(
                "it goes on in plain text after it has agreed to TLS",
                hint="somebody in between may have put that there",
            )

    def _hear(self) -> None:
        self._connection.settimeout(self._seconds())
        heard = self._connection.recv(min(self._budget, 4_096))
        if not heard:
            raise ConnectionResetError("it closed the connection")
        self._heard += heard
        self._budget -= len(heard)
        if self._budget <= 0:
            raise InputUnreadableError(f"it says more than {_MAX_BYTES:,} bytes before TLS begins")

    def _seconds(self) -> float:
        seconds = self._left()
        if seconds <= 0:
            raise TimeoutError
        return seconds


def _smtp(talk: _Talk) -> None:
    """RFC 3207."""
    _expect(_reply(talk), b"220", "smtp")
    talk.say(b"EHLO [127.0.0.1]\r\n")
    offers = _expect(_reply(talk), b"250", "smtp")
    if not any(line[4:].strip().upper() == b"STARTTLS" for line in offers):
        _refuse("it offers no STARTTLS", 465)
    talk.say(b"STARTTLS\r\n")
    _expect(_reply(talk), b"220", "smtp")


def _ftp(talk: _Talk) -> None:
    """RFC 4217, section 4."""
    _expect(_reply(talk), b"220", "ftp")
    talk.say(b"AUTH TLS\r\n")
    _expect(_reply(talk), b"234", "ftp")


def _imap(talk: _Talk) -> None:
    """RFC 9051, 6.2.1; untagged lines may come before the answer (section 7)."""
    _expect([talk.line()], b"* OK", "imap")
    talk.say(_TAG + b" STARTTLS\r\n")
    while not (line := talk.line()).startswith(_TAG + b" "):
        pass
    _expect([line], _TAG + b" OK", "imap")


def _pop3(talk: _Talk) -> None:
    """RFC 2595, section 4."""
    _expect([talk.line()], b"+OK", "pop3")
    talk.say(b"STLS\r\n")
    _expect([talk.line()], b"+OK", "pop3")


def _ldap(talk: _Talk) -> None:
    """RFC 4511, 4.14: LDAPMessage ::= SEQUENCE { messageID, ExtendedResponse { resultCode, ... } }."""
    talk.say(_LDAP_REQUEST)
    tag, first = talk.octets(2)
    if tag != _SEQUENCE:
        _refuse("it does not speak ldap")
    message = talk.octets(int.from_bytes(talk.octets(first & ~_MANY_OCTETS)) if first & _MANY_OCTETS else first)
    _, _, response = _element(message)
    tag, content, _ = _element(response)
    _, code, _ = _element(content)
    if tag != _EXTENDED_RESPONSE:
        _refuse("it does not speak ldap")
    if any(code):
        _refuse(f"it refuses StartTLS with the result code {int.from_bytes(code)} of ldap", 636)


def _postgres(talk: _Talk) -> None:
    """https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL."""
    talk.say(_POSTGRES_REQUEST)
    if talk.octets(1) != b"S":
        _refuse("it does not speak TLS, or not postgres")


_OPENINGS: Final[Mapping[Protocol, Callable[[_Talk], None]]] = MappingProxyType(
    {
        Protocol.SMTP: _smtp,
        Protocol.IMAP: _imap,
        Protocol.POP3: _pop3,
        Protocol.FTP: _ftp,
        Protocol.LDAP: _ldap,
        Protocol.POSTGRES: _postgres,
    }
)


def _reply(talk: _Talk) -> list[bytes]:
    """Returns the lines of a reply, which ends where its code is not followed by a hyphen (RFC 5321, 4.2.1; RFC 959, 4.2)."""
    lines = [talk.line()]
    code = lines[0][:3]
    if lines[0][3:4] != b"-":
        return lines
    while lines[-1][:3] != code or lines[-1][3:4] == b"-":
        lines.append(talk.line())
    return lines


def _expect(lines: list[bytes], start: bytes, protocol: str) -> list[bytes]:
    """Returns the lines, of which the last one begins as it must."""
    if not lines[-1].startswith(start):
        shown = ascii(lines[-1][:_MAX_SHOWN]).removeprefix("b")
        _refuse(f"it answers {shown}, where {protocol} has {start.decode()!r} before TLS begins")
    return lines


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """Returns the tag and the content of the first element of BER, and what follows it."""
    tag, first, rest = (data[0], data[1], data[2:]) if len(data) > 1 else (0, 0, b"")
    if first & _MANY_OCTETS:
        count = first & ~_MANY_OCTETS
        first, rest = int.from_bytes(rest[:count]), rest[count:]
    return tag, rest[:first], rest[first:]


def _refuse(message: str, tls_port: int | None = None) -> Never:
    hint = f"port {tls_port} may speak TLS from the start, without --starttls" if tls_port else None
    raise InputUnreadableError(message, hint=hint)
