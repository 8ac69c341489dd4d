"""The wiring of `status --notify`: whoever should know is told, by every way that the configuration names."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from certkit.aws import telling as aws
from certkit.aws.sessions import Session as AwsSession
from certkit.cli import conduct, wiring
from certkit.cli.cloud import Cloud
from certkit.cli.ledgers import open_ledger
from certkit.cli.session import Session
from certkit.errors import CertkitError, ConfigurationError, NotToldError
from certkit.inventory import Inventory, problems
from certkit.ledger.lenient import LenientLedger
from certkit.manifest import Address, Manifest, Telling
from certkit.notify import Notice, Register, due, metrics
from certkit.notify.webhook import Webhook
from certkit.password import Password
from certkit.report import notices as words


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to tell somebody.

    Attributes:
        name: what the ledger knows it by: its kind, and whose it is; never its address.
        send: takes the notices and what could not be seen.
    """

    name: str
    notices: tuple[Notice, ...]
    send: Callable[[Sequence[Notice]], None]


def check(session: Session, found: Manifest | None) -> Manifest:
    """Returns the configuration, once it says whom to tell and that is allowed.

    Raises:
        ConfigurationError: it names nobody.
        ReadOnlyError: CERTKIT_READ_ONLY forbids every write.
    """
    conduct.check_may_write(session, "certkit status without --notify")
    if found is None or found.telling == Telling(allows_private=found.telling.allows_private):
        raise ConfigurationError(
            "the configuration says nothing of whom to tell", hint="write [notify] or [owners.NAME]: docs/notify.md"
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
    failures: list[CertkitError] = []
    with register.locked(session.ledger_options.lock_timeout):
        for channel in _channels(session, cloud.aws, inventory, found):
            failures += _send(session, channel, register)
    return (*failures, *(_measure(cloud.aws, region, inventory) if found.telling.metrics else ()))


def _send(session: Session, channel: Channel, register: Register) -> Iterator[CertkitError]:
    """Sends what is new; yields why that failed."""
    new = register.new(channel.name, channel.notices)
    if not new:
        return
    try:
        channel.send(new)
    except CertkitError as error:
        yield error
        return
    register.note(channel.name, new)
    session.say(f"certkit: told by {channel.name}: {len(new)} certificate{'s' * (len(new) != 1)}")


def _channels(session: Session, aws_session: AwsSession, inventory: Inventory, found: Manifest) -> Iterator[Channel]:
    telling = found.telling
    named = {spec.name: spec.owner for spec in found.certificates if spec.owner}
    notices = tuple(due(inventory, named))
    if telling.events:
        yield Channel("events", notices, _to_bus(session, aws_session, telling.events))
    unseen = tuple(problems(inventory))
    for owner, address in telling.owners.items():
        own = tuple(notice for notice in notices if notice.owner == owner)
        yield from _of_address(session, aws_session, telling, address, f" of {owner}", own, ())
    others = tuple(notice for notice in notices if notice.owner not in telling.owners)
    yield from _of_address(session, aws_session, telling, telling.default, "", others, unseen)


def _of_address(
    session: Session,
    aws_session: AwsSession,
    telling: Telling,
    address: Address,
    whose: str,
    notices: tuple[Notice, ...],
    unseen: Sequence[str],
) -> Iterator[Channel]:
    topic, webhook = address.sns, address.webhook

    def mail(new: Sequence[Notice]) -> None:
        now = session.clock()
        aws.publish(aws_session, str(topic), words.subject(new, now), words.mail(new, unseen, now))

    def chat(new: Sequence[Notice]) -> None:
        called = f"the webhook{whose}"
        body = words.chat(new, unseen, session.clock())
        Webhook(telling.allows_private).post(secret(session, str(webhook), called), body, called)

    if topic:
        yield Channel(f"sns{whose}", notices, mail)
    if webhook:
        yield Channel(f"webhook{whose}", notices, chat)


def secret(session: Session, form: str, called: str) -> Password:
    """Returns an address that is a secret.

    Args:
        form: where it is.
        called: what a message calls it.

    Raises:
        NotToldError: it cannot be read.
    """
    try:
        return wiring.read_password(session, form)
    except CertkitError as error:
        raise NotToldError(f"{called}: {error.message.removeprefix('--passin: ')}", hint=error.hint) from error


def _to_bus(session: Session, aws_session: AwsSession, bus: str) -> Callable[[Sequence[Notice]], None]:
    def put(new: Sequence[Notice]) -> None:
        now = session.clock()
        events = [
            aws.Event(words.SOURCE, words.kind_of_event(one), words.event(one, now), _resources(one)) for one in new
        ]
        aws.put_events(aws_session, bus, aws_session.home_region, events, now)

    return put


def _resources(notice: Notice) -> tuple[str, ...]:
    return (notice.listed.summary.arn,) if notice.listed.summary.arn else ()


def _measure(aws_session: AwsSession, region: str, inventory: Inventory) -> Iterator[CertkitError]:
    data = [aws.Datum(one.name, one.value, one.dimensions) for one in metrics.metrics(inventory)]
    try:
        aws.put_metrics(aws_session, region, metrics.NAMESPACE, data, inventory.at)
    except CertkitError as error:
        yield error
