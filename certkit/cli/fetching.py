"""The wiring of what SOURCEs and passwords name in AWS: stores, and certificates in ACM."""

from certkit.aws import stores
from certkit.aws.acm import Acm
from certkit.aws.partitions import partition_of
from certkit.aws.sessions import Session as AwsSession
from certkit.cli.cloud import Cloud
from certkit.cli.session import Session
from certkit.errors import UsageError
from certkit.record import place_of
from certkit.sources import store


def fetch(session: Session, source: str) -> bytes:
    """Reads what `source` names, as the caller that the options and the environment say.

    Raises:
        UsageError: it names nothing.
        CertkitError: AWS refuses or does not answer, or what is there cannot be used.
    """
    if source.startswith("arn:"):
        return Acm(caller(session), _region(source)).pem(source)
    address = store.parse(source)
    return stores.read(caller(session), address)


def _region(arn: str) -> str:
    """Returns the region of a certificate in ACM.

    Raises:
        UsageError: it is no certificate's ARN.
    """
    place = place_of(arn)
    if place is None or place.partition != partition_of(place.region):
        raise UsageError(
            "it is not the ARN of a certificate in ACM",
            hint="certkit status shows those; secretsmanager://ARN and ssm://ARN read what stands in a store",
        )
    return place.region


def caller(session: Session) -> AwsSession:
    """Returns the caller, the same one for all SOURCEs of a run: to read boto3's service models takes longest."""
    options = session.aws_options
    whom = (options.profile, options.role_arn, options.external_id)
    found = session.callers.get(whom)
    if not isinstance(found, AwsSession):
        found = session.callers[whom] = Cloud(session).aws
    return found
