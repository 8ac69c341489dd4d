"""The wiring of `migrate`'s writes to the users of certificates: each with its intent in the ledger before it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from certkit import certificate as x
from certkit.aws.repoint import Swap, Swapped, repoint
from certkit.bundle import Bundle
from certkit.cli.whereabouts import Scene, used_by
from certkit.errors import AwsError, AwsUnreachableError, CertkitError
from certkit.journal import Journal
from certkit.ledger import Outcome
from certkit.migration import Move
from certkit.plan import Desired, Tag
from certkit.record import CertificateRecord


@dataclass(frozen=True, slots=True)
class Made:
    """A move, and what came of it.

    Attributes:
        came: None where it failed, or was not tried since an earlier one failed.
        warnings: what the ledger could not be told.
    """

    move: Move
    came: Swapped | None = None
    error: CertkitError | None = None
    warnings: tuple[str, ...] = ()


def carry_out(scene: Scene, moves: Iterable[Move], old: CertificateRecord, new: CertificateRecord) -> Iterator[Made]:
    """Has each user name `new` in place of `old`, one after the other; what fails stops the rest.

    Args:
        moves: each is asked for when the one before is done.

    Raises:
        LockedError: another run is at the certificate.
        LedgerError: the ledger cannot be written; nothing was sent.
    """
    desired, journal = as_it_is(scene, new), scene.journal
    with journal.locked(desired):
        _settle(scene, journal, desired, (old.arn, new.arn))
        failed = False
        for move in moves:
            made = Made(move) if failed else _move(scene, journal, move, old, new)
            failed = failed or made.error is not None
            yield made


def tag(
    scene: Scene, record: CertificateRecord, added: dict[str, str], removed: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Changes tags of a certificate, on record; returns what the ledger could not be told.

    Raises:
        CertkitError: the ledger cannot be written, or ACM refused or did not answer.
    """
    journal = scene.journal
    entry = journal.begin(Tag(as_it_is(scene, record), record, added, removed))
    try:
        request_id = scene.acm.remove_tags(record.arn, removed) if removed else ""
        request_id = scene.acm.add_tags(record.arn, added) if added else request_id
    except AwsError as error:
        journal.end(entry, _outcome(error), request_id=error.request_id, detail=error.message)
        raise
    changed = ", ".join([*(f"{key}={value}" for key, value in added.items()), *(f"{key} taken off" for key in removed)])
    return journal.end(entry, Outcome.DONE, request_id=request_id, detail=changed)


def as_it_is(scene: Scene, record: CertificateRecord) -> Desired:
    """Returns what the journal knows a certificate by: nothing of it is to be written."""
    return Desired(scene.name, None, scene.account, scene.region, bundle_of(record), {})


def bundle_of(record: CertificateRecord) -> Bundle:
    """Returns what ACM holds as a bundle without a key."""
    return Bundle(record.leaf, record.chain, None, None, is_complete=False, was_reordered=False, dropped=(), notes=())


def _move(scene: Scene, journal: Journal, move: Move, old: CertificateRecord, new: CertificateRecord) -> Made:
    user = move.user
    what = _what(user.arn, user.slot)
    scene.conduct.check_may_write()
    entry = journal.begin_repoint(as_it_is(scene, new), new, x.fingerprint(old.leaf), what)
    try:
        came = repoint(scene.aws, user, Swap(old.arn, new.arn))
    except AwsError as error:
        told = journal.end(entry, _outcome(error), request_id=error.request_id, detail=f"{what}: {error.message}")
        return Made(move, error=error, warnings=told)
    outcome = Outcome.FAILED if came is Swapped.ELSEWHERE else Outcome.DONE
    return Made(move, came, warnings=journal.end(entry, outcome, detail=f"{what}: {came.value}"))


def _settle(scene: Scene, journal: Journal, desired: Desired, arns: tuple[str, str]) -> None:
    """Writes down what came of the moves that earlier runs left open, by what the users name now."""
    unfinished = journal.unfinished_repoints(desired)
    if not unfinished:
        return
    named = {(user.certificate, _what(user.arn, user.slot)) for user in used_by(scene, *arns).users}
    for entry in unfinished:
        is_done = (entry.arn, entry.detail.partition(": ")[0]) in named
        outcome = Outcome.DONE if is_done else Outcome.FAILED
        told = "found later" if is_done else "it does not name it"
        journal.end(entry, outcome, detail=f"{entry.detail.partition(': ')[0]}: {told}")


def _what(arn: str, slot: str) -> str:
    return f"{arn} {slot}"


def _outcome(error: AwsError) -> Outcome:
    return Outcome.UNKNOWN if isinstance(error, AwsUnreachableError) else Outcome.FAILED
