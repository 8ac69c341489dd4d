"""Deletes a certificate that can go, after ACM itself was asked about it right before."""

from dataclasses import dataclass
from enum import StrEnum

from certkit.aws.acm import Acm
from certkit.bundle import Bundle
from certkit.deletion import delete
from certkit.errors import CertkitError
from certkit.journal import Journal
from certkit.plan import Desired
from certkit.prune import Candidate, why_not
from certkit.record import CertificateRecord


class Fate(StrEnum):
    """What became of a candidate."""

    PLANNED = "delete"
    DELETED = "deleted"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Removal:
    """A candidate, and what became of it.

    Attributes:
        note: why it was kept, or what a person should know although it was deleted.
        error: why it could not be deleted.
    """

    candidate: Candidate
    fate: Fate
    note: str | None = None
    error: CertkitError | None = None


def remove(acm: Acm, candidate: Candidate, journal: Journal) -> Removal:
    """Deletes one certificate; errors stand in the result.

    1. The lock of its name keeps other runs from reimporting into it meanwhile.
    2. ACM is asked what it holds there now, what uses it, and what stands in its place: any doubt keeps it.
    3. The intent goes into the ledger, then the deletion to ACM, which refuses what is in use, then what came of it.
    """
    try:
        return _remove(acm, candidate, journal)
    except CertkitError as error:
        return Removal(candidate, Fate.FAILED, error=error)


def _remove(acm: Acm, candidate: Candidate, journal: Journal) -> Removal:
    arn = candidate.listed.summary.arn
    record = acm.find(arn)
    if record is None:
        return Removal(candidate, Fate.KEPT, "it is gone already")
    desired = _as_it_is(candidate, record)
    with journal.locked(desired):
        record = acm.find(arn)
        if record is None:
            return Removal(candidate, Fate.KEPT, "it is gone already")
        successor = acm.find(candidate.successor.summary.arn) if candidate.successor else None
        doubt = why_not(candidate, record, successor)
        return Removal(candidate, Fate.KEPT, doubt) if doubt else _delete(acm, candidate, record, desired, journal)


def _delete(acm: Acm, candidate: Candidate, record: CertificateRecord, desired: Desired, journal: Journal) -> Removal:
    came = delete(acm, desired, record, journal, f"pruned: {candidate.reason.value}")
    if came.error:
        return Removal(candidate, Fate.FAILED, error=came.error)
    return Removal(candidate, Fate.DELETED, "; ".join(came.warnings) or None)


def _as_it_is(candidate: Candidate, record: CertificateRecord) -> Desired:
    """Returns what the journal knows a certificate by; nothing of this is written to ACM."""
    listed = candidate.listed
    bundle = Bundle(record.leaf, record.chain, None, None, is_complete=False, was_reordered=False, dropped=(), notes=())
    return Desired(record.name, record.arn, listed.account or "", listed.region or "", bundle, {})
