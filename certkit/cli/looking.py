"""A look at an endpoint, at every address that its name leads to now; and looking again until all is as it should be."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from certkit import verify
from certkit.cli.session import Session
from certkit.errors import CertkitError, InputError
from certkit.patience import Patience
from certkit.sources import endpoint, resolver
from certkit.sources.endpoint import SECONDS, Endpoint
from certkit.sources.starttls import Protocol
from certkit.verify import Sight, View, Wanted

_PARALLEL: Final = 16
"""Addresses looked at side by side: CloudFront shows four of IPv4 and eight of IPv6."""

Seen = TypeVar("Seen")


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
    """A look at an endpoint, ready to be taken.

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
        from certkit.parallel import in_order

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
        views = verify.compare([*in_order((partial(self._view, place) for place in places), _PARALLEL), *lost])
        return Sight(self.target, self.source, self.wanted, tuple(sorted(canonical)), views)

    def _view(self, place: tuple[str, int]) -> View:
        try:
            served = endpoint.look(self.target, self.session.timer, self.way.timeout, place, self.way.protocol)
            return verify.judge(self.wanted, *place, served, self.session.clock())
        except InputError as error:
            return verify.unreachable(*place, error)


def look_until(
    session: Session, look: Callable[[], Seen], is_done: Callable[[Seen], bool], seconds: float, waiting_for: str
) -> Seen:
    """Looks, again and again for so many seconds until it is done, and returns what was seen last.

    Args:
        waiting_for: what a person is told, once, where two looks were not enough.
    """
    patience = Patience(seconds, session.timer, session.sleep, tell=session.say)
    for is_last in patience.tries(seconds, f"certkit: {waiting_for}"):
        seen = look()
        if is_last or is_done(seen):
            break
    return seen
