"""The refusals that an escrow in S3 meets: of the bucket, and of the KMS key that S3 encrypts under."""

from typing import Final

from certkit import pages
from certkit.aws.refusals import account
from certkit.aws.refusals.translation import Translation

_SSE_KMS: Final = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
_OF_KEY: Final = (
    "DisabledException",
    "InvalidKeyUsageException",
    "KMSInvalidStateException",
    "NotFoundException",
    "UnsupportedOperationException",
)
"""What KMS says of a key, itself or by way of S3."""

OWN: Final = (
    Translation(
        ("AccessDenied", "AccessDeniedException"),
        r"perform: (?P<action>kms:\w+)",
        "the caller may use the bucket, and not its KMS key",
        "allow {action} on the key: kms:GenerateDataKey to keep bundles, kms:Decrypt to take them out",
        "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: kms:GenerateDataKey on resource: "
        "arn:aws:kms:us-east-1:111122223333:key/1 because no identity-based policy allows the kms:GenerateDataKey action",
        _SSE_KMS,
    ),
    Translation(
        ("AccessDenied",),
        r"",
        "the caller may not use the escrow's bucket",
        "allow s3:ListBucket and s3:GetBucketVersioning on the bucket, s3:PutObject and s3:GetObject on its objects",
        "Access Denied",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html",
    ),
    Translation(
        ("NoSuchBucket",),
        r"",
        "the escrow's bucket does not exist",
        "make it, with versioning on and public access blocked",
        "The specified bucket does not exist",
        pages.S3_ERRORS,
    ),
    Translation(
        ("NoSuchKey",),
        r"",
        "it is gone since it was listed",
        "a version of it may be left: aws s3api list-object-versions",
        "The specified key does not exist.",
        pages.S3_ERRORS,
    ),
    Translation(
        tuple(f"KMS.{code}" for code in _OF_KEY) + _OF_KEY,
        r"",
        "the escrow's KMS key cannot be used: it is none for symmetric encryption, disabled, gone, or in another region",
        "aws kms describe-key shows its state; it must be in the region of the bucket",
        "Key 'arn:aws:kms:us-east-1:111122223333:key/1' does not exist",
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
    ),
    Translation(
        ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"),
        r"",
        "the escrow's bucket is in another region",
        "name it: region = in [escrow], or ?region=REGION",
        "The bucket you are attempting to access must be addressed using the specified endpoint.",
        pages.S3_ERRORS,
    ),
    Translation(
        ("InternalError", "ServiceUnavailable", "SlowDown"),
        r"",
        "",
        "run it again in a minute: what is in ACM is as it should be",
        "We encountered an internal error. Please try again.",
        pages.S3_ERRORS,
    ),
)
"""Narrower ones first."""

TRANSLATIONS: Final = (*OWN, *(one for one in account.TRANSLATIONS if "UnrecognizedClientException" in one.codes))
"""These, and what every service says to whom it does not know."""
