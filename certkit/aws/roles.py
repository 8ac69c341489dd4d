"""A role as credentials: assumed when they are first needed, and again before they expire."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import boto3
import botocore.session
from botocore import exceptions
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials

from certkit.aws.failures import explained
from certkit.errors import UsageError

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient

_SESSION_NAME: Final = "certkit"
"""How CloudTrail names what is done as the role."""


def session_as(
    role_arn: str, external_id: str | None, profile: str | None, region: str | None, sts: "Callable[[], STSClient]"
) -> boto3.Session:
    """Returns a session with the credentials of a role; nothing is asked of AWS before it is used.

    Args:
        profile: whose settings hold, other than its credentials.
        sts: makes the client that assumes the role, with the caller's own credentials.
    """
    inner = botocore.session.Session(profile=profile)
    provider = _Role(lambda: _assume(sts(), role_arn, external_id))
    inner.register_component("credential_provider", CredentialResolver([provider]))
    return boto3.Session(botocore_session=inner, region_name=region)


class _Role(CredentialProvider):
    """What botocore asks for credentials."""

    METHOD = "certkit-role"

    def __init__(self, assume: Callable[[], Mapping[str, str]]) -> None:
        super().__init__()
        self._assume = assume

    def load(self) -> Any:  # noqa: ANN401 -- botocore's own type says less than it is
        """Returns the credentials, not yet fetched."""
        return DeferredRefreshableCredentials(self._assume, self.METHOD)


def _assume(client: "STSClient", role_arn: str, external_id: str | None) -> Mapping[str, str]:
    """Returns credentials of the role in the form in which botocore refreshes them, good for an hour.

    Raises:
        AwsError: STS refuses.
        UsageError: that is no role.
    """
    more = {"ExternalId": external_id} if external_id else {}
    with explained(f"assuming the role {role_arn}"):
        try:
            answer = client.assume_role(RoleArn=role_arn, RoleSessionName=_SESSION_NAME, **more)  # type: ignore[arg-type]  # a string
        except exceptions.ParamValidationError as error:
            raise UsageError(f"--role-arn or --external-id: {error.kwargs['report']}") from error
        credentials = answer["Credentials"]
        return {
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretAccessKey"],
            "token": credentials["SessionToken"],
            "expiry_time": credentials["Expiration"].isoformat(),
        }
