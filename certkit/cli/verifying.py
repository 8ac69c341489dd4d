"""The wiring of `verify`."""

import socket
from dataclasses import dataclass
from typing import Final

from certkit import expiry
from certkit import verify as pure
from certkit.bundle import Bundle
from certkit.cli import wiring
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.cli.wiring import Reading
from certkit.errors import CertkitError, InputError, PasswordMissingError, UsageError
from certkit.patience import Patience
from certkit.report import verify as report
from certkit.report.certificate import time_text
from certkit.sources import endpoint, resolver
from certkit.sources.endpoint import Endpoint
from certkit.verify import Sight, View, Wanted

_PARALLEL: Final = 16
"""Addresses looked at side by side: CloudFront shows four of IPv4 and eight of IPv6."""

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
    """

    host: str
    source: str
    connect_to: tuple[str, ...]
    wait: str | None
    only_ipv4: bool
    timeout: float
    output_format: OutputFormat


def verify(session: Session, wish: Wish, ask: resolver.Ask = socket.getaddrinfo) -> int:
    """Shows what each address serves, and returns the exit code.

    Args:
        ask: knows the addresses of names.

    Raises:
        UsageError: the options cannot be used.
        CertkitError: the SOURCE cannot be read.
    """
    target = endpoint.parse_host(wish.host)
    doors = tuple(endpoint.parse_host(door, target.port) for door in wish.connect_to) or (target,)
    seconds = _seconds(wish.wait)
    _check_timeout(wish.timeout)
    how = wiring.reading(session, [wish.source])
    wanted = pure.want(target.host, _bundle(session, wish.source, how), wiring.roots_of(how))
    glance = _Glance(session, wish, target, doors, wanted, ask)
    patience = Patience(seconds, session.timer, session.sleep, tell=session.say)
    for is_last in patience.tries(seconds, f"certkit: not all of {wish.host} serves it: looking again for {wish.wait}"):
        sight = glance.look()
        if is_last or pure.is_served(sight.views):
            break
    if wish.output_format is OutputFormat.JSON:
        session.show_document(report.document(sight, time_text(session.clock())))
    else:
        session.show(report.text(sight))
    return pure.exit_code(sight.views)


@dataclass(frozen=True, slots=True)
class _Glance:
    """All that one look at the endpoint takes."""

    session: Session
    wish: Wish
    target: Endpoint
    doors: tuple[Endpoint, ...]
    wanted: Wanted
    ask: resolver.Ask

    def look(self) -> Sight:
        """Looks at every address that the names lead to now."""
        from concurrent.futures import ThreadPoolExecutor

        canonical, lost = set[str](), list[View]()
        places: dict[tuple[str, int], None] = {}
        for door in self.doors:
            try:
                found = resolver.resolve(door.host, door.port, self._family, self.ask)
            except CertkitError as error:
                lost.append(pure.unreachable(None, door.port, error))
            else:
                canonical.add(found.canonical)
                places |= dict.fromkeys((address, door.port) for address in found.found)
        with ThreadPoolExecutor(_PARALLEL) as pool:
            views = pure.compare([*pool.map(self._view, places), *lost])
        return Sight(self.target, self.wish.source, self.wanted, tuple(sorted(canonical)), views)

    def _view(self, place: tuple[str, int]) -> View:
        try:
            served = endpoint.look(self.target, self.session.timer, self.wish.timeout, place)
            return pure.judge(self.wanted, *place, served, self.session.clock())
        except InputError as error:
            return pure.unreachable(*place, error)

    @property
    def _family(self) -> socket.AddressFamily:
        return socket.AF_INET if self.wish.only_ipv4 else socket.AF_UNSPEC


def _seconds(wait: str | None) -> float:
    """Returns how long `--wait` is.

    Raises:
        UsageError: it is no time.
    """
    if wait is None:
        return 0.0
    left = expiry.parse_time(wait)
    if left is None:
        raise UsageError(f"--wait: {wait!r} is no time", hint="such as 90s or 10m")
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
