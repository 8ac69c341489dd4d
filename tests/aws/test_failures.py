"""What botocore raises, as certkit's errors."""

from __future__ import annotations

import pytest
from botocore import exceptions
from botocore.parsers import ResponseParserError

from certkit.aws.failures import explained
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


def explain(error: Exception) -> CertkitError:
    """The error that comes of what botocore raises."""
    with pytest.raises(CertkitError) as caught, explained("listing"):
        raise error
    return caught.value


def answer(code: str, message: str = "No.", status: int = 400) -> exceptions.ClientError:
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "r-1"},
    }
    return exceptions.ClientError(response, "ListCertificates")  # type: ignore[arg-type]  # less than AWS says


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDenied", AwsDeniedError),
        ("AccessDeniedException", AwsDeniedError),
        ("UnauthorizedOperation", AwsDeniedError),
        ("ExpiredToken", AwsAuthError),
        ("RequestExpired", AwsAuthError),
        ("InvalidClientTokenId", AwsAuthError),
        ("MissingAuthenticationToken", AwsAuthError),
        ("LimitExceededException", AwsQuotaError),
        ("ThrottlingException", AwsThrottledError),
        ("ThrottledException", AwsThrottledError),
        ("ValidationException", AwsRefusedError),
        ("", AwsRefusedError),
    ],
)
def test_an_answer_is_told_by_its_code(code: str, kind: type[AwsError]) -> None:
    error = explain(answer(code))

    assert type(error) is kind
    assert error.message == f"listing: {code}: No"
    assert isinstance(error, AwsError)
    assert (error.aws_code, error.request_id) == (code, "r-1")


def test_an_answer_without_a_reason_says_so() -> None:
    error = explain(exceptions.ClientError({}, "ListCertificates"))

    assert error.message == "listing: : no reason given"


def test_the_services_own_failure_may_have_been_done_all_the_same() -> None:
    error = explain(answer("InternalFailure", status=500))

    assert isinstance(error, AwsUnreachableError)
    assert error.hint is not None
    assert "certkit looks before it writes" in error.hint


@pytest.mark.parametrize(
    ("error", "kind", "hint"),
    [
        (exceptions.NoCredentialsError(), AwsAuthError, "--profile"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="x"), AwsAuthError, "--profile"),
        (exceptions.UnauthorizedSSOTokenError(), AwsAuthError, "aws sso login"),
        (exceptions.CredentialRetrievalError(provider="process", error_msg="secret"), AwsAuthError, "aws sso login"),
        (exceptions.ProfileNotFound(profile="nobody"), UsageError, "list-profiles"),
        (exceptions.InvalidRegionError(region_name="no where"), UsageError, "--region"),
        (exceptions.NoRegionError(), UsageError, "--region"),
        (exceptions.ConfigParseError(path="config", error="secret"), ConfigurationError, "aws configure"),
        (exceptions.EndpointConnectionError(endpoint_url="x", error="x"), AwsNotSentError, "nothing was sent"),
        (exceptions.ConnectTimeoutError(endpoint_url="x", error="x"), AwsNotSentError, "nothing was sent"),
        (exceptions.SSLError(endpoint_url="x", error=OSError()), AwsUnreachableError, "AWS_CA_BUNDLE"),
        (exceptions.ReadTimeoutError(endpoint_url="x", error="x"), AwsUnreachableError, "looks before it writes"),
        (exceptions.ConnectionClosedError(endpoint_url="x"), AwsUnreachableError, "looks before it writes"),
        (ResponseParserError("<html>"), AwsUnreachableError, "AWS_ENDPOINT_URL"),
        (KeyError("CertificateArn"), AwsUnreachableError, "AWS_ENDPOINT_URL"),
        (exceptions.ParamValidationError(report="PrivateKey, value: secret"), AwsRefusedError, ""),
    ],
)
def test_what_has_no_answer_is_told_by_its_kind(error: Exception, kind: type[CertkitError], hint: str) -> None:
    explained_error = explain(error)

    assert type(explained_error) is kind
    assert "secret" not in explained_error.message
    assert hint in (explained_error.hint or "")


def test_errors_of_certkit_pass_unchanged() -> None:
    own = UsageError("no")

    assert explain(own) is own


def test_bugs_pass_unchanged() -> None:
    with pytest.raises(TypeError), explained("listing"):
        raise TypeError
