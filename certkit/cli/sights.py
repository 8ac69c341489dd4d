"""The wiring of `migrate`'s look at what is served: the endpoints of those who name a certificate."""

from collections.abc import Iterable, Sequence
from typing import Final

from certkit import certificate as x
from certkit import verify
from certkit.cli import wiring
from certkit.cli.looking import Glance, Way, look_until
from certkit.cli.repointing import bundle_of
from certkit.cli.session import Session
from certkit.parallel import in_order
from certkit.record import CertificateRecord
from certkit.report.migration import Seen
from certkit.sources.endpoint import Endpoint
from certkit.usage import User, endpoints
from certkit.verify import Sight, State

_MOST: Final = 50
"""Endpoints looked at: a certificate of many names, at many listeners, has their product."""

_PARALLEL: Final = 8
_WRONG: Final = frozenset({State.STALE, State.PROPAGATING, State.INCOMPLETE})


def take(session: Session, record: CertificateRecord, users: Iterable[User], seconds: float) -> tuple[Seen, ...]:
    """Looks at each endpoint until it serves what ACM holds under `record`, so many seconds for all at the most."""
    names = x.dns_names(record.leaf)
    wanted = list(dict.fromkeys(one for user in users for one in endpoints(user, names)))[:_MOST]
    roots = wiring.roots_of(wiring.reading(session, ()))
    glances = [
        Glance(
            session,
            record.arn,
            Endpoint(one.host, one.port),
            verify.want(one.host, bundle_of(record), roots),
            Way((Endpoint(one.connect_to, one.port),)),
        )
        for one in wanted
    ]
    return tuple(map(Seen, wanted, _until_served(session, glances, seconds)))


def is_wrong(seen: Seen) -> bool:
    """Tells whether an endpoint serves something else; one that cannot be reached from here is not wrong."""
    return _is_wrong(seen.sight)


def _is_wrong(sight: Sight) -> bool:
    return any(view.state in _WRONG for view in sight.views)


def _until_served(session: Session, glances: Sequence[Glance], seconds: float) -> tuple[Sight, ...]:
    return look_until(
        session,
        lambda: tuple(in_order((glance.look for glance in glances), _PARALLEL)),
        lambda sights: not any(map(_is_wrong, sights)),
        seconds,
        f"not all serve it: looking again for {seconds:.0f} s",
    )
