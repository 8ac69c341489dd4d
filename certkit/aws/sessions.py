"""Who the caller is, and clients for each service: boto3's own credential chain, untouched."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

from certkit import __version__
from certkit.aws import partitions, resending, roles
from certkit.aws.failures import explained
from certkit.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_acm import ACMClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_resourcegroupstaggingapi import ResourceGroupsTaggingAPIClient
    from mypy_boto3_sts import STSClient

_ATTEMPTS: Final = 6
"""With jittered backoff up to 20 s: about half a minute of throttling is waited out."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller, as STS knows it."""

    account: str
    arn: str


class Session:
    """A caller's credentials, and the clients made with them. Nothing is asked of AWS before a client is used.

    Args:
        role_arn: a role to assume with the caller's credentials.
        region: says which partition the caller is in, where the profile and AWS_DEFAULT_REGION do not.

    Raises:
        UsageError: there is no such profile.
        ConfigurationError: the AWS configuration cannot be read.
    """

    def __init__(
        self,
        profile: str | None = None,
        role_arn: str | None = None,
        external_id: str | None = None,
        region: str | None = None,
    ) -> None:
        self._config = Config(
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            user_agent_extra=f"certkit/{__version__}",
            connect_timeout=10,
            read_timeout=30,
        )
        with explained("reading the AWS configuration"):
            own = boto3.Session(profile_name=profile, region_name=region)
            self._session = own
            self._partition = partitions.partition_of(own.region_name or "")
            if role_arn:
                self._partition = role_arn.split(":")[1] if role_arn.startswith("arn:") else self._partition
                self._session = roles.session_as(
                    role_arn, external_id, profile, own.region_name, lambda: self._client("sts", self.home_region, own)
                )

    @property
    def home_region(self) -> str:
        """The region that imports go to unless told: us-east-1, in other partitions the first of theirs."""
        return partitions.home_of(self._partition)

    def identity(self, region: str) -> Identity:
        """Asks STS, in the partition of `region`, who the caller is.

        Raises:
            AwsError: it does not say.
        """
        client: STSClient = self._client("sts", partitions.home_of(partitions.partition_of(region)))
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

    def enabled_regions(self, region: str) -> tuple[str, ...]:
        """Returns the regions of the partition of `region` that are enabled for the account, sorted.

        Raises:
            AwsError: EC2 does not say.
        """
        client: EC2Client = self._client("ec2", partitions.home_of(partitions.partition_of(region)))
        with explained("listing the enabled regions"):
            answer = client.describe_regions()
            return tuple(sorted(region["RegionName"] for region in answer["Regions"]))

    def _client(self, service: str, region: str, session: boto3.Session | None = None) -> Any:  # noqa: ANN401 -- boto3's edge: each caller names the type
        try:
            with explained(f"reaching {service} in {region}"):
                return (session or self._session).client(service, region_name=region, config=self._config)  # type: ignore[call-overload]
        except ValueError as error:  # what botocore raises for an endpoint that is no URL
            raise ConfigurationError(
                f"reaching {service} in {region}: {str(error)[:1].lower()}{str(error)[1:]}",
                hint="AWS_ENDPOINT_URL holds a URL, such as http://127.0.0.1:5000",
            ) from error
