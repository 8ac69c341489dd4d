"""The wiring of `migrate`'s look at what is served: the endpoints of those who name a certificate."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from certkit import certificate as x
from certkit import verify
from certkit.cli import wiring
from certkit.cli.looking import Glance, Way
from certkit.cli.repointing import bundle_of
from certkit.cli.session import Session
from certkit.patience import Patience
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
    patience = Patience(seconds, session.timer, session.sleep, tell=session.say)
    sights: tuple[Sight, ...] = ()
    with ThreadPoolExecutor(_PARALLEL) as pool:
        for is_last in patience.tries(seconds, f"certkit: not all serve it: looking again for {seconds:.0f} s"):
            sights = tuple(pool.map(Glance.look, glances))
            if is_last or not any(map(_is_wrong, sights)):
                break
    return sights
