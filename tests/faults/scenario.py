"""What ACM holds before a run, and what it is to hold once the last run has ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from certkit.plan import wanted_tags
from certkit.testing.criteria import Material
from certkit.testing.record import CertificateType
from tests.aws.scene import desired_of, renewed
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from certkit.plan import Desired
    from certkit.testing import SettableClock, StrictAcm
    from tests.issuing import Issued

FOREIGN: Final = {"cost-centre": "4711"}
"""Somebody else's tag on our certificate."""

USER: Final = {"team": "web"}


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that is there before."""

    issued: Issued
    tags: Mapping[str, str]
    in_use_by: tuple[str, ...] = ()
    has_chain: bool = True


@dataclass(frozen=True, slots=True)
class Scenario:
    """A state of ACM and what is desired.

    Attributes:
        foreign: the tags of others on ours, which are to be there at the end.
        keeps: which of `held` keeps its ARN.
        is_lagging: whether it matters how far the indexes are behind.
        meets: whether two hosts that run at once can be in each other's way.
    """

    name: str
    desired: Desired
    held: tuple[Held, ...] = ()
    foreign: Mapping[str, str] = field(default_factory=dict)
    keeps: int | None = None
    is_lagging: bool = False
    meets: bool = False

    def arrange(self, server: StrictAcm, clock: SettableClock) -> tuple[str, ...]:
        """Fills ACM, beside somebody else's certificate, one a second, and returns the ARNs of ours."""
        _put(server, Held(_stranger(), {"team": "other"}))
        return tuple(_put(server, one, clock) for one in self.held)


def scenarios() -> tuple[Scenario, ...]:
    """All of them, in the order of the table."""
    first = _first()
    before, after = desired_of(first, tags=USER), desired_of(_second(), tags=USER)
    ours = wanted_tags(before)
    lb = ("arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/1",)
    with_foreign = {**ours, **FOREIGN}
    return (
        Scenario("new", before, is_lagging=True, meets=True),
        Scenario("renewal", after, (Held(first, with_foreign, lb),), FOREIGN, 0, meets=True),
        Scenario("chain", before, (Held(first, with_foreign, has_chain=False),), FOREIGN, 0),
        Scenario("tags", before, (Held(first, FOREIGN | {"certkit:name": "shop"}),), FOREIGN, 0),
        Scenario("none", before, (Held(first, with_foreign),), FOREIGN, 0),
        Scenario(
            "copy", before, (Held(first, with_foreign), Held(first, ours)), FOREIGN, 0, is_lagging=True, meets=True
        ),
        Scenario("copy in use", after, (Held(first, ours), Held(first, with_foreign, lb)), FOREIGN, 1),
    )


@cache
def _first() -> Issued:
    return make_chain()


@cache
def _second() -> Issued:
    return renewed()


@cache
def _stranger() -> Issued:
    return make_chain(leaf=Request("other.example.com"))


def _put(server: StrictAcm, held: Held, clock: SettableClock | None = None) -> str:
    if clock is not None:
        clock.advance(timedelta(seconds=1))
    chain = tuple(issuer.certificate for issuer in held.issued.issuers[:-1]) if held.has_chain else ()
    backend = server.backend()
    arn = backend.add(Material(held.issued.certificate, chain), CertificateType.IMPORTED, held.tags)
    if held.in_use_by:
        backend.set_in_use(arn, held.in_use_by)
    return arn
