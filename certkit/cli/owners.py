"""The wiring of what a job tells owners: each refusal once, and that it is over; by every way that the configuration names."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.aws import telling as aws
from certkit.aws.sessions import Session as AwsSession
from certkit.cli.cloud import Cloud
from certkit.cli.deploying import Step
from certkit.cli.session import Session
from certkit.cli.telling import secret
from certkit.errors import CertkitError, NotBegunError
from certkit.ledger import Ledger
from certkit.ledger.lenient import LenientLedger
from certkit.manifest import Address, CertificateSpec, Manifest, Telling
from certkit.notify.heard import Heard
from certkit.notify.outcome import Came, place_of, report
from certkit.notify.trouble import Ends, News, Place, Report, news
from certkit.notify.webhook import Webhook
from certkit.record import CertificateRecord
from certkit.report import notices
from certkit.report import troubles as words

_UNTRIED: Final = frozenset({NotBegunError.code})
"""The codes of what was not begun, on account of something else that is told of itself."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to tell somebody.

    Attributes:
        name: what the ledger knows it by: its kind, and whose it is; never its address.
        report: what is for whoever is told.
    """

    name: str
    report: Report
    send: Callable[[News], None]


def tell(
    session: Session, ledger: Ledger, manifest: Manifest, came: Sequence[Came], steps: Sequence[Step] = ()
) -> None:
    """Tells owners what they have not heard yet; what fails is a warning, and told by the next run.

    A ledger that cannot be reached is gone without: to be told twice is better than never.

    Args:
        came: what came of each certificate.
        steps: what was decided of those that could be.
    """
    if manifest.telling == Telling(metrics=manifest.telling.metrics, allows_private=manifest.telling.allows_private):
        return
    caller = next((step.want.caller for step in steps), "")
    lenient = LenientLedger(ledger, lambda: True, session.warn)
    heard = Heard(lenient, session.run, caller, session.clock)
    found = report(came, _lifetimes(came, steps).of, _UNTRIED)
    voice = _Voice(session, manifest)
    try:
        with heard.locked(session.ledger_options.lock_timeout):
            for channel in _channels(voice, manifest.telling, found):
                _send(session, channel, heard)
    except CertkitError as error:
        session.warn(f"owners were not told: {error.message}")


def _send(session: Session, channel: Channel, heard: Heard) -> None:
    new = news(channel.report, heard.told(channel.name), session.clock())
    if new:
        try:
            channel.send(new)
        except CertkitError as error:
            session.warn(error.message)
            return
    heard.note(channel.name, new)
    if not new:
        return
    count = len({one.place[0] for one in new.troubles} | {one.place[0] for one in new.recoveries})
    session.say(f"certkit: told by {channel.name}: {count} certificate{'s' * (count != 1)}")


def _channels(voice: "_Voice", telling: Telling, found: Report) -> Iterator[Channel]:
    if telling.events:
        yield Channel("events", found, voice.bus(telling.events))
    for owner, address in telling.owners.items():
        own = found.of(name for name, each in found.owners.items() if each == owner)
        yield from _of_address(voice, address, f" of {owner}", own)
    others = found.of(name for name, each in found.owners.items() if each not in telling.owners)
    yield from _of_address(voice, telling.default, "", others)


def _of_address(voice: "_Voice", address: Address, whose: str, found: Report) -> Iterator[Channel]:
    if address.sns:
        yield Channel(f"sns{whose}", found, voice.topic(address.sns))
    if address.webhook:
        yield Channel(f"webhook{whose}", found, voice.webhook(address.webhook, f"the webhook{whose}"))


@dataclass(frozen=True)
class _Voice:
    """What sends; AWS is reached when something is to be sent by it."""

    session: Session
    manifest: Manifest

    @cached_property
    def aws(self) -> AwsSession:
        return Cloud(self.session, self.manifest.regions).aws

    def topic(self, arn: str) -> Callable[[News], None]:
        return lambda new: aws.publish(self.aws, arn, words.subject(new), words.mail(new, self.session.clock()))

    def webhook(self, form: str, called: str) -> Callable[[News], None]:
        def chat(new: News) -> None:
            address = secret(self.session, form, called)
            webhook = Webhook(self.manifest.telling.allows_private)
            webhook.post(address, words.chat(new, self.session.clock()), called)

        return chat

    def bus(self, name: str) -> Callable[[News], None]:
        def put(new: News) -> None:
            events = [aws.Event(notices.SOURCE, kind, detail, ()) for kind, detail in words.events(new)]
            aws.put_events(self.aws, name, self.aws.home_region, events, self.session.clock())

        return put


@dataclass(frozen=True, slots=True)
class _Lifetimes:
    """How long what ACM holds still has, where anything was decided."""

    steps: Mapping[str, Sequence[Step]]
    specs: Mapping[str, CertificateSpec]

    def of(self, place: Place) -> Ends | None:
        """Returns the lifetime of what ACM holds in a place, the first to end where a certificate as a whole is meant.

        None where nobody can say; asks ACM where it has to.
        """
        own = [step for step in self.steps.get(place[0], ()) if not place[2] or self._place(step) == place]
        leaves = [leaf for leaf in map(_held, own) if leaf is not None]
        ends = (Ends(leaf.not_valid_before_utc, leaf.not_valid_after_utc) for leaf in leaves)
        return min(ends, key=lambda one: one.not_after, default=None)

    def _place(self, step: Step) -> Place:
        desired = step.want.desired
        return place_of(self.specs[desired.name or ""], desired.account, desired.region)


def _lifetimes(came: Sequence[Came], steps: Sequence[Step]) -> _Lifetimes:
    named: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        named[step.want.desired.name or ""].append(step)
    return _Lifetimes(named, {one.spec.name: one.spec for one in came})


def _held(step: Step) -> x509.Certificate | None:
    """Returns the leaf that ACM holds; of what was refused before that was kept, by where it stood last."""
    current = getattr(step.decision, "current", None)
    if isinstance(current, CertificateRecord):
        return current.leaf
    if not step.memory.arns:
        return None
    try:
        return x.load(step.want.acm.leaf_der(step.memory.arns[-1]))
    except CertkitError:
        return None  # then it is told of again each week
