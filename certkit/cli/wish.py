"""What the user asked `import` for, and what can be told of it without a look at ACM."""

from dataclasses import dataclass

from certkit import record, tags
from certkit.aws import partitions
from certkit.aws.sessions import Identity
from certkit.cli.cloud import Cloud
from certkit.errors import AwsAuthError, ContentError, UsageError
from certkit.record import Place
from certkit.rules import CRITERIA


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked `import` for.

    Attributes:
        services: what it is for.
        ignore: the rules to pass over, and `reason` why.
        is_patient: whether ACM is given more time to show what it was given.
        purges_tags: whether the tags go that are neither the user's nor certkit's nor AWS's own.
        config: the configuration, None for that of the working folder.
        verifies: whether to see afterwards what is served.
        endpoints: where, if the user says so.
    """

    source: str
    name: str | None
    arn: str | None
    tags: tuple[str, ...]
    services: tuple[str, ...]
    ignore: tuple[str, ...]
    reason: str | None
    is_patient: bool
    purges_tags: bool = False
    config: str | None = None
    verifies: bool = False
    endpoints: tuple[str, ...] = ()


def check(wish: Wish) -> dict[str, str]:
    """Returns the user's tags, once all that can be told without reading anything is right.

    Raises:
        UsageError: something is not.
    """
    if wish.name is None and wish.arn is None:
        raise UsageError("say what it is called", hint="certkit import SOURCE --name NAME, the same NAME run after run")
    if wish.name is not None:
        tags.check_name(wish.name)
    if wish.arn is not None:
        check_arn(wish.arn)
    if wish.ignore and not (wish.reason or "").strip():
        raise UsageError("--ignore needs a --reason TEXT")
    unknown = sorted({*wish.ignore} - {rule.id for rule in CRITERIA})
    if unknown:
        raise UsageError(f"there is no rule {unknown[0]!r}", hint="certkit rules lists them")
    without_bundle = sorted({*wish.ignore} & {error.code for error in ContentError.__subclasses__()})
    if without_bundle:
        raise UsageError(
            f"{without_bundle[0]} cannot be passed over: it leaves no bundle that could be sent",
            hint=f"certkit rules {without_bundle[0]} says what to do",
        )
    return tags.parse(wish.tags)


def regions_of(cloud: Cloud, wish: Wish) -> tuple[str, ...]:
    """Returns the regions to import into: the ARN's own, else those that the user named.

    Raises:
        UsageError: `--region` names others than the ARN, or `all`.
    """
    return regions_to_write(cloud, wish.arn)


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
