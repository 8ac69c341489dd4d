"""The wiring of `doctor`'s look at the escrow: what can be known of it without putting a bundle there."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from certkit import certificate as x
from certkit.aws import assurance
from certkit.aws.sessions import Identity
from certkit.cli import escrows, simulating
from certkit.cli.cloud import Cloud
from certkit.cli.session import Session
from certkit.doctor import Check, State, of_bucket, of_error, of_escrow, of_recipient
from certkit.errors import AwsDeniedError, AwsError, AwsRefusedError, CertkitError
from certkit.escrow.folder import FolderStore
from certkit.escrow.where import InBucket, Where
from certkit.policy import Role, Scope
from certkit.policy import of_escrow as statements


def vouch(session: Session, cloud: Cloud, configured: Where | None, identity: Identity, role: Role) -> Iterator[Check]:
    """Yields what was found out; nothing where there is no escrow, or for a reader, who does not reach it."""
    try:
        where = escrows.place(session, configured)
    except CertkitError as error:
        yield of_error("escrow", error, State.FAIL)
        return
    if where is None or role is Role.READER:
        return
    if isinstance(where, InBucket):
        yield from _bucket(cloud, where, identity, role)
    else:
        yield _folder(where.folder)
    if where.recipient is not None:
        yield _recipient(session, where.recipient)


def _bucket(cloud: Cloud, where: InBucket, identity: Identity, role: Role) -> Iterator[Check]:
    home = cloud.aws.home_region
    client = cloud.aws.s3(where.region or home)
    try:
        region = assurance.region_of(client, where) or home
        yield of_bucket(
            str(where), assurance.keeps_versions(client, where.bucket), assurance.is_public(client, where.bucket)
        )
    except AwsError as error:
        yield of_error("escrow", error, _state(error))
        return
    yield _key(cloud, where, region)
    scope = Scope(identity.account, (home,), escrow=where)
    yield simulating.ask(
        cloud, identity, home, "escrow permissions", statements(role, scope), partial(of_escrow, role.value)
    )


def _key(cloud: Cloud, where: InBucket, region: str) -> Check:
    """Asks KMS itself, which knows every policy of caller and key."""
    about = "escrow key"
    try:
        assurance.check_key(cloud.aws.client("kms", region), where.kms_key)
    except AwsError as error:
        return of_error(about, error, _state(error))
    return Check(about, State.OK, f"{where.kms_key}: the caller may encrypt under it")


def _folder(folder: Path) -> Check:
    try:
        FolderStore(folder).check()
    except CertkitError as error:
        return of_error("escrow", error, State.FAIL)
    return Check("escrow", State.OK, f"{folder} can be written")


def _recipient(session: Session, path: Path) -> Check:
    try:
        certificate = escrows.read_recipient(session, path)
    except CertkitError as error:
        return of_error("escrow recipient", error, State.FAIL)
    return of_recipient(x.title(certificate), certificate.not_valid_after_utc, session.clock())


def _state(error: AwsError) -> State:
    """Returns how something is that AWS refused; of what else went wrong nobody knows."""
    return State.FAIL if isinstance(error, AwsDeniedError | AwsRefusedError) else State.UNKNOWN
