"""One look at an endpoint: every address that its name leads to now, side by side."""

import socket
from dataclasses import dataclass
from typing import Final

from certkit import verify
from certkit.cli.session import Session
from certkit.errors import CertkitError, InputError
from certkit.sources import endpoint, resolver
from certkit.sources.endpoint import SECONDS, Endpoint
from certkit.sources.starttls import Protocol
from certkit.verify import Sight, View, Wanted

_PARALLEL: Final = 16
"""Addresses looked at side by side: CloudFront shows four of IPv4 and eight of IPv6."""


@dataclass(frozen=True, slots=True)
class Way:
    """How an endpoint is reached.

    Attributes:
        doors: where to connect instead; none for the endpoint itself.
        timeout: the seconds that one address has to answer.
        protocol: what it begins with in plain text, None where that is TLS.
        ask: knows the addresses of names.
    """

    doors: tuple[Endpoint, ...] = ()
    only_ipv4: bool = False
    timeout: float = SECONDS
    protocol: Protocol | None = None
    ask: resolver.Ask = socket.getaddrinfo

    @property
    def family(self) -> socket.AddressFamily:
        """Which addresses count."""
        return socket.AF_INET if self.only_ipv4 else socket.AF_UNSPEC


@dataclass(frozen=True, slots=True)
class Glance:
    """All that a look takes.

    Attributes:
        source: what is to be served, as the user knows it.
    """

    session: Session
    source: str
    target: Endpoint
    wanted: Wanted
    way: Way

    def look(self) -> Sight:
        """Looks at every address that the names lead to now."""
        from concurrent.futures import ThreadPoolExecutor

        canonical, lost = set[str](), list[View]()
        places: dict[tuple[str, int], None] = {}
        for door in self.way.doors or (self.target,):
            try:
                found = resolver.resolve(door.host, door.port, self.way.family, self.way.ask)
            except CertkitError as error:
                lost.append(verify.unreachable(None, door.port, error))
            else:
                canonical.add(found.canonical)
                places |= dict.fromkeys((address, door.port) for address in found.found)
        with ThreadPoolExecutor(_PARALLEL) as pool:
            views = verify.compare([*pool.map(self._view, places), *lost])
        return Sight(self.target, self.source, self.wanted, tuple(sorted(canonical)), views)

    def _view(self, place: tuple[str, int]) -> View:
        try:
            served = endpoint.look(self.target, self.session.timer, self.way.timeout, place, self.way.protocol)
            return verify.judge(self.wanted, *place, served, self.session.clock())
        except InputError as error:
            return verify.unreachable(*place, error)
