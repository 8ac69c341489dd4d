"""One deletion in ACM: the intent before it goes into the ledger, and what came of it after."""

from dataclasses import dataclass

from certkit.aws.acm import NOT_FOUND, Acm
from certkit.errors import AwsError, AwsUnreachableError
from certkit.journal import Journal
from certkit.ledger import Outcome
from certkit.plan import Desired
from certkit.record import CertificateRecord


@dataclass(frozen=True, slots=True)
class Deletion:
    """What came of a deletion.

    Attributes:
        warnings: what the ledger could not be told.
        error: why ACM still holds it, or why nobody knows; None where it is gone.
        was_gone: whether another run was faster.
    """

    warnings: tuple[str, ...]
    error: AwsError | None = None
    was_gone: bool = False


def delete(acm: Acm, desired: Desired, record: CertificateRecord, journal: Journal, detail: str = "") -> Deletion:
    """Deletes a certificate, on record; ACM itself refuses where something uses it.

    Args:
        desired: what the ledger knows it by.
        detail: why it is deleted.

    Raises:
        LedgerError: the intent cannot be written down; nothing was sent.
    """
    entry = journal.begin_delete(desired, record)
    try:
        request_id = acm.delete(record.arn)
    except AwsError as error:
        if error.aws_code == NOT_FOUND:
            told = journal.end(entry, Outcome.DONE, request_id=error.request_id, detail="another run was faster")
            return Deletion(told, was_gone=True)
        outcome = Outcome.UNKNOWN if isinstance(error, AwsUnreachableError) else Outcome.FAILED
        return Deletion(journal.end(entry, outcome, request_id=error.request_id, detail=error.message), error)
    return Deletion(journal.end(entry, Outcome.DONE, request_id=request_id, detail=detail))
