"""The wiring of the proof: after a write, the endpoints are looked at, and what they serve is written down and told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from cryptography import x509

from certkit import proof, rollout, verify
from certkit.apply import Result, Row
from certkit.aws.sessions import Session as AwsSession
from certkit.cli import deriving, wiring
from certkit.cli.conduct import Conduct
from certkit.cli.deploying import Step
from certkit.cli.looking import Glance, Way, look_until
from certkit.cli.manifests import Prepared
from certkit.cli.session import Session
from certkit.cli.settings import ReadingOptions
from certkit.errors import CertkitError
from certkit.ledger import Entry
from certkit.ledger.lenient import LenientLedger
from certkit.manifest import CertificateSpec, Origin
from certkit.proof import Front, Proof, Subject
from certkit.report import proof as report
from certkit.sources.endpoint import parse_host
from certkit.target import Failure, place

_PARALLEL = 16
"""Endpoints looked at side by side."""

_WRITTEN = frozenset({"imported", "reimported"})


def prove_specs(
    prepared: Prepared, specs: Iterable[CertificateSpec], rows: Sequence[Row], *, derives: bool = False
) -> tuple[Proof, ...]:
    """Looks at the endpoints that the manifest names for certificates and the places that hold them now.

    Args:
        derives: whether, where it names none, those of what uses the certificate are looked at.
    """
    session = prepared.conduct.session
    done = [(spec, own) for spec in specs if (own := _done(spec, rows))]
    waiting = rollout.waiting(rows)
    where = {spec.name: _named(spec, own, is_everywhere=spec.name not in waiting) for spec, own in done}
    unnamed = [one for spec, own in done for one in own if not where[spec.name]] if derives else []
    found = deriving.fronts(session, unnamed, callers(prepared.steps)) if unnamed else {}
    subjects = []
    for spec, own in done:
        chosen = where[spec.name] or tuple(front for one in own for front in found.get(one.arn or "", ()))
        if chosen:
            subjects.append(subject(own, chosen, roots(session, spec.origin)))
    return prove(prepared.conduct, subjects, next((step.want.caller for step in prepared.steps), ""))


def callers(steps: Iterable[Step]) -> dict[str, AwsSession]:
    """Returns the caller in each account that something was to be done in."""
    return {step.want.desired.account: step.want.acm.session for step in steps}


def _named(spec: CertificateSpec, own: Iterable[Result], *, is_everywhere: bool) -> tuple[Front, ...]:
    """Returns the endpoints of the certificate as a whole, once all its waves are done, and those of the places that hold it."""
    everywhere = spec.renewal.verify if is_everywhere else ()
    return fronts((*everywhere, *rollout.endpoints(spec, map(place, own))))


def _done(spec: CertificateSpec, rows: Iterable[Row]) -> list[Result]:
    """Returns what came out well of one certificate: ACM holds it there."""
    own = [row for row in rows if not isinstance(row, Failure) and row.desired.name == spec.name]
    return [row for row in own if row.error is None and row.withheld is None]


def subject(
    results: Sequence[Result], where: tuple[Front, ...], roots: tuple[x509.Certificate, ...], *, is_new: bool = False
) -> Subject:
    """Returns one certificate in all its regions and accounts as what is to be served.

    Args:
        is_new: whether it counts as just written, even where nothing had to be.
    """
    first = results[0]
    desired = first.desired
    is_written = is_new or any(one.action in _WRITTEN for one in results)
    return Subject(desired.name, first.arn, desired.account, desired.region, desired.bundle, where, roots, is_written)


def fronts(texts: Iterable[str]) -> tuple[Front, ...]:
    """Reads `HOST` or `HOST:PORT`, each once.

    Raises:
        UsageError: one of them is neither.
    """
    return tuple(dict.fromkeys(Front(parse_host(text)) for text in texts))


def roots(session: Session, origin: Origin) -> tuple[x509.Certificate, ...]:
    """Returns the roots that the manifest names for a certificate; without them, and a warning, where they cannot be read."""
    options = ReadingOptions()
    options.roots = origin.roots
    try:
        return wiring.roots_of(wiring.reading(replace(session, reading_options=options), ()))
    except CertkitError as error:
        session.warn(f"{error.message}: chains are held against the public roots alone")
        return ()


def prove(conduct: Conduct, subjects: Sequence[Subject], caller: str = "") -> tuple[Proof, ...]:
    """Looks until all fronts serve the certificate, for as long as ACM may take to show a write; once, where none was made.

    Fronts that serve it by the ledger are left out. What is seen goes into the ledger; that this fails stops nothing.
    """
    known = [(one, _remembered(conduct, one)) for one in subjects]
    pending = [_Pending(one, front, last) for one, last in known for front in proof.unproven(one, last)]
    seconds = conduct.read_back_seconds if any(one.subject.is_written for one in pending) else 0.0
    found: dict[_Pending, Proof] = {}
    session = conduct.session

    def look() -> bool:
        found.update(_look(session, [one for one in pending if one not in found or found[one].is_open]))
        return not any(one.is_open for one in found.values())

    look_until(session, look, bool, seconds, "not everything is served yet: looking again")
    for one, seen in found.items():
        _note(conduct, one, seen, caller)
    return tuple(found.values())


@dataclass(frozen=True, slots=True, eq=False)
class _Pending:
    """One front that is to be looked at, with what the ledger says of its certificate."""

    subject: Subject
    front: Front
    known: Mapping[str, Entry]


def _remembered(conduct: Conduct, one: Subject) -> Mapping[str, Entry]:
    """Returns what the ledger holds on the fronts of a certificate; of one without a name, or where it cannot be read, nothing."""
    if one.name is None:
        return {}
    ledger = LenientLedger(conduct.ledger, lambda: True, conduct.session.say_more)
    return proof.remembered(one.bundle, ledger.entries(one.name))


def _look(session: Session, pending: Sequence[_Pending]) -> dict[_Pending, Proof]:
    """Looks at all of them once, side by side."""
    from certkit.parallel import in_order

    return dict(zip(pending, in_order((partial(_seen, session, one) for one in pending), _PARALLEL), strict=True))


def _seen(session: Session, pending: _Pending) -> Proof:
    one, front = pending.subject, pending.front
    wanted = verify.want(front.target.host, one.bundle, one.roots)
    way = Way((front.door,) if front.door else ())
    return Proof(one, front, Glance(session, one.title, front.target, wanted, way).look())


def _note(conduct: Conduct, pending: _Pending, seen: Proof, caller: str) -> None:
    """Writes down what is news; where that fails, the next run looks again, and nothing is lost."""
    session = conduct.session
    entry = proof.entry_of(seen, session.run, caller, conduct.command, session.clock())
    if not proof.is_news(entry, pending.known):
        return
    try:
        conduct.ledger.write(entry)
    except CertkitError as error:
        session.warn(f"the ledger does not say what is served: {error.message}; the next run looks again")


def exit_code(proofs: Iterable[Proof], *, is_good: bool) -> int:
    """Returns the exit code of a command that writes and then looks: what failed counts more than what is not served."""
    return proof.exit_code(proofs) if is_good else CertkitError.exit_code


def summary(done: str, proofs: Sequence[Proof]) -> str:
    """Returns the counts of what was done, and behind them those of what is served."""
    return "; ".join(filter(None, (done, report.counts(proofs))))


def show(session: Session, proofs: Iterable[Proof]) -> None:
    """Shows a person what each endpoint serves."""
    for one in proofs:
        session.show(report.text(one))
