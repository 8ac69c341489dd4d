"""JSON documents under one prefix of a bucket: what the workers of a fleet tell each other. Never a key in them."""

import json
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from certkit.aws.failures import code_of, explained
from certkit.aws.refusals.stores import TRANSLATIONS

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NO_OBJECT: Final = "NoSuchKey"


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

    def get(self, name: str) -> Any:  # noqa: ANN401 -- whatever was put
        """Returns a document.

        Raises:
            AwsError: S3 refuses, or does not answer.
        """
        with explained(f"reading {self}/{name}", TRANSLATIONS):
            return json.loads(self._client.get_object(Bucket=self.bucket, Key=self.key(name))["Body"].read())

    def find(self, name: str) -> Any | None:  # noqa: ANN401 -- whatever was put
        """Returns a document, None where there is none; S3 tells those apart only for who may list the bucket.

        Raises:
            AwsError: as `get`.
        """
        with explained(f"reading {self}/{name}", TRANSLATIONS):
            try:
                answer = self._client.get_object(Bucket=self.bucket, Key=self.key(name))
            except ClientError as error:
                if code_of(error) != _NO_OBJECT:
                    raise
                return None
            return json.loads(answer["Body"].read())
