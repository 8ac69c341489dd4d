"""Where the escrow is, and under which key: `s3://BUCKET/PREFIX?kms_key=KEY` or `file:///FOLDER?recipient=FILE`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from certkit.errors import UsageError
from certkit.region import is_region

BUCKET_PATTERN: Final = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html."""

KMS_KEY_PATTERN: Final = (
    "arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+|alias/[A-Za-z0-9/_-]+|[A-Za-z0-9-]{1,256}"
)
"""https://docs.aws.amazon.com/kms/latest/developerguide/concepts-key-id.html: an ARN, an alias or an ID."""

PREFIX_PATTERN: Final = r"[A-Za-z0-9!_.*'()/-]{1,500}"
"""Characters that are safe in a key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html."""

_OF_BUCKET: Final = frozenset({"kms_key", "region", "recipient"})
_OF_FOLDER: Final = frozenset({"recipient"})
KEEP_VERSIONS: Final = "aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled"
CLOSE: Final = "aws s3api put-public-access-block closes it; then look who has read it"
"""What makes a bucket safe."""

_HINT: Final = "s3://BUCKET/PREFIX?kms_key=KEY, or file:///FOLDER?recipient=CERTIFICATE"


@dataclass(frozen=True, slots=True)
class InBucket:
    """An escrow in S3.

    Attributes:
        prefix: what all keys begin with, empty or without a slash at its end.
        region: of the bucket, None where S3 is to find it.
        kms_key: what S3 encrypts each object under.
        recipient: the file of the certificate to close them to besides, None for none.
    """

    bucket: str
    prefix: str
    region: str | None
    kms_key: str
    recipient: Path | None = None

    def __str__(self) -> str:
        """Returns what a person reads."""
        return f"s3://{self.bucket}/{self.prefix}"


@dataclass(frozen=True, slots=True)
class InFolder:
    """An escrow on this machine, closed to the key of a certificate."""

    folder: Path
    recipient: Path

    def __str__(self) -> str:
        """Returns what a person reads."""
        return str(self.folder)


Where = InBucket | InFolder


def parse(url: str) -> Where:
    """Returns where an escrow is.

    Raises:
        UsageError: that is no place for one.
    """
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError as error:  # brackets of an IPv6 address that is none
        raise UsageError(f"{url!r} names no escrow", hint=_HINT) from error
    given = dict(pairs)
    known = {"s3": _OF_BUCKET, "file": _OF_FOLDER}.get(parts.scheme, frozenset())
    if not known or parts.fragment or len(given) < len(pairs) or not set(given) <= known:
        raise UsageError(f"{url!r} names no escrow", hint=_HINT)
    if parts.scheme == "s3":
        return in_bucket(parts.netloc, unquote(parts.path), given)
    if parts.netloc or "recipient" not in given:
        raise UsageError(f"{url!r}: a folder needs the certificate to close bundles to", hint=_HINT)
    return InFolder(Path(unquote(parts.path)), Path(given["recipient"]))


def in_bucket(bucket: str, prefix: str, given: Mapping[str, str]) -> InBucket:
    """Returns an escrow in S3.

    Args:
        given: `kms_key`, and where they are said `region` and `recipient`.

    Raises:
        UsageError: one of them is none.
    """
    prefix = prefix.strip("/")
    kms_key, region = given.get("kms_key"), given.get("region")
    if kms_key is None:
        raise UsageError(
            "an escrow in S3 needs a KMS key", hint="kms_key=: S3's own key opens to whoever may read the bucket"
        )
    for name, value, pattern in (
        ("bucket", bucket, BUCKET_PATTERN),
        ("prefix", prefix or "-", PREFIX_PATTERN),
        ("kms_key", kms_key, KMS_KEY_PATTERN),
    ):
        if not re.fullmatch(pattern, value, re.ASCII):
            raise UsageError(f"the escrow: {value!r} is no {name}", hint=_HINT)
    if region is not None and not is_region(region):
        raise UsageError(f"the escrow: {region!r} is no region", hint="name one such as us-east-1")
    recipient = given.get("recipient")
    return InBucket(bucket, prefix, region, kms_key, Path(recipient) if recipient else None)
