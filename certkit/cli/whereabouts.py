"""The wiring of `migrate`'s look: what ACM holds under a name, who uses it, and how far its migration has come."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from certkit import observe
from certkit.aws.acm import Acm
from certkit.aws.repoint.keeping import move_of
from certkit.aws.sessions import Session as AwsSession
from certkit.aws.usage import Held, find
from certkit.cli.conduct import Conduct
from certkit.errors import CertkitError, UsageError
from certkit.inventory import State
from certkit.journal import Journal
from certkit.ledger import Entry, Outcome
from certkit.memory import REPOINT, remember
from certkit.migration import Migration, ordered
from certkit.record import CertificateRecord
from certkit.twins import winner
from certkit.usage import Service, Usage, User

_COMMAND: Final = "migrate"

_BEHIND_OTHERS: Final = frozenset({Service.APIGATEWAY, Service.APIGATEWAYV2, Service.COGNITO, Service.APPSYNC})
"""Those that load balancers or distributions of AWS's own stand before, which are what ACM names."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a certificate moves to a new ARN, and who moves it."""

    conduct: Conduct
    aws: AwsSession
    acm: Acm
    caller: str
    name: str
    account: str
    quiet: dt.timedelta

    @property
    def region(self) -> str:
        """Its region, which is that of both ARNs."""
        return self.acm.region

    @property
    def journal(self) -> Journal:
        """The hand in the ledger."""
        session = self.conduct.session
        seconds = session.ledger_options.lock_timeout
        return Journal(self.conduct.ledger, session.run, self.caller, _COMMAND, session.clock, seconds)


@dataclass(frozen=True, slots=True)
class Pair:
    """What a name stands for: the certificate that it means, and the one whose place that takes."""

    current: CertificateRecord
    previous: CertificateRecord | None


def pair(scene: Scene) -> Pair:
    """Returns what ACM holds under the name.

    Raises:
        UsageError: nothing.
        AmbiguousError: several, of which none follows the other.
        AwsError: ACM cannot be asked.
    """
    own = observe.holders(scene.acm, scene.name, remember(_entries(scene)).arns)
    if not own:
        raise UsageError(
            f"there is no certificate called {scene.name!r} in {scene.region} of {scene.account}",
            hint="certkit status shows those that are there; certkit adopt ARN --name NAME names one",
        )
    current = winner(own)
    return Pair(current, next((one for one in own if one.arn == current.follows), None))


def look(scene: Scene, old: CertificateRecord | None, new: CertificateRecord | None) -> Migration:
    """Returns how far the migration has come, by what the services say now.

    Raises:
        AwsError: ACM cannot be asked.
    """
    found = used_by(scene, *(one.arn for one in (old, new) if one))
    moves = ordered(move_of(scene.aws, user) for user in (found.of(old.arn) if old else ()))
    return Migration(
        name=scene.name,
        account=scene.account,
        region=scene.region,
        old=old,
        new=new,
        moves=moves,
        moved=found.of(new.arn) if new else (),
        strangers=tuple(_strangers(scene, old, [move.user for move in moves])) if old else (),
        unseen=tuple(one for one in found.coverage if one.state is not State.SEEN),
        quiet=scene.quiet,
        latest=_latest(scene),
    )


def used_by(scene: Scene, *arns: str) -> Usage:
    """Asks every service that may use certificates of the region who uses these."""
    return find((Held(arn, in_use=False) for arn in arns), {scene.account: scene.aws})


def _strangers(scene: Scene, old: CertificateRecord, users: Sequence[User]) -> Iterator[str]:
    """Yields what ACM names as users and no service does.

    Load balancers of AWS's own stand behind domains: while there are such users, they are what ACM means.
    """
    known = {name for user in users for name in (user.arn, user.parent, user.id) if name}
    has_domains = any(user.service in _BEHIND_OTHERS for user in users)
    yield from (arn for arn in old.in_use_by if arn not in known and not (has_domains and scene.account not in arn))


def _latest(scene: Scene) -> dt.datetime | None:
    done = [one.at for one in _entries(scene) if one.action == REPOINT and one.outcome is Outcome.DONE]
    return max(done, default=None)


def _entries(scene: Scene) -> list[Entry]:
    """Returns what the ledger says of the certificate; nothing where it cannot be read, since ACM has the last word."""
    try:
        own = scene.conduct.ledger.entries(scene.name)
        return [one for one in own if (one.account, one.region) == (scene.account, scene.region)]
    except CertkitError:
        return []
