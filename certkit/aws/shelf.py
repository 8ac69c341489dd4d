"""JSON documents under one prefix of a bucket: what the workers of a fleet tell each other. Never a key in them."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from certkit.aws.failures import explained
from certkit.aws.refusals.stores import TRANSLATIONS
from certkit.errors import AwsError, InputUnreadableError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NO_OBJECT: Final = "NoSuchKey"

Document = TypeVar("Document")


class Shelf:
    """A place for documents.

    Args:
        prefix: what their keys begin with, without a slash at its end.
    """

    def __init__(self, client: "S3Client", bucket: str, prefix: str) -> None:
        self.bucket = bucket
        self._client = client
        self._prefix = prefix

    def __str__(self) -> str:
        """Returns where it is."""
        return f"s3://{self.bucket}/{self._prefix}"

    def key(self, name: str) -> str:
        """Returns the key that a document has in the bucket."""
        return f"{self._prefix}/{name}"

    def put(self, name: str, document: object) -> None:
        """Puts a document, in the place of the one that had its name.

        Raises:
            AwsError: S3 refuses, or does not answer.
        """
        with explained(f"writing {self}/{name}", TRANSLATIONS):
            self._client.put_object(
                Bucket=self.bucket,
                Key=self.key(name),
                Body=json.dumps(document, indent=1, sort_keys=True).encode(),
                ContentType="application/json",
            )

    def get(self, name: str, read: Callable[[Any], Document]) -> Document:
        """Returns a document.

        Args:
            read: makes of JSON what is returned; ValueError, TypeError or KeyError say that this is no such document.

        Raises:
            AwsError: S3 refuses, or does not answer.
            InputUnreadableError: what is there is none that `put` wrote.
        """
        with explained(f"reading {self}/{name}", TRANSLATIONS):
            body = self._client.get_object(Bucket=self.bucket, Key=self.key(name))["Body"].read()
        try:
            return read(json.loads(body))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise InputUnreadableError(
                f"{self}/{name} is no document of a fleet's", hint="start a new execution; nobody else may write there"
            ) from error

    def find(self, name: str, read: Callable[[Any], Document]) -> Document | None:
        """Returns a document, None where there is none; S3 tells those apart only for who may list the bucket.

        Raises:
            CertkitError: as `get`.
        """
        try:
            return self.get(name, read)
        except AwsError as error:
            if error.aws_code != _NO_OBJECT:
                raise
            return None
