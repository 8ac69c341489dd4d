"""The refusals of the stores that SOURCEs and passwords are read from: S3, Secrets Manager, Systems Manager."""

from typing import Final

from certkit import pages
from certkit.aws.refusals import account
from certkit.aws.refusals.translation import Translation

_S3_OBJECT: Final = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"
_GET_VALUE: Final = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html"
_DECRYPTION: Final = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html"
_PARAMETER: Final = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html"
_DENIED: Final = frozenset({"AccessDenied", "UnrecognizedClientException"})
_ELSEWHERE: Final = "the region may be another one: ?region=REGION behind it, or the whole ARN"

OWN: Final = (
    Translation(
        ("AccessDenied", "AccessDeniedException"),
        r"perform: kms:Decrypt(?! on resource: \S+ with an explicit)( on resource: (?P<resource>\S+))?",
        "the caller may read it, and may not decrypt it",
        "allow kms:Decrypt on its key, in the caller's policy and, across accounts, in the key's: {resource}",
        "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: kms:Decrypt on resource: "
        "arn:aws:kms:us-east-1:111122223333:key/1 because no identity-based policy allows the kms:Decrypt action",
        "https://repost.aws/knowledge-center/s3-access-denied-error-kms",
    ),
    Translation(
        ("AccessDeniedException", "DecryptionFailure"),
        r"Access to KMS is not allowed|ciphertext refers to a customer master key|can't decrypt",
        "the caller may read it, and may not decrypt it, or its key is gone",
        "allow kms:Decrypt on its key, and look whether the key is disabled",
        "Access to KMS is not allowed",
        _DECRYPTION,
    ),
    Translation(
        ("KMS.DisabledException", "KMS.KMSInvalidStateException", "KMS.NotFoundException", "InvalidKeyId"),
        r"",
        "the KMS key that it is encrypted with is disabled, about to be deleted, or gone",
        "enable the key again: aws kms describe-key shows its state",
        "arn:aws:kms:us-east-1:111122223333:key/1 is disabled.",
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
    ),
    Translation(
        ("AccessDenied",),
        r"^(?!.*explicit deny)",
        "the caller may not read it, or it is not there: without s3:ListBucket S3 does not say which",
        "allow s3:GetObject on the object, s3:GetObjectVersion for a version, and s3:ListBucket on the bucket",
        "Access Denied",
        _S3_OBJECT,
    ),
    Translation(
        ("NoSuchBucket",),
        r"",
        "there is no bucket of this name",
        "write it as s3://BUCKET/KEY; aws s3 ls shows the buckets of the account",
        "The specified bucket does not exist",
        pages.S3_ERRORS,
    ),
    Translation(
        ("NoSuchKey",),
        r"",
        "the bucket has no object under this key",
        "the whole key counts, letter by letter: aws s3 ls s3://BUCKET/ --recursive shows all",
        "The specified key does not exist.",
        pages.S3_ERRORS,
    ),
    Translation(
        ("NoSuchVersion", "InvalidArgument"),
        r"version",
        "the object has no such version",
        "aws s3api list-object-versions shows those that it has",
        "The specified version does not exist.",
        pages.S3_ERRORS,
    ),
    Translation(
        ("MethodNotAllowed",),
        r"",
        "this version is a mark that the object was deleted",
        "name the version before it: aws s3api list-object-versions",
        "The specified method is not allowed against this resource.",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html",
    ),
    Translation(
        ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"),
        r"",
        "the bucket is in another region",
        "name it: ?region=REGION behind the key",
        "The bucket you are attempting to access must be addressed using the specified endpoint.",
        pages.S3_ERRORS,
    ),
    Translation(
        ("InvalidObjectState",),
        r"",
        "the object is in an archive, from where it must be restored first",
        "aws s3api restore-object, or keep the bundle in a class of storage that is read at once",
        "The operation is not valid for the object's storage class",
        _S3_OBJECT,
    ),
    Translation(
        ("ResourceNotFoundException",),
        r"staging label|version",
        "the secret has no such version",
        "aws secretsmanager list-secret-version-ids shows those that it has",
        "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
        _GET_VALUE,
    ),
    Translation(
        ("ResourceNotFoundException",),
        r"",
        "there is no secret of this name in this account and region",
        _ELSEWHERE,
        "Secrets Manager can't find the specified secret.",
        _GET_VALUE,
    ),
    Translation(
        ("InvalidRequestException",),
        r"marked (for deletion|deleted)|scheduled for deletion",
        "the secret is about to be deleted",
        "aws secretsmanager restore-secret brings it back",
        "You can't perform this operation on the secret because it was marked for deletion.",
        _GET_VALUE,
    ),
    Translation(
        ("ParameterVersionNotFound",),
        r"",
        "the parameter has no such version or label",
        "aws ssm get-parameter-history shows those that it has",
        "Systems Manager could not find version 9 of /shop.",
        _PARAMETER,
    ),
    Translation(
        ("ParameterNotFound",),
        r"",
        "there is no parameter of this name in this account and region",
        f"a name with a / in it begins with one, ssm:///NAME; {_ELSEWHERE}",
        "",
        _PARAMETER,
    ),
    Translation(
        ("ThrottlingException", "Throttling", "SlowDown", "ServiceUnavailable"),
        r"",
        "",
        "run it again in a minute",
        "Rate exceeded",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-throughput.html",
    ),
    Translation(
        ("InternalError", "InternalFailure", "InternalServerError", "InternalServiceError"),
        r"",
        "",
        "run it again in a minute: nothing was changed",
        "We encountered an internal error. Please try again.",
        pages.S3_ERRORS,
    ),
)
"""Narrower ones first."""

TRANSLATIONS: Final = (*OWN, *(one for one in account.TRANSLATIONS if _DENIED & {*one.codes}))
"""These, and what every service says to whom it does not know or does not let in."""
