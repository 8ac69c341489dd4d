"""Takes away the copies that an import without an idempotency token can leave behind."""

from certkit.aws.acm import IN_PROGRESS, NOT_FOUND, Acm
from certkit.errors import AwsError, AwsRefusedError, AwsUnreachableError
from certkit.journal import Journal
from certkit.ledger import Outcome
from certkit.plan import Desired, Observed, removable
from certkit.record import CertificateRecord


def heal(acm: Acm, desired: Desired, observed: Observed, journal: Journal) -> tuple[str, ...]:
    """Deletes the copies of the certificate that stays, and returns what a person should know of it.

    Right before each, ACM is asked again what it holds, since another host may be at it too. ACM itself refuses to delete
    what is in use. A copy that cannot be deleted is a warning: the next run tries again.

    Raises:
        AwsError: ACM does not say what it holds.
        AmbiguousError: what it holds has become ambiguous.
        LedgerError: the ledger cannot be written.
    """
    warnings: tuple[str, ...] = ()
    for spare in removable(desired, observed):
        fresh = Observed(
            tuple(record for one in observed.own if (record := _reread(acm, one, desired))), made=observed.made
        )
        if spare.arn in {record.arn for record in removable(desired, fresh)}:
            warnings += _delete(acm, desired, spare, journal)
    return warnings


def is_gone(acm: Acm, arn: str) -> bool:
    """Tells whether ACM holds nothing under an ARN.

    Raises:
        AwsError: ACM does not say.
    """
    try:
        acm.tags(arn)
    except AwsRefusedError as error:
        if error.aws_code != NOT_FOUND:
            raise
        return True
    return False


def _reread(acm: Acm, record: CertificateRecord, desired: Desired) -> CertificateRecord | None:
    try:
        fresh = acm.record(record.arn)
    except AwsRefusedError as error:
        if error.aws_code not in {NOT_FOUND, IN_PROGRESS}:
            raise
        return None
    return fresh if fresh.name == desired.name else None


def _delete(acm: Acm, desired: Desired, spare: CertificateRecord, journal: Journal) -> tuple[str, ...]:
    entry = journal.begin_delete(desired, spare)
    try:
        request_id = acm.delete(spare.arn)
    except AwsError as error:
        if error.aws_code == NOT_FOUND:
            return journal.end(entry, Outcome.DONE, request_id=error.request_id, detail="another run was faster")
        outcome = Outcome.UNKNOWN if isinstance(error, AwsUnreachableError) else Outcome.FAILED
        told = journal.end(entry, outcome, request_id=error.request_id, detail=error.message)
        return (f"{spare.arn} is a copy and stays for now: {error.message}; the next run tries again", *told)
    told = journal.end(entry, Outcome.DONE, request_id=request_id)
    return (f"{spare.arn} was a copy of it that nothing used: it is deleted", *told)
