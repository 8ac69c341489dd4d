"""The wiring of `verify`: looks at an endpoint until all of it serves the certificate, and shows what each address serves."""

import socket
from dataclasses import dataclass
from typing import Final

from certkit import expiry
from certkit import verify as pure
from certkit.bundle import Bundle
from certkit.cli import wiring
from certkit.cli.looking import Glance, Way, look_until
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.cli.wiring import Reading
from certkit.errors import PasswordMissingError, UsageError
from certkit.report import verify as report
from certkit.report.certificate import time_text
from certkit.sources import endpoint, resolver
from certkit.sources.starttls import PORTS, Protocol

_MAX_TIMEOUT: Final = 600.0
"""Seconds that an address may be given to answer; what takes longer is no handshake."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        host: the endpoint, as it was typed.
        connect_to: where to connect instead; none for the host itself.
        wait: how long to look again, as it was typed, None for one look.
        timeout: the seconds that one address has to answer.
        starttls: the protocol that it begins with in plain text, None for TLS.
    """

    host: str
    source: str
    connect_to: tuple[str, ...]
    wait: str | None
    only_ipv4: bool
    timeout: float
    output_format: OutputFormat
    starttls: str | None = None


def verify(session: Session, wish: Wish, ask: resolver.Ask = socket.getaddrinfo) -> int:
    """Shows what each address serves, and returns the exit code.

    Args:
        ask: knows the addresses of names.

    Raises:
        UsageError: the options cannot be used.
        CertkitError: the SOURCE cannot be read.
    """
    protocol = Protocol(wish.starttls) if wish.starttls else None
    target = endpoint.parse_host(wish.host, PORTS[protocol] if protocol else None)
    doors = tuple(endpoint.parse_host(door, target.port) for door in wish.connect_to)
    seconds = _seconds(wish.wait)
    _check_timeout(wish.timeout)
    how = wiring.reading(session, [wish.source])
    wanted = pure.want(target.host, _bundle(session, wish.source, how), wiring.roots_of(how))
    way = Way(doors, wish.only_ipv4, wish.timeout, protocol, ask)
    glance = Glance(session, wish.source, target, wanted, way)
    again = f"not all of {wish.host} serves it: looking again for {wish.wait}"
    sight = look_until(session, glance.look, lambda seen: pure.is_served(seen.views), seconds, again)
    if wish.output_format is OutputFormat.JSON:
        session.show_document(report.document(sight, time_text(session.clock())))
    else:
        session.show(report.text(sight))
    return pure.exit_code(sight.views)


def _seconds(wait: str | None) -> float:
    """Returns how long `--wait` is.

    Raises:
        UsageError: it is no time.
    """
    if wait is None:
        return 0.0
    left = expiry.parse_time(wait)
    if left is None:
        raise UsageError(f"--wait {wait!r} is no time", hint="give a time, such as 90s or 10m")
    return left.total_seconds()


def _check_timeout(seconds: float) -> None:
    """Checks that an address has some time to answer, and not all there is.

    Raises:
        UsageError: it has not.
    """
    if not 0 < seconds <= _MAX_TIMEOUT:  # neither is what is no number, which `float` reads too
        raise UsageError(f"--timeout: {seconds:g} seconds are no time for an answer", hint="such as 10")


def _bundle(session: Session, source: str, how: Reading) -> Bundle:
    """Reads the bundle; of a locked key nothing is needed, so that nobody is asked where the certificates are not."""
    data = wiring.read_source(session, source)
    try:
        contents = wiring.parse_contents(session.without_questions(), source, data, how)
    except PasswordMissingError:
        contents = wiring.parse_contents(session, source, data, how._replace(wants_keys=False))
    return wiring.put_in_order(session, source, contents, how)
