"""What the user asked `status` for, and what can be told of it without a look at anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from certkit import expiry
from certkit.cli.options import StatusFormat
from certkit.cli.session import Session
from certkit.errors import UsageError
from certkit.expiry import Threshold
from certkit.incident import Wanted


@dataclass(frozen=True, slots=True)
class Where:
    """Where to look.

    Attributes:
        sources: files, folders and endpoints.
        profiles, accounts, role_name: as whom to look, and where: see `callers.Scope`.
        organization: whether all accounts of the organization are meant.
    """

    sources: tuple[str, ...]
    profiles: tuple[str, ...]
    accounts: tuple[str, ...]
    organization: bool
    role_name: str | None
    config: str | None


@dataclass(frozen=True, slots=True)
class Which:
    """Which certificates matter.

    Attributes:
        threshold: from when on one is expiring.
        counts: whether an expiring one makes the exit code 1.
        since: a time or a file to compare with.
        wanted: what is looked for, None for everything.
    """

    threshold: Threshold
    counts: bool
    since: str | None
    wanted: Wanted | None


@dataclass(frozen=True, slots=True)
class How:
    """What is told of them, and how.

    Attributes:
        out: where the result goes, None for standard output.
        finds, looks_closer: whether to say what is the matter with all of it, and to read certificates for that.
        notifies: whether whoever should know is told.
        uses: whether to ask what uses the certificates.
    """

    unfolds: bool
    out: Path | None
    output_format: StatusFormat
    finds: bool
    looks_closer: bool
    notifies: bool
    uses: bool

    @property
    def appraises(self) -> bool:
        """Whether what is the matter is shown; a page of HTML always has it."""
        return self.finds or self.output_format is StatusFormat.HTML


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked `status` for."""

    where: Where
    which: Which
    how: How


def threshold(within: str | None, expires_in: str | None, checkend: int | None) -> tuple[Threshold, bool]:
    """Returns from when on a certificate is expiring, and whether that makes the exit code 1.

    Raises:
        UsageError: it is said in two ways, or is no threshold.
    """
    given = [option for option in (within, expires_in, checkend) if option is not None]
    if len(given) > 1:
        raise UsageError(
            "--within, --expires-in and --checkend say the same thing in three ways", hint="give one of them"
        )
    if within is not None:
        return expiry.parse_threshold(within), True
    if expires_in is not None:
        return expiry.parse_expires_in(expires_in), True
    return (expiry.parse_checkend(checkend), True) if checkend is not None else (expiry.DEFAULT, False)


def check(session: Session, wish: Wish) -> None:
    """Checks that the options go together.

    Raises:
        UsageError: they do not.
    """
    output_format = wish.how.output_format
    if wish.which.since is not None and output_format in {StatusFormat.CSV, StatusFormat.PROMETHEUS}:
        raise UsageError(f"--since does not go with --format {output_format}", hint="text, json and html show changes")
    if not wish.how.uses:
        return
    if output_format not in {StatusFormat.TEXT, StatusFormat.JSON, StatusFormat.CSV}:
        raise UsageError(f"--usage does not go with --format {output_format}", hint="text, json and csv show usage")
    if not reaches_aws(session, wish):
        raise UsageError("--usage is about what is in ACM, and SOURCEs alone are asked for", hint="name --region too")


def reaches_aws(session: Session, wish: Wish) -> bool:
    """Tells whether AWS is to be asked: where no SOURCE stands in its place, or an option says where in AWS to look."""
    where, options = wish.where, session.aws_options
    scope = where.profiles or where.accounts or where.organization or where.config
    return not where.sources or bool(scope or options.region or options.role_arn or options.expect_account)


def question(session: Session, wish: Wish) -> Sequence[object]:
    """Returns what a run asks: two runs that ask the same can be compared."""
    where, options = wish.where, session.aws_options
    asked = (where.profiles, where.accounts, where.organization, where.role_name, options.region, options.role_arn)
    return (where.sources, asked, session.environment.get("AWS_PROFILE"), session.environment.get("CERTKIT_REGION"))
