"""Deletes a certificate that can go, once ACM itself has said so right before."""

from dataclasses import dataclass
from enum import StrEnum

from certkit.aws.acm import IN_PROGRESS, NOT_FOUND, Acm
from certkit.bundle import Bundle
from certkit.errors import AwsError, AwsRefusedError, AwsUnreachableError, CertkitError
from certkit.journal import Journal
from certkit.ledger import Outcome
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
    record = _present(acm, arn)
    if record is None:
        return Removal(candidate, Fate.KEPT, "it is gone already")
    desired = _as_it_is(candidate, record)
    with journal.locked(desired):
        record = _present(acm, arn)
        if record is None:
            return Removal(candidate, Fate.KEPT, "it is gone already")
        successor = _present(acm, candidate.successor.summary.arn) if candidate.successor else None
        doubt = why_not(candidate, record, successor)
        return Removal(candidate, Fate.KEPT, doubt) if doubt else _delete(acm, candidate, record, desired, journal)


def _delete(acm: Acm, candidate: Candidate, record: CertificateRecord, desired: Desired, journal: Journal) -> Removal:
    entry = journal.begin_delete(desired, record)
    try:
        request_id = acm.delete(record.arn)
    except AwsError as error:
        if error.aws_code == NOT_FOUND:
            told = journal.end(entry, Outcome.DONE, request_id=error.request_id, detail="another run was faster")
            return Removal(candidate, Fate.DELETED, "; ".join(told) or None)
        outcome = Outcome.UNKNOWN if isinstance(error, AwsUnreachableError) else Outcome.FAILED
        journal.end(entry, outcome, request_id=error.request_id, detail=error.message)
        return Removal(candidate, Fate.FAILED, error=error)
    detail = f"pruned: {candidate.reason.value}"
    return Removal(
        candidate,
        Fate.DELETED,
        "; ".join(journal.end(entry, Outcome.DONE, request_id=request_id, detail=detail)) or None,
    )


def _present(acm: Acm, arn: str) -> CertificateRecord | None:
    try:
        return acm.record(arn)
    except AwsRefusedError as error:
        if error.aws_code not in {NOT_FOUND, IN_PROGRESS}:
            raise
        return None


def _as_it_is(candidate: Candidate, record: CertificateRecord) -> Desired:
    """Returns what the journal knows a certificate by: nothing of it is to be written."""
    listed = candidate.listed
    bundle = Bundle(record.leaf, record.chain, None, None, is_complete=False, was_reordered=False, dropped=(), notes=())
    return Desired(record.name, record.arn, listed.account or "", listed.region or "", bundle, {})
