"""What follows from an ARN that the user names: where the certificate is, and in whose account."""

from certkit import record
from certkit.aws import partitions
from certkit.aws.sessions import Identity
from certkit.cli.cloud import Cloud
from certkit.errors import AwsAuthError, UsageError
from certkit.record import Place


def regions_to_write(cloud: Cloud, arn: str | None) -> tuple[str, ...]:
    """Returns the region of the ARN, without one those that the user named.

    Raises:
        UsageError: `--region` names others than the ARN, or `all`.
    """
    place = record.place_of(arn) if arn else None
    if place is None:
        return cloud.regions()
    named = cloud.named_regions()
    if named and named != (place.region,):
        raise UsageError(
            f"the ARN is in {place.region}, and --region says {', '.join(named)}", hint="leave --region out"
        )
    return (place.region,)


def check_account(arn: str | None, identity: Identity) -> None:
    """Checks that the caller is in the ARN's account, where ACM would only say that there is no such certificate.

    Raises:
        AwsAuthError: the ARN is another account's.
    """
    place = record.place_of(arn) if arn else None
    if place and place.account != identity.account:
        raise AwsAuthError(
            f"the ARN is in account {place.account}, and the caller in {identity.account}: {identity.arn}",
            hint="choose other credentials with --profile or --role-arn",
        )


def check_arn(arn: str) -> Place:
    """Returns where the certificate with this ARN is.

    Raises:
        UsageError: it is no certificate's ARN, or names a region of another partition.
    """
    place = record.place_of(arn)
    if place is None:
        raise UsageError(f"{arn!r} is not the ARN of a certificate in ACM", hint="certkit status shows those")
    if place.partition != partitions.partition_of(place.region):
        raise UsageError(f"{arn!r}: there is no region {place.region} in the partition {place.partition}")
    return place
