"""Who the caller is, and clients for each service: boto3's own credential chain, untouched."""

import copy
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
import botocore.session
from botocore.config import Config

from certkit import __version__
from certkit.aws import partitions, resending, roles
from certkit.aws.failures import explained
from certkit.aws.pacing import Timing
from certkit.aws.roles import Role
from certkit.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_acm import ACMClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_organizations import OrganizationsClient
    from mypy_boto3_resourcegroupstaggingapi import ResourceGroupsTaggingAPIClient
    from mypy_boto3_s3 import S3Client
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
        role: a role to assume with the caller's credentials.
        region: says which partition the caller is in, where the profile and AWS_DEFAULT_REGION do not.
        timing: what keeping to the documented rates goes by.

    Raises:
        UsageError: there is no such profile.
        ConfigurationError: the AWS configuration cannot be read.
    """

    def __init__(
        self,
        profile: str | None = None,
        role: Role | None = None,
        region: str | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.timing = timing or Timing()
        self._config = Config(
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            user_agent_extra=f"certkit/{__version__}",
            connect_timeout=10,
            read_timeout=30,
        )
        self._profile = profile
        # Held while a client is made: botocore looks for credentials with the first one, and once for each thread that
        # makes one at that moment, so that a person would be asked for two codes. The sessions of roles share it.
        self._making = threading.Lock()
        # One for all roles of this caller, by region: each takes a third of a megabyte, and there may be hundreds.
        self._assuming: dict[str, STSClient] = {}
        with explained("reading the AWS configuration"):
            self._core = botocore.session.get_session()
            self._session = boto3.Session(botocore_session=self._core, profile_name=profile, region_name=region)
            self._partition = partitions.partition_of(self._session.region_name or "")
        if role:
            self._become(role)

    def assume(self, role: Role) -> "Session":
        """Returns the session of a role, which this one's caller assumes when it is first needed."""
        assumed = copy.copy(self)
        assumed._become(role)  # noqa: SLF001 -- of the same class
        return assumed

    @property
    def home_region(self) -> str:
        """The region that imports go to unless told: us-east-1, in other partitions the first of theirs."""
        return partitions.home_of(self._partition)

    @property
    def region(self) -> str:
        """The region that the AWS CLI would take: AWS_REGION's, AWS_DEFAULT_REGION's, the profile's; else the home region."""
        return self._session.region_name or self.home_region

    def identity(self, region: str) -> Identity:
        """Asks STS, in the partition of `region`, who the caller is.

        Raises:
            AwsError: it does not say.
        """
        client = self.sts(region)
        with explained("asking who the caller is"):
            answer = client.get_caller_identity()
            return Identity(answer["Account"], answer["Arn"])

    def acm(self, region: str) -> "ACMClient":
        """Returns a client that never sends an ImportCertificate twice when the first may have been applied."""
        client: ACMClient = self.client("acm", region)
        resending.guard(client)
        return client

    def tagging(self, region: str) -> "ResourceGroupsTaggingAPIClient":
        """Returns a client of the Resource Groups Tagging API."""
        client: ResourceGroupsTaggingAPIClient = self.client("resourcegroupstaggingapi", region)
        return client

    def dynamodb(self, region: str) -> "DynamoDBClient":
        """Returns a client of DynamoDB, for a ledger that is shared."""
        client: DynamoDBClient = self.client("dynamodb", region)
        return client

    def s3(self, region: str) -> "S3Client":
        """Returns a client of S3, which finds the region of a bucket by itself, within the partition."""
        client: S3Client = self.client("s3", region)
        return client

    def sts(self, region: str) -> "STSClient":
        """Returns a client of STS, in the partition of `region`."""
        client: STSClient = self.client("sts", partitions.home_of(partitions.partition_of(region)))
        return client

    def iam(self, region: str) -> "IAMClient":
        """Returns a client of IAM, in the partition of `region`."""
        client: IAMClient = self.client("iam", partitions.home_of(partitions.partition_of(region)))
        return client

    def organizations(self) -> "OrganizationsClient":
        """Returns a client of Organizations, in the partition of the caller."""
        client: OrganizationsClient = self.client("organizations", self.home_region)
        return client

    def client(self, service: str, region: str) -> Any:  # noqa: ANN401 -- boto3's edge: each caller names the type
        """Returns a client of a service.

        Raises:
            UsageError: that is no region.
            ConfigurationError: AWS_ENDPOINT_URL holds no URL.
        """
        try:
            with self._making, explained(f"reaching {service} in {region}"):
                return self._session.client(service, region_name=region, config=self._config)  # type: ignore[call-overload]
        except ValueError as error:  # what botocore raises for an endpoint that is no URL
            raise ConfigurationError(
                f"reaching {service} in {region}: {str(error)[:1].lower()}{str(error)[1:]}",
                hint="AWS_ENDPOINT_URL holds a URL, such as http://127.0.0.1:5000",
            ) from error

    def is_known(self, service: str, region: str) -> bool:
        """Tells whether botocore's own list, which may be older, has the service in the region; one for all has none."""
        with explained("reading the AWS configuration"):
            regions = self._session.get_available_regions(service, partitions.partition_of(region))
        return not regions or region in regions

    def enabled_regions(self, region: str) -> tuple[str, ...]:
        """Returns the regions of the partition of `region` that are enabled for the account, sorted.

        Raises:
            AwsError: EC2 does not say.
        """
        client: EC2Client = self.client("ec2", partitions.home_of(partitions.partition_of(region)))
        with explained("listing the enabled regions"):
            names = sorted(one["RegionName"] for one in client.describe_regions()["Regions"])
        return tuple(name for name in names if partitions.partition_of(name) == partitions.partition_of(region))

    def _become(self, role: Role) -> None:
        if role.arn.startswith("arn:"):
            self._partition = role.arn.split(":")[1]
        sts = self._assuming.get(self.home_region) or self.sts(self.home_region)
        self._assuming[self.home_region] = sts
        with explained("reading the AWS configuration"):
            inner = roles.session_as(role, self._profile, sts)
            # The service models are the same for all: to read them again takes longer than everything else.
            inner.register_component("data_loader", self._core.get_component("data_loader"))
            self._session = boto3.Session(botocore_session=inner, region_name=self._session.region_name)
        self._assuming = {}  # what assumed this role is not what this role assumes others with
