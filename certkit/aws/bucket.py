"""An escrow in S3: one bucket with versions, each object encrypted under a KMS key."""

from collections.abc import Iterator
from threading import Lock
from typing import TYPE_CHECKING

from certkit import limits
from certkit.aws import assurance
from certkit.aws.failures import explained
from certkit.aws.refusals.escrow import TRANSLATIONS
from certkit.errors import EscrowError, EscrowUnreadableError
from certkit.escrow.where import CLOSE, KEEP_VERSIONS, InBucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class BucketStore:
    """Deposits as objects of a bucket that is there already."""

    def __init__(self, client: "S3Client", where: InBucket) -> None:
        self._client = client
        self._where = where
        self._lock = Lock()
        self._is_checked = False

    def put(self, path: str, kept: bytes) -> None:
        """Puts an object; see `Store`.

        Raises:
            EscrowError: the bucket keeps no versions or is public; nothing was put. Or it was, and not as was asked.
        """
        with self._lock:
            if not self._is_checked:
                self._check()
                self._is_checked = True
        where = self._where
        with explained(f"keeping a bundle in {where}", TRANSLATIONS):
            answer = self._client.put_object(
                Bucket=where.bucket,
                Key=self._key(path),
                Body=kept,
                ContentType="application/octet-stream",
                ServerSideEncryption="aws:kms",
                SSEKMSKeyId=where.kms_key,
            )
        # The answer MUST say so: a key under which nobody asked for encryption would not be noticed for years.
        if answer.get("ServerSideEncryption") != "aws:kms":
            raise EscrowError(f"{where}: S3 does not say that it encrypted the bundle under the KMS key")
        if answer.get("VersionId", "null") == "null":
            raise self._unversioned()

    def get(self, path: str) -> bytes:
        """Reads an object; see `Store`."""
        with explained(f"taking a bundle out of {self._where}", TRANSLATIONS):
            answer = self._client.get_object(Bucket=self._where.bucket, Key=self._key(path))
            size, body = answer["ContentLength"], answer["Body"]
            try:
                kept = body.read() if size <= limits.MAX_ESCROW_BYTES else b""
            finally:
                body.close()
        if size > limits.MAX_ESCROW_BYTES:
            raise EscrowUnreadableError(f"{path}: it is larger than any deposit")
        return kept

    def files(self, folder: str) -> Iterator[str]:
        """Yields names; see `Store`."""
        prefix = f"{self._key(folder)}/"
        with explained(f"listing the bundles in {self._where}", TRANSLATIONS):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._where.bucket, Prefix=prefix)
            found = [item["Key"].removeprefix(prefix) for page in pages for item in page.get("Contents", ())]
        yield from found

    def _key(self, path: str) -> str:
        return f"{self._where.prefix}/{path}" if self._where.prefix else path

    def _check(self) -> None:
        """Checks, as far as the caller may look, that a key can be put there: what is denied shows in the answer later.

        Raises:
            EscrowError: the bucket keeps no versions, or its policy opens it to everybody.
        """
        bucket = self._where.bucket
        if assurance.keeps_versions(self._client, bucket) is False:
            raise self._unversioned()
        if assurance.is_public(self._client, bucket):
            raise EscrowError(
                f"the bucket {bucket} is public: its policy opens it to everybody, and private keys would stand in it",
                hint=CLOSE,
            )

    def _unversioned(self) -> EscrowError:
        bucket = self._where.bucket
        return EscrowError(
            f"the bucket {bucket} keeps no versions: a bundle in it could be overwritten or deleted for good",
            hint=KEEP_VERSIONS.format(bucket=bucket),
        )
