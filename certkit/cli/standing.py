"""The wiring of `validate --against`: what the certificate is to replace, in ACM or in a SOURCE that stands for it."""

from collections.abc import Sequence
from typing import Final

from certkit import certificate as x
from certkit import reimport
from certkit.cli import wiring
from certkit.cli.options import ReadingOptions
from certkit.cli.session import Session
from certkit.errors import AwsRefusedError, UsageError
from certkit.password import Passwords
from certkit.record import Place, place_of
from certkit.reimport import Breach, Clause, Target

_NOT_ISSUED: Final = "nothing has been issued there: it was requested, and only an imported one can be replaced"


def target_of(session: Session, against: str, regions: Sequence[str]) -> Target:
    """Returns what stands under the ARN, or in the SOURCE, `against`. AWS is asked for an ARN alone.

    Args:
        regions: those that the new certificate is for; none for the ARN's own.

    Raises:
        UsageError: it is no certificate's ARN, or nothing stands under it.
        CertkitError: AWS refuses or does not answer, or the SOURCE cannot be read or holds no certificate.
    """
    return _in_acm(session, against, regions) if against.startswith("arn:") else _in_source(session, against)


def _in_source(session: Session, source: str) -> Target:
    how = wiring.Reading(ReadingOptions(), Passwords(), (), wants_keys=False)
    return Target(source, x.to_der(wiring.read_bundle(session, source, how).leaf))


def _in_acm(session: Session, arn: str, regions: Sequence[str]) -> Target:
    from certkit.aws import partitions

    place = place_of(arn)
    if place is None:
        raise UsageError(f"{arn!r} is not the ARN of a certificate in ACM", hint="certkit status shows those")
    misplaced = reimport.misplaced(place, partitions.partition_of(place.region), regions)
    return Target(arn, None, misplaced=misplaced) if misplaced else _held(session, arn, place)


def _held(session: Session, arn: str, place: Place) -> Target:
    from certkit.aws.acm import IN_PROGRESS, NOT_FOUND, Acm
    from certkit.cli.cloud import Cloud

    try:
        record = Acm(Cloud(session).aws, place.region).record(arn)
    except AwsRefusedError as error:
        if error.aws_code == NOT_FOUND:
            raise UsageError(
                f"there is no certificate {arn}", hint="certkit status shows those that are there"
            ) from error
        if error.aws_code != IN_PROGRESS:
            raise
        return Target(arn, None, misplaced=(Breach(Clause.NOT_IMPORTED, _NOT_ISSUED),))
    return Target(arn, x.to_der(record.leaf), record.kind)
