"""A role as credentials: assumed when they are first needed, and again before they expire."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import botocore.session
from botocore import exceptions
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials

from certkit.aws.failures import explained
from certkit.errors import UsageError

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient

_MAX_SESSION_NAME: Final = 64
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role to assume.

    Attributes:
        external_id: what it asks for, None where it asks for none.
        run: the ID of the run of certkit, which CloudTrail then names beside what was done.
    """

    arn: str
    external_id: str | None = None
    run: str = ""

    @property
    def session_name(self) -> str:
        """How CloudTrail names what is done as the role."""
        return f"certkit-{self.run}"[:_MAX_SESSION_NAME].rstrip("-")


def session_as(role: Role, profile: str | None, sts: "STSClient") -> botocore.session.Session:
    """Returns a session with the credentials of a role; nothing is asked of AWS before it is used.

    Args:
        profile: whose settings hold, other than its credentials.
        sts: assumes the role, with the caller's own credentials.
    """
    inner = botocore.session.Session(profile=profile)
    provider = _Provider(lambda: _assume(sts, role))
    inner.register_component("credential_provider", CredentialResolver([provider]))
    return inner


class _Provider(CredentialProvider):
    """What botocore asks for credentials."""

    METHOD = "certkit-role"

    def __init__(self, assume: Callable[[], Mapping[str, str]]) -> None:
        super().__init__()
        self._assume = assume

    def load(self) -> Any:  # noqa: ANN401 -- botocore's own type says less than it is
        """Returns the credentials, not yet fetched."""
        return DeferredRefreshableCredentials(self._assume, self.METHOD)


def _assume(client: "STSClient", role: Role) -> Mapping[str, str]:
    """Returns credentials of the role in the form in which botocore refreshes them, good for an hour.

    Raises:
        AwsError: STS refuses.
        UsageError: that is no role.
    """
    more = {"ExternalId": role.external_id} if role.external_id else {}
    with explained(f"assuming the role {role.arn}"):
        try:
            answer = client.assume_role(RoleArn=role.arn, RoleSessionName=role.session_name, **more)  # type: ignore[arg-type]  # a string
        except exceptions.ParamValidationError as error:
            raise UsageError(f"--role-arn or --external-id: {error.kwargs['report']}") from error
        credentials = answer["Credentials"]
        return {
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretAccessKey"],
            "token": credentials["SessionToken"],
            "expiry_time": credentials["Expiration"].isoformat(),
        }
