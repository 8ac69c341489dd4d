"""What botocore raises, as errors that say whose move it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeAlias

from botocore import exceptions
from botocore.parsers import ResponseParserError

from certkit.aws.refusals import TRANSLATIONS, Translation, translate, without_input
from certkit.errors import (
    AwsAuthError,
    AwsDeniedError,
    AwsError,
    AwsNotSentError,
    AwsQuotaError,
    AwsRefusedError,
    AwsThrottledError,
    AwsUnreachableError,
    CertkitError,
    ConfigurationError,
    UsageError,
)

_KINDS: Final[dict[str, type[AwsError]]] = {
    "AccessDenied": AwsDeniedError,
    "AccessDeniedException": AwsDeniedError,
    "AuthFailure": AwsAuthError,
    "ExpiredToken": AwsAuthError,
    "ExpiredTokenException": AwsAuthError,
    "IncompleteSignature": AwsAuthError,
    "InvalidClientTokenId": AwsAuthError,
    "InvalidSignatureException": AwsAuthError,
    "LimitExceededException": AwsQuotaError,
    "MissingAuthenticationToken": AwsAuthError,
    "MissingAuthenticationTokenException": AwsAuthError,
    "OptInRequired": AwsDeniedError,
    "RequestExpired": AwsAuthError,
    "RequestLimitExceeded": AwsThrottledError,
    "SignatureDoesNotMatch": AwsAuthError,
    "Throttling": AwsThrottledError,
    "ThrottledException": AwsThrottledError,  # the tagging API's
    "ThrottlingException": AwsThrottledError,
    "TooManyRequestsException": AwsThrottledError,
    "UnauthorizedOperation": AwsDeniedError,
    "UnrecognizedClientException": AwsAuthError,
}
_DONE_PERHAPS: Final = "it may have been done all the same: run again, certkit looks before it writes"
_HINTS: Final[dict[type[AwsError], str]] = {
    AwsAuthError: "check the credentials: aws sts get-caller-identity; in a region that is opt-in, enable it first",
    AwsDeniedError: "the caller's policy must allow this action",
    AwsQuotaError: "ask AWS for a higher quota in Service Quotas, or delete certificates that nothing uses",
    AwsThrottledError: "run it again in a minute",
    AwsUnreachableError: _DONE_PERHAPS,
}
_SERVER_ERROR: Final = 500
_NO_ANSWER: Final = "no answer from AWS"
_Cause: TypeAlias = tuple[tuple[type[Exception], ...], type[CertkitError], str, str]
_CAUSES: Final[tuple[_Cause, ...]] = (
    (
        (exceptions.InvalidRegionError, exceptions.NoRegionError),
        UsageError,
        "that is no region",
        "name one with --region, such as us-east-1",
    ),
    (
        (exceptions.ConfigNotFound, exceptions.ConfigParseError, exceptions.InvalidConfigError),
        ConfigurationError,
        "the AWS configuration cannot be used",
        "aws configure list shows where it is read from",
    ),
    (
        (exceptions.NoCredentialsError, exceptions.PartialCredentialsError, exceptions.TokenRetrievalError),
        AwsAuthError,
        "there are no usable AWS credentials",
        "configure them as for the AWS CLI, or name a --profile",
    ),
    (
        (
            exceptions.CredentialRetrievalError,
            exceptions.LoginError,
            exceptions.MetadataRetrievalError,
            exceptions.RefreshWithMFAUnsupportedError,
            exceptions.SSOError,
        ),
        AwsAuthError,
        "the credentials have expired or cannot be had",
        "sign in again: aws sso login",
    ),
    (
        (exceptions.ConnectTimeoutError, exceptions.EndpointConnectionError, exceptions.ProxyConnectionError),
        AwsNotSentError,
        _NO_ANSWER,
        "nothing was sent: check the region's name, the network and AWS_ENDPOINT_URL",
    ),
    (
        (exceptions.SSLError,),  # in the handshake, when nothing was sent, or in the middle of an answer
        AwsUnreachableError,
        _NO_ANSWER,
        "check the network, AWS_ENDPOINT_URL and AWS_CA_BUNDLE, then run again: certkit looks before it writes",
    ),
    (
        (ResponseParserError, KeyError),
        AwsUnreachableError,
        "the answer is none of AWS's",
        "check AWS_ENDPOINT_URL and the proxy, then run again: certkit looks before it writes",
    ),
    (
        # Of what is read in pieces: an object in S3.
        (exceptions.ResponseStreamingError, exceptions.IncompleteReadError, exceptions.FlexibleChecksumError),
        AwsUnreachableError,
        "the answer broke off, or was damaged on its way",
        "run it again: nothing was changed",
    ),
    (
        (exceptions.HTTPClientError, exceptions.ConnectionError),
        AwsUnreachableError,
        _NO_ANSWER,
        _DONE_PERHAPS,
    ),
)
"""What botocore raises where there is no answer, narrowest first, with what it means and what to do."""


@contextmanager
def explained(what: str, known: Sequence[Translation] = TRANSLATIONS) -> Iterator[None]:
    """Turns what botocore raises inside the block into certkit's errors; `what` says what was being done.

    A KeyError counts as a member that AWS's answer lacks, so nothing else that may raise one belongs in the block.

    Args:
        known: the refusals of the service that is asked, ACM's unless told.

    Raises:
        AwsError: AWS refused, or did not answer.
        UsageError: the profile or the region is none.
        ConfigurationError: the AWS configuration cannot be used.
    """
    try:
        yield
    except exceptions.ClientError as error:
        raise _from_answer(what, error, known) from error
    except (exceptions.BotoCoreError, ResponseParserError, KeyError) as error:
        raise _from_botocore(what, error) from error


def code_of(error: exceptions.ClientError) -> str:
    """Returns the code of a refusal, empty where the answer has none.

    The classes under `client.exceptions` are no substitute: botocore makes them at the first look, and threads that look
    at the same moment get different ones, of which only one is raised later.
    """
    return str(error.response.get("Error", {}).get("Code", ""))


def _from_answer(what: str, error: exceptions.ClientError, known: Sequence[Translation]) -> AwsError:
    detail = error.response.get("Error", {})
    metadata = error.response.get("ResponseMetadata", {})
    code = code_of(error)
    status = metadata.get("HTTPStatusCode", 0)
    kind = _KINDS.get(code, AwsUnreachableError if status >= _SERVER_ERROR else AwsRefusedError)
    words = without_input(str(detail.get("Message", ""))) or "no reason given"
    cause, fix = translate(code, words, known) or ("", _HINTS.get(kind))
    return kind(
        f"{what}: {cause} ({code}: {words})" if cause else f"{what}: {code}: {words}",
        hint=fix,
        aws_code=code,
        request_id=str(metadata.get("RequestId", "")),
    )


def _from_botocore(what: str, error: Exception) -> CertkitError:
    """Returns the error for what botocore raised without an answer; not its own text, which may hold what was sent."""
    if isinstance(error, exceptions.ProfileNotFound):
        text = str(error)
        return UsageError(f"{text[:1].lower()}{text[1:]}", hint="aws configure list-profiles shows them")
    name = type(error).__name__
    for types, kind, text, hint in _CAUSES:
        if isinstance(error, types):
            return kind(f"{what}: {text} ({name})", hint=hint)
    return AwsRefusedError(f"{what}: {name}")
