"""Who the caller is, and clients for each service: boto3's own credential chain, untouched."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

from certkit import __version__
from certkit.aws import resending
from certkit.aws.failures import explained

if TYPE_CHECKING:
    from mypy_boto3_acm import ACMClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_resourcegroupstaggingapi import ResourceGroupsTaggingAPIClient
    from mypy_boto3_sts import STSClient

_ATTEMPTS: Final = 6
"""With jittered backoff up to 20 s: about half a minute of throttling is waited out."""

_SESSION_NAME: Final = "certkit"

HOME_REGION: Final = "us-east-1"
"""Where CloudFront takes its certificates from."""

_HOMES: Final = {"cn-": "cn-north-1", "us-gov-": "us-gov-west-1", "eusc-": "eusc-de-east-1"}
"""The first region of each partition that has no us-east-1, by the prefix of its regions' names."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller, as STS knows it."""

    account: str
    arn: str


class Session:
    """A caller's credentials, and the clients made with them.

    Raises:
        UsageError: there is no such profile.
    """

    def __init__(self, profile: str | None = None, role_arn: str | None = None, external_id: str | None = None) -> None:
        with explained("reading the AWS configuration"):
            self._session = boto3.Session(profile_name=profile)
        self._config = Config(
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            user_agent_extra=f"certkit/{__version__}",
            connect_timeout=10,
            read_timeout=30,
        )
        if role_arn:
            self._session = self._assume(role_arn, external_id)

    @property
    def home_region(self) -> str:
        """The region that imports go to unless told: us-east-1, in other partitions the first of theirs."""
        configured = self._session.region_name or HOME_REGION
        return next((home for prefix, home in _HOMES.items() if configured.startswith(prefix)), HOME_REGION)

    def identity(self) -> Identity:
        """Asks STS who the caller is.

        Raises:
            AwsError: it does not say.
        """
        client: STSClient = self._client("sts", self._session.region_name or HOME_REGION)
        with explained("asking who the caller is"):
            answer = client.get_caller_identity()
        return Identity(answer["Account"], answer["Arn"])

    def acm(self, region: str) -> "ACMClient":
        """Returns a client that never sends an ImportCertificate twice when the first may have been applied."""
        client: ACMClient = self._client("acm", region)
        resending.guard(client)
        return client

    def tagging(self, region: str) -> "ResourceGroupsTaggingAPIClient":
        """Returns a client of the Resource Groups Tagging API."""
        client: ResourceGroupsTaggingAPIClient = self._client("resourcegroupstaggingapi", region)
        return client

    def enabled_regions(self) -> tuple[str, ...]:
        """Returns the regions that are enabled for the account, sorted.

        Raises:
            AwsError: EC2 does not say.
        """
        client: EC2Client = self._client("ec2", self.home_region)
        with explained("listing the enabled regions"):
            answer = client.describe_regions()
        return tuple(sorted(region["RegionName"] for region in answer["Regions"]))

    def _client(self, service: str, region: str) -> Any:  # noqa: ANN401 -- boto3's edge: each caller names the type
        with explained(f"reaching {service} in {region}"):
            return self._session.client(service, region_name=region, config=self._config)  # type: ignore[call-overload]

    def _assume(self, role_arn: str, external_id: str | None) -> "boto3.Session":
        """Returns a session with the credentials of a role, good for an hour."""
        arguments = {"RoleArn": role_arn, "RoleSessionName": _SESSION_NAME}
        if external_id:
            arguments["ExternalId"] = external_id
        client: STSClient = self._client("sts", self._session.region_name or HOME_REGION)
        with explained(f"assuming the role {role_arn}"):
            credentials = client.assume_role(**arguments)["Credentials"]  # type: ignore[arg-type]  # strings, all of them
        return boto3.Session(
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            region_name=self._session.region_name,
        )
