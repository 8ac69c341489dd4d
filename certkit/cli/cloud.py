"""The wiring of AWS: credentials, identity and regions, from the options and the environment."""

from collections.abc import Sequence
from typing import Final

from certkit import redaction
from certkit.aws.pacing import Timing
from certkit.aws.roles import Role
from certkit.aws.sessions import Identity
from certkit.aws.sessions import Session as AwsSession
from certkit.cli.session import Session
from certkit.errors import AwsAuthError, UsageError
from certkit.region import is_region
from certkit.report import plain

ALL: Final = "all"
_OF_OTHERS: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""Where other AWS tools read the region from, the stronger one first."""


class Cloud:
    """AWS as the options of one command reach it. Nothing is asked of AWS before a method says so.

    Args:
        configured: the regions of the configuration, which count where no option names one.

    Raises:
        UsageError, ConfigurationError: there is no such profile, or the AWS configuration cannot be read.
    """

    def __init__(self, session: Session, configured: Sequence[str] = ()) -> None:
        self._session = session
        self._options = session.aws_options
        self._configured = tuple(configured)
        redaction.install(session.stderr if session.debug else None, plain)
        elsewhere = next(filter(None, map(session.environment.get, _OF_OTHERS)), None)
        timing = Timing(session.timer, session.sleep)
        self.aws = AwsSession(self._options.profile, self._role(), elsewhere, timing)

    def identity(self, region: str) -> Identity:
        """Asks AWS, in the partition of `region`, who the caller is.

        Raises:
            AwsError: AWS does not say, or the caller is in another account than `--expect-account` names.
        """
        return self.identity_as(self.aws, region)

    def identity_as(self, aws: AwsSession, region: str) -> Identity:
        """Asks AWS who the caller is in `aws`, as `identity` does."""
        return self.expected(aws.identity(region))

    def expected(self, identity: Identity) -> Identity:
        """Returns a caller whose account is one that `--expect-account` names.

        Raises:
            AwsAuthError: it is not.
        """
        expected = self._options.expect_account
        if expected and identity.account not in expected:
            raise AwsAuthError(
                f"the caller is in account {identity.account}, not in {' or '.join(expected)}: {identity.arn}",
                hint="choose other credentials with --profile or --role-arn",
            )
        return identity

    def assume(self, arn: str, external_id: str | None) -> AwsSession:
        """Returns the session of a role, which the caller assumes when it is first needed."""
        return self.aws.assume(Role(arn, external_id, self._session.run))

    def named_regions(self) -> tuple[str, ...]:
        """Returns the regions that `--region` names, each once.

        Raises:
            UsageError: one of them is no region's name.
        """
        for region in self._options.region:
            _check(region, "--region")
        return tuple(dict.fromkeys(self._options.region))

    def regions(self) -> tuple[str, ...]:
        """Returns the regions to work in: `--region`, else the configuration's, else CERTKIT_REGION, else us-east-1.

        Raises:
            UsageError: `all` is asked for, where one thing is to be written, or one of them is no region's name.
        """
        regions = self.named_regions() or self._configured or (self._default(),)
        if ALL in regions:
            raise UsageError("--region all is for reading", hint="name each region that it is to be imported into")
        return regions

    def regions_to_read(self) -> tuple[str, ...]:
        """Returns what `regions` does, every enabled region for `all`; asks AWS for those.

        Raises:
            AwsError: the enabled regions cannot be listed.
            UsageError: one of them is no region's name.
        """
        regions = self.named_regions() or self._configured or (self._default(),)
        others = [region for region in regions if region != ALL]
        if ALL not in regions:
            return regions
        return self.aws.enabled_regions(others[0] if others else self.aws.home_region)

    def _role(self) -> Role | None:
        arn = self._options.role_arn
        return Role(arn, self._options.external_id, self._session.run) if arn else None

    def _default(self) -> str:
        """Returns the region where none is named; one line says so where the AWS CLI would take another."""
        environment = self._session.environment
        region = environment.get("CERTKIT_REGION") or self.aws.home_region
        _check(region, "CERTKIT_REGION")
        for variable in _OF_OTHERS:
            other = environment.get(variable)
            if other and other != region:
                self._session.say(
                    f"certkit: {variable}={other} does not count here: the region is {region} unless --region says otherwise"
                )
                break
        return region


def _check(region: str, where: str) -> None:
    """Checks the form of a region's name, which becomes part of a host's.

    Raises:
        UsageError: no region is called that.
    """
    if region != ALL and not is_region(region):
        raise UsageError(f"{where}: {region!r} is no region", hint="name one such as us-east-1")
