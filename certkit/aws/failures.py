"""What botocore raises, as errors that say whose move it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botocore import exceptions

from certkit.errors import (
    AwsAuthError,
    AwsDeniedError,
    AwsError,
    AwsQuotaError,
    AwsRefusedError,
    AwsThrottledError,
    AwsUnreachableError,
    UsageError,
)

_KINDS: Final[dict[str, type[AwsError]]] = {
    "AccessDenied": AwsDeniedError,
    "AccessDeniedException": AwsDeniedError,
    "AuthFailure": AwsAuthError,
    "UnauthorizedOperation": AwsDeniedError,
    "OptInRequired": AwsDeniedError,
    "ExpiredToken": AwsAuthError,
    "ExpiredTokenException": AwsAuthError,
    "InvalidClientTokenId": AwsAuthError,
    "InvalidSignatureException": AwsAuthError,
    "SignatureDoesNotMatch": AwsAuthError,
    "UnrecognizedClientException": AwsAuthError,
    "LimitExceededException": AwsQuotaError,
    "RequestLimitExceeded": AwsThrottledError,
    "Throttling": AwsThrottledError,
    "ThrottlingException": AwsThrottledError,
    "TooManyRequestsException": AwsThrottledError,
}
_HINTS: Final[dict[type[AwsError], str]] = {
    AwsAuthError: "check the credentials: aws sts get-caller-identity; in a region that is opt-in, enable it first",
    AwsDeniedError: "the caller's policy must allow this action",
    AwsQuotaError: "ask AWS for a higher quota in Service Quotas, or delete certificates that nothing uses",
    AwsThrottledError: "run it again in a minute",
}
_SERVER_ERROR: Final = 500


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turns what botocore raises inside the block into certkit's errors; `what` says what was being done.

    Raises:
        AwsError: AWS refused, or did not answer.
        UsageError: the profile or the region is none.
    """
    try:
        yield
    except exceptions.ClientError as error:
        raise _from_answer(what, error) from error
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError, exceptions.TokenRetrievalError) as error:
        hint = "configure them as for the AWS CLI, or name a --profile"
        raise AwsAuthError(f"{what}: there are no usable AWS credentials", hint=hint) from error
    except (exceptions.SSOError, exceptions.CredentialRetrievalError, exceptions.LoginError) as error:
        raise AwsAuthError(
            f"{what}: the credentials have expired or cannot be had", hint="sign in again: aws sso login"
        ) from error
    except exceptions.ProfileNotFound as error:
        raise UsageError(str(error).lower(), hint="aws configure list-profiles shows them") from error
    except (exceptions.HTTPClientError, exceptions.ConnectionError) as error:
        raise AwsUnreachableError(
            f"{what}: no answer from AWS ({type(error).__name__})",
            hint="it may have been done all the same: run again, certkit looks before it writes",
        ) from error
    except (exceptions.InvalidRegionError, exceptions.NoRegionError) as error:
        raise UsageError(f"{what}: that is no region", hint="name one with --region, such as us-east-1") from error
    except exceptions.BotoCoreError as error:
        raise AwsRefusedError(f"{what}: {type(error).__name__}") from error


def _from_answer(what: str, error: exceptions.ClientError) -> AwsError:
    detail = error.response.get("Error", {})
    metadata = error.response.get("ResponseMetadata", {})
    code = str(detail.get("Code", ""))
    status = metadata.get("HTTPStatusCode", 0)
    kind = _KINDS.get(code, AwsUnreachableError if status >= _SERVER_ERROR else AwsRefusedError)
    message = str(detail.get("Message", "")).strip().rstrip(".") or "no reason given"
    return kind(
        f"{what}: {code}: {message}",
        hint=_HINTS.get(kind),
        aws_code=code,
        request_id=str(metadata.get("RequestId", "")),
    )
