"""The wiring of AWS: credentials, identity and regions, from the options and the environment."""

from certkit.aws.sessions import Identity
from certkit.aws.sessions import Session as AwsSession
from certkit.cli.session import Session
from certkit.errors import AwsAuthError, UsageError

ALL = "all"


class Cloud:
    """AWS as the options of one command reach it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._options = session.aws_options
        _keep_secrets_out_of_logs(session)
        self.aws = AwsSession(self._options.profile, self._options.role_arn, self._options.external_id)

    def identity(self) -> Identity:
        """Returns who the caller is.

        Raises:
            AwsError: AWS does not say, or the caller is in another account than `--expect-account` names.
        """
        identity = self.aws.identity()
        expected = self._options.expect_account
        if expected and identity.account != expected:
            raise AwsAuthError(
                f"the caller is in account {identity.account}, not in {expected}: {identity.arn}",
                hint="choose other credentials with --profile or --role-arn",
            )
        return identity

    def named_regions(self) -> tuple[str, ...]:
        """Returns the regions that `--region` names, each once."""
        return tuple(dict.fromkeys(self._options.region))

    def regions(self) -> tuple[str, ...]:
        """Returns the regions to work in: `--region`, else CERTKIT_REGION, else us-east-1.

        Raises:
            UsageError: `all` is asked for, where one thing is to be written.
        """
        named = self.named_regions()
        if ALL in named:
            raise UsageError("--region all is for reading", hint="name each region that it is to be imported into")
        return named or (self._default(),)

    def regions_to_read(self) -> tuple[str, ...]:
        """Returns what `regions` does, every enabled region for `all`.

        Raises:
            AwsError: the enabled regions cannot be listed.
        """
        return self.aws.enabled_regions() if ALL in self.named_regions() else self.regions()

    def _default(self) -> str:
        """Returns the region where none is named; one line says so where the AWS CLI would take another."""
        environment = self._session.environment
        region = environment.get("CERTKIT_REGION") or self.aws.home_region
        for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            other = environment.get(variable)
            if other and other != region:
                self._session.say(
                    f"certkit: {variable}={other} does not count here: the region is {region} unless --region says otherwise"
                )
                break
        return region


def _keep_secrets_out_of_logs(session: Session) -> None:
    from certkit import redaction

    redaction.install(session.stderr if session.debug else None)
