"""Whether bundles are safe in a bucket, and can be put there, as far as that shows without putting any."""

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from certkit.aws.failures import code_of, explained
from certkit.aws.refusals.escrow import TRANSLATIONS
from certkit.errors import AwsDeniedError, AwsRefusedError
from certkit.escrow.where import InBucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NO_POLICY: Final = "NoSuchBucketPolicy"
_UNSUPPORTED: Final = frozenset({_NO_POLICY, "NotImplemented", "MethodNotAllowed"})
_WOULD_WORK: Final = "DryRunOperationException"


def region_of(client: "S3Client", where: InBucket) -> str | None:
    """Looks into an escrow and returns the region of its bucket, None where S3 does not say.

    Raises:
        AwsError: the bucket cannot be reached, or the caller may not list it.
    """
    with explained(f"listing the bundles in {where}", TRANSLATIONS):
        below = f"{where.prefix}/" if where.prefix else ""
        answer = client.list_objects_v2(Bucket=where.bucket, Prefix=below, MaxKeys=1)
    return where.region or answer["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region")


def keeps_versions(client: "S3Client", bucket: str) -> bool | None:
    """Tells whether the bucket keeps versions, None where the caller may not look.

    Raises:
        AwsError: S3 refuses, or does not answer.
    """
    try:
        with explained(f"looking at the bucket {bucket}", TRANSLATIONS):
            return client.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled"
    except AwsDeniedError:
        return None


def is_public(client: "S3Client", bucket: str) -> bool | None:
    """Tells whether the bucket's policy opens it to everybody, None where the caller may not look.

    Objects themselves are private unless put otherwise.

    Raises:
        AwsError: S3 refuses, or does not answer.
    """
    try:
        with explained(f"looking at the bucket {bucket}", TRANSLATIONS):
            return bool(client.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"].get("IsPublic"))
    except AwsDeniedError:
        return None
    except AwsRefusedError as error:
        if error.aws_code not in _UNSUPPORTED:
            raise
        return False


def check_key(client: Any, key: str) -> None:  # noqa: ANN401 -- KMS's client, which has no types here
    """Asks KMS whether the caller could encrypt under a key, and has it make nothing.

    https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html

    Raises:
        AwsError: the caller could not, or KMS does not answer.
    """
    with explained(f"asking for the KMS key {key}", TRANSLATIONS):
        try:
            client.generate_data_key(KeyId=key, KeySpec="AES_256", DryRun=True)
        except ClientError as error:
            if code_of(error) != _WOULD_WORK:
                raise
