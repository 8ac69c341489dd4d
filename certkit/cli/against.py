"""The wiring of `validate --against`: the certificate to be replaced, in ACM or in a SOURCE that stands for it."""

from collections.abc import Sequence
from typing import Final

from certkit import certificate as x
from certkit import reimport
from certkit.cli import wiring
from certkit.cli.session import Session
from certkit.cli.settings import ReadingOptions
from certkit.errors import AwsRefusedError, UsageError
from certkit.password import Passwords
from certkit.record import Place, place_of
from certkit.reimport import Breach, Clause, Target

_NOT_ISSUED: Final = "nothing has been issued there: it was requested, and only an imported one can be replaced"


def regions_of(named: Sequence[str], against: str | None) -> tuple[str, ...]:
    """Returns the regions that the bundles are for: those that were named, else that of the ARN to be replaced."""
    place = place_of(against) if against else None
    return tuple(named) or ((place.region,) if place else ())


def target_of(session: Session, given: Sequence[str], against: str | None, regions: Sequence[str]) -> Target | None:
    """Returns what the bundles are to replace, None where nothing was named. AWS is asked only about an ARN.

    Args:
        given: the SOURCEs of the bundles.
        against: an ARN, or the SOURCE of a certificate that stands for what ACM holds.
        regions: those that the bundles are for; none for the ARN's own.

    Raises:
        UsageError: it is no certificate's ARN, nothing stands under it, or standard input would be read twice.
        CertkitError: AWS refuses or does not answer, or the SOURCE cannot be read or holds no certificate.
    """
    if against is None:
        return None
    if against == "-" and "-" in {*given, session.reading_options.key, session.reading_options.chain}:
        raise UsageError("standard input can be read once only", hint="put one of the two into a file")
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
