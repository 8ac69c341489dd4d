"""The wiring of what a renewal job tells owners: each failure once, and once that it is over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.aws.telling import Event
from certkit.cli.channels import Channel, Voice, say_told
from certkit.cli.cloud import Cloud
from certkit.cli.deploying import Step
from certkit.cli.session import Session
from certkit.errors import CertkitError, NotBegunError
from certkit.ledger import Ledger
from certkit.ledger.lenient import LenientLedger
from certkit.manifest import CertificateSpec, Manifest, Telling
from certkit.notify.heard import Heard
from certkit.notify.outcome import Came, place_of, report
from certkit.notify.trouble import Ends, News, Place, Report, news
from certkit.record import CertificateRecord
from certkit.report import notices
from certkit.report import troubles as words

_UNTRIED: Final = frozenset({NotBegunError.code})
"""The codes of what was not begun because of something else, which is told itself."""


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
    try:
        with heard.locked(session.ledger_options.lock_timeout):
            for channel in _voice(session, manifest).channels():
                own = found.of(name for name, owner in found.owners.items() if channel.hears_of(owner))
                _send(session, channel, heard, own)
    except CertkitError as error:
        session.warn(f"owners were not told: {error.message}")


def _voice(session: Session, manifest: Manifest) -> Voice[News]:
    now = session.clock()
    return Voice(
        session,
        manifest.telling,
        cache(lambda: Cloud(session, manifest.regions).aws),
        mail=lambda new: (words.subject(new), words.mail(new, now)),
        chat=lambda new: words.chat(new, now),
        events=lambda new: [Event(notices.SOURCE, kind, detail, ()) for kind, detail in words.events(new)],
    )


def _send(session: Session, channel: Channel[News], heard: Heard, own: Report) -> None:
    new = news(own, heard.told(channel.name), session.clock())
    if new:
        try:
            channel.send(new)
        except CertkitError as error:
            session.warn(error.message)
            return
    heard.note(channel.name, new)
    if not new:
        return
    names = {one.place[0] for one in new.troubles} | {one.place[0] for one in new.recoveries}
    say_told(session, channel.name, len(names))


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
    """Returns the leaf that ACM holds; where ACM was not read for the decision, that of the ARN in the ledger."""
    current = getattr(step.decision, "current", None)
    if isinstance(current, CertificateRecord):
        return current.leaf
    if not step.memory.arns:
        return None
    try:
        return x.load(step.want.acm.leaf_der(step.memory.arns[-1]))
    except CertkitError:
        return None  # then it is told of again each week
