"""What stands in S3, Secrets Manager and Systems Manager, read with the caller's own permissions, decryption included."""

from typing import TYPE_CHECKING, Any, Final, assert_never

from certkit import limits
from certkit.aws.failures import explained
from certkit.aws.refusals.stores import TRANSLATIONS
from certkit.aws.sessions import Session
from certkit.errors import InputTooLargeError, InputUnreadableError
from certkit.sources import field
from certkit.sources.store import Address, Parameter, S3Object, Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient


def read(session: Session, address: Address) -> bytes:
    """Returns what stands at `address`: of an object everything, of the others the field that is named.

    Raises:
        AwsError: AWS refuses, or does not answer.
        InputTooLargeError: it is larger than any bundle.
        InputUnreadableError: it has no such field, or is cut off.
    """
    region = address.region or session.region
    match address:
        case S3Object():
            return _object(session, address, region)
        case Secret():
            return field.select(_secret(session, address, region), address.field)
        case Parameter():
            return field.select(_parameter(session, address, region), address.field)
    assert_never(address)


def _object(session: Session, address: S3Object, region: str) -> bytes:
    version = {"VersionId": address.version} if address.version else {}
    client = session.s3(region)
    with explained("reading it from S3", TRANSLATIONS):
        answer = client.get_object(Bucket=address.bucket, Key=address.key, **version)  # type: ignore[arg-type]  # a string
        size, body = answer["ContentLength"], answer["Body"]
        try:
            # Looked at before any of it is read; no more comes than was announced.
            if size > limits.MAX_SOURCE_BYTES:
                raise InputTooLargeError(
                    f"it has {size:,} bytes, and no bundle has more than {limits.MAX_SOURCE_BYTES >> 20} MiB"
                )
            return body.read()
        finally:
            body.close()


def _secret(session: Session, address: Secret, region: str) -> bytes:
    which = {"VersionId": address.version, "VersionStage": address.stage}
    given = {name: value for name, value in which.items() if value}
    client: SecretsManagerClient = session.client("secretsmanager", region)
    with explained(f"reading the secret in {region}", TRANSLATIONS):
        answer: Mapping[str, Any] = client.get_secret_value(SecretId=address.id, **given)
        # Which of the two is there depends on how the secret was stored.
        value: bytes = answer["SecretString"].encode() if "SecretString" in answer else answer["SecretBinary"]
    return value


def _parameter(session: Session, address: Parameter, region: str) -> bytes:
    client: SSMClient = session.client("ssm", region)
    with explained(f"reading the parameter in {region}", TRANSLATIONS):
        answer = client.get_parameter(Name=address.name, WithDecryption=True)
        value = answer["Parameter"]["Value"].encode()
    if field.is_cut_off(value):
        raise InputUnreadableError(
            f"its {len(value):,} characters are a bundle that is cut off{_full(value)}", hint=_HINT
        )
    return value


def _full(value: bytes) -> str:
    kind = limits.PARAMETER_CHARACTERS.get(len(value))
    return f": a {kind} parameter holds no more" if kind else ""


_HINT: Final = "store it again, as an advanced parameter (8 KB), in Secrets Manager (64 KB) or in S3; base64 makes a PFX a third larger"
