"""Takes away the copies that an import without an idempotency token can leave behind."""

from certkit.aws.acm import NOT_FOUND, Acm
from certkit.deletion import delete
from certkit.errors import AwsRefusedError
from certkit.journal import Journal
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
    fresh = acm.find(record.arn)
    return fresh if fresh and fresh.name == desired.name else None


def _delete(acm: Acm, desired: Desired, spare: CertificateRecord, journal: Journal) -> tuple[str, ...]:
    came = delete(acm, desired, spare, journal)
    if came.error:
        why = f"{spare.arn} is a copy and stays for now: {came.error.message}; the next run tries again"
        return (why, *came.warnings)
    if came.was_gone:
        return came.warnings
    return (f"{spare.arn} was a copy of it that nothing used: it is deleted", *came.warnings)
