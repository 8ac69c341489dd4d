"""The ways by which a configuration has people told: an event bus, topics of SNS, webhooks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from certkit.aws import telling as aws
from certkit.aws.sessions import Session as AwsSession
from certkit.aws.telling import Event
from certkit.cli import wiring
from certkit.cli.session import Session
from certkit.errors import CertkitError, NotToldError
from certkit.manifest import Address, Telling
from certkit.notify.webhook import Webhook
from certkit.password import Password

New = TypeVar("New")


@dataclass(frozen=True, slots=True)
class Channel(Generic[New]):
    """One way to tell somebody.

    Attributes:
        name: what the ledger knows it by: its kind, and whose it is; never its address.
        owner: whose it is; None for one that is everybody's.
        others: the owners that have channels of their own, and are not told by this one.
    """

    name: str
    send: Callable[[New], None]
    owner: str | None = None
    others: frozenset[str] = frozenset()

    def hears_of(self, owner: str | None) -> bool:
        """Tells whether what is `owner`'s is told by this channel; None stands for what nobody owns."""
        return owner == self.owner if self.owner is not None else owner not in self.others


@dataclass(frozen=True, slots=True)
class Voice(Generic[New]):
    """What tells people: it has the words for each way, and sends them.

    Attributes:
        aws: returns the caller, once something is to be sent through AWS.
        mail: returns the subject and the text of a mail.
        chat: returns what a webhook takes.
        events: returns an event for each piece of news.
    """

    session: Session
    telling: Telling
    aws: Callable[[], AwsSession]
    mail: Callable[[New], tuple[str, str]]
    chat: Callable[[New], bytes]
    events: Callable[[New], Sequence[Event]]

    def channels(self) -> Iterator[Channel[New]]:
        """Yields every way that the configuration names: events, then each owner's, then everybody else's."""
        bus = self.telling.events
        if bus:
            yield Channel("events", lambda new: self._put(bus, new))
        for owner, address in self.telling.owners.items():
            yield from self._to(address, owner)
        yield from self._to(self.telling.default, None)

    def _to(self, address: Address, owner: str | None) -> Iterator[Channel[New]]:
        whose = f" of {owner}" if owner is not None else ""
        others = frozenset(self.telling.owners)
        topic, webhook = address.sns, address.webhook
        if topic:
            yield Channel(f"sns{whose}", lambda new: self._publish(topic, new), owner, others)
        if webhook:
            called = f"webhook{whose}"
            yield Channel(called, lambda new: self._post(webhook, f"the {called}", new), owner, others)

    def _publish(self, topic: str, new: New) -> None:
        aws.publish(self.aws(), topic, *self.mail(new))

    def _post(self, form: str, called: str, new: New) -> None:
        address = secret(self.session, form, called)
        Webhook(self.telling.allows_private).post(address, self.chat(new), called)

    def _put(self, bus: str, new: New) -> None:
        caller = self.aws()
        aws.put_events(caller, bus, caller.home_region, self.events(new), self.session.clock())


def say_told(session: Session, channel: str, count: int) -> None:
    """Says of how many certificates somebody was told."""
    session.say(f"certkit: told by {channel}: {count} certificate{'s' * (count != 1)}")


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
