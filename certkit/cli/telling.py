"""The wiring of `status --notify`: whoever should know is told, by every way that the configuration names."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from certkit.aws import telling as aws
from certkit.aws.sessions import Session as AwsSession
from certkit.aws.telling import Event
from certkit.cli import conduct
from certkit.cli.channels import Channel, Voice, say_told
from certkit.cli.cloud import Cloud
from certkit.cli.ledgers import open_ledger
from certkit.cli.session import Session
from certkit.errors import CertkitError, ConfigurationError
from certkit.inventory import Inventory, problems
from certkit.ledger.lenient import LenientLedger
from certkit.manifest import Manifest, Telling
from certkit.notify import Notice, Register, due, metrics
from certkit.report import notices as words


@dataclass(frozen=True, slots=True)
class _News:
    """What a channel has not told yet.

    Attributes:
        unseen: what could not be seen, for everybody's channels alone.
    """

    notices: Sequence[Notice]
    unseen: Sequence[str]


def check(session: Session, found: Manifest | None) -> Manifest:
    """Returns the configuration, once it says whom to tell and that is allowed.

    Raises:
        ConfigurationError: it names nobody.
        ReadOnlyError: CERTKIT_READ_ONLY forbids every write.
    """
    conduct.check_may_write(session, "certkit status without --notify")
    if found is None or found.telling == Telling(allows_private=found.telling.allows_private):
        raise ConfigurationError(
            "the configuration says nothing of whom to tell",
            hint='write into it: [notify], and below it sns = "ARN of a topic" or webhook = "env:NAME"',
        )
    return found


def tell(session: Session, inventory: Inventory, found: Manifest) -> tuple[CertkitError, ...]:
    """Tells everybody what is new to them, and returns what failed; one that fails stops no other.

    A ledger that cannot be reached is told of, and gone without: to be told twice is better than never.

    Raises:
        CertkitError: there is no caller at all, or another run is telling people just now.
    """
    cloud = Cloud(session, found.regions)
    region = cloud.aws.home_region
    caller = cloud.identity(region).arn
    ledger = LenientLedger(open_ledger(session, cloud.aws), lambda: True, session.warn)
    register = Register(ledger, session.run, caller, session.clock)
    notices = tuple(due(inventory, {spec.name: spec.owner for spec in found.certificates if spec.owner}))
    unseen = tuple(problems(inventory))
    failures: list[CertkitError] = []
    with register.locked(session.ledger_options.lock_timeout):
        for channel in _voice(session, cloud, found).channels():
            own = tuple(notice for notice in notices if channel.hears_of(notice.owner))
            failures += _send(session, channel, register, own, () if channel.owner else unseen)
    return (*failures, *(_measure(cloud.aws, region, inventory) if found.telling.metrics else ()))


def _voice(session: Session, cloud: Cloud, found: Manifest) -> Voice[_News]:
    now = session.clock()
    return Voice(
        session,
        found.telling,
        lambda: cloud.aws,
        mail=lambda new: (words.subject(new.notices, now), words.mail(new.notices, new.unseen, now)),
        chat=lambda new: words.chat(new.notices, new.unseen, now),
        events=lambda new: [_event(notice, now) for notice in new.notices],
    )


def _send(
    session: Session, channel: Channel[_News], register: Register, notices: Sequence[Notice], unseen: Sequence[str]
) -> Iterator[CertkitError]:
    """Sends what is new; yields why that failed."""
    new = register.new(channel.name, notices)
    if not new:
        return
    try:
        channel.send(_News(new, unseen))
    except CertkitError as error:
        yield error
        return
    register.note(channel.name, new)
    say_told(session, channel.name, len(new))


def _event(notice: Notice, now: dt.datetime) -> Event:
    arn = notice.listed.summary.arn
    return Event(words.SOURCE, words.kind_of_event(notice), words.event(notice, now), (arn,) if arn else ())


def _measure(aws_session: AwsSession, region: str, inventory: Inventory) -> Iterator[CertkitError]:
    data = [aws.Datum(one.name, one.value, one.dimensions) for one in metrics.metrics(inventory)]
    try:
        aws.put_metrics(aws_session, region, metrics.NAMESPACE, data, inventory.at)
    except CertkitError as error:
        yield error
